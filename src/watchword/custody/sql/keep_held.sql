-- Write down what is held, and by which roster it was said last. Parameter: roster.
INSERT INTO custody_heldchange AS waiting (incident_id, person_id, kind, booking, roster_id, twin)
SELECT change.incident_id, change.person_id, change.kind, change.booking, %(roster)s, twin.old_person_id
FROM change LEFT JOIN twin ON twin.stay_id = change.stay_id
WHERE held AND incident_id IS NOT NULL
ON CONFLICT (person_id, kind, booking) DO UPDATE SET roster_id = excluded.roster_id, incident_id = excluded.incident_id
