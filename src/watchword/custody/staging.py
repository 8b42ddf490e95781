"""Where a comparison is worked out: temporary tables, filled by COPY and read back as digests."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from psycopg import Cursor

from watchword.core import sql
from watchword.feeds.fields import FIELD_NAMES
from watchword.feeds.reading import BYTES, ReadRow

if TYPE_CHECKING:
    from watchword.feeds.fingerprints import Gone

_TABLES = (
    *("staged", "gone", "quarantined", "expected", "stay", "standing"),
    *("touched", "absent", "change", "staying", "twin", "unsaid", "kept", "pushed"),
)
_NULL = "\x05"
_BOOKING, _PROTECTED, _SEALED = (FIELD_NAMES.index(name) for name in ("booking_key", "protected", "sealed"))


class Staging:
    """The temporary tables of one comparison, in the caller's transaction."""

    def __init__(self, cursor: Any, source_id: int) -> None:
        self._cursor = cursor
        self._source = source_id
        cursor.execute(sql.load(__package__, "staging"))

    def run(self, name: str, **parameters: Any) -> None:
        """Run `sql/<name>.sql` with these parameters and the source's id."""
        self._cursor.execute(sql.load(__package__, name), {"source": self._source, **parameters})

    def rows(self, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """What `sql/<name>.sql` finds with these parameters and the source's id."""
        self.run(name, **parameters)
        found: list[tuple[Any, ...]] = self._cursor.fetchall()
        return found

    def value(self, query: str, *parameters: Any) -> Any:
        """The one value of a query."""
        self._cursor.execute(query, parameters)
        row = self._cursor.fetchone()
        return row[0] if row else None

    def execute(self, query: str, *parameters: Any) -> None:
        """Run a statement."""
        self._cursor.execute(query, parameters)

    def counts(self, which: str) -> dict[str, int]:
        """The changes by kind, {kind: count}, for which this condition is true."""
        self._cursor.execute(f"SELECT kind, count(*) FROM change WHERE {which} GROUP BY kind ORDER BY kind")  # noqa: S608
        return dict(self._cursor.fetchall())

    def analyze(self, *tables: str) -> None:
        """Tell the planner how much is staged: nobody else looks at temporary tables."""
        self._cursor.execute(f"ANALYZE {', '.join(tables)}")

    def known_lines(self) -> bytes:
        """Those of the source's records, 24 bytes each: the fingerprint and the id of its record."""
        return self._packed(
            "uuid_send(print) || int8send(id)",
            "SELECT id, unnest(fingerprints) AS print FROM custody_record WHERE source_id = %s AND listed",
            self._source,
        )

    def new_lines(self) -> bytes:
        """Those of the records that were compared, as they will be (lines.sql); packed as `known_lines` are."""
        return self._packed(
            "uuid_send(print) || int8send(id)",
            "SELECT coalesce(new_record_id, record_id) AS id, unnest(fingerprints) AS print FROM stay"
            " WHERE NOT EXISTS (SELECT FROM change WHERE change.stay_id = stay.id AND held)"
            " UNION ALL SELECT id, unnest(fingerprints) FROM custody_record JOIN staying ON record_id = id",
        )

    def sum_of(self, query: str, *parameters: Any) -> int:
        """The digests, the one column of this query, added up."""
        packed = self._packed("uuid_send(one.digest)", query, *parameters)
        return sum(int.from_bytes(packed[at : at + BYTES], "big") for at in range(0, len(packed), BYTES))

    def _packed(self, what: str, query: str, *parameters: Any) -> bytes:
        # One value for all rows, sent in binary: two million take 0.5 s; as rows they would take several seconds, as
        # text twice the memory.
        packing = f"SELECT string_agg({what}, '') FROM ({query}) one"  # noqa: S608
        with Cursor(self._cursor.connection) as cursor:
            found = cursor.execute(packing, parameters, binary=True).fetchone()
        packed: bytes = found[0] if found and found[0] else b""
        return packed

    def stage(self, rows: list[ReadRow]) -> int:
        """COPY these rows in; returns the sum of their digests."""
        with self._cursor.copy(f"COPY staged FROM STDIN (NULL '{_NULL}')") as copy:
            copy.write("".join(map(_copy_line, rows)))
        return sum(int.from_bytes(row.digest, "big") for row in rows)

    def take_as_gone(self, gone: "Gone") -> None:
        """Note these known lines as gone."""
        records = f"{{{','.join(map(str, gone.records))}}}"
        self._cursor.execute(  # in the order in which they lie on the disk
            "INSERT INTO standing SELECT record.* FROM ("
            "  SELECT DISTINCT id FROM unnest(%s::bigint[]) id"
            "  WHERE NOT EXISTS (SELECT FROM standing WHERE standing.id = id.id) ORDER BY id"
            ") one JOIN custody_record record USING (id)",
            [records],
        )
        self._cursor.execute(
            "INSERT INTO gone"
            " SELECT print, record.digests[array_position(record.fingerprints, print)], record.id"
            " FROM unnest(%s::uuid[], %s::bigint[]) AS line (print, record_id)"
            " JOIN standing record ON record.id = line.record_id",
            [f"{{{','.join(map(bytes.hex, gone.fingerprints))}}}", records],
        )

    def take_all_as_gone(self) -> None:
        """Note all known lines as gone."""
        self._cursor.execute(
            "INSERT INTO standing SELECT * FROM custody_record record WHERE source_id = %s AND listed"
            " AND NOT EXISTS (SELECT FROM standing WHERE standing.id = record.id)",
            [self._source],
        )
        self._cursor.execute(
            "INSERT INTO gone SELECT line.*, record.id"
            " FROM standing record, unnest(record.fingerprints, record.digests) AS line WHERE record.listed"
        )

    def put_unsaid(self, rows: Iterable[tuple[bytes, Iterable[str]]]) -> None:
        """Note which fields these rows, by their digests, do not speak of."""
        with self._cursor.copy("COPY unsaid FROM STDIN") as copy:
            copy.write("".join(f"{digest.hex()}\t{{{','.join(fields)}}}\n" for digest, fields in rows))

    def clear(self) -> None:
        """Empty the tables: another part of the same roster is compared."""
        self._cursor.execute(f"TRUNCATE {', '.join(_TABLES)}")

    def put(self, table: str, values: Iterable[str]) -> None:
        """COPY one column of words in."""
        with self._cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write("".join(value.replace("\\", "\\\\") + "\n" for value in values))


def _copy_line(row: ReadRow) -> str:
    values = list(row.values)
    values[_BOOKING] = values[_BOOKING] or ""
    values[_PROTECTED] = values[_PROTECTED] or "f"
    values[_SEALED] = values[_SEALED] or "f"
    cells = [row.fingerprint.hex(), row.digest.hex(), row.earlier_released_at, *values]
    return "\t".join([_NULL if cell is None else cell for cell in cells]).replace("\\", "\\\\") + "\n"
