-- One notice for each registration that was entitled at the moment an event of the roster was recorded.
INSERT INTO notices_notice (registration_id, event_id, kind, state, planned)
SELECT registration.id, event.id, event.kind, 'open', false
FROM custody_event event
JOIN registrants_registration registration ON registration.person_id = event.person_id
WHERE event.roster_id = %(roster)s
  AND event.kind <> 'updated'
  AND registration.entitled @> event.recorded_at
ORDER BY event.id
ON CONFLICT DO NOTHING
