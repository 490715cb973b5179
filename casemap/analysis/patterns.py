"""Texts that regular expressions match: a few short ones for each, so that samples get past a pattern.

The expression is read by the parser of Python's `re`. What that does not read (JavaScript and RE2 differ in corners)
gives no texts. A text is only meant to match; whoever needs to know asks the matcher.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["texts_matching"]

_MOST_REPEATS = 40
"""A repetition that asks for more gives no text."""
_CLASSES = {"CATEGORY_DIGIT": "0", "CATEGORY_NOT_DIGIT": "a", "CATEGORY_SPACE": " ", "CATEGORY_NOT_SPACE": "a"}
_ORDINARY = "a0 -_.é"
"""Characters to try against a class that excludes some."""


@functools.lru_cache(maxsize=500)
def texts_matching(pattern: str) -> tuple[str, ...]:
    """Short texts that are meant to match a pattern, of different alternatives and repetitions; the shortest first."""
    parser: Any = importlib.import_module("re._parser")  # where Python 3.11 and later keep it
    try:
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return ()
    found: dict[str, None] = {}
    for choice in range(4):
        try:
            found[_Writer(choice).text(tree)] = None
        except (LookupError, RecursionError):
            continue
    return tuple(sorted(found, key=len))


class _Writer:
    """Writes one text: `choice` picks among alternatives, and whether optional parts are there."""

    def __init__(self, choice: int) -> None:
        self.choice = choice
        self.groups: dict[int, str] = {}

    def text(self, tree: Iterable[tuple[Any, Any]]) -> str:
        return "".join(self.part(str(kind), argument) for kind, argument in tree)

    def part(self, kind: str, argument: Any) -> str:
        """The text of one part of a pattern; `LookupError` for what cannot be written."""
        match kind:
            case "LITERAL":
                return chr(argument)
            case "NOT_LITERAL":
                return next(each for each in _ORDINARY if ord(each) != argument)
            case "ANY":
                return "a"
            case "IN":
                return self.character(argument)
            case "AT":
                return ""
            case "BRANCH":
                branches: Sequence[Any] = argument[1]
                return self.text(branches[self.choice % len(branches)])
            case "SUBPATTERN":
                group, inner = argument[0], self.text(argument[-1])
                self.groups[group] = inner
                return inner
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                return self.repeated(*argument)
            case "ATOMIC_GROUP":
                return self.text(argument)
            case "GROUPREF":
                return self.groups[argument]
        raise LookupError(kind)

    def repeated(self, least: Any, most: Any, inner: Any) -> str:
        if least > _MOST_REPEATS:
            raise LookupError(least)
        return "".join(self.text(inner) for _ in range(min(int(most), int(least) + self.choice % 3)))

    def character(self, items: Sequence[tuple[Any, Any]]) -> str:
        """A character of a class; of one that excludes, the first ordinary one that it leaves."""
        if str(items[0][0]) != "NEGATE":
            kind, argument = items[self.choice % len(items)]
            return self.of_class(str(kind), argument)
        for each in _ORDINARY:
            if not any(_holds(str(kind), argument, ord(each)) for kind, argument in items[1:]):
                return each
        raise LookupError(items)

    def of_class(self, kind: str, argument: Any) -> str:
        match kind:
            case "LITERAL":
                return chr(argument)
            case "RANGE":
                return chr(argument[self.choice % 2])
        return _CLASSES.get(str(argument), "a")


def _holds(kind: str, argument: Any, character: int) -> bool:
    match kind:
        case "LITERAL":
            return bool(argument == character)
        case "RANGE":
            return bool(argument[0] <= character <= argument[1])
    return _CLASSES.get(str(argument), "a") == chr(character)
