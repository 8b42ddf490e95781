-- All records of the people who have a stay staged.
DELETE FROM standing WHERE NOT EXISTS (SELECT FROM stay WHERE stay.person_id = standing.person_id);
INSERT INTO standing
SELECT * FROM custody_record record
WHERE person_id IN (
    SELECT person_id FROM stay
    WHERE NOT EXISTS (SELECT FROM expected WHERE expected.person_id = stay.person_id))
  AND NOT EXISTS (SELECT FROM standing WHERE standing.id = record.id);
