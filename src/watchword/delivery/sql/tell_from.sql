-- The time to confirm counts from the first moment at which the registrant may be told.
UPDATE notices_notice AS n
SET tell_from = first.due_at
FROM (
    SELECT notice_id, min(due_at) AS due_at FROM delivery_delivery WHERE notice_id = ANY(%(notices)s::bigint[]) GROUP BY notice_id
) AS first
WHERE n.id = first.notice_id
