-- Take back these events: each record stands again as it stood before the oldest of them. Parameters: source, roster,
-- events. What a booking said of a stay that never was, is: no longer listed.
WITH wrong AS (
    SELECT event.id, event.person_id, event.record_id,
           CASE event.kind WHEN 'booked' THEN jsonb_build_object('status', record.status) ELSE event.after END AS was,
           CASE event.kind WHEN 'booked' THEN '{"status": "vanished"}'::jsonb ELSE event.before END AS will_be
    FROM custody_event event JOIN custody_record record ON record.id = event.record_id
    WHERE event.id = ANY(%(events)s) AND event.source_id = %(source)s
), taken_back AS (
    SELECT wrong.record_id, wrong.person_id,
           jsonb_object_agg(field.key, wrong.was -> field.key ORDER BY wrong.id) AS before,       -- the newest word
           jsonb_object_agg(field.key, field.value ORDER BY wrong.id DESC) AS after  -- the oldest
    FROM wrong CROSS JOIN LATERAL jsonb_each(wrong.will_be) field
    GROUP BY wrong.record_id, wrong.person_id
), stands AS (
    UPDATE custody_record record SET (
        booking, last_name, first_name, middle_name, suffix, also_known_as, birth_date, age, birth_country, facility,
        status, status_at, booked_at, released_at, release_kind, destination, expected_release_on, next_court_at,
        next_court_place, charges, protected, sealed
    ) = (
        SELECT booking, last_name, first_name, middle_name, suffix, also_known_as, birth_date, age, birth_country, facility,
            status, status_at, booked_at, released_at, release_kind, destination, expected_release_on, next_court_at,
            next_court_place, charges, protected, sealed
        FROM jsonb_populate_record(record, taken_back.after)
    )
    FROM taken_back
    WHERE record.id = taken_back.record_id
)
INSERT INTO custody_event (source_id, roster_id, person_id, record_id, kind, source_at, recorded_at, before, after)
SELECT %(source)s, %(roster)s, person_id, record_id, 'corrected', NULL, clock_timestamp(), before, after
FROM taken_back
ORDER BY person_id, record_id
