-- A departure that a person entered, of one record: the event and the record. Parameters: source, roster, record, status,
-- at, release_kind, destination.
WITH said AS (
    SELECT record.id, record.person_id,
           jsonb_build_object(
               'status', record.status, 'status_at', record.status_at, 'released_at', record.released_at,
               'release_kind', record.release_kind, 'destination', record.destination) AS before,
           jsonb_build_object(
               'status', %(status)s::text, 'status_at', %(at)s::timestamptz,
               'released_at', CASE WHEN %(status)s <> 'furloughed' THEN %(at)s::timestamptz END,
               'release_kind', %(release_kind)s::text, 'destination', %(destination)s::text) AS after
    FROM custody_record record
    WHERE record.id = %(record)s
), stands AS (
    UPDATE custody_record record
    SET (status, status_at, released_at, release_kind, destination) = (
        SELECT status, status_at, released_at, release_kind, destination
        FROM jsonb_populate_record(record, said.after))
    FROM said
    WHERE record.id = said.id
)
INSERT INTO custody_event (source_id, roster_id, person_id, record_id, kind, source_at, recorded_at, before, after)
SELECT %(source)s, %(roster)s, person_id, id, %(status)s, %(at)s::timestamptz, clock_timestamp(), before, after
FROM said
