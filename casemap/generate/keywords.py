"""Which keywords of JSON Schema (draft 2020-12) bear on what, and what a schema says by its keywords alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = [
    "ARRAY", "FORMATS", "KNOWN", "NUMBER", "OBJECT", "STRING", "constraints", "json_type", "only", "says_nothing",
    "types_of", "without",
]  # fmt: skip

# fmt: off
OBJECT = frozenset((
    "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties",
    "maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties",
))
ARRAY = frozenset((
    "items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains",
    "unevaluatedItems",
))
STRING = frozenset(("minLength", "maxLength", "pattern", "format"))
NUMBER = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"))
_LOGIC = frozenset(("type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"))
KNOWN = _LOGIC | OBJECT | ARRAY | STRING | NUMBER
"""The keywords that say which values a schema takes, once references are resolved."""

FORMATS = frozenset((
    "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri",
    "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "json-pointer", "relative-json-pointer", "regex",
))
# fmt: on
"""The formats that are asserted; any other says nothing (JSON Schema Validation, section 7.2.3)."""


def constraints(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without its annotations and without what says nothing."""
    found = {keyword: value for keyword, value in schema.items() if keyword in KNOWN}
    if "if" not in found:
        found = without(found, ("then", "else"))
    if found.get("format") not in FORMATS:
        found = without(found, ("format",))
    if "contains" not in found:
        found = without(found, ("minContains", "maxContains"))
    return {keyword: value for keyword, value in found.items() if not _says_nothing(keyword, value)}


def _says_nothing(keyword: str, value: Any) -> bool:
    if keyword in ("required", "allOf", "dependentRequired", "dependentSchemas", "patternProperties"):
        return not value
    if keyword in ("minLength", "minItems", "minProperties"):
        return bool(value == 0)
    return keyword == "uniqueItems" and value is False


def says_nothing(schema: Any) -> bool:
    """Whether a schema accepts every value, as far as its keywords tell at once."""
    return schema is True or (isinstance(schema, dict) and not constraints(schema))


def without(schema: Mapping[str, Any], keywords: Iterable[str]) -> dict[str, Any]:
    """A schema less some keywords."""
    dropped = frozenset(keywords)
    return {keyword: value for keyword, value in schema.items() if keyword not in dropped}


def only(schema: Mapping[str, Any], keywords: Iterable[str]) -> dict[str, Any]:
    """Some keywords of a schema."""
    kept = frozenset(keywords)
    return {keyword: value for keyword, value in schema.items() if keyword in kept}


def json_type(value: Any) -> str:
    """The JSON type of a value; a number without a fraction is an integer."""
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
        case _:
            return "object"


def types_of(node: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The types that `type` lists, `integer` left out beside `number`; None without `type`."""
    kind = node.get("type")
    if kind is None:
        return None
    kinds = [kind] if isinstance(kind, str) else list(kind)
    return tuple(each for each in dict.fromkeys(kinds) if not (each == "integer" and "number" in kinds))
