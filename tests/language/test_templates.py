
"""Section 2: templates."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .projects import ABSENT, Language

PAYLOAD = {"a": 1, "t": "<b>&'\"", "T": True, "F": False, "l": [1, "x"], "ln": [1, None], "o": {"k": "v"}, "n": None, "f": 2.0, "e": [], "m": [{"l": [1, 2], "k": "a"}, {"l": [3], "k": "b"}, {"k": "c"}]}


def template(language: Language, text: str, payload: Any = None) -> Any:
    """The value of a template; its text is written as JSON, so that YAML changes nothing of it."""
    return language.value({"template": text}, PAYLOAD if payload is None else payload)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""), ("plain", "plain"), ("{{ a }}", "1"), ("x{{ a }}y", "x1y"), ("{{a}}{{t}}", "1<b>&'\""), ("{{ T }}{{ F }}", "truefalse"), ("{{ f }}", "2"), ("{{ 1.5 }}", "1.5"), ("{{ 1 }}", "1"), ("{{ 1.0 }}", "1"), ("{{ true }}", "true"), ("{{ 'x' }}", "x"),
        ("{{ t }}", "<b>&'\""), ("{{ t | escape_html }}", "&lt;b&gt;&amp;&#x27;&quot;"), ("{{ a + 1 }}", "2"), ("{{ a ~ 'x' }}", "1x"), ("{{ 'y' if T else 'n' }}", "y"), ("{{ missing | default('d') }}", "d"), ("{{ o.k }}", "v"), ("{{ o['k'] | upper }}", "V"), ("{{ l | length }}", "2"), ("{{ coalesce(n, a) }}", "1"),
        ("é\u2028\t{{ a }}", "é\u2028\t1"), ("{{ '{{' }}", "{{"), ("}}", "}}"), ("%}", "%}"), ("{ a }", "{ a }"), ("# a", "# a"), ("## a", "## a"), ("a # b", "a # b"), ("{# c #}x", "x"), ("a{# {{ missing }} #}b", "ab"), ("{a}", "{a}"), ("$", "$"), ("\\n", "\\n"), ("\\{{ a }}", "\\1"),
    ],
)  # fmt: skip
def test_text_and_values(language: Language, text: str, value: str) -> None:
    assert template(language, text) == value


# absence


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ missing }}", ABSENT), ("x{{ missing }}", ABSENT), ("{{ a }}{{ n }}", ABSENT), ("{{ o.missing.x }}", ABSENT), ("{{ null }}", ABSENT), ("{{ a + missing }}", ABSENT),
        ("{% if F %}{{ missing }}{% endif %}", ""), ("{% if T %}{{ missing }}{% endif %}", ABSENT), ("{% if missing %}y{% else %}n{% endif %}", "n"), ("{% if n %}y{% endif %}", ""), ("{% if F %}{{ 1 / 0 }}{% endif %}z", "z"),
        ("{% for x in missing %}{{ x }}{% endfor %}", ""), ("a{% for x in n %}{{ x }}{% endfor %}b", "ab"), ("{% for x in e %}{{ missing }}{% endfor %}", ""), ("{% for x in l %}{{ missing }}{% endfor %}", ABSENT), ("{% for x in ln %}{{ x }}{% endfor %}", ABSENT), ("{% for x in ln %}{{ x | default('-') }}{% endfor %}", "1-"),
        ("{% for x in m %}{% for y in x.l %}{{ y }}{% endfor %};{% endfor %}", "12;3;;"),
    ],
)  # fmt: skip
def test_absent_as_soon_as_an_output_that_is_reached_is(language: Language, text: str, value: Any) -> None:
    result = template(language, text)
    assert result is value or result == value


# if and for


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{% if T %}y{% endif %}", "y"), ("{% if F %}y{% endif %}", ""), ("{% if F %}1{% elif T %}2{% else %}3{% endif %}", "2"), ("{% if F %}1{% elif F %}2{% else %}3{% endif %}", "3"), ("{% if F %}1{% elif missing %}2{% endif %}", ""),
        ("{% if T %}1{% elif 1 / 0 == 1 %}2{% endif %}", "1"), ("{% if a == 1 and not F %}y{% endif %}", "y"), ("{% if T %}{% if F %}1{% else %}2{% endif %}{% endif %}", "2"), ("{% if missing is defined %}y{% else %}n{% endif %}", "n"),
        ("{% for x in l %}{{ x }},{% endfor %}", "1,x,"), ("{% for x in [1, 2] %}{{ x * 2 }} {% endfor %}", "2 4 "), ("{% for x in l | reverse %}{{ x }}{% endfor %}", "x1"), ("{% for x in m %}{{ x.k }}{% endfor %}", "abc"),
        ("{% for x in m %}{% for x in x.l %}{{ x }}{% endfor %}{{ x.k }}{% endfor %}", "12a3bc"), ("{% for a in l %}{{ a }}{% endfor %}{{ a }}", "1x1"), ("{% for x in l %}{{ a }}{{ this.a }}{{ root.a }}{% endfor %}", "111111"),
        ("{% for x in l %}{% if x is string %}{{ x }}{% endif %}{% endfor %}", "x"), ("{% for x in l | compact %}-{% endfor %}", "--"),
    ],
)  # fmt: skip
def test_statements(language: Language, text: str, value: str) -> None:
    assert template(language, text) == value


def test_names_of_a_loop_end_with_it(language: Language) -> None:
    assert template(language, "{% for x in l %}{{ x }}{% endfor %}{{ x }}") is ABSENT


@pytest.mark.parametrize(("text", "path"), [("{{ l }}", "/l"), ("{{ o }}", "/o"), ("{% if a %}{% endif %}", "/a"), ("{% for x in a %}{% endfor %}", "/a"), ("{% for x in o %}{% endfor %}", "/o"), ("{% for x in t %}{% endfor %}", "/t"), ("{{ t | int }}", "/t"), ("{{ a.b }}", "/a"), ("{% for x in m %}{{ x.k | int }}{% endfor %}", "/m/0/k"), ("{% if F %}{% elif t %}{% endif %}", "/t")])
def test_values_that_do_not_fit_reject(language: Language, text: str, path: str) -> None:
    problems = language.rule_rejects({"template": text}, PAYLOAD)
    assert problems[0].path == path
    assert problems[0].target_path == "/x"


@pytest.mark.parametrize("text", ["{{ [1] }}", "{{ {'a': 1} }}", "{{ [] }}"])
def test_arrays_and_objects_are_no_text(language: Language, text: str) -> None:
    project = language.of(language.rule_text({"template": text}))
    with pytest.raises((language.MappingError, language.ConversionError)):
        project.convert({})


# white space as Jinja's defaults, but the last newline stays


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a\n", "a\n"), ("a\n\n", "a\n\n"), ("\na", "\na"), ("{{ a }}\n", "1\n"), ("{% if T %}\nx\n{% endif %}\n", "\nx\n\n"), ("  {% if T %}x{% endif %}  ", "  x  "), ("{% for x in l %}\n- {{ x }}\n{% endfor %}\n", "\n- 1\n\n- x\n\n"),
        ("a {{- a -}} b", "a1b"), ("a  {%- if T -%}  x  {%- endif -%}  b", "axb"), ("a {#- c -#} b", "ab"), ("{%+ if T %}x{% endif %}", "x"), ("{% if T +%}\nx{% endif %}", "\nx"), ("\n\n{{- a }}", "1"), ("{{ a -}}\n\n", "1"), (" ", " "), ("\n", "\n"), ("\t{{ a }}\t", "\t1\t"),
    ],
)  # fmt: skip
def test_white_space(language: Language, text: str, value: str) -> None:
    assert template(language, text) == value


def test_block_scalars_of_yaml(language: Language) -> None:
    assert language.convert("fields:\n  x:\n    template: |\n      A {{ a }}\n      B\n", {"a": 1}) == {"x": "A 1\nB\n"}
    assert language.convert("fields:\n  x:\n    template: |-\n      A {{ a }}\n      # B\n", {"a": 1}) == {"x": "A 1\n# B"}
    assert language.convert("fields:\n  x:\n    template: >-\n      A {{ a }}\n      B\n", {"a": 1}) == {"x": "A 1 B"}


# what is not allowed


@pytest.mark.parametrize(
    "text",
    [
        "{% set y = 1 %}", "{% set y %}a{% endset %}", "{% macro m() %}{% endmacro %}", "{% include 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}", "{% extends 'x' %}", "{% block b %}{% endblock %}", "{% call m() %}{% endcall %}", "{% filter upper %}x{% endfilter %}",
        "{% raw %}{{ x }}{% endraw %}", "{% with y = 1 %}{% endwith %}", "{% autoescape true %}x{% endautoescape %}", "{% do a %}", "{% break %}", "{% continue %}", "{% trans %}x{% endtrans %}", "{% debug %}", "{% foo %}", "{% print a %}",
    ],
)  # fmt: skip
def test_no_other_statements(language: Language, text: str) -> None:
    problem = language.rule_error({"template": f"a {text} b"})
    assert problem.line == 5
    assert problem.help


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in l %}{{ loop.index }}{% endfor %}", "{% for x in l %}{{ loop }}{% endfor %}", "{% for x in l if x %}{% endfor %}", "{% for x in l %}a{% else %}b{% endfor %}", "{% for x in l recursive %}a{% endfor %}", "{% for x, y in l %}{% endfor %}", "{% for x.y in l %}{% endfor %}", "{% for 1 in l %}{% endfor %}",
        "{% for this in l %}{% endfor %}", "{% for root in l %}{% endfor %}", "{% for parent in l %}{% endfor %}", "{% for index in l %}{% endfor %}", "{% for params in l %}{% endfor %}", "{% for x in l %}{{ index }}{% endfor %}", "{% for x in l %}{{ parent }}{% endfor %}",
        "{{ }}", "{{", "{{ a", "{{ a }", "{% if T %}", "{% endif %}", "{% else %}", "{% elif T %}", "{% if %}{% endif %}", "{% for x l %}{% endfor %}", "{% for %}{% endfor %}", "{% for x in l %}", "{% if T %}{% endfor %}", "{% if T %}{% for x in l %}{% endif %}{% endfor %}", "{#", "{# a", "{%", "{% %}",
        "{{ a ~ }}", "{{ a b }}", "{{ a, b }}", "{{ a | lowr }}", "{{ a if b }}", "{{ lower(a) }}", "{{ l[0:1] }}", "{{ a == null }}", "{{ super() }}", "{{ self.b() }}", "{{ range(3) }}", "{{ 'a' 'b' }}", "{{ '\\q' }}", "{% if a = 1 %}{% endif %}", "{{ params.nope }}", "{{ 'x }}",
    ],
)  # fmt: skip
def test_wrong_templates_are_errors_with_their_place(language: Language, text: str) -> None:
    problem = language.rule_error({"template": text})
    assert problem.line == 5
    assert 18 <= (problem.column or 0) <= 25 + len(json.dumps(text))


@pytest.mark.parametrize("value", ["1", "[a]", "{a: b}", "true", ""])
def test_a_template_is_a_text(language: Language, value: str) -> None:
    language.error(f"fields:\n  x: {{template: {value}}}\n")
