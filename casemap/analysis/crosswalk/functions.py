"""What functions do, in words: phrases that follow the name of a field, such as "lower-cased".

One table by the function's name. A function without a row, such as a team's own, is named: "through `slugify('-')`".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casemap.analysis.crosswalk.spans import code, listed, value_code

__all__ = ["Applied", "phrase_of"]


@dataclass(frozen=True, slots=True)
class Applied:
    """A function with the arguments after the first: their words, and their values where these are constants.

    `written` is the call as a mapping writes it behind the `|`.
    """

    name: str
    words: Sequence[str]
    values: Sequence[Any]
    written: str


def phrase_of(applied: Applied) -> str:
    """What the function does to its first argument; empty where it leaves it as it is."""
    phrase = _PHRASES.get(applied.name)
    if phrase is None:
        return f"through {code(applied.written)}"
    return phrase if isinstance(phrase, str) else phrase(applied)


def _replace(applied: Applied) -> str:
    old, new = applied.words[:2]
    which = f" (the first {applied.values[2]})" if len(applied.values) > 2 and applied.values[2] is not None else ""
    return f"every {old} replaced by {new}" if not which else f"{old} replaced by {new}{which}"


def _truncate(applied: Applied) -> str:
    return f"cut to {_plain(applied, 0)} characters"


def _pad(applied: Applied) -> str:
    side = "left" if len(applied.values) < 3 else _plain(applied, 2)
    return f"filled up to {_plain(applied, 0)} characters with {applied.words[1]} on the {side}"


def _round(applied: Applied) -> str:
    digits = applied.values[0] if applied.values else 0
    return "rounded to a whole number" if digits == 0 else f"rounded to {_plain(applied, 0)} digits"


def _plain(applied: Applied, position: int) -> str:
    value = applied.values[position]
    return applied.words[position] if value is ... else str(value)


def _slice(applied: Applied) -> str:
    start, stop = (*applied.words, "the end")[:2]
    no_end = len(applied.values) < 2 or applied.values[1] is None
    return f"the items from {start} up to {'the end' if no_end else stop}, counted from 0"


def _select(applied: Applied) -> str:
    return f"only items whose {applied.words[0]} is {applied.words[1]}"


_READ = {"epoch_s": "read as seconds since 1970", "epoch_ms": "read as milliseconds since 1970"}
_UNIT = {"s": "seconds", "ms": "milliseconds", "us": "microseconds"}


def _datetime(applied: Applied) -> str:
    if ... in applied.values:
        return f"through {code(applied.written)}"
    given, output, zone, precision, assumed = (*applied.values, *_DEFAULTS[len(applied.values) :])[:5]
    read = _READ.get(given, "" if given in ("iso8601", "rfc3339") else f"read as {code(given)}")
    if output == "epoch_s":
        written = "as seconds since 1970"
    elif output == "epoch_ms":
        written = "as milliseconds since 1970"
    elif "%" in output:
        written = f"as a time written {code(output)} in {zone}"
    else:
        written = f"as a time in {zone}, to {_UNIT[precision]}"
    known = f"without an offset taken as {assumed}" if assumed else ""
    return ", ".join(phrase for phrase in (read, known, written) if phrase)


_DEFAULTS = ("iso8601", "rfc3339", "UTC", "ms", None)


def _with(text: str, position: int = 0) -> Callable[[Applied], str]:
    return lambda applied: text.format(applied.words[position] if len(applied.words) > position else "")


def _names(text: str) -> Callable[[Applied], str]:
    return lambda applied: text.format(listed(applied.words))


def _absent_if(applied: Applied) -> str:
    return f"left out where it is {applied.words[0]}"


def _trim(applied: Applied) -> str:
    given = applied.values and applied.values[0] is not None
    return f"without {applied.words[0]} around it" if given else "without spaces around it"


def _join(applied: Applied) -> str:
    separator = applied.values[0] if applied.values else ""
    return "joined" if separator == "" else f"joined with {value_code(separator)}" if separator is not ... else "joined"


_PHRASES: Mapping[str, str | Callable[[Applied], str]] = {
    "required": "", "as_list": "as a list", "plus": "", "trim": _trim, "lower": "lower-cased", "upper": "upper-cased",
    "capitalize": "with a capital first letter", "title": "with capital first letters of words", "replace": _replace,
    "remove_prefix": _with("without {} at its start"), "remove_suffix": _with("without {} at its end"),
    "starts_with": _with("whether it starts with {}"), "ends_with": _with("whether it ends with {}"),
    "truncate": _truncate, "pad": _pad, "split": _with("split at {}"), "join": _join,
    "strip_tags": "without HTML tags", "escape_html": "escaped for HTML",
    "regex_test": _with("whether it matches {}"), "regex_extract": _with("what {} finds in it"),
    "regex_replace": lambda applied: f"what matches {applied.words[0]} replaced by {applied.words[1]}",
    "regex_split": _with("split where {} matches"), "url_join": _with("with {} resolved against it"),
    "url_encode": "percent-encoded", "url_decode": "percent-decoded",
    "query_param": _with("the value of {} in its query"), "int": "as a whole number", "float": "as a number",
    "number": "as a number", "round": _round, "abs": "without its sign", "min": "the least of them",
    "max": "the greatest of them", "sum": "added up", "string": "as text", "boolean": "as true or false",
    "to_json": "as JSON text", "from_json": "read as JSON", "datetime": _datetime, "first": "only the first item",
    "last": "only the last item", "length": "counted", "reverse": "in reverse order", "sort": "sorted",
    "unique": "each value once", "flatten": "arrays in it taken apart", "compact": "without nulls", "slice": _slice,
    "select": _select, "contains": _with("whether it contains {}"), "zip": _with("paired with {}"),
    "entries": "as pairs of key and value", "from_entries": "as an object of its pairs",
    "keys": "the names of its members",
    "values": "the values of its members", "pick": _names("only its members {}"),
    "omit": _names("without its members {}"),
    "merge": _with("joined with the members of {}"), "sha256": "as its SHA-256 digest",
    "uuid5": _with("as a UUID made of it in the namespace {}"), "absent_if": _absent_if,
    "negate": "with the other sign", "map": _with("only {} of each item"),
}  # fmt: skip
