-- What is due on these channels, oldest first, with all that is needed to send it. Rows that another worker is
-- claiming at this moment are passed over. One short index range per channel (delivery_waiting).
SELECT
    d.id, d.channel, d.attempts, d.repeat, g.language, c.address, c.allows_detail,
    n.state IN ('confirmed', 'withdrawn') OR c.stopped_at IS NOT NULL AS needless,
    CASE WHEN c.allows_detail THEN w.subject END,
    CASE WHEN c.allows_detail THEN w.body END
FROM unnest(%(channels)b::text[]) AS wanted (channel)
CROSS JOIN LATERAL (
    SELECT *
    FROM delivery_delivery
    WHERE channel = wanted.channel
      AND urgent = %(urgent)b::boolean
      AND state IN ('queued', 'retry_wait')
      AND due_at <= now()
    ORDER BY due_at
    LIMIT %(limit)b::bigint
    FOR UPDATE SKIP LOCKED
) AS d
JOIN notices_notice AS n ON n.id = d.notice_id
JOIN notices_wording AS w ON w.id = d.wording_id
JOIN registrants_contactpoint AS c ON c.id = d.contact_point_id
JOIN registrants_registrant AS g ON g.id = c.registrant_id
ORDER BY d.due_at
LIMIT %(limit)b::bigint
