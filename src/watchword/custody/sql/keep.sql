-- The fields of a stay that keep the record's word: of the record that it continues, or else of the person's newest.
WITH word AS (
    SELECT kept.stay_id, jsonb_object_agg(field, to_jsonb(record) -> field) AS said
    FROM kept
    JOIN stay ON stay.id = kept.stay_id
    JOIN LATERAL (
        SELECT * FROM standing
        WHERE standing.person_id = stay.person_id
        ORDER BY stay.how = 'same' AND standing.id = stay.record_id DESC, standing.id DESC
        LIMIT 1
    ) record ON true
    CROSS JOIN LATERAL unnest(kept.fields) AS field
    WHERE field NOT IN ('id', 'person_id', 'fingerprints', 'digests')  -- of the record itself
    GROUP BY kept.stay_id
)
UPDATE stay SET (
    booking, last_name, first_name, middle_name, suffix, also_known_as, birth_date, age, birth_country, facility, status,
    status_at, booked_at, released_at, release_kind, destination, expected_release_on, next_court_at, next_court_place,
    charges, protected, sealed
) = (
    SELECT booking, last_name, first_name, middle_name, suffix, also_known_as, birth_date, age, birth_country, facility, status,
        status_at, booked_at, released_at, release_kind, destination, expected_release_on, next_court_at, next_court_place,
        charges, protected, sealed
    FROM jsonb_populate_record(stay, word.said)
)
FROM word
WHERE stay.id = word.stay_id;

-- The record will say what no row says.
UPDATE stay SET fingerprints = custody_of_no_row(fingerprints), digests = custody_of_no_row(digests)
FROM kept WHERE kept.stay_id = stay.id;
