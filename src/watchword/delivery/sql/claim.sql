-- What is due on this channel, oldest first, with all that is needed to send it. Rows that another worker is claiming at
-- this moment are passed over. One short index range (delivery_waiting).
WITH due AS MATERIALIZED (  -- chosen once: as a join's inner side it could be chosen again for each row
    SELECT *
    FROM delivery_delivery
    WHERE channel = %(channel)b::text
      AND urgent = %(urgent)b::boolean
      AND state IN ('queued', 'retry_wait')
      AND due_at <= now()
    ORDER BY due_at
    LIMIT %(limit)b::bigint
    FOR UPDATE SKIP LOCKED
)
SELECT
    d.id, d.channel, d.urgent, d.attempts, d.repeat, g.language, c.address, c.allows_detail, c.disguise,
    n.state IN ('confirmed', 'withdrawn') OR c.stopped_at IS NOT NULL OR (
        SELECT true FROM registrants_mute AS m WHERE m.registration_id = n.registration_id AND m.contact_point_id = c.id
    ) IS TRUE AS needless,
    CASE WHEN c.allows_detail AND NOT c.backup THEN concat_ws('; ', w.subject, rest.subject) END,
    CASE WHEN c.allows_detail AND NOT c.backup THEN concat_ws(E'\n\n', w.body, rest.body) END,
    c.backup,
    -- Looked up for each row: EXISTS might read all silent times that there are.
    (SELECT true FROM registrants_silenttime AS s WHERE s.registrant_id = c.registrant_id LIMIT 1) IS TRUE
FROM due AS d
JOIN notices_notice AS n ON n.id = d.notice_id
JOIN notices_wording AS w ON w.id = d.wording_id
JOIN registrants_contactpoint AS c ON c.id = d.contact_point_id
JOIN registrants_registrant AS g ON g.id = c.registrant_id
CROSS JOIN LATERAL (  -- the words of what is told with it, in the events' order
    SELECT string_agg(words.subject, '; ' ORDER BY f.event_id) AS subject,
           string_agg(words.body, E'\n\n' ORDER BY f.event_id) AS body
    FROM notices_notice AS f
    CROSS JOIN LATERAL (
        SELECT subject, body
        FROM notices_wording
        WHERE event_id = f.event_id AND notice_id IS NULL AND language = w.language AND channel = w.channel
        ORDER BY id DESC
        LIMIT 1
    ) AS words
    WHERE f.told_with_id = n.id AND c.allows_detail AND NOT c.backup
) AS rest
ORDER BY d.due_at
