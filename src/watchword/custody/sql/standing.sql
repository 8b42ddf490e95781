-- All records of the people who have a stay staged.
INSERT INTO standing (record_id, person_id, booking, booked_at, active, listed)
SELECT id, person_id, booking, booked_at, status IN ('in_custody', 'furloughed'), listed
FROM custody_record WHERE person_id IN (SELECT person_id FROM stay)
