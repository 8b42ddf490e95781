-- Which booking does a pushed row mean that names none? The one that is open, or else the newest. Gives the digests of
-- rows whose person has several open ones: they are taken out.

WITH unnamed AS (
    SELECT stay.id, stay.digest, stay.person_id
    FROM stay JOIN unsaid USING (digest)
    WHERE stay.booking = '' AND 'booked_at' = ANY(unsaid.fields)
), meant AS (
    SELECT unnamed.id, unnamed.digest, count(*) FILTER (WHERE status IN ('in_custody', 'furloughed')) AS several,
           (array_agg(standing.id ORDER BY status IN ('in_custody', 'furloughed') DESC, booked_at DESC NULLS LAST,
                                           standing.id DESC))[1] AS record_id
    FROM unnamed JOIN standing USING (person_id)
    GROUP BY unnamed.id, unnamed.digest
), named AS (
    UPDATE stay SET booking = standing.booking, booked_at = standing.booked_at
    FROM meant JOIN standing ON standing.id = meant.record_id
    WHERE stay.id = meant.id AND meant.several < 2
), taken_out AS (
    DELETE FROM stay USING meant WHERE stay.id = meant.id AND meant.several > 1
)
SELECT digest FROM meant WHERE several > 1
