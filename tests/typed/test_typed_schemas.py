"""Types for schemas of every kind: what they decode is valid for the schema, and of what is plain nothing is refused."""

from __future__ import annotations

import functools
import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemap.compiler.typed import TypedSource, typed_trees
from casemap.mapping.core import Member, Node, Object, Path, Symbol
from casemap.run.typed import TypedBlocks
from casemap.run.typed_doors import TypedDoor
from casemap.schema.store import SchemaStore
from casemap.span import Span

SPAN = Span("test.yaml", 1, 1)
NODE = {"type": "object", "properties": {"a": {"type": "string"}, "next": {"$ref": "#/$defs/Node"}}}
ITEM = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}
SCHEMAS: dict[str, tuple[Any, list[Any]]] = {
    "text": ({"type": "string"}, ["", "x", "\u2028"]),
    "bounded text": ({"type": "string", "minLength": 1, "maxLength": 2}, ["x", "😀😀"]),
    "text or null": ({"type": ["string", "null"]}, ["x", None]),
    "text or integer": ({"type": ["string", "integer"], "minLength": 1}, ["x", 0, 10**15]),
    "number": ({"type": "number"}, [1, 1.5, -0.0, 1e22]),
    "bounded number": ({"type": "number", "minimum": 1, "exclusiveMaximum": 2}, [1, 1.5]),
    "integer": ({"type": "integer"}, [0, -(2**63)]),
    "bounded integer": ({"type": "integer", "minimum": 1, "maximum": 500}, [1, 500]),
    "boolean or null": ({"type": ["boolean", "null"]}, [True, None]),
    "words": ({"type": "string", "enum": ["a", "b", ""]}, ["a", ""]),
    "words or null": ({"enum": ["a", None]}, ["a", None]),
    "word without type": ({"const": "a"}, ["a"]),
    "typed words or null": ({"type": ["string", "null"], "enum": ["a", "bb", None], "minLength": 2}, ["bb", None]),
    "mixed list": ({"enum": ["a", 1, True, None, {"a": 1}]}, ["a", 1, True, None, {"a": 1}]),
    "pattern": ({"type": "string", "pattern": "^[a-c]+$"}, ["abc"]),
    "date-time": ({"type": "string", "format": "date-time"}, ["2021-08-25T13:18:25.000Z", "2016-12-31T23:59:60Z"]),
    "uri": ({"type": "string", "format": "uri"}, ["https://example.com/a?b"]),
    "times of two forms": (
        {"anyOf": [{"type": "string", "pattern": "^[0-9]{4}$"}, {"type": "string", "format": "date"}]},
        ["2021", "2021-08-25"],
    ),
    "object": (ITEM, [{"a": "x"}, {"a": "x", "b": 1}, {"a": "x", "c": [1.5]}]),
    "object or null": ({**ITEM, "type": ["object", "null"]}, [{"a": "x"}, None]),
    "closed object": ({**ITEM, "additionalProperties": False}, [{"a": "x", "b": 1}]),
    "map": ({"type": "object", "additionalProperties": {"type": "string"}}, [{"a": "x", "z": "y"}]),
    "members and map": ({**ITEM, "additionalProperties": {"type": "string"}}, [{"a": "x", "z": "y"}]),
    "required without a schema": ({"type": "object", "required": ["a", "z"]}, [{"a": None, "z": 1.5}]),
    "counted members": ({**ITEM, "minProperties": 2}, [{"a": "x", "b": 1}]),
    "items": ({"type": "array", "items": ITEM}, [[], [{"a": "x"}]]),
    "null items": ({"type": "array", "items": {**ITEM, "type": ["object", "null"]}}, [[None, {"a": "x"}]]),
    "bounded array": ({"type": "array", "items": ITEM, "minItems": 1}, [[{"a": "x"}]]),
    "one or several": ({"anyOf": [ITEM, {"type": "array", "items": ITEM}]}, [{"a": "x"}, [{"a": "x"}]]),
    "one, several or a text": (
        {"anyOf": [{"type": "string"}, ITEM, {"type": "array", "items": {**ITEM, "minProperties": 2}}]},
        ["x", {"a": "x"}, [{"a": "x", "b": 1}]],
    ),
    "exactly one of kinds": ({"oneOf": [{"type": "string"}, {"type": "integer"}, ITEM]}, ["x", 1, {"a": "x"}]),
    "exactly one of objects": (
        {"oneOf": [ITEM, {"type": "object", "required": ["z"]}]},
        [{"a": "x"}, {"z": 1}],
    ),
    "any of objects": ({"anyOf": [ITEM, {"type": "object", "required": ["z"]}]}, [{"a": "x"}, {"z": 1}]),
    "both": ({"allOf": [ITEM, {"required": ["b"]}]}, [{"a": "x", "b": 1}]),
    "each closed": ({"allOf": [{**ITEM, "additionalProperties": False}, {"properties": {"c": {}}}]}, [{"a": "x"}]),
    "beside a reference": ({"$ref": "#/$defs/Node", "required": ["a"]}, [{"a": "x"}]),
    "within itself": ({"$ref": "#/$defs/Node"}, [{"a": "x", "next": {"a": "y", "next": {}}}]),
    "condition": ({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}, [{"b": 1}, {"a": 1, "b": 1}]),
    "not": ({"not": {"type": "string"}}, [1, None, [1]]),
    "contradiction": ({"type": "string", "allOf": [{"type": "integer"}]}, []),
    "nothing": (False, []),
    "anything": (True, [None, 1, "x", [1.5, {"a": None}]]),
}  # fmt: skip
TREES = {"whole": (("v",),), "members": (("v", "a"), ("v", "b"), ("v", "z")), "items": (("v", 0, "a"),)}

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3)
)
values = st.recursive(
    scalars
    | st.sampled_from(["a", "x", "abc", "2021", "2021-08-25T13:18:25.000Z", "2021-08-25 13:18:25Z", 1.0, 10**30]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c", "z", "next"]), inner, max_size=4)
    ),
    max_leaves=6,
)


@functools.cache
def store(name: str) -> SchemaStore:
    schema = {"type": "object", "properties": {"v": SCHEMAS[name][0]}, "$defs": {"Node": NODE}}
    return SchemaStore({"test/case": schema}, {})


@functools.cache
def blocks(name: str, read: str) -> TypedBlocks:
    """Documents with a member `v` of a schema, which a tree reads in some way."""
    root = Symbol("document")
    members: list[Member] = []
    for number, steps in enumerate(TREES[read]):
        node: Node = Path(root, steps, SPAN)
        members.append(Member(f"out{number}", node, SPAN))
    trees = typed_trees(
        Object(tuple(members), "never", SPAN), root, {}, TypedSource(store(name), "test/case"), title="test"
    )
    return TypedBlocks([TypedDoor(tree, store(name), None) for tree in trees], None)


def verdict(name: str, value: Any) -> bool:
    return store(name).validator("test/case").is_valid({"v": value})


@pytest.mark.parametrize("read", TREES)
@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_passes_that_is_not_valid(name: str, read: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(value=values)
    def check(value: Any) -> None:
        line = json.dumps({"v": value}).encode()
        if blocks(name, read).convert(line).converted:
            assert verdict(name, value)

    check()
    for value in itertools.chain.from_iterable(valid for _, valid in SCHEMAS.values()):
        if blocks(name, read).convert(json.dumps({"v": value}).encode()).converted:
            assert verdict(name, value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_valid_is_taken(name: str) -> None:
    for value in SCHEMAS[name][1]:
        assert verdict(name, value)
        assert blocks(name, "whole").convert(json.dumps({"v": value}).encode()).converted == 1


@pytest.mark.parametrize("read", TREES)
def test_a_member_that_is_not_there_is_valid(read: str) -> None:
    assert [name for name in SCHEMAS if not blocks(name, read).convert(b"{}").converted] == []


@pytest.mark.parametrize(
    "name", ["object", "closed object", "map", "members and map", "both", "within itself", "each closed"]
)
def test_objects_are_taken_whatever_is_read_of_them(name: str) -> None:
    for value in SCHEMAS[name][1]:
        assert blocks(name, "members").convert(json.dumps({"v": value}).encode()).converted == 1
