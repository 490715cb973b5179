"""What is said of a value that a function fails on, and the code of that rejection."""

from __future__ import annotations

from typing import Any

from casemap.analysis.signatures.given import Given
from casemap.analysis.signatures.times import ISO, PER_UNIT
from casemap.functions.arguments import NUMBERS_OR_TEXTS
from casemap.functions.registry import Function
from casemap.schema.shapes import Shape, admits, below, covers, item_of, other_members, required_at, types_of

__all__ = ["code_of", "words_of"]

_FAILS: dict[str, str] = {
    "int": "is no whole number",
    "float": "is no number that a float equals",
    "number": "is no number",
    "boolean": "stands for neither true nor false",
    "sum": "has a sum beyond all floats",
    "url_join": "is no absolute URL",
    "url_decode": "has a `%` that begins no character of UTF-8",
    "query_param": "may have a `%` that begins no character of UTF-8",
    "from_json": "is no JSON text",
    "from_entries": "has two entries with one key",
    "required": "is absent",
}
"""Of values of the right type, by the function's name."""
_LATER: dict[tuple[str, int], str] = {
    ("truncate", 1): "is less than the length of `end`",
    ("truncate", 3): "is longer than `n`",
    ("regex_replace", 2): "is no replacement text",
    ("replace", 3): "is negative",
    ("split", 1): "is empty",
    ("pad", 2): "is not one character",
    ("pad", 3): "is neither `left` nor `right`",
    ("uuid5", 1): "is no namespace",
}
_WORDS: dict[str, str] = {
    **{name: name for name in ("array", "boolean", "number", "object")},
    "integer": "whole number",
    "string": "text",
}
_DATE_TIME: Shape = {"type": "string", "format": "date-time"}
_LOCAL_FORM: Shape = {
    "type": "string",
    "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]"
    r"(:[0-5][0-9](\.[0-9]+)?)?([Zz]|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)$",
}
"""A time in ISO 8601 with an offset, in which nothing can be wrong but the day."""
_CODES = {"sort": "CM307", "min": "CM307", "max": "CM307", "from_entries": "CM308", "required": "CM304"}
_ARITHMETIC = ("+", "-", "*", "/", "//", "%")


def words_of(function: Function, bundled: bool, position: int, given: Given, accepted: Shape) -> str:
    """What is wrong with an argument, after its name. `accepted` is what the argument may be by its type."""
    if not _has_type(position, given, accepted):
        return _type_words(accepted)
    if not bundled:
        fails = function.parameters[min(position, len(function.parameters) - 1)].fails if position else function.fails
        return f"may be {fails}"
    if function.name == "datetime":
        return _time_words(given)
    if function.name in _ARITHMETIC:
        return "may be zero" if _may_divide_by_zero(function.name, position, given) else "may be too large a number"
    if position == 0:
        return _FAILS.get(function.name, _type_words(accepted))
    if function.name.startswith("regex_") and position == 1:
        return "is no pattern"
    return _LATER.get((function.name, position), _type_words(accepted))


def code_of(function: Function, bundled: bool, position: int, given: Given, accepted: Shape) -> str:
    """The code of the rejection."""
    name = function.name if bundled else ""
    if name in ("<", "<=", ">", ">=", "in", "not in"):
        return "CM302"
    if name == "from_entries" and given.shapes:
        return _entries_code(given.first)
    fits = position >= len(given.shapes) or types_of(given.shapes[position]) <= types_of(accepted)
    if not fits or (position == 0 and name not in _CODES and not _has_type(position, given, accepted)):
        return "CM302"
    return "CM309" if _may_divide_by_zero(name, position, given) else _CODES.get(name, "CM303")


def _may_divide_by_zero(name: str, position: int, given: Given) -> bool:
    return name in ("/", "//", "%") and position == 1 and admits(given.shape(1), 0, unsure=True)


def _entries_code(shape: Shape) -> str:
    """What is wrong with entries: no array of objects, a key, or another member."""
    entry = item_of(shape)
    if not (types_of(shape) <= {"array"} and types_of(entry) <= {"object"}):
        return "CM302"
    has_key = required_at(entry, "key") and types_of(below(entry, "key")) <= {"string"}
    others = not required_at(entry, "value") or other_members(entry, ("key", "value")) is not False
    return "CM303" if has_key and others else "CM308"


def _has_type(position: int, given: Given, accepted: Shape) -> bool:
    """Whether the argument is of the type that it must be; taken for granted of one that nothing is known of."""
    return position >= len(given.shapes) or covers(accepted, given.shapes[position])


def _time_words(given: Given) -> str:
    source = given.constant(1, "iso8601")
    if source in PER_UNIT:
        return "is beyond the years 0000 to 9999"
    if source not in ISO:
        return f"is no time written as {source}"
    if covers(_DATE_TIME, given.first):
        return "is beyond the years 0000 to 9999"
    if covers({"anyOf": [_DATE_TIME, _LOCAL_FORM]}, given.first):
        return "names a day that its month does not have"
    return "is no time with an offset" if given.constant(5) is None else "is no time"


def _type_words(accepted: Shape) -> str:
    """What something is not, if it is not of these types."""
    if accepted == dict(NUMBERS_OR_TEXTS):
        return "is no array of numbers alone or texts alone"
    types = sorted(types_of(accepted) - ({"integer"} if "number" in types_of(accepted) else set()))
    names = [_WORDS[name] for name in types if name in _WORDS]
    if types == ["array"] and isinstance(accepted, dict):
        inner: Any = accepted.get("items", True)
        if isinstance(inner, dict) and "type" in inner and inner["type"] != "object":
            return f"is no array of {_listed([_WORDS[name] + 's' for name in _names(inner['type'])], 'and')}"
    return f"is no {_listed(names, 'or')}" if names else "is not taken"


def _names(kind: Any) -> list[str]:
    return [kind] if isinstance(kind, str) else list(kind)


def _listed(names: list[str], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
