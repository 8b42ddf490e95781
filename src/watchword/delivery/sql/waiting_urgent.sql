-- Urgent deliveries that are due on this channel and have another rung behind them that still waits for its time.
SELECT d.id
FROM delivery_delivery AS d
WHERE d.channel = %(channel)s
  AND d.urgent
  AND d.state IN ('queued', 'retry_wait')
  AND EXISTS (
      SELECT FROM delivery_delivery AS later
      WHERE later.notice_id = d.notice_id AND later.rung > d.rung AND later.channel <> d.channel
        AND later.state = 'queued' AND later.due_at > now()
  )
LIMIT %(limit)s
