"""Whether the right people were told the right things, and nothing else happened."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from watchword.demo.expected import Told


def differences(
    expected: Iterable[Told],
    notices: Iterable[Mapping[str, Any]],
    registrations: Mapping[int, str],
    incidents: Iterable[Mapping[str, Any]],
) -> list[str]:
    """What is not as it must be, a sentence each; nothing where everything is.

    `registrations` gives the watcher's name by the registration's number. Each expected notice must be there once and
    confirmed, no other may be there in any state, and one incident must be open: that of the empty file.
    """
    notices = list(notices)
    confirmed = Counter(_told(notice, registrations) for notice in notices if notice["state"] == "confirmed")
    wanted = Counter(expected)
    wrong = [f"{told.watcher} was not told: {told.kind}." for told in (wanted - confirmed).elements()]
    wrong += [f"{told.watcher} was told too much: {told.kind}." for told in (confirmed - wanted).elements()]
    wrong += [
        f"The notice to {told.watcher} is {notice['state']}: {told.kind}."
        for notice in notices
        if notice["state"] != "confirmed" and (told := _told(notice, registrations))
    ]
    kinds = [incident["kind"] for incident in incidents]
    if kinds != ["empty_roster"]:
        wrong.append(f"One incident must be open, empty_roster; open are: {', '.join(kinds) or 'none'}.")
    return wrong


def _told(notice: Mapping[str, Any], registrations: Mapping[int, str]) -> Told:
    registration = notice["registration"]
    return Told(registrations.get(registration, f"unknown registration {registration}"), notice["kind"])
