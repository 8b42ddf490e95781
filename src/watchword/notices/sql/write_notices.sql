-- One notice for each registration that was entitled at the moment an event of the roster was recorded. A correction
-- presses as what it takes back; a release date less than 24 hours ahead, in the source's own time, as a release.
INSERT INTO notices_notice (registration_id, event_id, kind, urgency, state, planned)
SELECT registration.id, event.id, event.kind, coalesce(rule.urgency, 'immediate'), 'open', false
FROM custody_event event
LEFT JOIN unnest(%(kinds)s::text[], %(urgencies)s::text[]) AS rule (kind, urgency)
    ON rule.kind = CASE
        WHEN event.kind = 'corrected' THEN event.before ->> 'status'
        WHEN event.kind = 'release_date_changed'
             AND (event.after ->> 'expected_release_on')::date
                 <= (event.recorded_at AT TIME ZONE %(zone)s + interval '24 hours')::date
        THEN 'released'
        ELSE event.kind
    END
JOIN registrants_registration registration ON registration.person_id = event.person_id
WHERE event.roster_id = %(roster)s
  AND event.kind <> 'updated'
  AND registration.entitled @> event.recorded_at
ORDER BY event.id
ON CONFLICT DO NOTHING
