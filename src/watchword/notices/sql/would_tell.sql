-- Whom it would reach if these changes were recorded now: of what an incident holds, or of events that are taken back.
-- Parameters: incident, events (one of them null).
SELECT change.kind, count(*) AS notices, array_agg(DISTINCT registration.registrant_id) AS registrants
FROM (
    SELECT kind, person_id, NULL::bigint AS wrong_id FROM custody_heldchange WHERE incident_id = %(incident)s
    UNION ALL
    SELECT 'corrected', person_id, id FROM custody_event WHERE id = ANY(%(events)s::bigint[])
) AS change
JOIN registrants_registration registration ON registration.person_id = change.person_id
WHERE change.kind <> 'updated'
  AND (registration.entitled @> clock_timestamp()
       OR registration.state = 'ended' AND EXISTS (  -- who was told wrongly is told so (write_corrections.sql)
           SELECT FROM notices_notice told
           WHERE told.registration_id = registration.id AND told.event_id = change.wrong_id AND told.state <> 'withdrawn'))
GROUP BY change.kind
ORDER BY change.kind
