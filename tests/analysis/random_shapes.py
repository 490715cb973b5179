"""Schemas at random, and values near to them: valid more often than not, at the edges of what they say."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from casemap.schema.shapes import Shape

__all__ = ["NAMES", "near", "schema", "values_near"]

NAMES = ("a", "b", "x1", "1")
TEXTS = (
    *("", "a", "b", "ab", "aab", "bb", "x1", "1", "12", "é", "a\n"),
    *("2021-08-25T13:18:25Z", "2021-08-25t1+:18:25z", "https://e.org/a?b", "../a"),
)
NUMBERS = (0, 1, 2, 3, 5, -1, -2, 1.0, 0.5, 1.5, -2.5, 2.5, 1e300, 2**70)
PATTERNS = ("^a", "b$", "^[a-z]*$", "^[0-9]+$", "1")
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


def scalar(r: Random) -> Any:
    return r.choice([None, True, False, r.choice(NUMBERS), r.choice(NUMBERS), r.choice(TEXTS), r.choice(TEXTS)])


def value(r: Random, depth: int = 2) -> Any:
    """Any value."""
    form = r.randrange(6) if depth else 0
    if form == 4:
        return [value(r, depth - 1) for _ in range(r.randrange(4))]
    if form == 5:
        return {name: value(r, depth - 1) for name in r.sample((*NAMES, "other"), r.randrange(4))}
    return scalar(r)


def schema(r: Random, depth: int = 2) -> Shape:
    """Any schema, without references."""
    if depth == 0:
        return r.choice(
            [True, False, {"type": r.choice(TYPES)}, {"type": r.choice(TYPES)}, {"const": value(r, 1)}, _text(r)]
        )
    form = r.randrange(12)
    if form < 3:
        return _object(r, depth - 1)
    if form < 5:
        return _array(r, depth - 1)
    if form < 8:
        return _combined(r, depth - 1)
    simple = r.choice([_text, _number, _values])
    return simple(r)


def _text(r: Random) -> Shape:
    found: dict[str, Any] = {"type": r.choice(["string", "string", ["string", "null"]])}
    for name, choices in (
        ("minLength", (0, 1, 2)),
        ("maxLength", (1, 2, 3)),
        ("pattern", PATTERNS),
        ("format", ("date-time", "uri")),
    ):
        if r.random() < 0.3:
            found[name] = r.choice(choices)
    return found


def _number(r: Random) -> Shape:
    found: dict[str, Any] = {"type": r.choice(["number", "integer", ["integer", "string"], ["number", "null"]])}
    for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if r.random() < 0.3:
            found[name] = r.choice((-1, 0, 1, 1.5, 2))
    return found


def _values(r: Random) -> Shape:
    if r.random() < 0.4:
        return {"const": value(r)}
    found: dict[str, Any] = {"enum": [value(r) for _ in range(r.randrange(1, 5))]}
    return {**found, "type": r.choice(TYPES)} if r.random() < 0.3 else found


def _object(r: Random, depth: int) -> Shape:
    found: dict[str, Any] = {"type": "object"} if r.random() < 0.8 else {}
    if r.random() < 0.9:
        found["properties"] = {name: schema(r, depth) for name in r.sample(NAMES, r.randrange(1, 4))}
    if r.random() < 0.6:
        found["required"] = r.sample(NAMES, r.randrange(1, 3))
    if r.random() < 0.5:
        found["additionalProperties"] = r.choice([False, schema(r, depth)])
    if r.random() < 0.3:
        found["patternProperties"] = {r.choice(PATTERNS): schema(r, depth)}
    if r.random() < 0.15:
        found["propertyNames"] = {"enum": r.sample(NAMES, 2)}
    if r.random() < 0.15:
        found["dependentRequired"] = {r.choice(NAMES): r.sample(NAMES, 2)}
    if r.random() < 0.1:
        found["dependentSchemas"] = {r.choice(NAMES): schema(r, depth)}
    if r.random() < 0.1:
        found["minProperties"] = r.randrange(3)
    if r.random() < 0.15:
        found["unevaluatedProperties"] = False
    return found


def _array(r: Random, depth: int) -> Shape:
    found: dict[str, Any] = {"type": "array"} if r.random() < 0.8 else {}
    if r.random() < 0.7:
        found["items"] = schema(r, depth)
    if r.random() < 0.4:
        found["prefixItems"] = [schema(r, depth) for _ in range(r.randrange(1, 3))]
    if r.random() < 0.4:
        found["minItems"] = r.randrange(3)
    if r.random() < 0.4:
        found["maxItems"] = r.randrange(1, 4)
    if r.random() < 0.15:
        found["contains"] = schema(r, depth)
    if r.random() < 0.1:
        found["uniqueItems"] = True
    return found


def _combined(r: Random, depth: int) -> Shape:
    """Alternatives and conditions, alone or beside other keywords."""
    found: dict[str, Any] = r.choice([{}, {}, _object(r, 0), {"type": r.choice(TYPES)}])
    keyword = r.choice(["anyOf", "anyOf", "allOf", "oneOf", "not", "if"])
    if keyword == "not":
        return {**found, "not": schema(r, depth)}
    if keyword == "if":
        parts = {name: schema(r, depth) for name in ("if", "then", "else") if name == "if" or r.random() < 0.7}
        return {**found, **parts}
    return {**found, keyword: [schema(r, depth) for _ in range(r.randrange(1, 4))]}


def near(r: Random, shape: Shape) -> Any:
    """A value that is meant for a schema, though no keyword is sure to be obeyed."""
    if not isinstance(shape, dict) or r.random() < 0.05:
        return value(r)
    if "const" in shape:
        return shape["const"]
    if "enum" in shape:
        return r.choice(shape["enum"])
    parts = [part for keyword in ("anyOf", "oneOf", "allOf") for part in shape.get(keyword, ())]
    parts += [shape[keyword] for keyword in ("if", "then", "else") if keyword in shape]
    if parts:
        return _merged(near(r, r.choice(parts)), _own(r, shape))
    return _own(r, shape)


def _merged(one: Any, other: Any) -> Any:
    return {**other, **one} if isinstance(one, dict) and isinstance(other, dict) else one


def _own(r: Random, shape: dict[str, Any]) -> Any:
    """By the keywords of the object alone."""
    kind = shape.get("type")
    if isinstance(kind, list):
        kind = r.choice(kind)
    if kind is None:
        kind = (
            "object"
            if "properties" in shape or "required" in shape
            else "array"
            if "items" in shape
            else r.choice(TYPES)
        )
    match kind:
        case "object":
            return _near_object(r, shape)
        case "array":
            return _near_array(r, shape)
        case "string":
            return r.choice(TEXTS)
        case "integer" | "number":
            return r.choice(NUMBERS)
        case "boolean":
            return r.random() < 0.5
    return None


def _near_object(r: Random, shape: dict[str, Any]) -> dict[str, Any]:
    properties = shape.get("properties", {})
    names = [*shape.get("required", ()), *(name for name in properties if r.random() < 0.6)]
    if r.random() < 0.4:
        names.append(r.choice((*NAMES, "other", "ab")))
    others = [shape.get("additionalProperties", True), *shape.get("patternProperties", {}).values()]
    return {name: near(r, properties[name] if name in properties else r.choice(others)) for name in names}


def _near_array(r: Random, shape: dict[str, Any]) -> list[Any]:
    first = shape.get("prefixItems", [])
    least, most = shape.get("minItems", 0), shape.get("maxItems", 4)
    count = r.randint(least, max(least, most))
    return [near(r, first[index] if index < len(first) else shape.get("items", True)) for index in range(count)]


def values_near(r: Random, *shapes: Shape, count: int = 10) -> Iterator[Any]:
    """Values near to schemas, and to parts of them."""
    for _ in range(count):
        yield near(r, r.choice(shapes))
    yield value(r)
