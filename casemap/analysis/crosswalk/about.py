"""What a schema says about its fields for readers: title and description, found by the steps that lead to a field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin

from casemap.schema.fields import Others, Steps
from casemap.schema.store import SchemaStore, schema_uri

__all__ = ["About"]

_Place = tuple[dict[str, Any], str]
"""A schema, and the URI that its references are relative to."""


class About:
    """The titles and descriptions of a document type's fields."""

    def __init__(self, store: SchemaStore, type_name: str) -> None:
        self.store = store
        self.root = list(self.parts(store.schemas.get(type_name, True), schema_uri(type_name), set()))

    def texts(self, steps: Steps) -> tuple[str, str]:
        """The title and the description of a field; empty where the schema gives none."""
        places = self.root
        for step in steps:
            seen: set[int] = set()
            places = [below for place in places for below in self.member(place, step, seen)]
        return _text(places, "title"), _text(places, "description")

    def member(self, place: _Place, step: str | Others, seen: set[int]) -> Iterator[_Place]:
        """The schemas of a member; items stand where their array does."""
        for schema, base in self.content(place, set()):
            properties = schema.get("properties")
            if isinstance(step, str) and isinstance(properties, dict) and step in properties:
                yield from self.parts(properties[step], base, seen)
            elif "additionalProperties" in schema:
                yield from self.parts(schema["additionalProperties"], base, seen)

    def content(self, place: _Place, seen: set[int]) -> Iterator[_Place]:
        """A schema, and those of the items that it describes."""
        yield place
        schema, base = place
        for keyword in ("items", "prefixItems"):
            items = schema.get(keyword)
            for item in items if isinstance(items, list) else [items]:
                for below in self.parts(item, base, seen):
                    yield from self.content(below, seen)

    def parts(self, schema: Any, base: str, seen: set[int]) -> Iterator[_Place]:
        """A schema with those that it is made of, its own words first. Those `seen` before are not given again."""
        if not isinstance(schema, dict) or id(schema) in seen:
            return
        seen.add(id(schema))
        if isinstance(schema.get("$id"), str):
            base = urljoin(base, schema["$id"])
        yield schema, base
        if isinstance(schema.get("$ref"), str):
            yield from self.referred(schema["$ref"], base, seen)
        for keyword in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(keyword) or ():
                yield from self.parts(part, base, seen)
        for keyword in ("then", "else"):
            yield from self.parts(schema.get(keyword), base, seen)

    def referred(self, reference: str, base: str, seen: set[int]) -> Iterator[_Place]:
        document, fragment = urldefrag(urljoin(base, reference))
        name = self.store.by_uri.get(document)
        found: Any = None if name is None else self.store.schemas[name]
        for step in fragment.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            found = found.get(key) if isinstance(found, dict) else None
        yield from self.parts(found, document, seen)


def _text(places: list[_Place], keyword: str) -> str:
    """A keyword's text: that of the field's own schema before that of what it refers to."""
    found = (schema.get(keyword) for schema, _ in places)
    return next((" ".join(text.split()) for text in found if isinstance(text, str)), "")
