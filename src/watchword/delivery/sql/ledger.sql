-- What was done to tell one notice, oldest first: each attempt and how it ended, each receipt that told us something
-- new of it, its coming to the desk, and its confirmation. `what` and `channel` together name a phrase (ledger.py).
WITH tried AS (
    SELECT a.reference, a.number, a.started_at, a.outcome, a.call_outcome, d.channel, c.address
    FROM delivery_delivery AS d
    JOIN registrants_contactpoint AS c ON c.id = d.contact_point_id
    JOIN delivery_attempt AS a ON a.delivery_id = d.id
    WHERE d.notice_id = %(notice)s
)
SELECT started_at AS at, 1 AS place, channel, address,
       CASE WHEN channel = 'voice' AND outcome = 'accepted' THEN coalesce(call_outcome, 'called')
            ELSE coalesce(outcome, 'unknown') END AS what
FROM tried
UNION ALL
SELECT r.received_at, 2, tried.channel, tried.address,
       CASE WHEN r.word = ANY(%(delivered)s::text[]) THEN 'delivered' ELSE 'not_delivered' END
FROM tried
JOIN delivery_receipt AS r ON r.reference = tried.reference
WHERE tried.channel <> 'voice' AND r.applied AND (r.word = ANY(%(delivered)s::text[]) OR r.word = ANY(%(lost)s::text[]))
UNION ALL
SELECT t.opened_at, 3, NULL, NULL, 'at_desk'
FROM worklist_task AS t
WHERE t.subject = 'notice:' || %(notice)s
UNION ALL
SELECT n.confirmed_at, 4, n.confirmed_by_channel, NULL, 'told'
FROM notices_notice AS n
WHERE n.id = %(notice)s AND n.confirmed_at IS NOT NULL
ORDER BY at, place
