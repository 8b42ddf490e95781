-- What changed, as events to be. Parameters: source, absence_after (null: absence means nothing), complete.

-- Left and came back: the old stay ends...
INSERT INTO change (record_id, stay_id, person_id, kind, place, unit, source_at, before, after, booking)
SELECT record.id, NULL, record.person_id, ended.status, 0, stay.id, stay.earlier_released_at,
       jsonb_build_object('status', record.status) || ended.released_before,
       jsonb_build_object('status', ended.status) || ended.released_after,
       'record:' || record.id
FROM stay
JOIN custody_record record ON record.id = stay.record_id
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
           - ARRAY['id', 'person_id', 'person_key', 'record_id', 'how', 'new_record_id', 'fingerprint', 'digest',
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

-- The same stay, changed. A change of status says everything at once; otherwise each kind speaks of its own fields.
WITH pair AS MATERIALIZED (
    SELECT stay.id AS stay_id, record.id AS record_id, record.person_id,
           to_jsonb(record) AS before, to_jsonb(stay) AS after,
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
           coalesce(stay.facility <> record.facility, false) AS moved,
           coalesce(stay.status_at, stay.released_at) AS turned_at,
           CASE WHEN stay.status_at IS DISTINCT FROM record.status_at THEN stay.status_at END AS changed_at,
           -- compared here as columns, which is cheap; only what differs is compared again, field by field, as JSON
           (stay.last_name, stay.first_name, stay.middle_name, stay.suffix, stay.also_known_as, stay.birth_date,
            stay.birth_country, stay.charges, stay.protected, stay.sealed)
             IS DISTINCT FROM
           (record.last_name, record.first_name, record.middle_name, record.suffix, record.also_known_as,
            record.birth_date, record.birth_country, record.charges, record.protected, record.sealed) AS person_edited,
           (stay.booking, stay.booked_at, stay.released_at, stay.release_kind)
             IS DISTINCT FROM (record.booking, record.booked_at, record.released_at, record.release_kind) AS stay_edited,
           (stay.facility, stay.status_at, stay.destination)
             IS DISTINCT FROM (record.facility, record.status_at, record.destination) AS place_edited,
           stay.expected_release_on IS DISTINCT FROM record.expected_release_on AS release_edited,
           (stay.next_court_at, stay.next_court_place)
             IS DISTINCT FROM (record.next_court_at, record.next_court_place) AS court_edited,
           -- a birthday is not an event: the age may grow by the years since it was last told, and one more
           stay.age IS DISTINCT FROM record.age
             AND NOT coalesce(stay.age BETWEEN record.age AND record.age + 1 + %(years)s, false) AS age_edited
    FROM stay
    JOIN custody_record record ON record.id = stay.record_id
    LEFT JOIN touched USING (record_id)
    WHERE stay.how = 'same' AND touched.digest IS DISTINCT FROM stay.digest
), event AS (
    SELECT pair.*, kind.kind, kind.place, watchword_changed(before, after, kind.fields) AS changed
    FROM pair CROSS JOIN LATERAL (
        SELECT turn AS kind, 1 AS place, ARRAY['status', 'status_at', 'released_at', 'release_kind', 'destination',
               'facility', 'expected_release_on', 'next_court_at', 'next_court_place', 'booked_at', 'booking'] AS fields
        WHERE turn IS NOT NULL
        UNION ALL
        SELECT 'transferred', 2, ARRAY['facility', 'status_at', 'destination'] WHERE turn IS NULL AND active AND moved
        UNION ALL
        SELECT 'release_date_changed', 3, ARRAY['expected_release_on']
        WHERE turn IS NULL AND active AND release_edited
        UNION ALL
        SELECT 'court_date_changed', 4, ARRAY['next_court_at', 'next_court_place']
        WHERE turn IS NULL AND active AND court_edited
        UNION ALL
        SELECT 'updated', 5, ARRAY['last_name', 'first_name', 'middle_name', 'suffix', 'also_known_as', 'birth_date',
               'birth_country', 'charges', 'protected', 'sealed']
               || CASE WHEN age_edited THEN ARRAY['age'] ELSE '{}' END
               || CASE WHEN turn IS NULL THEN ARRAY['booked_at', 'booking', 'released_at', 'release_kind'] ELSE '{}' END
               || CASE WHEN turn IS NULL AND NOT (active AND moved)
                       THEN ARRAY['facility', 'status_at', 'destination'] ELSE '{}' END
               || CASE WHEN turn IS NULL AND NOT active
                       THEN ARRAY['expected_release_on', 'next_court_at', 'next_court_place'] ELSE '{}' END
        WHERE person_edited OR age_edited
           OR turn IS NULL AND (stay_edited OR place_edited AND NOT (active AND moved)
                                OR (release_edited OR court_edited) AND NOT active)
    ) kind
)
INSERT INTO change (record_id, stay_id, person_id, kind, place, source_at, before, after, booking)
SELECT record_id, stay_id, person_id, kind, place,
       CASE WHEN place = 1 THEN turned_at ELSE changed_at END,
       changed -> 0, changed -> 1, 'record:' || record_id
FROM event WHERE changed IS NOT NULL;

-- Absent from the absence_after-th complete roster of news: no longer stay.
INSERT INTO change (record_id, person_id, kind, place, before, after, booking)
SELECT record.id, record.person_id, 'vanished', 1,
       jsonb_build_object('status', record.status), '{"status": "vanished"}', 'record:' || record.id
FROM touched
JOIN custody_record record ON record.id = touched.record_id
JOIN custody_person person ON person.id = record.person_id
WHERE touched.active AND NOT touched.matched
  AND person.key NOT IN (SELECT person_key FROM quarantined)
  AND (%(complete)s OR record.doubted OR EXISTS (
          SELECT FROM custody_heldchange waiting
          WHERE waiting.person_id = record.person_id AND waiting.kind = 'vanished'
            AND waiting.booking = 'record:' || record.id))
  AND record.missed + 1 >= %(absence_after)s;
