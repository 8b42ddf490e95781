INSERT INTO notices_wording (event_id, notice_id, language, channel, version, subject, body)
SELECT *
FROM unnest(
    %(events)s::bigint[],
    %(notices)s::bigint[],
    %(languages)s::text[],
    %(channels)s::text[],
    %(versions)s::text[],
    %(subjects)s::text[],
    %(bodies)s::text[]
)
ON CONFLICT DO NOTHING
