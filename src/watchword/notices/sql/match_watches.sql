-- A watch is over when its person is listed by an event of this roster.
UPDATE registrants_registration registration
SET watching = false
FROM custody_event event
WHERE event.roster_id = %(roster)s
  AND event.kind = 'booked'
  AND registration.person_id = event.person_id
  AND registration.watching
