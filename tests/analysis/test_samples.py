"""Samples are valid, come to the edges of schemas and mappings, and are the same each time; shrinking keeps what fails."""

from __future__ import annotations

import functools
import itertools
import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from casemap import ConversionError, Converter, MappingError
from casemap.analysis.compose import compose, in_turn
from casemap.analysis.hints import hints_of
from casemap.analysis.patterns import texts_matching
from casemap.analysis.samples import Hints, Samples, survey
from casemap.analysis.shrinking import shrink
from casemap.mapping.core import Symbol
from casemap.schema.fields import OTHERS, leaves
from casemap.schema.leaves import field_tree
from casemap.schema.store import SchemaStore, SourceSchema
from tests import trees
from tests.analysis.bundled import catalog
from tests.analysis.places import places
from tests.generate.schemas import random_schema
from tests.language.projects import Project

TYPES = catalog().types


def samples_of(schema: Any, hints: Hints | None = None) -> Samples:
    return Samples(SchemaStore({"a/doc": schema}, {}), "a/doc", hints)


def first(samples: Samples, count: int = 400) -> list[Any]:
    return list(itertools.islice(samples, count))


@functools.cache
def bundled(type_name: str) -> list[Any]:
    return first(Samples(catalog().store, type_name))


# --- payloads of document types ------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_name", TYPES)
def test_every_sample_is_valid_and_another_one(type_name: str) -> None:
    validator = catalog().store.validator(type_name)
    texts = [json.dumps(payload, sort_keys=True) for payload in bundled(type_name)]
    assert len(texts) == 400
    assert len(set(texts)) == len(texts)
    assert all(validator.is_valid(payload) for payload in bundled(type_name))


@pytest.mark.parametrize("type_name", TYPES)
def test_samples_are_the_same_each_time(type_name: str) -> None:
    again = first(Samples(catalog().store, type_name))
    assert json.dumps(again) == json.dumps(bundled(type_name))


@pytest.mark.parametrize("type_name", TYPES)
def test_the_first_sample_has_nothing_that_can_be_left_out(type_name: str) -> None:
    samples = Samples(catalog().store, type_name)
    smallest = bundled(type_name)[0]
    if isinstance(smallest, dict):
        for name in smallest:
            assert not samples.valid({key: value for key, value in smallest.items() if key != name})


@pytest.mark.parametrize("type_name", TYPES)
def test_every_field_is_there_in_some_samples_and_missing_in_others(type_name: str) -> None:
    known = [steps for steps, _ in leaves(field_tree(catalog().store, type_name))]
    counts = dict.fromkeys(known, 0)
    for payload in bundled(type_name):
        for steps in {place.field for place in places(payload, known) if place.field is not None}:
            counts[steps] += 1
    assert all(counts.values()), [steps for steps, count in counts.items() if not count]
    required = {steps for steps, count in counts.items() if count == 400}
    assert all(len(steps) < 3 and OTHERS not in steps for steps in required)


@pytest.mark.parametrize("type_name", TYPES)
def test_every_listed_value_is_there(type_name: str) -> None:
    listed = {steps: field.values for steps, field in leaves(field_tree(catalog().store, type_name)) if field.values}
    seen: dict[Any, set[str]] = {steps: set() for steps in listed}
    for payload in bundled(type_name):
        for place in places(payload, listed):
            if place.field is not None:
                seen[place.field].add(json.dumps(place.value))
    for steps, values in listed.items():
        assert seen[steps] >= {json.dumps(value) for value in values}, steps


# --- schemas of every kind ------------------------------------------------------------------------------------------

TREE = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "below": {"$ref": "#"}}}
KINDS: dict[str, tuple[Any, list[Any]]] = {
    "recursion": (TREE, [{"name": "a"}, {"name": "a", "below": {"name": "a"}}]),
    "recursion in an array": (
        {"type": "object", "properties": {"all": {"type": "array", "minItems": 1, "items": {"$ref": "#"}}}},
        [{}, {"all": [{}]}],
    ),
    "anything": ({}, [None, {}, [], "a", 1, True, 1.5]),
    "several types": ({"type": ["string", "null", "integer", "array"]}, [None, "a", 1, []]),
    "alternatives": (
        {"oneOf": [{"type": "integer", "minimum": 3}, {"type": "object", "required": ["a"], "properties": {"a": {}}}]},
        [3, {"a": "a"}, {"a": None}],
    ),
    "if": (
        {
            "type": "object",
            "properties": {"kind": {"enum": ["x", "y"]}, "size": {"type": "integer"}},
            "if": {"properties": {"kind": {"const": "x"}}, "required": ["kind"]},
            "then": {"required": ["size"]},
        },
        [{}, {"kind": "y"}, {"kind": "x", "size": 1}],
    ),
    "names by a pattern": (
        {"type": "object", "patternProperties": {"^x-[0-9]+$": {"type": "integer"}}, "additionalProperties": False},
        [{}, {"x-0": 1}],
    ),
    "prefix items": (
        {"type": "array", "prefixItems": [{"const": "a"}, {"const": 2}], "items": False, "minItems": 2},
        [["a", 2]],
    ),
    "least of members": (
        {"type": "object", "minProperties": 1, "properties": {"a": {"const": 1}, "b": {"const": 2}}},
        [{"a": 1}, {"b": 2}, {"a": 1, "b": 2}],
    ),
    "different items": ({"type": "array", "uniqueItems": True, "minItems": 2, "items": {"enum": [1, 2]}}, [[1, 2]]),
    "a pattern": ({"type": "string", "pattern": "^(Mon|Tue) [0-9]{2}$"}, ["Mon 00", "Tue 99"]),
    "negation": ({"type": "string", "not": {"format": "date-time"}}, ["a", "", "2024-05-14"]),
    "all of": ({"allOf": [{"type": "integer"}, {"minimum": 5}, {"maximum": 5}]}, [5]),
    "others described": (
        {"type": "object", "additionalProperties": {"type": "boolean"}},
        [{}, {"other": False}, {"other": True}],
    ),
    "forbidden member": ({"type": "object", "properties": {"a": False, "b": {"const": 1}}}, [{}, {"b": 1}]),
    "named items": ({"type": "array", "items": {"type": "object", "required": ["k"]}}, [[], [{"k": "a"}]]),
    "limits": (
        {"type": "number", "exclusiveMinimum": 0, "maximum": 4.5, "multipleOf": 0.5},
        [1, 4.5, 0.5, 1.5],
    ),
    "constant": ({"const": {"a": [1]}}, [{"a": [1]}]),
    "bounds with a fraction": (
        {"type": "array", "minItems": 1.0, "maxItems": 2.0, "items": {"type": "object", "minProperties": 1.0}},
        [[{"other": "a"}], [{"other": "a"}, {"other": "a"}]],
    ),
    "more than can be built": ({"type": "array", "minItems": 10**9}, []),
    "nothing": (False, []),
}


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_of_every_kind(kind: str) -> None:
    schema, expected = KINDS[kind]
    found = [json.dumps(payload) for payload in first(samples_of(schema), 3000)]
    assert not {json.dumps(payload) for payload in expected} - set(found)
    assert found or not expected


def test_random_schemas_have_samples_where_they_have_values() -> None:
    """Against any schema the samples are valid, and there is one for nearly every schema that has values at all."""
    with_values, with_samples = 0, 0
    for number in range(50):
        schema = random_schema(random.Random(number), [])
        try:
            samples = samples_of(schema)
        except MappingError:
            continue
        found = first(samples, 60)
        assert all(samples.valid(payload) for payload in found)
        with_samples += bool(found)
        with_values += bool(found) or any(samples.valid(value) for value in ({}, [], [{}], {"id": "a"}, "a", 1))
    assert with_values > 33
    assert with_samples >= 0.97 * with_values


@pytest.mark.parametrize(
    "pattern", ["^a+$", "a|b", "[^a]", r"\d{3}-\w", "(x)\\1", "^$", "(?:ab){2,5}?c", "[a-f0-9]{8}", ".", "é?"]
)
def test_texts_match_their_pattern(pattern: str) -> None:
    assert texts_matching(pattern)
    assert all(re.search(pattern, text) for text in texts_matching(pattern))


@pytest.mark.parametrize("pattern", ["(", "a{5000}", r"\p{L}", "(?=a)b", ""])
def test_a_pattern_that_cannot_be_written_is_no_failure(pattern: str) -> None:
    assert all(isinstance(text, str) for text in texts_matching(pattern))


# --- what a mapping is about -----------------------------------------------------------------------------------------

SOURCE = {
    "type": "object",
    "properties": {
        "state": {"type": "string"},
        "code": {"type": "string"},
        "opened": {"type": "string"},
        "count": {"type": "integer"},
        "people": {"type": "array", "items": {"type": "object", "properties": {"role": {"type": "string"}}}},
        "custom": {"type": "object", "additionalProperties": {}},
    },
}
MAPPING = """
    value_maps:
      states: {NEW: open, 'IN WORK': open}
    definitions:
      person: {fields: {it: role}, when: role != 'watcher'}
    fields:
      state: {from: state, map: states}
      special: {const: true, when: "code in ['red', 'blue'] or code | regex_test('^X-[0-9]{2}$')"}
      opened: opened | datetime
      many: count > 40
      first: {each: people, where: role == 'owner', take: first, value: role}
      others: {each: people, use: person}
      odd: this.undeclared
      '*': custom
"""


def _hinted(tmp_path: Any) -> tuple[Samples, Hints]:
    mapped = Project(tmp_path).schema("a/doc", SOURCE).mapping("a-to-b/doc", MAPPING).catalog()
    mapping = mapped.mapping("a-to-b/doc")
    hints = hints_of(mapping.body, mapping.root, ["state", "total"])
    return Samples(mapped.store, "a/doc", hints), hints


def _values(payloads: list[Any], *steps: str) -> Iterator[Any]:
    for payload in payloads:
        values = [payload]
        for step in steps:
            values = [value[step] for value in values if isinstance(value, dict) and step in value]
            values = [item for value in values for item in (value if isinstance(value, list) else [value])]
        yield from values


def test_hints_name_what_the_mapping_compares(tmp_path: Any) -> None:
    samples, hints = _hinted(tmp_path)
    payloads = first(samples, 600)
    assert {"NEW", "IN WORK"} <= set(_values(payloads, "state"))
    assert {"red", "blue", "X-00"} <= set(_values(payloads, "code"))
    assert {39, 40, 41} <= set(_values(payloads, "count"))
    assert {"owner", "watcher"} <= set(_values(payloads, "people", "role"))
    assert {"2024-05-14T08:48:05Z", "2024-05-14"} <= set(_values(payloads, "opened"))
    assert {"total", "special", "state"} <= {name for value in _values(payloads, "custom") for name in value}
    assert len({json.dumps(value) for value in _values(payloads, "undeclared")}) > 5
    assert ("people", "*", "role") in hints.values
    assert hints.open == {("custom",)}


def test_hints_follow_names_of_a_route() -> None:
    """In a composed tree the constants of the second mapping are held against the fields of the first."""
    tree, root = compose(
        catalog().chain("telecomx/case", "khoros/case"), SourceSchema(catalog().store, "telecomx/case")
    )
    hints = hints_of(tree, root)
    assert {"INCOMING", "COMMENT"} <= set(hints.values[("messages", "*", "type")])
    assert set(hints.values[("state",)]) >= {"UNHANDLED", "HANDLING", "CLOSED"}


def test_a_tree_without_paths_has_no_hints() -> None:
    from casemap.mapping.core import Const
    from casemap.span import Span

    assert hints_of(Const(1, Span("a.yaml", 1, 1)), Symbol("root")) == Hints()


@trees.examples(40)
@given(trees.mapping_files(), st.randoms(use_true_random=False))
def test_any_mapping_has_hints_and_samples(files: trees.MappingText, chance: random.Random) -> None:
    try:
        mapping = trees.loaded(files)
    except MappingError:
        reject()
    tree, root = in_turn(mapping)
    documents = [trees.write_payload(chance.randrange) for _ in range(3)]
    for schema in (trees.schema_of(documents), {}):
        assert first(samples_of(schema, hints_of(tree, root, ["a"])), 10)


# --- shrinking and surveying -------------------------------------------------------------------------------------------


def _has_an_older_person(value: Any) -> bool:
    people = value.get("people") if isinstance(value, dict) else None
    return isinstance(people, list) and any(isinstance(p, dict) and p.get("age", 0) > 3 for p in people)


def test_what_is_left_of_a_payload_is_what_fails() -> None:
    payload = {
        "id": "a long id", "tags": ["x", "y", {"deep": [1, 2, 3]}], "people": [{"name": "Ann"}, {"name": "Bob", "age": 7}],
        "n": {"m": {"k": 12.0}},
    }  # fmt: skip
    assert shrink(payload, lambda value: isinstance(value, dict) and "id" in value) == {"id": ""}
    assert shrink(payload, _has_an_older_person) == {"people": [{"age": 7}]}
    assert shrink(payload, lambda value: "12.0" in json.dumps(value)) == 12.0
    assert shrink(payload, lambda value: isinstance(value, dict)) == {}
    assert payload["id"] == "a long id"


def test_shrinking_ends_and_keeps_what_cannot_be_made_smaller() -> None:
    tried: list[Any] = []
    payload = {str(number): [number] for number in range(50)}
    assert shrink(payload, lambda value: bool(tried.append(value)), tries=30) == payload  # type: ignore[func-returns-value]
    assert len(tried) == 30


def test_a_long_array_shrinks_in_few_tries() -> None:
    assert shrink(list(range(1000)), lambda value: 777 in value, tries=60) == [777]


@functools.cache
def _converter() -> Converter:
    return catalog().converter("common/case-query", "telecomx/case-query")


def _codes(payload: Any) -> list[str]:
    try:
        _converter()(payload)
    except ConversionError as error:
        return [str(problem.target_path) for problem in error.problems]
    return []


def test_a_survey_finds_a_payload_for_each_finding() -> None:
    samples = Samples(catalog().store, "common/case-query")
    assert survey(samples, _codes) == {"/limit": {"limit": 0}, "/offset": {"offset": -1}}
    assert survey(samples, _codes, wanted=["/offset"]) == {"/offset": {"offset": -1}}
    assert survey(samples, _codes, wanted=["/other"], limit=50) == {}


def test_a_large_payload_shrinks_in_few_tries() -> None:
    payload = {f"member {number}": {"a": [number, "x"], "b": {"c": True}} for number in range(100)}
    tried: list[Any] = []

    def fails(value: Any) -> bool:
        tried.append(value)
        return isinstance(value, dict) and isinstance(value.get("member 77"), dict) and "a" in value["member 77"]

    assert shrink(payload, fails) == {"member 77": {"a": []}}
    assert len(tried) < 60


def test_what_a_mapping_compares_comes_early_in_a_large_document() -> None:
    store = catalog().store
    tree, root = compose(
        catalog().chain("socialgateway/case", "khoros/case"), SourceSchema(store, "socialgateway/case")
    )
    payloads = first(Samples(store, "socialgateway/case", hints_of(tree, root)), 200)
    assert {"Arrived", "Open", "Closed"} <= set(_values(payloads, "data", "state"))
    assert {"Arrived", "Open", "Closed"} <= set(_values(payloads, "state"))


def test_parts_of_a_text_are_varied_one_by_one() -> None:
    """One end of a range is as in the schema's example, while the other is any text that the pattern matches."""
    ranges = set(_values(bundled("egain/case-query"), "createdDate"))
    assert {"[2022-03-23T08:39:16.000Z,0000-00-00]", "[0000-00-00,2022-04-28T09:39:16.000Z]"} <= ranges
