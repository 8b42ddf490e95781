-- What the list does not say any more waits no longer; but for what was pushed after it was made. Parameters: incidents,
-- made_at (null: nothing was).
DELETE FROM custody_heldchange waiting
USING feeds_roster said
WHERE waiting.incident_id = ANY(%(incidents)s) AND said.id = waiting.roster_id
  AND NOT (said.shape <> 'listing' AND coalesce(said.received_at > %(made_at)s, false))
  AND NOT EXISTS (
      SELECT FROM change
      WHERE change.held AND change.person_id = waiting.person_id AND change.kind = waiting.kind
        AND change.booking = waiting.booking)
