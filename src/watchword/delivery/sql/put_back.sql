-- The clock was put back by so much: what waits for a moment is due so much earlier by the clock, and thus when it was.
UPDATE delivery_delivery
SET due_at = due_at - %(by)s::interval
WHERE due_at IS NOT NULL AND state IN ('queued', 'retry_wait', 'outcome_unknown', 'handed_over', 'delivered')
