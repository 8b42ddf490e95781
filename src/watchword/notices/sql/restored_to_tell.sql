-- Is anybody left who was told of this silence and not of its end? Parameters: source, told_at, over_at.
SELECT registration.id
FROM custody_person person
JOIN registrants_registration registration ON registration.person_id = person.id
JOIN notices_notice told
    ON told.registration_id = registration.id AND told.kind = 'feed_silent' AND told.occasion = %(told_at)s
   AND told.event_id IS NULL
WHERE person.source_id = %(source)s
  AND registration.entitled @> clock_timestamp()
  AND NOT EXISTS (
      SELECT FROM notices_notice restored
      WHERE restored.registration_id = registration.id AND restored.kind = 'feed_restored'
        AND restored.occasion = %(over_at)s AND restored.event_id IS NULL
  )
LIMIT 1
