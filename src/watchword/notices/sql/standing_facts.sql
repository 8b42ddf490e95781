-- For each notice without an event: the record that says where its person stands now (of several, one that holds
-- them; else one that says they died; else the newest), when the source's last list came, since when it was quiet, and
-- which contact point was stopped, or muted for this registration.
SELECT
    notice.id AS notice,
    notice.kind,
    notice.occasion,
    quiet.quiet_from,
    person.key AS number,
    record.first_name,
    record.last_name,
    record.suffix,
    record.facility,
    record.status,
    record.status_at,
    record.destination,
    record.release_kind,
    record.expected_release_on,
    last_list.as_of,
    registrant.time_zone,
    stopped.channel AS stopped_channel,
    stopped.address AS stopped_address,
    stopped.is_muted,
    person.source_id AS source
FROM notices_notice notice
JOIN registrants_registration registration ON registration.id = notice.registration_id
JOIN registrants_registrant registrant ON registrant.id = registration.registrant_id
JOIN custody_person person ON person.id = registration.person_id
LEFT JOIN LATERAL (
    SELECT *
    FROM custody_record
    WHERE custody_record.person_id = person.id
    ORDER BY status IN ('in_custody', 'furloughed') DESC, status = 'died' DESC, booked_at DESC NULLS LAST, id DESC
    LIMIT 1
) record ON true
CROSS JOIN LATERAL (
    SELECT max(upper(span)) AS quiet_from
    FROM unnest(registration.entitled) span
    WHERE upper(span) <= notice.occasion
) quiet
LEFT JOIN LATERAL (
    SELECT roster.received_at AS as_of
    FROM feeds_roster roster
    WHERE roster.source_id = person.source_id AND roster.shape = 'listing'
      AND roster.outcome IN ('baseline', 'news', 'unchanged', 'duplicate')
    ORDER BY roster.id DESC
    LIMIT 1
) last_list ON true
LEFT JOIN LATERAL (
    SELECT point.channel, point.address, mute.since IS NOT DISTINCT FROM notice.occasion AS is_muted
    FROM registrants_contactpoint point
    LEFT JOIN registrants_mute mute ON mute.contact_point_id = point.id AND mute.registration_id = registration.id
    WHERE notice.kind = 'contact_stopped'
      AND point.registrant_id = registration.registrant_id
      AND notice.occasion IN (point.stopped_at, mute.since)
    ORDER BY point.id
    LIMIT 1
) stopped ON true
WHERE notice.id = ANY(%(notices)s) AND notice.event_id IS NULL
