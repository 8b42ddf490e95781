-- For each summary: what was recorded between the end of the registration's time before and the moment it resumed.
SELECT
    notice.id AS notice,
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
FROM notices_notice notice
JOIN registrants_registration registration ON registration.id = notice.registration_id
CROSS JOIN LATERAL (
    SELECT max(upper(span)) AS quiet_from
    FROM unnest(registration.entitled) span
    WHERE upper(span) <= notice.occasion
) quiet
JOIN custody_event event
    ON event.person_id = registration.person_id
   AND event.recorded_at >= quiet.quiet_from
   AND event.recorded_at < notice.occasion
   AND event.kind <> 'updated'
JOIN custody_person person ON person.id = event.person_id
JOIN custody_record record ON record.id = event.record_id
WHERE notice.id = ANY(%(notices)s) AND notice.kind = 'summary'
ORDER BY notice.id, event.id
