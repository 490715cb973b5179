
"""Section 3, Scope, and `use` of section 2."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import Language, check_places, raw, same


@pytest.mark.parametrize(
    ("fields", "payload", "result"),
    [
        # a bare name is a `let` name, else a member of the scope value
        ("x: {each: l, value: a}", {"a": 1, "l": [{"a": 2}, {}]}, {"x": [2]}),
        ("x: {within: o, fields: {y: a}}", {"a": 1, "o": {"b": 2}}, {}),
        ("x: {use: d, of: o}", {"a": 1, "o": {"a": 2}}, {"x": 2}),
        # this
        ("x: {each: l, value: this}", {"l": [1, "a"]}, {"x": [1, "a"]}),
        ("x: {each: l, value: this.a}", {"l": [{"a": 1}]}, {"x": [1]}),
        ("x: {within: o, fields: {y: this}}", {"o": 5}, {"x": {"y": 5}}),
        # root
        ("x: {each: l, value: root.a}", {"a": 1, "l": [{"a": 2}]}, {"x": [1]}),
        ("x: {each: l, value: {each: m, value: root.a}}", {"a": 1, "l": [{"m": [{"a": 2}]}]}, {"x": [[1]]}),
        ("x: {use: e, of: o}", {"a": 1, "o": {"a": 2}}, {"x": 1}),
        # parent
        ("x: {each: l, value: parent.a}", {"a": 1, "l": [{"a": 2}]}, {"x": [1]}),
        ("x: {each: l, value: {each: m, value: parent.a}}", {"a": 1, "l": [{"a": 2, "m": [{"a": 3}]}]}, {"x": [[2]]}),
        ("x: {each: l, value: {each: m, value: parent.parent.a}}", {"a": 1, "l": [{"a": 2, "m": [{"a": 3}]}]}, {"x": [[1]]}),
        ("x: {each: l, value: {each: m, value: parent.parent.parent}}", None, None),
        ("x: {within: o, fields: {y: parent.a}}", {"a": 1, "o": {}}, {"x": {"y": 1}}),
        ("x: {within: o.p, fields: {y: parent.a}}", {"a": 1, "o": {"a": 2, "p": {}}}, {"x": {"y": 1}}),
        ("x: {within: o, fields: {y: {within: p, fields: {z: parent.a, w: parent.parent.a}}}}", {"a": 1, "o": {"a": 2, "p": {}}}, {"x": {"y": {"z": 2, "w": 1}}}),
        ("x: {use: f, of: o}", {"a": 1, "o": {}}, {"x": 1}),
        ("x: {each: l, value: {within: o, fields: {y: parent.a, z: parent.parent.a}}}", {"a": 1, "l": [{"a": 2, "o": {}}]}, {"x": [{"y": 2, "z": 1}]}),
        ("x: {each: l, value: {fields: {y: parent.a}}}", {"a": 1, "l": [{"a": 2}]}, {"x": [{"y": 1}]}),
        # index
        ("x: {each: l, value: index}", {"l": ["a", "b"]}, {"x": [0, 1]}),
        ("x: {each: l, where: this != 'a', value: index}", {"l": ["a", "b"]}, {"x": [1]}),
        ("x: {each: l, sort_by: this, value: index}", {"l": ["b", "a"]}, {"x": [1, 0]}),
        ("x: {each: l, value: index}", {"l": ["a", None, "b"]}, {"x": [0, 2]}),
        ("x: {each: l, value: {each: m, value: index}}", {"l": [{"m": [1, 2]}, {"m": [3]}]}, {"x": [[0, 1], [0]]}),
        ("x: {each: l, value: {from: i ~ '-' ~ j, let: {i: index, j: index}}}", {"l": [1, 2]}, {"x": ["0-0", "1-1"]}),
        ("x: {each: l, value: {within: o, fields: {y: index}}}", {"l": [{"o": {}}]}, {"x": [{"y": 0}]}),
        ("x: {each: l, use: g}", {"l": [1, 2]}, {"x": [0, 1]}),
        # a member of such a name
        ("x: this.index\ny: this.parent\nz: this.root\nw: this.params\nv: this.this", {"index": 1, "parent": 2, "root": 3, "params": 4, "this": 5}, {"x": 1, "y": 2, "z": 3, "w": 4, "v": 5}),
        ("x: {each: l, value: this.index + index}", {"l": [{"index": 10}, {"index": 10}]}, {"x": [10, 11]}),
        ("x: o.parent\ny: o.index", {"o": {"parent": 1, "index": 2}}, {"x": 1, "y": 2}),
        # the source array's position also after a function
        ("x: {each: l | reverse, value: index}", {"l": ["a", "b"]}, {"x": [0, 1]}),
    ],
)  # fmt: skip
def test_what_names_mean(language: Language, fields: str, payload: Any, result: Any) -> None:
    definitions = "definitions:\n  d: a\n  e: root.a\n  f: parent.a\n  g: index\n"
    used = "".join(f"{line}\n" for line in definitions.split("\n")[:4]) + ("  g: index\n" if "use: g" in fields else "")
    text = used + "fields:\n" + "".join(f"  {line}\n" for line in fields.split("\n"))
    if payload is None:
        assert language.error(text).code == "CM214"
    else:
        assert same(language.convert(text, payload), result)


@pytest.mark.parametrize("expression", ["parent", "parent.a", "parent.parent", "index", "index + 1"])
def test_parent_and_index_need_something_around(language: Language, expression: str) -> None:
    problem = language.expr_error(expression)
    assert f"this.{expression.split('.', maxsplit=1)[0].split(' ', maxsplit=1)[0]}" in problem.message + problem.help


def test_params_are_an_object_of_their_names(language: Language) -> None:
    more = "params:\n  p: {type: string}\n  q: {type: integer}\n"
    assert language.expr("params.p ~ params['q']", {}, more, p="a", q=1) == "a1"
    assert language.expr("params[k]", {"k": "p"}, more, p="a", q=1) == "a"
    assert language.expr("params", {}, more, p="a", q=1) == {"p": "a", "q": 1}


# definitions


@pytest.mark.parametrize(
    ("text", "payload", "result"),
    [
        ("definitions: {d: {fields: {y: a}}}\nfields: {x: {use: d}, w: {use: d, of: o}, v: {use: d, of: m}}\n", {"a": 1, "o": {"a": 2}}, {"x": {"y": 1}, "w": {"y": 2}}),
        ("definitions: {d: a, e: {use: d, of: o}}\nfields: {x: {use: e}}\n", {"o": {"a": 2}}, {"x": 2}),
        ("fields: {x: {use: d}}\ndefinitions: {d: a}\n", {"a": 1}, {"x": 1}),
        ("definitions: {d: this | length}\nfields: {x: {use: d, of: a}}\n", {"a": "abc"}, {"x": 3}),
        ("definitions: {d: {each: this, value: root.a}}\nfields: {x: {use: d, of: l}}\n", {"a": 1, "l": [1, 2]}, {"x": [1, 1]}),
        ("definitions: {d: {const: 1}}\nfields: {x: {use: d, of: m}, y: {use: d, of: n}, z: {use: d, of: f}}\n", {"n": None, "f": False}, {"z": 1}),
        ("definitions: {d: a}\nfields: {x: {use: d, of: o | first}}\n", {"o": [{"a": 3}]}, {"x": 3}),
        ("definitions: {d: a}\nfields: {x: {each: l, use: d}}\n", {"l": [{"a": 1}, {}]}, {"x": [1]}),
        # in them root stays the document, and the file's let names are seen, not the user's
        ("let: {v: a}\ndefinitions: {d: v ~ root.a}\nfields: {x: {use: d, of: o}}\n", {"a": 1, "o": {"a": 2, "v": 3}}, {"x": "11"}),
        ("definitions: {d: v}\nfields: {x: {use: d, let: {v: a}}}\n", {"a": 1, "v": 5}, {"x": 5}),
        ("definitions: {d: v}\nfields: {x: {fields: {y: {use: d}}, let: {v: a}}}\n", {"a": 1}, {}),
        ("definitions: {d: {from: v, let: {v: a}}}\nfields: {x: {use: d}}\n", {"a": 1, "v": 5}, {"x": 1}),
        ("let: {v: {use: d}}\ndefinitions: {d: a}\nfields: {x: v}\n", {"a": 1}, {"x": 1}),
        # two uses of one definition are two rules
        ("definitions: {d: {each: this, value: {from: w, let: {w: this * 2}}}}\nfields: {x: {use: d, of: l}, y: {use: d, of: m}}\n", {"l": [1], "m": [2, 3]}, {"x": [2], "y": [4, 6]}),
        ("use: d\ndefinitions: {d: {fields: {y: a}}}\n", {"a": 1}, {"y": 1}),
        ("definitions: {a/b: a, no: b}\nfields: {x: {use: a/b}, y: {use: no}}\n", {"a": 1, "b": 2}, {"x": 1, "y": 2}),
    ],
)  # fmt: skip
def test_definitions(language: Language, text: str, payload: Any, result: Any) -> None:
    assert same(language.convert(text, payload), result)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("definitions: {d: {use: d}}\nfields: {x: a}\n", 4),
        ("definitions: {d: {use: d}}\nfields: {x: {use: d}}\n", 4),
        ("definitions:\n  d: {use: e}\n  e: {list: [{use: d}]}\nfields: {x: {use: d}}\n", None),
        ("definitions:\n  d: {each: this, use: d}\nfields: {x: {use: d, of: l}}\n", 5),
    ],
)
def test_definitions_are_not_recursive(language: Language, text: str, line: int | None) -> None:
    problem = language.errors(text)[0]
    assert "recursive" in problem.message
    assert line is None or problem.line == line


@pytest.mark.parametrize("text", ["definitions: [a]\nfields: {x: a}\n", "definitions: {1: a}\nfields: {x: a}\n", "definitions: {d: b b}\nfields: {x: a}\n", "definitions: {d: {frm: a}}\nfields: {x: a}\n", "definitions: {d: [a]}\nfields: {x: a}\n"])
def test_wrong_definitions_are_errors_even_where_nothing_uses_them(language: Language, text: str) -> None:
    assert language.error(text).line == 4


def test_a_problem_of_a_definition_used_twice_is_reported_once(language: Language) -> None:
    language.error("definitions: {d: b b}\nfields: {x: {use: d}, y: {use: d}}\n")


def test_a_misspelt_use_names_the_nearest(language: Language) -> None:
    problem = language.error("definitions: {person: a}\nfields: {x: {use: persn}}\n")
    assert "person" in problem.message + problem.help
    assert (problem.line, problem.column) == (5, 19)


@pytest.mark.parametrize("rule", ["{use: 1}", "{use: [a]}", "{use: }", "{use: {a: b}}", "{use: d, of: [a]}", "{use: true}", "{use: ../a}", "{use: /etc/passwd}", "{use: a-to-b/nope}", "{use: ''}"])
def test_use_takes_a_name(language: Language, rule: str) -> None:
    language.rule_error(raw(rule), "definitions: {d: a}\n")


# mappings


def test_a_neighbour_in_the_same_folder(language: Language) -> None:
    project = language.of("fields: {x: {use: item, of: o}, y: {use: item}, z: {each: l, use: item}}\n")
    project.mapping("a-to-b/item", "fields: {v: v}\n").mapping("c-to-d/item", "fields: {w: v}\n")
    assert project.convert({"v": 1, "o": {"v": 2}, "l": [{"v": 3}, {}]}) == {"x": {"v": 2}, "y": {"v": 1}, "z": [{"v": 3}]}


def test_a_mapping_at_a_path(language: Language) -> None:
    project = language.of("fields: {x: {use: c-to-d/item}}\n").mapping("c-to-d/item", "fields: {w: v}\n")
    assert project.convert({"v": 1}) == {"x": {"w": 1}}


def test_a_bundled_mapping_at_a_path(language: Language) -> None:
    project = language.of("fields: {x: {use: egain-to-common/case, of: o}}\n").with_bundled()
    parameters = project.catalog().parameters("a/doc", "b/doc")
    assert "base_url" in parameters  # its params become params of the user


@pytest.mark.parametrize("used", ["{use: item}", "{from: a}"])
def test_a_name_that_is_a_definition_and_a_neighbour_is_an_error(language: Language, used: str) -> None:
    project = language.of(f"definitions: {{item: a}}\nfields: {{x: {used}}}\n").mapping("a-to-b/item", "fields: {v: v}\n")
    problems = check_places(project.errors())
    assert all("item" in problem.message for problem in problems)


def test_a_used_mapping_sees_its_value_as_root(language: Language) -> None:
    project = language.of("fields: {x: {use: item, of: o}, y: {each: l, use: item}}\n")
    project.mapping("a-to-b/item", "fields: {r: root.v, t: {each: m, value: root.v ~ parent.v}}\n")
    payload = {"v": 1, "o": {"v": 2, "m": [0]}, "l": [{"v": 3}]}
    assert project.convert(payload) == {"x": {"r": 2, "t": ["22"]}, "y": [{"r": 3}]}


def test_a_used_mapping_sees_none_of_the_users_let_names(language: Language) -> None:
    project = language.of("let: {v: 9}\nfields: {x: {use: item, of: o, let: {w: 8}}}\n")
    project.mapping("a-to-b/item", "fields: {v: v, w: w}\n")
    assert project.convert({"o": {"v": 1}}) == {"x": {"v": 1}}


@pytest.mark.parametrize("expression", ["parent", "parent.v", "index"])
def test_a_used_mapping_has_no_outer_parent_or_index(language: Language, expression: str) -> None:
    project = language.of("fields: {x: {each: l, use: item}}\n").mapping("a-to-b/item", f"fields: {{v: {expression}}}\n")
    assert [problem.code for problem in project.errors()] == ["CM214"]


def test_a_used_mapping_brings_its_own_let_nulls_maps_and_definitions(language: Language) -> None:
    project = language.of("fields: {x: {use: item, of: o}, y: n}\nvalue_maps: {m: {a: one}}\ndefinitions: {d: {const: mine}}\n")
    project.mapping(
        "a-to-b/item",
        "nulls: keep\nlet: {w: v}\nvalue_maps: {m: {a: two}}\ndefinitions: {d: {const: its}}\nfields: {n: n, w: w, m: {from: v, map: m}, d: {use: d}}\n",
    )
    assert project.convert({"n": None, "o": {"v": "a", "n": None}}) == {"x": {"n": None, "w": "a", "m": "two", "d": "its"}}


def test_a_used_mapping_whose_fields_are_all_absent_is_absent(language: Language) -> None:
    project = language.of("fields: {x: {use: item}, y: {use: item, of: m}}\n").mapping("a-to-b/item", "fields: {v: v}\n")
    assert project.convert({}) == {}


@pytest.mark.parametrize("fields", ["{x: {use: item}, y: params.p}", "{y: params.p, x: {use: item}}"])
def test_params_of_a_used_mapping_become_params_of_the_user(language: Language, fields: str) -> None:
    project = language.of(f"fields: {fields}\n").mapping("a-to-b/item", "params: {p: {type: string}}\nfields: {v: params.p}\n")
    assert project.convert({}, p="q") == {"x": {"v": "q"}, "y": "q"}
    assert [problem.code for problem in project.errors()] == ["CM504"]
    assert [problem.code for problem in project.errors(p=1)] == ["CM506"]


def test_a_param_that_two_declare_alike_is_shared(language: Language) -> None:
    project = language.of("params: {p: {type: string, minLength: 1}}\nfields: {x: {use: item}, y: params.p}\n")
    project.mapping("a-to-b/item", "params: {p: {minLength: 1, type: string}}\nfields: {v: params.p}\n")
    assert project.convert({}, p="q") == {"x": {"v": "q"}, "y": "q"}


@pytest.mark.parametrize("other", ["{type: integer}", "{}", "{type: string, minLength: 1}"])
def test_a_param_that_two_declare_otherwise_is_an_error(language: Language, other: str) -> None:
    project = language.of(f"params: {{p: {other}}}\nfields: {{x: {{use: item}}}}\n")
    project.mapping("a-to-b/item", "params: {p: {type: string}}\nfields: {v: params.p}\n")
    assert "`p`" in check_places(project.errors())[0].message


def test_mappings_that_use_each_other_are_an_error(language: Language) -> None:
    project = language.of("fields: {x: {use: item}}\n").mapping("a-to-b/item", "fields: {v: {use: doc}}\n")
    assert check_places(project.errors())[0].code == "CM216"
    check_places(language.of("fields: {x: {use: doc}}\n").errors())
    check_places(language.of("fields: {x: {use: a-to-b/doc}}\n").errors())


def test_the_problems_of_user_and_used_are_reported_together(language: Language) -> None:
    project = language.of("fields: {x: {use: item}, y: b b}\n").mapping("a-to-b/item", "fields: {v: v v}\n")
    assert sorted((problem.file or "")[-8:] for problem in project.errors()) == ["doc.yaml", "tem.yaml"]


def test_a_bad_value_in_a_used_mapping_has_both_places(language: Language) -> None:
    project = language.of("fields:\n  x: {each: l, use: item}\n").mapping("a-to-b/item", "fields:\n  v: w | int\n")
    [problem] = project.rejects({"l": [{"w": "1"}, {"w": "no"}]})
    assert (problem.path, problem.target_path) == ("/l/1/w", "/x/1/v")
    assert problem.rule is not None
    assert (problem.rule.file.endswith("item.yaml"), problem.rule.line) == (True, 5)
