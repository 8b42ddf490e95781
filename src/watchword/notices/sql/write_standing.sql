-- A notice without an event, once per occasion, for a registration that is active. One that still watches for
-- somebody not yet listed has no state to be told.
INSERT INTO notices_notice (registration_id, kind, occasion, state, planned)
SELECT registration.id, %(kind)s, %(occasion)s, 'open', false
FROM registrants_registration registration
WHERE registration.id = %(registration)s
  AND registration.state = 'active'
  AND NOT (registration.watching AND %(kind)s = 'current_status')
ON CONFLICT DO NOTHING
