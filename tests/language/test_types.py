
"""Section 3, Types: no truthiness, typed comparison, ordering, arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import Language, raw, same

VALUES: list[Any] = [0, 1, 1.5, -1, "", "1", "true", "abc", True, False, [], [1], ["1"], [True], {}, {"a": 1}, {"a": True}, {"a": [1]}]


def equal(one: Any, other: Any) -> bool:
    """The equality of the language: 1 and 1.0 are equal; neither equals true or "1"."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return bool(one == other)


def test_equality_is_typed(language: Language) -> None:
    convert = language.of("fields: {e: a == b, n: a != b, i: 'a in [b]', m: \"a not in [b]\"}\n").converter()
    values = [*VALUES, 1.0, 0.0, -0.0, 1e0, 2**53, 2.0**53, 2**53 + 1, "ABC", "é", "e\u0301", [1.0], {"a": 1.0}, [[]], [{}]]
    for one in values:
        for other in values:
            same_value = equal(one, other)
            assert convert({"a": one, "b": other}) == {"e": same_value, "n": not same_value, "i": same_value, "m": not same_value}, (one, other)


# no truthiness


@pytest.mark.parametrize("expression", ["v and T", "T and v", "v or F", "F or v", "not v", "1 if v else 2", "not (v and T)", "v or v"])
def test_only_booleans_are_conditions(language: Language, expression: str) -> None:
    convert = language.of(f"fields:\n  x: {expression}\n").converter()
    for value in (0, 1, 1.5, "", "true", "abc", [], [True], {}, {"a": True}):
        with pytest.raises(language.ConversionError) as caught:
            convert({"v": value, "T": True, "F": False})
        assert [problem.path for problem in caught.value.problems] == ["/v"]


@pytest.mark.parametrize("value", [0, 1, "", "true", []])
def test_or_for_a_missing_value_is_an_error_whose_message_names_default(language: Language, value: Any) -> None:
    assert "default" in language.expr_rejects("v or w", {"v": value}).message


@pytest.mark.parametrize("expression", ["a or 'b'", "'a' or b", "a and 1", "a or []", "not 'x'", "not 0", "1 if 'x' else 2", "1 if 1 else 2", "a or {}", "a or b ~ c", "a or b + 1", "a or (b | upper)"])
def test_a_condition_that_can_never_be_a_boolean(language: Language, expression: str) -> None:
    """A constant is found when the file is loaded; what a function gives, at the latest when it runs."""
    project = language.of(f"fields:\n  x: |-\n    {expression}\n")
    try:
        convert = project.converter()
    except language.MappingError:
        return
    with pytest.raises(language.ConversionError):
        convert({"a": False, "b": "x", "c": "y"} if "+" not in expression else {"a": False, "b": 1})


# ordering


@pytest.mark.parametrize(
    ("one", "other", "less"),
    [(1, 2, True), (2, 1, False), (1, 1.5, True), (1.0, 1, False), (-1, 0, True), ("a", "b", True), ("B", "a", True), ("", "a", True), ("10", "9", True), ("é", "z", False), ("\ufb01", "\U0001f600", True), (2**53, 2.0**53, False), (2**53 + 1, 2.0**53, False), (10**400, 1e308, False)],
)  # fmt: skip
def test_ordering_of_numbers_and_of_texts_by_code_point(language: Language, one: Any, other: Any, less: bool) -> None:
    result = language.convert("fields: {l: a < b, g: b > a, ge: a >= b, le: b <= a}\n", {"a": one, "b": other})
    assert result == {"l": less, "g": less, "ge": not less, "le": not less}


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize(("one", "other"), [(1, "1"), ("1", 1), (True, False), (True, 1), ([1], [2]), ({}, {}), ("a", ["a"]), (1, [1])])
def test_ordering_takes_two_numbers_or_two_texts(language: Language, sign: str, one: Any, other: Any) -> None:
    language.expr_rejects(f"a {sign} b", {"a": one, "b": other})


# arithmetic


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "//", "%"])
@pytest.mark.parametrize(("one", "other"), [("1", 2), (1, "2"), ("a", "b"), (True, 1), (1, False), ([1], [2]), ({}, 1), (1, [1])])
def test_arithmetic_takes_numbers(language: Language, sign: str, one: Any, other: Any) -> None:
    language.expr_rejects(f"a {sign} b", {"a": one, "b": other})


@pytest.mark.parametrize("value", ["1", True, [1], {}])
@pytest.mark.parametrize("sign", ["-", "+"])
def test_signs_take_numbers(language: Language, sign: str, value: Any) -> None:
    assert language.expr_rejects(f"{sign}a", {"a": value}).path == "/a"


@pytest.mark.parametrize(
    ("expression", "a", "b", "value"),
    [
        ("a / b", 4, 2, 2.0), ("a / b", 1, 3, 1 / 3), ("a // b", 7, 2, 3), ("a // b", -7, 2, -4), ("a // b", 7, -2, -4), ("a // b", 7.0, 2, 3.0), ("a // b", -7.5, 2, -4.0),
        ("a % b", 7, 3, 1), ("a % b", -7, 3, 2), ("a % b", 7, -3, -2), ("a % b", 7.5, 2, 1.5), ("a % b", -7.5, 2, 0.5),
        ("a + b", 1, 2, 3), ("a + b", 1, 2.0, 3.0), ("a * b", 2, 0.5, 1.0), ("a - b", 1, 1, 0), ("a + b", 10**30, 1, 10**30 + 1), ("a * b", 2**64, 2**64, 2**128), ("a // b", 10**30, 3, 10**30 // 3),
        ("a + b", 0.1, 0.2, 0.1 + 0.2),
    ],
)  # fmt: skip
def test_arithmetic(language: Language, expression: str, a: Any, b: Any, value: Any) -> None:
    assert same(language.expr(expression, {"a": a, "b": b}), value)


@pytest.mark.parametrize("sign", ["/", "//", "%"])
@pytest.mark.parametrize("zero", [0, 0.0, -0.0])
@pytest.mark.parametrize("number", [1, 1.5, 0, 0.0])
def test_division_by_zero_rejects(language: Language, sign: str, zero: Any, number: Any) -> None:
    assert "zero" in language.expr_rejects(f"a {sign} b", {"a": number, "b": zero}).message


@pytest.mark.parametrize(("expression", "a", "b"), [("a * b", 1e308, 10), ("a + b", 1e308, 1e308), ("a / b", 10**400, 3), ("a * b", 10**400, 1.5), ("a + b", 10**400, 0.5), ("-a * b", 1e308, 10.0), ("a // b", 1e308, 1e-10), ("a / b", 1e308, 1e-10)])
def test_a_result_that_is_no_number_of_json_rejects(language: Language, expression: str, a: Any, b: Any) -> None:
    language.expr_rejects(expression, {"a": a, "b": b})


# `in`


@pytest.mark.parametrize(
    ("value", "container", "result"),
    [
        (1, [1], True), (1.0, [1], True), (1, ["1"], False), (True, [1], False), (1, [True], False), ("a", ["A"], False), ([1], [[1]], True), ({"a": 1}, [{"a": 1.0}], True), ("a", [], False), (0, [False, ""], False),
        ("k", {"k": None}, True), ("k", {}, False), ("b", "abc", True), ("B", "abc", False), ("", "", True), ("é", "café", True),
    ],
)  # fmt: skip
def test_in(language: Language, value: Any, container: Any, result: bool) -> None:
    assert language.convert("fields: {i: v in c, n: v not in c}\n", {"v": value, "c": container}) == {"i": result, "n": not result}


@pytest.mark.parametrize(("value", "container"), [(1, "1"), (1, {"1": 1}), (1, 1), ("a", 5), (True, "true"), ("a", True), (["a"], "a")])
def test_in_needs_something_that_can_hold_the_value(language: Language, value: Any, container: Any) -> None:
    language.expr_rejects("v in c", {"v": value, "c": container})


# tests of types


def test_the_tests_of_types(language: Language) -> None:
    names = ("string", "number", "integer", "boolean", "array", "object", "defined", "none")
    fields = ", ".join(f"{name}: v is {name}, not_{name}: v is not {name}" for name in names)
    convert = language.of(f"fields: {{{fields}}}\n").converter()
    expected = [
        ("", {"string"}), ("1", {"string"}), (1, {"number", "integer"}), (4.0, {"number", "integer"}), (-0.0, {"number", "integer"}), (1e300, {"number", "integer"}), (4.5, {"number"}), (10**400, {"number", "integer"}),
        (True, {"boolean"}), (False, {"boolean"}), ([], {"array"}), ({}, {"object"}),
    ]  # fmt: skip
    for value, holds in expected:
        result = convert({"v": value})
        assert {name for name in names if result[name]} == {*holds, "defined"}, value
        assert all(result[f"not_{name}"] is not result[name] for name in names)


# texts of scalars


@pytest.mark.parametrize("write", ["v ~ ''", "v | string", "[v] | join", "'' ~ v"])
@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), ("", ""), (1, "1"), (-1, "-1"), (1.5, "1.5"), (1.0, "1"), (-2.0, "-2"), (0.1, "0.1"), (1e16, "10000000000000000"), (True, "true"), (False, "false"), (10**30, str(10**30)), (123456789.125, "123456789.125")],
)  # fmt: skip
def test_concatenation_join_and_string_write_scalars_alike(language: Language, write: str, value: Any, text: str) -> None:
    assert language.expr(write, {"v": value}) == text


@pytest.mark.parametrize("write", ["v ~ ''", "v | string", "[v] | join"])
@pytest.mark.parametrize("value", [[], [1], {}, {"a": 1}])
def test_arrays_and_objects_are_not_written(language: Language, write: str, value: Any) -> None:
    language.expr_rejects(write, {"v": value})


def test_a_template_writes_scalars_as_string_does(language: Language) -> None:
    text = "fields:\n  x: {template: '{{ a }}|{{ b }}|{{ c }}|{{ d }}'}\n"
    assert language.convert(text, {"a": 1.0, "b": True, "c": 1.5, "d": "x"}) == {"x": "1|true|1.5|x"}


# guards


def test_arguments_whose_type_is_not_proven_are_guarded(language: Language) -> None:
    for expression in ("v | upper", "v | round", "v | sum", "v | keys", "v | first", "v | datetime", "v | sha256"):
        language.expr_rejects(expression, {"v": True})


def test_values_are_copied_as_they_are(language: Language) -> None:
    for value in VALUES:
        assert same(language.value(raw("v"), {"v": value}), value)
