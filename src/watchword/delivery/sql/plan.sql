-- One delivery for every usable contact point of every notice given. The first rung that can be used is due now, the
-- next ones later. The LEFT JOIN is on purpose: a notice without its wording must fail loudly, not lose a delivery.
INSERT INTO delivery_delivery (notice_id, contact_point_id, wording_id, channel, rung, urgent, state, due_at, attempts, repeat)
SELECT
    n.id, c.id, w.id, c.channel, c.rung, n.kind <> ALL(%(routine)s::text[]), 'queued',
    now() + (dense_rank() OVER (PARTITION BY n.id ORDER BY c.rung) - 1) * %(rung_minutes)s * interval '1 minute',
    0, false
FROM notices_notice AS n
JOIN registrants_registration AS r ON r.id = n.registration_id
JOIN registrants_registrant AS g ON g.id = r.registrant_id
JOIN registrants_contactpoint AS c ON c.registrant_id = g.id AND c.verified_at IS NOT NULL AND c.stopped_at IS NULL
LEFT JOIN LATERAL (
    SELECT id
    FROM notices_wording
    WHERE event_id = n.event_id AND notice_id IS NULL AND language = g.language AND channel = c.channel
    UNION ALL
    SELECT id
    FROM notices_wording
    WHERE event_id IS NULL AND notice_id = n.id AND language = g.language AND channel = c.channel
    ORDER BY id DESC
    LIMIT 1
) AS w ON true
WHERE n.id = ANY(%(notices)s::bigint[])
ON CONFLICT (notice_id, contact_point_id) DO NOTHING
