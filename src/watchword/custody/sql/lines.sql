-- The lines follow the records: an old line stays while what its going says is not true yet, a new one comes when it is.
-- Parameters: source, absence_after.

INSERT INTO staying (record_id)
SELECT touched.record_id
FROM touched
WHERE touched.active AND %(absence_after)s::int IS NOT NULL
  AND NOT EXISTS (SELECT FROM stay WHERE stay.record_id = touched.record_id)
  AND NOT EXISTS (SELECT FROM change WHERE change.record_id = touched.record_id AND NOT change.held)
UNION
SELECT stay.record_id
FROM stay JOIN change ON change.stay_id = stay.id
WHERE change.held AND stay.record_id IS NOT NULL;

-- A record of which a part waits says what no row says. Its lines become those of no row, so that any row is compared.
WITH partly AS (
    UPDATE custody_line line
    SET fingerprint = md5(line.fingerprint::text || ' partly')::uuid, digest = md5(line.digest::text || ' partly')::uuid
    FROM gone, staying
    WHERE line.source_id = %(source)s AND line.fingerprint = gone.fingerprint AND gone.record_id = staying.record_id
      AND EXISTS (SELECT FROM change WHERE change.record_id = staying.record_id AND NOT change.held)
    RETURNING line.fingerprint, line.digest, line.record_id
)
INSERT INTO gone SELECT * FROM partly;

DELETE FROM custody_line line USING gone
WHERE line.source_id = %(source)s AND line.fingerprint = gone.fingerprint
  AND NOT EXISTS (SELECT FROM staying WHERE staying.record_id = gone.record_id);

INSERT INTO custody_line (source_id, fingerprint, digest, record_id)
SELECT %(source)s, staged.fingerprint, staged.digest, coalesce(stay.new_record_id, stay.record_id)
FROM staged
JOIN stay ON stay.person_key = staged.person_key AND stay.booking = staged.booking
           AND (stay.booking <> '' OR coalesce(stay.booked_at, '-infinity') = coalesce(staged.booked_at, '-infinity'))
WHERE NOT EXISTS (SELECT FROM change WHERE change.stay_id = stay.id AND change.held)
ORDER BY staged.fingerprint  -- as the index has them, so that each of its pages is visited once
ON CONFLICT (source_id, fingerprint) DO UPDATE SET record_id = excluded.record_id;

UPDATE custody_record record SET listed = false, missed = 0, doubted = false
FROM touched
WHERE record.id = touched.record_id
  AND NOT EXISTS (SELECT FROM staying WHERE staying.record_id = touched.record_id)
  AND NOT EXISTS (SELECT FROM stay WHERE stay.how = 'same' AND stay.record_id = touched.record_id);
