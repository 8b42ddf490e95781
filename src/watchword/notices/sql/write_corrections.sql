-- Whoever was told of what is taken back now is told so even if they have ended their registration since: what we made
-- them believe is ours to put right. But not by a contact point that was stopped, or muted for it, and not about a person who is protected
-- by now. Parameters: roster.
WITH taken_back AS MATERIALIZED (  -- each correction, and what it says was wrong
    SELECT event.id, event.person_id, wrong.id AS wrong_id
    FROM custody_event event
    JOIN custody_event wrong
        ON wrong.person_id = event.person_id AND wrong.record_id = event.record_id AND wrong.id < event.id
       AND wrong.kind <> 'updated'
    WHERE event.roster_id = %(roster)s AND event.kind = 'corrected'
      AND EXISTS (
          SELECT FROM jsonb_each(event.before) AS said
          WHERE wrong.after -> said.key = said.value AND said.value <> 'null'
            AND NOT EXISTS (  -- else something else was said in between, and told or taken back by itself
                SELECT FROM custody_event later
                WHERE later.person_id = event.person_id AND later.record_id = event.record_id
                  AND later.id > wrong.id AND later.id < event.id AND later.after ? said.key
            )
      )
      AND NOT EXISTS (SELECT FROM custody_protection WHERE custody_protection.person_id = event.person_id)
      AND NOT EXISTS (SELECT FROM custody_record WHERE custody_record.id = event.record_id AND protected)
)
INSERT INTO notices_notice (registration_id, event_id, kind, urgency, wakes, state, planned)
SELECT DISTINCT ON (registration.id, taken_back.id)
       registration.id, taken_back.id, 'corrected', told.urgency, told.wakes, 'open', false
FROM taken_back
JOIN registrants_registration registration
    ON registration.person_id = taken_back.person_id
   AND registration.state = 'ended' AND registration.ended_why = 'registrant'
JOIN notices_notice told
    ON told.registration_id = registration.id AND told.event_id = taken_back.wrong_id AND told.state <> 'withdrawn'
WHERE EXISTS (
    SELECT FROM registrants_contactpoint point
    WHERE point.registrant_id = registration.registrant_id AND point.verified_at IS NOT NULL
      AND point.stopped_at IS NULL AND NOT point.backup
      AND NOT EXISTS (
          SELECT FROM registrants_mute mute
          WHERE mute.registration_id = registration.id AND mute.contact_point_id = point.id
      )
)
ORDER BY registration.id, taken_back.id, told.id DESC
ON CONFLICT DO NOTHING
