-- The records of bookings that are new. Parameters: source.
INSERT INTO custody_record (
    id, source_id, person_id, booking, last_name, first_name, middle_name, suffix, also_known_as, birth_date, age,
    birth_country, facility, status, status_at, booked_at, released_at, release_kind, destination, expected_release_on,
    next_court_at, next_court_place, charges, protected, sealed, listed, missed, doubted, fingerprints, digests)
OVERRIDING SYSTEM VALUE
SELECT new_record_id, %(source)s, person_id, booking, last_name, first_name, middle_name, suffix, also_known_as, birth_date, age,
    birth_country, facility, status, status_at, booked_at, released_at, release_kind, destination, expected_release_on,
    next_court_at, next_court_place, charges, protected, sealed, true, 0, false, fingerprints, digests
FROM stay WHERE new_record_id IS NOT NULL;
