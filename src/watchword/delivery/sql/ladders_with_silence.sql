-- The deliveries of these notices whose registrants have silent times: few registrants have any.
SELECT d.notice_id, d.id, d.rung, d.urgent, n.wakes, d.contact_point_id, c.backup, c.registrant_id, g.time_zone,
       statement_timestamp() AS begins
FROM delivery_delivery AS d
JOIN notices_notice AS n ON n.id = d.notice_id
JOIN registrants_contactpoint AS c ON c.id = d.contact_point_id
JOIN registrants_registrant AS g ON g.id = c.registrant_id
WHERE d.notice_id = ANY(%(notices)s::bigint[])
  AND EXISTS (SELECT FROM registrants_silenttime AS s WHERE s.registrant_id = c.registrant_id)
ORDER BY d.notice_id, d.rung, d.id
