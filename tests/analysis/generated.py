"""Payloads for a document type, made at random from its schema, with values that tell where they come from.

Nearly every text and number is another one. The others are `words`, such as the constants of a mapping, so that its
conditions hold for some payloads. Every optional member is there in some and missing in others.
"""

from __future__ import annotations

import copy
import itertools
import random
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urldefrag, urljoin

from casemap.mapping.core import Const, Lookup, Node, children
from casemap.schema.store import SchemaStore, schema_uri
from casemap.schema.validate import is_valid

__all__ = ["Payloads", "words_of"]

DEPTH = 8
PATTERNS = ("2015-03-19T00:35:28-0300", "[2022-03-23T00:00:00Z,2022-04-28T10:00:00+02:00]", "[2022-03-23,2022-04-28]")
"""Texts for the patterns of the bundled schemas."""


class Payloads:
    """Valid payloads of a document type; the same ones each time."""

    def __init__(self, store: SchemaStore, type_name: str, words: Sequence[str] = ()) -> None:
        self.store = store
        self.type_name = type_name
        self.words = words
        self.chance = random.Random(type_name)
        self.numbers = itertools.count(1)

    def take(self, count: int) -> list[Any]:
        """So many payloads."""
        validator = self.store.validator(self.type_name)
        schema, base = self.store.schemas[self.type_name], schema_uri(self.type_name)
        made = (self.value(schema, base, 0) for _ in itertools.count())
        return list(itertools.islice((payload for payload in made if is_valid(payload, validator)), count))

    def value(self, schema: Any, base: str, depth: int) -> Any:
        schema, base = self.plain(schema, base)
        if "const" in schema:
            return copy.deepcopy(schema["const"])
        if "enum" in schema:
            return copy.deepcopy(self.chance.choice(schema["enum"]))
        kind = schema.get("type") or ("object" if "properties" in schema else self.any_kind(depth))
        match self.chance.choice(kind) if isinstance(kind, list) else kind:
            case "object":
                return self.object(schema, base, depth)
            case "array":
                count = 0 if depth > DEPTH else self.chance.choice((0, 1, 1, 2, 3))
                items = schema.get("items", True)
                return [self.value(items, base, depth + 1) for _ in range(max(count, schema.get("minItems", 0)))]
            case "string":
                return self.text(schema)
            case "number" if self.chance.random() < 0.05:
                return next(self.numbers) + 0.5
            case "integer" | "number":
                return min(schema.get("maximum", 10**6), max(schema.get("minimum", 1), next(self.numbers)))
            case "boolean":
                return self.chance.random() < 0.5
        return None

    def plain(self, schema: Any, base: str) -> tuple[dict[str, Any], str]:
        """A schema with what it refers to, and one of its alternatives, written into it."""
        if not isinstance(schema, dict):
            return {}, base
        found = {key: value for key, value in schema.items() if key not in ("$ref", "allOf", "anyOf", "oneOf")}
        parts = [(part, base) for part in schema.get("allOf", ())]
        if "$ref" in schema:
            uri, pointer = urldefrag(urljoin(base, schema["$ref"]))
            target = self.store.schemas[self.store.by_uri[uri]]
            for step in pointer.split("/")[1:]:
                target = target[step]
            parts.append((target, uri))
        parts += [(self.chance.choice(schema[key]), base) for key in ("anyOf", "oneOf") if key in schema]
        for part, place in parts:
            below, base = self.plain(part, place)
            found = {**found, **below, "properties": {**found.get("properties", {}), **below.get("properties", {})}}
        return {key: value for key, value in found.items() if key != "properties" or value}, base

    def any_kind(self, depth: int) -> str:
        kinds = ("string", "number", "boolean", "null", *(("array", "object") if depth < 3 else ()))
        return str(self.chance.choice(kinds))

    def object(self, schema: dict[str, Any], base: str, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        often = self.chance.choice((0.2, 0.5, 0.9))
        for name, member in schema.get("properties", {}).items():
            if member is not False and (name in schema.get("required", ()) or self.chance.random() < often):
                members[name] = self.value(member, base, depth + 1)
        others = schema.get("additionalProperties", depth < DEPTH)
        for _ in range(self.chance.choice((0, 1, 2)) if others is not False else 0):
            members.setdefault(f"other {self.text({})}", self.value(others, base, depth + 1))
        return members

    def text(self, schema: dict[str, Any]) -> str:
        number = next(self.numbers)
        match schema.get("format"):
            case "date-time":
                return f"20{number % 90 + 10}-05-14T08:48:05{self.chance.choice(('.25+02:00', 'Z', '.123456Z'))}"
            case "uri":
                return f"https://example.com/{number}"
            case "uri-reference":
                return f"/a/{number}"
        if "pattern" in schema:
            fitting: str = self.chance.choice([text for text in PATTERNS if re.search(schema["pattern"], text)])
            return fitting
        if self.chance.random() < 0.1:
            return str(number)
        word: str = self.chance.choice(self.words) if self.words and self.chance.random() < 0.3 else f"text {number}"
        return word


def words_of(tree: Node) -> list[str]:
    """The constant texts of a core tree, and the keys of its value maps."""
    found: dict[str, None] = {}
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Const):
            values = node.value if isinstance(node.value, list) else [node.value]
            found.update((value, None) for value in values if isinstance(value, str) and 0 < len(value) < 30)
        if isinstance(node, Lookup):
            found.update((key, None) for key, _ in node.table.entries if isinstance(key, str))
        stack.extend(children(node))
    return list(found)
