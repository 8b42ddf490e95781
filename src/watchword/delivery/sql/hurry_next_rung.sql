-- The rung after the one of each delivery given: what waits on it is due now. Another person's contact point, named as
-- a backup, is no such rung: it is told only when no hope is left (escalation.py).
UPDATE delivery_delivery AS d
SET due_at = now()
FROM (
    SELECT lost.notice_id, min(later.rung) AS rung
    FROM delivery_delivery AS lost
    JOIN delivery_delivery AS later ON later.notice_id = lost.notice_id AND later.rung > lost.rung
    JOIN registrants_contactpoint AS own ON own.id = later.contact_point_id AND NOT own.backup
    WHERE lost.id = ANY(%(deliveries)s::bigint[]) AND later.state NOT IN ('undeliverable', 'cancelled')
    GROUP BY lost.id
) AS next
WHERE d.notice_id = next.notice_id AND d.rung = next.rung AND d.state = 'queued' AND d.due_at > now()
