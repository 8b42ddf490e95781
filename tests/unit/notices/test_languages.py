"""A template file that lacks something, or names what nothing fills, is refused before anything is sent."""

from importlib.resources import files
from typing import Any

import pytest
import yaml

from watchword.notices.languages import TemplateError, read_language


def english() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (files("watchword.notices") / "templates/en.yaml").read_text("utf-8")
    )
    return content


def test_what_we_ship_is_read() -> None:
    assert read_language("en", yaml.safe_dump(english())).version == "en-1"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["kinds", "escaped"], None, "escaped"),
        (["kinds", "evaporated"], {"subject": "x", "lines": [], "text": []}, "evaporated"),
        (["neutral", "text"], None, "text"),
        (["neutral", "text"], "{person} was released {link}", "person"),
        (["neutral", "shout"], "x", "shout"),
        (["kinds", "escaped", "lines"], ["{persn} escaped."], "persn"),
        (["kinds", "escaped", "subject"], "{link}", "link"),
        (["kinds", "escaped", "lines"], ["{person} escaped on {when}."], "no more than"),
        (["kinds", "escaped", "text"], ["{person} escaped on {when}."], "no more than"),
        (["person"], ["{nickname}"], "nickname"),
        (["status"], "perfect", "status"),
        (["status"], None, "status"),
    ],
)
def test_a_fault_is_named(path: list[str], value: Any, said: str) -> None:
    content = english()
    place = content
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    with pytest.raises(TemplateError, match=said):
        read_language("en", yaml.safe_dump(content))
