
"""Section 3: the grammar of expressions, what is allowed and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import ABSENT, Language, raw, same

PAYLOAD = {
    "a": 1, "b": 2, "t": "abc", "T": True, "F": False, "n": None, "l": [1, 2, 3], "i": 1,
    "o": {"k": 1, "odd.key": 5, "first name": 6, "this": 7, "and": 8, "true": 9, "0": 10, "": 11, "a": {"b": [{"c": 12}]}},
    "none": 13, "loop": 14, "self": 15, "null": 16, "é": 17, "_x": 18, "x1": 19, "no": 20, "dict": 21, "lower": 22, "coalesce": 23,
}  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a", 1), (" a ", 1), ("a\n", 1), ("é", 17), ("_x", 18), ("x1", 19), ("no", 20), ("missing", ABSENT), ("lower", 22), ("coalesce", 23),
        ("o.k", 1), ("o['k']", 1), ('o["k"]', 1), ("o . k", 1), ("o['odd.key']", 5), ("o['first name']", 6), ("o['']", 11), ("o['0']", 10), ("o.this", 7), ("o.and", 8), ("o.true", 9),
        ("o.a.b[0].c", 12), ("o['a']['b'][0]['c']", 12), ("this['o'].k", 1), ("l[0]", 1), ("l[-1]", 3), ("l[-3]", 1), ("l[3]", ABSENT), ("l[-4]", ABSENT), ("l.0", 1), ("l[i]", 2), ("l[i + 1]", 3), ("l[0 - 1]", 3),
        ("o[t]", ABSENT), ("o['k' ~ '']", 1), ("o[missing]", ABSENT), ("missing[i]", ABSENT), ("missing.x.y", ABSENT), ("n.x", ABSENT), ("o.missing.x", ABSENT), ("l[9].x", ABSENT),
        ("this.none", 13), ("this.loop", 14), ("this.self", 15), ("this['null']", 16), ("root.o.k", 1), ("this.this", ABSENT), ("dict", 21),
        ("(a)", 1), ("((a))", 1), ("(o).k", 1), ("[o][0].k", 1), ("{'p': o}.p.k", 1), ("(o | merge({'z': 2})).z", 2), ("[1, 2][1]", 2), ("[1, 2][l[0]]", 2),
    ],
)  # fmt: skip
def test_paths(language: Language, expression: str, value: Any) -> None:
    assert same(language.expr(expression, PAYLOAD), value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1", 1), ("0", 0), ("12345678901234567890", 12345678901234567890), ("1.5", 1.5), ("1.0", 1.0), ("1e3", 1000.0), ("1.5e-3", 0.0015), ("-1", -1), ("-1.5", -1.5),
        ("true", True), ("false", False), ("null", ABSENT), ("none", ABSENT), ("'x'", "x"), ('"x"', "x"), ("''", ""), ("'it\\'s'", "it's"), ('"it\'s"', "it's"),
        ("[]", []), ("[1, 'a', true]", [1, "a", True]), ("[1,]", [1]), ("[[1], []]", [[1], []]), ("{}", {}), ("{'a': 1}", {"a": 1}), ("{'b': a, 'a': [a]}", {"b": 1, "a": [1]}), ("{'a': 1,}", {"a": 1}),
        ("{'a': {'b': {}}}", {"a": {"b": {}}}), ("{'odd key': 1, '': 2}", {"odd key": 1, "": 2}), ("[null, 1]", [1]), ("{'a': null, 'b': 1}", {"b": 1}),
    ],
)  # fmt: skip
def test_literals(language: Language, expression: str, value: Any) -> None:
    assert same(language.expr(expression, PAYLOAD), value)


# operators, with Jinja's precedence


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2", 3), ("a + b", 3), ("1 - 2", -1), ("2 * 3", 6), ("7 / 2", 3.5), ("4 / 2", 2.0), ("7 // 2", 3), ("-7 // 2", -4), ("7 // -2", -4), ("7 % 3", 1), ("-7 % 3", 2), ("7 % -3", -2),
        ("7.5 // 2", 3.0), ("7.5 % 2", 1.5), ("1 + 1.5", 2.5), ("2 * 1.0", 2.0), ("-a", -1), ("+a", 1), ("--a", 1), ("- a", -1), ("1 - -1", 2),
        ("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("7 - 2 - 1", 4), ("8 / 4 / 2", 1.0), ("8 // 3 * 3", 6), ("7 % 4 * 2", 6), ("-2 * 3", -6), ("2 * -3", -6),
        ("t ~ a", "abc1"), ("a ~ b ~ t", "12abc"), ("'a' ~ 1.0 ~ true", "a1true"), ("2 * 3 ~ 4", "64"), ("1 ~ 2 * 3", "16"), ("'x' ~ t | upper", "xABC"), ("('x' ~ t) | upper", "XABC"), ("(1 ~ 2) | int + 3", 15),
        ("-1 | abs", 1), ("-(1 | abs)", -1), ("a + b | string | int", 3), ("t | upper | lower | length", 3), ("t|upper", "ABC"),
        ("a == 1", True), ("a != 1", False), ("1 < 2", True), ("2 <= 2", True), ("2 > 2", False), ("2 >= 3", False), ("1 < 2 < 3", True), ("1 < 3 < 2", False), ("3 > 2 > 2", False), ("1 == a < b", True), ("a + 1 == b", True), ("a < b == true", False),
        ("a in l", True), ("4 in l", False), ("4 not in l", True), ("not a in l", False), ("not (a in l)", False), ("'k' in o", True), ("'z' in o", False), ("'b' in t", True), ("'x' in t", False), ("'' in t", True), ("a in [1]", True),
        ("T and F", False), ("T or F", True), ("not T", False), ("not F", True), ("not not T", True), ("T or F and F", True), ("(T or F) and F", False), ("not T or T", True), ("not F and F", False), ("not a == 2", True), ("a == 1 and b == 2", True), ("a == 2 or b == 2", True),
        ("a if T else b", 1), ("a if F else b", 2), ("a if F else b if T else t", 2), ("(a if T else b) + 1", 2), ("a + 1 if T else b", 2), ("'x' if a == 1 else 'y'", "x"), ("[a if T else b]", [1]),
        ("a is defined", True), ("a is not defined", False), ("not a is defined", False), ("a is defined and b is defined", True), ("t is string and t != ''", True), ("(a + b) is number", True), ("a | string is string", True),
        ("coalesce(missing, a)", 1), ("coalesce(missing, n, b)", 2), ("coalesce(a)", 1), ("coalesce(missing)", ABSENT), ("coalesce(missing, a) + 1", 2), ("coalesce(missing, t) | upper", "ABC"), ("missing | coalesce(n, a)", 1),
        ("a\n+ b", 3), ("a ~\n  t", "1abc"), ("t | replace('b', 'x')", "axc"), ("t | replace(new='x', old='b')", "axc"), ("t | replace('b', new='x')", "axc"), ("t | lower()", "abc"),
    ],
)  # fmt: skip
def test_operators_and_their_precedence(language: Language, expression: str, value: Any) -> None:
    assert same(language.expr(expression, PAYLOAD), value)


# what is not allowed says what to write instead


@pytest.mark.parametrize(
    ("expression", "instead"),
    [
        ("l[0:1]", "slice"), ("l[:1]", "slice"), ("l[1:]", "slice"), ("l[:]", "slice"), ("l[0:1:2]", "slice"), ("l[0:2][0]", "slice"),
        ("a ** 2", "*"), ("2 ** a", "*"),
        ("lower(t)", "t | lower|value | lower|lower"), ("t.upper()", "|"), ("a(1)", "|"), ("range(3)", "|"), ("dict(a=1)", "|"), ("namespace()", "|"), ("lipsum()", "|"), ("cycler(1)", "|"), ("joiner()", "|"),
        ("default(a, 1)", "default"), ("o.items()", "|"), ("coalesce", None),
        ("loop", "this.loop"), ("loop.index", "index"), ("self", "this.self"), ("self.x", "this.self"), ("super()", "|"), ("caller()", "|"),
        ("a if T", "else"), ("a == null", "is none"), ("null == a", "is none"), ("a == none", "is none"), ("a != null", "is not none"), ("none != a", "is not none"), ("a is null", None),
        ("t | default('x', true)", "default"), ("t | lowr", "lower"), ("a is defind", "defined"), ("a is undefined", "defined"), ("t | replace('a', 'b', cont=1)", "count"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_says_what_to_write_instead(language: Language, expression: str, instead: str | None) -> None:
    if expression == "coalesce":
        return
    problem = language.expr_error(expression)
    assert problem.line == 6
    if instead is not None:
        assert any(word in problem.message + problem.help for word in instead.split("|") if word) or instead == "|"
        assert problem.help


@pytest.mark.parametrize(("expression", "words"), [("a == null", "is none"), ("a != null", "is none"), ("none == a", "is none"), ("a or 'x'", "default"), ("'x' or a", "default"), ("a or 0", "default"), ("a or []", "default")])
def test_some_messages_name_what_to_write(language: Language, expression: str, words: str) -> None:
    message = language.expr_error(expression).message
    assert words in message or (words == "is none" and "is not none" in message)


@pytest.mark.parametrize(
    "expression",
    [
        "a(b)(c)", "t.format(a)", "'a'.join(l)", "_('x')", "gettext('x')", "(a, b)", "(a,)", "()", "a, b", "l[a, b]", "l[]", "a[", "a[0", "a]", "(a", "a)", "[a", "{'a'", "{'a': }", "{a: 1}", "{1: 2}", "{null: 2}", "{'a': 1, 'a': 2}", "{**o}", "{'a' ~ 'b': 1}",
        "a b", "a +", "+", "a ~", "~ a", "a and", "and a", "a or", "not", "a not", "a is", "a is not", "is a", "a in", "in a", "a not in", "a if", "if a", "a if b else", "else a", "a |", "| a", "a | ", "a | | b", "a | 1", "a | 'x'",
        "a.", ".a", "a..b", "a.b.", "a.'b'", "a.[0]", "a = 1", "a := 1", "a === b", "a <> b", "a =< b", "a && b", "a || b", "!a", "a ? b : c", "a; b", "a @ b", "@a", "$a", "a$", "`a`", "a\\b", "a # b", "# a", "a:b", "lambda x: x", "a -> b", "a => b", "a & b", "a ^ b", "a >> b", "a++",
        "'a", '"a', "a'", "'a' 'b'", "'a' \"b\"", "1 2", "1a", ".5", "1.", "1..2", "007", "1e", "1e999", "0x", "0xg", "0b2", "1__0", "{{ a }}", "{% if a %}", "{# a #} a", "a }}", "a {{ b }}", "*l", "**o", "t | replace(*l)", "t | replace(**o)", "coalesce(*l)", "coalesce(x=a)", "coalesce()", "coalesce(a)(b)",
        "a is even", "a is odd", "a is divisibleby(2)", "a is defined(1)", "a is sameas(b)", "a is eq(1)", "a is in(l)", "a is true", "a is mapping", "a is 1",
        "t | e", "t | safe", "t | escape", "l | list", "l | random", "t | format(a)", "o | attr('k')", "l | map('a').b", "t | lower(1)", "t | replace", "t | replace('a')", "t | replace('a', 'b', 1, 2)", "t | replace('a', 'b', old='c')", "t | replace('a', 'b', foo=1)", "t | default", "t | default()", "t | default(1, 2)", "t | coalesce(x=1)", "t | int.b", "| lower",
        "'a'.x", "'a'[0]", "1.x", "true.x", "null.x", "none['a']", "l[1.5]", "l[true]", "o[null]", "yield a", "await a", "a.b = c", "import os", "a as b", "''' a '''", "f'{a}'", "r'a'", "b'a'",
        "'\\q'", "'\\d'", "'\\8'", "'\\x4'", "'\\u12'", "'\\U0000'", "'\\N{no such name}'", "'\\N'", "'\\101'", "'\\ud800'", "'\\udc00\\ud800'", "'\\U00110000'", "'\\U0000d800'",
    ],
)  # fmt: skip
def test_whatever_is_no_expression_of_the_language_is_an_error_with_its_place(language: Language, expression: str) -> None:
    problem = language.expr_error(expression)
    assert problem.line == 6
    assert 5 <= (problem.column or 0) <= 5 + len(expression)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'\\\\d+'", "\\d+"), ("'\\n\\t\\r'", "\n\t\r"), ("'\\'\\\"'", "'\""), ("'\\x41\\u0042\\U00000043'", "ABC"), ("'\\u00e9'", "é"), ("'\\ud83d\\ude00'", "\U0001f600"), ("'\\U0001f600'", "\U0001f600"), ("'\\N{BULLET}'", "•"),
        ("'\\a\\b\\f\\v'", "\a\b\f\v"), ("'a b  c'", "a b  c"), ("'{{ a }}'", "{{ a }}"), ("'{% if %}'", "{% if %}"), ("'# no comment'", "# no comment"), ("'é\U0001f600'", "é\U0001f600"), ("'\\\\\\\\'", "\\\\"), ("'\\\\n'", "\\n"),
    ],
)  # fmt: skip
def test_escapes_of_text_literals(language: Language, expression: str, value: str) -> None:
    assert language.expr(expression, {}) == value


# steps


@pytest.mark.parametrize(
    ("expression", "payload", "path"),
    [
        ("a.b", {"a": "text"}, "/a"), ("a.b", {"a": 1}, "/a"), ("a.b", {"a": True}, "/a"), ("a.b", {"a": [1]}, "/a"), ("a.b.c", {"a": {"b": 1}}, "/a/b"),
        ("a[0]", {"a": "text"}, "/a"), ("a[0]", {"a": {}}, "/a"), ("a[0]", {"a": {"0": 1}}, "/a"), ("a[-1]", {"a": {}}, "/a"), ("a['b']", {"a": [1]}, "/a"), ("a[0].b", {"a": [1]}, "/a/0"), ("a[-1].b", {"a": [{}, 1]}, "/a/1"),
        ("a['x/y~z'].b", {"a": {"x/y~z": 1}}, "/a/x~1y~0z"),
    ],
)  # fmt: skip
def test_a_step_into_anything_else_rejects(language: Language, expression: str, payload: Any, path: str) -> None:
    assert language.expr_rejects(expression, payload).path == path


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        ({"a": [1, 2], "k": 1}, 2), ({"a": [1, 2], "k": -1}, 2), ({"a": [1, 2], "k": 5}, ABSENT), ({"a": {"x": 3}, "k": "x"}, 3), ({"a": {"x": 3}, "k": "y"}, ABSENT),
        ({"a": {"x": 3}}, ABSENT), ({"k": "x"}, ABSENT), ({"a": None, "k": "x"}, ABSENT), ({"a": {"a.b": 3}, "k": "a.b"}, 3), ({"a": {"x": None}, "k": "x"}, ABSENT),
    ],
)  # fmt: skip
def test_a_computed_step_is_a_member_or_an_index(language: Language, payload: Any, value: Any) -> None:
    assert same(language.expr("a[k]", payload), value)


@pytest.mark.parametrize("payload", [{"a": [1], "k": "0"}, {"a": {"0": 1}, "k": 0}, {"a": [1], "k": True}, {"a": {"true": 1}, "k": True}, {"a": [1], "k": 0.5}, {"a": [1], "k": [0]}, {"a": {}, "k": {}}, {"a": "text", "k": 0}, {"a": 5, "k": "x"}])
def test_a_computed_step_of_another_type_rejects(language: Language, payload: Any) -> None:
    language.expr_rejects("a[k]", payload)


def test_a_number_or_boolean_is_an_expression_anywhere(language: Language) -> None:
    assert language.value(raw("{from: a, when: true, default: 3}"), {}) == 3
    assert language.value(raw("{each: l, where: true, sort_by: 1, unique_by: 1, value: 5}"), {"l": [1, 2]}) == [5]
