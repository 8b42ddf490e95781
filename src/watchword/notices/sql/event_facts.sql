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
    elsewhere.facility AS elsewhere,
    elsewhere.id IS NOT NULL AS still_held,
    person.source_id AS source
FROM custody_event event
JOIN custody_person person ON person.id = event.person_id
JOIN custody_record record ON record.id = event.record_id
LEFT JOIN LATERAL (
    SELECT other.id, other.facility
    FROM custody_record other
    WHERE other.person_id = event.person_id AND other.id <> record.id
      AND other.status IN ('in_custody', 'furloughed') AND other.listed
      AND record.status NOT IN ('in_custody', 'furloughed')
    ORDER BY other.booked_at DESC NULLS LAST, other.id DESC
    LIMIT 1
) elsewhere ON true
WHERE event.id = ANY(%(events)s)
