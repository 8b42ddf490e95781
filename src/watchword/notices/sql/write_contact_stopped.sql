-- One of a registrant's contact points was stopped: one notice of it, on an active registration of theirs, or else on
-- one whose quiet they asked for (this is about their own safety, not about anybody in custody). The occasion is the
-- moment of the stop. Where no other contact point can be used, there is nobody to tell.
INSERT INTO notices_notice (registration_id, kind, occasion, urgency, state, planned)
SELECT registration.id, 'contact_stopped', stopped.stopped_at, %(urgency)s, 'open', false
FROM registrants_contactpoint stopped
CROSS JOIN LATERAL (
    SELECT id
    FROM registrants_registration
    WHERE registrant_id = stopped.registrant_id AND state IN ('active', 'paused')
    ORDER BY state, id
    LIMIT 1
) registration
WHERE stopped.id = %(contact_point)s
  AND stopped.stopped_at IS NOT NULL
  AND EXISTS (
      SELECT FROM registrants_contactpoint other
      WHERE other.registrant_id = stopped.registrant_id AND other.verified_at IS NOT NULL AND other.stopped_at IS NULL
  )
ON CONFLICT DO NOTHING
