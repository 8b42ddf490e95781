-- A change that waited only for the company of another, which this roster does not say any more, waits no longer.
UPDATE change SET held = false, incident_id = NULL
FROM worklist_incident incident
WHERE change.held AND incident.id = change.incident_id AND incident.kind = 'abnormal_change'
  AND NOT incident.facts -> 'judged' ? change.kind
  AND NOT EXISTS (
      SELECT FROM change other
      WHERE other.unit = change.unit AND other.held AND incident.facts -> 'judged' ? other.kind
  );
