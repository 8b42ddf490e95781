-- The entries in `entry_made` take the place of the old ones, and words that nobody of that kind has any more go.
-- Parameters: source, people.
WITH before AS (
    SELECT person_id, hidden, words FROM custody_searchentry WHERE person_id = ANY(%(people)s)
), put AS (
    INSERT INTO custody_searchentry (person_id, source_id, hidden, words, born_first, born_last, birth_country)
    SELECT person_id, %(source)s, hidden, words, born_first, born_last, birth_country FROM entry_made
    ON CONFLICT (person_id) DO UPDATE SET
        hidden = excluded.hidden, words = excluded.words, born_first = excluded.born_first,
        born_last = excluded.born_last, birth_country = excluded.birth_country
), dropped AS (
    SELECT DISTINCT word, kind.hidden
    FROM before JOIN entry_made made USING (person_id)
    CROSS JOIN (VALUES (true), (false)) AS kind (hidden)
    CROSS JOIN LATERAL unnest(before.words) AS word
    WHERE word NOT LIKE '#%%' AND (made.hidden <> kind.hidden OR word <> ALL (made.words))
)
INSERT INTO word_dropped SELECT word, hidden FROM dropped;

DELETE FROM custody_searchword known
USING word_dropped
WHERE known.word = word_dropped.word AND known.hidden = word_dropped.hidden
  AND CASE WHEN known.hidden
        THEN NOT EXISTS (SELECT FROM custody_searchentry WHERE hidden AND words @> ARRAY[known.word])
        ELSE NOT EXISTS (SELECT FROM custody_searchentry WHERE NOT hidden AND words @> ARRAY[known.word])
      END;
