"""Functions and operators of numbers.

Whole numbers have any size, and some are floats: `1e308 + 1e308` is beyond all floats and rejects. Arithmetic is
total only on numbers that are known to be far from that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casemap.analysis.signatures.given import Given, Signature
from casemap.analysis.signatures.limits import Limits, limits_of, number_shape
from casemap.schema.shapes import (
    Shape,
    covers,
    item_of,
    joined,
    may_be_null,
    min_items,
    narrowed,
    types_of,
    without_null,
)

__all__ = ["OPERATORS", "SIGNATURES"]

_NUMBER: Shape = {"type": "number"}
_INTEGER: Shape = {"type": "integer"}
_TEXT: Shape = {"type": "string"}
_FAR = 10**150
_MODERATE: Shape = {"type": "number", "minimum": -_FAR, "maximum": _FAR}
_WHOLE_TEXT: Shape = {"type": "string", "pattern": "^-?(0|[1-9][0-9]*)$", "maxLength": 4300}
_DECIMAL_TEXT: Shape = {
    "type": "string",
    "pattern": r"^-?(0|[1-9][0-9]{0,200})(\.[0-9]{1,200})?([eE][+-]?[0-9]{1,2})?$",
}
_FLOAT_TEXT: Shape = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,200})?$"}
_NOT_NEGATIVE: Shape = {"type": "string", "pattern": "^[^-]*$"}


def _is_whole(shape: Shape) -> bool:
    return types_of(shape) <= {"integer"}


def _numbers(shape: Shape) -> Shape:
    """The part of a shape that are numbers."""
    return narrowed(shape, _NUMBER)


def _from_text(given: Given) -> Shape | None:
    """The part of the first argument that are texts; None if there is none."""
    return narrowed(given.first, _TEXT) if "string" in types_of(given.first) else None


def _int(given: Given) -> Shape:
    parts = [narrowed(given.first, _INTEGER)]
    texts = _from_text(given)
    if texts is not None:
        parts.append({"type": "integer", "minimum": 0} if covers(_NOT_NEGATIVE, texts) else _INTEGER)
    return joined(parts)


def _number(given: Given) -> Shape:
    parts = [_numbers(given.first)]
    texts = _from_text(given)
    if texts is not None:
        whole = covers({"type": "string", "pattern": r"^[^.eE]*$"}, texts)
        parts.append(number_shape(whole, (0 if covers(_NOT_NEGATIVE, texts) else None, None)))
    return joined(parts)


def _round(given: Given) -> Shape:
    digits = given.whole(1) if given.constant(1) is not None else 0
    limits = limits_of(_numbers(given.first))
    if digits is None:
        return _INTEGER if _is_whole(given.first) else _NUMBER
    # a whole limit is its own rounded value, and rounding keeps the order
    kept = tuple(limit if digits >= 0 and limit is not None and limit == int(limit) else None for limit in limits)
    return number_shape(digits <= 0 or _is_whole(given.first), (kept[0], kept[1]))


def _abs(given: Given) -> Shape:
    low, high = limits_of(_numbers(given.first))
    ends = (abs(low), abs(high)) if low is not None and high is not None else None
    least: float = 0
    if low is not None and low > 0:
        least = low
    elif high is not None and high < 0:
        least = -high
    return number_shape(_is_whole(given.first), (least, max(ends) if ends else None))


def _item(given: Given) -> Shape:
    return without_null(item_of(given.first))


def _sum(given: Given) -> Shape:
    items = item_of(given.first)
    low, high = limits_of(_numbers(items))
    bounds = (0 if low is not None and low >= 0 else None, 0 if high is not None and high <= 0 else None)
    return number_shape(_is_whole(items), bounds)


def _has_items(given: Given) -> bool:
    return min_items(given.first) > 0 and not may_be_null(item_of(given.first))


def _same_kind() -> Shape:
    return {"anyOf": [{"type": "array", "items": {"type": kind}} for kind in ("string", "number")]}


SIGNATURES: dict[str, Signature] = {
    "int": Signature(_int, lambda _: {"anyOf": [_INTEGER, _WHOLE_TEXT]}),
    "float": Signature(
        lambda given: joined([_numbers(given.first), *([_NUMBER] if "string" in types_of(given.first) else [])]),
        lambda _: {"anyOf": [{"type": "number", "minimum": -(2**53), "maximum": 2**53}, _FLOAT_TEXT]},
    ),
    "number": Signature(_number, lambda _: {"anyOf": [_NUMBER, _WHOLE_TEXT, _DECIMAL_TEXT]}),
    "round": Signature(_round),
    "abs": Signature(_abs),
    "min": Signature(_item, lambda _: _same_kind(), there=_has_items),
    "max": Signature(_item, lambda _: _same_kind(), there=_has_items),
    # of numbers of this size, more than there can be in any memory have a sum that is a float
    "sum": Signature(_sum, lambda _: {"type": "array", "items": _MODERATE}),
}


def _of_limits(combine: Callable[[Limits, Limits], Limits]) -> Callable[[Given], Shape]:
    """An operator whose result is whole where both of its operands are."""

    def result(given: Given) -> Shape:
        sides = [_numbers(given.shape(position)) for position in (0, 1)]
        limits = combine(_exact(limits_of(sides[0])), _exact(limits_of(sides[1])))
        return number_shape(all(_is_whole(side) for side in sides), _exact(limits))

    return result


def _exact(limits: Limits) -> Limits:
    """The limits up to which floats are as exact as integers: beyond, a sum may be rounded to below its least."""
    low, high = (None if limit is None or abs(limit) > 2**53 else limit for limit in limits)
    return low, high


def _combined(one: float | None, other: float | None, compute: Callable[[Any, Any], Any]) -> Any:
    if one is None or other is None:
        return None
    try:
        return compute(one, other)
    except (OverflowError, ZeroDivisionError):
        return None


def _added(left: Limits, right: Limits) -> Limits:
    return (
        _combined(left[0], right[0], lambda one, other: one + other),
        _combined(left[1], right[1], lambda one, other: one + other),
    )


def _subtracted(left: Limits, right: Limits) -> Limits:
    return (
        _combined(left[0], right[1], lambda one, other: one - other),
        _combined(left[1], right[0], lambda one, other: one - other),
    )


def _multiplied(left: Limits, right: Limits) -> Limits:
    if None not in left and None not in right:
        ends = [_combined(one, other, lambda a, b: a * b) for one in left for other in right]
        return (None, None) if None in ends else (min(ends), max(ends))
    not_negative = all(low is not None and low >= 0 for low, _ in (left, right))
    return (0 if not_negative else None), None


def _divided(compute: Callable[[Any, Any], Any]) -> Callable[[Limits, Limits], Limits]:
    def limits(left: Limits, right: Limits) -> Limits:
        if right[0] is None or right[0] <= 0 or right[0] != right[1]:
            return (0 if left[0] is not None and left[0] >= 0 and (right[0] or -1) > 0 else None), None
        low, high = (_combined(limit, right[0], compute) for limit in left)
        return low, high

    return limits


def _quotient(given: Given) -> Shape:
    limits = _divided(lambda one, other: one / other)(
        _exact(limits_of(_numbers(given.shape(0)))), _exact(limits_of(_numbers(given.shape(1))))
    )
    return number_shape(False, _exact(limits))


def _rest(given: Given) -> Shape:
    sides = [_numbers(given.shape(position)) for position in (0, 1)]
    low, high = _exact(limits_of(sides[1]))
    whole = all(_is_whole(side) for side in sides)
    return number_shape(whole, (0, high) if low is not None and low > 0 else (None, None))


def _negated(given: Given) -> Shape:
    numbers = _numbers(given.first)
    low, high = limits_of(numbers)
    return number_shape(_is_whole(numbers), (None if high is None else -high, None if low is None else -low))


def _arithmetic(safe: Callable[[int], bool]) -> dict[str, Any]:
    """Total on all numbers beside a constant whole one with which nothing grows, else on moderate ones.

    A whole number that is no constant may come as a float, and beside one an integer can be too large.
    """

    def total(given: Given) -> Shape:
        other = given.constant(1, ...)
        return _NUMBER if type(other) is int and abs(other) <= _FAR and safe(other) else _MODERATE

    return {"total": total, "accepts": lambda *_: _MODERATE}


def _division(safe: Callable[[int], bool]) -> dict[str, Any]:
    """As `_arithmetic`, by what is not near zero."""
    divisors = [{**_MODERATE, "minimum": 1e-100}, {**_MODERATE, "maximum": -1e-100}]
    return {**_arithmetic(safe), "accepts": lambda *_: {"anyOf": divisors}}


OPERATORS: dict[str, Signature] = {
    "+": Signature(_of_limits(_added), **_arithmetic(lambda _: True)),
    "-": Signature(_of_limits(_subtracted), **_arithmetic(lambda _: True)),
    "*": Signature(_of_limits(_multiplied), **_arithmetic(lambda other: other in (-1, 0, 1))),
    "/": Signature(_quotient, **_division(lambda _: False)),
    "//": Signature(_of_limits(_divided(lambda one, other: one // other)), **_division(lambda other: other != 0)),
    "%": Signature(_rest, **_division(lambda other: other != 0)),
    "negate": Signature(_negated, lambda _: _NUMBER),
    "plus": Signature(lambda given: _numbers(given.first), lambda _: _NUMBER),
}
