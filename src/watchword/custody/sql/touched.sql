-- The records whose lines are gone; they stand in `standing` already.
INSERT INTO touched (record_id, person_id, booking, booked_at, active, digest)
SELECT record.id, record.person_id, record.booking, record.booked_at, record.status IN ('in_custody', 'furloughed'),
       CASE WHEN line.lines = 1 THEN line.digests[1]
            ELSE md5(array_to_string(line.digests, ' '))::uuid END
FROM (SELECT record_id, count(*) AS lines, array_agg(digest ORDER BY digest) AS digests FROM gone GROUP BY record_id) line
JOIN standing record ON record.id = line.record_id;
