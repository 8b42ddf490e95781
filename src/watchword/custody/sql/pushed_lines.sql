-- What is known of the people whom pushed rows speak of is looked at again: their lines, and the records on them.
-- Parameters: source.

INSERT INTO gone
SELECT line.fingerprint, line.digest, record.id
FROM stay JOIN custody_record record ON record.person_id = stay.person_id AND record.listed,
     unnest(record.fingerprints, record.digests) AS line (fingerprint, digest)
GROUP BY line.fingerprint, line.digest, record.id;
