-- Places as the staged rows spell them, where the source is not known to spell them so. Parameters: source, longest
-- (characters), most (of each field).
WITH said AS (
    (SELECT DISTINCT 'facility' AS field, facility AS said FROM staged)
    UNION ALL
    (SELECT DISTINCT 'birth_country', birth_country FROM staged)
), new AS (
    SELECT field, said, row_number() OVER (PARTITION BY field ORDER BY said) AS place
    FROM said
    WHERE length(said) <= %(longest)s AND NOT EXISTS (
        SELECT FROM feeds_spelling known
        WHERE known.source_id = %(source)s AND known.field = said.field AND known.said = said.said)
)
SELECT field, said FROM new WHERE place <= %(most)s
