-- Make what is not held true of the records that there are, and write the events. Parameters: source, roster, now, complete,
-- counting.

-- The whole row, where nothing of it is held.
UPDATE custody_record record SET
    booking = stay.booking, last_name = stay.last_name, first_name = stay.first_name,
    middle_name = stay.middle_name, suffix = stay.suffix, also_known_as = stay.also_known_as,
    birth_date = stay.birth_date, age = stay.age, birth_country = stay.birth_country, facility = stay.facility,
    status = stay.status, status_at = stay.status_at, booked_at = stay.booked_at,
    released_at = stay.released_at, release_kind = stay.release_kind, destination = stay.destination,
    expected_release_on = stay.expected_release_on, next_court_at = stay.next_court_at,
    next_court_place = stay.next_court_place, charges = stay.charges, protected = stay.protected,
    sealed = stay.sealed, listed = true, missed = 0, doubted = false,
    fingerprints = stay.fingerprints, digests = stay.digests
FROM stay LEFT JOIN touched USING (record_id)
WHERE stay.how = 'same' AND record.id = stay.record_id
  AND (record.fingerprints <> stay.fingerprints OR touched.digest IS DISTINCT FROM stay.digest OR record.missed > 0 OR record.doubted OR NOT record.listed)
  AND NOT EXISTS (SELECT FROM change WHERE change.stay_id = stay.id AND held);

-- Where a part is held, and for stays that have ended: the fields that the other events speak of.
UPDATE custody_record record SET (
    booking, last_name, first_name, middle_name, suffix, also_known_as, birth_date, age, birth_country, facility, status,
    status_at, booked_at, released_at, release_kind, destination, expected_release_on, next_court_at, next_court_place,
    charges, protected, sealed
) = (
    SELECT booking, last_name, first_name, middle_name, suffix, also_known_as, birth_date, age, birth_country, facility, status,
        status_at, booked_at, released_at, release_kind, destination, expected_release_on, next_court_at, next_court_place,
        charges, protected, sealed
    FROM jsonb_populate_record(record, spoken.after)
)
FROM (
    SELECT change.record_id, jsonb_object_agg(field.key, field.value) AS after
    FROM change CROSS JOIN LATERAL jsonb_each(change.after) field
    WHERE NOT change.held
      AND (change.stay_id IS NULL
           OR EXISTS (SELECT FROM change other WHERE other.stay_id = change.stay_id AND other.held))
    GROUP BY change.record_id
) spoken
WHERE record.id = spoken.record_id;

INSERT INTO custody_event (source_id, roster_id, person_id, record_id, kind, source_at, recorded_at, before, after)
SELECT %(source)s, %(roster)s, change.person_id, coalesce(change.record_id, stay.new_record_id), change.kind,
       change.source_at, %(now)s, change.before, change.after
FROM change LEFT JOIN stay ON stay.id = change.stay_id
WHERE NOT change.held
ORDER BY change.person_id, coalesce(change.unit, 0), change.place, change.booking;

-- Absent, but not yet for long enough (or not for certain); and present after all.
WITH uncertain AS MATERIALIZED (
    SELECT record_id FROM absent WHERE NOT EXISTS (SELECT FROM change WHERE change.record_id = absent.record_id)
)
UPDATE custody_record record SET
    missed = record.missed + (%(complete)s OR record.doubted)::int, doubted = NOT (%(complete)s OR record.doubted)
FROM uncertain
WHERE record.id = uncertain.record_id
  AND NOT EXISTS (
      SELECT FROM custody_person person
      WHERE person.id = record.person_id AND person.key IN (SELECT person_key FROM quarantined))
  AND %(counting)s;

UPDATE custody_record SET missed = 0, doubted = false
WHERE source_id = %(source)s AND (missed > 0 OR doubted) AND %(counting)s
  AND NOT EXISTS (SELECT FROM absent WHERE absent.record_id = custody_record.id);

-- What no row speaks of, and nothing waits for.
UPDATE custody_record record SET listed = false, missed = 0, doubted = false, fingerprints = '{}', digests = '{}'
FROM touched
WHERE record.id = touched.record_id
  AND NOT EXISTS (SELECT FROM staying WHERE staying.record_id = touched.record_id)
  AND NOT EXISTS (SELECT FROM stay WHERE stay.how = 'same' AND stay.record_id = touched.record_id);
