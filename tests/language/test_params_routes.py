
"""Section 5: params, routes, records, as far as the library decides of them."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from .projects import Language, same

FIELDS = "fields: {v: v}\n"

# params


@pytest.mark.parametrize(
    ("declared", "expression", "given", "value"),
    [
        ("{p: {type: string}}", "params.p", {"p": "a"}, "a"),
        ("{p: {}}", "params.p", {"p": {"a": [1, None]}}, {"a": [1, None]}),
        ("{p: {}}", "params.p.a[1]", {"p": {"a": [1, 2]}}, 2),
        ("{p: {}}", "params['p']['a']", {"p": {"a": 1}}, 1),
        ("{p: {type: integer}}", "params.p + 1", {"p": 1}, 2),
        ("{p: {type: integer}}", "params.p", {"p": 3.0}, 3.0),
        ("{p: {type: boolean}}", "1 if params.p else 2", {"p": True}, 1),
        ("{p: {type: array}}", "params.p | first", {"p": ["a"]}, "a"),
        ("{p: {format: uri}}", "params.p", {"p": "https://a.example"}, "https://a.example"),
        ("{p: {type: 'null'}}", "params.p is none", {"p": None}, True),
        ("{p: {type: 'null'}}", "params.p | default(1)", {"p": None}, 1),
        ("{'odd name': {}}", "params['odd name']", {"odd name": 1}, 1),
        ("{p: {type: string, description: What for, default: x, examples: [a]}}", "params.p", {"p": "a"}, "a"),
    ],
)
def test_params(language: Language, declared: str, expression: str, given: dict[str, Any], value: Any) -> None:
    assert same(language.expr(expression, {}, f"params: {declared}\n", **given), value)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, ["CM504", "CM504"]), ({"s": "a"}, ["CM504"]), ({"s": "a", "n": 1, "t": 1}, ["CM505"]), ({"s": 1, "n": 1}, ["CM506"]), ({"s": "a", "n": 0}, ["CM506"]), ({"s": "a", "n": True}, ["CM506"]), ({"s": "a", "n": "1"}, ["CM506"]), ({"s": None, "n": 1}, ["CM506"]),
        ({"s": 1, "n": 0}, ["CM506", "CM506"]), ({"n": 0, "nn": 1}, ["CM504", "CM505", "CM506"]), ({"s": {1}, "n": 1}, ["CM506"]), ({"s": b"x", "n": 1}, ["CM506"]), ({"s": "a", "n": float("nan")}, ["CM506"]), ({"s": "a", "n": float("inf")}, ["CM506"]),
    ],
)  # fmt: skip
def test_a_missing_undeclared_or_invalid_param_is_an_error_before_any_record(language: Language, given: dict[str, Any], codes: list[str]) -> None:
    project = language.of("params: {s: {type: string}, n: {type: integer, minimum: 1}}\nfields: {x: params.s}\n")
    problems = project.errors(**given)
    found = sorted(problem.code for problem in problems)
    assert found == codes or (len(found) == len(codes) and "CM403" in found)


def test_an_undeclared_param_names_the_nearest(language: Language) -> None:
    project = language.of("params: {base_url: {type: string}}\nfields: {x: params.base_url}\n")
    assert "base_url" in project.errors(base_url="a", base_uri="b")[0].message
    project = language.of(FIELDS)
    assert [problem.code for problem in project.errors(base_url="a")] == ["CM505"]


@pytest.mark.parametrize("schema", ["string", "{type: strin}", "[a]", "1", "", "{minimum: a}", "{pattern: '('}", "{$ref: '#/$defs/nope'}", "{$ref: 'https://nowhere.example/x'}", "{properties: [a]}", "{required: a}"])
def test_a_param_is_declared_with_a_json_schema(language: Language, schema: str) -> None:
    problem = language.error(f"params:\n  p: {schema}\nfields: {{x: a}}\n")
    assert problem.line == 5


@pytest.mark.parametrize("expression", ["params.q", "params['q']", "params.q.p", "x ~ params.q"])
def test_an_undeclared_param_in_an_expression_is_an_error(language: Language, expression: str) -> None:
    problem = language.expr_error(expression, "params: {p: {}}\n")
    assert "`q`" in problem.message


# routes


def test_a_route_is_the_shortest(language: Language) -> None:
    project = language.project().mapping("a-to-h/doc", "fields: {w: v}\n").mapping("h-to-b/doc", "fields: {x: w}\n")
    convert = project.converter()
    assert convert.route == ("a-to-h/doc", "h-to-b/doc")
    assert convert({"v": 1}) == {"x": 1}
    project.mapping("h-to-i/doc", FIELDS).mapping("i-to-b/doc", FIELDS)
    assert project.converter().route == ("a-to-h/doc", "h-to-b/doc")


def test_a_direct_mapping_wins(language: Language) -> None:
    project = language.project().mapping("a-to-h/doc", FIELDS).mapping("h-to-b/doc", FIELDS).mapping("a-to-b/doc", "fields: {d: v}\n")
    assert project.converter().route == ("a-to-b/doc",)
    assert project.convert({"v": 1}) == {"d": 1}


def test_two_routes_of_equal_length_are_an_error_that_names_both(language: Language) -> None:
    project = language.project()
    for id in ("a-to-h/doc", "h-to-b/doc", "a-to-i/doc", "i-to-b/doc"):
        project.mapping(id, FIELDS)
    [problem] = project.errors()
    for id in ("a-to-h/doc", "h-to-b/doc", "a-to-i/doc", "i-to-b/doc"):
        assert id in problem.message
    assert "--via" in problem.message + problem.help
    assert project.converter(via="i").route == ("a-to-i/doc", "i-to-b/doc")
    assert project.converter(via="h").route == ("a-to-h/doc", "h-to-b/doc")


def test_via_chooses_a_longer_route_too(language: Language) -> None:
    project = language.project().mapping("a-to-b/doc", FIELDS).mapping("a-to-h/doc", FIELDS).mapping("h-to-b/doc", FIELDS)
    assert project.converter(via="h").route == ("a-to-h/doc", "h-to-b/doc")
    with pytest.raises(language.MappingError):
        project.converter(via="nope")


@pytest.mark.parametrize(("source", "target"), [("b/doc", "a/doc"), ("a/doc", "a/doc"), ("a/doc", "common/case"), ("egain/case", "b/doc")])
def test_no_route_is_an_error(language: Language, source: str, target: str) -> None:
    assert [problem.code for problem in language.of(FIELDS).with_bundled().errors(source, target)] == ["CM502"]


def test_to_a_format_is_the_document_type_of_the_sources_name(language: Language) -> None:
    project = language.of(FIELDS)
    assert project.converter("a/doc", "b").target == "b/doc"


@pytest.mark.parametrize("target", ["b", "c", "b/dok", "", "b/doc/x"])
def test_where_there_is_none_the_error_lists_what_there_is(language: Language, target: str) -> None:
    project = language.project().mapping("a-to-b/item", FIELDS)
    project.schema("a/doc", {})
    [problem] = project.errors("a/doc", target)
    assert "b/item" in problem.message + problem.help


def test_the_mappings_of_a_route_share_params_by_name(language: Language) -> None:
    project = language.project().mapping("a-to-h/doc", "params: {p: {type: string}}\nfields: {v: params.p}\n")
    project.mapping("h-to-b/doc", "params: {p: {type: string}, q: {}}\nfields: {v: v, w: params.p, q: params.q}\n")
    assert project.converter(params={"p": "a", "q": 1})({}) == {"v": "a", "w": "a", "q": 1}
    assert [problem.code for problem in project.errors(p="a")] == ["CM504"]


def test_two_declarations_that_differ_are_an_error(language: Language) -> None:
    project = language.project().mapping("a-to-h/doc", "params: {p: {type: string}}\nfields: {v: params.p}\n")
    project.mapping("h-to-b/doc", "params: {p: {type: integer}}\nfields: {w: params.p}\n")
    for given in ({"p": "a"}, {"p": 1}, {}):
        [problem] = project.errors(**given)
        assert "`p`" in problem.message


def test_a_projects_mapping_stands_in_place_of_a_bundled_one(language: Language) -> None:
    project = language.project().with_bundled()
    project.mapping("egain-to-common/case", "casemap: 1\nsource: egain/case\ntarget: common/case\nfields: {id: \"'P'\"}\n", head=False)
    (project.folder / "schemas").rename(project.folder / "unused")
    convert = project.converter("egain/case", "common/case")
    assert convert.route == ("egain-to-common/case",)
    assert "'P'" in convert.source_code


def test_a_projects_mapping_of_another_name_stands_in_place_of_a_bundled_one(language: Language) -> None:
    project = language.project().with_bundled()
    project.mapping("mine-to-mine/x", "casemap: 1\nsource: egain/case\ntarget: common/case\nfields: {id: \"'P'\"}\n", head=False)
    assert project.converter("egain/case", "common/case").route == ("mine-to-mine/x",)


def test_a_projects_schema_stands_in_place_of_a_bundled_one(language: Language) -> None:
    project = language.project().with_bundled().schema("egain/case", {"const": 5})
    assert project.catalog().validate(5, "egain/case") == []


# a composed route equals its mappings applied in turn


@pytest.mark.parametrize(
    ("first", "second", "payloads"),
    [
        ("fields: {w: v}\n", "fields: {x: w, y: {from: w, default: 3}}\n", [{"v": 1}, {}, {"v": None}, {"v": [None]}]),
        ("fields: {w: v}\nnulls: keep\n", "fields: {x: w is none, y: w is defined, z: {from: w, nulls: keep}}\n", [{"v": None}, {}, {"v": 1}]),
        ("fields: {o: {fields: {p: v, q: w}}}\n", "fields: {x: o.p, y: o, z: {within: o, fields: {r: parent.o.q, s: p}}}\n", [{"v": 1}, {"w": 2}, {}, {"v": {"a": None}}]),
        ("fields: {l: {each: v, fields: {k: a, n: b}}}\n", "fields: {x: {each: l, where: n > 1, value: k}, y: 'l[0].k', z: l | length}\n", [{"v": [{"a": 1, "b": 2}, {"a": 2, "b": 1}, {}]}, {"v": []}, {}, {"v": [{"b": 3}]}]),
        ("fields: {l: {each: v, sort_by: this, value: this}}\n", "fields: {x: {each: l, value: index ~ '-' ~ this}, y: {each: l, take: last, value: 'parent.l[0]'}}\n", [{"v": [3, 1, 2]}, {"v": []}]),
        ("fields: {o: {each: v, key: k, value: n}}\n", "fields: {'*': o, y: o | keys}\n", [{"v": [{"k": "a", "n": 1}, {"k": "b"}]}, {"v": []}, {}]),
        ("fields: {s: {from: v, map: {a: A, b: B}, else: keep}}\n", "fields: {t: {from: s, map: {A: x}, else: drop, default: \"'none'\"}}\n", [{"v": "a"}, {"v": "b"}, {"v": 1}, {}]),
        ("fields: {l: {list: [a, b]}}\n", "fields: {x: l, y: 'l[1]', z: {each: l, value: this}}\n", [{"a": 1}, {"b": 2}, {"a": 1, "b": 2}, {}]),
        ("fields: {'*': o, w: v}\n", "fields: {x: p, y: w, z: this}\n", [{"o": {"p": 1}, "v": 2}, {"o": {}}, {"v": 3}]),
        ("from: v\n", "fields: {x: this, y: a}\n", [{"v": {"a": 1}}, {"v": {}}]),
        ("each: this\nvalue: v\n", "fields: {x: this, y: 'this[0]', z: this | length}\n", [[{"v": 1}, {}], []]),
        ("let: {n: v | int}\nfields: {a: n, b: n + 1}\n", "fields: {x: a}\n", [{"v": "1"}]),
        ("fields: {t: {template: '{{ v }}!'}}\n", "fields: {x: t | length, y: {template: '{% for c in m %}{{ c }}{% endfor %}{{ t }}'}}\n", [{"v": 1}, {}]),
        ("choose: [{when: v is string, fields: {s: v}}, {otherwise: {fields: {n: v}}}]\n", "fields: {x: s, y: n, z: this}\n", [{"v": "a"}, {"v": 1}, {}]),
    ],
)
def test_a_composed_route_equals_its_mappings_applied_in_turn(language: Language, first: str, second: str, payloads: list[Any]) -> None:
    project = language.project().mapping("a-to-h/doc", first).mapping("h-to-b/doc", second)
    one, two, both = project.converter("a/doc", "h/doc"), project.converter("h/doc", "b/doc"), project.converter()
    for payload in payloads:
        assert same(both(payload), two(one(payload))), payload


@pytest.mark.parametrize(
    ("first", "second", "payload"),
    [
        ("fields: {w: v | int}\n", "fields: {x: {from: w, default: 3}}\n", {"v": "no"}),
        ("fields: {w: v}\n", "fields: {x: w | int}\n", {"v": "no"}),
        ("fields: {w: v}\n", "fields: {x: w.y}\n", {"v": 5}),
        ("fields: {l: {each: v, value: this}}\n", "fields: {x: {each: l, value: this | int}}\n", {"v": ["1", "no"]}),
        ("fields: {s: {from: v, map: {a: A}}}\n", "fields: {x: s}\n", {"v": "b"}),
    ],
)
def test_a_failure_on_a_route_rejects_with_the_payloads_place(language: Language, first: str, second: str, payload: Any) -> None:
    project = language.project().mapping("a-to-h/doc", first).mapping("h-to-b/doc", second)
    [problem] = project.rejects(payload)
    assert (problem.path or "").startswith("/v")
    assert (problem.target_path or "").startswith("/x")
    assert problem.rule is not None


# detection


def test_detection_takes_the_only_type_that_the_payload_is_valid_for(language: Language) -> None:
    project = language.project()
    for type, name in (("p/one", "only_in_one"), ("p/two", "only_in_two")):
        project.schema(type, {"type": "object", "required": [name], "properties": {name: {}}})
    assert project.catalog().detect({"only_in_two": 1}) == "p/two"


def test_detection_takes_the_type_that_declares_most_members(language: Language) -> None:
    project = language.project()
    project.schema("p/one", {"type": "object", "required": ["zz_a"], "properties": {"zz_a": {}, "zz_b": {}}})
    project.schema("p/two", {"type": "object", "required": ["zz_a"], "properties": {"zz_a": {}}})
    assert project.catalog().detect({"zz_a": 1, "zz_b": 1}) == "p/one"


def test_detection_that_is_ambiguous_lists_the_candidates(language: Language) -> None:
    project = language.project()
    for type in ("p/one", "p/two"):
        project.schema(type, {"type": "object", "required": ["zz_a"]})
    with pytest.raises(language.ConversionError) as caught:
        project.catalog().detect({"zz_a": 1})
    message = caught.value.problems[0].message + caught.value.problems[0].help
    assert "p/one" in message
    assert "p/two" in message
    with pytest.raises(language.ConversionError):
        project.catalog().detect(5)


def test_converters_pickle(language: Language) -> None:
    project = language.of("params: {p: {}}\nfields: {x: params.p, y: v | int}\n")
    convert = pickle.loads(pickle.dumps(project.converter(params={"p": 1})))  # noqa: S301 - our own bytes
    assert convert({"v": "2"}) == {"x": 1, "y": 2}
