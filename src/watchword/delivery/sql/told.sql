-- What was told by these registrations, newest first, in the words that it was told in: the page's where they are
-- written, else a call's. Only what was handed to somebody: a notice that waits may yet be withdrawn, and that must not
-- show. Parameters: registrations, without (kinds), before (a notice's id), most.
SELECT
    notice.id AS notice,
    notice.registration_id AS registration,
    notice.kind,
    told.told_at,
    notice.confirmed_at,
    wording.language,
    wording.subject,
    wording.body
FROM notices_notice notice
JOIN registrants_registration registration ON registration.id = notice.registration_id
JOIN registrants_registrant registrant ON registrant.id = registration.registrant_id
CROSS JOIN LATERAL (
    SELECT min(attempt.started_at) AS told_at
    FROM delivery_delivery delivery
    JOIN delivery_attempt attempt ON attempt.delivery_id = delivery.id
    WHERE delivery.notice_id = coalesce(notice.told_with_id, notice.id)
) told
JOIN LATERAL (
    SELECT language, subject, body
    FROM notices_wording
    WHERE (event_id = notice.event_id OR (notice.event_id IS NULL AND notice_id = notice.id))
      AND channel IN ('email', 'voice')
    ORDER BY language = registrant.language DESC, channel = 'email' DESC, id DESC
    LIMIT 1
) wording ON true
WHERE notice.registration_id = ANY(%(registrations)s)
  AND notice.id < %(before)s
  AND notice.kind <> ALL(%(without)s)
  AND told.told_at IS NOT NULL
ORDER BY notice.id DESC
LIMIT %(most)s
