
"""Section 2: rules and their heads."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import ABSENT, Language, raw, same

# what a rule is


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("a", 1), ("1", 1), ("1.5", 1.5), ("-2", -2), ("true", True), ("false", False), ("null", ABSENT), ("~", ABSENT),
        ("{from: a}", 1), ("{from: 1}", 1), ("{from: true}", True), ("{from: null}", ABSENT), ("{from: 2 + 3}", 5),
        ("{const: note}", "note"), ("\"'note'\"", "note"), ("{const: 'note'}", "note"), ("{const: [1, null, {a: null}]}", [1, None, {"a": None}]),
        ("{const: {a: {b: [true]}}}", {"a": {"b": [True]}}), ("{const: a | lower}", "a | lower"), ("{const: {from: a}}", {"from": "a"}),
        ("{const: ''}", ""), ("{const: 0}", 0), ("{const: []}", []), ("{const: {}}", {}), ("{const: null}", ABSENT), ("{const: null, nulls: keep}", None),
    ],
)  # fmt: skip
def test_a_rule_is_an_expression_a_literal_or_an_object(language: Language, rule: str, value: Any) -> None:
    assert same(language.value(raw(rule), {"a": 1}), value)


@pytest.mark.parametrize(
    "rule",
    ["[a, b]", "{}", "{note: x}", "{when: a}", "{from: a, const: 1}", "{from: a, fields: {b: b}}", "{each: a, const: 1, value: this}",
     "{list: [a], concat: [b]}", "{default: a}", "{map: {a: b}}", "{otherwise: a}", "{on_collision: drop}", "{within: a}", "{value: a}"],
)  # fmt: skip
def test_an_object_rule_has_exactly_one_head(language: Language, rule: str) -> None:
    assert language.errors(language.rule_text(raw(rule)))[0].line == 5


def test_the_error_lists_the_heads(language: Language) -> None:
    problem = language.rule_error(raw("{note: a}"))
    for head in ("from", "const", "template", "fields", "each", "list", "first_of", "concat", "choose", "use", "rest"):
        assert head in problem.message + problem.help


@pytest.mark.parametrize("text", ["''", "' '", '""', "|\n"])
def test_an_empty_expression_is_an_error(language: Language, text: str) -> None:
    language.rule_error(raw(text))


# fields


@pytest.mark.parametrize(
    ("rule", "payload", "value"),
    [
        ("{fields: {y: a, z: b}}", {"a": 1}, {"y": 1}),
        ("{fields: {y: a}}", {}, ABSENT),
        ("{fields: {}}", {}, ABSENT),
        ("{fields: {y: {fields: {z: a}}}}", {}, ABSENT),
        ("{fields: {y: {list: []}}}", {}, {"y": []}),
        ("{fields: {y.z: a}}", {}, ABSENT),
        ("{fields: {y: a, z: b}, whole: true}", {"a": 1, "b": 2}, {"y": 1, "z": 2}),
        ("{fields: {y: a, z: b}, whole: true}", {"a": 1}, ABSENT),
        ("{fields: {y: a, z: b}, whole: false}", {"a": 1}, {"y": 1}),
        ("{fields: {y: a}, within: o}", {"o": {"a": 2}, "a": 1}, {"y": 2}),
        ("{fields: {y: a}, within: o}", {"a": 1}, ABSENT),
        ("{fields: {y: {const: 1}}, within: o}", {"a": 1}, ABSENT),
        ("{fields: {y: {const: 1}}, within: o}", {"o": None}, ABSENT),
        ("{fields: {y: {const: 1}}, within: o}", {"o": {}}, {"y": 1}),
        ("{fields: {y: {const: 1}}, within: o}", {"o": 5}, {"y": 1}),
        ("{fields: {y: a, p: parent.a}, within: o.p}", {"o": {"p": {"a": 2}}, "a": 1}, {"y": 2, "p": 1}),
        ("{fields: {y: a}, within: o | first}", {"o": [{"a": 3}]}, {"y": 3}),
        ("{fields: {y: a}, within: 'o[0]'}", {"o": []}, ABSENT),
        ("{fields: {y: this}, within: \"'text'\"}", {}, {"y": "text"}),
        ("{fields: {y: a, z.w: b}, whole: true}", {"a": 1}, ABSENT),
    ],
)
def test_fields_make_an_object(language: Language, rule: str, payload: Any, value: Any) -> None:
    assert same(language.value(raw(rule), payload), value)


@pytest.mark.parametrize("text", ["fields: {x: a}\n", "fields: {}\n", "fields: {x.y: a}\n", "fields: {x: {fields: {y: a}}}\n", "let: {v: a}\nfields: {x: v}\n", "fields: {x: a}\napproximate: why\n"])
def test_fields_of_the_documents_own_root_are_never_absent(language: Language, text: str) -> None:
    assert language.convert(text, {}) == {}


@pytest.mark.parametrize(
    "text",
    [
        "from: a\n", "first_of: [a, c]\n", "concat: [a, c]\n", "choose: [{when: a, from: b}]\n", "each: a\nvalue: this\n", "template: '{{ a }}'\n",
        "const: null\n", "fields: {x: b}\nwhen: a\n", "fields: {x: b}\nwithin: a\n", "from: a\nmap: {x: y}\n", "each: b\ntake: first\nvalue: this\n",
    ],
)  # fmt: skip
def test_any_other_absent_root_rejects(language: Language, text: str) -> None:
    [problem] = language.rejects(text, {"b": []})
    assert problem.rule is not None
    assert problem.code == "CM311"


def test_an_absent_used_mapping_at_the_root_rejects(language: Language) -> None:
    project = language.of("use: item\n").mapping("a-to-b/item", "fields: {v: v}\n")
    assert project.convert({"v": 1}) == {"v": 1}
    assert [problem.code for problem in project.rejects({})] == ["CM311"]


def test_a_null_root_is_a_value_where_nulls_are_kept(language: Language) -> None:
    assert language.convert("from: a\nnulls: keep\n", {"a": None}) is None


# list, first_of, concat


@pytest.mark.parametrize(
    ("rule", "payload", "value"),
    [
        ("{list: [a, b, c]}", {"a": 1, "c": 3}, [1, 3]),
        ("{list: [a, b]}", {}, []),
        ("{list: []}", {}, []),
        ("{list: [a, {list: [a]}, {fields: {y: a}}, 1, true]}", {"a": 1}, [1, [1], {"y": 1}, 1, True]),
        ("{list: [a]}", {"a": None}, []),
        ("{list: [a]}", {"a": [None, 1]}, [[None, 1]]),
        ("{list: [{from: a, nulls: keep}]}", {"a": None}, [None]),
        ("{list: [{from: a, default: 3}, {from: a, when: false, default: 3}]}", {}, [3]),
        ("{first_of: [a, b, c]}", {"b": 2, "c": 3}, 2),
        ("{first_of: [a, b]}", {"a": None, "b": 0}, 0),
        ("{first_of: [a, b]}", {"a": False, "b": 0}, False),
        ("{first_of: [a, b]}", {"a": "", "b": 0}, ""),
        ("{first_of: [a, b]}", {"a": [], "b": 0}, []),
        ("{first_of: [a, 1 / 0]}", {"a": 1}, 1),
        ("{first_of: [a, b]}", {}, ABSENT),
        ("{first_of: [{fields: {y: a}}, {const: 2}]}", {}, 2),
        ("{first_of: [{from: a, nulls: keep}, {const: 2}]}", {"a": None}, ABSENT),
        ("{first_of: [{from: a, nulls: keep}, {const: 2}], nulls: keep}", {"a": None}, None),
        ("{concat: [a, b]}", {"a": [1], "b": [2, None]}, [1, 2, None]),
        ("{concat: [a, b]}", {"b": [2]}, [2]),
        ("{concat: [a, b]}", {"a": []}, []),
        ("{concat: [a, b]}", {}, ABSENT),
        ("{concat: [{list: [a]}, b]}", {}, []),
        ("{concat: [a, a]}", {"a": [[1]]}, [[1], [1]]),
    ],
)
def test_rules_of_several_rules(language: Language, rule: str, payload: Any, value: Any) -> None:
    assert same(language.value(raw(rule), payload), value)


@pytest.mark.parametrize("value", [1, "text", {}, True])
def test_concat_takes_arrays(language: Language, value: Any) -> None:
    [problem] = language.rule_rejects(raw("{concat: [b, a]}"), {"a": value, "b": [1]})
    assert problem.path == "/a"
    assert problem.target_path == "/x"


@pytest.mark.parametrize("head", ["list", "first_of", "concat", "choose"])
@pytest.mark.parametrize("value", ["a", "{a: b}", "1", ""])
def test_heads_of_several_rules_take_lists(language: Language, head: str, value: str) -> None:
    language.rule_error(raw(f"{{{head}: {value}}}"))


# choose


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        ({"a": True, "b": True, "v": 1}, 1),
        ({"a": False, "b": True, "v": 1}, 10),
        ({"b": True, "v": 1}, 10),
        ({"a": None, "b": False, "v": 1}, "other"),
        ({}, "other"),
        ({"a": True}, ABSENT),
    ],
)
def test_choose_takes_the_first_branch_whose_condition_holds(language: Language, payload: Any, value: Any) -> None:
    rule = raw("{choose: [{when: a, from: v}, {when: b, from: v * 10}, {otherwise: {const: other}}]}")
    assert same(language.value(rule, payload), value)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("{choose: [{when: false, from: a}]}", ABSENT),
        ("{choose: [{otherwise: a}]}", 1),
        ("{choose: [{when: true, from: a}, {when: 1 / 0 == 1, from: b}]}", 1),
        ("{choose: [{when: false, from: 1 / 0}, {otherwise: a}]}", 1),
        ("{choose: [{when: true, from: m, default: 5}, {otherwise: a}]}", 5),
        ("{choose: [{when: true, from: m}, {otherwise: a}], default: 7}", 7),
        ("{choose: [{when: v == 1, let: {v: a}, from: v}, {otherwise: {const: no}}]}", "no"),
        ("{choose: [{when: true, fields: {y: a}}]}", {"y": 1}),
        ("{choose: [{when: true, from: t, map: {x: y}}]}", "y"),
        ("{choose: [{when: true, choose: [{when: true, from: a}]}]}", 1),
    ],
)
def test_the_branches_of_choose_are_rules(language: Language, rule: str, value: Any) -> None:
    assert same(language.value(raw(rule), {"a": 1, "t": "x"}), value)


@pytest.mark.parametrize(
    "rule",
    [
        "{choose: [{otherwise: a}, {when: b, from: c}]}", "{choose: [{from: a}]}", "{choose: []}", "{choose: [a]}", "{choose: [{when: a}]}",
        "{choose: [{otherwise: a, when: b}]}", "{choose: [{otherwise: a}, {otherwise: b}]}", "{choose: [[a]]}", "{choose: [{otherwise: a, default: 1}]}",
    ],
)  # fmt: skip
def test_wrong_branches_are_errors(language: Language, rule: str) -> None:
    language.errors(language.rule_text(raw(rule)))


def test_a_condition_that_is_no_boolean_rejects(language: Language) -> None:
    [problem] = language.rule_rejects(raw("{choose: [{when: a, from: b}]}"), {"a": 1})
    assert (problem.path, problem.target_path) == ("/a", "/x")


# rest


REST = {
    "type": "object",
    "properties": {"a": {}, "o": {"$ref": "#/$defs/o"}, "l": {"items": {"properties": {"k": {}}}}},
    "$defs": {
        "o": {"allOf": [{"properties": {"p": {}}}, {"$ref": "#/$defs/q"}], "properties": {"z": {}}},
        "q": {"properties": {"q": {}}},
    },
}


@pytest.mark.parametrize(
    ("rule", "payload", "value"),
    [
        ("{rest: this}", {"a": 1, "b": 2, "o": {}, "c": None}, {"b": 2, "c": None}),
        ("{rest: this}", {"a": 1}, ABSENT),
        ("{rest: this}", {}, ABSENT),
        ("{rest: o}", {"o": {"p": 1, "q": 2, "z": 3, "r": 4}}, {"r": 4}),
        ("{rest: o}", {}, ABSENT),
        ("{rest: o, default: 5}", {"o": {"p": 1}}, 5),
        ("{rest: root}", {"b": 1}, {"b": 1}),
        ("{within: o, fields: {'*': {rest: this}}}", {"o": {"p": 1, "r": 4}, "b": 2}, {"r": 4}),
        ("{each: l, value: {rest: this}}", {"l": [{"k": 1, "m": 2}, {"k": 1}, {"n": 3}]}, [{"m": 2}, {"n": 3}]),
        ("{use: d, of: o}", {"o": {"p": 1, "r": 4}}, {"r": 4}),
        ("{rest: v}", {"o": {"p": 1, "r": 4}}, {"r": 4}),
    ],
)
def test_rest_gives_the_members_that_the_schema_does_not_declare(language: Language, rule: str, payload: Any, value: Any) -> None:
    project = language.of(f"let: {{v: o}}\ndefinitions: {{d: {{rest: this}}}}\nfields:\n  x: {rule}\n", source=REST)
    result = project.convert(payload)
    assert same(result, {} if value is ABSENT else {"x": value})


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({}, {"a": 1, "b": 2}),
        (True, {"a": 1, "b": 2}),
        ({"type": "object"}, {"a": 1, "b": 2}),
        ({"properties": {"a": {}}}, {"b": 2}),
        ({"properties": {"a": True, "b": True}}, ABSENT),
        ({"required": ["a"], "additionalProperties": {}}, {"a": 1, "b": 2}),
        ({"patternProperties": {"^a": {}}}, {"a": 1, "b": 2}),
        ({"properties": {"b": {}}, "anyOf": [{"properties": {"a": {}}}, True]}, {"a": 1}),
        ({"if": {"properties": {"a": {}}}, "then": {"properties": {"a": {}}}}, {"a": 1, "b": 2}),
        ({"allOf": [{"allOf": [{"properties": {"a": {}}}]}]}, {"b": 2}),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"$ref": "#/$defs/y"}, "y": {"properties": {"b": {}}}}}, {"a": 1}),
    ],
)
def test_only_properties_after_ref_and_all_of_declare_members(language: Language, schema: Any, value: Any) -> None:
    project = language.of("fields:\n  x: {rest: this}\n", source=schema)
    assert same(project.convert({"a": 1, "b": 2}), {} if value is ABSENT else {"x": value})


def test_rest_takes_an_object(language: Language) -> None:
    [problem] = language.of("fields:\n  x: {rest: o}\n", source=REST).rejects({"o": [1]})
    assert (problem.path, problem.target_path) == ("/o", "/x")


def test_rest_in_a_used_mapping_asks_that_mappings_source_schema(language: Language) -> None:
    project = language.of("fields: {x: {use: item, of: o}}\n", source=REST)
    project.schema("a/item", {"properties": {"q": {}}}).mapping("a-to-b/item", "rest: this\n")
    assert project.convert({"o": {"p": 1, "q": 2, "z": 3}}) == {"x": {"p": 1, "z": 3}}
