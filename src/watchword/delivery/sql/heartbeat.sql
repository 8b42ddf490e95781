-- How the workers' count stands; locked until the transaction ends.
SELECT database, count, at, at - now() AS put_back, now() - at AS silent
FROM delivery_heartbeat
FOR UPDATE
