-- Which record does each listed booking continue? The rules: docs/explanation/custody.md. Parameters: source, clock,
-- listing (false: of a person who is not spoken of, or of another booking, nothing is said).

-- Where absence means nothing, a record that is not listed any more still stands, and may be listed again.
INSERT INTO touched (record_id, person_id, booking, booked_at, active)
SELECT id, person_id, booking, booked_at, true FROM standing
WHERE status IN ('in_custody', 'furloughed') AND NOT listed
ON CONFLICT DO NOTHING;

-- The same booking: by the source's key of it, else by the admission.
UPDATE stay SET record_id = touched.record_id, how = 'same'
FROM touched
WHERE touched.person_id = stay.person_id AND touched.booking = stay.booking
  AND (stay.booking <> '' OR touched.booked_at IS NOT DISTINCT FROM stay.booked_at);

-- The person is present, under another admission: the oldest is paired with the oldest.
WITH now_listed AS (
    SELECT id, person_id, booking, booked_at,
           row_number() OVER (PARTITION BY person_id ORDER BY booked_at NULLS FIRST, booking, digest) AS rank
    FROM stay WHERE record_id IS NULL
), before AS (
    SELECT record_id, person_id, booking, booked_at,
           row_number() OVER (PARTITION BY person_id ORDER BY booked_at NULLS FIRST, booking, record_id) AS rank
    FROM touched WHERE active AND NOT EXISTS (SELECT FROM stay WHERE stay.record_id = touched.record_id)
), paired AS (
    SELECT now_listed.id, before.record_id
    FROM now_listed JOIN before USING (person_id, rank)
    WHERE now_listed.booking = before.booking                                   -- one key (or none): edited or re-booked
       OR now_listed.booked_at = before.booked_at                               -- the key of the booking was edited
       OR %(listing)s AND (
           now_listed.booked_at IS NULL AND before.booked_at IS NULL
           OR %(clock)s::timestamptz IS NULL OR now_listed.booked_at > %(clock)s)  -- another one, newer than all we knew
)
UPDATE stay SET record_id = paired.record_id, how = 'same' FROM paired WHERE paired.id = stay.id;

-- Admitted later than anything in the last roster of news: left and came back in between.
UPDATE stay SET how = 'rebooked'
FROM touched
WHERE touched.record_id = stay.record_id AND touched.active
  AND CASE
        WHEN stay.booked_at IS NULL OR touched.booked_at IS NULL
            THEN stay.booking <> touched.booking AND stay.booked_at IS DISTINCT FROM touched.booked_at
              OR stay.booking <> touched.booking AND %(clock)s::timestamptz IS NULL
        WHEN %(listing)s THEN stay.booked_at <> touched.booked_at AND stay.booked_at > %(clock)s
        ELSE stay.booked_at <> touched.booked_at AND stay.booked_at > coalesce(%(clock)s, touched.booked_at)
      END;

-- Gone, and back under the same or an earlier admission: we were wrong, or the feed was.
WITH candidate AS (
    SELECT stay.id, standing.id AS record_id,
           stay.booking = standing.booking
             AND (stay.booking <> '' OR stay.booked_at IS NOT DISTINCT FROM standing.booked_at) AS same_booking,
           stay.booked_at, standing.booked_at AS left_from, stay.digest
    FROM stay JOIN standing ON standing.person_id = stay.person_id
    WHERE stay.record_id IS NULL AND standing.status NOT IN ('in_custody', 'furloughed')
      AND NOT EXISTS (SELECT FROM stay other WHERE other.record_id = standing.id)
), best AS (
    SELECT DISTINCT ON (id) *
    FROM candidate
    ORDER BY id, same_booking DESC, left_from DESC NULLS LAST, record_id DESC
), back AS (
    SELECT DISTINCT ON (best.record_id) best.id, best.record_id
    FROM best JOIN stay USING (id)
    WHERE (same_booking AND (best.booked_at IS NULL OR left_from IS NULL OR best.booked_at <= left_from))
       OR (best.booked_at <= left_from AND NOT EXISTS (
              SELECT FROM standing held
              WHERE held.person_id = stay.person_id AND held.status IN ('in_custody', 'furloughed')))
    ORDER BY best.record_id, same_booking DESC, best.booked_at DESC NULLS LAST, best.digest
)
UPDATE stay SET record_id = back.record_id, how = 'same' FROM back WHERE back.id = stay.id;

-- A departed record that was still listed, under a later admission now: a new stay.
UPDATE stay SET record_id = NULL, how = 'booked'
FROM touched
WHERE touched.record_id = stay.record_id AND NOT touched.active AND stay.booked_at > touched.booked_at;

UPDATE stay SET how = 'booked' WHERE how IS NULL;

INSERT INTO absent
SELECT record_id FROM touched WHERE active AND NOT EXISTS (SELECT FROM stay WHERE stay.record_id = touched.record_id);
