-- How many calls are under way at a provider: being placed, or placed and not heard of as over. One of which nothing
-- was heard for so long is over.
SELECT count(*)
FROM delivery_delivery AS d
JOIN delivery_attempt AS a ON a.reference = d.reference
WHERE d.channel = 'voice'
  AND d.state IN ('claimed', 'handed_over')
  AND a.provider = %(provider)b::text
  AND a.started_at > now() - %(longest_seconds)b::int * interval '1 second'
