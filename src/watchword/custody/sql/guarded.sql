-- What was pushed after this list was made: it does not undo it, unless the row says a later status. Whoever was spoken of
-- is not absent. Parameters: source, made_at.

INSERT INTO pushed
SELECT event.record_id, event.person_id, bool_or(event.kind = 'booked'), array_agg(DISTINCT field.name)
FROM feeds_roster roster
JOIN custody_event event ON event.roster_id = roster.id
CROSS JOIN LATERAL jsonb_object_keys(event.after) AS field (name)
WHERE roster.source_id = %(source)s AND roster.shape <> 'listing' AND roster.received_at > %(made_at)s
GROUP BY event.person_id, event.record_id;

INSERT INTO quarantined SELECT DISTINCT key FROM pushed JOIN custody_person ON custody_person.id = pushed.person_id;

INSERT INTO kept (stay_id, fields)
SELECT stay.id,
       CASE WHEN pushed.booked THEN ARRAY(SELECT jsonb_object_keys(to_jsonb(standing)))
            ELSE pushed.fields END
FROM pushed
JOIN stay ON stay.record_id = pushed.record_id
JOIN standing ON standing.id = pushed.record_id
WHERE (stay.how = 'same' OR stay.how = 'rebooked' AND (pushed.booked OR 'booked_at' = ANY(pushed.fields)))
  AND NOT coalesce(stay.status_at > standing.status_at, false);

UPDATE stay SET how = 'same' FROM kept WHERE kept.stay_id = stay.id;
