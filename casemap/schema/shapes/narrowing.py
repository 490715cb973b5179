"""Shapes made narrower by what is known of their values."""

from __future__ import annotations

from typing import Any

from casemap.schema.shapes.algebra import admits, is_empty, simplified
from casemap.schema.shapes.inside import below
from casemap.schema.shapes.plain import Shape, alternatives, joined, key_of, met, of_types, only_types, types_of
from casemap.schema.shapes.values import few, values_of

__all__ = ["narrowed", "without", "without_null"]

_OBJECT = frozenset(("type", "properties", "required", "additionalProperties"))
"""Keywords whose parts can be narrowed one by one."""
_ASKED = frozenset(("type", "properties", "required"))


def narrowed(shape: Shape, constraint: Shape) -> Shape:
    """The values of a shape that a constraint admits: all of them, and where it can be written no others.

    `False` where there is certainly none.
    """
    if constraint is True or constraint == {}:
        return shape
    if shape is True or shape == {} or shape is False or constraint is False:
        return met((shape, constraint))
    if only_types(constraint):
        return _of_types(shape, constraint)
    values = values_of(shape)
    if values is not None:
        return few([value for value in values if admits(constraint, value, unsure=True)])
    if len(alternatives(shape)) > 1:
        return joined(narrowed(part, constraint) for part in alternatives(shape))
    if _is_plain_object(shape, constraint):
        return _object(shape, constraint)
    return simplified(met((shape, constraint)))


def _of_types(shape: dict[str, Any], constraint: Shape) -> Shape:
    types, wanted = types_of(shape), types_of(constraint)
    if types <= wanted:
        return shape
    if not types & wanted:
        return False
    if only_types(shape):
        return of_types(types & wanted)
    values = values_of(shape)
    if values is not None:
        return few([value for value in values if admits(constraint, value, unsure=True)])
    if len(alternatives(shape)) > 1:
        return joined(narrowed(part, constraint) for part in alternatives(shape))
    return met((shape, constraint))


def _is_plain_object(shape: dict[str, Any], constraint: Shape) -> bool:
    return (
        isinstance(constraint, dict)
        and constraint.keys() <= _ASKED
        and shape.keys() <= _OBJECT
        and types_of(shape) == {"object"}
    )


def _object(shape: dict[str, Any], constraint: dict[str, Any]) -> Shape:
    """Member by member."""
    if "object" not in types_of(constraint):
        return False
    properties = dict(shape.get("properties", {}))
    required = list(dict.fromkeys((*shape.get("required", ()), *constraint.get("required", ()))))
    for name, part in constraint.get("properties", {}).items():
        properties[name] = narrowed(below(shape, name), part)
    asked = {*constraint.get("properties", ()), *constraint.get("required", ())}
    if any(name in asked and is_empty(properties.get(name, below(shape, name))) for name in required):
        return False
    return {**shape, "properties": properties} | ({"required": required} if required else {})


def without(shape: Shape, other: Shape) -> Shape:
    """The values of a shape that are none of another; all of them where that cannot be written."""
    if only_types(other):
        return _without_types(shape, types_of(other))
    return False if key_of(shape) == key_of(other) else narrowed(shape, {"not": other})


def _without_types(shape: Shape, types: frozenset[str]) -> Shape:
    kept = types_of(shape) - types
    if kept == types_of(shape):
        return shape
    if not kept:
        return False
    if "number" in kept and "integer" not in kept:  # no `type` says that
        return narrowed(shape, {"not": of_types(types)})
    return narrowed(shape, of_types(kept))


def without_null(shape: Shape) -> Shape:
    """The values of a shape but null."""
    return without(shape, {"type": "null"})
