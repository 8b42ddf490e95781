-- All records of the people who have a stay staged.
INSERT INTO standing SELECT * FROM custody_record WHERE person_id IN (SELECT person_id FROM stay)
