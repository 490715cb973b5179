
"""Rejections and hostile input: every problem has its places, and nothing but a `CasemapError` escapes."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
import re
from typing import Any

import pytest

from casemap import CasemapError, Converter

from .projects import HEAD, Language, check_places

# the places of a rejection


@pytest.mark.parametrize(
    ("text", "payload", "expected"),
    [
        ("fields:\n  x: a | int\n", {"a": "q"}, [("/a", "/x", 5)]),
        ("fields:\n  x: a | int\n  y: b | int\n", {"a": "q", "b": "w"}, [("/a", "/x", 5), ("/b", "/y", 6)]),
        ("fields:\n  x.y: a.b | int\n", {"a": {"b": "q"}}, [("/a/b", "/x/y", 5)]),
        ("fields:\n  x:\n    each: l\n    value: this | int\n", {"l": ["1", "a", "2", "b"]}, [("/l/1", "/x/*", 7), ("/l/3", "/x/*", 7)]),
        ("fields:\n  x:\n    each: l\n    fields:\n      y: v | int\n      z: w | int\n", {"l": [{"v": "a", "w": "b"}, {"v": "1", "w": "c"}]}, [("/l/0/v", "/x/*/y", 8), ("/l/0/w", "/x/*/z", 9), ("/l/1/w", "/x/*/z", 9)]),
        ("fields:\n  x:\n    each: l\n    value:\n      each: this\n      value: this | int\n", {"l": [["1"], ["2", "a"]]}, [("/l/1/1", "/x/1/1", 9)]),
        ("fields:\n  \"['a/b~c']\": \"this['d/e~f'] | int\"\n", {"d/e~f": "q"}, [("/d~1e~0f", "/a~1b~0c", 5)]),
        ("fields:\n  x: {from: a, map: {b: c}}\n", {"a": "q"}, [("/a", "/x", 5)]),
        ("fields:\n  x: {list: [a | int, b | int]}\n", {"a": "q", "b": "w"}, [("/a", "/x/*", 5), ("/b", "/x/*", 5)]),
        ("fields:\n  x:\n    choose:\n      - when: a\n        from: b\n", {"a": 1}, [("/a", "/x", 7)]),
        ("fields:\n  x: {use: d, of: o}\ndefinitions:\n  d: v | int\n", {"o": {"v": "q"}}, [("/o/v", "/x", 7)]),
        ("fields:\n  x:\n    within: o\n    fields:\n      y: v | int\n", {"o": {"v": "q"}}, [("/o/v", "/x/y", 8)]),
        ("let:\n  n: a | int\nfields:\n  x: n\n", {"a": "q"}, [("/a", "/x", 5)]),
        ("from: a | int\n", {"a": "q"}, [("/a", "", 4)]),
        ("each: this\nvalue: v | int\n", [{"v": "1"}, {"v": "q"}], [("/1/v", "/1", 5)]),
        ("fields:\n  x: l[-1] | int\n", {"l": ["1", "q"]}, [("/l/1", "/x", 5)]),
        ("fields:\n  x: \"l[0]['k'] | int\"\n", {"l": [{"k": "q"}]}, [("/l/0/k", "/x", 5)]),
        ("fields:\n  x: {template: '{{ a | int }}'}\n", {"a": "q"}, [("/a", "/x", 5)]),
        ("fields:\n  x: {template: '{% for y in l %}{{ y | int }}{% endfor %}'}\n", {"l": ["1", "q"]}, [("/l/1", "/x", 5)]),
        ("fields:\n  x: {first_of: [m, a | int]}\n", {"a": "q"}, [("/a", "/x", 5)]),
        ("fields:\n  x: {from: m, default: a | int}\n", {"a": "q"}, [("/a", "/x", 5)]),
        ("fields:\n  x:\n    each: l\n    key: k\n    value: v | int\n", {"l": [{"k": "p", "v": "q"}]}, [("/l/0/v", "/x", 8)]),
        ("fields:\n  '*':\n    each: l\n    key: k\n    value: v | int\n", {"l": [{"k": "p", "v": "q"}]}, [("/l/0/v", "", 8)]),
        ("fields:\n  x: 1 / 0\n", {}, [(None, "/x", 5)]),
    ],
)  # fmt: skip
def test_a_rejection_has_the_payloads_path_the_targets_and_the_rules_line(language: Language, text: str, payload: Any, expected: Any) -> None:
    problems = language.rejects(text, payload)
    assert len(problems) == len(expected)
    for problem, (path, target, line) in zip(problems, expected, strict=True):
        assert (problem.path, problem.rule and problem.rule.line) == (path, line)
        # where items fail, the index of the next one in the target is not known
        assert re.fullmatch(target.replace("*", "[0-9]+"), problem.target_path or ""), problem.target_path
    for problem in problems:
        assert problem.rule is not None
        assert problem.rule.file.endswith("doc.yaml")
        assert problem.rule.column >= 1
        assert problem.message
        json.dumps(str(problem))


def test_a_payload_that_is_not_of_the_source_type(language: Language) -> None:
    project = language.of("fields:\n  x: a\n", source={"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string"}}})
    problems = project.rejects({"a": 1})
    assert {problem.code for problem in problems} == {"CM401"}
    assert {problem.path for problem in problems} == {"/a", ""}


def test_a_result_that_is_not_of_the_target_type(language: Language) -> None:
    target = {"type": "object", "properties": {"x": {"type": "string"}, "y": {"items": {"type": "integer"}}}}
    project = language.of("fields:\n  x: a\n  y: {each: l, value: v}\n", target=target)
    assert project.convert({"a": "t", "l": [{"v": 1}]}) == {"x": "t", "y": [1]}
    problems = project.rejects({"a": 1, "l": [{"v": 1}, {"v": "q"}]})
    places = [(problem.code, problem.target_path, problem.rule and problem.rule.line) for problem in problems]
    assert places == [("CM402", "/x", 5), ("CM402", "/y/1", 6)]
    assert problems[0].path == "/a"
    assert (problems[1].path or "").startswith("/l")


def test_a_required_member_that_is_absent_rejects(language: Language) -> None:
    project = language.of("fields:\n  x: a\n", target={"required": ["x"]})
    [problem] = project.rejects({})
    assert problem.code == "CM402"
    assert "`x`" in problem.message + problem.help or '"x"' in problem.message


# payloads that no JSON text gives


def deep(levels: int, kind: type) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value] if kind is list else {"a": value}
    return value


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


class Awkward:
    """An object that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError


HOSTILE: dict[str, Any] = {
    "set": {1}, "frozenset": frozenset({1}), "tuple": (1, 2), "nan": math.nan, "infinity": math.inf, "number keys": {1: 2}, "none key": {None: 1}, "tuple key": {(1, 2): 3}, "bytes": b"x", "bytearray": bytearray(b"x"),
    "deep array": deep(100_000, list), "deep object": deep(100_000, dict), "surrogate": "\ud800", "surrogate key": {"\ud800": 1}, "huge": 10**400, "more digits than Python writes": -(10**5000), "object": object(), "awkward": Awkward(), "decimal": decimal.Decimal(1), "time": dt.datetime.now(dt.UTC),
    "class of text": Text("x"), "complex": 1j, "function": len, "class": dict, "generator": (x for x in ()), "range": range(3), "nul": "\0", "nan inside": [{"a": math.nan}], "set inside": {"a": [{1}]}, "ellipsis": ...,
}  # fmt: skip

RULES: dict[str, str] = {
    "copy": "v", "string": "v | string", "equal": "v == w", "in": "v in [w]", "json": "v | to_json", "sha256": "v | sha256", "unique": "v | unique", "flatten": "v | flatten", "step": "v.a.a.a", "index": "v[0]", "computed": "root[v]", "round": "v | round(2)", "add": "v + 1", "divide": "v / 3", "less": "v < 3", "floor": "v // 7",
    "epoch": "v | datetime('epoch_ms')", "time": "v | datetime", "absent_if": "v | absent_if(w)", "int": "v | int", "number": "v | number", "float": "v | float", "boolean": "v | boolean", "entries": "v | entries", "from_entries": "v | from_entries", "merge": "v | merge(w)", "contains": "v | contains(w)", "zip": "v | zip(w)", "select": "v | select('a', w)",
    "strip": "v | strip_tags", "uuid": "v | uuid5('6ba7b811-9dad-11d1-80b4-00c04fd430c8')", "min": "v | min", "sum": "v | sum", "sort": "v | sort", "url": "v | url_join(w)", "regex": "v | regex_replace('a', 'b')", "encode": "v | url_encode", "join": "v | join(',')", "replace": "v | replace('a', 'b')", "title": "v | title", "pad": "'a' | pad(v)", "length": "v | length", "tilde": "v ~ w", "not": "not v", "list": "[v, w]", "dict": "{'a': v}", "is none": "v is none", "is integer": "v is integer", "as_list": "v | as_list", "truncate": "v | truncate(5)",
}  # fmt: skip

OBJECT_RULES = {
    "spread": "fields: {'*': v}\n", "computed key": "fields: {'[v]': {const: 1}}\n", "each": "fields: {x: {each: v, value: this}}\n", "key": "fields: {x: {each: v, key: this, value: this}}\n", "unique_by": "fields: {x: {each: v, unique_by: this, value: this}}\n", "sort_by": "fields: {x: {each: v, sort_by: this, value: this}}\n",
    "map": "fields: {x: {from: v, map: {a: b}}}\n", "map keep": "fields: {x: {from: v, map: {a: b, 1: c}, ignore_case: true, else: keep}}\n", "template": "fields: {x: {template: '{% for y in v %}{{ y }}{% endfor %}'}}\n", "root": "from: this\n", "when": "fields: {x: {from: v, when: v}}\n", "concat": "fields: {x: {concat: [v, w]}}\n", "within": "fields: {x: {within: v, fields: {a: a}}}\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def converters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Converter]:
    """A converter for each rule."""
    texts = {rule: f"fields:\n  x: |-\n    {expression}\n" for rule, expression in RULES.items()} | OBJECT_RULES
    project = Language(tmp_path_factory.mktemp("hostile")).project()
    for number, text in enumerate(texts.values()):
        project.mapping(f"a{number}-to-b{number}/doc", text)
    catalog = project.catalog()
    return {rule: catalog.converter(f"a{number}/doc", f"b{number}/doc") for number, rule in enumerate(texts)}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_payload_raises_anything_but_a_casemap_error(converters: dict[str, Converter], name: str) -> None:
    value = HOSTILE[name]
    for rule, convert in converters.items():
        for payload in ({"v": value, "w": value}, value):
            for call in (convert, convert.observe):
                try:
                    call(payload)
                except CasemapError as error:
                    assert error.problems, rule  # noqa: PT017 - likewise
                    for problem in error.problems:
                        json.dumps([str(problem), problem.message, problem.help, problem.path, problem.target_path])


# hostile files

KEYS = ["casemap", "source", "target", "summary", "params", "value_maps", "definitions", "let", "fields", "unmapped", "unset", "examples", "from", "const", "template", "each", "list", "first_of", "concat", "choose", "use", "rest", "when", "map", "else", "default", "nulls", "approximate", "may_reject", "note", "within", "whole", "value", "where", "sort_by", "descending", "unique_by", "take", "key", "repeated", "records", "of", "ignore_case"]
VALUES = [
    "", "1", "true", "[]", "{}", "[1, 2]", "{a: 1}", "{1: 2}", "{null: 1}", "text", "''", "[{}]", "{a: []}", "9" * 5000, "!foo x", "*x", '"\\ud800"', '"\\0"', "a ~", "'{% if %}'", "{a: 1, a: 2}", "{a: {type: foo}}", "{a: {$ref: '#/nope'}}", "{a.b: c, a: d}", "{'[a': 1}",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_any_value_at_any_key_gives_a_mapping_or_an_error_with_its_place(language: Language, key: str) -> None:
    heads = ("from: a", "each: a\n    value: this", "fields: {y: a}", "use: d")
    texts = []
    for value in VALUES:
        entries = {"casemap": "1", "source": "a/doc", "target": "b/doc"} | {key: value}
        body = "" if key in ("fields", "from", "const", "template", "each", "list", "first_of", "concat", "choose", "use", "rest") else "fields: {x: a}\n"
        texts.append("".join(f"{name}: {content}\n" for name, content in entries.items()) + body)
        head = heads[len(texts) % len(heads)]
        lines = "" if head.startswith(f"{key}:") else f"    {head}\n"
        texts.append(f"{HEAD}definitions: {{d: a}}\nfields:\n  x:\n    {key}: {value}\n{lines}")
    project = language.project()
    for number, text in enumerate(texts):
        project.mapping(f"a-to-b/doc{number}", text, head=False)
    project.schema("a/doc", {}).schema("b/doc", {})
    catalog = project.catalog()
    for number, text in enumerate(texts):
        try:
            catalog.mapping(f"a-to-b/doc{number}")
        except language.MappingError as error:
            for problem in check_places(error.problems):
                json.dumps(str(problem)).encode()
                assert (problem.line or 0) <= text.count("\n") + 2, (text, problem)


BROKEN: dict[str, str | bytes] = {
    "empty": "", "blank": "\n\n", "comment": "# nothing\n", "null": "~", "list": "- a\n", "text": "just text", "number": "5", "two documents": f"{HEAD}fields: {{x: a}}\n---\n{HEAD}", "tabs": "\tcasemap: 1", "colons": ":::", "binary": bytes(range(256)), "utf-16": HEAD.encode("utf-16"), "latin-1": f"{HEAD}summary: é\n".encode("latin-1"),
    "nul": f"{HEAD}summary: \0\n", "control": f"{HEAD}summary: \x07\n", "json array": "[1]", "unclosed": "{casemap: 1", "merge": "<<<<<<< HEAD\ncasemap: 1\n=======\n", "directive": "%YAML 1.1\n---\ncasemap: 1\n", "document end": "...\n", "anchor only": "&a", "alias only": "*a", "many braces": "{" * 1000, "many brackets": "[" * 100_000,
    "many dashes": "- " * 10_000, "zip": b"PK\x03\x04" + bytes(50), "half a character": f"{HEAD}summary: ".encode() + b"\xc3",
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_errors_with_their_place(language: Language, name: str) -> None:
    project = language.of(BROKEN[name], head=False)
    with pytest.raises(language.MappingError) as caught:
        project.catalog().mapping("a-to-b/doc")
    check_places(caught.value.problems)


def lines(text: str, count: int) -> str:
    return "".join(text.replace("#", str(number)) for number in range(count))


LARGE: dict[str, str] = {
    "fields": "fields:\n" + lines("  k#: a#\n", 2000),
    "broken fields": "fields:\n" + lines("  k#: a b\n", 500),
    "unknown keys": "fields: {x: a}\n" + lines("k#: a\n", 2000),
    "unknown keys of a rule": "fields:\n  x:\n    from: a\n" + lines("    k#: a\n", 500),
    "a bomb of definitions": "definitions:\n  d0: a\n" + "".join(f"  d{n}: {{list: [{{use: d{n - 1}}}, {{use: d{n - 1}}}, {{use: d{n - 1}}}]}}\n" for n in range(1, 30)) + "fields: {x: {use: d29}}\n",
    "a chain of definitions": "definitions:\n  d0: a\n" + "".join(f"  d{n}: {{use: d{n - 1}}}\n" for n in range(1, 300)) + "fields: {x: {use: d299}}\n",
    "parentheses": f"fields:\n  x: {'(' * 1000}a{')' * 1000}\n", "indexes": f"fields:\n  x: a{'[b' * 1000}{']' * 1000}\n", "not": f"fields:\n  x: {'not ' * 1000}a\n", "lists": f"fields:\n  x: '{'[' * 1000}{']' * 1000}'\n",
    "long number": f"fields:\n  x: a + {'9' * 10_000}\n", "flow": f"fields: {'{x: {fields: ' * 10_000}\n", "groups": f"fields:\n  x: a | regex_test('{'(' * 1000}')\n", "repeats": f"fields:\n  x: a | regex_test('{'(a{1000}){1000}'}')\n",
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_and_deep_files_load_or_are_errors(language: Language, name: str) -> None:
    try:
        language.of(LARGE[name]).catalog().mapping("a-to-b/doc")
    except language.MappingError as error:
        check_places(error.problems)


@pytest.mark.parametrize("count", [120])
def test_many_branches_are_no_error(language: Language, count: int) -> None:
    text = "choose:\n" + lines("  - {when: a == #, const: #}\n", count) + "  - otherwise: {const: none}\n"
    convert = language.of(text).converter()
    assert [convert({"a": number}) for number in (0, count - 1, count)] == [0, count - 1, "none"]
    convert = language.of("fields:\n  x:\n    first_of:\n" + lines("      - a#\n", count)).converter()
    assert convert({f"a{count - 1}": 1}) == {"x": 1}


@pytest.mark.parametrize(
    ("before", "after", "levels"),
    [("{each: a, fields: {a: ", "}}", 8), ("{each: a, value: ", "}", 12), ("{fields: {a: ", "}}", 20), ("{within: a, fields: {a: ", "}}", 12), ("{list: [", "]}", 15)],
)
def test_nested_rules_reject_like_others(language: Language, before: str, after: str, levels: int) -> None:
    """A payload that fails is explained at any depth at which the mapping loads."""
    convert = language.of(f"fields: {{x: {before * levels}a | int{after * levels}}}\n").converter()
    for payload in ({}, {"a": 1}, {"a": "x", "b": True}, {"a": [{"a": "x"}], "b": True}, {"a": {"a": [1]}}, {"a": []}):
        for call in (convert, convert.observe):
            try:
                call(payload)
            except language.ConversionError as error:
                assert all(problem.rule is not None for problem in error.problems)  # noqa: PT017 - not every payload rejects
