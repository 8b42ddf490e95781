-- Count one request of a key, if it is good and has one left. Each takes its part of a minute, and a key may be a minute
-- ahead: so many at once as it has in a minute, and from then on one after the other. One statement, so that requests
-- made at the same moment count one another.
UPDATE api_partnerkey
SET free_at = greatest(free_at, %(now)s) + interval '1 minute' / a_minute
WHERE digest = %(digest)s
  AND (ends_at IS NULL OR ends_at > %(now)s)
  AND greatest(free_at, %(now)s) + interval '1 minute' / a_minute <= %(now)s + interval '1 minute'
RETURNING id
