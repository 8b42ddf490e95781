-- Moves deliveries along the transition table (states.py). Each id comes at most once. A column that is null as a whole
-- is null in every row. Whatever is claimed begins an attempt in the same breath.
WITH standing AS (  -- the rows as they are, locked in the order of their ids, each with what is wanted of it
    SELECT d.id, d.state, d.provider_id AS taken_as, w.*
    FROM unnest(
        %(delivery)b::bigint[], %(to)b::text[], %(attempt)b::uuid[], %(due_in)b::interval[], %(worker)b::int[],
        %(reference)b::uuid[], %(provider)b::text[], %(provider_id)b::text[], %(error)b::text[], %(repeat)b::boolean[]
    ) AS w (delivery, target, attempt, due_in, worker, reference, provider, provider_id, error, repeat)
    JOIN delivery_delivery AS d ON d.id = w.delivery
    ORDER BY d.id
    FOR UPDATE OF d
), moved AS (
    UPDATE delivery_delivery AS d
    SET state = w.target,
        due_at = now() + w.due_in,
        worker = w.worker,
        attempts = d.attempts + (w.target = 'claimed')::int,
        reference = coalesce(w.reference, d.reference),
        provider_id = CASE WHEN w.target = 'claimed' THEN NULL ELSE coalesce(w.provider_id, d.provider_id) END,
        last_error = coalesce(w.error, d.last_error),
        repeat = d.repeat OR coalesce(w.repeat, false),
        handed_over_at = CASE  -- what has the provider's id was handed over, even if it is the first that we hear of it
            WHEN w.target IN ('handed_over', 'delivered', 'confirmed') OR w.provider_id IS NOT NULL THEN coalesce(d.handed_over_at, clock_timestamp())
            ELSE d.handed_over_at
        END
    FROM standing AS w
    JOIN unnest(%(origins)b::text[], %(allowed)b::text[]) AS t (origin, target)
        ON t.origin = w.state AND t.target = w.target
    WHERE d.id = w.id
      AND (w.attempt IS NULL OR d.reference = w.attempt)
      -- What the provider took (it has its id) and then reported as not reached is tried again: whoever comes late with
      -- the news that it was taken, an earlier receipt or our own record of the hand-over, may not undo that.
      AND NOT (w.state = 'retry_wait' AND w.taken_as IS NOT NULL AND w.target = 'handed_over')
      -- Nor does our own record that it refused a message, which names none, undo its word that it has it.
      AND NOT (w.state = 'handed_over' AND w.taken_as IS NOT NULL AND w.target = 'retry_wait' AND w.provider_id IS NULL)
    RETURNING d.id, d.notice_id, w.state AS before, d.state AS after, d.reference, w.provider, d.attempts
), begun AS (
    INSERT INTO delivery_attempt (delivery_id, reference, number, provider)
    SELECT id, reference, attempts, provider FROM moved WHERE after = 'claimed'
)
SELECT id, notice_id, before, after FROM moved
