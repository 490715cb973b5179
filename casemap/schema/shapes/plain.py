"""Shapes put together and told apart by their types, without the algebra.

Everything here is quick and says less rather than more: a shape that comes out admits every value that it should,
and may admit others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import orjson

__all__ = [
    "NEVER",
    "TYPES",
    "Shape",
    "alternatives",
    "joined",
    "key_of",
    "met",
    "of_types",
    "only_types",
    "type_name",
    "types_of",
]

Shape = Any
"""A JSON Schema of draft 2020-12 without references and annotations: an object or a boolean. Never changed in place."""

NEVER: Shape = False
"""The shape of no value."""

TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
"""The types that `types_of` tells apart. `integer` are the whole numbers (4.0 is one), `number` the others."""

_SINGLE = {**{name: frozenset([name]) for name in TYPES}, "number": frozenset(("integer", "number"))}
_TELLING = frozenset(("const", "enum", "anyOf", "oneOf", "allOf", "if", "not"))
"""Keywords beside `type` that say something about types."""

MOST_BRANCHES = 16
"""Of more alternatives together, only the types are kept."""


_kept: dict[int, Any] = {}


def key_of(value: Any) -> bytes:
    """A text that only equal JSON values share; the order of members does not count, and 1 is not `true`."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # an integer beyond 64 bits, half of a surrogate pair, nested deeply
        try:
            return json.dumps(value, sort_keys=True).encode()
        except (ValueError, RecursionError):  # an integer of thousands of digits, nested more deeply still
            _kept[id(value)] = value  # so that no other value gets this key
            return f"#{id(value)}".encode()


def types_of(shape: Shape) -> frozenset[str]:
    """The types that a value of a shape can have, from `TYPES`: `{"type": "number"}` gives integer and number."""
    if not isinstance(shape, dict):
        return TYPES if shape is True else frozenset()
    found = _written(shape["type"]) if "type" in shape else TYPES
    if shape.keys().isdisjoint(_TELLING):
        return found
    if "const" in shape:
        found = found & {type_name(shape["const"])}
    if "enum" in shape:
        found = found & {type_name(value) for value in shape["enum"]}
    for keyword in ("anyOf", "oneOf"):
        if keyword in shape:
            found = found & _of_any(shape[keyword])
    for part in shape.get("allOf", ()):
        found = found & types_of(part)
    if "if" in shape:
        found = found & _of_any((shape.get("then", True), shape.get("else", True)))
    if "not" in shape:
        found = found - _all_of_types(shape["not"])
    return found


def _of_any(shapes: Iterable[Shape]) -> frozenset[str]:
    return frozenset().union(*(types_of(shape) for shape in shapes))


def _written(kind: Any) -> frozenset[str]:
    """What `type` says."""
    if isinstance(kind, str):
        return _SINGLE[kind] if kind in _SINGLE else frozenset([kind])
    kinds = frozenset(kind)
    return kinds | {"integer"} if "number" in kinds else kinds


def _all_of_types(shape: Shape) -> frozenset[str]:
    """The types of which a shape admits every value."""
    if shape is True or shape == {}:
        return TYPES
    return _written(shape["type"]) if only_types(shape) else frozenset()


def only_types(shape: Shape) -> bool:
    """Whether a shape says nothing but which types there can be."""
    return isinstance(shape, dict) and len(shape) == 1 and "type" in shape


def type_name(value: Any) -> str:
    """The type of one JSON value, from `TYPES`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def of_types(types: Iterable[str]) -> Shape:
    """The shape of all values of some of the `TYPES`, where `number` brings the whole ones along."""
    found = frozenset(types)
    if not found:
        return False
    if found >= TYPES - {"integer"}:
        return True
    names = sorted(found - {"integer"} if "number" in found else found)
    return {"type": names[0] if len(names) == 1 else names}


def alternatives(shape: Shape) -> list[Shape]:
    """The branches of a shape that is nothing but alternatives, else the shape alone."""
    return shape["anyOf"] if isinstance(shape, dict) and len(shape) == 1 and "anyOf" in shape else [shape]


def met(shapes: Iterable[Shape]) -> Shape:
    """What all of the shapes say together: every value that all of them admit, and no other."""
    said = [shape for shape in shapes if shape is not True and shape != {}]
    if False in [shape for shape in said if isinstance(shape, bool)]:
        return False
    if len(said) < 2:
        return said[0] if said else True
    parts: dict[bytes, Shape] = {}
    asked = TYPES
    for shape in said:
        if only_types(shape):
            asked = asked & _written(shape["type"])
        else:
            parts.setdefault(key_of(shape), shape)
    rest = list(parts.values())
    there = TYPES.intersection(*(types_of(part) for part in rest))
    if not asked & there:
        return False
    kinds = of_types(asked & there)
    if not rest:
        return kinds
    if there - asked and kinds is not True:
        rest = [{**rest[0], **kinds}] if len(rest) == 1 else [kinds, *rest]
    return rest[0] if len(rest) == 1 else {"allOf": rest}


def joined(shapes: Iterable[Shape]) -> Shape:
    """What any of the shapes may say: every value that one of them admits; of too many shapes the types alone."""
    parts: dict[bytes, Shape] = {}
    values: dict[bytes, Any] = {}
    types: frozenset[str] = frozenset()
    for shape in shapes:
        for part in alternatives(shape):
            if part is True or part == {}:
                return True
            if only_types(part):
                types |= _written(part["type"])
            elif _only_values(part):
                values.update((key_of(value), value) for value in _listed(part))
            elif part is not False:
                parts.setdefault(key_of(part), part)
    return _alternatives_of(types, values, parts)


def _alternatives_of(types: frozenset[str], values: dict[bytes, Any], parts: dict[bytes, Shape]) -> Shape:
    """One shape of all values of some types, of single values, and of other shapes, without what is said already."""
    rest = [part for part in parts.values() if not types_of(part) <= types]
    if len(rest) > MOST_BRANCHES:
        types |= _of_any(rest)
        rest = []
    if types:
        kinds = of_types(types)
        if kinds is True:
            return True
        rest.insert(0, kinds)
    single = [value for value in values.values() if type_name(value) not in types]
    if single:
        rest.insert(0, {"const": single[0]} if len(single) == 1 else {"enum": single})
    if not rest:
        return False
    return rest[0] if len(rest) == 1 else {"anyOf": rest}


def _only_values(shape: Shape) -> bool:
    return isinstance(shape, dict) and len(shape) == 1 and ("const" in shape or "enum" in shape)


def _listed(shape: dict[str, Any]) -> list[Any]:
    return shape["enum"] if "enum" in shape else [shape["const"]]
