-- Does a staged stay stand on a line that is known too? Then its record takes several lines, and all must be read.
SELECT EXISTS (
    SELECT FROM stay
    JOIN custody_record record ON record.person_id = stay.person_id AND record.listed
         AND record.booking = stay.booking
         AND (stay.booking <> '' OR record.booked_at IS NOT DISTINCT FROM stay.booked_at)
    WHERE NOT EXISTS (SELECT FROM touched WHERE touched.record_id = record.id)
)
