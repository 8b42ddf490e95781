-- The lines of this record become those of no row, so that whatever a roster says of it is compared; the digests before
-- and after. Parameter: record.
WITH old AS (SELECT id, digests FROM custody_record WHERE id = %(record)s)
UPDATE custody_record record SET
    fingerprints = custody_of_no_row(record.fingerprints), digests = custody_of_no_row(record.digests)
FROM old
WHERE record.id = old.id
RETURNING old.digests AS before, record.digests AS after
