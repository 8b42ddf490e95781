-- The staged rows as stays, and the records whose lines are gone. Parameters: source.

INSERT INTO custody_person (source_id, key)
SELECT DISTINCT %(source)s::bigint, person_key FROM staged
ON CONFLICT (source_id, key) DO NOTHING;

INSERT INTO stay
SELECT staged.*, person.id
FROM staged JOIN custody_person person ON person.source_id = %(source)s AND person.key = staged.person_key;

INSERT INTO touched (record_id, person_id, booking, booked_at, active, digest)
SELECT record.id, record.person_id, record.booking, record.booked_at, record.status IN ('in_custody', 'furloughed'),
       CASE WHEN count(*) = 1 THEN (array_agg(line.digest))[1]
            ELSE md5(string_agg(line.digest::text, ' ' ORDER BY line.digest))::uuid END
FROM gone
JOIN custody_line line ON line.source_id = %(source)s AND line.fingerprint = gone.fingerprint
JOIN custody_record record ON record.id = line.record_id
GROUP BY record.id;
