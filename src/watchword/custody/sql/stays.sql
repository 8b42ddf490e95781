-- The records whose lines are gone, and the staged rows as stays. Parameters: source.

INSERT INTO touched (record_id, person_id, booking, booked_at, active, digest)
SELECT record.id, record.person_id, record.booking, record.booked_at, record.status IN ('in_custody', 'furloughed'),
       CASE WHEN line.lines = 1 THEN line.digests[1]
            ELSE md5(array_to_string(line.digests, ' '))::uuid END
FROM (SELECT record_id, count(*) AS lines, array_agg(digest ORDER BY digest) AS digests FROM gone GROUP BY record_id) line
JOIN custody_record record ON record.id = line.record_id;

INSERT INTO stay
SELECT staged.*, person.id
FROM staged LEFT JOIN custody_person person ON person.source_id = %(source)s AND person.key = staged.person_key;

WITH new AS (
    INSERT INTO custody_person (source_id, key)
    SELECT DISTINCT %(source)s::bigint, person_key FROM stay WHERE person_id IS NULL
    ON CONFLICT (source_id, key) DO UPDATE SET key = excluded.key  -- somebody began to watch for them at this moment
    RETURNING id, key
)
UPDATE stay SET person_id = new.id FROM new WHERE stay.person_id IS NULL AND stay.person_key = new.key;
