"""The schemas of a catalog with every reference resolved to one key, so that a schema can be read without its place.

A *key* is a document type and a JSON Pointer, `khoros/case#/$defs/Author`. `References` rewrites each `$ref`, and each
`$dynamicRef`, to such a key; `$id` and anchors are gone. References are resolved among the catalog's schemas; nothing
is fetched.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from casemap.errors import MappingError
from casemap.generate.drafts import modern
from casemap.problem import Problem, pointer
from casemap.schema.store import schema_uri

__all__ = ["SCHEMA_LISTS", "SCHEMA_MAPS", "SCHEMA_SINGLES", "References", "subschemas"]

SCHEMA_MAPS = ("$defs", "definitions", "properties", "patternProperties", "dependentSchemas")
"""Keywords whose value maps names to schemas."""

SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
"""Keywords whose value is a list of schemas."""

SCHEMA_SINGLES = (
    *("items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"),
    *("not", "if", "then", "else"),
)
"""Keywords whose value is a schema."""


def _targets(schema: Any) -> Iterator[str]:
    """The keys that a schema refers to, at any depth."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for _, inner in subschemas(schema):
            yield from _targets(inner)


def subschemas(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The schemas directly within a schema, with the steps that lead there."""
    for keyword in SCHEMA_MAPS:
        if isinstance(schema.get(keyword), dict):
            yield from (((keyword, name), inner) for name, inner in schema[keyword].items())
    for keyword in SCHEMA_LISTS:
        if isinstance(schema.get(keyword), list):
            yield from (((keyword, index), inner) for index, inner in enumerate(schema[keyword]))
    for keyword in SCHEMA_SINGLES:
        if isinstance(schema.get(keyword), dict | bool):
            yield (keyword,), schema[keyword]


class References:
    """The schemas by key. Raises `MappingError` (CM219) for a reference that leads nowhere."""

    def __init__(self, schemas: Mapping[str, Any], files: Mapping[str, str]) -> None:
        self._files = files
        self._written = schemas
        self._schemas = {name: modern(schema) for name, schema in schemas.items()}
        self._resources: dict[str, tuple[str, tuple[str | int, ...]]] = {}  # absolute URI to type and steps
        self._bases: dict[tuple[str, tuple[str | int, ...]], str] = {}
        for name, schema in self._schemas.items():
            self._resources[schema_uri(name)] = (name, ())
            self._index(name, (), schema, schema_uri(name))
        self._rewritten: dict[str, Any] = {}

    def _index(self, name: str, steps: tuple[str | int, ...], schema: Any, base: str) -> None:
        if not isinstance(schema, dict):
            return
        if isinstance(schema.get("$id"), str):
            base = urldefrag(urljoin(base, schema["$id"])).url
            self._resources.setdefault(base, (name, steps))
            self._bases[name, steps] = base
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(schema.get(keyword), str):
                self._resources.setdefault(f"{base}#{schema[keyword]}", (name, steps))
        for inner_steps, inner in subschemas(schema):
            self._index(name, (*steps, *inner_steps), inner, base)

    @property
    def types(self) -> list[str]:
        """The document types, sorted."""
        return sorted(self._schemas)

    def original(self, name: str) -> Any:
        """The schema of a document type as it is written."""
        return self._written[name]

    def definitions(self, name: str) -> list[str]:
        """The keys of what a document type defines under `$defs`, and of whatever else of it is referred to."""
        schema = self.schema(f"{name}#")
        named = [
            f"{name}#{pointer((keyword, each))}"
            for keyword in ("$defs", "definitions")
            if isinstance(schema, dict) and isinstance(schema.get(keyword), dict)
            for each in schema[keyword]
        ]
        referred = sorted(key for key in self._targets if key.partition("#")[0] == name and key not in named)
        return named + [key for key in referred if key != f"{name}#"]

    def closure(self, types: Sequence[str]) -> list[str]:
        """Some document types and those that they refer to, sorted."""
        found: set[str] = set()
        pending = list(types)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += [key.partition("#")[0] for key in _targets(self.schema(f"{name}#"))]
        return sorted(found)

    @functools.cached_property
    def _targets(self) -> frozenset[str]:
        return frozenset(key for name in self._schemas for key in _targets(self.schema(f"{name}#")))

    def schema(self, key: str) -> Any:
        """The schema that a key stands for, its references rewritten to keys."""
        if key not in self._rewritten:
            name, _, text = key.partition("#")
            schema, base = self._find(name, text)
            self._rewritten[key] = self._rewrite(name, schema, base)
        return self._rewritten[key]

    def _find(self, name: str, text: str) -> tuple[Any, str]:
        """The schema at a pointer, with the URI that its references are relative to."""
        current: Any = self._schemas[name]
        steps: tuple[str | int, ...] = ()
        base = self._bases.get((name, ()), schema_uri(name))
        for token in text.split("/")[1:]:
            step: str | int = token.replace("~1", "/").replace("~0", "~")
            if isinstance(current, list) and str(step).isdecimal() and int(step) < len(current):
                step = int(step)
            elif not isinstance(current, dict) or step not in current:
                raise MappingError([self._dangling(name, f"#{text}")])
            current = current[step]
            steps = (*steps, step)
            base = self._bases.get((name, steps), base)
        return current, base

    def _rewrite(self, name: str, schema: Any, base: str) -> Any:
        if not isinstance(schema, dict):
            return schema
        if isinstance(schema.get("$id"), str):
            base = urldefrag(urljoin(base, schema["$id"])).url
        rewritten = {
            keyword: value for keyword, value in schema.items() if keyword not in ("$id", "$anchor", "$schema")
        }
        if isinstance(schema.get("$ref"), str):
            rewritten["$ref"] = self._resolve(name, base, schema["$ref"])
        if isinstance(dynamic := rewritten.pop("$dynamicRef", None), str):
            target = {"$ref": self._resolve(name, base, dynamic)}
            rewritten |= {"allOf": [*schema.get("allOf", []), target]} if "$ref" in rewritten else target
        for steps, inner in subschemas(schema):
            if len(steps) == 1:
                rewritten[str(steps[0])] = self._rewrite(name, inner, base)
                continue
            keyword = str(steps[0])
            if rewritten[keyword] is schema[keyword]:
                rewritten[keyword] = schema[keyword].copy()
            rewritten[keyword][steps[1]] = self._rewrite(name, inner, base)
        return rewritten

    def _resolve(self, name: str, base: str, reference: str) -> str:
        absolute = urljoin(base, reference)
        uri, fragment = urldefrag(absolute)
        if fragment and not fragment.startswith("/"):
            found = self._resources.get(absolute)
            text = ""
        else:
            found = self._resources.get(uri)
            text = unquote(fragment)
        if found is None:
            raise MappingError([self._dangling(name, reference)])
        key = f"{found[0]}#{pointer(found[1])}{text}"
        self._find(found[0], pointer(found[1]) + text)
        return key

    def _dangling(self, name: str, reference: str) -> Problem:
        message = f"the schema of {name} refers to {reference}, which is not there"
        help = "Mend the reference; it must lead to a schema of the project or a bundled one."
        return Problem("CM219", message, help, file=self._files.get(name))
