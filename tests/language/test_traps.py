
"""Section 3: the traps of YAML, which the loader knows and names. They are errors."""

from __future__ import annotations

import pytest

from .projects import Language, raw


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("fields:\n  x: a | remove_suffix(' #' ~ id)\n", 5),
        ("fields:\n  x: a ~ ' #' ~ b\n", 5),
        ("fields:\n  x: a ~ # b\n", 5),
        ("fields:\n  x: a | replace(' #1', '')\n", 5),
        ("fields:\n  x:\n    from: a ~ ' #'\n", 6),
        ("fields:\n  x: {template: a}\n  y: '{' ~ a ~ ' #'\n", 6),
    ],
)
def test_a_comment_inside_an_unquoted_expression(language: Language, text: str, line: int) -> None:
    problem = language.errors(text)[0]
    assert problem.line == line
    assert "#" in problem.message + problem.help


def test_a_comment_after_an_expression_is_a_comment(language: Language) -> None:
    assert language.convert("fields:\n  x: a | upper    # a dotted key\n  y: a # b\n", {"a": "q"}) == {"x": "Q", "y": "q"}


@pytest.mark.parametrize("text", ["'a' ~ b", '"a" ~ b', "'a' if b else 'c'", "'a' | upper", "[a, b] | first", "[a][0]", "{'a': 1} | merge(b)", "{a: b}.a", "[a] ~ b", '"a" in b', "'x'.y", "`a`", "@a", "%a", "|a", ">a", "a: b", "? a", "- a: b\n - c"])
def test_an_unquoted_expression_that_starts_with_a_quote_or_bracket(language: Language, text: str) -> None:
    problem = language.errors(f"fields:\n  w: a\n  x: {text}\n  y: b\n")[0]
    assert problem.line in (6, 7)
    assert "quote" in (problem.message + problem.help).lower()


@pytest.mark.parametrize("text", ["[a]", "[a, b]", "[]", "{}", "{a: b}", "{'a': b}", "{{ a }}"])
def test_a_list_or_object_where_an_expression_is_meant(language: Language, text: str) -> None:
    assert language.errors(f"fields:\n  x: {text}\n")[0].line == 5
    assert language.errors(f"fields:\n  x: {{from: {text}}}\n")[0].line == 5


@pytest.mark.parametrize("key", ["['odd.key']", "[k]", "['a']", '["a b"]', "[k ~ 'x']"])
def test_a_bracket_key_without_quotes(language: Language, key: str) -> None:
    problem = language.errors(f"fields:\n  {key}: a\n")[0]
    assert problem.line == 5
    assert "quote" in problem.message + problem.help


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("fields:\n  kind: 'note'\n", "note"),
        ('fields:\n  kind: "note"\n', "note"),
        ("fields:\n  kind: {from: 'note'}\n", "note"),
        ("fields:\n  kind: {from: a, default: 'note'}\n", "note"),
        ("fields:\n  kind: {from: a, when: 'open'}\n", "open"),
        ("fields:\n  kind: {first_of: [a, 'note']}\n", "note"),
        ("fields:\n  kind: {list: ['note']}\n", "note"),
        ("fields:\n  kind: {each: 'note', value: this}\n", "note"),
        ("fields:\n  kind: {choose: [{otherwise: 'note'}]}\n", "note"),
        ("definitions: {d: 'note'}\nfields: {x: {use: d}}\n", "note"),
        ("let: {v: 'note'}\nfields: {x: v}\n", "note"),
    ],
)
def test_a_path_in_quotes_that_looks_like_a_text(language: Language, text: str, name: str) -> None:
    problem = language.error(text)
    assert name in problem.message
    assert "const" in problem.help or "\"'" in problem.help


@pytest.mark.parametrize("text", ["'a.b'", "'a | upper'", "\"a['b']\"", "'this'", "'root'", "'1'", "'true'", "'a == b'", "' a | trim '"])
def test_other_quoted_expressions_are_fine(language: Language, text: str) -> None:
    language.convert(f"fields:\n  x: {text}\n", {"a": None, "b": 1})


@pytest.mark.parametrize(
    ("expression", "name"),
    [("first-name", "first-name"), ("customer.first-name", "first-name"), ("a.first-name.b", "first-name"), ("first-name | upper", "first-name"), ("first-name is defined", "first-name"), ("first-name.x | upper | lower", "first-name"), ("a ~ first-name | upper", "first-name"), ("x ~ first-name", "first-name"), ("a-b-c", "a-b"), ("this.first-name", "first-name"), ("root.first-name", "first-name"), ("first-name == 'x'", "first-name"), ("[first-name]", "first-name"), ("é-ü", "é-ü"), ("a_b-c_d", "a_b-c_d")],
)  # fmt: skip
def test_a_dash_in_a_name_is_a_subtraction(language: Language, expression: str, name: str) -> None:
    problem = language.expr_error(expression)
    assert name in problem.message
    assert "subtraction" in problem.message
    assert "['" in problem.help


@pytest.mark.parametrize(("expression", "value"), [("a - b", 2), ("a -b", 2), ("a-1", 4), ("5-b", 2), ("a - b - 1", 1), ("(a)-(b)", 2), ("l[0]-1", 0), ("'x' ~ (a - b)", "x2"), ("-b", -3), ("l[0]-b", -2)])
def test_a_subtraction_that_cannot_be_a_name_is_one(language: Language, expression: str, value: object) -> None:
    assert language.expr(expression, {"a": 5, "b": 3, "l": [1]}) == value


@pytest.mark.parametrize(
    "rule",
    ["{from: a, note: one, two}", "{from: a, note: one, two, three}", "{from: a, approximate: Yes, and no}", "{from: a, may_reject: Yes, sir}", "{const: a, b}", "{from: a, b}", "{template: a, b}", "{from: a, note: when, when}", "{from: a, note: a, map}", "{from: a | replace(x, y)}"],
)
def test_a_comma_that_splits_a_text_in_braces(language: Language, rule: str) -> None:
    problem = language.errors(language.rule_text(raw(rule)))[0]
    assert problem.line == 5
    if "replace" not in rule and ", when}" not in rule and ", map}" not in rule:
        assert "comma" in problem.message + problem.help


@pytest.mark.parametrize("text", ["fields:\n  x: {from: a, note: one: two}\n", "fields:\n  x: a: b\n", "fields:\n  x: {from: a ~ ': '}\n", "fields:\n  x: a if b == 'c: d' else e\n", "fields:\n\tx: a\n", "fields:\n  x: a\n y: b\n", "fields:\n  x: {from: a\n", "fields:\n  x: 'a\n", "fields: {x: a\n", "fields:\n  x: {from: a}}\n", "fields:\n  - x: a\n"])
def test_other_broken_yaml_has_a_place(language: Language, text: str) -> None:
    for problem in language.errors(text):
        assert 4 <= (problem.line or 0) <= 8


def test_jinja_braces_around_an_expression_are_named(language: Language) -> None:
    problem = language.expr_error("{{ a }}")
    assert "braces" in problem.message + problem.help


@pytest.mark.parametrize("rule", ["'no subject'", '"no subject"', "{from: 'no subject'}", "{from: a, default: 'no subject'}", "{first_of: [a, \"no subject\"]}"])
def test_several_words_in_one_pair_of_quotes(language: Language, rule: str) -> None:
    problem = language.error(f"fields:\n  x: {rule}\n")
    assert problem.code == "CM212"
    assert problem.column == 6 + rule.index(next(sign for sign in rule if sign in "'\""))
    assert "`{const: no subject}` or `\"'no subject'\"`" in problem.help


@pytest.mark.parametrize("text", ["'a if b else c'", "'a is defined'", "'not a'", "'a in b'", "'a and b'"])
def test_words_that_are_operators_are_no_trap(language: Language, text: str) -> None:
    language.of(f"fields:\n  x: {text}\n").converter()


def test_a_comment_inside_an_unquoted_template(language: Language) -> None:
    for comment in ("#{{ id }}", "# {% if id %}x{% endif %}", "#1 of {{ id }}"):
        problem = language.error(f"fields:\n  x:\n    template: Case {comment}\n")
        assert (problem.code, problem.line, problem.column) == ("CM212", 6, 15)
        assert "quotes" in problem.help
    assert language.convert("fields:\n  x:\n    template: Case {{ id }} # as shown\n", {"id": 5}) == {"x": "Case 5"}
    assert language.convert("fields:\n  x:\n    template: 'Case #{{ id }}'\n", {"id": 5}) == {"x": "Case #5"}
