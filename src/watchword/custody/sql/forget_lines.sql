-- The lines of this record become those of no row, so that whatever a roster says of it is compared; the digests before
-- and after. Parameter: record.
WITH old AS (SELECT id, digests FROM custody_record WHERE id = %(record)s)
UPDATE custody_record record SET
    fingerprints = ARRAY(SELECT md5(print::text || ' entered')::uuid
                         FROM unnest(record.fingerprints) WITH ORDINALITY one (print, place) ORDER BY place),
    digests = ARRAY(SELECT md5(digest::text || ' entered')::uuid
                    FROM unnest(record.digests) WITH ORDINALITY one (digest, place) ORDER BY place)
FROM old
WHERE record.id = old.id
RETURNING old.digests AS before, record.digests AS after
