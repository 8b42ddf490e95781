INSERT INTO notices_wording (event_id, notice_id, language, channel, version, subject, body)
SELECT *
FROM unnest(
    %(events)b::bigint[],
    %(notices)b::bigint[],
    %(languages)b::text[],
    %(channels)b::text[],
    %(versions)b::text[],
    %(subjects)b::text[],
    %(bodies)b::text[]
)
ON CONFLICT DO NOTHING
