-- Daily: who is in custody and has no entry, and who is hidden and may have come of age, waits for one; who was last
-- heard of longer ago than `kept` has none any more. Parameters: kept.
DELETE FROM custody_searchentry entry
WHERE NOT EXISTS (
        SELECT FROM custody_record record
        WHERE record.person_id = entry.person_id AND record.status IN ('in_custody', 'furloughed', 'escaped'))
  AND EXISTS (SELECT FROM custody_event event WHERE event.person_id = entry.person_id)
  AND NOT EXISTS (
        SELECT FROM custody_event event
        WHERE event.person_id = entry.person_id AND event.recorded_at > now() - %(kept)s);

INSERT INTO custody_searchwaiting (source_id, person_id)
SELECT source_id, person_id FROM custody_record record
WHERE status IN ('in_custody', 'furloughed', 'escaped')
  AND NOT EXISTS (SELECT FROM custody_searchentry entry WHERE entry.person_id = record.person_id)
UNION
SELECT source_id, person_id FROM custody_searchentry WHERE hidden;
