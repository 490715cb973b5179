"""What differs between two JSON values, as data: the value that was expected and the one that is there, by place.

Takes two values, gives differences in the order of the expected one. Members may stand in any order; 1 and 1.0 are
equal, and neither equals `true` or `"1"`.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casemap.errors import Failure
from casemap.functions.equality import equal, key_of

__all__ = ["NOTHING", "Difference", "Nothing", "differences"]


class Nothing(enum.Enum):
    """No value stands here."""

    NOTHING = "nothing"


NOTHING = Nothing.NOTHING

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which two values differ; `NOTHING` where one of them has no value.

    `expected_at` leads to the place in the expected value, `actual_at` in the actual one: they differ where items of
    an array were added or removed before it. Where a value is missing, its way leads to where it would stand.
    """

    expected_at: Steps
    actual_at: Steps
    expected: Any
    actual: Any


def differences(expected: Any, actual: Any) -> list[Difference]:
    """All places at which the values differ, none where they are equal."""
    return list(_between(expected, actual, (), ()))


def _between(expected: Any, actual: Any, there: Steps, here: Steps) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        yield from _of_objects(expected, actual, there, here)
    elif isinstance(expected, list) and isinstance(actual, list):
        yield from _of_arrays(expected, actual, there, here)
    elif not equal(expected, actual):
        yield Difference(there, here, expected, actual)


def _of_objects(expected: dict[str, Any], actual: dict[str, Any], there: Steps, here: Steps) -> Iterator[Difference]:
    for name, value in expected.items():
        if name in actual:
            yield from _between(value, actual[name], (*there, name), (*here, name))
        else:
            yield Difference((*there, name), (*here, name), value, NOTHING)
    for name, value in actual.items():
        if name not in expected:
            yield Difference((*there, name), (*here, name), NOTHING, value)


def _of_arrays(expected: list[Any], actual: list[Any], there: Steps, here: Steps) -> Iterator[Difference]:
    """Item by item; where there are more of them on one side, what is equal on both sides is kept together."""
    for first, last, start, end in _aligned(expected, actual):
        paired = min(last - first, end - start)
        for shift in range(paired):
            at, to = first + shift, start + shift
            yield from _between(expected[at], actual[to], (*there, at), (*here, to))
        for at in range(first + paired, last):
            yield Difference((*there, at), (*here, start + paired), expected[at], NOTHING)
        for to in range(start + paired, end):
            yield Difference((*there, first + paired), (*here, to), NOTHING, actual[to])


def _aligned(expected: list[Any], actual: list[Any]) -> Iterator[tuple[int, int, int, int]]:
    """Ranges of items that belong together: first and end in the expected array, first and end in the actual one."""
    if len(expected) == len(actual):
        yield 0, len(expected), 0, len(actual)
        return
    try:
        matcher = difflib.SequenceMatcher(None, [key_of(item) for item in expected], [key_of(item) for item in actual])
    except Failure:  # items too large to be compared
        yield 0, len(expected), 0, len(actual)
        return
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            yield first, last, start, end
