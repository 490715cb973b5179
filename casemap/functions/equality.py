"""Typed equality of JSON values: 1 equals 1.0, and neither equals `true` or `"1"`. Never recursive."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from casemap.errors import Failure

__all__ = ["equal", "key_of"]

# Python's True equals 1 and hashes like it: in keys, booleans are these instead.
_MANY, _MOST = 100_000, 2_000_000
_TRUE, _FALSE, _ARRAY, _OBJECT = (object() for _ in range(4))


def equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal. Objects are equal in whatever order their members stand."""
    if isinstance(one, str):
        return bool(one == other)
    if not isinstance(one, (list, dict)):
        return _equal_scalars(one, other)
    pairs = [(one, other)]
    steps = 0
    seen: set[tuple[int, int]] = set()
    while pairs:
        left, right = pairs.pop()
        if left is right:
            continue
        steps += 1
        if steps > _MANY and isinstance(left, (list, dict)):
            # no JSON value holds itself, but a Python one can: each pair is compared once
            if (id(left), id(right)) in seen:
                continue
            seen.add((id(left), id(right)))
        if isinstance(left, list):
            if not isinstance(right, list) or len(left) != len(right):
                return False
            pairs.extend(zip(left, right, strict=True))
        elif isinstance(left, dict):
            if not isinstance(right, dict) or left.keys() != right.keys():
                return False
            pairs.extend((value, right[name]) for name, value in left.items())
        elif not _equal_scalars(left, right):
            return False
    return True


def _equal_scalars(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def key_of(value: Any) -> Hashable:
    """A hashable key: two values have equal keys exactly when they are `equal`.

    A text and a number are their own keys. An array or an object becomes one flat tuple, each part led by its mark
    and its length, because Python hashes nested tuples by recursion.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if not isinstance(value, (list, dict)):
        return value  # type: ignore[no-any-return]  # a number or None
    parts: list[Hashable] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if len(parts) > _MOST:
            raise Failure("CM312", "a value is too large to be compared", "Compare a part of it.")
        if isinstance(item, list):
            parts += (_ARRAY, len(item))
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            parts += (_OBJECT, len(item))
            for name in sorted(item, reverse=True):
                waiting += (item[name], name)
        elif isinstance(item, bool):
            parts.append(_TRUE if item else _FALSE)
        else:
            parts.append(item)
    return tuple(parts)
