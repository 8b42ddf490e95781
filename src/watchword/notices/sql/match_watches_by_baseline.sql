-- A watch is over when the first roster of the source lists its person; there is no event then, so the person's state is told.
WITH matched AS (
    UPDATE registrants_registration registration
    SET watching = false
    FROM feeds_roster roster
    JOIN custody_person person ON person.source_id = roster.source_id
    WHERE roster.id = %(roster)s
      AND registration.person_id = person.id
      AND registration.watching
      AND EXISTS (SELECT FROM custody_record record WHERE record.person_id = person.id)
    RETURNING registration.id, registration.state, roster.received_at
)
INSERT INTO notices_notice (registration_id, kind, occasion, urgency, state, planned)
SELECT id, 'current_status', received_at, %(urgency)s, 'open', false
FROM matched
WHERE state = 'active'
ON CONFLICT DO NOTHING
