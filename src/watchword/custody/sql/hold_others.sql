-- Of pushed changes that are compared again, only what the incident holds goes on: the rest was told then, or something
-- newer was said since. Parameter: releasing.
UPDATE change SET held = true
WHERE NOT EXISTS (
    SELECT FROM custody_heldchange waiting
    WHERE waiting.incident_id = %(releasing)s AND waiting.person_id = change.person_id
      AND waiting.kind = change.kind AND waiting.booking = change.booking)
