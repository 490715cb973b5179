"""Changes one value in a YAML text and leaves every other character as it is.

A value is written as flow where it fits on a line, else as a block; inside of flow it stays flow. What is written reads
back as the same value by the mapping language's rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from casemap.syntax.yaml_text import plain_value

__all__ = ["WIDTH", "replace_value"]

WIDTH = 120
"""Columns that a line should not exceed."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./@-]*(?: [A-Za-z0-9_./@-]+)*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where a value stands: from its first character to behind its last. `indent` is that of the key before it."""

    start: int
    end: int
    flow: bool
    indent: int


def replace_value(text: str, steps: Sequence[str | int], value: Any) -> str | None:
    """The text with another value at a place; None where the place is none of its own, as that of an alias.

    `text` is one YAML document without mistakes, `steps` lead to a value that it has.
    """
    found = _extent(text, steps)
    if found is None:
        return None
    line = text.rfind("\n", 0, found.start) + 1
    room = WIDTH - (found.start - line)
    written = _flow(value)
    if len(written) > room or "\n" in text[found.start : found.end]:
        indent = len(text[line:]) - len(text[line:].lstrip(" "))
        written = _in_flow(value, indent) if found.flow else _as_block(value, found.indent, room)
    start = found.start
    if written.startswith("\n"):
        start = len(text[:start].rstrip(" \n"))
    elif text[:start].rstrip(" ").endswith("\n"):  # a block below its key becomes a value beside it
        start = len(text[:start].rstrip(" \n"))
        written = f" {written}"
    return text[:start] + written + text[found.end :]


def _extent(text: str, steps: Sequence[str | int]) -> _Extent | None:
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    flow = False
    indent = 0
    for step in steps:
        outer = node
        flow = flow or bool(outer.flow_style)
        if isinstance(node, yaml.MappingNode):
            key, node = next(pair for pair in node.value if pair[0].value == step)
            indent = key.start_mark.column
        else:
            node = node.value[int(step)]
            indent = node.start_mark.column
        inside = outer.start_mark.index <= node.start_mark.index and _end(node) <= outer.end_mark.index
        anchored = text[: node.start_mark.index].rstrip(" ").split("\n")[-1].rsplit(" ", 1)[-1].startswith("&")
        if not inside or anchored or text[node.start_mark.index : node.start_mark.index + 1] == "&":
            return None
    return _Extent(node.start_mark.index, _end(node), flow, indent)


def _end(node: Any) -> int:
    """The end of a node's own text: a block's mark stands behind the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    end: int = node.end_mark.index
    return end


# --- writing ------------------------------------------------------------------------------------------------------


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(name)}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    """A text as a plain scalar where that reads as the same text, else in quotes."""
    if _PLAIN.match(text) and plain_value(text) == text:
        return text
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(map(_character, text)) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character == "\n":
        return "\\n"
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _in_flow(value: Any, indent: int) -> str:
    """A value inside of flow, a member or item a line."""
    below = " " * (indent + 2)
    if isinstance(value, dict) and value:
        lines = [f"{below}{_text(name)}: {_nested(item, indent + 2, _text(name))}" for name, item in value.items()]
        return "{\n" + ",\n".join(lines) + "}"
    if isinstance(value, list) and value:
        lines = [f"{below}{_nested(item, indent + 2, '')}" for item in value]
        return "[\n" + ",\n".join(lines) + "]"
    return _flow(value)


def _nested(value: Any, indent: int, name: str) -> str:
    written = _flow(value)
    return written if len(written) + len(name) + indent + 3 <= WIDTH else _in_flow(value, indent)


def _as_block(value: Any, indent: int, room: int) -> str:
    """A value behind a key that is indented so far, beside it or below it."""
    written = _flow(value)
    if len(written) <= room or not isinstance(value, (dict, list)) or not value:
        return written
    return "\n" + "\n".join(_block_lines(value, indent + 2))


def _block_lines(value: Any, indent: int) -> list[str]:
    """The lines of an object or array that is not empty."""
    start = " " * indent
    if isinstance(value, list):
        return [line for item in value for line in _item_lines(item, indent)]
    lines: list[str] = []
    for name, item in value.items():
        key = f"{start}{_text(name)}:"
        below = _as_block(item, indent, WIDTH - len(key) - 1)
        lines += (key + below if below.startswith("\n") else f"{key} {below}").split("\n")
    return lines


def _item_lines(item: Any, indent: int) -> list[str]:
    start = " " * indent
    written = _flow(item)
    if len(written) + indent + 2 <= WIDTH or not isinstance(item, (dict, list)) or not item:
        return [f"{start}- {written}"]
    first, *others = _block_lines(item, indent + 2)
    return [f"{start}- {first[indent + 2 :]}", *others]
