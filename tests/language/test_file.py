
"""Section 1: the file. Its YAML, its keys, its problems."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import ABSENT, HEAD, Language, raw, same

# YAML 1.2 core types, in these spellings alone


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(word, word) for word in ("no", "on", "yes", "off", "y", "n", "No", "ON", "2024-05-14", "1:30", "12:30:45")],
        *[(word, word) for word in ("True", "TRUE", "False", "Null", "NULL", "0x1F", "0o17", "0b1", "1_000", "=")],
        *[(word, word) for word in (".inf", "-.inf", ".nan", ".Inf", ".NaN", "1e", "1.e", "e1", "--1", "1-", "v1", "2024-05-14T01:02:03Z")],
        ("true", True), ("false", False),
        ("0", 0), ("1", 1), ("-1", -1), ("+1", 1), ("007", 7), ("-0", 0), ("12345678901234567890", 12345678901234567890),
        ("1.5", 1.5), ("1.0", 1.0), ("-0.5", -0.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("1.5E-1", 0.15), ("+1.5e+1", 15.0),
        ('"1"', "1"), ("'true'", "true"), ('"null"', "null"), ("''", ""), ('"~"', "~"),
    ],
)  # fmt: skip
def test_plain_scalars_have_core_types(language: Language, text: str, value: Any) -> None:
    assert same(language.value(raw(f"{{const: {text}}}"), {}), value)


@pytest.mark.parametrize("text", ["null", "~", ""])
def test_null_has_three_spellings(language: Language, text: str) -> None:
    assert language.value(raw(f"{{const: {text} }}"), {}) is ABSENT
    assert language.value(raw(f"{{const: {text} , nulls: keep}}"), {}) is None


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "1e999", "-1e999", "9" * 400 + ".0"])
def test_a_number_too_large_to_read_is_no_text(language: Language, number: str) -> None:
    assert language.errors(f"fields:\n  x: {{const: {number}}}\n")[0].line == 5


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("fields: {a: a}\nfields: {b: b}\n", 5, 1),
        ("fields:\n  a: a\n  b: b\n  a: c\n", 7, 3),
        ("fields:\n  a: {from: a, from: b}\n", 5, 16),
        ("fields:\n  a: {const: {k: 1, k: 2}}\n", 5, 21),
        ("value_maps:\n  m: {x: 1, x: 2}\nfields: {a: a}\n", 5, 13),
        ("value_maps:\n  m: {1: 1, 1.0: 2}\nfields: {a: a}\n", 5, 13),
        ("let: {v: a, v: b}\nfields: {a: a}\n", 4, 13),
        ("fields:\n  a: a\n  'a': b\n", 6, 3),
    ],
)
def test_a_duplicate_key_is_an_error(language: Language, text: str, line: int, column: int) -> None:
    problem = language.error(text)
    assert (problem.line, problem.column) == (line, column)
    assert problem.code == "CM105"


def test_a_duplicate_key_hides_no_other_problem(language: Language) -> None:
    found = language.errors("fields:\n  a: a | uper\n  b: !text b\n  b: c\n  c: (a\n")
    assert [(problem.code, problem.line) for problem in found] == [("CM204", 5), ("CM111", 6), ("CM105", 7), ("CM206", 8)]


def test_the_keys_one_and_true_and_their_texts_are_different_keys(language: Language) -> None:
    table = "value_maps:\n  m: {1: a, '1': b, true: c, 'true': d}\n"
    for value, expected in ((1, "a"), ("1", "b"), (True, "c"), ("true", "d")):
        assert language.value(raw("{from: v, map: m}"), {"v": value}, table) == expected


@pytest.mark.parametrize(
    ("text", "word", "near", "line", "column"),
    [
        ("sumary: x\nfields: {a: a}\n", "sumary", "summary", 4, 1),
        ("field: {a: a}\nfields: {a: a}\n", "field", "fields", 4, 1),
        ("fields:\n  a: {from: a, defualt: 1}\n", "defualt", "default", 5, 16),
        ("fields:\n  a: {each: a, value: this, were: b}\n", "were", "where", 5, 29),
        ("fields:\n  a:\n    from: a\n    ignorecase: true\n    map: {a: b}\n", "ignorecase", "ignore_case", 7, 5),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(
    language: Language, text: str, word: str, near: str, line: int, column: int
) -> None:
    problem = language.error(text)
    assert (problem.line, problem.column) == (line, column)
    assert word in problem.message
    assert near in problem.message + problem.help


@pytest.mark.parametrize(
    "text",
    [
        "foo: 1\nfields: {a: a}\n",
        "fields: {a: a}\nexamples: [{source: {value: 1}, target: {value: {}}, foo: 1}]\n",
        "fields: {a: {use: d, foo: 1}}\ndefinitions: {d: a}\n",
        "fields: {a: {choose: [{when: a, from: b, foo: 1}]}}\n",
        "fields: {a: {choose: [{otherwise: b, foo: 1}]}}\n",
        "fields: {a: {from: a, <<: {when: b}}}\n",
    ],
)
def test_unknown_keys_are_errors_everywhere(language: Language, text: str) -> None:
    language.errors(text)


# anchors


def test_anchors_and_aliases_are_read(language: Language) -> None:
    assert language.convert("fields:\n  a: &x {from: v, default: 2}\n  b: *x\n", {"v": 1}) == {"a": 1, "b": 1}


def test_aliases_may_expand_to_ten_thousand_nodes(language: Language) -> None:
    items = ", ".join(["x"] * 97)  # a list of 97 texts is 98 nodes
    text = f"fields:\n  a: {{const: &a [{items}]}}\n  b:\n    const: [{', '.join(['*a'] * 100)}]\n"
    assert len(language.convert(text, {})["b"]) == 100


def test_aliases_that_expand_to_more_nodes_are_an_error(language: Language) -> None:
    items = ", ".join(["x"] * 110)
    text = f"fields:\n  a: {{const: &a [{items}]}}\n  b:\n    const: [{', '.join(['*a'] * 100)}]\n"
    problem = language.error(text)
    assert problem.line == 7
    assert "10,000" in problem.message


def test_an_alias_bomb_is_an_error_at_once(language: Language) -> None:
    lines = ["params:", "  a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    assert "10,000" in language.errors("\n".join([*lines, "fields: {a: a}", ""]))[0].message


@pytest.mark.parametrize("text", ["fields: {a: *nope}\n", "fields: {a: &a {fields: {b: *a}}}\n"])
def test_an_alias_without_anchor_before_it_is_an_error(language: Language, text: str) -> None:
    assert language.error(text).line == 4


def test_merge_keys_are_no_part_of_yaml_1_2(language: Language) -> None:
    assert language.convert("fields: {'<<': a}\n", {"a": {"b": 1}}) == {"<<": {"b": 1}}


@pytest.mark.parametrize("text", ["{const: !foo x}", "{const: !!binary aGk=}", "{const: !!python/object:os.system x}", "{const: !!set {a}}"])
def test_tags_are_errors(language: Language, text: str) -> None:
    assert language.errors(language.rule_text(raw(text)))[0].line == 5


# the required keys


@pytest.mark.parametrize("version", ["", "casemap: 2\n", "casemap: '1'\n", "casemap: true\n", "casemap: one\n", "casemap: [1]\n", "casemap:\n"])
def test_the_version_is_required(language: Language, version: str) -> None:
    problem = language.error(f"{version}source: a/doc\ntarget: b/doc\nfields: {{a: a}}\n", head=False)
    assert "casemap" in problem.message
    assert problem.line == 1


@pytest.mark.parametrize("key", ["source", "target"])
@pytest.mark.parametrize("value", [None, "a/dok", "1", "[a/doc]", "{a: b}", "", "a", "true"])
def test_source_and_target_are_document_types(language: Language, key: str, value: str | None) -> None:
    lines = {"casemap": "1", "source": "a/doc", "target": "b/doc"}
    if value is None:
        del lines[key]
    else:
        lines[key] = value
    text = "".join(f"{name}: {content}\n" for name, content in lines.items()) + "fields: {a: a}\n"
    project = language.of(text, head=False)
    with pytest.raises(language.MappingError) as caught:
        project.catalog().mapping("a-to-b/doc")
    [problem] = caught.value.problems
    assert problem.line == (1 if value is None else list(lines).index(key) + 1)
    if value == "a/dok":
        assert "a/doc" in problem.message + problem.help


def test_a_misspelt_document_type_names_the_nearest(language: Language) -> None:
    project = language.of("casemap: 1\nsource: a/doc\ntarget: b/dox\nfields: {a: a}\n", head=False)
    with pytest.raises(language.MappingError) as caught:
        project.catalog().mapping("a-to-b/doc")
    assert "b/doc" in caught.value.problems[0].message


@pytest.mark.parametrize("text", ["", "casemap: 1\n", "fields: {a: a}\n", "source: [\n", "- a\n", "casemap: 1\nsource: a/doc\nfields: {a: a b}\n"])
def test_a_file_whose_types_cannot_be_read_is_reported_where_a_route_needs_it(language: Language, text: str) -> None:
    problems = language.of(text, head=False).errors()
    assert any(problem.file and problem.file.endswith("doc.yaml") and problem.line for problem in problems)


# the body is one rule


@pytest.mark.parametrize(
    ("text", "payload", "result"),
    [
        ("from: a\n", {"a": [1]}, [1]),
        ("const: {a: 1}\n", {}, {"a": 1}),
        ("each: this\nvalue: v\n", [{"v": 1}, {}], [1]),
        ("concat: [a, b]\n", {"a": [1], "b": [2]}, [1, 2]),
        ("list: [a, b]\n", {"a": 1}, [1]),
        ("first_of: [a, b]\n", {"b": 1}, 1),
        ("choose: [{when: a, from: b}, {otherwise: c}]\n", {"c": 1}, 1),
        ("template: x{{ a }}\n", {"a": 1}, "x1"),
        ("use: d\ndefinitions: {d: a}\n", {"a": 1}, 1),
        ("from: a\ndefault: b\nwhen: c\nlet: {b: d}\n", {"c": True, "d": 5}, 5),
        ("from: a\nmap: {x: y}\nelse: keep\n", {"a": 1}, 1),
        ("each: this\nkey: k\nvalue: v\n", [{"k": "a", "v": 1}], {"a": 1}),
        ("fields: {x: a}\nwithin: o\n", {"o": {"a": 1}}, {"x": 1}),
    ],
)
def test_any_head_may_be_the_body(language: Language, text: str, payload: Any, result: Any) -> None:
    assert same(language.convert(text, payload), result)


@pytest.mark.parametrize("text", ["", "summary: no rule\n", "from: a\nfields: {a: a}\n", "when: a\n", "default: a\n", "each: a\n", "value: a\n"])
def test_a_file_has_exactly_one_rule(language: Language, text: str) -> None:
    language.errors(text)


# unmapped, unset, examples, summary


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("unmapped: [a]\n", 5, 11),
        ("unmapped: {a: ''}\n", 5, 15),
        ("unmapped: {a: 1}\n", 5, 15),
        ("unmapped: {a: }\n", 5, None),
        ("unset: {a..b: x}\n", 5, None),
        ("unset: {1: x}\n", 5, 9),
        ("unset: text\n", 5, 8),
        ("summary: [x]\n", 5, 10),
        ("summary: {x: y}\n", 5, 10),
        ("examples: {}\n", 5, 11),
        ("examples: [1]\n", 5, 12),
        ("examples: [{}]\n", 5, 12),
        ("examples: [{source: {value: 1}}]\n", 5, 12),
        ("examples: [{target: {value: 1}}]\n", 5, 12),
        ("examples: [{source: {value: 1}, target: {value: 1}, reject: CM301}]\n", 5, 12),
        ("examples: [{source: 1, reject: CM301}]\n", 5, 21),
        ("examples: [{source: {}, reject: CM301}]\n", 5, 21),
        ("examples: [{source: {value: 1, file: x}, reject: CM301}]\n", 5, 21),
        ("examples: [{source: {file: 1}, reject: CM301}]\n", 5, 21),
        ("examples: [{source: {value: 1}, reject: [1]}]\n", 5, 41),
        ("examples: [{source: {value: 1}, params: [1], reject: CM301}]\n", 5, 41),
        ("examples: [{source: {value: {1: 2}}, reject: CM301}]\n", 5, 30),
    ],
)
def test_the_keys_beside_the_rule_take_what_the_language_says(
    language: Language, text: str, line: int, column: int | None
) -> None:
    problem = language.error("fields: {a: a}\n" + text)
    assert problem.line == line
    assert column is None or problem.column == column


@pytest.mark.parametrize(
    "text",
    [
        "unmapped: {a: why, b.c: why, \"['odd.key']\": why, 'd e': why}\n".replace("'d e'", "d.e"),
        "unset: {}\n",
        "examples: []\n",
        "examples: [{source: {value: {a: 1}}, target: {value: {a: 1}}}]\n",
        "examples: [{source: {value: null}, target: {value: null}}]\n",
        "examples: [{source: {value: {}}, params: {}, reject: CM301}]\n",
        "examples: [{source: {file: a.json}, target: {file: b.json}}]\n",
        "summary: A text.\n",
        "params: {}\nvalue_maps: {}\ndefinitions: {}\nlet: {}\n",
    ],
)
def test_the_keys_beside_the_rule_do_not_change_it(language: Language, text: str) -> None:
    assert language.convert("fields: {a: a}\n" + text, {"a": 1}) == {"a": 1}


# all problems at once, each with its place


def test_all_problems_of_a_file_are_reported_together(language: Language) -> None:
    text = """\
        sumary: x
        nulls: maybe
        params:
          p: {type: strin}
        value_maps:
          m: [a]
          n: {null: a}
        let:
          this: a
          ok: a ~
        definitions:
          d: b b
        unmapped:
          x: ''
        fields:
          a: {from: a, map: nope}
          b: {frm: a}
          c: a | lowr
          d: {const: 1, from: a}
          e.f: a
          e: b
          'g..h': a
          i: {each: a}
          j: {from: a, else: keep}
          k: params.q
          l: {use: e}
          m: a is defind
          n: a[1:2]
        examples:
          - {}
    """
    problems = language.errors(text)
    lines = {problem.line for problem in problems}
    assert lines == {4, 5, 7, 9, 10, 12, 13, 15, 17, *range(19, 32), 33} - {23}
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)


def test_two_problems_of_one_expression_are_both_reported(language: Language) -> None:
    problems = language.errors("fields:\n  x: (a | lowr) ~ (b | uppr)\n")
    assert [(problem.line, problem.column) for problem in problems] == [(5, 11), (5, 24)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("fields:\n  x: a | lowr\n", 5, 10),
        ("fields:\n  x: 'a | lowr'\n", 5, 11),
        ('fields:\n  x: "a | lowr"\n', 5, 11),
        ("fields:\n  é: ü | lowr\n", 5, 10),
        ("fields: {x: {from: a | lowr}}\n", 4, 24),
        ("fields:\n  x: |\n    a\n    | lowr\n", 7, 7),
        ("fields:\n  x: {template: 'a {{ a | lowr }}'}\n", 5, 27),
        ("fields:\n  x:\n    template: |\n      a\n      b {{ a | lowr }}\n", 8, 16),
        ("fields:\n  \"[k | lowr]\": a\n", 5, 9),
        ("fields:\n  x: {when: a | lowr, from: a}\n", 5, 17),
    ],
)
def test_a_problem_in_an_expression_has_its_own_place(language: Language, text: str, line: int, column: int) -> None:
    problem = language.error(text)
    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize("text", ["fields:\n  x: >-\n    a\n    | lowr\n", "fields:\n  x: a\n    | lowr\n", 'fields:\n  x: "\\u0061 | lowr"\n'])
def test_in_folded_and_escaped_scalars_the_place_is_at_least_the_scalar(language: Language, text: str) -> None:
    problem = language.error(text)
    assert problem.line in (5, 6, 7)


def test_windows_line_ends_and_a_byte_order_mark_are_read(language: Language) -> None:
    text = (HEAD + "fields:\n  x: a\n  y: a | lowr\n").replace("\n", "\r\n")
    problem = language.error(text.encode("utf-8-sig"), head=False)
    assert (problem.line, problem.column) == (6, 10)
    fine = (HEAD + "fields:\n  x: a\n").replace("\n", "\r\n").encode("utf-8-sig")
    assert language.of(fine, head=False).convert({"a": 1}) == {"x": 1}
