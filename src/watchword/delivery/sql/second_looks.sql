-- Attempts written off that are to be looked for once more; the next look comes after twice the time. After the last one
-- they are let go.
WITH due AS (
    SELECT attempt_id, looks
    FROM delivery_writtenoff
    WHERE due_at <= now()
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), over AS (
    DELETE FROM delivery_writtenoff AS w USING due WHERE w.attempt_id = due.attempt_id AND due.looks >= %(most_looks)s
)
UPDATE delivery_writtenoff AS w
SET looks = w.looks + 1, due_at = now() + %(first_look_seconds)s * power(2, w.looks) * interval '1 second'
FROM due, delivery_attempt AS a, delivery_delivery AS d, registrants_contactpoint AS c
WHERE w.attempt_id = due.attempt_id AND due.looks < %(most_looks)s
  AND a.reference = w.attempt_id AND d.id = a.delivery_id AND c.id = d.contact_point_id
RETURNING d.id, a.reference, d.channel, a.provider, c.address, a.started_at, now() - a.started_at
