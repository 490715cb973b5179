"""The values of a shape that has few."""

from __future__ import annotations

from itertools import chain
from typing import Any

from casemap.schema.shapes.algebra import admits
from casemap.schema.shapes.plain import Shape, key_of, types_of

__all__ = ["few", "may_be_null", "values_of"]

MOST_VALUES = 512
_ALONE = (frozenset(("const",)), frozenset(("enum",)), frozenset(("type",)))
_SMALL: dict[str, tuple[Any, ...]] = {"boolean": (False, True), "null": (None,)}


def values_of(shape: Shape) -> list[Any] | None:
    """All values of a shape, each once, where that is certain and they are few: of constants, booleans and nulls.

    None where there may be others, and of more than 512; of no value, the empty list.
    """
    found = _candidates(shape)
    if found is None or len(found) > MOST_VALUES:
        return None
    values = {key_of(value): value for value in found}
    if not isinstance(shape, dict) or shape.keys() in _ALONE:
        return list(values.values())
    return [value for value in values.values() if admits(shape, value, unsure=True)]


def _candidates(shape: Shape) -> list[Any] | None:
    """Values of which those of the shape are some."""
    if isinstance(shape, bool):
        return None if shape else []
    if "const" in shape:
        return [shape["const"]]
    if "enum" in shape:
        return list(shape["enum"])
    types = types_of(shape)
    if types <= _SMALL.keys():
        return [value for name in sorted(types) for value in _SMALL[name]]
    if shape.keys().isdisjoint(("allOf", "anyOf", "oneOf")):
        return None
    for keyword in ("anyOf", "oneOf"):
        branches = [_candidates(part) for part in shape.get(keyword, ())]
        if branches and None not in branches:
            return list(chain.from_iterable(branch or () for branch in branches))
    found = [part for part in map(_candidates, shape.get("allOf", ())) if part is not None]
    return min(found, key=len) if found else None


def few(values: list[Any]) -> Shape:
    """The shape of some values."""
    if not values:
        return False
    return {"const": values[0]} if len(values) == 1 else {"enum": values}


def may_be_null(shape: Shape) -> bool:
    """Whether null is a value of a shape."""
    if isinstance(shape, bool):
        return shape
    if "null" not in types_of(shape):
        return False
    return shape.keys() == {"type"} or admits(shape, None, unsure=True)
