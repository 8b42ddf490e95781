-- What these people are found by, as their records have it. Where a birth date is not known, the age is as of now.
-- Parameters: people.
SELECT person.id,
       person.key,
       EXISTS (SELECT FROM custody_protection WHERE custody_protection.person_id = person.id)
           OR bool_or(record.protected OR record.sealed
                      OR coalesce(record.birth_date > current_date - interval '18 years',
                                  record.listed AND record.age < 18, false)) AS hidden,
       array_agg(DISTINCT record.booking) AS bookings,
       array_agg(DISTINCT concat_ws(' ', record.first_name, record.middle_name)) AS given,
       array_agg(DISTINCT record.last_name) FILTER (WHERE record.last_name IS NOT NULL) AS family,
       array_agg(array_to_string(record.also_known_as, E'\n')) FILTER (WHERE record.also_known_as <> '{}') AS others,
       coalesce(min(record.birth_date), (current_date - make_interval(years => max(record.age) + 2))::date) AS born_first,
       coalesce(max(record.birth_date), (current_date - make_interval(years => min(record.age)))::date) AS born_last,
       (array_agg(record.birth_country ORDER BY record.id DESC)
            FILTER (WHERE record.birth_country IS NOT NULL))[1] AS birth_country
FROM custody_person person
JOIN custody_record record ON record.person_id = person.id
WHERE person.id = ANY(%(people)s)
GROUP BY person.id
