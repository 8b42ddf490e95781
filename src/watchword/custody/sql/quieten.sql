-- What this incident holds is a change of the source's records and of nobody's custody: told to nobody. Parameter:
-- releasing.
UPDATE change SET kind = 'updated', place = 5
FROM custody_heldchange waiting
WHERE waiting.incident_id = %(releasing)s
  AND waiting.person_id = change.person_id AND waiting.kind = change.kind AND waiting.booking = change.booking;
