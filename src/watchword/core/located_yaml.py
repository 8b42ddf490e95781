"""YAML whose every part knows its line and column, and in which words such as `no` and dates stay words."""

from typing import Any

import yaml

from watchword.core.errors import WatchwordError

Path = tuple[int | str, ...]
"""Where something stands in a file: ("columns", "age")."""


class FileError(WatchwordError):
    """A file of ours that cannot be used; the message names each line, column and remedy."""


class _Loader(yaml.SafeLoader):
    """Safe YAML in which only true and false are booleans: `Y`, `N`, `no` and `on` are words in rosters."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; MarkedYAMLError where it says a key twice (YAML itself would take the last)."""
        said = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in said:
                    raise yaml.MarkedYAMLError(
                        problem=f"{key.value!r} stands here for the second time; keep one",
                        problem_mark=key.start_mark,
                    )
                said.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(text: str, called: str, error_kind: type[FileError]) -> tuple[yaml.Node | None, Any]:
    """The nodes of this YAML, which know their places, and what it says; such an error where it is none."""
    try:
        return yaml.compose(text, Loader=_Loader), yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise error_kind(f"{called} is not readable YAML. {where}{error.problem}.") from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        where = f"line {before.count(chr(10)) + 1}, column {error.position - before.rfind(chr(10))}"
        raise error_kind(
            f"{called} is not readable YAML. {where}: a control character; write it in double quotes, "
            'such as "\\t".'
        ) from None
    except RecursionError:
        raise error_kind(f"{called} is not readable YAML: it is nested too deeply.") from None


def located(node: yaml.Node | None, path: Path, message: str) -> str:
    """`line 4, column 3: columns.booked_at: ...` for the deepest part of the path that the text has."""
    at = node.start_mark if node else None
    path = tuple(step for step in path if step != "[key]")
    for step in path:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    at, node = key.start_mark, value
                    break
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            at = node.start_mark
    where = f"line {at.line + 1}, column {at.column + 1}: " if at else ""
    name = ".".join(str(step) for step in path)
    return f"  {where}{name}: {message}"
