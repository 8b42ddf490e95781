"""The operator of the demo: types the same commands as any other."""

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from watchword.demo.story import Story
from watchword.demo.watchers import Watcher

SOURCE = "harbor-county"
MAPPING = Path(__file__).with_name("harbor-county.yaml")


Command = Callable[[Sequence[str], str], str]
"""Runs `watchword` with these arguments and this standard input; gives back what it printed."""


class Operator:
    """Types commands, and reads what they print as any script would."""

    def __init__(self, command: Command) -> None:
        self._command = command

    def add_source(self) -> None:
        """Describe the county's feed."""
        self._run("source", "add", SOURCE, "--mapping", str(MAPPING))

    def open_source(self) -> None:
        """Anyone may see the county's list, and be told of anybody on it."""
        words = ("--open", "--who", "anyone", "--by", "demo", "--reason", "The roster is a public record.")
        self._command(["request", "rule", SOURCE, *words], "")

    def add_staff(self, name: str) -> str:
        """An officer of the county; their password."""
        words = ("--role", "officer", "--by", "demo", "--reason", "Somebody who looks at the demo.")
        made: dict[str, str] = self._run("staff", "add", name, *words)
        return made["password"]

    def load(self, roster: bytes) -> dict[str, Any]:
        """Take one roster in; what it turned out to be."""
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(roster)
            file.flush()
            loaded: dict[str, Any] = self._run("roster", "load", SOURCE, file.name)
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
            arguments += ["--detail"]
        if not story.is_held(watcher.watches):
            arguments += ["--watch"]
        made = self._run("register", *arguments, typed=watcher.pin + "\n")
        return int(made["registration"])

    def notices(self) -> list[dict[str, Any]]:
        """Every notice and its state."""
        notices: list[dict[str, Any]] = self._run("notices")
        return notices

    def open_incidents(self) -> list[dict[str, Any]]:
        """What waits for a person."""
        return [incident for incident in self._run("incidents") if incident["state"] == "open"]

    def _run(self, *arguments: str, typed: str = "") -> Any:
        return json.loads(self._command([*arguments, "--json"], typed))
