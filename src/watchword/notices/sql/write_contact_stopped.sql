-- One of a registrant's contact points was stopped, or muted for the registration given: one notice of it, on that
-- registration; of a whole contact point, on an active registration of theirs, or else on one whose quiet they asked for
-- (this is about their own safety, not about anybody in custody). The occasion is the moment of the stop. Where no other
-- contact point can be used for it, there is nobody to tell.
INSERT INTO notices_notice (registration_id, kind, occasion, urgency, state, planned)
SELECT told.id, 'contact_stopped', coalesce(mute.since, stopped.stopped_at), %(urgency)s, 'open', false
FROM registrants_contactpoint stopped
LEFT JOIN registrants_mute mute
    ON mute.contact_point_id = stopped.id AND mute.registration_id = %(registration)s::bigint
CROSS JOIN LATERAL (
    SELECT id
    FROM registrants_registration registration
    WHERE registrant_id = stopped.registrant_id
      AND state IN ('active', 'paused')
      AND (mute.id IS NULL OR id = mute.registration_id)
      AND EXISTS (
          SELECT FROM registrants_contactpoint other
          WHERE other.registrant_id = stopped.registrant_id AND other.verified_at IS NOT NULL AND other.stopped_at IS NULL
            AND NOT EXISTS (
                SELECT FROM registrants_mute muted
                WHERE muted.registration_id = registration.id AND muted.contact_point_id = other.id
            )
      )
    ORDER BY state, id
    LIMIT 1
) told
WHERE stopped.id = %(contact_point)s
  AND coalesce(mute.since, stopped.stopped_at) IS NOT NULL
ON CONFLICT DO NOTHING
