-- Some of a source's people who wait for a new entry. Parameters: source, most.
DELETE FROM custody_searchwaiting
WHERE id IN (SELECT id FROM custody_searchwaiting WHERE source_id = %(source)s ORDER BY id LIMIT %(most)s)
RETURNING person_id
