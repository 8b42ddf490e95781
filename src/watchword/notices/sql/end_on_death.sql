-- A registration ends with the person's death, once that is a notice; what was recorded with the death is still told.
-- One that was paused then has no such notice: it ends after the summary that tells of the death.
UPDATE registrants_registration registration
SET state = 'ended',
    ended_why = 'died',
    watching = false,
    entitled = registration.entitled * tstzmultirange(tstzrange(NULL, event.recorded_at, '[]'))
FROM custody_event event
WHERE event.roster_id = %(roster)s
  AND event.kind = 'died'
  AND registration.person_id = event.person_id
  AND registration.state <> 'ended'
  AND EXISTS (
      SELECT FROM notices_notice notice
      WHERE notice.registration_id = registration.id AND notice.event_id = event.id
  )
  AND NOT EXISTS (  -- the stages of two rosters may run out of order
      SELECT FROM custody_event later
      WHERE later.person_id = event.person_id AND later.kind = 'corrected' AND later.id > event.id
  )
