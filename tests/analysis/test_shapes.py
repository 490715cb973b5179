"""Shapes against values: what a shape says is true of every value that a validator takes for one of it."""

from __future__ import annotations

import itertools
import re
import sys
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casemap import Catalog
from casemap.schema.formats import strict
from casemap.schema.shapes import (
    NEVER,
    Shape,
    always_at,
    below,
    covers,
    is_empty,
    item_of,
    joined,
    max_items,
    may_be_null,
    met,
    min_items,
    names_in,
    narrowed,
    other_members,
    required_at,
    satisfiable,
    text_lengths,
    types_of,
    values_of,
    without,
    without_null,
    written_out,
)  # fmt: skip
from casemap.schema.shapes.languages import _WRITTEN, included
from casemap.schema.shapes.lengths import lengths_of
from casemap.schema.shapes.patterns import ALL, automaton_of, complement
from casemap.schema.store import SchemaStore, schema_uri
from tests.analysis import random_shapes
from tests.analysis.random_shapes import NAMES, values_near

SCHEMAS, PAIRS = 120, 12
"""As many schemas, and pairs of them, are made of each seed."""

some = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32).map(Random)


def validator(schema: Shape) -> Any:
    return jsonschema_rs.validator_for(strict(schema), validate_formats=True, offline=True)


def cases(r: Random) -> Iterator[tuple[Shape, list[Any]]]:
    """Schemas, each with values that are valid."""
    for _ in range(SCHEMAS):
        schema = random_shapes.schema(r)
        valid = validator(schema).is_valid
        yield schema, [value for value in values_near(r, schema) if valid(value)]


def kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value == int(value) else "number"
    return {type(None): "null", str: "string", list: "array", dict: "object"}[type(value)]


def says(shape: Shape, value: Any) -> bool:
    return bool(validator(shape).is_valid(value))


@some
@given(seeds)
def test_what_is_said_of_a_shape_holds_for_its_values(r: Random) -> None:
    for schema, found in cases(r):
        few = values_of(schema)
        least, most = min_items(schema), max_items(schema)
        shortest, longest = text_lengths(schema)
        for value in found:
            assert kind(value) in types_of(schema)
            assert may_be_null(schema) or value is not None
            assert satisfiable(schema)
            assert few is None or any(kind(value) == kind(one) and value == one for one in few)
            if isinstance(value, list):
                assert len(value) >= least
                assert most is None or len(value) <= most
            if isinstance(value, str):
                assert len(value) >= shortest
                assert longest is None or len(value) <= longest
        if few is not None:
            assert all(says(schema, value) for value in few)


@some
@given(seeds)
def test_what_lies_inside_of_values(r: Random) -> None:
    for schema, found in cases(r):
        for value in found:
            if isinstance(value, dict):
                check_members(schema, value)
            if isinstance(value, list):
                check_items(schema, value)


def check_members(schema: Shape, value: dict[str, Any]) -> None:
    for name in (*NAMES, "other"):
        assert name in value or not required_at(schema, name)
    for name, member in value.items():
        assert says(below(schema, name), member), name
        assert says(other_members(schema, set(NAMES) - {name}), member), name
        if name not in names_in(schema):
            assert says(other_members(schema, names_in(schema)), member), name


def check_items(schema: Shape, value: list[Any]) -> None:
    for index, item in enumerate(value):
        assert says(item_of(schema), item)
        assert says(item_of(schema, index), item)
        assert says(item_of(schema, index - len(value)), item)
    for index in (-3, -2, -1, 0, 1, 2):
        assert -len(value) <= index < len(value) or not always_at(schema, index)


@some
@given(seeds)
def test_shapes_put_together(r: Random) -> None:
    for _ in range(PAIRS):
        one, other = random_shapes.schema(r), random_shapes.schema(r)
        check_together(one, other, list(values_near(r, one, other)))


@pytest.mark.parametrize(
    ("one", "other", "candidates"),
    [
        ({"type": "number"}, {"type": "integer"}, [1, 1.5, 2.0]),
        ({"enum": [1, True, "a"]}, {"not": {"const": 1}}, [1, True, "a"]),
        ({"enum": ["2021-08-25t1+:18:25z"]}, {"not": {"format": "date-time"}}, ["2021-08-25t1+:18:25z"]),
        (
            {"properties": {"a": {"enum": ["2021-08-25t1+:18:25z"]}}},
            {"properties": {"a": {"not": {"format": "date-time"}}}, "not": {"required": ["b"]}},
            [{"a": "2021-08-25t1+:18:25z"}, {}],
        ),
    ],
)
def test_pairs_put_together(one: Shape, other: Shape, candidates: list[Any]) -> None:
    check_together(one, other, candidates)


def check_together(one: Shape, other: Shape, candidates: list[Any]) -> None:
    both, either, less = narrowed(one, other), joined((one, other)), without(one, other)
    together, present = met((one, other)), without_null(one)
    for value in candidates:
        in_one, in_other = says(one, value), says(other, value)
        assert says(together, value) == (in_one and in_other)
        assert says(both, value) == (in_one and in_other)
        assert says(less, value) == (in_one and not in_other)
        assert says(present, value) == (in_one and value is not None)
        assert says(either, value) or not (in_one or in_other)


@some
@given(seeds)
def test_what_is_covered(r: Random) -> None:
    """Pairs of which one surely covers the other are among them, so that the answer is often yes."""
    for _ in range(PAIRS):
        one, other = random_shapes.schema(r), random_shapes.schema(r)
        pairs = [(one, other), (joined((one, other)), one), (one, met((one, other))), (one, changed(r, one))]
        for wide, narrow in pairs:
            if covers(wide, narrow):
                assert all(says(wide, value) for value in values_near(r, narrow) if says(narrow, value))
        narrow = met((one, other))
        if is_empty(narrow):
            assert not any(says(narrow, value) for value in values_near(r, one, other))


def changed(r: Random, schema: Shape) -> Shape:
    """A schema like another, but for a keyword or two."""
    if not isinstance(schema, dict):
        return schema
    copy = dict(schema)
    for keyword in r.sample(sorted(copy), min(len(copy), r.randint(1, 2))):
        value = copy[keyword]
        if isinstance(value, dict) and keyword == "properties":
            copy[keyword] = {name: changed(r, part) for name, part in value.items() if r.random() < 0.9}
        elif isinstance(value, dict) and keyword in ("items", "additionalProperties"):
            copy[keyword] = changed(r, value)
        elif isinstance(value, int) and not isinstance(value, bool):
            copy[keyword] = max(0, value + r.choice((-1, 1)))
        elif keyword == "required":
            copy[keyword] = value[1:]
        elif keyword != "type":
            del copy[keyword]
    return copy


TEXT = {"type": "string"}
DATE_TIME = {**TEXT, "format": "date-time"}
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
DOMAIN_TIME = (
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    "[+-]([01][0-9]|2[0-3])[0-5][0-9]$"
)


def of_text(**keywords: Any) -> Shape:
    return {**TEXT, **keywords}


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        (TEXT, {"enum": ["a", "b"]}, True),
        ({"enum": ["a", "b", "c"]}, {"enum": ["a", "b"]}, True),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, False),
        ({"const": 1}, {"const": True}, False),
        ({"const": 1}, {"const": 1.0}, True),
        ({"type": "number"}, {"type": "integer"}, True),
        ({"type": "integer"}, {"type": "number"}, False),
        (DATE_TIME, of_text(format="date-time", minLength=20), True),
        (DATE_TIME, {"const": "2021-08-25T13:18:25Z"}, True),
        (DATE_TIME, {"const": "2021-08-25T1+:18:25Z"}, False),
        (of_text(pattern=DOMAIN_TIME), of_text(pattern=DOMAIN_TIME), True),
        (of_text(pattern=DOMAIN_TIME), DATE_TIME, False),
        ({"anyOf": [of_text(pattern=DOMAIN_TIME), DATE_TIME]}, {"anyOf": [DATE_TIME, of_text(pattern=DOMAIN_TIME)]}, True),
        (of_text(minLength=24, maxLength=24), of_text(pattern=DOMAIN_TIME), True),
        (of_text(maxLength=23), of_text(pattern=DOMAIN_TIME), False),
        (of_text(pattern="^a"), of_text(pattern="^ab"), True),
        (of_text(pattern="^ab"), of_text(pattern="^a"), False),
        (of_text(pattern="^-?(0|[1-9][0-9]*)$", maxLength=4300), of_text(pattern="^(0|-?[1-9][0-9]{0,99})$"), True),
        (of_text(pattern="^-?(0|[1-9][0-9]*)$", maxLength=4300), of_text(pattern="^(0|-?[1-9][0-9]*)$"), False),
        (of_text(pattern="^aaa"), of_text(pattern="^a+$", minLength=3), True),
        (of_text(pattern="T"), DATE_TIME, False),
        (of_text(pattern="[Tt]"), DATE_TIME, True),
        (of_text(minLength=20), DATE_TIME, True),
        (of_text(pattern=f"^\\[{DAY}[^,\\[\\]]*\\]$"), of_text(pattern=f"^\\[{DAY}T[0-9:.]+Z\\]$"), True),
        ({"format": "uri-reference"}, of_text(format="uri"), True),
        ({"format": "uri"}, of_text(format="uri-reference"), False),
        ({"format": "uri"}, of_text(format="uri-reference", pattern="^https?://"), True),
        ({"type": ["string", "null"], "pattern": "^a"}, {"type": ["string", "null"], "pattern": "^ab"}, True),
        (
            {"type": "object", "properties": {"a": of_text(pattern="^a")}, "required": ["a"]},
            {"type": "object", "properties": {"a": of_text(pattern="^ab"), "b": TEXT}, "required": ["a", "b"]},
            True,
        ),
        (
            {"type": "object", "additionalProperties": of_text(pattern="^a")},
            {"type": "object", "properties": {"a": of_text(pattern="^ab")}, "additionalProperties": of_text(pattern="^aa")},
            True,
        ),
        (
            {"type": "object", "additionalProperties": of_text(pattern="^a")},
            {"type": "object", "properties": {"a": of_text(pattern="^ab")}},
            False,
        ),
        (
            {"type": "array", "items": of_text(pattern="^a"), "minItems": 1, "maxItems": 3},
            {"type": "array", "items": of_text(pattern="^ab"), "minItems": 2, "maxItems": 2},
            True,
        ),
        (
            {"type": "array", "items": of_text(pattern="^a"), "minItems": 1},
            {"type": "array", "items": of_text(pattern="^ab")},
            False,
        ),
    ],
)  # fmt: skip
def test_containment(wide: Shape, narrow: Shape, expected: bool) -> None:
    assert covers(wide, narrow) is expected


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ({"const": "a"}, ["a"]),
        ({"enum": ["a", None, 1, True]}, ["a", None, 1, True]),
        ({"type": "boolean"}, [False, True]),
        ({"type": ["null", "boolean"]}, [False, True, None]),
        ({"anyOf": [{"const": "a"}, {"type": "null"}]}, ["a", None]),
        ({"allOf": [{"enum": ["a", "b"]}, {"minLength": 1}, {"enum": ["b", "c"]}]}, ["b"]),
        ({"enum": ["a", None], "type": "string"}, ["a"]),
        ({"type": "string"}, None),
        ({"anyOf": [{"const": "a"}, {"type": "string"}]}, None),
        (False, []),
        (True, None),
    ],
)
def test_values(shape: Shape, expected: list[Any] | None) -> None:
    assert values_of(shape) == expected


@pytest.mark.parametrize(
    ("shape", "constraint", "expected"),
    [
        (TEXT, {"const": "a"}, {"const": "a"}),
        ({"type": ["string", "null"]}, {"not": {"type": "null"}}, TEXT),
        ({"enum": ["a", "b"]}, {"enum": ["b", "c"]}, {"const": "b"}),
        ({"enum": ["a", "b"]}, {"const": "c"}, NEVER),
        (TEXT, {"type": "integer"}, NEVER),
        ({"type": "number", "minimum": 0}, {"type": "integer"}, {"type": "integer", "minimum": 0}),
        (
            {"type": "object", "properties": {"a": {"enum": [1, 2]}, "b": TEXT}},
            {"properties": {"a": {"const": 1}}, "required": ["a"]},
            {"type": "object", "properties": {"a": {"const": 1}, "b": TEXT}, "required": ["a"]},
        ),
        (
            {"type": "object", "properties": {"a": {"enum": [1, 2]}}},
            {"properties": {"a": {"const": 3}}, "required": ["a"]},
            NEVER,
        ),
        (
            {"anyOf": [{"type": "object", "properties": {"k": {"const": "x"}}, "required": ["k"]}, {"type": "string"}]},
            {"type": "object", "properties": {"k": {"const": "y"}}},
            NEVER,
        ),
    ],
)
def test_narrowing(shape: Shape, constraint: Shape, expected: Shape) -> None:
    assert narrowed(shape, constraint) == expected


def test_joining_keeps_a_shape_small() -> None:
    assert joined(({"const": 1}, {"const": True}, {"const": 1})) == {"enum": [1, True]}
    assert joined((TEXT, {"const": "a"}, {"type": "null"})) == {"type": ["null", "string"]}
    assert joined((TEXT, True)) is True
    assert joined(()) is NEVER
    many = joined({"type": "object", "required": [str(number)]} for number in range(40))
    assert many == {"type": "object"}
    assert met((TEXT, {"type": "null"})) is NEVER
    assert met(({"type": ["string", "null"], "minLength": 1}, TEXT)) == {"type": "string", "minLength": 1}


# -- references


def written(schema: Any, others: dict[str, Any] | None = None, widen: bool = True) -> Shape:
    store = SchemaStore({"a/doc": schema, **(others or {})}, {})
    return written_out(schema, store.registry.resolver(schema_uri("a/doc")), widen)


TREE = {
    "$ref": "#/$defs/t",
    "$defs": {"t": {"type": "object", "properties": {"below": {"$ref": "#/$defs/t"}, "n": TEXT}}},
}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"title": "T", "type": "string", "x-own": 1, "contentEncoding": "base64"}, TEXT),
        ({"$ref": "#/$defs/x", "$defs": {"x": TEXT}}, TEXT),
        ({"$ref": "#/$defs/x", "minLength": 2, "$defs": {"x": TEXT}}, {"minLength": 2, "allOf": [TEXT]}),
        ({"$ref": "https://casemap.example/schemas/b/doc#/$defs/y"}, {"type": "integer"}),
        ({"$ref": "#l", "$defs": {"x": {"$anchor": "l", "type": "null"}}}, {"type": "null"}),
        ({"properties": {"a": {"$id": "s", "$ref": "#/$defs/x", "$defs": {"x": TEXT}}}}, {"properties": {"a": TEXT}}),
        ({"dependencies": {"a": ["b"]}}, {"dependentRequired": {"a": ["b"]}}),
        (
            {"properties": {"a": TEXT}, "unevaluatedProperties": False},
            {"properties": {"a": TEXT}, "additionalProperties": False},
        ),
        ({"type": "string", "format": "phone"}, TEXT),
        ({"type": "string", "format": "date-time"}, DATE_TIME),
        ({}, True),
    ],
)
def test_what_is_written_out(schema: Any, expected: Shape) -> None:
    others = {"b/doc": {"$defs": {"y": {"type": "integer"}}}}
    assert written(schema, others) == expected
    assert written(schema, others, widen=False) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            TREE,
            {
                "type": "object",
                "properties": {"below": {"type": "object", "properties": {"below": True, "n": TEXT}}, "n": TEXT},
            },
        ),
        ({"$dynamicRef": "#x", "$defs": {"x": {"$dynamicAnchor": "x", "type": "string"}}}, True),
        ({"not": {"$ref": "#"}}, True),
        (
            {"type": "object", "if": {"properties": {"a": {"$ref": "#"}}}, "then": False},
            {"type": "object", "then": False},
        ),
        (
            {"oneOf": [TEXT, {"properties": {"a": {"$ref": "#"}}}]},
            {"anyOf": [TEXT, {"properties": {"a": {"anyOf": [TEXT, {"properties": {"a": True}}]}}}]},
        ),
        (
            {"allOf": [{"properties": {"a": {"$ref": "#/$defs/missing"}}}], "unevaluatedProperties": False},
            {"allOf": [{"properties": {"a": True}}]},
        ),
        ({"$ref": "#/$defs/missing"}, True),
        (
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "$ref": "#/definitions/x",
                "definitions": {"x": TEXT},
            },
            True,
        ),
    ],
)
def test_what_a_shape_cannot_say_is_left_out_or_refused(schema: Any, expected: Shape) -> None:
    assert written(schema) == expected
    assert written(schema, widen=False) is None


@some
@given(seeds)
def test_written_out_says_what_the_schema_says(r: Random) -> None:
    """With references in the place of parts, beside siblings, and one of a schema into itself."""
    for _ in range(PAIRS // 2):
        one, other = random_shapes.schema(r), random_shapes.schema(r)
        part = {"anyOf": [one, {"properties": {"a": {"$ref": "#/$defs/one"}}, "required": ["b"]}]}
        schema = {"$defs": {"one": part, "two": other}, "properties": {"b": {"$ref": "#/$defs/two", "minLength": 1}}}
        schema |= {
            "$ref": "#/$defs/one",
            "items": {"$ref": "#/$defs/two"},
            r.choice(("not", "x")): {"$ref": "#/$defs/two"},
        }
        wide, exact = written(schema), written({**schema, "$ref": "#/$defs/two"}, widen=False)
        assert exact is not None
        valid, valid_exact = validator(schema), validator({**schema, "$ref": "#/$defs/two"})
        for value in values_near(r, one, other, {"properties": {"b": other}}):
            assert says(wide, value) or not valid.is_valid(value)
            assert says(exact, value) == valid_exact.is_valid(value)


def test_a_schema_that_doubles_at_each_reference_stays_small() -> None:
    names = [f"n{number}" for number in range(40)]
    parts = {
        name: {"allOf": [{"$ref": f"#/$defs/{after}"}, {"properties": {"x": {"$ref": f"#/$defs/{after}"}}}]}
        for name, after in itertools.pairwise(names)
    }
    schema = {"$ref": "#/$defs/n0", "$defs": {**parts, "n39": TEXT}}
    assert len(str(written(schema))) < 20_000_000
    assert written(schema, widen=False) is None


def test_the_bundled_schemas_can_be_written_out() -> None:
    catalog = Catalog()
    for type_name, schema in catalog.store.schemas.items():
        resolver = catalog.store.registry.resolver(schema_uri(type_name))
        exact = written_out(schema, resolver, widen=False)
        assert exact is not None
        assert exact == written_out(schema, resolver)
        assert covers(exact, exact)
        assert not is_empty(exact)


# -- regular languages

_pieces = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", ".", "\\d", "\\w", "(?:a|bc)", "(b|)", "^", "$", "\\.", "[a-c1]", "\\s", "\n"]
)
_times = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "+?"])


def _pattern(pieces: list[tuple[str, str]]) -> str:
    return "".join(piece + ("" if piece in "^$" else times) for piece, times in pieces)


patterns = st.lists(st.tuples(_pieces, _times), min_size=1, max_size=5).map(_pattern)
regular = patterns | st.tuples(patterns, patterns).map("|".join) | patterns.map(lambda text: f"^{text}$")
texts = st.text(alphabet="abc1. \n\u2028é", max_size=7)


@settings(max_examples=80, deadline=None)
@given(regular, regular, regular, st.lists(texts, min_size=20, max_size=40))
@example("$^", "b", "c", ["", "a"])
@example("^$", "^$", "a", ["", "a"])
def test_languages_against_the_validator(one: str, two: str, wide: str, some_texts: list[str]) -> None:
    found = {pattern: jsonschema_rs.validator_for({"pattern": pattern}).is_valid for pattern in (one, two, wide)}
    is_included = included((one, two), wide)
    least, most = lengths_of(one)
    for text in some_texts:
        if found[one](text):
            assert len(text) >= least
            assert most is None or len(text) <= most
            assert not is_included or not found[two](text) or found[wide](text)


_LETTERS = [
    *map(chr, range(0x250)),
    *map(chr, range(0x1680, 0x1690)),
    *map(chr, range(0x2000, 0x2070)),
    "\u3000",
    "\ufeff",
    "٣",
    "\U0001d7d8",
]


@pytest.mark.parametrize(
    "piece",
    ["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[^a-z]", "[\\s\\S]", "[+\\-.]", "\\t", "\\x41", "\\u00e9", "\\/"],
)
def test_character_sets_are_those_of_the_validator(piece: str) -> None:
    automaton = automaton_of(piece, dot=True)
    assert automaton is not None
    (sets,) = [steps[0][0] for steps in automaton.steps if steps]
    valid = jsonschema_rs.validator_for({"pattern": f"^{piece}$"}).is_valid
    for letter in _LETTERS:
        assert valid(letter) == any(low <= ord(letter) <= high for low, high in sets), hex(ord(letter))


def test_a_dot_is_taken_for_more_or_for_less() -> None:
    """Dialects differ on the ends of lines: as the narrow side a dot is every character, as the wide one few of them."""
    valid = jsonschema_rs.validator_for({"pattern": "^.$"}).is_valid
    for letter in _LETTERS:
        if letter not in "\n\r\u2028\u2029":
            assert valid(letter)
    assert not included(("^[\\s\\S]$",), "^.$")
    assert included(("^[^\\n\\r\\u2028\\u2029]$",), "^.$")
    assert complement(complement(ALL)) == ALL


@pytest.mark.parametrize(
    "pattern",
    ["(?=a)", "(?i)a", "\\ba", "(a)\\1", "a**", "[[:alpha:]]", "[a&&b]", "(a", "a)", "\\p{L}", "[z-a]", "{", "(?<n>a)"],
)
def test_patterns_that_are_not_read(pattern: str) -> None:
    assert automaton_of(pattern, dot=True) is None
    assert not included(("a",), pattern)


def test_a_search_that_grows_is_given_up() -> None:
    start = time.process_time()
    assert not included((f"^[ab]*a[ab]{{{40}}}$",), "^[ab]*b[ab]{39}$")
    assert not included(("^(a{0,300}){0,300}$",), "^(a{0,299}){0,300}$")
    assert time.process_time() - start < 5


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(_WRITTEN)), st.data())
def test_what_is_said_of_formats(form: str, data: st.DataObject) -> None:
    """Every text of a format has the pattern that is said of it: tried on texts near to those of the format."""
    near = {
        "date-time": r"[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9](:[0-6][0-9])?(\.[0-9]{0,3})?([Zz]|[+-][0-2][0-9]:?[0-5][0-9])?",
        "date": r"[0-9]{3,5}-[01][0-9]-[0-3][0-9]",
        "time": r"[0-2][0-9]:[0-5][0-9](:[0-6][0-9])?(\.[0-9]{0,3})?([Zz]|[+-][0-2][0-9]:[0-5][0-9])?",
        "uuid": r"[0-9A-Fa-g]{8}-?[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "uri": r"[a-z]{0,3}[+.-]?:(//)?[a-z@:\[\]é %|\"\\^{}<>]{0,6}(/[a-z%41]{0,3}){0,2}(\?[a-z=&]{0,3})?(#x)?",
        "uri-reference": r"([a-z]{0,3}:)?(//)?[a-z@:\[\]é %|\"\\^{}<>]{0,6}(/[a-z%41]{0,3}){0,2}(\?[a-z=&]{0,3})?(#x)?",
    }[form]
    text = data.draw(st.from_regex(re.compile(near), fullmatch=True))
    if says({"format": form}, text):
        assert re.search(_WRITTEN[form].replace("$", r"\Z"), text)


def test_the_size_of_integers_does_not_matter() -> None:
    huge = 10 ** (sys.get_int_max_str_digits() - 1)
    assert covers({"type": "integer"}, {"const": huge})
    assert not covers({"const": huge + 1}, {"const": huge})
    assert below({"const": {"a": huge}}, "a") == {"const": huge}


def test_alternatives_without_end_do_not_take_forever() -> None:
    """14 times 3 alternatives are millions of cases."""
    parts = [
        {"anyOf": [{"properties": {f"a{n}{m}": TEXT}, "required": [f"a{n}{m}"], "type": "object"} for m in range(3)]}
        for n in range(14)
    ]
    start = time.process_time()
    shape = {"allOf": parts}
    assert covers({"type": "object"}, shape)
    assert not covers({"required": ["b"]}, shape)
    assert narrowed(shape, {"required": ["b"]}) is not NEVER
    assert satisfiable(shape)
    assert time.process_time() - start < 5


def test_deep_nesting_is_survived() -> None:
    schema: Any = {"type": "string"}
    value: Any = "x"
    for _ in range(3_000):
        schema, value = {"type": "array", "items": schema}, [value]
    resolver = SchemaStore({"a/doc": {}}, {}).registry.resolver(schema_uri("a/doc"))
    assert types_of(written_out(schema, resolver)) == {"array"}
    assert written_out(schema, resolver, widen=False) is None
    assert types_of({"const": value}) == {"array"}
    assert not covers({"const": [value]}, {"const": value})
    assert joined(({"const": value}, {"type": "null"})) is not NEVER
