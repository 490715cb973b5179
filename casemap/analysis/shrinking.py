"""Payloads made smaller as long as they show the same: what is left of one is what matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["MOST_TRIES", "shrink"]

MOST_TRIES = 400
"""Tries for one payload: each is a validation, and a run if it is valid."""

_SIMPLE_TEXTS = ("", "a", "2000-01-01T00:00:00Z", "https://example.com")
_SIMPLE_NUMBERS = (0, 1)

_Path = tuple[str | int, ...]


def shrink(payload: Any, still_fails: Callable[[Any], bool], tries: int = MOST_TRIES) -> Any:
    """The smallest payload found for which `still_fails`, which says whether it is valid as well.

    Members and items are left out, many at once before single ones, then values are replaced by simpler ones, until
    nothing more can be changed or the tries are used up. The payload itself is not changed. The same payload gives the
    same result.
    """
    shrinking = _Shrinking(payload, still_fails, tries)
    while shrinking.left > 0:
        before = shrinking.payload
        shrinking.thin(())
        shrinking.simplify()
        if shrinking.payload is before:
            break
    return shrinking.payload


class _Shrinking:
    """A payload on its way to a smaller one, and the tries that are left."""

    def __init__(self, payload: Any, still_fails: Callable[[Any], bool], tries: int) -> None:
        self.payload = payload
        self.still_fails = still_fails
        self.left = tries

    def put(self, path: _Path, value: Any) -> bool:
        """Try a value at a place; it stays if the payload still fails."""
        if self.left <= 0:
            return False
        self.left -= 1
        candidate = _changed(self.payload, path, value)
        if not self.still_fails(candidate):
            return False
        self.payload = candidate
        return True

    def thin(self, path: _Path) -> None:
        """Leave out parts of the object or array at a place, then of what is left in it."""
        value = _at(self.payload, path)
        if not isinstance(value, dict | list) or not value:
            return
        count = len(value)
        while count and value:
            start = 0
            while start < len(value):
                if self.put(path, _without(value, start, count)):
                    value = _at(self.payload, path)
                else:
                    start += count
            count = min(count, len(value)) // 2
        if isinstance(value, dict) and len(value) == 1 and self.put(path, next(iter(value.values()))):
            self.thin(path)
            return
        for step in list(value) if isinstance(value, dict) else range(len(value)):
            self.thin((*path, step))

    def simplify(self) -> None:
        """Replace values by the simplest ones that do."""
        for path, value in list(_places(self.payload)):
            for simple in _simple(value):
                if self.put(path, simple):
                    break


def _without(value: Any, start: int, count: int) -> Any:
    """An object or array without some of its parts."""
    if isinstance(value, list):
        return value[:start] + value[start + count :]
    gone = set(list(value)[start : start + count])
    return {name: member for name, member in value.items() if name not in gone}


def _simple(value: Any) -> Iterator[Any]:
    """Simpler values of the same kind, the simplest first."""
    match value:
        case str():
            yield from (text for text in _SIMPLE_TEXTS if (len(text), text) < (len(value), value))
            if len(value) > 4:
                yield value[: len(value) // 2]
        case bool():
            if value:
                yield False
        case int() | float():
            yield from (number for number in _SIMPLE_NUMBERS if (abs(number), number) < (abs(value), value))
            if isinstance(value, float) and value.is_integer():
                yield int(value)


def _places(payload: Any, path: _Path = ()) -> Iterator[tuple[_Path, Any]]:
    """The scalars of a payload with the way to them."""
    if isinstance(payload, dict):
        for name, member in payload.items():
            yield from _places(member, (*path, name))
    elif isinstance(payload, list):
        for index, item in enumerate(payload):
            yield from _places(item, (*path, index))
    else:
        yield path, payload


def _at(payload: Any, path: _Path) -> Any:
    for step in path:
        payload = payload[step]
    return payload


def _changed(payload: Any, path: _Path, value: Any) -> Any:
    """A copy along the path, with the value at its end."""
    if not path:
        return value
    copy = payload.copy()
    copy[path[0]] = _changed(payload[path[0]], path[1:], value)
    return copy
