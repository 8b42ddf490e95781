-- When each of these deliveries, not yet sent, is due. Ids come sorted.
WITH wanted AS (
    SELECT * FROM unnest(%(deliveries)b::bigint[], %(due)b::timestamptz[]) AS w (id, due_at)
)
UPDATE delivery_delivery AS d
SET due_at = wanted.due_at
FROM wanted
WHERE d.id = wanted.id AND d.state IN ('queued', 'retry_wait')
