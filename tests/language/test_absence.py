
"""Section 3, Absent: what is absent, what sees absence, and that a failure is neither."""

from __future__ import annotations

from typing import Any

import pytest

from casemap.functions import BUNDLED

from .projects import ABSENT, Language, block, raw, same

PAYLOAD = {"a": 1, "t": "abc", "T": True, "F": False, "n": None, "l": [1, None, 2], "o": {"k": 1, "n": None}, "e": [], "s": ""}

# two ways to be absent: nothing there, and a null


@pytest.mark.parametrize("absent", ["missing", "n", "missing.x", "n.x", "n[0]", "o.n", "o.missing", "o.n.x", "l[1]", "l[9]", "l[1].x", "e[0]", "null", "none", "t | absent_if('abc')", "a if missing else n", "coalesce(n)", "e | first"])
class TestAbsentValue:
    """One value that is absent, in every place of an expression."""

    def test_functions_arithmetic_and_ordering_are_absent_if_an_argument_is(self, language: Language, absent: str) -> None:
        expressions = [
            "{}", "{} ~ t", "t ~ {}", "{} + a", "a + {}", "a - {}", "{} * a", "a / {}", "a // {}", "{} % a", "-{}", "+{}", "{} < a", "a < {}", "{} <= {}", "a > {}", "{} >= a", "1 / 1 + {}", "[{}] | first",
            "{} | upper", "t | replace({}, 'x')", "t | replace('a', {})", "{} | int", "{} | to_json", "{} | length", "{} | as_list", "{} | sum", "l | contains({})", "o | merge({})", "l | zip({})", "{} | string | upper",
        ]  # fmt: skip
        lines = [f"  f{number}: {raw_text(text.replace('{}', f'({absent})'))}" for number, text in enumerate(expressions)]
        result = language.convert("fields:\n" + "\n".join(lines) + "\n", PAYLOAD)
        assert {expressions[int(name[1:])]: value for name, value in result.items()} == {}

    def test_comparisons_and_tests(self, language: Language, absent: str) -> None:
        """All in one mapping: `==` and `in` are false, `!=` and `not in` true, tests false and their `is not` true."""
        false = ["{} in l", "a in {}", "{} in {}", "{} in t", "not ({} not in l)"]
        if absent not in ("null", "none"):  # a literal null is not compared
            false += ["{} == a", "a == {}", "{} == {}", "{} == ''", "not ({} != a)"]
        false += [f"{{}} is {test}" for test in ("defined", "string", "number", "integer", "boolean", "array", "object")]
        false += ["{} and T", "T and {}", "{} and {}", "{} or F", "F or {}", "{} or {}", "not (not {})", "({} < a) or F", "not T or {}"]
        false += [f"not ({{}} is not {test})" for test in ("defined", "string", "number", "integer", "boolean", "array", "object")]
        lines = [f"  f{number}: {raw_text(test.replace('{}', f'({absent})'))}" for number, test in enumerate(false)]
        result = language.convert("fields:\n" + "\n".join(lines) + "\n", PAYLOAD)
        assert [false[int(name[1:])] for name, value in result.items() if value is not False] == []
        assert len(result) == len(false)

    def test_conditions(self, language: Language, absent: str) -> None:
        assert language.expr(f"1 if ({absent}) else 2", PAYLOAD) == 2
        assert language.value(raw(f"{{from: a, when: {raw_text(f'({absent})')}}}"), PAYLOAD) is ABSENT

    def test_what_sees_absence(self, language: Language, absent: str) -> None:
        assert language.expr(f"({absent}) | default(5)", PAYLOAD) == 5
        assert language.expr(f"coalesce({absent}, 5)", PAYLOAD) == 5
        assert language.expr_rejects(f"({absent}) | required", PAYLOAD).code == "CM304"
        assert language.expr(f"[a, {absent}, a]", PAYLOAD) == [1, 1]
        assert language.expr(f"{{'x': a, 'y': {absent}}}", PAYLOAD) == {"x": 1}
        assert language.expr(f"a | default({absent})", PAYLOAD) == 1


def raw_text(expression: str) -> str:
    """An expression in double quotes."""
    return '"' + expression.replace("\\", "\\\\").replace('"', '\\"') + '"'


# `is none` is true only of a null that is there


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("n is none", True), ("o.n is none", True), ("l[1] is none", True), ("l[-2] is none", True), ("this.n is none", True), ("root.o.n is none", True), ("o['n'] is none", True),
        ("missing is none", False), ("o.missing is none", False), ("n.x is none", False), ("l[9] is none", False), ("a is none", False), ("s is none", False), ("e is none", False), ("F is none", False), ("o is none", False),
        ("n is not none", False), ("missing is not none", True), ("a is not none", True), ("(n) is none", True), ("not n is none", False), ("null is none", True), ("none is none", True),
        ("n is defined", False), ("missing is defined", False), ("s is defined", True), ("F is defined", True), ("e is defined", True),
    ],
)  # fmt: skip
def test_is_none_is_true_only_of_a_null_that_is_there(language: Language, expression: str, value: bool) -> None:
    assert language.expr(expression, PAYLOAD) is value


@pytest.mark.parametrize(("item", "value"), [(None, True), (1, False)])
def test_is_none_of_an_item_and_of_a_let_name(language: Language, item: Any, value: bool) -> None:
    assert language.value(raw("{each: l, nulls: keep, value: {from: this is none}}"), {"l": [item]}) == [value]


def test_a_list_skips_absent_items_and_keeps_inner_nulls(language: Language) -> None:
    assert language.expr("[n, l, missing, o]", PAYLOAD) == [[1, None, 2], {"k": 1, "n": None}]


def test_absent_arguments_of_every_function(language: Language) -> None:
    """`default`, `coalesce` and `required` see absence; every other function of an absent value is absent."""
    arguments = {
        "absent_if": "1", "replace": "'a', 'b'", "remove_prefix": "'a'", "remove_suffix": "'a'", "starts_with": "'a'", "ends_with": "'a'", "truncate": "5", "pad": "5", "split": "','", "regex_test": "'a'", "regex_extract": "'a'",
        "regex_replace": "'a', 'b'", "regex_split": "'a'", "url_join": "'a'", "query_param": "'a'", "slice": "0", "map": "'a'", "select": "'a', 1", "contains": "1", "zip": "[1]", "pick": "'a'", "omit": "'a'", "merge": "{}",
        "uuid5": "'6ba7b811-9dad-11d1-80b4-00c04fd430c8'",
    }  # fmt: skip
    names = [name for name in BUNDLED.names() if name not in ("default", "coalesce", "required")]
    assert len(names) > 50
    lines = [f"  {name}: {raw_text(f'missing | {name}({arguments.get(name, str())})')}" for name in names]
    assert language.convert("fields:\n" + "\n".join(lines) + "\n", PAYLOAD) == {}


# laziness


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a | default(1 / 0)", 1), ("coalesce(a, 1 / 0)", 1), ("coalesce(missing, a, 1 / 0)", 1), ("a | default(1 / 0) | default(1 / 0)", 1), ("missing | default(a) | default(1 / 0)", 1),
        ("F and 1 / 0 == 1", False), ("T or 1 / 0 == 1", True), ("1 if T else 1 / 0", 1), ("1 / 0 if F else 1", 1), ("missing and 1 / 0 == 1", False),
        ("F | default(1)", False), ("s | default(1)", ""), ("e | default(1)", []), ("0 | default(1)", 0),
    ],
)  # fmt: skip
def test_later_arguments_are_computed_only_when_needed(language: Language, expression: str, value: Any) -> None:
    assert same(language.expr(expression, PAYLOAD), value)


# failures


@pytest.mark.parametrize("expression", ["t | int | default(5)", "coalesce(t | int, 5)", "coalesce(1 / 0, 5)", "(1 / 0) | default(5)", "(t | int) is defined", "t | int == 5", "[t | int]", "{'x': t | int}", "(t + a) | default(5)", "(t < a) | default(F)", "t.x | default(5)", "t | number is number", "not (t | boolean)", "T and t | boolean"])
def test_a_failure_is_never_absence(language: Language, expression: str) -> None:
    [problem] = language.rejects(language.rule_text(block(expression)), PAYLOAD)
    assert problem.path == (None if "1 / 0" in expression else "/t")
    assert (problem.target_path or "").startswith("/x")
