-- A booking on several rows (one a charge): its charges are all of theirs, the rest is the row's with the smallest digest.

WITH one AS (
    SELECT id, first_value(id) OVER (
        PARTITION BY person_id, booking, CASE WHEN booking = '' THEN booked_at END ORDER BY digest) AS kept
    FROM stay
), charge AS (
    SELECT one.kept, array_agg(item ORDER BY item COLLATE "C") AS charges
    FROM one JOIN stay USING (id) CROSS JOIN LATERAL unnest(stay.charges) item
    GROUP BY one.kept
)
UPDATE stay SET charges = charge.charges FROM charge WHERE stay.id = charge.kept;

DELETE FROM stay USING (
    SELECT id, row_number() OVER (
        PARTITION BY person_id, booking, CASE WHEN booking = '' THEN booked_at END ORDER BY digest) AS place
    FROM stay
) one
WHERE one.id = stay.id AND one.place > 1;
