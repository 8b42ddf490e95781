-- An attempt for each delivery that was claimed just now, in this transaction.
INSERT INTO delivery_attempt (delivery_id, reference, number)
SELECT id, reference, attempts
FROM delivery_delivery
WHERE id = ANY(%(deliveries)b::bigint[])
