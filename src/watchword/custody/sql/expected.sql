-- Who is likely to be spoken of, with their records: looked up while the rows are still being read. Parameters: none.

INSERT INTO expected SELECT id, key FROM custody_person WHERE id IN (SELECT person_id FROM touched);
INSERT INTO standing SELECT * FROM custody_record WHERE person_id IN (SELECT person_id FROM expected);
