"""Schemas of other drafts of JSON Schema as schemas of draft 2020-12 that take the same values.

Drafts 4, 6, 7 and 2019-09 are told by `$schema`. Two things of them cannot be said in 2020-12: that 4.0 is no integer
(draft 4), and that `contentMediaType` and `contentEncoding` are asserted (drafts 6 and 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casemap.generate.keywords import FORMATS, KNOWN, without

__all__ = ["modern"]

_NEWEST = 2020
_DRAFTS = {
    "//json-schema.org/draft-04/schema": 4,
    "//json-schema.org/draft-06/schema": 6,
    "//json-schema.org/draft-07/schema": 7,
    "//json-schema.org/draft/2019-09/schema": 2019,
}

# fmt: off
_SINCE: Mapping[int, tuple[str, ...]] = {
    6: ("const", "contains", "propertyNames"),
    7: ("if", "then", "else"),
    2019: (
        "dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties", "minContains",
        "maxContains", "$anchor", "$recursiveRef",
    ),
    2020: ("prefixItems", "$dynamicRef", "$dynamicAnchor"),
}
"""Keywords by the draft that brought them; an older one passes over them."""

_FORMATS_SINCE: Mapping[int, tuple[str, ...]] = {
    6: ("json-pointer", "uri-reference", "uri-template"),
    7: ("idn-hostname", "iri", "iri-reference", "relative-json-pointer"),
    2019: ("duration", "uuid"),
}
# fmt: on

_MAPS = ("$defs", "definitions", "properties", "patternProperties", "dependentSchemas", "dependencies")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_SINGLES = (
    *("items", "additionalItems", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else"),
    *("unevaluatedItems", "unevaluatedProperties"),
)


def modern(schema: Any) -> Any:
    """A document's schema in draft 2020-12, its references as they were."""
    written = str(schema.get("$schema", "")) if isinstance(schema, dict) else ""
    return _translated(schema, _DRAFTS.get(written.partition(":")[2].rstrip("#"), _NEWEST))


def _translated(schema: Any, draft: int) -> Any:
    if not isinstance(schema, dict):
        return schema
    known = without(schema, (keyword for since, each in _SINCE.items() if since > draft for keyword in each))
    found = {keyword: _below(keyword, value, draft) for keyword, value in known.items()}
    if draft == 4:
        _draft_4(found)
    if draft <= 7:
        if "$ref" in found:  # what stands beside it counts for nothing
            found = {keyword: value for keyword, value in found.items() if keyword == "$ref" or keyword not in KNOWN}
        if str(found.get("$id", "")).startswith("#"):
            found["$anchor"] = found.pop("$id")[1:]
    if "$recursiveRef" in found:
        found["$dynamicRef"] = found.pop("$recursiveRef")
    if draft < _NEWEST and isinstance(found.get("items"), list):
        found["prefixItems"] = found.pop("items")
        found |= {"items": found["additionalItems"]} if "additionalItems" in found else {}
    _dependencies(found)
    if found.get("format") in FORMATS and any(
        found["format"] in each for since, each in _FORMATS_SINCE.items() if since > draft
    ):
        del found["format"]
    return found


def _below(keyword: str, value: Any, draft: int) -> Any:
    if keyword in _MAPS and isinstance(value, dict):
        return {name: _translated(inner, draft) for name, inner in value.items()}
    if keyword in _LISTS and isinstance(value, list):
        return [_translated(inner, draft) for inner in value]
    return _translated(value, draft) if keyword in _SINGLES else value


def _draft_4(found: dict[str, Any]) -> None:
    if "id" in found:
        found["$id"] = found.pop("id")
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if found.pop(exclusive, False) is True and limit in found:
            found[exclusive] = found.pop(limit)


def _dependencies(found: dict[str, Any]) -> None:
    """`dependencies` by the two keywords that it became; validators of 2020-12 still obey it."""
    both = found.pop("dependencies", None)
    if not isinstance(both, dict):
        return
    names = {name: value for name, value in both.items() if isinstance(value, list)}
    schemas = {name: value for name, value in both.items() if not isinstance(value, list)}
    for keyword, new in (("dependentRequired", names), ("dependentSchemas", schemas)):
        if new and keyword in found:
            found["allOf"] = [*found.get("allOf", []), {keyword: new}]
        elif new:
            found[keyword] = new
