"""SQL that is too long for a line of Python lives in an app's `sql/` folder."""

from functools import cache
from importlib.resources import files


@cache
def load(package: str, name: str) -> str:
    """The text of `sql/<name>.sql` in that package."""
    return files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
