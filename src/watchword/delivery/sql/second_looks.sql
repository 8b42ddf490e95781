-- Attempts written off that are to be looked for once more; nobody else looks for them for a while.
WITH due AS MATERIALIZED (  -- chosen once, as in unknown.sql
    SELECT attempt_id
    FROM delivery_writtenoff
    WHERE due_at <= now()
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE delivery_writtenoff AS w
SET due_at = now() + %(lease_seconds)s * interval '1 second'
FROM due, delivery_attempt AS a, delivery_delivery AS d, registrants_contactpoint AS c
WHERE w.attempt_id = due.attempt_id AND a.reference = w.attempt_id AND d.id = a.delivery_id AND c.id = d.contact_point_id
RETURNING d.id, a.reference, d.channel, a.provider, c.address, a.started_at, now() - a.started_at
