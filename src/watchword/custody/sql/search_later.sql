-- Who must not be found is hidden at once; whatever else people are found by is made anew after the roster
-- (finding/index.py). Parameters: source, everybody (a first roster, which has no changes).
UPDATE custody_searchentry entry SET hidden = true
FROM stay
WHERE entry.person_id = stay.person_id AND NOT entry.hidden
  AND (stay.protected OR stay.sealed
       OR coalesce(stay.birth_date > current_date - interval '18 years', stay.age < 18, false));

INSERT INTO custody_searchwaiting (source_id, person_id)
SELECT %(source)s, person_id FROM change
WHERE NOT held AND (kind = 'booked' OR after ?| ARRAY[
    'last_name', 'first_name', 'middle_name', 'also_known_as', 'birth_date', 'age', 'birth_country', 'booking',
    'protected', 'sealed'])
UNION
SELECT %(source)s, person_id FROM stay WHERE %(everybody)s;
