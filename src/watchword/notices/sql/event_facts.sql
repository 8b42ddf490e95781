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
    record.facility,
    source.mapping
FROM custody_event event
JOIN custody_person person ON person.id = event.person_id
JOIN custody_record record ON record.id = event.record_id
JOIN feeds_source source ON source.id = event.source_id
WHERE event.id = ANY(%(events)s)
