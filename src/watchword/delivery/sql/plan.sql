-- One delivery for every usable contact point of every notice given, each at its place in the notice's ladder. What is
-- immediate goes rung by rung, all ties of a rung at once; what is routine goes by one contact point at a time; another
-- person's, named as a backup, comes last. The LEFT JOIN is on purpose: a notice without its wording must fail loudly,
-- not lose a delivery.
WITH ladder AS (
    SELECT
        n.id AS notice_id, n.event_id, n.urgency, g.language, c.id AS contact_point_id, c.channel, c.backup,
        CASE c.channel WHEN 'letter' THEN 'email' ELSE c.channel END AS worded,  -- a letter says what an email says
        CASE n.urgency
            WHEN 'immediate' THEN dense_rank() OVER (PARTITION BY n.id ORDER BY c.backup, c.rung)
            ELSE row_number() OVER (PARTITION BY n.id ORDER BY c.backup, c.rung, c.id)
        END AS rung,
        CASE n.urgency WHEN 'immediate' THEN %(rung_minutes)s ELSE %(routine_rung_minutes)s END AS wait
    FROM notices_notice AS n
    JOIN registrants_registration AS r ON r.id = n.registration_id
    JOIN registrants_registrant AS g ON g.id = r.registrant_id
    JOIN registrants_contactpoint AS c ON c.registrant_id = g.id AND c.verified_at IS NOT NULL AND c.stopped_at IS NULL
    WHERE n.id = ANY(%(notices)s::bigint[])
      -- Looked up for each: NOT EXISTS might read all the mutes that there are.
      AND (SELECT true FROM registrants_mute AS m WHERE m.registration_id = r.id AND m.contact_point_id = c.id) IS NULL
)
INSERT INTO delivery_delivery (notice_id, contact_point_id, wording_id, channel, rung, urgent, state, due_at, attempts, repeat)
SELECT
    l.notice_id, l.contact_point_id, w.id, l.channel, l.rung, l.urgency = 'immediate', 'queued',
    now() + interval '1 minute' * CASE
        WHEN l.backup THEN (l.rung - 2) * l.wait + %(backup_minutes)s
        ELSE (l.rung - 1) * l.wait
    END,
    0, false
FROM ladder AS l
LEFT JOIN LATERAL (
    SELECT id
    FROM notices_wording
    WHERE event_id = l.event_id AND notice_id IS NULL AND language = l.language AND channel = l.worded
    UNION ALL
    SELECT id
    FROM notices_wording
    WHERE event_id IS NULL AND notice_id = l.notice_id AND language = l.language AND channel = l.worded
    ORDER BY id DESC
    LIMIT 1
) AS w ON true
ON CONFLICT (notice_id, contact_point_id) DO NOTHING
