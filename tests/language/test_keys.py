
"""Section 2: keys under `fields`."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import Language, same

PAYLOAD = {"a": 1, "b": 2, "o": {"p": 1, "q": 2}, "l": [{"p": 1}, {"q": 2}], "k": "name", "n": None}


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ("x: a", {"x": 1}),
        ("a-b: a", {"a-b": 1}),
        ("é: a", {"é": 1}),
        ("$ref: a", {"$ref": 1}),
        ("'1': a", {"1": 1}),
        ("'true': a", {"true": 1}),
        ("no: a", {"no": 1}),
        ("this: a\nparams: b", {"this": 1, "params": 2}),
        ("from: a\nwhen: b", {"from": 1, "when": 2}),
        ("x.y: a", {"x": {"y": 1}}),
        ("x.y.z: a", {"x": {"y": {"z": 1}}}),
        ("x.y: a\nx.z: b", {"x": {"y": 1, "z": 2}}),
        ("x.y: a\nw: b\nx.z: b", {"x": {"y": 1, "z": 2}, "w": 2}),
        ("x.y.z: a\nx.y.w: b\nx.v: a", {"x": {"y": {"z": 1, "w": 2}, "v": 1}}),
        ("x.y: missing\nx.z: b", {"x": {"z": 2}}),
        ("x.y: missing", {}),
        ("\"['odd.key']\": a", {"odd.key": 1}),
        ("'[\"odd.key\"]': a", {"odd.key": 1}),
        ("\"['first name']\": a", {"first name": 1}),
        ("\"['a.b']\": a\na.b: b", {"a.b": 1, "a": {"b": 2}}),
        ("\"['']\": a", {"": 1}),
        ("\"['*']\": a", {"*": 1}),
        ("\"['[k]']\": a", {"[k]": 1}),
        ("\"['a\\\\'b']\": a", {"a'b": 1}),
        ("\"['a\\\\\\\\b']\": a", {"a\\b": 1}),
        ("\"['x'].y\": a", {"x": {"y": 1}}),
        ("\"x['y z']\": a", {"x": {"y z": 1}}),
        ("\"x['y z'].w\": a\n\"x['y z'].v\": b", {"x": {"y z": {"w": 1, "v": 2}}}),
        ("\"['x']['y']\": a", {"x": {"y": 1}}),
        ("\"[k]\": a", {"name": 1}),
        ("\"[ k ]\": a", {"name": 1}),
        ("\"[k ~ '_id']\": a", {"name_id": 1}),
        ("\"['x_' ~ k]\": a", {"x_name": 1}),
        ("\"[k | upper]\": a", {"NAME": 1}),
        ("\"[n]\": a", {}),
        ("\"[missing]\": a", {}),
        ("\"[k]\": missing", {}),
        ("'*': o", {"p": 1, "q": 2}),
        ("'*': l", {"p": 1, "q": 2}),
        ("'*': n", {}),
        ("'*': missing", {}),
        ("'*': {from: o}", {"p": 1, "q": 2}),
        ("'*': {fields: {p: a}}", {"p": 1}),
        ("'*': {each: l, value: this}", {"p": 1, "q": 2}),
        ("'*': {each: l, key: p | string, value: p}", {"1": 1}),
        ("'*': {from: missing, default: o}", {"p": 1, "q": 2}),
        ("'*': {from: o, when: false}", {}),
        ("'*': {from: o, on_collision: error}", {"p": 1, "q": 2}),
        ("'*': '[]'", {}),
        ("'*': '{}'", {}),
        ("b: a\n\"[k]\": a\n'*': o\nz: b", {"b": 1, "name": 1, "p": 1, "q": 2, "z": 2}),
        ("z: b\n'*': o\nb: a", {"z": 2, "p": 1, "q": 2, "b": 1}),
    ],
)
def test_keys_name_the_members_in_the_order_of_the_mapping(language: Language, fields: str, result: Any) -> None:
    text = "fields:\n" + "".join(f"  {line}\n" for line in fields.split("\n"))
    assert same(language.convert(text, PAYLOAD), result)


def test_spread_members_keep_their_nulls_and_their_order(language: Language) -> None:
    payload = {"o": {"z": None, "a": {"b": None}, "": 1, "a.b": 2}}
    assert same(language.convert("fields: {'*': o}\n", payload), payload["o"])


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ("a: a\na.b: b", 6), ("a.b: a\na: b", 6), ("a.b.c: a\na.b: b", 6), ("a.b: a\na.b.c: b", 6), ("\"['a']\": a\na: b", 6),
        ("\"['a'].b\": a\na.b: b", 6), ("a.b: a\n\"a['b']\": b", 6), ("a: {fields: {b: b}}\na.c: c", 6), ("a: missing\na.b: b", 6),
    ],
)  # fmt: skip
def test_declared_keys_that_overlap_are_an_error(language: Language, fields: str, line: int) -> None:
    text = "fields:\n" + "".join(f"  {text}\n" for text in fields.split("\n"))
    problem = language.error(text)
    assert (problem.line, problem.column) == (line, 3)


@pytest.mark.parametrize(
    "key",
    ["1", "1.5", "true", "null", "''", "' '", "a..b", ".a", "a.", "'[]'", "'['", "']'", "a b", "' a'", "'a '", "'a[0]'", "'a[b]'", "'*.a'", "a.*", "'**'", "'a['", "\"a'b\"",
     "\"['a'\"", "\"['a'].\"", "\"['a']b\"", "\"['a', 'b']\"", "\"[a b]\"", "\"[a | lowr]\"", "\"['\\\\q']\"", "\"[a == null]\"", "'a.[b]'"],
)  # fmt: skip
def test_keys_that_are_neither_names_nor_paths_are_errors(language: Language, key: str) -> None:
    problem = language.error(f"fields:\n  {key}: a\n")
    assert problem.line == 5


@pytest.mark.parametrize("fields", ["['odd.key']: a", "[k]: a", "{a: b}: a", "? [a]\n  : b", "? {a: b}\n  : b"])
def test_a_key_that_yaml_reads_as_a_list_or_object_is_an_error_that_says_so(language: Language, fields: str) -> None:
    problem = language.errors(f"fields:\n  {fields}\n")[0]
    assert problem.line in (5, 6)
    assert "quote" in problem.message + problem.help


@pytest.mark.parametrize("value", [1, True, [1], {"a": 1}, 1.5])
def test_a_computed_name_that_is_not_text_rejects(language: Language, value: Any) -> None:
    [problem] = language.rejects('fields:\n  "[k]": a\n', {"a": 1, "k": value})
    assert problem.path == "/k"
    assert problem.rule is not None
    assert problem.rule.line == 5


@pytest.mark.parametrize("value", [1, "text", True, [1], [{"a": 1}, 2], [None], [[{"a": 1}]], 1.5])
def test_only_objects_and_arrays_of_objects_are_spread(language: Language, value: Any) -> None:
    [problem] = language.rejects("fields: {'*': v}\n", {"v": value})
    assert (problem.path or "").startswith("/v")


# two members of one name


@pytest.mark.parametrize(
    ("fields", "payload"),
    [
        ("p: a\n'*': o", {"a": 1, "o": {"p": 2}}),
        ("'*': o\np: a", {"a": 1, "o": {"p": 2}}),
        ("p: missing\n'*': o", {"o": {"p": 2}}),
        ("'*': o\np: missing", {"o": {"p": 2}}),
        ("p.q: a\n'*': o", {"a": 1, "o": {"p": 2}}),
        ("p.q: missing\n'*': o", {"o": {"p": {}}}),
        ("'*': l", {"l": [{"p": 1}, {"p": 1}]}),
        ("p: a\n\"[k]\": b", {"a": 1, "b": 2, "k": "p"}),
        ("\"[k]\": b\np: missing", {"b": 2, "k": "p"}),
        ("\"[k]\": a\n\"[j]\": b", {"a": 1, "b": 2, "k": "p", "j": "p"}),
        ("\"[k]\": a\n'*': o", {"a": 1, "k": "p", "o": {"p": 2}}),
        ("'*': o\n\"[k]\": a", {"a": 1, "k": "p", "o": {"p": 2}}),
        ("\"['a.b']\": a\n'*': o", {"a": 1, "o": {"a.b": 2}}),
        ("p: a\n'*': {from: o, on_collision: error}", {"a": 1, "o": {"p": 2}}),
    ],
)
def test_two_members_of_one_name_reject(language: Language, fields: str, payload: Any) -> None:
    text = "fields:\n" + "".join(f"  {line}\n" for line in fields.split("\n"))
    [problem] = language.rejects(text, payload)
    assert problem.code == "CM305"
    assert problem.rule is not None


@pytest.mark.parametrize(
    ("fields", "payload", "result"),
    [
        ("p: a\n'*': {from: o, on_collision: drop}", {"a": 1, "o": {"p": 2, "q": 3}}, {"p": 1, "q": 3}),
        ("'*': {from: o, on_collision: drop}\np: a", {"a": 1, "o": {"p": 2, "q": 3}}, {"q": 3, "p": 1}),
        ("p: missing\n'*': {from: o, on_collision: drop}", {"o": {"p": 2, "q": 3}}, {"q": 3}),
        ("p.r: missing\n'*': {from: o, on_collision: drop}", {"o": {"p": 2, "q": 3}}, {"q": 3}),
        ("\"[k]\": a\n'*': {from: o, on_collision: drop}", {"a": 1, "k": "p", "o": {"p": 2, "q": 3}}, {"p": 1, "q": 3}),
        ("'*': {from: o, on_collision: drop}\n\"[k]\": a", {"a": 1, "k": "p", "o": {"p": 2, "q": 3}}, {"q": 3, "p": 1}),
        ("'*': {from: l, on_collision: drop}", {"l": [{"p": 1}, {"p": 2, "q": 3}]}, {"p": 1, "q": 3}),
        ("\"[k]\": missing\n'*': {from: o, on_collision: drop}", {"k": "p", "o": {"p": 2}}, {"p": 2}),
        ("p: missing\n\"[k]\": missing", {"k": "p"}, {}),
        ("\"[k]\": a\n\"[j]\": missing", {"a": 1, "k": "p", "j": "p"}, {"p": 1}),
    ],
)
def test_on_collision_drop_leaves_the_spread_one_out(language: Language, fields: str, payload: Any, result: Any) -> None:
    text = "fields:\n" + "".join(f"  {line}\n" for line in fields.split("\n"))
    assert same(language.convert(text, payload), result)


@pytest.mark.parametrize("fields", ["x: {from: o, on_collision: drop}", "'*': {from: o, on_collision: keep}", "'*': {from: o, on_collision: true}", "'*': {on_collision: drop}", "\"[k]\": {from: o, on_collision: drop}"])
def test_on_collision_goes_with_the_spread_key_alone(language: Language, fields: str) -> None:
    assert language.error(f"fields:\n  {fields}\n").line == 5


def test_a_spread_stands_once(language: Language) -> None:
    assert language.error("fields:\n  '*': o\n  \"*\": l\n").line == 6
