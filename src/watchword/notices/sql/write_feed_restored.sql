-- Whoever was told that we could not see the source's list is told that we can, and where the person stands. Where a
-- change of that person waits for somebody to look at it, we do not know that yet: they are told after the decision.
-- Parameters: source, told_at, over_at, urgency.
INSERT INTO notices_notice (registration_id, kind, occasion, urgency, state, planned)
SELECT registration.id, 'feed_restored', %(over_at)s, %(urgency)s, 'open', false
FROM custody_person person
JOIN registrants_registration registration ON registration.person_id = person.id
JOIN notices_notice told
    ON told.registration_id = registration.id AND told.kind = 'feed_silent' AND told.occasion = %(told_at)s
   AND told.event_id IS NULL
WHERE person.source_id = %(source)s
  AND registration.entitled @> clock_timestamp()
  AND NOT EXISTS (
      SELECT FROM custody_heldchange held
      JOIN worklist_incident incident ON incident.id = held.incident_id AND incident.state = 'open'
      WHERE held.person_id = person.id
  )
ORDER BY registration.id
ON CONFLICT DO NOTHING
