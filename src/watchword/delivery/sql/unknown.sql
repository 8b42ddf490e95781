-- Hand-overs with an unknown end that are to be asked about; nobody else asks about them for a while. What is due is chosen
-- apart, once: as a join's inner side it could be chosen again for each row, each time others, and be more than the limit.
WITH due AS MATERIALIZED (
    SELECT id
    FROM delivery_delivery
    WHERE state = 'outcome_unknown' AND due_at <= now()
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE delivery_delivery AS d
SET due_at = now() + %(lease_seconds)s * interval '1 second'
FROM due, delivery_attempt AS a, registrants_contactpoint AS c
WHERE d.id = due.id AND a.reference = d.reference AND c.id = d.contact_point_id
RETURNING d.id, d.reference, d.channel, a.provider, c.address, a.started_at, now() - a.started_at
