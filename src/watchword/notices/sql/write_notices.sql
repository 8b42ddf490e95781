-- One notice for each registration that was entitled at the moment an event of the roster was recorded. A correction
-- presses, and wakes, as what it takes back; a release date less than 24 hours ahead, in the source's own time, as a
-- release.
WITH event AS MATERIALIZED (  -- how it presses is worked out once an event, not once a registration
    SELECT id, person_id, kind, recorded_at,
           coalesce(%(urgencies)s::jsonb ->> presses_as, 'immediate') AS urgency,
           coalesce(presses_as = ANY(%(waking)s::text[]), false) AS wakes
    FROM custody_event
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN kind = 'corrected' THEN coalesce(before ->> 'status', 'transferred')  -- no status: nobody left
            WHEN kind = 'release_date_changed'
                 AND (after ->> 'expected_release_on')::date
                     <= (recorded_at AT TIME ZONE %(zone)s + interval '24 hours')::date
            THEN 'released'
            ELSE kind
        END AS presses_as
    ) AS pressing
    WHERE roster_id = %(roster)s AND kind <> 'updated'
)
INSERT INTO notices_notice (registration_id, event_id, kind, urgency, wakes, state, planned)
SELECT registration.id, event.id, event.kind, event.urgency, event.wakes, 'open', false
FROM event JOIN registrants_registration registration ON registration.person_id = event.person_id
WHERE registration.entitled @> event.recorded_at
ORDER BY event.id, registration.id
ON CONFLICT DO NOTHING
