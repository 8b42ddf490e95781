-- Does a staged booking stand on a line that is known too? Then its record takes several lines, and all must be read.
SELECT EXISTS (
    SELECT FROM stay
    JOIN custody_record record ON record.person_id = stay.person_id AND record.listed
         AND record.booking = stay.booking
         AND (stay.booking <> '' OR record.booked_at IS NOT DISTINCT FROM stay.booked_at)
    WHERE record.source_id = %s
      AND NOT EXISTS (SELECT FROM gone JOIN custody_line line USING (fingerprint)
                      WHERE line.source_id = record.source_id AND line.record_id = record.id)
)
