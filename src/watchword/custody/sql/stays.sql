-- The staged rows as stays of people. Parameters: source.

INSERT INTO custody_person (source_id, key)
SELECT DISTINCT %(source)s::bigint, person_key FROM staged
WHERE NOT EXISTS (SELECT FROM expected WHERE expected.person_key = staged.person_key)
  AND NOT EXISTS (
      SELECT FROM custody_person person WHERE person.source_id = %(source)s AND person.key = staged.person_key)
ON CONFLICT (source_id, key) DO NOTHING;  -- somebody began to watch for them at this moment

-- Everybody has a person now. LEFT, so that a planner that never heard of this source's people still looks each of them up.
INSERT INTO stay
SELECT staged.*, expected.person_id, ARRAY[staged.fingerprint], ARRAY[staged.digest]
FROM staged JOIN expected USING (person_key)
UNION ALL
SELECT staged.*, person.id, ARRAY[staged.fingerprint], ARRAY[staged.digest]
FROM staged LEFT JOIN custody_person person ON person.source_id = %(source)s AND person.key = staged.person_key
WHERE NOT EXISTS (SELECT FROM expected WHERE expected.person_key = staged.person_key);
