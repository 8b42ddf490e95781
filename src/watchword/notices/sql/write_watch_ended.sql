-- The last notice of registrations whose watch just ended by its limit; the occasion is the moment it ended.
INSERT INTO notices_notice (registration_id, kind, occasion, urgency, state, planned)
SELECT id, 'watch_ended', upper(entitled), %(urgency)s, 'open', false
FROM registrants_registration
WHERE id = ANY(%(registrations)s::bigint[])
  AND NOT isempty(entitled)
ORDER BY id
ON CONFLICT DO NOTHING
