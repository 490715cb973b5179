"""The limits of numbers, as shapes say them."""

from __future__ import annotations

from casemap.schema.shapes import Shape, types_of, values_of

__all__ = ["Limits", "limits_of", "number_shape"]

Limits = tuple[float | int | None, float | int | None]
"""The least and the greatest number, None where there is no limit."""


def limits_of(shape: Shape) -> Limits:
    """The limits of the numbers of a shape."""
    if not isinstance(shape, dict):
        return None, None
    values = values_of(shape)
    if values is not None:
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        return (min(numbers), max(numbers)) if numbers else (None, None)
    found = [_own(shape), *(limits_of(part) for part in shape.get("allOf", ()))]
    branches = [limits_of(part) for part in shape.get("anyOf", ()) if types_of(part) & {"number", "integer"}]
    if branches:
        found.append(_around(branches))
    least = [low for low, _ in found if low is not None]
    most = [high for _, high in found if high is not None]
    return max(least, default=None), min(most, default=None)


def _own(shape: dict[str, float]) -> Limits:
    least = [shape[name] for name in ("minimum", "exclusiveMinimum") if name in shape]
    most = [shape[name] for name in ("maximum", "exclusiveMaximum") if name in shape]
    return max(least, default=None), min(most, default=None)


def _around(branches: list[Limits]) -> Limits:
    least = [low for low, _ in branches]
    most = [high for _, high in branches]
    return (
        None if None in least else min(low for low in least if low is not None),
        None if None in most else max(high for high in most if high is not None),
    )


def number_shape(whole: bool, limits: Limits) -> Shape:
    """The shape of the numbers within limits."""
    shape: dict[str, object] = {"type": "integer" if whole else "number"}
    if limits[0] is not None:
        shape["minimum"] = limits[0]
    if limits[1] is not None:
        shape["maximum"] = limits[1]
    return shape
