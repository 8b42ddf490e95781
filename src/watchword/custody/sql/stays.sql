-- The staged rows as stays of people. Parameters: source.

INSERT INTO stay
SELECT staged.*, person.id, ARRAY[staged.fingerprint], ARRAY[staged.digest]
FROM staged LEFT JOIN custody_person person ON person.source_id = %(source)s AND person.key = staged.person_key;

WITH new AS (
    INSERT INTO custody_person (source_id, key)
    SELECT DISTINCT %(source)s::bigint, person_key FROM stay WHERE person_id IS NULL
    ON CONFLICT (source_id, key) DO UPDATE SET key = excluded.key  -- somebody began to watch for them at this moment
    RETURNING id, key
)
UPDATE stay SET person_id = new.id FROM new WHERE stay.person_id IS NULL AND stay.person_key = new.key;
