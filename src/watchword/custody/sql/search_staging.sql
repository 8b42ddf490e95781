-- Where entries of the search are made.
CREATE TEMP TABLE IF NOT EXISTS entry_made (
    person_id bigint PRIMARY KEY, hidden boolean NOT NULL, words text[] NOT NULL, born_first date, born_last date,
    birth_country text NOT NULL
);
CREATE TEMP TABLE IF NOT EXISTS word_dropped (word text NOT NULL, hidden boolean NOT NULL);
TRUNCATE entry_made, word_dropped;
