-- Deliveries claimed by a worker whose advisory lock nobody holds any more, or that has had them for so long that it must
-- have stalled: a process that is stopped, or a machine that is, may keep its lock.
SELECT d.id, d.reference
FROM delivery_delivery AS d
WHERE d.state = 'claimed'
  AND (
      NOT EXISTS (
          SELECT FROM pg_locks AS l
          WHERE l.locktype = 'advisory'
            AND l.granted
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.classid = %(locks)s
            AND l.objid = d.worker
      )
      OR EXISTS (
          SELECT FROM delivery_attempt AS a
          WHERE a.reference = d.reference AND a.started_at < now() - %(longest_seconds)s * interval '1 second'
      )
  )
FOR UPDATE OF d SKIP LOCKED
