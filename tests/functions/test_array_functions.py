"""Functions of arrays and objects, and the equality that they go by."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from calls import JSON, call, deep, fails, same, some, wrong_constant
from hypothesis import given
from hypothesis import strategies as st

from casemap.functions.equality import equal, key_of

ARRAYS = st.lists(JSON, max_size=5)
OBJECTS = st.dictionaries(st.text(max_size=3), JSON, max_size=4)
SMALL = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 1.0, 0.0, -0.0, "", "1", "true", 2**53, 2.0**53, 2**53 + 1]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


def alike(one: Any, other: Any) -> bool:
    """Typed equality by recursion: the oracle."""
    kinds = [
        bool if isinstance(it, bool) else float if isinstance(it, int | float) else type(it) for it in (one, other)
    ]
    if kinds[0] is not kinds[1]:
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    return bool(one == other)


@some
@given(SMALL, SMALL)
def test_equality_and_keys_are_typed(one: Any, other: Any) -> None:
    assert equal(one, other) == alike(one, other)
    assert (key_of(one) == key_of(other)) == alike(one, other)
    assert equal(one, copy.deepcopy(one))
    assert key_of(one) == key_of(copy.deepcopy(one))
    assert hash(key_of(one)) == hash(key_of(copy.deepcopy(one)))


def test_equality_by_example() -> None:
    assert equal(1, 1.0)
    assert equal({"a": 1, "b": [2.0]}, {"b": [2], "a": 1.0})
    for one, other in [
        (1, True),
        (0, False),
        (1, "1"),
        ("", None),
        ([], {}),
        ([1], [1, 1]),
        ({"a": 1}, {"b": 1}),
        ([True], [1]),
        (2**53 + 1, 2.0**53),
    ]:
        assert not equal(one, other)
        assert key_of(one) != key_of(other)
    assert key_of(["a", ["b"]]) != key_of([["a"], "b"]) != key_of(["a", "b"])
    assert key_of({"a": {"b": 1}}) != key_of({"a": {}, "b": 1})


def test_equality_does_not_recurse() -> None:
    one, other = deep(20_000), deep(20_000)
    assert equal(one, other)
    assert key_of(one) == key_of(other)
    assert equal(deep(20_000, "object"), deep(20_000, "object"))
    assert not equal(one, deep(19_999))


@some
@given(st.lists(SMALL))
def test_unique(items: list[Any]) -> None:
    result = call("unique", items)
    wanted: list[Any] = []
    for item in items:
        if not any(alike(item, other) for other in wanted):
            wanted.append(item)
    assert same(result, wanted)


@some
@given(st.lists(st.one_of(st.integers(), st.floats(allow_nan=False))) | st.lists(st.text()))
def test_sort(items: list[Any]) -> None:
    before = list(items)
    result = call("sort", items)
    assert same(items, before)
    assert same(result, sorted(before))
    assert result is not items


@some
@given(ARRAYS, st.integers(-7, 7), st.none() | st.integers(-7, 7))
def test_slice(items: list[Any], start: int, stop: int | None) -> None:
    assert same(call("slice", items, start, stop), items[start:stop])


@some
@given(ARRAYS)
def test_arrays_stay_as_they_are(items: list[Any]) -> None:
    before = copy.deepcopy(items)
    for name in ("first", "last", "length", "reverse", "unique", "flatten", "compact", "as_list"):
        call(name, items)
    assert same(items, before)
    assert same(call("reverse", call("reverse", items)), items)
    assert same(call("zip", items, items), [[item, item] for item in items])
    assert call("as_list", items) is items
    assert None not in call("compact", items)
    assert len(call("flatten", [items, items])) == 2 * len(items)


@some
@given(st.lists(SMALL), SMALL.filter(lambda value: value is not None))
def test_contains(items: list[Any], value: Any) -> None:
    assert call("contains", [*items, value], value) is True
    assert call("contains", items, value) == any(alike(item, value) for item in items)


@pytest.mark.parametrize(
    ("name", "value", "arguments", "wanted"),
    [
        ("first", [None, 1], [], None),
        ("last", [1, None], [], None),
        ("length", "e\u0301👩‍👩‍👧", [], 7),
        ("length", [None], [], 1),
        ("length", {"a": None}, [], 1),
        ("flatten", [[1, [2]], 3, None, {"a": [4]}], [], [1, [2], 3, None, {"a": [4]}]),
        ("slice", [1, 2, 3], [1.0, 10**40], [2, 3]),
        ("slice", [1, 2, 3], [-(10**40)], [1, 2, 3]),
        ("map", [{"a": 1}, {"b": 2}, {"a": None}, None, "a", ["a"], {"a": False}], ["a"], [1, False]),
        ("map", [{"a": {"b": 1}}, {"a": [{"b": 2}]}, {"a": "b"}, {"a.b": 3}], ["a.b"], [1]),
        ("map", [{"a": [7, 8]}, {"a": {"1": 9}}, {"a": [7]}, {"a": "xy"}], ["a.1"], [8, 9]),
        ("map", [[1], [], {"0": 2}], ["0"], [1, 2]),
        ("map", [[1, 2]], ["-1"], []),
        ("map", [[1]], ["²"], []),
        ("map", [[1]], ["9" * 5000], []),
        ("map", [{"": 1}], [""], [1]),
        ("select", [{"a": 1}, {"a": 1.0}, {"a": True}, {"a": "1"}, {}, None, 1], ["a", 1], [{"a": 1}, {"a": 1.0}]),
        ("select", [{"a": {"b": [1]}}, {"a": {"b": [True]}}], ["a.b", [1]], [{"a": {"b": [1]}}]),
        ("contains", [1], [True], False),
        ("contains", [[1.0]], [[1]], True),
        ("contains", [], ["a"], False),
        ("as_list", "abc", [], ["abc"]),
        ("as_list", {"a": 1}, [], [{"a": 1}]),
        ("as_list", False, [], [False]),
        ("zip", [1, 2], [["a"]], [[1, "a"]]),
        ("zip", [None], [[None, 1]], [[None, None]]),
        ("entries", {"b": None, "": 1}, [], [{"key": "b", "value": None}, {"key": "", "value": 1}]),
        ("from_entries", [], [], {}),
        ("keys", {"b": 1, "a.b": 2}, [], ["b", "a.b"]),
        ("values", {"b": 1, "a": None}, [], [1, None]),
        ("pick", {"b": None, "a": 1, "a.b": 2}, ["a", "b", "x"], {"b": None, "a": 1}),
        ("omit", {"b": None, "a": 1}, ["a", "x"], {"b": None}),
        ("merge", {"a": 1, "b": {"c": 1}}, [{"b": {}, "a": None}], {"a": None, "b": {}}),
    ],
)
def test_by_example(name: str, value: Any, arguments: list[Any], wanted: Any) -> None:
    assert same(call(name, value, *arguments), wanted)


@pytest.mark.parametrize("name", ["first", "last", "reverse", "unique", "flatten", "compact"])
def test_a_text_is_no_array(name: str) -> None:
    for value in ("abc", {"a": 1}, 1, True):
        fails("CM302", name, value)


@pytest.mark.parametrize(
    ("code", "name", "value", "arguments"),
    [
        ("CM302", "length", 5, []),
        ("CM302", "slice", "abc", [1]),
        ("CM302", "slice", [1], ["1"]),
        ("CM302", "slice", [1], [0, True]),
        ("CM302", "slice", [1], [0.5]),
        ("CM302", "map", {"a": 1}, ["a"]),
        ("CM302", "map", [], [1]),
        ("CM302", "select", "a", ["a", 1]),
        ("CM302", "contains", "abc", ["a"]),
        ("CM302", "zip", [1], ["a"]),
        ("CM302", "zip", "a", [[1]]),
        ("CM302", "entries", [], []),
        ("CM302", "keys", [], []),
        ("CM302", "values", "a", []),
        ("CM302", "pick", [], ["a"]),
        ("CM302", "pick", {}, [1]),
        ("CM302", "omit", {}, [None]),
        ("CM302", "merge", {}, [[]]),
        ("CM302", "merge", [], [{}]),
        ("CM302", "from_entries", {}, []),
        ("CM302", "from_entries", ["a"], []),
        ("CM308", "from_entries", [{"key": 1, "value": 1}], []),
        ("CM308", "from_entries", [{"value": 1}], []),
        ("CM308", "from_entries", [{"key": "a", "value": 1}, {"key": "a", "value": 1}], []),
        ("CM303", "from_entries", [{"key": "a"}], []),
        ("CM303", "from_entries", [{"key": "a", "value": 1, "label": "A"}], []),
    ],
)
def test_failures(code: str, name: str, value: Any, arguments: list[Any]) -> None:
    fails(code, name, value, *arguments)


def test_wrong_constants() -> None:
    wrong_constant("map", 1)
    wrong_constant("select", None, 1)


@some
@given(OBJECTS)
def test_entries_round_trip(value: dict[str, Any]) -> None:
    assert same(call("from_entries", call("entries", value)), value)
    assert [entry["key"] for entry in call("entries", value)] == call("keys", value)
    assert same(dict(zip(call("keys", value), call("values", value), strict=True)), value)


@some
@given(OBJECTS, OBJECTS, st.lists(st.text(max_size=3)))
def test_objects_are_parted_and_merged(one: dict[str, Any], other: dict[str, Any], names: list[str]) -> None:
    picked, omitted = call("pick", one, *names), call("omit", one, *names)
    assert not picked.keys() & omitted.keys()
    assert len(picked) + len(omitted) == len(one)
    merged = call("merge", omitted, picked)
    assert {name: merged[name] for name in one}.keys() == one.keys()
    assert all(same(merged[name], one[name]) for name in one)
    merged = call("merge", one, other)
    assert list(merged)[: len(one)] == list(one)
    assert all(same(merged[name], other[name]) for name in other)
