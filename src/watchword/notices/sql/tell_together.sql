-- What one roster tells one registration goes as one message, in the events' order: the first notice leads, the others
-- are told with it, and all press as the most urgent of them does, and wake if one does. Those already on their way stay
-- alone. Only people with several events are looked at.
WITH several AS (
    SELECT id, person_id
    FROM (
        SELECT id, person_id, count(*) OVER (PARTITION BY person_id) AS events
        FROM custody_event
        WHERE roster_id = %(roster)s AND kind <> 'updated'
    ) AS event
    WHERE events > 1
), waiting AS MATERIALIZED (
    SELECT notice.id, notice.registration_id, notice.event_id, notice.urgency, notice.wakes
    FROM several
    JOIN registrants_registration registration ON registration.person_id = several.person_id
    JOIN notices_notice notice ON notice.registration_id = registration.id AND notice.event_id = several.id
    WHERE NOT notice.planned AND notice.state = 'open' AND notice.told_with_id IS NULL
    FOR NO KEY UPDATE OF notice
), message AS (
    SELECT
        id,
        first_value(id) OVER (PARTITION BY registration_id ORDER BY event_id) AS leader,
        count(*) OVER (PARTITION BY registration_id) AS notices,
        min(urgency) OVER (PARTITION BY registration_id) AS urgency,  -- 'immediate' comes before 'routine'
        bool_or(wakes) OVER (PARTITION BY registration_id) AS wakes
    FROM waiting
)
UPDATE notices_notice notice
SET told_with_id = nullif(message.leader, notice.id), urgency = message.urgency, wakes = message.wakes
FROM message
WHERE notice.id = message.id AND message.notices > 1
