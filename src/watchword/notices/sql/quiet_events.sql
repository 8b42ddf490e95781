-- For each summary: what was recorded between the end of the registration's time before and the moment it resumed.
SELECT notice.id AS notice, event.id AS event
FROM notices_notice notice
JOIN registrants_registration registration ON registration.id = notice.registration_id
CROSS JOIN LATERAL (
    SELECT max(upper(span)) AS quiet_from
    FROM unnest(registration.entitled) span
    WHERE upper(span) <= notice.occasion
) quiet
JOIN custody_event event
    ON event.person_id = registration.person_id
   AND event.recorded_at >= quiet.quiet_from
   AND event.recorded_at < notice.occasion
   AND event.kind <> 'updated'
WHERE notice.id = ANY(%(notices)s) AND notice.kind = 'summary'
ORDER BY notice.id, event.id
