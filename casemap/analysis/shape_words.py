"""Shapes in words, for messages: `open or closed`, `a text that is a URI`, `a whole number`."""

from __future__ import annotations

import json
from typing import Any

from casemap.schema.shapes import Shape, types_of, values_of

__all__ = ["shape_words", "value_words"]

_MOST_VALUES = 8
_LONGEST = 60
_TYPES = {
    "string": "a text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
    "array": "an array", "object": "an object", "null": "null",
}  # fmt: skip
_FORMATS = {
    "date-time": "a time with offset", "date": "a date", "time": "a time of day", "duration": "a duration",
    "email": "an e-mail address", "uri": "a URI with its scheme", "uri-reference": "a URI or relative reference",
    "uuid": "a UUID", "ipv4": "an IPv4 address", "ipv6": "an IPv6 address", "hostname": "a host name",
}  # fmt: skip


def value_words(value: Any) -> str:
    """A value as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def shape_words(shape: Shape) -> str:
    """What the values of a shape are."""
    if shape is False:
        return "nothing"
    values = values_of(shape)
    if values == []:
        return "nothing"
    if values is not None and len(values) <= _MOST_VALUES:
        return _either([value if isinstance(value, str) and value else value_words(value) for value in values])
    kinds = types_of(shape)
    if {"number", "integer"} <= kinds:
        kinds -= {"integer"}
    if len(kinds) == len(_TYPES) - 1:
        return "anything"
    if not kinds:
        return "nothing"
    if not isinstance(shape, dict) or len(kinds) != 1:
        return _either([_TYPES[kind] for kind in sorted(kinds, key=lambda kind: (kind == "null", kind))])
    return _single(shape, next(iter(kinds)))


def _single(shape: dict[str, Any], kind: str) -> str:
    """The words for a shape of one type."""
    found: dict[str, Any] = {}
    _gather(shape, found)
    if kind == "string" and found.get("format") in _FORMATS:
        return _FORMATS[found["format"]]
    words = _TYPES[kind]
    limits = {
        "pattern": "that matches `{}`", "minLength": "of at least {} characters",
        "maxLength": "of at most {} characters", "minimum": "of at least {}", "maximum": "of at most {}",
        "exclusiveMinimum": "above {}", "exclusiveMaximum": "below {}", "minItems": "of at least {} items",
        "maxItems": "of at most {} items",
    }  # fmt: skip
    if found.get("minLength") == 1:
        return "a text that is not empty"
    named = [text.format(found[keyword]) for keyword, text in limits.items() if keyword in found]
    if "minProperties" in found:
        named.append(f"with at least {found['minProperties']} {'member' if found['minProperties'] == 1 else 'members'}")
    elif "required" in found:
        named.append("with " + _listed(found["required"]))
    return f"{words} {' and '.join(named[:2])}" if named else words


def _gather(shape: Any, found: dict[str, Any]) -> None:
    if isinstance(shape, dict):
        for keyword, value in shape.items():
            if keyword != "allOf":
                found.setdefault(keyword, value)
        for part in shape.get("allOf", ()):
            _gather(part, found)


def _listed(names: list[str]) -> str:
    shown = [f"`{name}`" for name in names[:4]]
    return ", ".join(shown) + (" …" if len(names) > 4 else "")


def _either(options: list[str]) -> str:
    return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"
