"""Formats made as strict as their definitions where the validator itself is not.

jsonschema-rs 0.60 takes any of `*+,-./` for a digit at some places of dates and times, `2021-08-25T1+:18:25Z`. A
pattern beside the format closes this at a tenth of the cost of a format function in Python. The validator still knows
what a pattern cannot: the days of a month, and that second 60 is a leap second (23:59:60 UTC).
"""

from __future__ import annotations

from typing import Any

__all__ = ["PATTERNS", "strict"]

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[-+][0-9]{2}:[0-9]{2})"

PATTERNS = {"date-time": f"^{_DATE}[Tt]{_TIME}$", "date": f"^{_DATE}$", "time": f"^{_TIME}$"}
"""The shape of a format's texts: RFC 3339, section 5.6."""

_VALUES = frozenset({"const", "default", "enum", "example", "examples"})
"""Keywords that hold values and no schemas."""
_NAMED = frozenset({"$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"})
"""Keywords that hold schemas by names, which may be names of keywords as well."""


def strict(schema: Any) -> Any:
    """The schema with the pattern of each of its formats beside it; parts without any are shared with the original."""
    if isinstance(schema, list):
        items = [strict(item) for item in schema]
        return items if any(new is not old for new, old in zip(items, schema, strict=True)) else schema
    if not isinstance(schema, dict):
        return schema
    changed = {keyword: new for keyword, value in schema.items() if (new := _strict_below(keyword, value)) is not value}
    form = schema.get("format")
    pattern = PATTERNS.get(form) if isinstance(form, str) else None
    if pattern is not None:
        changed |= _with_pattern({**schema, **changed}, pattern)
    return {**schema, **changed} if changed else schema


def _strict_below(keyword: str, value: Any) -> Any:
    if keyword in _VALUES:
        return value
    if keyword in _NAMED and isinstance(value, dict):
        below = {name: new for name, part in value.items() if (new := strict(part)) is not part}
        return {**value, **below} if below else value
    return strict(value)


def _with_pattern(schema: dict[str, Any], pattern: str) -> dict[str, Any]:
    if "pattern" not in schema:
        return {"pattern": pattern}
    return {"allOf": [*schema.get("allOf", []), {"pattern": pattern}]}
