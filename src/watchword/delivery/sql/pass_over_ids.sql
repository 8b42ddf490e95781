-- More ids than a day's notices could have used are left out.
SELECT setval(pg_get_serial_sequence('delivery_delivery', 'id'), nextval(pg_get_serial_sequence('delivery_delivery', 'id')) + 1000000)
