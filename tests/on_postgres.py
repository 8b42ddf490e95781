"""Run a command on another PostgreSQL of this machine: `python -m tests.on_postgres 15 COMMAND...`.

The server is made for the command, from the programs of that major version as Debian installs them, and is gone
after it; the command finds it in DATABASE_URL. Where that version is not installed, the command is left out and
named, and in continuous integration (CI=true) that fails.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.environment import throw_away_postgres, url_of


def main(version: str, *command: str) -> int:
    programs = Path(f"/usr/lib/postgresql/{version}/bin")
    if not (programs / "initdb").exists():
        print(f"SKIPPED: PostgreSQL {version} is not installed, so this did not run: {' '.join(command)}")
        return int(os.environ.get("CI") == "true")
    with throw_away_postgres(programs) as server:
        print(f"On PostgreSQL {version}: {' '.join(command)}", flush=True)
        environment = os.environ | {"DATABASE_URL": url_of(server.connection_options)}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
