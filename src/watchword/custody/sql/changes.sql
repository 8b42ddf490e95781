-- What changed, as events to be. Parameters: source, absence_after (null: absence means nothing), complete.

-- Left and came back: the old stay ends...
INSERT INTO change (record_id, stay_id, person_id, kind, place, unit, source_at, before, after, booking)
SELECT record.id, NULL, record.person_id, ended.status, 0, stay.id, stay.earlier_released_at,
       jsonb_build_object('status', record.status) || ended.released_before,
       jsonb_build_object('status', ended.status) || ended.released_after,
       'record:' || record.id
FROM stay
JOIN standing record ON record.id = stay.record_id
CROSS JOIN LATERAL (
    SELECT 'vanished' AS status, '{}'::jsonb AS released_before, '{}'::jsonb AS released_after
    WHERE stay.earlier_released_at IS NULL
    UNION ALL
    SELECT 'released', jsonb_build_object('released_at', record.released_at),
           jsonb_build_object('released_at', stay.earlier_released_at)
    WHERE stay.earlier_released_at IS NOT NULL
) ended
WHERE stay.how = 'rebooked';

-- ...and a new one begins; so does that of a person never seen, or back under a later admission.
INSERT INTO change (stay_id, person_id, kind, place, unit, source_at, before, after, booking)
SELECT stay.id, stay.person_id, 'booked', 1, stay.id, stay.booked_at, '{}',
       jsonb_strip_nulls(to_jsonb(stay)
           - ARRAY['id', 'person_id', 'person_key', 'record_id', 'how', 'new_record_id', 'fingerprint', 'digest', 'fingerprints', 'digests',
                   'earlier_released_at']
           - CASE WHEN stay.status = 'in_custody' THEN '{}'   -- else the departure speaks of these
                  ELSE ARRAY['status_at', 'released_at', 'release_kind', 'destination'] END)
           || jsonb_build_object('status', 'in_custody'),
       stay.booking || ' ' || coalesce(stay.booked_at::text, '')
FROM stay WHERE stay.how IN ('booked', 'rebooked');

-- Booked and already away (or out for a while) again, all since the last roster.
INSERT INTO change (stay_id, person_id, kind, place, unit, source_at, before, after, booking)
SELECT stay.id, stay.person_id, stay.status, 2, stay.id, coalesce(stay.status_at, stay.released_at),
       jsonb_build_object('status', 'in_custody'),
       jsonb_strip_nulls(jsonb_build_object(
           'status', stay.status, 'status_at', stay.status_at, 'released_at', stay.released_at,
           'release_kind', stay.release_kind, 'destination', stay.destination)),
       stay.booking || ' ' || coalesce(stay.booked_at::text, '')
FROM stay WHERE stay.how IN ('booked', 'rebooked') AND stay.status <> 'in_custody';

-- The same stay, changed. Of the stay a change of status says everything at once; otherwise each field has its own kind.
WITH spelled AS (
    SELECT said, key, place_id FROM feeds_spelling WHERE source_id = %(source)s AND field = 'facility'
), compared AS (
    SELECT stay.id AS stay_id, stay.record_id, stay.person_id,
           CASE
             WHEN stay.status = record.status THEN NULL
             WHEN stay.status IN ('released', 'removed', 'escaped', 'died') THEN stay.status
             WHEN stay.status = 'furloughed' AND record.status = 'in_custody' THEN 'furloughed'
             WHEN stay.status = 'furloughed' THEN 'corrected'
             WHEN record.status = 'furloughed' THEN 'returned'
             WHEN record.status = 'escaped' THEN 'recaptured'
             ELSE 'corrected'
           END AS turn,
           stay.status IN ('in_custody', 'furloughed') AS active,
           coalesce(stay.facility <> record.facility, false)  -- and not the same place, spelled otherwise
               AND NOT coalesce(here.place_id = there.place_id, here.key = there.key, false) AS moved,
           coalesce(stay.status_at, stay.released_at) AS turned_at,
           CASE WHEN stay.status_at IS DISTINCT FROM record.status_at THEN stay.status_at END AS changed_at,
           field,
           CASE field
             WHEN 'last_name' THEN jsonb_build_array(record.last_name, stay.last_name)
             WHEN 'first_name' THEN jsonb_build_array(record.first_name, stay.first_name)
             WHEN 'middle_name' THEN jsonb_build_array(record.middle_name, stay.middle_name)
             WHEN 'suffix' THEN jsonb_build_array(record.suffix, stay.suffix)
             WHEN 'also_known_as' THEN jsonb_build_array(record.also_known_as, stay.also_known_as)
             WHEN 'birth_date' THEN jsonb_build_array(record.birth_date, stay.birth_date)
             WHEN 'birth_country' THEN jsonb_build_array(record.birth_country, stay.birth_country)
             WHEN 'charges' THEN jsonb_build_array(record.charges, stay.charges)
             WHEN 'protected' THEN jsonb_build_array(record.protected, stay.protected)
             WHEN 'sealed' THEN jsonb_build_array(record.sealed, stay.sealed)
             WHEN 'age' THEN jsonb_build_array(record.age, stay.age)
             WHEN 'booking' THEN jsonb_build_array(record.booking, stay.booking)
             WHEN 'booked_at' THEN jsonb_build_array(record.booked_at, stay.booked_at)
             WHEN 'status' THEN jsonb_build_array(record.status, stay.status)
             WHEN 'status_at' THEN jsonb_build_array(record.status_at, stay.status_at)
             WHEN 'released_at' THEN jsonb_build_array(record.released_at, stay.released_at)
             WHEN 'release_kind' THEN jsonb_build_array(record.release_kind, stay.release_kind)
             WHEN 'destination' THEN jsonb_build_array(record.destination, stay.destination)
             WHEN 'facility' THEN jsonb_build_array(record.facility, stay.facility)
             WHEN 'expected_release_on' THEN jsonb_build_array(record.expected_release_on, stay.expected_release_on)
             WHEN 'next_court_at' THEN jsonb_build_array(record.next_court_at, stay.next_court_at)
             WHEN 'next_court_place' THEN jsonb_build_array(record.next_court_place, stay.next_court_place)
           END AS said  -- [before, after]
    FROM stay
    JOIN standing record ON record.id = stay.record_id
    LEFT JOIN touched ON touched.record_id = stay.record_id
    LEFT JOIN spelled here ON here.said = stay.facility
    LEFT JOIN spelled there ON there.said = record.facility
    CROSS JOIN LATERAL unnest(ARRAY[  -- those that differ
        CASE WHEN record.last_name IS DISTINCT FROM stay.last_name THEN 'last_name' END,
        CASE WHEN record.first_name IS DISTINCT FROM stay.first_name THEN 'first_name' END,
        CASE WHEN record.middle_name IS DISTINCT FROM stay.middle_name THEN 'middle_name' END,
        CASE WHEN record.suffix IS DISTINCT FROM stay.suffix THEN 'suffix' END,
        CASE WHEN record.also_known_as IS DISTINCT FROM stay.also_known_as THEN 'also_known_as' END,
        CASE WHEN record.birth_date IS DISTINCT FROM stay.birth_date THEN 'birth_date' END,
        CASE WHEN record.birth_country IS DISTINCT FROM stay.birth_country THEN 'birth_country' END,
        CASE WHEN record.charges IS DISTINCT FROM stay.charges THEN 'charges' END,
        CASE WHEN record.protected IS DISTINCT FROM stay.protected THEN 'protected' END,
        CASE WHEN record.sealed IS DISTINCT FROM stay.sealed THEN 'sealed' END,
        -- a birthday is not an event: the age may grow by the years since it was last told, and one more
        CASE WHEN stay.age IS DISTINCT FROM record.age
                  AND NOT coalesce(stay.age BETWEEN record.age AND record.age + 1 + %(years)s, false)
             THEN 'age' END,
        CASE WHEN record.booking IS DISTINCT FROM stay.booking THEN 'booking' END,
        CASE WHEN record.booked_at IS DISTINCT FROM stay.booked_at THEN 'booked_at' END,
        CASE WHEN record.status IS DISTINCT FROM stay.status THEN 'status' END,
        CASE WHEN record.status_at IS DISTINCT FROM stay.status_at THEN 'status_at' END,
        CASE WHEN record.released_at IS DISTINCT FROM stay.released_at THEN 'released_at' END,
        CASE WHEN record.release_kind IS DISTINCT FROM stay.release_kind THEN 'release_kind' END,
        CASE WHEN record.destination IS DISTINCT FROM stay.destination THEN 'destination' END,
        CASE WHEN record.facility IS DISTINCT FROM stay.facility THEN 'facility' END,
        CASE WHEN record.expected_release_on IS DISTINCT FROM stay.expected_release_on THEN 'expected_release_on' END,
        CASE WHEN record.next_court_at IS DISTINCT FROM stay.next_court_at THEN 'next_court_at' END,
        CASE WHEN record.next_court_place IS DISTINCT FROM stay.next_court_place THEN 'next_court_place' END
    ]) AS field
    WHERE stay.how = 'same' AND touched.digest IS DISTINCT FROM stay.digest AND field IS NOT NULL
), spoken AS (
    SELECT stay_id, record_id, person_id, turn, turned_at, changed_at, field, said,
           CASE
             WHEN field IN ('last_name', 'first_name', 'middle_name', 'suffix', 'also_known_as', 'birth_date', 'age',
                            'birth_country', 'charges', 'protected', 'sealed') THEN 'updated'
             WHEN turn IS NOT NULL THEN turn
             WHEN NOT active THEN 'updated'
             WHEN field IN ('facility', 'status_at', 'destination') AND moved THEN 'transferred'
             WHEN field = 'expected_release_on' THEN 'release_date_changed'
             WHEN field IN ('next_court_at', 'next_court_place') THEN 'court_date_changed'
             ELSE 'updated'
           END AS kind
    FROM compared
)
INSERT INTO change (record_id, stay_id, person_id, kind, place, source_at, before, after, booking)
SELECT record_id, stay_id, person_id, kind,
       CASE kind WHEN 'transferred' THEN 2 WHEN 'release_date_changed' THEN 3 WHEN 'court_date_changed' THEN 4
                 WHEN 'updated' THEN 5 ELSE 1 END,
       CASE WHEN kind = turn THEN turned_at ELSE changed_at END,
       jsonb_object_agg(field, said -> 0), jsonb_object_agg(field, said -> 1), 'record:' || record_id
FROM spoken
GROUP BY record_id, stay_id, person_id, turn, turned_at, changed_at, kind;

-- Absent from the absence_after-th complete roster of news: no longer stay.
INSERT INTO change (record_id, person_id, kind, place, before, after, booking)
SELECT record.id, record.person_id, 'vanished', 1,
       jsonb_build_object('status', record.status), '{"status": "vanished"}', 'record:' || record.id
FROM absent
JOIN custody_record record ON record.id = absent.record_id
JOIN custody_person person ON person.id = record.person_id
WHERE person.key NOT IN (SELECT person_key FROM quarantined)
  AND (%(complete)s OR record.doubted OR EXISTS (
          SELECT FROM custody_heldchange waiting
          WHERE waiting.person_id = record.person_id AND waiting.kind = 'vanished'
            AND waiting.booking = 'record:' || record.id))
  AND record.missed + 1 >= %(absence_after)s;
