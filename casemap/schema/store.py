"""JSON Schemas of document types: registered once, never fetched, with validators and a look at what they declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs

from casemap.errors import MappingError
from casemap.problem import Problem
from casemap.schema.broken import broken_schema
from casemap.schema.file_references import by_type
from casemap.schema.formats import strict

__all__ = ["BASE_URI", "SchemaStore", "SourceSchema", "schema_uri", "validator_of"]

MOST_ALTERNATIVES = 8
"""Alternatives nested deeper are not looked into."""

BASE_URI = "https://casemap.example/schemas/"
"""A name on a reserved domain (RFC 2606): schemas are known by it and never fetched."""


def schema_uri(type_name: str) -> str:
    """The `$id` of a document type's schema."""
    return BASE_URI + type_name


def validator_of(schema: Any) -> jsonschema_rs.Validator:
    """The compiled validator of a schema without references, with formats asserted as everywhere."""
    return jsonschema_rs.Draft202012Validator(strict(schema), offline=True, validate_formats=True)


class SchemaStore:
    """The schemas of a catalog, by document type.

    `schemas` maps document types (`egain/case`) to JSON Schemas, `files` to the files they came from. References
    resolve within the store alone. Formats are asserted.
    """

    def __init__(self, schemas: Mapping[str, Any], files: Mapping[str, str]) -> None:
        self.schemas = dict(schemas)
        self.files = dict(files)
        known = self.by_uri
        self.schemas = {name: by_type(schema, schema_uri(name), known) for name, schema in self.schemas.items()}
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def as_data(self) -> tuple[Any, ...]:
        """The schemas as plain values, all that is done to them included."""
        return self.schemas, self.strict_schemas

    @classmethod
    def of_data(cls, data: Any, files: Mapping[str, str]) -> SchemaStore:
        """The store that `as_data` has given. Raises `TypeError` or `ValueError` for anything else."""
        schemas, strict_schemas = data
        store = cls({}, files)
        store.schemas, store.strict_schemas = dict(schemas), dict(strict_schemas)
        del store.by_uri  # of no schemas
        return store

    @cached_property
    def registry(self) -> jsonschema_rs.Registry:
        """The schemas as they are. Raises `MappingError`."""
        return self._registry_of(self.schemas)

    @cached_property
    def strict_schemas(self) -> dict[str, Any]:
        return {name: strict(schema) for name, schema in self.schemas.items()}

    @cached_property
    def strict_registry(self) -> jsonschema_rs.Registry:
        return self._registry_of(self.strict_schemas)

    def _registry_of(self, schemas: Mapping[str, Any]) -> jsonschema_rs.Registry:
        try:
            return jsonschema_rs.Registry([(uri, schemas[name]) for uri, name in self.by_uri.items()])
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            raise MappingError([self._broken("", error)]) from None

    @cached_property
    def by_uri(self) -> dict[str, str]:
        """The document types by the URIs of their schemas: the one that the type gives, and the schema's own."""
        uris = {schema_uri(name): name for name in self.schemas}
        for name, schema in self.schemas.items():
            own = schema.get("$id") if isinstance(schema, dict) else None
            if isinstance(own, str):
                uris.setdefault(own, name)
        return uris

    def _broken(self, type_name: str, error: Exception) -> Problem:
        return broken_schema(error, f"the schema of {type_name or 'a document type'}", self.files.get(type_name))

    def validator(self, type_name: str) -> jsonschema_rs.Validator:
        """The compiled validator of a document type. Raises `MappingError` for a schema that is wrong."""
        found = self._validators.get(type_name)
        if found is None:
            try:
                found = jsonschema_rs.validator_for(
                    self.strict_schemas[type_name],
                    registry=self.strict_registry,
                    offline=True,
                    validate_formats=True,
                    base_uri=schema_uri(type_name),
                )
            except (ValueError, jsonschema_rs.ReferencingError) as error:
                raise MappingError([self._broken(type_name, error)]) from None
            self._validators[type_name] = found
        return found

    def declared(self, type_name: str, origin: tuple[str, ...]) -> frozenset[str]:
        """The members that the schema declares under `properties` at a path, after `$ref` and `allOf`.

        `*` in the path is any item of an array.
        """
        schema = self.schemas.get(type_name)
        resolver = self.registry.resolver(schema_uri(type_name))
        places = [(schema, resolver)]
        for step in origin:
            places = [below for place in places for below in self._below(*place, step)]
        own = self._properties(places, alternatives=False)
        # where an object is described by its alternatives alone, what any of them declares is declared
        return own or self._properties(places, alternatives=True)

    def _properties(self, places: list[tuple[Any, Any]], alternatives: bool) -> frozenset[str]:
        names: set[str] = set()
        for place, at in places:
            for part, _ in self._parts(place, at, alternatives):
                properties = part.get("properties")
                if isinstance(properties, dict):
                    names.update(properties)
        return frozenset(names)

    def always_there(self, type_name: str, base: tuple[str, ...], steps: tuple[str, ...]) -> bool:
        """Whether in every valid document each value at `base` has a value, and no null, `steps` of names below.

        `*` in the base is any item of an array.
        """
        places = [(self.schemas.get(type_name), self.registry.resolver(schema_uri(type_name)))]
        for position, step in enumerate((*base, *steps)):
            if position >= len(base) and not any(self._requires(*place, step) for place in places):
                return False
            # of the alternatives of `anyOf` any may be the one that holds: only what all documents obey counts
            places = [below for place in places for below in self._below(*place, step, alternatives=False)]
        return any(self._excludes_null(*place) for place in places)

    def types_of(self, type_name: str, origin: tuple[str, ...]) -> frozenset[str] | None:
        """The JSON types, null left out, that a value at a path can have; None where the schema does not say.

        `*` in the path is any item of an array.
        """
        resolver = self.registry.resolver(schema_uri(type_name))
        return self._types(self.schemas.get(type_name), resolver, origin, 0)

    def values_of(self, type_name: str, origin: tuple[str, ...]) -> tuple[Any, ...] | None:
        """The values, null left out, that a path can have, where a schema of its own lists them."""
        places = [(self.schemas.get(type_name), self.registry.resolver(schema_uri(type_name)))]
        for step in origin:
            places = [below for place in places for below in self._below(*place, step, alternatives=False)]
        for place in places:
            for part, _ in self._parts(*place):
                if "enum" in part or "const" in part:
                    return tuple(value for value in part.get("enum", [part.get("const")]) if value is not None)
        return None

    def _types(self, schema: Any, resolver: Any, steps: tuple[str, ...], depth: int) -> frozenset[str] | None:
        """The types at the end of the steps: what every part says, and of alternatives what any says."""
        if depth > MOST_ALTERNATIVES or not isinstance(schema, dict):
            return frozenset() if schema is False else None
        found: list[frozenset[str]] = []
        for part, at in self._parts(schema, resolver):
            own = self._own_types(part, at, steps, depth)
            if own is not None:
                found.append(own)
            for keyword in ("anyOf", "oneOf"):
                if isinstance(part.get(keyword), list):
                    branches = [self._types(branch, at, steps, depth + 1) for branch in part[keyword]]
                    if all(branch is not None for branch in branches):
                        found.append(frozenset().union(*(branch for branch in branches if branch is not None)))
        return frozenset.intersection(*found) if found else None

    def _own_types(
        self, part: dict[str, Any], resolver: Any, steps: tuple[str, ...], depth: int
    ) -> frozenset[str] | None:
        """What one schema object says by itself."""
        kind = part.get("type")
        kinds = None if kind is None else frozenset([kind] if isinstance(kind, str) else kind) - {"null"}
        if not steps:
            return kinds
        step, deeper = steps[0], steps[1:]
        if kinds is not None and ("array" if step == "*" else "object") not in kinds:
            return frozenset()
        if step == "*":
            below = part.get("items", True if "prefixItems" not in part else None)
        else:
            properties = part.get("properties") or {}
            others = None if "patternProperties" in part else part.get("additionalProperties")
            below = properties.get(step, others)
        return self._types(below, resolver, deeper, depth) if below is not None and below is not True else None

    def _requires(self, schema: Any, resolver: Any, name: str) -> bool:
        """`required` binds objects alone: the value must be one."""
        parts = [part for part, _ in self._parts(schema, resolver)]
        is_object = any(part.get("type") == "object" for part in parts)
        return is_object and any(name in part.get("required", ()) for part in parts)

    def _excludes_null(self, schema: Any, resolver: Any) -> bool:
        for part, _ in self._parts(schema, resolver):
            kind = part.get("type")
            if (isinstance(kind, str) and kind != "null") or (isinstance(kind, list) and "null" not in kind):
                return True
            if part.get("const") is not None or ("enum" in part and None not in part["enum"]):
                return True
        return False

    def _below(self, schema: Any, resolver: Any, step: str, alternatives: bool = True) -> Iterator[tuple[Any, Any]]:
        for part, at in self._parts(schema, resolver, alternatives):
            properties = part.get("properties")
            if step == "*":
                for keyword in ("items", "prefixItems"):
                    items = part.get(keyword, [])
                    yield from ((item, at) for item in (items if isinstance(items, list) else [items]))
            elif isinstance(properties, dict) and step in properties:
                yield properties[step], at
            elif isinstance(part.get("additionalProperties"), dict):
                yield part["additionalProperties"], at

    def _parts(self, schema: Any, resolver: Any, alternatives: bool = False) -> Iterator[tuple[dict[str, Any], Any]]:
        """The schema itself and what it refers to by `$ref` and `allOf`, on request `anyOf` and `oneOf` as well."""
        pending = [(schema, resolver)]
        seen: set[int] = set()
        while pending:
            current, at = pending.pop()
            if not isinstance(current, dict) or id(current) in seen:
                continue
            seen.add(id(current))
            yield current, at
            if isinstance(current.get("$ref"), str):
                try:
                    found = at.lookup(current["$ref"])
                except (ValueError, jsonschema_rs.ReferencingError):
                    continue
                pending.append((found.contents, found.resolver))
            for keyword in ("allOf", "anyOf", "oneOf") if alternatives else ("allOf",):
                if isinstance(current.get(keyword), list):
                    pending.extend((part, at) for part in current[keyword])


class SourceSchema:
    """What is known of the values of one document type."""

    def __init__(self, store: SchemaStore, type_name: str) -> None:
        self._store = store
        self._type_name = type_name
        self._there: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}
        self._types: dict[tuple[str, ...], frozenset[str] | None] = {}

    def always_there(self, base: tuple[str, ...], steps: tuple[str, ...]) -> bool:
        """As `SchemaStore.always_there`."""
        found = self._there.get((base, steps))
        if found is None:
            found = self._there[base, steps] = self._store.always_there(self._type_name, base, steps)
        return found

    def values_of(self, origin: tuple[str, ...]) -> tuple[Any, ...] | None:
        """As `SchemaStore.values_of`."""
        return self._store.values_of(self._type_name, origin)

    def types_of(self, origin: tuple[str, ...]) -> frozenset[str] | None:
        """As `SchemaStore.types_of`."""
        if origin not in self._types:
            self._types[origin] = self._store.types_of(self._type_name, origin)
        return self._types[origin]
