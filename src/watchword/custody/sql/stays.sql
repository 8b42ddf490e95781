-- The staged rows as stays, each with the record of the same booking, and the records whose lines are gone.
-- Parameters: source.

INSERT INTO custody_person (source_id, key)
SELECT DISTINCT %(source)s::bigint, person_key FROM staged
WHERE NOT EXISTS (SELECT FROM custody_person person WHERE person.source_id = %(source)s AND person.key = staged.person_key)
ON CONFLICT (source_id, key) DO NOTHING;

INSERT INTO touched (record_id, person_id, booking, booked_at, active, digest)
SELECT record.id, record.person_id, record.booking, record.booked_at, record.status IN ('in_custody', 'furloughed'),
       CASE WHEN line.lines = 1 THEN line.digests[1]
            ELSE md5(array_to_string(line.digests, ' '))::uuid END
FROM (SELECT record_id, count(*) AS lines, array_agg(digest ORDER BY digest) AS digests FROM gone GROUP BY record_id) line
JOIN custody_record record ON record.id = line.record_id;

INSERT INTO stay
SELECT staged.*, person.id
FROM staged JOIN custody_person person ON person.source_id = %(source)s AND person.key = staged.person_key;
