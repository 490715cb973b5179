"""A schema with its references written out: what a document's schema says, as a shape."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from casemap.schema.shapes.plain import Shape

__all__ = ["written_out"]

_MAPS = frozenset(("properties", "patternProperties", "dependentSchemas"))
_LISTS = frozenset(("allOf", "anyOf", "prefixItems"))
_SINGLE = frozenset(("items", "additionalProperties", "then", "else", "propertyNames"))
_LAST = ("unevaluatedItems", "unevaluatedProperties")
"""Keywords that look at what the others have evaluated."""
_EXACT = ("oneOf", "not", "if", "contains")
"""Keywords that admit less where a schema below them admits more: below them, nothing may be left out."""
_PLAIN = frozenset(
    (
        *("type", "const", "enum", "format", "pattern", "minLength", "maxLength", "required", "dependentRequired"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minProperties", "maxProperties"),
        *("minItems", "maxItems", "uniqueItems"),
    )
)
_FORMATS = frozenset(
    (
        *("date", "time", "date-time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
        *("uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "regex"),
        *("json-pointer", "relative-json-pointer"),
    )
)
"""The formats of draft 2020-12, which validators assert; another one is an annotation."""
_EVALUATE = frozenset(
    ("allOf", "anyOf", "oneOf", "if", "dependentSchemas", "dependencies", "$ref", "additionalProperties")
)
"""Keywords beside which `unevaluatedProperties` says something else than `additionalProperties`."""

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DEEPEST, _LARGEST = 60, 60_000
_MOST_TURNS = 2
"""A recursive schema is written out in itself once: what a tree's own members are is known, and its children's."""

_Places = tuple[tuple[str, str], ...]
"""References, each with the URI that it is relative to."""


class _Unwritable(Exception):
    """Something that a shape cannot say was met where nothing may be left out."""


def written_out(schema: Any, resolver: Any, widen: bool = True) -> Shape | None:
    """The shape of a valid schema: annotations left out, references replaced by what they refer to.

    `resolver` is the `jsonschema_rs.Resolver` of the schema's own place. A shape cannot say recursion, `$dynamicRef`,
    references that lead nowhere, schemas of another draft, or what would be very large. With `widen`, for what is
    known of a source, the shape then admits more than the schema; without, for what a target asks, there is none, and
    the result is None.
    """
    try:
        return _Writer().entered(schema, resolver, ((resolver.base_uri, "#"),), widen)
    except _Unwritable:
        return None


class _Writer:
    """One walk: `done` has the shapes of references that have been followed, `losses` counts what was left out.

    `within` are the references that the walk is inside of.
    """

    def __init__(self) -> None:
        self.done: dict[tuple[str, str, bool], tuple[Shape, int, int]] = {}
        self.losses = 0
        self.size = 0
        self.depth = 0

    def entered(self, schema: Any, resolver: Any, within: _Places, widen: bool) -> Shape:
        """The shape of a schema whose `$id`, if it has one, is the resolver's base."""
        if not isinstance(schema, dict):
            return schema
        self.size += 1
        other_draft = str(schema.get("$schema", _DRAFT)).rstrip("#") != _DRAFT
        if other_draft or "$dynamicRef" in schema or self.depth > _DEEPEST or self.size > _LARGEST:
            return self._anything(widen)
        self.depth += 1
        try:
            return self._object(schema, resolver, within, widen)
        finally:
            self.depth -= 1

    def _object(self, schema: dict[str, Any], resolver: Any, within: _Places, widen: bool) -> Shape:
        losses = self.losses
        result: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword in _PLAIN and (keyword != "format" or value in _FORMATS):
                result[keyword] = value
            elif keyword in _MAPS:
                result[keyword] = {name: self._below(part, resolver, within, widen) for name, part in value.items()}
            elif keyword in _LISTS:
                result[keyword] = [self._below(part, resolver, within, widen) for part in value]
            elif keyword in _SINGLE:
                result[keyword] = self._below(value, resolver, within, widen)
        for keyword in _EXACT:
            if keyword in schema:
                result |= self._exact(keyword, schema, resolver, within, widen)
        more = [
            self._dependency(name, value, resolver, within, widen)
            for name, value in schema.get("dependencies", {}).items()
        ]
        if isinstance(schema.get("$ref"), str):
            more.append(self._referred(schema["$ref"], resolver, within, widen))
        for keyword in _LAST:
            if keyword in schema and self.losses == losses:
                name = "additionalProperties" if _is_additional(keyword, schema) else keyword
                result[name] = self._below(schema[keyword], resolver, within, widen)
        return _beside(result, more)

    def _anything(self, widen: bool) -> Shape:
        if not widen:
            raise _Unwritable
        self.losses += 1
        return True

    def _below(self, schema: Any, resolver: Any, within: _Places, widen: bool) -> Shape:
        if isinstance(schema, dict) and "$id" in schema:
            try:
                resolver = resolver.lookup(schema["$id"]).resolver
            except (ValueError, jsonschema_rs.ReferencingError):
                return self._anything(widen)
        return self.entered(schema, resolver, within, widen)

    def _exact(self, keyword: str, schema: dict[str, Any], resolver: Any, within: _Places, widen: bool) -> Any:
        """One of the exact keywords with those that count for it alone; what can be said without it, if it is none."""
        value = schema[keyword]
        try:
            if keyword == "oneOf":
                return {keyword: [self._below(part, resolver, within, False) for part in value]}
            result = {name: schema[name] for name in ("minContains", "maxContains") if name in schema}
            return {keyword: self._below(value, resolver, within, False)} | (result if keyword == "contains" else {})
        except _Unwritable:
            if not widen:
                raise
        self.losses += 1
        if keyword != "oneOf" or "anyOf" in schema:
            return {}
        return {"anyOf": [self._below(part, resolver, within, True) for part in value]}

    def _dependency(self, name: str, value: Any, resolver: Any, within: _Places, widen: bool) -> Shape:
        """A member of `dependencies`, which draft 2020-12 has no more, and which validators still obey."""
        if isinstance(value, list):
            return {"dependentRequired": {name: value}}
        return {"dependentSchemas": {name: self._below(value, resolver, within, widen)}}

    def _referred(self, reference: str, resolver: Any, within: _Places, widen: bool) -> Shape:
        place = (resolver.base_uri, reference)
        if within.count(place) >= _MOST_TURNS:
            return self._anything(widen)
        found = self.done.get((*place, widen))
        if found is not None:
            self.size += found[1]
            self.losses += found[2]
            return found[0]
        try:
            target = resolver.lookup(reference)
        except (ValueError, jsonschema_rs.ReferencingError):
            return self._anything(widen)
        if target.draft != jsonschema_rs.Draft202012:
            return self._anything(widen)
        size, losses = self.size, self.losses
        shape = self.entered(target.contents, target.resolver, (*within, place), widen)
        self.done[(*place, widen)] = shape, self.size - size, self.losses - losses
        return shape


def _is_additional(keyword: str, schema: dict[str, Any]) -> bool:
    return keyword == "unevaluatedProperties" and not _EVALUATE & schema.keys()


def _beside(result: dict[str, Any], more: list[Shape]) -> Shape:
    """Keywords and further parts: inside of the same object, so that unevaluated… sees what the parts have seen."""
    parts = [part for part in more if part is not True]
    if not parts:
        return result or True
    if not result and len(parts) == 1:
        return parts[0]
    return {**result, "allOf": [*result.get("allOf", ()), *parts]}
