-- Which of these events are not what their records say now? Parameter: events.
SELECT event.id
FROM custody_event event JOIN custody_record record ON record.id = event.record_id
WHERE event.id = ANY(%(events)s)
  AND EXISTS (
      SELECT FROM jsonb_object_keys(event.after) AS field (name)
      WHERE (field.name = 'status' OR NOT event.after ? 'status')
        AND to_jsonb(record) -> field.name IS DISTINCT FROM event.after -> field.name
        -- a newer one that is taken back as well says so in its stead
        AND NOT EXISTS (
            SELECT FROM custody_event later
            WHERE later.id = ANY(%(events)s) AND later.record_id = event.record_id AND later.id > event.id
              AND later.after ? field.name
        )
  )
ORDER BY event.id
