-- People whom rows speak of, with their records: looked up while further rows are read. Parameters: source, keys.

WITH found AS (
    INSERT INTO expected SELECT id, key FROM custody_person WHERE source_id = %(source)s AND key = ANY(%(keys)s)
    ON CONFLICT DO NOTHING  -- other rows have spoken of them
    RETURNING person_id
)
INSERT INTO standing SELECT record.* FROM found JOIN custody_record record USING (person_id);
