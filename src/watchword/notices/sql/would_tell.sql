-- Whom it would reach if these changes were recorded now: of what an incident holds, or of events that are taken back.
-- Parameters: incident, events (one of them null).
SELECT change.kind, count(*) AS notices, array_agg(DISTINCT registration.registrant_id) AS registrants
FROM (
    SELECT kind, person_id FROM custody_heldchange WHERE incident_id = %(incident)s
    UNION ALL
    SELECT 'corrected', person_id FROM custody_event WHERE id = ANY(%(events)s::bigint[])
) AS change
JOIN registrants_registration registration ON registration.person_id = change.person_id
WHERE change.kind <> 'updated' AND registration.entitled @> clock_timestamp()
GROUP BY change.kind
ORDER BY change.kind
