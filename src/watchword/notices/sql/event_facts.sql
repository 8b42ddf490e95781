SELECT
    event.id AS event,
    event.kind,
    event.source_at,
    event.recorded_at,
    event.before,
    event.after,
    person.key AS number,
    record.first_name,
    record.last_name,
    record.suffix,
    jsonb_build_object(
        'facility', record.facility,
        'destination', record.destination,
        'release_kind', record.release_kind,
        'expected_release_on', record.expected_release_on,
        'next_court_at', record.next_court_at,
        'next_court_place', record.next_court_place
    ) AS record,
    person.source_id AS source
FROM custody_event event
JOIN custody_person person ON person.id = event.person_id
JOIN custody_record record ON record.id = event.record_id
WHERE event.id = ANY(%(events)s)
