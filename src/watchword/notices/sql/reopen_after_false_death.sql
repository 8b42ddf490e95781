-- A death that was taken back: whoever it ended is told so, and goes on.
UPDATE registrants_registration registration
SET state = 'active',
    ended_why = '',
    entitled = registration.entitled + tstzmultirange(tstzrange(event.recorded_at, NULL))
FROM custody_event event
WHERE event.roster_id = %(roster)s
  AND event.kind = 'corrected'
  AND event.before ->> 'status' = 'died'
  AND registration.person_id = event.person_id
  AND registration.state = 'ended'
  AND registration.ended_why = 'died'
  AND NOT registration.entitled @> event.recorded_at  -- once: a later, true death stands
