-- Deliveries claimed by a worker whose advisory lock nobody holds any more.
SELECT id, reference
FROM delivery_delivery
WHERE state = 'claimed'
  AND NOT EXISTS (
      SELECT FROM pg_locks AS l
      WHERE l.locktype = 'advisory'
        AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.classid = %(locks)s
        AND l.objid = worker
  )
FOR UPDATE SKIP LOCKED
