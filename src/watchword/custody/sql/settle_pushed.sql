-- What waits of a person of whom the same was pushed otherwise now waits no longer. Parameters: incidents.
DELETE FROM custody_heldchange waiting
USING stay JOIN unsaid USING (digest)
WHERE waiting.incident_id = ANY(%(incidents)s) AND waiting.person_id = stay.person_id
  AND CASE waiting.kind
        WHEN 'transferred' THEN 'facility'
        WHEN 'release_date_changed' THEN 'expected_release_on'
        WHEN 'court_date_changed' THEN 'next_court_at'
        ELSE 'status'
      END <> ALL(unsaid.fields)
  AND NOT EXISTS (
      SELECT FROM change
      WHERE change.held AND change.person_id = waiting.person_id AND change.kind = waiting.kind
        AND change.booking = waiting.booking)
