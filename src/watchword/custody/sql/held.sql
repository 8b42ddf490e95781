-- What already waits for a person goes on waiting. Parameters: source (its name), releasing (incident id or null).

UPDATE change SET held = true, incident_id = waiting.incident_id
FROM custody_heldchange waiting JOIN worklist_incident incident ON incident.id = waiting.incident_id
WHERE waiting.person_id = change.person_id AND waiting.kind = change.kind AND waiting.booking = change.booking
  AND incident.source = %(source_name)s AND incident.state = 'open'
  AND waiting.incident_id IS DISTINCT FROM %(releasing)s::bigint;
