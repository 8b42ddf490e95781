-- How many workers hold their lock.
SELECT count(*)
FROM pg_locks
WHERE locktype = 'advisory'
  AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid = %(locks)s
