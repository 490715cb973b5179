"""Which members of a value its schema knows: declared under `properties` or matched by `patternProperties`.

Walks a value and its schema together, through references and every alternative: a member is known where any part of the
schema that speaks of the object knows it. An object that no part describes member by member is free: all of it is
known. So is a member of an object whose other members have a schema of their own, for its names are data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

__all__ = ["Members"]

_TOGETHER = ("allOf", "anyOf", "oneOf")
_SINGLE = ("if", "then", "else")
_OTHERS = ("additionalProperties", "unevaluatedProperties")

_Part = tuple[dict[str, Any], jsonschema_rs.Resolver]


@dataclass(frozen=True, slots=True)
class Members:
    """The members that a schema knows; `resolver` resolves the references of `schema`."""

    schema: Any
    resolver: jsonschema_rs.Resolver

    def known(self, value: Any, steps: Sequence[str | int]) -> frozenset[str]:
        """The names declared for the object at a path of a value."""
        parts = _parts([(self.schema, self.resolver)])
        for step in steps:
            parts = _parts(_below(parts, step))
            value = value[step]
        return frozenset(_declared(parts))

    def unknown(self, value: Any) -> Iterator[tuple[tuple[str | int, ...], frozenset[str]]]:
        """The paths of the members that the schema does not know, each with the names that it knows there."""
        pending: list[tuple[tuple[str | int, ...], Any, list[_Part]]] = [
            ((), value, _parts([(self.schema, self.resolver)]))
        ]
        while pending:
            steps, item, parts = pending.pop()
            if isinstance(item, list):
                pending += [
                    ((*steps, index), below, _parts(_below(parts, index)))
                    for index, below in enumerate(item)
                    if isinstance(below, dict | list)
                ]
            elif isinstance(item, dict):
                known = None if _is_free(parts) else frozenset(_declared(parts))
                for name, below in item.items():
                    if known is not None and name not in known and not _matches(parts, name):
                        yield (*steps, name), known
                    elif isinstance(below, dict | list):
                        pending.append(((*steps, name), below, _parts(_below(parts, name))))


def _parts(places: Sequence[tuple[Any, jsonschema_rs.Resolver]]) -> list[_Part]:
    """The schema objects that speak of one value, with the resolvers of their references."""
    found: list[_Part] = []
    pending = list(places)
    seen: set[tuple[str, int]] = set()
    while pending:
        schema, resolver = pending.pop()
        if not isinstance(schema, dict):
            continue
        if (resolver.base_uri, id(schema)) in seen:
            continue
        seen.add((resolver.base_uri, id(schema)))
        found.append((schema, resolver))
        pending += _referred(schema, resolver)
        for keyword in _TOGETHER:
            if isinstance(schema.get(keyword), list):
                pending += [(each, resolver) for each in schema[keyword]]
        pending += [(schema[keyword], resolver) for keyword in _SINGLE if keyword in schema]
        for keyword in ("dependentSchemas", "dependencies"):
            if isinstance(schema.get(keyword), dict):
                pending += [(each, resolver) for each in schema[keyword].values()]
        if len(found) > 1000:
            break  # a schema that refers to ever new objects of itself
    return found


def _referred(schema: dict[str, Any], resolver: jsonschema_rs.Resolver) -> Iterator[tuple[Any, jsonschema_rs.Resolver]]:
    for keyword in ("$ref", "$dynamicRef"):
        if isinstance(schema.get(keyword), str):
            try:
                found = resolver.lookup(schema[keyword])
            except (ValueError, jsonschema_rs.ReferencingError):
                continue
            yield found.contents, found.resolver


def _declared(parts: Sequence[_Part]) -> Iterator[str]:
    for schema, _ in parts:
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"]


def _is_free(parts: Sequence[_Part]) -> bool:
    """Whether no part declares members, or the others have a schema of their own."""
    if any(isinstance(schema.get(keyword), dict) and schema[keyword] for schema, _ in parts for keyword in _OTHERS):
        return True
    return not any("properties" in schema or "patternProperties" in schema for schema, _ in parts)


def _matches(parts: Sequence[_Part], name: str) -> bool:
    return any(_fits(pattern, name) for schema, _ in parts for pattern in schema.get("patternProperties", {}))


def _fits(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # JavaScript's patterns are not quite Python's
        return True


def _below(parts: Sequence[_Part], step: str | int) -> list[tuple[Any, jsonschema_rs.Resolver]]:
    """The schemas of a member or an item."""
    return [(schema, resolver) for part, resolver in parts for schema in _schemas_below(part, step)]


def _schemas_below(part: dict[str, Any], step: str | int) -> Iterator[Any]:
    if isinstance(step, int):
        yield from _item_schemas(part, step)
        return
    properties = part.get("properties", {})
    patterns = [schema for pattern, schema in part.get("patternProperties", {}).items() if _fits(pattern, step)]
    if step in properties:
        yield properties[step]
    yield from patterns
    if step not in properties and not patterns:
        yield from (part[keyword] for keyword in _OTHERS if keyword in part)


def _item_schemas(part: dict[str, Any], index: int) -> Iterator[Any]:
    items = part.get("items")
    first = part.get("prefixItems", items if isinstance(items, list) else [])
    if index < len(first):
        yield first[index]
    else:
        yield part.get("additionalItems") if isinstance(items, list) else items
    if "contains" in part:
        yield part["contains"]
