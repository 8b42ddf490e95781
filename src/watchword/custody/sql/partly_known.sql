-- Does a staged stay stand on a line that is known too? Then its record takes several lines, and all must be read.
SELECT EXISTS (
    SELECT FROM stay JOIN standing ON standing.person_id = stay.person_id AND standing.listed
         AND standing.booking = stay.booking
         AND (stay.booking <> '' OR standing.booked_at IS NOT DISTINCT FROM stay.booked_at)
    WHERE NOT EXISTS (SELECT FROM touched WHERE touched.record_id = standing.id)
)
