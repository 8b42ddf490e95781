UPDATE delivery_attempt AS a
SET outcome = e.outcome, provider_id = coalesce(e.provider_id, a.provider_id), error = e.error
FROM unnest(%(refs)s::uuid[], %(outcomes)s::text[], %(provider_ids)s::text[], %(errors)s::text[])
    AS e (reference, outcome, provider_id, error)
WHERE a.reference = e.reference
