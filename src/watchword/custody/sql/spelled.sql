-- Places as the staged rows spell them, where the source is not known to spell them so. Parameters: source, longest
-- (characters), most (of each field).
WITH said AS (
    SELECT CASE WHEN grouping(facility) = 0 THEN 'facility' ELSE 'birth_country' END AS field,
           CASE WHEN grouping(facility) = 0 THEN facility ELSE birth_country END AS said
    FROM staged GROUP BY GROUPING SETS ((facility), (birth_country))
), new AS (
    SELECT field, said, row_number() OVER (PARTITION BY field ORDER BY said) AS place
    FROM said
    WHERE length(said) <= %(longest)s AND NOT EXISTS (
        SELECT FROM feeds_spelling known
        WHERE known.source_id = %(source)s AND known.field = said.field AND known.said = said.said)
)
SELECT field, said FROM new WHERE place <= %(most)s
