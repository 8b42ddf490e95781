-- What was tried for each notice given, for the person at the desk: ids, states and times only.
SELECT notice_id, json_agg(json_build_object(
    'delivery', id, 'channel', channel, 'rung', rung, 'state', state, 'attempts', attempts,
    'handed_over_at', handed_over_at, 'error', last_error
) ORDER BY rung, id)
FROM delivery_delivery
WHERE notice_id = ANY(%(notices)s::bigint[])
GROUP BY notice_id
