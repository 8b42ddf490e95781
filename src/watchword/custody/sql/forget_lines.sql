-- The lines of this record become those of no row, so that whatever a roster says of it is compared; how that changes the
-- sum of the digests. Parameters: source, record.
WITH old AS (
    SELECT fingerprint, digest FROM custody_line WHERE source_id = %(source)s AND record_id = %(record)s
), forgotten AS (
    UPDATE custody_line line
    SET fingerprint = md5(line.fingerprint::text || ' entered')::uuid,
        digest = md5(line.digest::text || ' entered')::uuid
    FROM old
    WHERE line.source_id = %(source)s AND line.fingerprint = old.fingerprint
    RETURNING old.digest AS before, line.digest AS after
)
SELECT before, after FROM forgotten
