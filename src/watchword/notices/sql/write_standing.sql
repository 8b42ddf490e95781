-- A notice without an event, for a registration that is active, once per occasion: the state on first becoming active,
-- a summary on becoming active again. One that still watches for somebody not yet listed has no state to be told.
INSERT INTO notices_notice (registration_id, kind, occasion, urgency, state, planned)
SELECT registration.id, %(kind)s, %(occasion)s, %(urgency)s, 'open', false
FROM registrants_registration registration
WHERE registration.id = %(registration)s
  AND registration.state = 'active'
  AND CASE %(kind)s
        WHEN 'current_status' THEN lower(registration.entitled) = %(occasion)s AND NOT registration.watching
        ELSE EXISTS (
            SELECT FROM unnest(registration.entitled) span
            WHERE lower(span) = %(occasion)s AND lower(span) > lower(registration.entitled)
        )
      END
ON CONFLICT DO NOTHING
