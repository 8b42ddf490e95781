-- Whether a worker that drains has something left to do: notices to plan, deliveries that are due on a channel that is
-- up, pushes to send once more, or hand-overs with an unknown end: those not asked about yet, and those whose request may
-- still be inside the provider (those asked about in vain are due again much later).
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
        SELECT FROM delivery_delivery AS d
        JOIN delivery_attempt AS a ON a.reference = d.reference
        WHERE d.state = 'outcome_unknown'
          AND d.due_at <= now() + interval '1 second' * CASE
              WHEN a.started_at > now() - %(under_way_seconds)s * interval '1 second' THEN %(under_way_seconds)s
              ELSE %(settle_seconds)s
          END
    )
    OR (
        'push' = ANY(%(channels)s::text[])
        AND EXISTS (SELECT FROM delivery_replay WHERE due_at <= now())
    )
