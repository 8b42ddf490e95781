"""The table of fields in docs/reference/roster.md: `python -m watchword.feeds.fields_page docs/reference/roster.md`."""

import sys
from pathlib import Path

from watchword.feeds.fields import FIELDS

_BEGIN = "<!-- Made from src/watchword/feeds/fields.py by `make docs`; change it there. -->\n"
_END = "<!-- The end of what is made. -->\n"


def table() -> str:
    """The canonical fields, one a row."""
    rows = ["| field | read as | meaning |\n|---|---|---|\n"]
    for field in FIELDS:
        codes = f" One of {', '.join(f'`{code}`' for code in field.codes)}." if field.codes else ""
        rows.append(f"| `{field.name}` | {field.kind.value} | {field.meaning}{codes} |\n")
    return "".join(rows)


def with_table(page: str) -> str:
    """The page with its table as it should be."""
    before, _, rest = page.partition(_BEGIN)
    return before + _BEGIN + "\n" + table() + "\n" + _END + rest.partition(_END)[2]


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_table(path.read_text()))
