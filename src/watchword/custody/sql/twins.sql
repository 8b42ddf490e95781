-- People who are gone, and whose names and dates stand under a number never seen: the same people, it seems, renumbered.
-- Only where one of each fits: a common name without a birthday is nobody's.
WITH gone_person AS MATERIALIZED (
    SELECT change.record_id, record.person_id, change.held,
           lower(record.last_name) AS last_name, lower(coalesce(record.first_name, '')) AS first_name,
           record.birth_date, record.booked_at
    FROM change JOIN custody_record record ON record.id = change.record_id
    WHERE change.kind = 'vanished' AND change.unit IS NULL AND record.last_name IS NOT NULL
), come AS MATERIALIZED (
    SELECT stay.id AS stay_id, change.held,
           lower(stay.last_name) AS last_name, lower(coalesce(stay.first_name, '')) AS first_name,
           stay.birth_date, stay.booked_at
    FROM change JOIN stay ON stay.id = change.stay_id
    WHERE change.kind = 'booked' AND stay.how = 'booked' AND stay.last_name IS NOT NULL
      AND stay.person_id NOT IN (SELECT person_id FROM standing)
), pair AS (
    SELECT gone_person.record_id, come.stay_id, gone_person.person_id, NOT gone_person.held AND NOT come.held AS fresh,
           count(*) OVER (PARTITION BY gone_person.record_id) AS fit_the_old,
           count(*) OVER (PARTITION BY come.stay_id) AS fit_the_new
    FROM gone_person JOIN come USING (last_name, first_name)
    WHERE (gone_person.birth_date IS NOT NULL OR gone_person.booked_at IS NOT NULL)
      AND (gone_person.birth_date IS NULL OR come.birth_date = gone_person.birth_date)
      AND (gone_person.birth_date IS NOT NULL OR come.booked_at = gone_person.booked_at)
)
INSERT INTO twin (record_id, stay_id, old_person_id, fresh)
SELECT record_id, stay_id, person_id, fresh FROM pair WHERE fit_the_old = 1 AND fit_the_new = 1;
