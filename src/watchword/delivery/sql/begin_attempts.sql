INSERT INTO delivery_attempt (delivery_id, reference, number)
SELECT * FROM unnest(%(deliveries)s::bigint[], %(refs)s::uuid[], %(numbers)s::smallint[])
