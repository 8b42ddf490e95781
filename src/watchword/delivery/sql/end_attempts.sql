-- How attempts ended. A column that is null as a whole is null in every row; an attempt without a word was accepted.
-- What the provider has meanwhile said that it took stays so, whatever became of its answer.
UPDATE delivery_attempt AS a
SET outcome = coalesce(e.outcome, 'accepted'), provider_id = coalesce(e.provider_id, a.provider_id), error = e.error
FROM unnest(%(refs)b::uuid[], %(outcomes)b::text[], %(provider_ids)b::text[], %(errors)b::text[])
    AS e (reference, outcome, provider_id, error)
WHERE a.reference = e.reference AND (a.outcome IS DISTINCT FROM 'accepted' OR coalesce(e.outcome, 'accepted') = 'accepted')
