-- The messages, by the notices that lead them, that tell of these events and of nothing else.
WITH wrong AS (
    SELECT n.id, coalesce(n.told_with_id, n.id) AS leader
    FROM custody_event AS e
    JOIN registrants_registration AS r ON r.person_id = e.person_id
    JOIN notices_notice AS n ON n.registration_id = r.id AND n.event_id = e.id
    WHERE e.id = ANY(%(events)s::bigint[]) AND n.state = 'open'
)
SELECT leader
FROM wrong
GROUP BY leader
HAVING count(*) = (SELECT count(*) FROM notices_notice AS n WHERE n.id = wrong.leader)
                + (SELECT count(*) FROM notices_notice AS n WHERE n.told_with_id = wrong.leader)
