"""What an explanation says is so: its values are the conversion's, and each value of the payload is used or unused."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

import casemap
from casemap import Catalog
from casemap.analysis.explain.explanation import Explanation, TargetValue
from casemap.catalog import Route
from casemap.report.explanation_page import field_values
from tests.language.projects import Project, same
from tests.samples import ROUTES, params_of, payload, samples_of
from tests.test_composition import _Payload, schemas

CATALOG = Catalog()
CASES = [(source, target, name) for source, target in ROUTES for name in samples_of(source)]


def at(value: Any, path: str) -> Any:
    """The value at a JSON Pointer."""
    for step in path.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """The leaves of a document by their JSON Pointers."""
    if isinstance(value, dict) and value:
        steps = [(name.replace("~", "~0").replace("/", "~1"), item) for name, item in value.items()]
    elif isinstance(value, list) and value:
        steps = [(str(index), item) for index, item in enumerate(value)]
    else:
        return {path: value}
    return {below: leaf for step, item in steps for below, leaf in leaves(item, f"{path}/{step}").items()}


def check(explanation: Explanation, source: Any, result: Any) -> None:
    """Hold an explanation against the payload and the conversion's result."""
    assert same(explanation.result, result)
    assert same({field.path: field.value for field in explanation.fields}, leaves(result))
    found = [*explanation.used, *explanation.unused]
    assert len(found) == len({each.path for each in found})
    assert {each.path: each.value for each in found} == leaves(source)
    assert all(each.reason for each in explanation.unused)
    by_path = {field.path: field for field in explanation.fields}
    for used in explanation.used:
        if used.how == "carried":
            assert used.targets
        for target in used.targets:
            field = by_path[target]
            near = [*field.sources, *(() if used.how == "carried" else field.decided_by)]
            assert any(used.path == each.path or used.path.startswith(f"{each.path}/") for each in near)
    for field in explanation.fields:
        check_field(field, source)


def check_field(field: TargetValue, source: Any) -> None:
    for each in (*field.sources, *field.decided_by):
        if each.present:
            assert same(at(source, each.path), each.value)
        else:
            with pytest.raises((KeyError, IndexError, TypeError)):
                assert at(source, each.path) is not None or {}[None]  # a null counts as absent
    assert field.constant == (not field.sources and not field.params and not field.steps)
    if field.sources and not field.steps:
        assert len(field.sources) == 1
        assert same(field.sources[0].value, field.value) or isinstance(field.sources[0].value, dict | list)
    for rule in (field.rule, *(step.rule for step in field.steps), *(each.rule for each in field.fallbacks)):
        assert 1 <= rule.line <= len(Path(rule.file).read_text("utf-8").splitlines())


def outcome(convert: casemap.Converter, case: Any) -> tuple[Any, tuple[casemap.Problem, ...]]:
    """What becomes of a payload: the result, or the problems for which it is rejected."""
    try:
        return convert(case), ()
    except casemap.ConversionError as error:
        return None, error.problems


@pytest.mark.parametrize(("source", "target", "name"), CASES, ids=lambda value: value)
def test_every_route_and_sample(source: str, target: str, name: str) -> None:
    convert = CATALOG.converter(source, target, params_of(CATALOG, source, target))
    case = payload(name)
    result, problems = outcome(convert, case)
    explanation = convert.explain(case)
    assert explanation.problems == problems
    if not problems:
        check(explanation, case, result)
    assert json.loads(json.dumps(explanation.as_json()))["result"] == result


# --- what it says -------------------------------------------------------------------------------------------------

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "state": {"type": "string"},
        "secret": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "links": {
            "type": "array",
            "items": {"type": "object", "properties": {"rel": {"type": "string"}, "href": {"type": "string"}}},
        },
    },
}


def explained(folder: Path, rules: str, source: Any, **params: Any) -> Explanation:
    """The explanation of a payload by a mapping of these rules."""
    project = Project(folder).schema("a/doc", SCHEMA).mapping("a-to-b/doc", rules)
    convert = project.converter(params=params)
    explanation = convert.explain(source)
    if not explanation.problems:
        check(explanation, source, convert(source))
    return explanation


def only(explanation: Explanation, path: str) -> TargetValue:
    return next(field for field in explanation.fields if field.path == path)


def test_a_copied_value(tmp_path: Path) -> None:
    field = only(explained(tmp_path, "fields:\n  a.b: name\n", {"name": "Ada"}), "/a/b")
    assert [(each.path, each.value) for each in field.sources] == [("/name", "Ada")]
    assert (field.steps, field.fallbacks, field.constant, field.rule.line) == ((), (), False, 5)


def test_every_step_with_its_value(tmp_path: Path) -> None:
    explanation = explained(tmp_path, "fields:\n  a: name | trim | lower | truncate(3, end='')\n", {"name": " ADA-1 "})
    steps = [(step.words, step.value, step.rule.line) for step in only(explanation, "/a").steps]
    assert steps == [("trim", "ADA-1", 5), ("lower", "ada-1", 5), ("truncate(3, end='')", "ada", 5)]


def test_a_value_of_several(tmp_path: Path) -> None:
    field = only(explained(tmp_path, "fields:\n  a: name ~ '-' ~ id\n", {"name": "x", "id": "1"}), "/a")
    assert [each.path for each in field.sources] == ["/name", "/id"]
    assert [(step.words, step.value) for step in field.steps] == [("name ~ '-' ~ id", "x-1")]


def test_a_fallback_with_what_it_stands_in_for(tmp_path: Path) -> None:
    rules = "fields:\n  a:\n    first_of:\n      - name | upper\n      - {from: id, approximate: The id stands in.}\n"
    explanation = explained(tmp_path, rules, {"id": "1"})
    field = only(explanation, "/a")
    assert [each.words for each in field.fallbacks] == ["`name | upper` is absent"]
    assert [each.rule.line for each in field.fallbacks] == [8]
    assert field.approximations == ("The id stands in.",)
    assert [(each.path, each.present) for each in field.decided_by] == [("/name", False)]
    assert only(explained(tmp_path, rules, {"id": "1", "name": "x"}), "/a").fallbacks == ()


def test_the_entry_of_a_value_map_and_what_else_gives(tmp_path: Path) -> None:
    rules = "value_maps:\n  s: {on: open}\nfields:\n  a: {from: state, map: s, else: keep}\n"
    field = only(explained(tmp_path, rules, {"state": "on"}), "/a")
    assert [(step.words, step.value) for step in field.steps] == [("the value map `s`", "open")]
    kept = only(explained(tmp_path, rules, {"state": "odd"}), "/a")
    assert [each.words for each in kept.fallbacks] == ['the value map `s` has no entry for "odd": it is kept']
    assert [each.path for each in kept.sources] == ["/state"]
    rules = "fields:\n  a: {from: state, map: {on: open}, else: {const: other}}\n"
    other = only(explained(tmp_path, rules, {"state": "odd"}), "/a")
    assert other.constant
    assert [each.path for each in other.decided_by] == ["/state"]
    assert [each.words for each in other.fallbacks] == [
        'the value map has no entry for "odd": `else` says what it gives'
    ]


def test_params_and_constants(tmp_path: Path) -> None:
    rules = "params:\n  base: {type: string}\nfields:\n  a: params.base ~ '/' ~ id\n  b: {const: {x: [1]}}\n"
    explanation = explained(tmp_path, rules, {"id": "1"}, base="https://e.example")
    assert only(explanation, "/a").params == ("base",)
    assert only(explanation, "/b/x/0").constant


def test_what_decides_and_what_names(tmp_path: Path) -> None:
    rules = (
        "fields:\n  a: {from: id, when: state == 'on'}\n  b: {each: links, key: rel, value: href}\n"
        "  c: {each: links, where: rel == 'self', take: first, value: href}\n"
    )
    source = {"id": "1", "state": "on", "links": [{"rel": "up", "href": "/u"}, {"rel": "self", "href": "/s"}]}
    explanation = explained(tmp_path, rules, source)
    assert [each.path for each in only(explanation, "/a").decided_by] == ["/state"]
    assert [each.path for each in only(explanation, "/c").decided_by] == ["/links/1/rel"]
    how = {each.path: each.how for each in explanation.used}
    assert how == {
        "/id": "carried", "/state": "consulted", "/links/0/rel": "named", "/links/0/href": "carried",
        "/links/1/rel": "named", "/links/1/href": "carried",
    }  # fmt: skip


def test_why_a_value_went_nowhere(tmp_path: Path) -> None:
    rules = (
        "fields:\n  a: {each: links, where: rel == 'self', value: href}\n  b: {from: state, map: {on: open}, else: drop}\n"
        "  c: note\n  d: {first_of: [id, name]}\n  e: tags | first\nunmapped:\n  secret: It stays here.\n"
    )
    source = {
        "links": [{"rel": "up", "href": "/u"}], "state": "odd", "note": None, "secret": "s", "id": "1", "name": "Ada",
        "tags": ["x", "y"], "extra": 1,
    }  # fmt: skip
    explanation = explained(tmp_path, rules, source)
    assert {each.path: each.reason for each in explanation.unused} == {
        "/links/0/href": "Only items where `rel == 'self'` are kept.",
        "/state": 'The value map has no entry for "odd" and drops it.',
        "/note": "It is null.",
        "/secret": "It stays here.",
        "/name": "It can fill `d`, which here takes another value or none.",
        "/tags/1": "Only the first item is kept.",
        "/extra": "The schema does not describe it, and no rule reads it.",
    }


def test_a_missing_field_says_what_was_looked_at(tmp_path: Path) -> None:
    explanation = explained(tmp_path, "fields:\n  a: id\n  b: {first_of: [name, note]}\n", {"id": "1"})
    (missing,) = explanation.missing
    assert (missing.path, missing.rule.line) == ("/b", 6)
    assert [(each.path, each.present) for each in missing.looked_at] == [("/name", False), ("/note", False)]


def test_a_copied_object_is_explained_leaf_by_leaf(tmp_path: Path) -> None:
    source = {"links": [{"rel": "a/b", "href": "~"}, {}], "tags": []}
    explanation = explained(tmp_path, "fields: {a: links, b: tags, c: links | to_json}\n", source)
    assert [(field.path, [each.path for each in field.sources]) for field in explanation.fields] == [
        ("/a/0/rel", ["/links/0/rel"]), ("/a/0/href", ["/links/0/href"]), ("/a/1", ["/links/1"]), ("/b", ["/tags"]),
        ("/c", ["/links"]),
    ]  # fmt: skip


def test_the_root_can_be_any_rule(tmp_path: Path) -> None:
    explanation = explained(tmp_path, "from: name | lower\n", {"name": "ADA"})
    assert [(field.path, field.value) for field in explanation.fields] == [("", "ada")]


# --- rejected, and wrong ------------------------------------------------------------------------------------------


def test_a_rejected_payload_is_explained_as_far_as_it_goes(tmp_path: Path) -> None:
    explanation = explained(tmp_path, "fields:\n  a: id\n  b: name | int\n", {"id": "1", "name": "x"})
    assert [problem.code for problem in explanation.problems] == ["CM303"]
    assert explanation.result is None
    assert [(field.path, field.value) for field in explanation.fields] == [("/a", "1")]
    (missing,) = explanation.missing
    assert missing.path == "/b"
    assert missing.problem.startswith("CM303 int: ")


def test_a_result_that_is_not_valid_is_explained(tmp_path: Path) -> None:
    project = Project(tmp_path).schema("b/doc", {"properties": {"a": {"minLength": 3}}})
    explanation = project.mapping("a-to-b/doc", "fields: {a: id}\n").converter().explain({"id": "1"})
    assert [problem.code for problem in explanation.problems] == ["CM402"]
    assert [field.value for field in explanation.fields] == ["1"]


def test_a_payload_of_another_type_is_not_explained(tmp_path: Path) -> None:
    project = Project(tmp_path).schema("a/doc", SCHEMA).mapping("a-to-b/doc", "fields: {a: id}\n")
    with pytest.raises(casemap.ConversionError) as caught:
        project.converter().explain({"id": 1})
    assert [problem.code for problem in caught.value.problems] == ["CM401"]


def test_a_payload_that_is_nested_too_deeply(tmp_path: Path) -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    convert = Project(tmp_path).mapping("a-to-b/doc", "fields: {a: x | to_json, b: x | flatten}\n").converter()
    try:
        convert.explain({"x": deep})
    except casemap.ConversionError as error:
        assert error.problems  # noqa: PT017 - both outcomes are right


def test_one_field_of_an_explanation(tmp_path: Path) -> None:
    explanation = explained(tmp_path, "fields: {a.b: id, a.c: name, ab: name}\n", {"id": "1", "name": "x"})
    found = explanation.at("/a")
    assert [field.path for field in found.fields] == ["/a/b", "/a/c"]
    assert [each.path for each in found.used] == ["/id", "/name"]
    assert explanation.at("/nothing").fields == ()


# --- generated payloads -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", CATALOG.routes(), ids=lambda route: f"{route.source} to {route.target}")
def test_generated_payloads(route: Route) -> None:
    """Whatever a valid payload holds, its explanation is that of its conversion."""
    convert = CATALOG.converter(route.source, route.target, params_of(CATALOG, route.source, route.target))
    schema = schemas()[f"https://casemap.example/schemas/{route.source}"]
    converted = 0
    for seed in range(60):
        converted += check_generated(convert, _Payload(random.Random(seed).randrange).of(schema, schema))
        if converted == 5:
            return
    assert converted


def check_generated(convert: casemap.Converter, case: Any) -> bool:
    """Whether the payload is converted."""
    result, problems = outcome(convert, case)
    if any(problem.code == "CM401" for problem in problems):
        return False
    explanation = convert.explain(case)
    assert explanation.problems == problems
    if not problems:
        check(explanation, case, result)
        check_losses(convert, explanation, case)
    return not problems


def check_losses(convert: casemap.Converter, explanation: Explanation, case: Any) -> None:
    """What the ledger counts as lost is not explained as carried."""
    fields = [entry.steps for entry in convert.ledger.sources]
    carried = field_values([(used.place, 1) for used in explanation.used if used.how != "consulted"], fields)
    assert carried.keys().isdisjoint(convert.observe(case).lost)


@pytest.mark.parametrize(
    "value", [{1, 2}, object(), {1: 2}, b"x", float("nan")], ids=["set", "object", "key", "bytes", "nan"]
)
def test_what_is_no_json_value_is_told_and_never_a_traceback(tmp_path: Path, value: Any) -> None:
    convert = (
        Project(tmp_path).mapping("a-to-b/doc", "fields: {a: x | flatten, b: x.y, c: x ~ 'z', d: id}\n").converter()
    )
    try:
        problems = convert.explain({"x": value, "id": "1"}).problems
    except casemap.ConversionError as error:
        problems = error.problems
    assert problems


def test_a_mapping_of_many_names_that_use_each_other(tmp_path: Path) -> None:
    names = "".join(f"  n{number}: n{number - 1} ~ 'x'\n" for number in range(1, 250))
    explanation = explained(tmp_path, f"let:\n  n0: id\n{names}fields: {{a: n249}}\n", {"id": "1"})
    assert len(only(explanation, "/a").steps) == 249
