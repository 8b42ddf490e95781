-- The staged rows as bookings, each once. Parameters: source.

INSERT INTO custody_person (source_id, key)
SELECT DISTINCT %(source)s::bigint, person_key FROM staged
ON CONFLICT (source_id, key) DO NOTHING;

INSERT INTO stay
SELECT staged.*, person.id
FROM staged JOIN custody_person person ON person.source_id = %(source)s AND person.key = staged.person_key;
