-- Event (or notice without one), language and channel of every contact point these notices may go to, where no words
-- are written yet. A text and a push lead to the page, which shows the email's words; a letter says what an email says.
WITH wanted AS (
    SELECT DISTINCT
        notice.event_id,
        CASE WHEN notice.event_id IS NULL THEN notice.id END AS notice_id,
        registrant.language,
        needed.channel
    FROM notices_notice notice
    JOIN registrants_registration registration ON registration.id = notice.registration_id
    JOIN registrants_registrant registrant ON registrant.id = registration.registrant_id
    JOIN registrants_contactpoint point ON point.registrant_id = registrant.id
    CROSS JOIN LATERAL unnest(
        CASE point.channel
            WHEN 'text' THEN ARRAY['text', 'email']
            WHEN 'letter' THEN ARRAY['email']
            WHEN 'push' THEN ARRAY['push', 'email']
            ELSE ARRAY[point.channel]
        END
    ) AS needed (channel)
    WHERE notice.id = ANY(%(notices)s)
      AND point.verified_at IS NOT NULL
      AND point.stopped_at IS NULL
      -- Looked up for each: NOT EXISTS might read all the mutes that there are.
      AND (
        SELECT true FROM registrants_mute AS mute
        WHERE mute.registration_id = registration.id AND mute.contact_point_id = point.id
      ) IS NULL
)
SELECT event_id AS event, notice_id AS notice, language, channel
FROM wanted
-- Looked up for each: NOT EXISTS might read and sort all the words that there are.
WHERE (
    SELECT true FROM notices_wording AS written
    WHERE written.event_id = wanted.event_id AND written.language = wanted.language AND written.channel = wanted.channel
    LIMIT 1
) IS NULL
  AND (
    SELECT true FROM notices_wording AS written
    WHERE written.notice_id = wanted.notice_id AND written.language = wanted.language AND written.channel = wanted.channel
    LIMIT 1
) IS NULL
