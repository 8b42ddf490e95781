-- How attempts ended. A column that is null as a whole is null in every row; an attempt without a word was accepted.
UPDATE delivery_attempt AS a
SET outcome = coalesce(e.outcome, 'accepted'), provider_id = coalesce(e.provider_id, a.provider_id), error = e.error
FROM unnest(%(refs)b::uuid[], %(outcomes)b::text[], %(provider_ids)b::text[], %(errors)b::text[])
    AS e (reference, outcome, provider_id, error)
WHERE a.reference = e.reference
