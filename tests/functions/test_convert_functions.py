"""Functions between JSON types and texts."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import pytest
from calls import call, deep, fails, same, some
from hypothesis import given
from hypothesis import strategies as st

from casemap.functions.equality import equal

FINITE = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@some
@given(st.one_of(st.integers(), FINITE))
def test_numbers_are_written_as_json_and_equal_ones_alike(number: int | float) -> None:
    text = call("string", number)
    assert json.loads(text) == number
    assert not text.endswith(".0")
    if number == int(number):
        assert text == str(int(number)) == call("string", int(number))
    else:
        assert text == json.dumps(number)
    assert equal(call("number", text), number)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("", ""), ("\ud800", "\ud800"), (4.0, "4"), (-0.0, "0"), (1e16, "10000000000000000"),
        (1e22, "10000000000000000000000"),
        (1.5e-7, "1.5e-07"), (True, "true"), (False, "false"), (-5, "-5"), (2**64 + 1, "18446744073709551617"),
    ],
)  # fmt: skip
def test_string(value: Any, wanted: str) -> None:
    assert call("string", value) == wanted


def test_integers_of_any_length_are_written() -> None:
    number = -(7**9000) * 10**5000
    limit = sys.get_int_max_str_digits()
    text, in_json = call("string", number), call("to_json", [number])
    sys.set_int_max_str_digits(0)
    try:
        assert text == str(number)
        assert in_json == f"[{number}]"
    finally:
        sys.set_int_max_str_digits(limit)


def test_string_fails() -> None:
    assert "to_json" in fails("CM302", "string", []).help
    fails("CM302", "string", {})
    fails("CM303", "string", math.inf)
    fails("CM303", "string", math.nan)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(True, True), (False, False), ("true", True), ("false", False), (1, True), (0, False), (1.0, True), (-0.0, False)],
)
def test_boolean(value: Any, wanted: bool) -> None:
    assert call("boolean", value) is wanted


def test_boolean_fails() -> None:
    for value in ("True", "1", "0", "", " true", "yes", 2, 0.5, -1, math.nan, 10**5000):
        fails("CM303", "boolean", value)
    for value in ([], {}, [True]):
        fails("CM302", "boolean", value)


@some
@given(JSON)
def test_json_round_trips(value: Any) -> None:
    text = call("to_json", value)
    assert text == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert same(call("from_json", text), value)


@some
@given(JSON)
def test_the_long_way_writes_the_same(value: Any) -> None:
    """An integer that the encoder refuses sends the whole value the other way."""
    huge = 10**5000
    text = call("to_json", {"a": value, "b": [huge, value]})
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert text == f'{{"a":{plain},"b":[1{"0" * 5000},{plain}]}}'


def test_depth() -> None:
    text = call("to_json", deep(50_000))
    assert text == "[" * 50_000 + "1" + "]" * 50_000
    assert call("to_json", deep(50_000, "object")).startswith('{"a":{"a":')
    fails("CM303", "from_json", text)
    assert call("from_json", "[" * 200 + "]" * 200) is not None


def test_to_json_fails() -> None:
    fails("CM303", "to_json", math.inf)
    fails("CM303", "to_json", [{"a": math.nan}])


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "{", "[1,]", "{'a':1}", "nul", "NaN", "[Infinity]", "-Infinity", "01",
        "1 2", '{"a":1,"a":2}', '{"b":{"a":1,"c":2,"a":1}}',
        "1e400", '["\\ud800"]', '{"\\udc00":1}', '"\ud800"', '"\t"', "\ufeff1", "// x\n1", "9" * 4301, "[1]\0",
    ],
)  # fmt: skip
def test_what_is_not_json(text: str) -> None:
    fails("CM303", "from_json", text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" [1, 2.0]\n", [1, 2.0]), ("12345678901234567890123", 12345678901234567890123),
        ('"\\ud83d\\ude00é"', "😀é"), ('"\\\\ud800"', "\\ud800"),
        ('{"a":{"a":null}}', {"a": {"a": None}}), ("null", None), ("-0", 0), ("false", False), ('"\\u0000"', "\0"),
    ],
)  # fmt: skip
def test_from_json(text: str, wanted: Any) -> None:
    assert same(call("from_json", text), wanted)


def test_from_json_takes_texts() -> None:
    for value in (1, {}, [], True):
        fails("CM302", "from_json", value)
    assert "'a'" in fails("CM303", "from_json", '{"b":1,"a":1,"a":2}').message
