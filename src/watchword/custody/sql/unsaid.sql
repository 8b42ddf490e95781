-- What a pushed row does not speak of stays as the record says it; of a new stay, who the person is. What belongs to a
-- status (when it began, how and where to) does not outlive it.
INSERT INTO kept (stay_id, fields)
SELECT stay.id, ARRAY(
    SELECT field FROM unnest(unsaid.fields) AS field
    WHERE CASE
            WHEN stay.how <> 'same' THEN field = ANY(ARRAY[
                'last_name', 'first_name', 'middle_name', 'suffix', 'also_known_as', 'birth_date', 'age', 'birth_country',
                'protected'])
            WHEN field IN ('status_at', 'released_at', 'release_kind', 'destination')
                THEN 'status' = ANY(unsaid.fields) OR stay.status = standing.status
            ELSE field NOT IN ('person_key', 'booking_key')
          END)
FROM stay JOIN unsaid USING (digest) LEFT JOIN standing ON standing.id = stay.record_id;
