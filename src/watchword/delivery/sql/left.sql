-- Whether a worker that drains has something left to do: notices to plan, deliveries that are due on a channel that is
-- up, pushes to send once more, or hand-overs with an unknown end that were not asked about yet (those asked about in vain are due again much
-- later).
SELECT EXISTS (SELECT FROM notices_notice WHERE NOT planned)
    OR EXISTS (
        SELECT FROM unnest(%(channels)s::text[]) AS c (channel), unnest(ARRAY[true, false]) AS u (urgent)
        JOIN LATERAL (
            SELECT FROM delivery_delivery AS d
            WHERE d.channel = c.channel AND d.urgent = u.urgent AND d.state IN ('queued', 'retry_wait') AND d.due_at <= now()
            LIMIT 1
        ) AS due ON true
    )
    OR EXISTS (
        SELECT FROM delivery_delivery
        WHERE state = 'outcome_unknown' AND due_at <= now() + %(settle_seconds)s * interval '1 second'
    )
    OR (
        'push' = ANY(%(channels)s::text[])
        AND EXISTS (SELECT FROM delivery_replay WHERE due_at <= now())
    )
