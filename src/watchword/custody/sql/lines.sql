-- On which record each line stands from now on.
-- Parameters: absence_after, listing (false: who is not spoken of stays as they are).

UPDATE stay SET new_record_id = nextval(pg_get_serial_sequence('custody_record', 'id'))
WHERE how IN ('booked', 'rebooked') AND NOT EXISTS (SELECT FROM change WHERE change.stay_id = stay.id AND held);

-- The lines of records that no listed row speaks of any more: they stay while what their going says is not true yet.
INSERT INTO staying (record_id)
SELECT touched.record_id
FROM touched
WHERE (touched.active AND %(absence_after)s::int IS NOT NULL OR NOT %(listing)s)
  AND NOT EXISTS (SELECT FROM stay WHERE stay.record_id = touched.record_id)
  AND NOT EXISTS (SELECT FROM change WHERE change.record_id = touched.record_id AND NOT change.held)
UNION
SELECT stay.record_id
FROM stay JOIN change ON change.stay_id = stay.id
WHERE change.held AND stay.record_id IS NOT NULL;

-- A record of which a part waits says what no row says. Its lines become those of no row, so that any row is compared.
UPDATE custody_record record SET
    fingerprints = custody_of_no_row(record.fingerprints), digests = custody_of_no_row(record.digests)
FROM staying
WHERE record.id = staying.record_id
  AND EXISTS (SELECT FROM change WHERE change.record_id = staying.record_id AND NOT change.held);
