-- One notice for every registration for somebody of this source: we cannot see its list. The occasion is the silence's,
-- so that one who is registered while it lasts is told as well, and everybody once. Parameters: source, occasion, urgency.
INSERT INTO notices_notice (registration_id, kind, occasion, urgency, state, planned)
SELECT registration.id, 'feed_silent', %(occasion)s, %(urgency)s, 'open', false
FROM custody_person person
JOIN registrants_registration registration ON registration.person_id = person.id
WHERE person.source_id = %(source)s
  AND registration.entitled @> clock_timestamp()
ORDER BY registration.id
ON CONFLICT DO NOTHING
