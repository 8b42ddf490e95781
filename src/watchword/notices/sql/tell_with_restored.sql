-- What changed while we could not see goes in the message that says that we can: one message, as urgent as the most urgent
-- in it. What is on its way already stays alone. Parameters: roster, over_at.
WITH message AS (
    SELECT restored.id AS leader, notice.id, notice.urgency, notice.wakes
    FROM custody_event event
    JOIN registrants_registration registration ON registration.person_id = event.person_id
    JOIN notices_notice restored
        ON restored.registration_id = registration.id AND restored.kind = 'feed_restored'
       AND restored.occasion = %(over_at)s AND restored.event_id IS NULL AND NOT restored.planned
    JOIN notices_notice notice
        ON notice.registration_id = registration.id AND notice.event_id = event.id
       AND NOT notice.planned AND notice.state = 'open'
    WHERE event.roster_id = %(roster)s AND event.kind <> 'updated'
), pressing AS (
    SELECT leader, min(urgency) AS urgency, bool_or(wakes) AS wakes  -- 'immediate' comes before 'routine'
    FROM message GROUP BY leader
), told AS (
    SELECT message.id, message.leader AS told_with_id, pressing.urgency, pressing.wakes
    FROM message JOIN pressing USING (leader)
    UNION ALL
    SELECT leader, NULL, urgency, wakes FROM pressing
)
UPDATE notices_notice notice
SET told_with_id = told.told_with_id,
    urgency = least(notice.urgency, told.urgency),
    wakes = notice.wakes OR told.wakes
FROM told
WHERE notice.id = told.id
