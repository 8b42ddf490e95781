"""Facts as rule files name them, held to the classes of the facts."""

import difflib
import typing
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from watchword.core.located_yaml import Path
from watchword.law.facts import Conviction, Facts, PendingCase
from watchword.law.parts import Unusable


def checked_path(said: Any, path: Path) -> tuple[str, ...]:
    """`warrant.issuer` as the names on the way to the fact; Unusable where there is no such fact."""
    names = str(said).split(".")
    _type_of(names, path)
    return tuple("class_" if name == "class" else name for name in names)


def checked_values(said: Any, values: list[Any], path: Path) -> None:
    """Unusable where the fact can never have one of these values."""
    possible = _type_of(str(said).split("."), path)
    choices = [choice for part in possible if get_origin(part) is typing.Literal for choice in get_args(part)]
    is_yes_or_no = bool in possible
    for value in values:
        if choices and value not in choices:
            raise Unusable(path, f"{said} is never {value!r}; it is one of {', '.join(map(str, choices))}")
        if is_yes_or_no is not isinstance(value, bool):
            raise Unusable(
                path, f"{said} is {'true or false' if is_yes_or_no else 'a word'}, never {value!r}"
            )


def _type_of(names: list[str], path: Path) -> list[Any]:
    """What the fact may be; `it` is a conviction or a pending case."""
    kinds: list[type[BaseModel]] = [Conviction, PendingCase] if names[0] == "it" else [Facts]
    possible: list[Any] = []
    for name in names[1:] if names[0] == "it" else names:
        fields: dict[str, list[Any]] = {}
        for kind in kinds:
            for field, info in kind.model_fields.items():
                fields.setdefault(info.alias or field, []).extend(flat(info.annotation))
        if name not in fields:
            near = difflib.get_close_matches(name, fields, 1)
            remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(fields)}"
            raise Unusable(path, f"there is no fact {name!r}; {remedy}")
        possible = fields[name]
        kinds = [part for part in possible if isinstance(part, type) and issubclass(part, BaseModel)]
    return possible


def flat(annotation: Any) -> list[Any]:
    """The parts of a union, without what pydantic adds to them."""
    origin = get_origin(annotation)
    if origin is typing.Annotated:
        return flat(get_args(annotation)[0])
    if origin is typing.Union or isinstance(annotation, UnionType):
        return [each for part in get_args(annotation) for each in flat(part)]
    return [annotation]
