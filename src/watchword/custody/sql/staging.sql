-- Where one comparison is worked out; emptied by the end of its transaction.

SET LOCAL work_mem = '64MB';  -- tens of thousands of changes are sorted without a file

-- The rows that were not known, as read.
CREATE TEMP TABLE IF NOT EXISTS staged (
    fingerprint uuid NOT NULL, digest uuid NOT NULL, earlier_released_at timestamptz,
    person_key text NOT NULL, booking text NOT NULL,
    last_name text, first_name text, middle_name text, suffix text, also_known_as text[],
    birth_date date, age smallint, birth_country text, facility text,
    status text NOT NULL, status_at timestamptz, booked_at timestamptz, released_at timestamptz, release_kind text,
    destination text, expected_release_on date, next_court_at timestamptz, next_court_place text,
    charges text[], protected boolean NOT NULL, sealed boolean NOT NULL
) ON COMMIT DELETE ROWS;

-- The known lines that the roster does not have any more.
CREATE TEMP TABLE IF NOT EXISTS gone (
    fingerprint uuid NOT NULL, digest uuid NOT NULL, record_id bigint NOT NULL
) ON COMMIT DELETE ROWS;

-- Keys of people with a row in quarantine: they are not absent.
CREATE TEMP TABLE IF NOT EXISTS quarantined (person_key text NOT NULL) ON COMMIT DELETE ROWS;

-- The people whom the rows speak of, as far as they are known (expected.sql).
CREATE TEMP TABLE IF NOT EXISTS expected (person_id bigint PRIMARY KEY, person_key text NOT NULL) ON COMMIT DELETE ROWS;

-- The bookings of the staged rows, each once; `how` says what it is to what we knew.
CREATE TEMP TABLE IF NOT EXISTS stay (
    LIKE staged, person_id bigint,
    fingerprints uuid[] NOT NULL, digests uuid[] NOT NULL,  -- of its rows
    record_id bigint,              -- the record it continues, or (how = 'rebooked') the one whose stay has ended
    how text,                      -- same, rebooked, booked
    new_record_id bigint,
    id bigint GENERATED ALWAYS AS IDENTITY
) ON COMMIT DELETE ROWS;

-- All records of the people of those stays, as they stood.
CREATE TEMP TABLE IF NOT EXISTS standing (LIKE custody_record, PRIMARY KEY (id)) ON COMMIT DELETE ROWS;

-- The records that the gone lines belonged to: changed, or absent.
CREATE TEMP TABLE IF NOT EXISTS touched (
    record_id bigint PRIMARY KEY, person_id bigint NOT NULL, booking text NOT NULL, booked_at timestamptz,
    active boolean NOT NULL,
    digest uuid                    -- of what its line (or lines) said
) ON COMMIT DELETE ROWS;

-- Those of them that stand as active, and that no row continues. The planner takes it as it is, whatever it last heard of the
-- tables that stay: with a guess of one row it would look through all stays for each record.
CREATE TEMP TABLE IF NOT EXISTS absent (record_id bigint PRIMARY KEY) ON COMMIT DELETE ROWS;

-- What changed: one row for each event to be.
CREATE TEMP TABLE IF NOT EXISTS change (
    record_id bigint,              -- null for a booking of a new record
    stay_id bigint,              -- null for an absence
    person_id bigint NOT NULL, kind text NOT NULL, place smallint NOT NULL,
    unit bigint,                   -- changes of one unit are held together
    source_at timestamptz, before jsonb NOT NULL, after jsonb NOT NULL, booking text NOT NULL,
    incident_id bigint, held boolean NOT NULL DEFAULT false
) ON COMMIT DELETE ROWS;

-- What waits is looked up in it one by one where the planner takes it for little.
CREATE INDEX IF NOT EXISTS change_held ON change (person_id, kind, booking) WHERE held;

-- Records whose old lines stay: absent not for long enough, in quarantine, or held.
CREATE TEMP TABLE IF NOT EXISTS staying (record_id bigint PRIMARY KEY) ON COMMIT DELETE ROWS;

-- People who seem to be listed under another number now (twins.sql).
CREATE TEMP TABLE IF NOT EXISTS twin (
    record_id bigint NOT NULL, stay_id bigint NOT NULL, old_person_id bigint NOT NULL,
    fresh boolean NOT NULL         -- neither side waits already
) ON COMMIT DELETE ROWS;

-- Of pushed rows: the fields that they do not speak of.
CREATE TEMP TABLE IF NOT EXISTS unsaid (digest uuid PRIMARY KEY, fields text[] NOT NULL) ON COMMIT DELETE ROWS;

-- Stays of which some fields keep the record's word: not spoken of, or pushed after the list was made (keep.sql).
CREATE TEMP TABLE IF NOT EXISTS kept (stay_id bigint PRIMARY KEY, fields text[] NOT NULL) ON COMMIT DELETE ROWS;

-- Records that were pushed after a list was made, and the fields that were spoken of.
CREATE TEMP TABLE IF NOT EXISTS pushed (
    record_id bigint PRIMARY KEY, person_id bigint NOT NULL, booked boolean NOT NULL, fields text[] NOT NULL
) ON COMMIT DELETE ROWS;
