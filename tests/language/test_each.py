
"""Section 2: `each` and what goes with it."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import ABSENT, Language, raw, same

CASES = [{"k": "b", "v": 1}, {"k": "a", "v": 2}, {"v": 3}, {"k": "a", "v": 4}, {"k": None, "v": 5}]


def each(language: Language, options: str, items: Any, more: str = "", **members: Any) -> Any:
    return language.value(raw(f"{{each: l, {options}}}"), {"l": items, **members} if items is not ABSENT else members, more)


# the body


@pytest.mark.parametrize(
    ("options", "items", "value"),
    [
        ("value: v", CASES, [1, 2, 3, 4, 5]),
        ("value: k", CASES, ["b", "a", "a"]),
        ("value: this", [], []),
        ("value: this", ABSENT, ABSENT),
        ("value: this", None, ABSENT),
        ("value: v", [{}, {}], []),
        ("value: this", [1, None, 2], [1, 2]),
        ("value: this, nulls: keep", [1, None, 2], [1, None, 2]),
        ("value: {const: x}", [1, None, 2], ["x", "x"]),
        ("value: {const: x}, nulls: keep", [1, None, 2], ["x", "x", "x"]),
        ("fields: {w: v}", [{"v": 1}, {}, {"v": None}], [{"w": 1}]),
        ("fields: {w: v, k: k}, whole: true", [{"v": 1}, {"v": 1, "k": 2}], [{"w": 1, "k": 2}]),
        ("use: d", [{"v": 1}, {}], [11]),
        ("value: {each: this, value: this}", [[1, 2], [], [None]], [[1, 2], [], []]),
        ("value: {list: [this]}", [[1], 2], [[[1]], [2]]),
        ("value: {from: v, default: 0}", [{"v": 1}, {}], [1, 0]),
        ("value: {from: v, when: v > 1, default: 0}", [{"v": 1}, {"v": 2}, {}], [2]),
        ("value: {from: v, nulls: keep}", [{"v": None}, {}], [None]),
    ],
)
def test_the_body_is_computed_for_each_item(language: Language, options: str, items: Any, value: Any) -> None:
    more = "definitions: {d: v + 10}\n"
    assert same(each(language, options, items, more), value)


@pytest.mark.parametrize(
    "rule",
    [
        "{each: l}", "{each: l, value: a, fields: {b: b}}", "{each: l, value: a, use: d}", "{each: l, fields: {}, use: d}", "{each: l, from: a}",
        "{each: l, value: a, of: b}", "{each: l, value: a, within: b}", "{each: l, value: a, whole: true}", "{each: [1], value: this}", "{each: {}, value: this}",
        "{each: l, value: a, descending: true}", "{each: l, value: a, repeated: first}", "{each: l, value: a, take: first, key: k}",
        "{each: l, value: a, take: middle}", "{each: l, value: a, take: 1}", "{each: l, value: a, key: k, repeated: some}", "{each: l, value: a, records: 1}",
        "{each: l, value: a, descending: 'true', sort_by: a}", "{each: l, value: a, where: [b]}", "{each: l, value: a, sort_by: {a: b}}",
        "{each: l, value: [a]}", "{each: l, use: 1}", "{each: l, use: nope}", "{from: l, where: a}", "{from: l, take: first}", "{use: d, key: a}",
    ],
)  # fmt: skip
def test_wrong_options_are_errors(language: Language, rule: str) -> None:
    assert language.errors(language.rule_text(raw(rule), "definitions: {d: a}\n"))[0].line in (5, 6)


@pytest.mark.parametrize("value", [5, "text", {}, {"a": 1}, True, 1.5])
def test_each_takes_an_array(language: Language, value: Any) -> None:
    [problem] = language.rule_rejects(raw("{each: l, value: this}"), {"l": value})
    assert (problem.path, problem.target_path) == ("/l", "/x")
    assert "as_list" in problem.help + problem.message


# where


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ("where: v > 2, value: v", [3, 4, 5]),
        ("where: k == 'a', value: v", [2, 4]),
        ("where: missing, value: v", []),
        ("where: k is defined, value: v", [1, 2, 4]),
        ("where: not (k is defined), value: v", [3, 5]),
        ("where: k is none, value: v", [5]),
        ("where: true, value: v", [1, 2, 3, 4, 5]),
        ("where: false, value: v", []),
        ("where: index > 1, value: v", [3, 4, 5]),
        ("where: parent.limit < v, value: v", [4, 5]),
        ("where: v > 3, value: index", [3, 4]),
    ],
)
def test_where_keeps_the_items_for_which_it_is_true(language: Language, options: str, value: Any) -> None:
    assert same(each(language, options, CASES, limit=3), value)


def test_a_where_that_is_no_boolean_rejects_every_such_item(language: Language) -> None:
    problems = language.rule_rejects(raw("{each: l, where: v, value: v}"), {"l": [{"v": 1}, {"v": True}, {"v": "x"}]})
    assert [problem.path for problem in problems] == ["/l/0/v", "/l/2/v"]


def test_items_left_out_by_where_are_not_computed(language: Language) -> None:
    assert each(language, "where: v != 0, value: 6 / v", [{"v": 0}, {"v": 2}]) == [3.0]


# sort_by


@pytest.mark.parametrize(
    ("options", "items", "value"),
    [
        ("sort_by: k, value: v", CASES, [2, 4, 1, 3, 5]),
        ("sort_by: k, descending: true, value: v", CASES, [1, 2, 4, 3, 5]),
        ("sort_by: k, descending: false, value: v", CASES, [2, 4, 1, 3, 5]),
        ("sort_by: v, descending: true, value: v", CASES, [5, 4, 3, 2, 1]),
        ("sort_by: missing, value: v", CASES, [1, 2, 3, 4, 5]),
        ("sort_by: this, value: this", [3, 1.5, 2, 1], [1, 1.5, 2, 3]),
        ("sort_by: this, value: this", ["b", "B", "a", ""], ["", "B", "a", "b"]),
        ("sort_by: this, value: this", ["\U0001f600", "\ufb01", "z", "é"], ["z", "é", "\ufb01", "\U0001f600"]),
        ("sort_by: 0 - index, value: this", [1, 2, 3], [3, 2, 1]),
        ("sort_by: a, value: b", [{"a": 1, "b": 1}, {"a": 1.0, "b": 2}, {"a": 0, "b": 3}], [3, 1, 2]),
        ("sort_by: a, descending: true, value: b", [{"a": 1, "b": 1}, {"a": 1.0, "b": 2}, {"b": 4}, {"a": 2, "b": 3}], [3, 1, 2, 4]),
        ("sort_by: k, value: index", CASES, [1, 3, 0, 2, 4]),
    ],
)
def test_sort_is_stable_and_items_without_a_key_come_last(language: Language, options: str, items: Any, value: Any) -> None:
    assert same(each(language, options, items), value)


@pytest.mark.parametrize("items", [[1, "a"], ["a", 1], [True, 1], [True, False], [[1], [2]], [{}, {}], [1, None, "a"], [[1]], [True]])
def test_sort_keys_of_different_types_reject(language: Language, items: Any) -> None:
    problems = language.rule_rejects(raw("{each: l, sort_by: this, value: {const: 1}}"), {"l": items})
    assert problems[0].target_path == "/x"
    assert (problems[0].path or "").startswith("/l")


# unique_by


@pytest.mark.parametrize(
    ("options", "items", "value"),
    [
        ("unique_by: k, value: v", CASES, [1, 2, 3, 5]),
        ("unique_by: this, value: this", [1, 1.0, True, "1", 1, True], [1, True, "1"]),
        ("unique_by: this, value: this", ["a", "A", "a"], ["a", "A"]),
        ("unique_by: this, value: this", [[1], [1.0], [True], {"a": 1, "b": 2}, {"b": 2.0, "a": 1}], [[1], [True], {"a": 1, "b": 2}]),
        ("unique_by: k, value: v", [{"v": 1}, {"v": 1}, {"v": 1, "k": None}], [1, 1, 1]),
        ("unique_by: this, value: this", [0, False, 0.0, -0.0, ""], [0, False, ""]),
    ],
)
def test_unique_by_keeps_the_first_of_equal_keys(language: Language, options: str, items: Any, value: Any) -> None:
    assert same(each(language, options, items), value)


# take


@pytest.mark.parametrize(
    ("options", "items", "value"),
    [
        ("take: first, value: v", CASES, 1),
        ("take: last, value: v", CASES, 5),
        ("take: first, value: this", [], ABSENT),
        ("take: first, value: this", ABSENT, ABSENT),
        ("take: first, value: v", [{}, {"v": 1}], ABSENT),
        ("take: last, value: v", [{"v": 1}, {}], ABSENT),
        ("take: first, where: v > 1, value: v", CASES, 2),
        ("take: last, where: v > 9, value: v", CASES, ABSENT),
        ("take: first, value: v, default: 0", [], 0),
        ("take: first, value: v, map: {1: one}", CASES, "one"),
        ("take: first, fields: {w: v}", CASES, {"w": 1}),
        ("take: first, use: d", CASES, 11),
        ("take: first, value: this", [None, 1], 1),
        ("take: first, value: this, nulls: keep", [None, 1], None),
        ("take: first, value: 6 / v", [{"v": 2}, {"v": 0}], 3.0),
        ("take: last, value: index", CASES, 4),
    ],
)
def test_take_gives_one_items_value(language: Language, options: str, items: Any, value: Any) -> None:
    assert same(each(language, options, items, "definitions: {d: v + 10}\n"), value)


# the order: where, sort_by, unique_by, take, body


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ("where: b, sort_by: a, unique_by: c, take: first, value: v", 3),
        ("sort_by: a, unique_by: c, value: v", [2, 4]),
        ("unique_by: c, value: v", [1, 4]),
        ("where: b, unique_by: c, value: v", [1, 4]),
        ("where: b, sort_by: a, descending: true, unique_by: c, value: v", [4, 1]),
        ("value: v, take: last, unique_by: c, sort_by: a, where: b", 4),
        ("sort_by: a, take: first, value: v", 2),
        ("unique_by: c, take: last, value: v", 4),
    ],
)
def test_where_then_sort_then_unique_then_take_then_body(language: Language, options: str, value: Any) -> None:
    items = [
        {"a": 3, "b": True, "c": 1, "v": 1},
        {"a": 1, "b": False, "c": 1, "v": 2},
        {"a": 2, "b": True, "c": 1, "v": 3},
        {"a": 4, "b": True, "c": 2, "v": 4},
    ]
    assert same(each(language, options, items), value)


# key


@pytest.mark.parametrize(
    ("options", "items", "value"),
    [
        ("key: k, value: v, repeated: first", CASES, {"b": 1, "a": 2}),
        ("key: k, value: v, repeated: last", CASES, {"b": 1, "a": 4}),
        ("key: k, value: v, repeated: collect", CASES, {"b": [1], "a": [2, 4]}),
        ("key: k, value: v", [], {}),
        ("key: k, value: v", ABSENT, ABSENT),
        ("key: k, value: v", [{"v": 1}], {}),
        ("key: k, value: v", [{"k": "a", "v": None}, {"k": "a", "v": 1}], {"a": 1}),
        ("key: k, value: v", [{"k": "a", "v": 1}, {"k": "a"}], {"a": 1}),
        ("key: k, value: v, repeated: last", [{"k": "a", "v": 1}, {"k": "a"}], {"a": 1}),
        ("key: k, value: v, repeated: first", [{"k": "a"}, {"k": "a", "v": 1}], {"a": 1}),
        ("key: k, value: v, repeated: collect", [{"k": "a"}, {"k": "b", "v": 1}], {"b": [1]}),
        ("key: k, fields: {w: v}", [{"k": "a", "v": 1}], {"a": {"w": 1}}),
        ("key: k, use: d", [{"k": "a", "v": 1}], {"a": 11}),
        ("key: k ~ index, value: v", [{"k": "a", "v": 1}, {"k": "a", "v": 2}], {"a0": 1, "a1": 2}),
        ("key: this, value: this", ["", "a.b", "['x']", "this", "$ref"], {"": "", "a.b": "a.b", "['x']": "['x']", "this": "this", "$ref": "$ref"}),
        ("key: k, value: v, where: v > 1, sort_by: v, descending: true, repeated: first", CASES, {"a": 4}),
        ("key: k, value: v, unique_by: k", CASES, {"b": 1, "a": 2}),
        ("key: k, value: v, nulls: keep", [{"k": "a", "v": None}], {"a": None}),
        ("key: k, value: v, default: 3", ABSENT, 3),
        ("key: k, value: v, repeated: last", [{"k": "a", "v": 1}, {"k": "b", "v": 2}, {"k": "a", "v": 3}], {"a": 3, "b": 2}),
    ],
)
def test_key_gives_an_object(language: Language, options: str, items: Any, value: Any) -> None:
    assert same(each(language, options, items, "definitions: {d: v + 10}\n"), value)


@pytest.mark.parametrize("repeated", ["", ", repeated: error"])
def test_equal_keys_reject_by_default(language: Language, repeated: str) -> None:
    problems = language.rule_rejects(raw(f"{{each: l, key: k, value: v{repeated}}}"), {"l": CASES})
    assert [(problem.path, problem.target_path) for problem in problems] == [("/l/3/k", "/x")]
    assert "repeated" in problems[0].help + problems[0].message


@pytest.mark.parametrize("key", [1, True, ["a"], {"a": 1}, 1.5])
def test_a_key_that_is_not_text_rejects(language: Language, key: Any) -> None:
    [problem] = language.rule_rejects(raw("{each: l, key: k, value: v}"), {"l": [{"k": "a", "v": 1}, {"k": key, "v": 2}]})
    assert problem.path == "/l/1/k"


def test_two_bad_items_give_two_problems(language: Language) -> None:
    problems = language.rule_rejects(raw("{each: l, value: this | int}"), {"l": ["1", "x", "2", "y"]})
    assert [problem.path for problem in problems] == ["/l/1", "/l/3"]
    assert all((problem.target_path or "").startswith("/x/") for problem in problems)


# let, when, default beside each belong to the scope around it


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("{each: l, let: {y: q}, value: y}", [7, 7]),
        ("{each: y, let: {y: l}, value: q}", [1, 2]),
        ("{each: l, value: {from: y, let: {y: q}}}", [1, 2]),
        ("{each: l, when: q == 7, value: q}", [1, 2]),
        ("{each: l, when: q == 1, value: q}", ABSENT),
        ("{each: m, default: q, value: q}", 7),
        ("{each: l, let: {q: q}, value: q}", [7, 7]),
        ("{each: l, value: {fields: {a: y, b: q}, let: {y: q * 2}}}", [{"a": 2, "b": 1}, {"a": 4, "b": 2}]),
    ],
)
def test_modifiers_beside_each_see_the_scope_around_it(language: Language, rule: str, value: Any) -> None:
    assert same(language.value(raw(rule), {"q": 7, "l": [{"q": 1}, {"q": 2}]}), value)


# records


def test_the_converter_raises_for_any_record(language: Language) -> None:
    text = "fields:\n  cases: {each: l, records: true, value: v | int}\n"
    assert language.convert(text, {"l": [{"v": "1"}]}) == {"cases": [1]}
    problems = language.rejects(text, {"l": [{"v": "1"}, {"v": "x"}, {"v": "y"}]})
    assert [problem.path for problem in problems] == ["/l/1/v", "/l/2/v"]


@pytest.mark.parametrize(
    "text",
    [
        "fields:\n  x: {each: l, records: true, value: v}\n  y: {each: l, records: true, value: v}\n",
        "fields:\n  x: {each: l, records: true, value: {each: m, records: true, value: this}}\n",
    ],
)
def test_records_stands_on_one_each(language: Language, text: str) -> None:
    assert language.errors(text)[0].line == text[: text.rindex("records")].count("\n") + 4
