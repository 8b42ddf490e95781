-- A stay on several rows (one a charge): its charges are all of theirs, the rest is the row's with the smallest digest.

CREATE TEMP TABLE IF NOT EXISTS part (id bigint PRIMARY KEY, kept bigint NOT NULL) ON COMMIT DELETE ROWS;

INSERT INTO part
SELECT id, first_value(id) OVER (
    PARTITION BY person_id, booking, CASE WHEN booking = '' THEN booked_at END ORDER BY digest)
FROM stay;

WITH whole AS (
    SELECT kept, md5(string_agg(stay.digest::text, ' ' ORDER BY stay.digest))::uuid AS digest,
           array_agg(stay.fingerprint ORDER BY stay.fingerprint) AS fingerprints,
           array_agg(stay.digest ORDER BY stay.fingerprint) AS digests
    FROM part JOIN stay USING (id) GROUP BY kept HAVING count(*) > 1
), charge AS (
    SELECT kept, array_agg(item ORDER BY item COLLATE "C") AS charges
    FROM part JOIN stay USING (id) CROSS JOIN LATERAL unnest(stay.charges) item
    GROUP BY kept
)
UPDATE stay
SET digest = whole.digest, fingerprints = whole.fingerprints, digests = whole.digests, charges = charge.charges
FROM whole LEFT JOIN charge USING (kept)
WHERE stay.id = whole.kept;

DELETE FROM stay USING part WHERE part.id = stay.id AND part.kept <> stay.id;
