"""The keys of a mapping file: names, dotted paths, odd names in brackets, computed names, spreads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import nodes

from casemap.mapping.jinja_syntax import SyntaxProblem, parse_expression

__all__ = ["ComputedKey", "PathKey", "SpreadKey", "parse_key"]

_NAME = re.compile(r"[^.\[\]'\"*\s]+")
_QUOTED = re.compile(r"\[\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PathKey:
    """Member names, from the outside in."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComputedKey:
    """A name that an expression gives; `offset` is where the expression starts in the key's text."""

    expression: str
    offset: int


@dataclass(frozen=True, slots=True)
class SpreadKey:
    """The members of the value take this place."""


def parse_key(text: str) -> PathKey | ComputedKey | SpreadKey:
    """A key's meaning. Raises `SyntaxProblem`."""
    if text == "*":
        return SpreadKey()
    if text.startswith("[") and text.endswith("]") and not _QUOTED.match(text):
        return ComputedKey(text[1:-1], 1)
    names: list[str] = []
    position = 0
    while True:
        quoted = _QUOTED.match(text, position)
        plain = None if quoted else _NAME.match(text, position)
        match = quoted or plain
        if match is None:
            raise SyntaxProblem("CM206", f"`{text}` is not a name or path", position, _HELP)
        names.append(_literal(quoted.group(1), position) if quoted else match.group())
        position = match.end()
        if position == len(text):
            return PathKey(tuple(names))
        if text[position] == ".":
            position += 1
        elif text[position] != "[":
            raise SyntaxProblem("CM206", f"`{text}` is not a name or path", position, _HELP)


_HELP = 'Write an odd name as `"[\'odd.key\']"`, a computed one as `"[expression]"`.'


def _literal(text: str, position: int) -> str:
    try:
        tree = parse_expression(text)
    except SyntaxProblem as problem:
        raise SyntaxProblem(problem.code, problem.message, position + 1 + problem.offset, problem.help) from None
    assert isinstance(tree, nodes.Const)  # noqa: S101 - the pattern matched one quoted text
    return str(tree.value)
