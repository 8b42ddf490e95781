-- That we cannot see the list is not true any more: whoever has not got that message yet gets the newer one alone.
-- Parameters: source, told_at, over_at.
UPDATE notices_notice told
SET state = 'withdrawn'
FROM custody_person person
JOIN registrants_registration registration ON registration.person_id = person.id
JOIN notices_notice restored
    ON restored.registration_id = registration.id AND restored.kind = 'feed_restored' AND restored.occasion = %(over_at)s
   AND restored.event_id IS NULL
WHERE person.source_id = %(source)s
  AND told.registration_id = registration.id AND told.kind = 'feed_silent' AND told.occasion = %(told_at)s
  AND told.event_id IS NULL AND told.state = 'open'
