"""JSON Schemas as the types of values: references written out, a look at what lies below, joined and narrowed.

A shape is a JSON Schema without references and annotations. Whatever a shape says is true of the values that it
stands for; it may say less than the schema that it came from, never more. The algebra is jsonschema-rs's.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import Any

import jsonschema_rs

__all__ = [
    "NEVER", "Shape", "below", "canonical", "covers", "item_of", "joined", "met", "narrowed", "other_members", "required_at",
    "satisfiable", "types_of", "without", "written_out",
]  # fmt: skip

Shape = Any
"""A JSON Schema: an object or a boolean."""

NEVER: Shape = False
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
MOST_BRANCHES = 12
"""Of more alternatives together, only the types are kept."""

_ANNOTATIONS = frozenset(
    ("$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly", "$defs")
)  # fmt: skip
_SCHEMA_MAPS = ("properties", "patternProperties", "dependentSchemas")
_SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMAS = (
    "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems",
    "unevaluatedProperties",
)  # fmt: skip


def written_out(schema: Any, resolver: Any, seen: tuple[str, ...] = ()) -> Shape:
    """A schema with its references replaced by what they refer to; a reference into itself admits anything."""
    if not isinstance(schema, dict):
        return schema
    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _ANNOTATIONS or keyword == "$ref":
            continue
        if keyword in _SCHEMA_MAPS:
            result[keyword] = {name: written_out(part, resolver, seen) for name, part in value.items()}
        elif keyword in _SCHEMA_LISTS:
            result[keyword] = [written_out(part, resolver, seen) for part in value]
        elif keyword in _SCHEMAS:
            result[keyword] = written_out(value, resolver, seen)
        else:
            result[keyword] = value
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found = resolver.lookup(reference)
        name = json.dumps(found.contents, sort_keys=True)
        target = True if name in seen else written_out(found.contents, found.resolver, (*seen, name))
        return met((target, result)) if result else target
    return result


@functools.lru_cache(maxsize=20_000)
def _canonical(text: str) -> Any:
    schema = json.loads(text)
    return jsonschema_rs.canonicalize(schema, draft=jsonschema_rs.Draft202012, validate_formats=True, offline=True)


def canonical(shape: Shape) -> Any:
    """The canonical form of a shape."""
    return _canonical(json.dumps(shape, sort_keys=True))


def covers(wide: Shape, narrow: Shape) -> bool:
    """Whether it is certain that every value of the narrow shape is one of the wide shape."""
    if wide is True or wide == {} or narrow is False:
        return True
    try:
        return bool(canonical(wide).covers(canonical(narrow)) == jsonschema_rs.canonical.Containment.YES)
    except (ValueError, jsonschema_rs.canonical.CanonicalizationError):
        return False


def satisfiable(shape: Shape) -> bool:
    """Whether a value of the shape may exist."""
    try:
        answer = canonical(shape).satisfiability()
    except (ValueError, jsonschema_rs.canonical.CanonicalizationError):
        return True
    return bool(answer != jsonschema_rs.canonical.Satisfiability.NO)


def met(shapes: Iterable[Shape]) -> Shape:
    """What all of the shapes say."""
    parts: list[Shape] = []
    for shape in shapes:
        if shape is False:
            return False
        if shape is not True and shape != {} and shape not in parts:
            parts.append(shape)
    if not parts:
        return True
    return parts[0] if len(parts) == 1 else {"allOf": parts}


def joined(shapes: Iterable[Shape]) -> Shape:
    """What any of the shapes may say."""
    parts: list[Shape] = []
    for shape in shapes:
        if shape is True or shape == {}:
            return True
        for part in _alternatives(shape):
            if part is not False and part not in parts:
                parts.append(part)
    if len(parts) > MOST_BRANCHES:
        return {"type": sorted(frozenset().union(*(types_of(part) for part in parts)))}
    if not parts:
        return False
    return parts[0] if len(parts) == 1 else _simple({"anyOf": parts})


def _alternatives(shape: Shape) -> list[Shape]:
    return shape["anyOf"] if isinstance(shape, dict) and set(shape) == {"anyOf"} else [shape]


def _simple(shape: Shape) -> Shape:
    """Constants side by side are one enumeration."""
    constants = [part["const"] if "const" in part else None for part in shape["anyOf"] if isinstance(part, dict)]
    plain = all(isinstance(part, dict) and set(part) <= {"const", "enum"} for part in shape["anyOf"])
    if not plain:
        return shape
    values: list[Any] = []
    for part, constant in zip(shape["anyOf"], constants, strict=True):
        values += part["enum"] if "enum" in part else [constant]
    return {"enum": values}


def without(shape: Shape, other: Shape) -> Shape:
    """The values of a shape that are none of another; the shape itself where that cannot be written."""
    return narrowed(shape, {"not": other})


def narrowed(shape: Shape, constraint: Shape) -> Shape:
    """The values of a shape that a constraint admits, simplified where the algebra can."""
    both = met((shape, constraint))
    if both is True or both is False:
        return both
    try:
        found = canonical(both)
        if found.satisfiability() == jsonschema_rs.canonical.Satisfiability.NO:
            return False
        simple = found.to_json_schema()
    except (ValueError, jsonschema_rs.canonical.CanonicalizationError):
        return both
    if not isinstance(simple, dict):
        return simple
    simple = {key: value for key, value in simple.items() if key != "$schema"}
    # what the algebra writes with references of its own stays as it was written here
    return both if "$ref" in json.dumps(simple) else simple


def types_of(shape: Shape) -> frozenset[str]:
    """The JSON types that a value of a shape can have; `integer` stands beside `number`."""
    if shape is True:
        return frozenset(TYPES)
    if shape is False:
        return frozenset()
    found = frozenset(TYPES)
    kind = shape.get("type")
    if kind is not None:
        kinds = frozenset([kind] if isinstance(kind, str) else kind)
        found &= kinds | {"integer"} if "number" in kinds else kinds
    if "const" in shape:
        found &= type_names(shape["const"])
    if "enum" in shape:
        found &= frozenset().union(*(type_names(value) for value in shape["enum"]))
    for keyword in ("anyOf", "oneOf"):
        if keyword in shape:
            found &= frozenset().union(*(types_of(part) for part in shape[keyword]))
    for part in shape.get("allOf", ()):
        found &= types_of(part)
    negated = shape.get("not")
    if isinstance(negated, dict) and set(negated) == {"type"}:
        kinds = frozenset([negated["type"]] if isinstance(negated["type"], str) else negated["type"])
        found -= kinds | {"integer"} if "number" in kinds else kinds
    return found


def type_names(value: Any) -> frozenset[str]:
    """The types of one value."""
    match value:
        case None:
            return frozenset(["null"])
        case bool():
            return frozenset(["boolean"])
        case int():
            return frozenset(["integer", "number"])
        case float():
            return frozenset(["number", "integer"] if value.is_integer() else ["number"])
        case str():
            return frozenset(["string"])
        case list():
            return frozenset(["array"])
    return frozenset(["object"])


def below(shape: Shape, name: str) -> Shape:
    """The shape of a member, where there is one."""
    if not isinstance(shape, dict):
        return shape
    if "const" in shape or "enum" in shape:
        values = shape["enum"] if "enum" in shape else [shape["const"]]
        return joined({"const": value[name]} for value in values if isinstance(value, dict) and name in value)
    if "object" not in types_of(shape):
        return False
    parts: list[Shape] = [_own_member(shape, name)]
    parts += [below(part, name) for part in shape.get("allOf", ())]
    for keyword in ("anyOf", "oneOf"):
        if keyword in shape:
            parts.append(joined(below(part, name) for part in shape[keyword]))
    if "if" in shape:
        parts.append(joined((below(shape.get("then", True), name), below(shape.get("else", True), name))))
    return met(parts)


def _own_member(shape: dict[str, Any], name: str) -> Shape:
    names = shape.get("propertyNames")
    if isinstance(names, dict) and isinstance(names.get("enum"), list) and name not in names["enum"]:
        return False
    properties = shape.get("properties", {})
    if name in properties:
        return properties[name]
    if "patternProperties" in shape:
        return True
    return shape.get("additionalProperties", True)


def other_members(shape: Shape, known: frozenset[str]) -> Shape:
    """The shape of every member whose name is not known."""
    if not isinstance(shape, dict) or "object" not in types_of(shape):
        return True
    parts: list[Shape] = []
    if "patternProperties" not in shape:
        more = [value for name, value in shape.get("properties", {}).items() if name not in known]
        parts.append(joined([shape.get("additionalProperties", True), *more]))
    parts += [other_members(part, known) for part in shape.get("allOf", ())]
    for keyword in ("anyOf", "oneOf"):
        if keyword in shape:
            parts.append(joined(other_members(part, known) for part in shape[keyword]))
    return met(parts)


def item_of(shape: Shape, index: int | None = None) -> Shape:
    """The shape of an array's item; with an index, of that one."""
    if not isinstance(shape, dict):
        return shape
    if "array" not in types_of(shape):
        return False
    if "const" in shape or "enum" in shape:
        values = shape["enum"] if "enum" in shape else [shape["const"]]
        return joined({"const": item} for value in values if isinstance(value, list) for item in value)
    parts: list[Shape] = []
    if "prefixItems" in shape:
        parts.append(joined([*shape["prefixItems"], shape.get("items", True)]))
    elif "items" in shape:
        parts.append(shape["items"])
    parts += [item_of(part, index) for part in shape.get("allOf", ())]
    for keyword in ("anyOf", "oneOf"):
        if keyword in shape:
            parts.append(joined(item_of(part, index) for part in shape[keyword]))
    return met(parts)


def required_at(shape: Shape, name: str) -> bool:
    """Whether every object of a shape has a member."""
    if shape is False:
        return True
    if not isinstance(shape, dict):
        return False
    if "const" in shape or "enum" in shape:
        values = shape["enum"] if "enum" in shape else [shape["const"]]
        return all(name in value for value in values if isinstance(value, dict))
    if name in shape.get("required", ()):
        return True
    if any(required_at(part, name) for part in shape.get("allOf", ())):
        return True
    for keyword in ("anyOf", "oneOf"):
        branches = [part for part in shape.get(keyword, ()) if "object" in types_of(part)]
        if keyword in shape and all(required_at(part, name) for part in branches):
            return True
    return "if" in shape and required_at(shape.get("then", True), name) and required_at(shape.get("else", True), name)

