"""Functions of numbers, with exact fractions as the oracle."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import pytest
from calls import call, fails, outcome, same, some
from hypothesis import given
from hypothesis import strategies as st

from casemap.functions import BUNDLED

FINITE = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.one_of(st.integers(), FINITE)
NUMBER_TEXTS = st.from_regex(r"\A[ \t\n\r]*-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?[ \t\n\r]*\Z")


@some
@given(NUMBER_TEXTS)
def test_texts_of_numbers(text: str) -> None:
    exact = Fraction(text.strip())
    kind, number = outcome(BUNDLED.get("number").implementation, text)
    if kind == "value":
        assert same(number, json.loads(text))
    else:
        assert exact != 0
        assert json.loads(text) == 0
    kind, whole = outcome(BUNDLED.get("int").implementation, text)
    assert (kind == "value") == (exact.denominator == 1)
    if kind == "value":
        assert type(whole) is int
        assert whole == exact
    kind, number = outcome(BUNDLED.get("float").implementation, text)
    if kind == "value":
        assert type(number) is float
        assert number == float(json.loads(text))


NO_NUMBERS = [
    "", " ", "x", "+1", "007", "-01", ".5", "5.", "1,5", "1_000", "0x1F",
    "1e", "1e+", "--1", "- 1", "NaN", "Infinity", "-Infinity", "true", "null",
    "١", "１", "1\u00a0", "1\0", "\ud800", "1 2",
]  # fmt: skip


@pytest.mark.parametrize("name", ["int", "float", "number"])
@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_rejects_and_is_never_0(name: str, text: str) -> None:
    fails("CM303", name, text)


@pytest.mark.parametrize("name", ["int", "float", "number"])
@pytest.mark.parametrize("value", [True, False, [], {}, [1]])
def test_other_types(name: str, value: Any) -> None:
    fails("CM302", name, value)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (4.0, 4), (-0.0, 0), ("4.0", 4), ("1e2", 100), ("100e-2", 1), ("1.50e1", 15), ("-0", 0),
        ("0e999999999999999999999", 0),
        (1e300, int(1e300)), ("12345678901234567890.0", 12345678901234567890), ("1e22", 10**22),
        ("1e00000000000000000000000002", 100),
        (" \n7\t", 7), (2**70, 2**70),
    ],
)  # fmt: skip
def test_int(value: Any, wanted: int) -> None:
    result = call("int", value)
    assert type(result) is int
    assert result == wanted


@pytest.mark.parametrize(
    "value",
    [
        4.5, "4.5", "1e-1", "1e-99999999999999999999999", "1e99999999999999999999999", "1e5000", "9" * 5000,
        float("inf"), float("nan"),
    ],
)  # fmt: skip
def test_int_fails(value: Any) -> None:
    fails("CM303", "int", value)


def test_huge_integers_stay_what_they_are() -> None:
    huge = 10**5000
    assert call("int", huge) == call("number", huge) == call("abs", -huge) == call("round", huge) == huge
    assert call("round", huge + 5, -1) == huge
    assert call("max", [huge, 1.5]) == huge
    assert call("sum", [huge, 1]) == huge + 1
    assert call("number", "9" * 4300) == 10**4300 - 1
    fails("CM303", "number", "9" * 4301)
    fails("CM303", "float", huge)


@pytest.mark.parametrize("value", ["1e400", "-1e400", "1e-400", float("inf"), float("nan")])
def test_numbers_that_are_no_floats(value: Any) -> None:
    fails("CM303", "number", value)
    fails("CM303", "float", value)


def test_float_never_rounds_a_whole_number() -> None:
    assert same(call("float", 2**53), float(2**53))
    assert same(call("float", "9007199254740992"), float(2**53))
    for value in (2**53 + 1, "9007199254740993", 10**400):
        fails("CM303", "float", value)


@some
@given(NUMBERS, st.integers(-25, 25))
def test_round_is_exact_and_half_to_even(number: int | float, digits: int) -> None:
    result = call("round", number, digits)
    exact = Fraction(number)
    wanted = round(exact, digits) if digits else Fraction(round(exact))
    if digits <= 0 or isinstance(number, int):
        assert type(result) is int
        assert result == (wanted if digits <= 0 else number)
    else:
        assert type(result) is float
        assert result == float(wanted)


def test_round_by_example() -> None:
    assert [call("round", number) for number in (0.5, 1.5, 2.5, -0.5, -1.5)] == [0, 2, 2, 0, -2]
    assert type(call("round", 2.5)) is int
    assert type(call("round", 2.0, 1)) is float
    assert call("round", 25, -1) == 20
    assert call("round", 35.0, -1.0) == 40
    assert call("round", 1.7976931348623157e308, -308) == 2 * 10**308
    assert call("round", 5e-324, 10**30) == 5e-324
    assert call("round", 10**5, -(10**30)) == 0
    fails("CM302", "round", "2.5")
    fails("CM302", "round", True)
    fails("CM302", "round", 1.5, "1")
    fails("CM302", "round", 1.5, 0.5)
    fails("CM303", "round", float("inf"))


@some
@given(st.lists(NUMBERS, min_size=1) | st.lists(st.text(), min_size=1))
def test_min_and_max(items: list[Any]) -> None:
    assert call("min", items) in items
    assert all(call("min", items) <= item for item in items)
    assert call("max", items) in items
    assert all(call("max", items) >= item for item in items)


@pytest.mark.parametrize("name", ["min", "max", "sort"])
@pytest.mark.parametrize("items", [[1, "a"], [None], [1, None], [True], [[1]], [{}, {}], ["a", 1.5]])
def test_what_has_no_order(name: str, items: list[Any]) -> None:
    assert "compact" in fails("CM307", name, items).help
    fails("CM302", name, "abc")


@some
@given(st.lists(NUMBERS))
def test_sum_is_exact_and_rounded_once(items: list[int | float]) -> None:
    exact = sum(map(Fraction, items))
    kind, total = outcome(BUNDLED.get("sum").implementation, items)
    if all(isinstance(item, int) for item in items):
        assert type(total) is int
        assert total == exact
    elif kind == "value":
        assert type(total) is float
        assert total == float(exact)
        assert same(call("sum", items[::-1]), total)
    else:
        with pytest.raises(OverflowError):
            float(exact)


def test_sum_by_example() -> None:
    assert same(call("sum", []), 0)
    assert same(call("sum", [0.1] * 10), 1.0)
    assert call("sum", [1e308, 1e308, -1e308]) == 1e308
    fails("CM303", "sum", [1e308, 1e308])
    for items in ([True], ["1"], [None], 5):
        fails("CM302", "sum", items)


def test_empty_arrays_have_no_least_item() -> None:
    assert call("min", []) is None
    assert call("max", []) is None


@some
@given(NUMBERS)
def test_abs(number: int | float) -> None:
    assert same(call("abs", number), abs(number))
    assert math.copysign(1, call("abs", number)) == 1
    fails("CM302", "abs", str(number))
