-- This registration, if the person has died: its notice of where the person stands tells of it, and is the last.
UPDATE registrants_registration registration
SET state = 'ended',
    ended_why = 'died',
    watching = false,
    entitled = registration.entitled * tstzmultirange(tstzrange(NULL, clock_timestamp()))
WHERE registration.id = %(registration)s
  AND registration.state = 'active'
  AND EXISTS (
      SELECT FROM custody_record record
      WHERE record.person_id = registration.person_id AND record.status = 'died'
  )
  AND NOT EXISTS (
      SELECT FROM custody_record record
      WHERE record.person_id = registration.person_id AND record.status IN ('in_custody', 'furloughed')
  )
