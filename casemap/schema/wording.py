"""What a schema expects and what was found, in words, for each kind of error that the validator tells apart.

Values of payloads stand in the words as JSON, cut where they are long.
"""

from __future__ import annotations

from typing import Any

from jsonschema_rs import ValidationError
from jsonschema_rs import ValidationErrorKind as Kind

from casemap.problem import nearest
from casemap.schema.formats import PATTERNS
from casemap.syntax.json_text import write_json

__all__ = ["either", "expectation", "found", "options_words", "shown", "type_words"]

_LONGEST = 80
_MOST_OPTIONS = 12

_TYPES = {
    "string": "a string",
    "number": "a number",
    "integer": "an integer",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}
_FORMATS = {
    "date-time": "a date and time with offset, such as 2021-08-25T13:18:25Z (RFC 3339)",
    "date": "a date, such as 2021-08-25 (RFC 3339)",
    "time": "a time with offset, such as 13:18:25Z (RFC 3339)",
    "duration": "a duration, such as PT15M (RFC 3339, appendix A)",
    "email": "an e-mail address",
    "uri": "a URI with its scheme, such as https://example.com/a",
    "uri-reference": "a URI or a relative reference",
    "uuid": "a UUID",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "hostname": "a host name",
    "regex": "a regular expression",
    "json-pointer": "a JSON Pointer",
}


def shown(value: Any) -> str:
    """A value as a message shows it: a scalar as JSON, an object or array by its kind alone."""
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list | tuple):
        return "an array" if value else "an empty array"
    return _json(value)


def _json(value: Any) -> str:
    if isinstance(value, str):
        value = value[: _LONGEST + 1]
    text = write_json(value).decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def either(options: list[str]) -> str:
    """Options in words: `a, b or c`."""
    return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"


def type_words(names: list[str]) -> list[str]:
    """Types of JSON Schema in words, null last."""
    return [_TYPES.get(name, name) for name in sorted(names, key=lambda name: (name == "null", name))]


def _counted(limit: Any, unit: str) -> str:
    return f"{limit} {unit}" if limit == 1 else f"{limit} {unit.removesuffix('y')}{'ies' if unit[-1] == 'y' else 's'}"


def options_words(options: list[Any], value: Any) -> tuple[str, str]:
    """What one of several values is, and a hint at the nearest of them where there is one."""
    words = [_json(option) for option in options]
    left = len(words) - _MOST_OPTIONS
    expected = either(words) if left <= 0 else f"{', '.join(words[:_MOST_OPTIONS])} or one of {left} others"
    texts = [option for option in options if isinstance(option, str)]
    near = None
    if isinstance(value, str) and len(value) <= _LONGEST:
        by_case = {text.casefold(): text for text in texts}
        near = by_case.get(value.casefold()) or nearest(value, texts)
    return expected, f"; did you mean {_json(near)}?" if near is not None else ""


def found(error: ValidationError) -> str:
    """What was found; of what is too long or too short, how long it is."""
    value: Any = error.instance
    match error.kind:
        case Kind.MinItems() | Kind.MaxItems() | Kind.AdditionalItems() | Kind.MinProperties() | Kind.MaxProperties():
            return str(len(value))
        case Kind.MinLength() | Kind.MaxLength() if len(value) > 1:
            return f"{len(value)}: {shown(value)}"
    return shown(value)


def expectation(error: ValidationError) -> tuple[str, str]:
    """What was expected instead of the value, and a hint; both empty where the error says it in its own way."""
    match error.kind:
        case Kind.Enum(options=options):
            return options_words(list(options), error.instance)
        case Kind.Constant(expected_value=value):
            return options_words([value], error.instance)
        case Kind.Pattern(pattern=pattern):
            form = next((name for name, text in PATTERNS.items() if text == pattern), None)
            return _FORMATS[form] if form else f"a string that matches {pattern}", ""
        case Kind.Type(types=types):
            return either(type_words(list(types))), ""
        case kind:
            return _limit(kind) or _other(kind), ""


def _limit(kind: Any) -> str:
    match kind:
        case Kind.Minimum(limit=limit):
            return f"{limit} or more"
        case Kind.Maximum(limit=limit):
            return f"{limit} or less"
        case Kind.ExclusiveMinimum(limit=limit):
            return f"more than {limit}"
        case Kind.ExclusiveMaximum(limit=limit):
            return f"less than {limit}"
        case Kind.MinLength(limit=limit):
            return f"{_counted(limit, 'character')} or more"
        case Kind.MaxLength(limit=limit):
            return f"{_counted(limit, 'character')} or fewer"
        case Kind.MinItems(limit=limit):
            return f"{_counted(limit, 'item')} or more"
        case Kind.MaxItems(limit=limit) | Kind.AdditionalItems(limit=limit):
            return f"{_counted(limit, 'item')} or fewer"
        case Kind.MinProperties(limit=limit):
            return f"{_counted(limit, 'member')} or more"
        case Kind.MaxProperties(limit=limit):
            return f"{_counted(limit, 'member')} or fewer"
    return ""


def _other(kind: Any) -> str:
    match kind:
        case Kind.Format(format=form):
            return _FORMATS.get(form, f"a text of the format {form}")
        case Kind.MultipleOf(multiple_of=divisor):
            return f"a multiple of {divisor}"
        case Kind.UniqueItems():
            return "items that all differ"
        case Kind.Not(schema=schema):
            return f"anything but {_json(schema)}"
    return ""
