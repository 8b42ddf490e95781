"""The operator of the demo: types the same commands as any other, one process each."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watchword.core.errors import WatchwordError
from watchword.demo.story import Story
from watchword.demo.watchers import Watcher

SOURCE = "harbor-county"
MAPPING = Path(__file__).with_name("harbor-county.yaml")


class Operator:
    """Runs `watchword ...` in the demo's own environment."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._environment = os.environ | dict(settings)

    def add_source(self) -> None:
        """Describe the county's feed."""
        self._run("source", "add", SOURCE, "--mapping", str(MAPPING))

    def load(self, roster: bytes) -> dict[str, Any]:
        """Take one roster in; what it turned out to be."""
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(roster)
            file.flush()
            loaded: dict[str, Any] = self._run("roster", "load", SOURCE, file.name, "--json")
        return loaded

    def register(self, watcher: Watcher, story: Story) -> int:
        """Register a watcher whose contacts the operator has verified; the registration's number."""
        arguments = ["--source", SOURCE, "--person", story.person_key(watcher.watches)]
        arguments += ["--language", watcher.language, "--pin-stdin", "--verified", "--by", "demo"]
        if watcher.email:
            arguments += ["--email", watcher.email]
        if watcher.phone:
            arguments += ["--phone", watcher.phone]
        if watcher.allows_detail:
            arguments += ["--allows-detail"]
        if not story.is_held(watcher.watches):
            arguments += ["--watch"]
        made = self._run("register", *arguments, "--json", typed=watcher.pin + "\n")
        return int(made["registration"])

    def notices(self) -> list[dict[str, Any]]:
        """Every notice and its state."""
        notices: list[dict[str, Any]] = self._run("notices", "--json")
        return notices

    def open_incidents(self) -> list[dict[str, Any]]:
        """What waits for a person."""
        return [incident for incident in self._run("incidents", "--json") if incident["state"] == "open"]

    def _run(self, *arguments: str, typed: str = "") -> Any:
        """What the command printed, read as JSON where it printed any."""
        done = subprocess.run(
            [sys.executable, "-m", "watchword", *arguments],
            env=self._environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise WatchwordError(f"watchword {' '.join(arguments[:2])} failed: {done.stderr.strip()[-2000:]}")
        return json.loads(done.stdout) if "--json" in arguments else None
