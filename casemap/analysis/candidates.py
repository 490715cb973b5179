"""Values worth trying where a schema allows several: the simplest first, then those at the edges.

They are candidates: which of them a schema admits is for a validator to say.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from casemap.analysis.patterns import texts_matching
from casemap.schema.formats import strict

__all__ = ["ANY_VALUES", "candidates", "distinct", "fitting"]

Plain = Mapping[str, Any]
"""A schema without references, of which only what it says of scalars counts."""

LONG = 1025
"""Characters of the long text: one more than the longest that the bundled schemas allow."""
_LONGEST_EXAMPLE = 60

_MARKS = ",;|/ "
_MOST_PIECES = 4

TEXTS = (
    "a", "", "7", " ", "Ünï 日本 😀", "<b>a</b> &amp; [b]", "2024-05-14T08:48:05.000Z", "https://example.com/a?b=c#d",
    "-0", "4.5", "true", "\n", '"\\', "x" * LONG,
)  # fmt: skip
FORMATS: Mapping[str, tuple[str, ...]] = {
    "date-time": (
        "2024-05-14T08:48:05Z", "2024-05-14T10:48:05.123456789+02:00", "2024-05-14t08:48:05z", "1990-12-31T23:59:60Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
        "2024-02-29T23:59:59.5-00:00",
    ),
    "date": ("2024-02-29", "0001-01-01", "9999-12-31"),
    "time": ("08:48:05Z", "23:59:59.5+01:00", "23:59:60z"),
    "duration": ("P1D", "PT0.5S", "P2W"),
    "email": ("a@example.com", '"a b"@example.com'),
    "idn-email": ("a@example.com", "ü@example.com"),
    "hostname": ("example.com", "a"),
    "idn-hostname": ("example.com", "ü.example"),
    "ipv4": ("127.0.0.1",),
    "ipv6": ("::1", "2001:db8::8a2e:370:7334"),
    "uri": ("https://example.com/a", "a:", "urn:isbn:0451450523", "HTTPS://[::1]:8080/%20?#", "mailto:a@example.com"),
    "uri-reference": ("/a", "", "a", "//example.com/x", "?b", "#c", "../..", "https://example.com/a", "a:b", "%20"),
    "iri": ("https://example.com/ü", "https://example.com/a"),
    "iri-reference": ("/ü", "", "/a"),
    "uuid": ("2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380"),
    "json-pointer": ("", "/a/0"),
    "relative-json-pointer": ("0", "1/a"),
    "uri-template": ("/a/{b}", ""),
    "regex": ("^a+$", ""),
}  # fmt: skip
"""Texts of each format. Years 0000 and 9999 stand at offsets that lead beyond the years there are."""
NEAR_FORMATS = (
    "2024-05-14T08:48:05", "2024-05-14 08:48:05Z", "2015-06-31T00:35:28-0300", "2015-03-19T00:35:28-0300", "2024-05-14",
    "not a uri", "http://[", "%zz",
)  # fmt: skip
"""Texts that are nearly of a format."""
INTEGERS = (1, 0, -1, 2, 4.0, 501, 2**31, 2**63, -(2**63) - 1, 10**30, 253402300800000, 1e15)
NUMBERS = (*INTEGERS[:4], 1.5, *INTEGERS[4:], -0.5, 1e-7, 1e300)
BOOLEANS = (False, True)
ANY_VALUES: tuple[Any, ...] = (
    "a", 1, True, {}, [], None, "", 1.5, ["a", 1, None, []], {"a": None}, {"b": {"": [{}]}}, 10**30, False, [[]],
)  # fmt: skip

_SCALAR_WORDS = frozenset(
    ("type", "enum", "const", "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum",
     "exclusiveMaximum", "multipleOf", "not")
)  # fmt: skip


def candidates(parts: Sequence[Plain], kinds: frozenset[str], hints: Iterable[Any] = ()) -> tuple[Any, ...]:
    """The values to try that all of the schemas admit; of scalar `kinds`. The first is the one for every day."""
    listed = [part["enum"] if "enum" in part else [part["const"]] for part in parts if {"enum", "const"} & part.keys()]
    pool = iter(min(listed, key=len)) if listed else _unlisted(parts, kinds, hints)
    return tuple(fitting(parts, distinct(pool)))


def fitting(parts: Sequence[Plain], values: Iterable[Any]) -> Iterator[Any]:
    """The values that schemas admit by what they say of scalars."""
    rules = [{key: value for key, value in part.items() if key in _SCALAR_WORDS} for part in parts]
    rules = [rule for rule in rules if rule]
    validator = _validator(json.dumps(rules, sort_keys=True)) if rules else None
    for value in values:
        if validator is None or validator.is_valid(value):
            yield value


@functools.lru_cache(maxsize=2000)
def _validator(rules: str) -> jsonschema_rs.Validator | None:
    schema = strict({"allOf": json.loads(rules)})
    try:
        return jsonschema_rs.Draft202012Validator(schema, offline=True, validate_formats=True)
    except (ValueError, jsonschema_rs.ReferencingError):
        return None  # a `not` that refers elsewhere, say: the whole schema decides


def distinct(values: Iterable[Any]) -> Iterator[Any]:
    """The values without those that came before; 1, 1.0 and `true` are three."""
    seen: set[str] = set()
    for value in values:
        key = json.dumps(value, sort_keys=True)
        if key not in seen:
            seen.add(key)
            yield value


def _unlisted(parts: Sequence[Plain], kinds: frozenset[str], hints: Iterable[Any]) -> Iterator[Any]:
    examples = [each for part in parts for each in part.get("examples", ()) if not isinstance(each, dict | list)]
    short = [each for each in examples if not isinstance(each, str) or len(each) <= _LONGEST_EXAMPLE]
    yield from short[:1]
    yield from hints
    yield from short[1:]
    columns = [
        list(_of_kind(kind, parts)) for kind in ("string", "integer", "number", "boolean", "null") if kind in kinds
    ]
    for rank in range(max(map(len, columns), default=0)):
        yield from (column[rank] for column in columns if rank < len(column))


def _of_kind(kind: str, parts: Sequence[Plain]) -> Iterator[Any]:
    match kind:
        case "string":
            yield from _texts(parts)
        case "integer" | "number":
            yield from _numbers(parts, INTEGERS if kind == "integer" else NUMBERS)
        case "boolean":
            yield from BOOLEANS
        case _:
            yield None


def _texts(parts: Sequence[Plain]) -> Iterator[str]:
    for part in parts:
        yield from FORMATS.get(part.get("format", ""), ())
        if isinstance(part.get("pattern"), str):
            yield from _of_pattern(part)
        for keyword in ("minLength", "maxLength"):
            if isinstance(part.get(keyword), int) and part[keyword] <= 10 * LONG:
                yield "x" * part[keyword]
                yield "😀" * part[keyword]
    yield from TEXTS
    yield from NEAR_FORMATS


def _of_pattern(part: Plain) -> Iterator[str]:
    """Texts of a pattern, and those that have a part of an example and a part of another text: `[now,never]`."""
    texts = texts_matching(part["pattern"])
    yield from texts
    examples = [each for each in part.get("examples", ()) if isinstance(each, str)]
    for mark in _MARKS:
        pieces = [text.split(mark) for text in (*examples[:1], *texts[:1])]
        if len(pieces) == 2 and len(pieces[0]) == len(pieces[1]) and 1 < len(pieces[0]) <= _MOST_PIECES:
            one, other = pieces
            for number in range(len(one)):
                yield mark.join([*one[:number], other[number], *one[number + 1 :]])


def _numbers(parts: Sequence[Plain], usual: Iterable[float]) -> Iterator[float]:
    for part in parts:
        for keyword, inward in (("minimum", 0), ("maximum", 0), ("exclusiveMinimum", 1), ("exclusiveMaximum", -1)):
            if isinstance(part.get(keyword), int | float):
                yield part[keyword] + inward
        if isinstance(part.get("multipleOf"), int | float):
            yield part["multipleOf"]
    yield from usual
