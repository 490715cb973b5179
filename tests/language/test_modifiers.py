
"""Section 2: modifiers, alone and in their order: when, let, head, map/else, nulls, default."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import ABSENT, Language, raw, same

PAYLOAD = {"a": 1, "b": 2, "n": None, "t": "x", "T": True, "F": False, "o": {"n": None, "m": [None]}}

# when


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("{from: a, when: T}", 1),
        ("{from: a, when: F}", ABSENT),
        ("{from: a, when: missing}", ABSENT),
        ("{from: a, when: n}", ABSENT),
        ("{from: a, when: true}", 1),
        ("{from: a, when: false}", ABSENT),
        ("{from: a, when: F, default: 5}", ABSENT),
        ("{from: missing, when: F, default: 5}", ABSENT),
        ("{from: missing, when: T, default: 5}", 5),
        ("{from: 1 / 0, when: F}", ABSENT),
        ("{from: a, when: F, let: {v: 1 / 0}}", ABSENT),
        ("{from: t, map: {y: z}, when: F}", ABSENT),
        ("{from: missing, default: 1 / 0, when: F}", ABSENT),
        ("{from: v, when: v == 1, let: {v: a}}", ABSENT),
        ("{from: a, when: a == 1 and not F}", 1),
        ("{const: 1, when: F}", ABSENT),
        ("{fields: {y: a}, when: F}", ABSENT),
        ("{list: [a], when: F}", ABSENT),
        ("{template: x, when: F}", ABSENT),
        ("{use: d, when: F}", ABSENT),
    ],
)
def test_when(language: Language, rule: str, value: Any) -> None:
    assert same(language.value(raw(rule), PAYLOAD, "definitions: {d: a}\n"), value)


@pytest.mark.parametrize(("when", "path"), [("a", "/a"), ("t", "/t"), ("o", "/o"), ("F or a", "/a"), ("T and a", "/a")])
def test_a_when_that_is_no_boolean_rejects(language: Language, when: str, path: str) -> None:
    [problem] = language.rule_rejects(raw(f"{{from: a, when: {when}}}"), PAYLOAD)
    assert (problem.path, problem.target_path) == (path, "/x")


def test_a_when_beside_the_files_rule(language: Language) -> None:
    assert language.convert("fields: {x: a}\nwhen: a == 1\n", {"a": 1}) == {"x": 1}
    language.rejects("fields: {x: a}\nwhen: a == 2\n", {"a": 1})


# let


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("{from: v, let: {v: a}}", 1),
        ("{from: w, let: {v: a + 1, w: v * 2}}", 4),
        ("{from: v, let: {v: {fields: {y: a}}}}", {"y": 1}),
        ("{from: v.y, let: {v: {fields: {y: a}}}}", 1),
        ("{from: v, let: {v: {from: t, map: {x: z}}}}", "z"),
        ("{from: v, let: {v: missing}}", ABSENT),
        ("{from: v | default(3), let: {v: missing}}", 3),
        ("{from: v, let: {v: missing}, default: 3}", 3),
        ("{from: missing, let: {v: a}, default: v}", 1),
        ("{from: a, let: {a: b}}", 2),
        ("{from: this.a, let: {a: b}}", 1),
        ("{from: root.a, let: {a: b}}", 1),
        ("{from: a, let: {a: a + 1}}", 2),
        ("{from: a, let: {v: 1 / 0}}", 1),
        ("{from: v is none, let: {v: n}}", False),
        ("{fields: {y: v, z: {from: v, let: {v: b}}}, let: {v: a}}", {"y": 1, "z": 2}),
        ("{list: [v, {fields: {y: v}}], let: {v: a}}", [1, {"y": 1}]),
        ("{fields: {y: n}, within: o, let: {n: a}}", {"y": 1}),
        ("{fields: {y: this.n is none}, within: o, let: {n: a}}", {"y": True}),
        ("{from: é, let: {é: a}}", 1),
        ("{from: _v1, let: {_v1: a}}", 1),
        ("{const: 1, let: {}}", 1),
        ("{template: '{{ v }}', let: {v: a}}", "1"),
        ("{choose: [{when: v == 1, from: v}], let: {v: a}}", 1),
        ("{from: v, let: {v: {from: w, let: {w: a}}}}", 1),
    ],
)
def test_let_names_values_for_the_rule_and_below(language: Language, rule: str, value: Any) -> None:
    assert same(language.value(raw(rule), PAYLOAD), value)


def test_a_let_name_is_not_seen_before_it_or_beside_it(language: Language) -> None:
    text = "fields:\n  x: {from: v, let: {v: a}}\n  y: v\n  z: {from: w, let: {w: v, v: a}}\n"
    assert language.convert(text, {"a": 1}) == {"x": 1}


def test_the_files_let_is_seen_in_the_whole_document(language: Language) -> None:
    text = "let: {v: a + 1, w: v + 1}\nfields:\n  x: v\n  y: {within: o, fields: {z: w}}\n  l: {each: l, value: v + this}\n"
    assert language.convert(text, {"a": 1, "o": {}, "l": [1]}) == {"x": 2, "y": {"z": 3}, "l": [3]}


def test_a_let_sees_the_scope_in_which_it_stands(language: Language) -> None:
    text = "let: {v: a}\nfields:\n  x: {within: o, fields: {y: v, z: a}}\n"
    assert language.convert(text, {"a": 1, "o": {"a": 2}}) == {"x": {"y": 1, "z": 2}}


def test_a_let_is_computed_on_first_use_only(language: Language) -> None:
    text = "let: {v: a | int}\nfields:\n  x: {from: v, when: b}\n  y: {const: 1}\n"
    assert language.convert(text, {"a": "no", "b": False}) == {"y": 1}
    [problem] = language.rejects(text, {"a": "no", "b": True})
    assert problem.path == "/a"


@pytest.mark.parametrize("name", ["this", "root", "parent", "index", "params", "true", "false", "null", "none", "a-b", "a.b", "1a", "a b", "''", "1", "null ", "[a]", "and", "not", "in", "is", "if", "else", "or"])
def test_names_that_cannot_be_let(language: Language, name: str) -> None:
    key = f'"{name}"' if name == "[a]" else name
    problems = language.errors(f"fields:\n  x: {{from: a, let: {{{key}: a}}}}\n")
    assert problems[0].line == 5


@pytest.mark.parametrize("value", ["[a]", "a", "1", "[{v: a}]"])
def test_let_takes_an_object(language: Language, value: str) -> None:
    language.rule_error(raw(f"{{from: a, let: {value}}}"))


# map and else


@pytest.mark.parametrize(
    ("rule", "payload", "value"),
    [
        ("{from: v, map: m}", {"v": "x"}, "X"),
        ("{from: v, map: {x: 1}}", {"v": "x"}, 1),
        ("{from: v, map: {x: {a: [1, null]}}}", {"v": "x"}, {"a": [1, None]}),
        ("{from: v, map: m}", {}, ABSENT),
        ("{from: v, map: m}", {"v": None}, ABSENT),
        ("{from: v, map: m, else: drop}", {"v": "q"}, ABSENT),
        ("{from: v, map: m, else: keep}", {"v": "q"}, "q"),
        ("{from: v, map: m, else: keep}", {"v": [1]}, [1]),
        ("{from: v, map: m, else: keep}", {"v": {"a": None}}, {"a": None}),
        ("{from: v, map: m, else: {const: [1]}}", {"v": "q"}, [1]),
        ("{from: v, map: m, else: {const: keep}}", {"v": "q"}, "keep"),
        ("{from: v, map: m, else: {const: null}}", {"v": "q"}, ABSENT),
        ("{from: v, map: m, else: {const: null}, nulls: keep}", {"v": "q"}, None),
        ("{from: v, map: m, else: {const: 1}}", {}, ABSENT),
        ("{from: v, map: m, default: \"'q'\"}", {}, "q"),
        ("{from: v, map: m, else: drop, default: \"'d'\"}", {"v": "q"}, "d"),
        ("{from: v, map: m, else: drop, default: w}", {"v": "q", "w": "x"}, "x"),
        ("{from: v, map: {x: null}}", {"v": "x"}, ABSENT),
        ("{from: v, map: {x: null}, default: 3}", {"v": "x"}, 3),
        ("{from: v, map: {x: null}, nulls: keep, default: 3}", {"v": "x"}, None),
        ("{from: v, map: {x: y}, nulls: keep}", {"v": None}, None),
        ("{from: v, map: {x: y}, else: drop, nulls: keep}", {"v": None}, None),
        ("{from: v, map: {x: y}, else: {const: 1}, nulls: keep}", {"v": None}, None),
        ("{from: v, map: {x: y}}", {"v": None}, ABSENT),
        ("{from: v, map: {}, else: keep}", {"v": 1}, 1),
        ("{const: x, map: m}", {}, "X"),
        ("{first_of: [v, w], map: m}", {"w": "x"}, "X"),
        ("{template: '{{ v }}', map: m}", {"v": "x"}, "X"),
        ("{each: v, take: first, value: this, map: m}", {"v": ["x"]}, "X"),
        ("{use: d, map: m}", {"v": "x"}, "X"),
        ("{choose: [{when: true, from: v}], map: m}", {"v": "x"}, "X"),
    ],
)
def test_map_and_else(language: Language, rule: str, payload: Any, value: Any) -> None:
    more = "value_maps:\n  m: {x: X}\ndefinitions: {d: v}\n"
    assert same(language.value(raw(rule), payload, more), value)


@pytest.mark.parametrize("value", ["q", "X", "x ", "", 1, True, [1], {"a": 1}, 1.5, "null"])
@pytest.mark.parametrize("more", ["", ", else: error"])
def test_a_value_that_the_map_does_not_list_rejects(language: Language, value: Any, more: str) -> None:
    [problem] = language.rule_rejects(raw(f"{{from: v, map: {{x: y}}{more}}}"), {"v": value})
    assert (problem.path, problem.target_path, problem.code) == ("/v", "/x", "CM301")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, "one"), (1.0, "one"), ("1", "text one"), (True, "yes"), ("true", "text true"), (False, "no"), (0, "zero"), (0.0, "zero"), (-0.0, "zero"), ("", "empty"), (1.5, "half"), ("1.5", ABSENT), ("null", "text null"), (2**53, "big"), (float(2**53), "big"), (2**53 + 1, ABSENT)],
)  # fmt: skip
def test_keys_of_a_map_are_typed(language: Language, value: Any, expected: Any) -> None:
    table = (
        "value_maps:\n  m: {1: one, '1': text one, true: yes, 'true': text true, false: no, 0: zero, '': empty, 1.5: half, "
        "'null': text null, 9007199254740992: big}\n"
    )
    assert same(language.value(raw("{from: v, map: m, else: drop}"), {"v": value}, table), expected)


@pytest.mark.parametrize("key", ["null", "~", "null "])
def test_a_null_key_is_an_error(language: Language, key: str) -> None:
    assert language.rule_error(raw(f"{{from: v, map: {{{key}: x}}}}")).line == 5
    assert language.error(f"value_maps:\n  m:\n    {key}: x\nfields: {{x: a}}\n").line == 6


@pytest.mark.parametrize(
    ("keys", "value", "expected"),
    [
        ("OPEN: o", "open", "o"),
        ("open: o", "OPEN", "o"),
        ("straße: s", "STRASSE", "s"),
        ("STRASSE: s", "straße", "s"),
        ("'İ': i", "i̇", "i"),
        ("Σ: s", "ς", "s"),
        ("true: t, 'TRUE': u", "true", "u"),
        ("true: t, 'TRUE': u", True, "t"),
        ("1: n", 1, "n"),
        ("é: e", "E\u0301", ABSENT),
    ],
)
def test_ignore_case_compares_casefolded(language: Language, keys: str, value: Any, expected: Any) -> None:
    rule = raw(f"{{from: v, map: {{{keys}}}, ignore_case: true, else: drop}}")
    assert same(language.value(rule, {"v": value}), expected)


def test_ignore_case_keeps_the_value_as_it_is(language: Language) -> None:
    rule = raw("{from: v, map: {open: o}, ignore_case: true, else: keep}")
    assert language.value(rule, {"v": "Other"}) == "Other"


def test_keys_that_differ_in_case_only_are_an_error_under_ignore_case(language: Language) -> None:
    language.rule_error(raw("{from: v, map: {a: x, A: y}, ignore_case: true}"))
    assert language.value(raw("{from: v, map: {a: x, A: y}, ignore_case: false}"), {"v": "A"}) == "y"


@pytest.mark.parametrize(
    "rule",
    [
        "{from: a, map: nope}", "{from: a, map: 1}", "{from: a, map: [a]}", "{from: a, map: }", "{from: a, map: {a: b}, else: dropp}",
        "{from: a, map: {a: b}, else: 1}", "{from: a, map: {a: b}, else: {const: 1, note: x}}", "{from: a, map: {a: b}, else: {from: a}}",
        "{from: a, map: {a: b}, else: [a]}", "{from: a, map: {a: b}, ignore_case: 1}", "{from: a, map: {a: b}, ignore_case: 'true'}",
        "{from: a, else: drop}", "{from: a, ignore_case: true}", "{from: a, map: {[a]: b}}", "{from: a, map: {a: {1: b}}}",
    ],
)  # fmt: skip
def test_wrong_maps_are_errors(language: Language, rule: str) -> None:
    assert language.errors(language.rule_text(raw(rule), "value_maps: {m: {a: b}}\n"))[0].line == 6


def test_a_misspelt_map_names_the_nearest(language: Language) -> None:
    problem = language.rule_error(raw("{from: a, map: statos}"), "value_maps: {status: {a: b}}\n")
    assert "status" in problem.message + problem.help


# default


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("{from: missing, default: 5}", 5),
        ("{from: n, default: 5}", 5),
        ("{from: a, default: 5}", 1),
        ("{from: a, default: 1 / 0}", 1),
        ("{from: F, default: 5}", False),
        ("{from: missing, default: b}", 2),
        ("{from: missing, default: n}", ABSENT),
        ("{from: missing, default: null}", ABSENT),
        ("{from: missing, default: \"''\"}", ""),
        ("{from: missing, default: true}", True),
        ("{from: missing, default: '[a, b]'}", [1, 2]),
        ("{from: missing, default: missing | default(b)}", 2),
        ("{const: 1, default: 2}", 1),
        ("{fields: {y: missing}, default: 5}", 5),
        ("{fields: {y: a, z: missing}, whole: true, default: 5}", 5),
        ("{list: [], default: 5}", []),
        ("{concat: [missing], default: 5}", 5),
        ("{template: '{{ missing }}', default: 5}", 5),
        ("{template: '', default: 5}", ""),
        ("{choose: [{when: F, from: a}], default: 5}", 5),
        ("{use: d, default: 5}", 5),
        ("{use: e, of: missing, default: 5}", 5),
        ("{from: t | absent_if('x'), default: 5}", 5),
        ("{from: n, nulls: keep, default: 5}", None),
    ],
)
def test_default_stands_in_place_of_an_absent_value(language: Language, rule: str, value: Any) -> None:
    assert same(language.value(raw(rule), PAYLOAD, "definitions: {d: missing, e: {const: 1}}\n"), value)


def test_a_failure_is_no_absence(language: Language) -> None:
    [problem] = language.rule_rejects(raw("{from: t | int, default: 5}"), PAYLOAD)
    assert problem.path == "/t"


# nulls


@pytest.mark.parametrize("file", ["", "nulls: drop\n", "nulls: keep\n"])
@pytest.mark.parametrize("rule", ["", ", nulls: drop", ", nulls: keep"])
def test_nulls_of_the_rule_goes_before_that_of_the_file(language: Language, file: str, rule: str) -> None:
    keeps = "keep" in (rule or file)
    assert language.value(raw(f"{{from: n{rule}}}"), PAYLOAD, file) is (None if keeps else ABSENT)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("n", None), ("o.n", None), ("o", {"n": None, "m": [None]}), ("missing", ABSENT), ("n.x", ABSENT), ("o.m[0]", None), ("{from: this.n}", None), ("{from: root.n}", None),
        ("n | default(3)", 3), ("n ~ t", ABSENT), ("n == n", False), ("(n)", None), ("n if T else a", ABSENT), ("'[n]'", []), ("coalesce(n, a)", 1),
        ("{const: null}", None), ("null", None), ("{list: [n, a]}", [None, 1]), ("{fields: {y: n}}", {"y": None}), ("{first_of: [n, a]}", None), ("{each: o.m, value: this}", [None]),
        ("{choose: [{when: true, from: n}]}", None), ("{use: d}", None), ("{fields: {y: missing}}", ABSENT), ("{from: v, let: {v: n}}", None),
    ],
)  # fmt: skip
def test_nulls_keep_at_the_top_of_the_file(language: Language, rule: str, value: Any) -> None:
    assert same(language.value(raw(rule), PAYLOAD, "nulls: keep\ndefinitions: {d: n}\n"), value)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("o", {"n": None, "m": [None]}), ("o.m", [None]), ("o.m[0]", ABSENT), ("'[o]'", [{"n": None, "m": [None]}]), ("{const: {a: null}}", {"a": None}),
        ("{list: [o]}", [{"n": None, "m": [None]}]), ("{from: \"o | merge({'q': 1})\"}", {"n": None, "m": [None], "q": 1}), ("o | values", [None, [None]]),
        ("{concat: [o.m, o.m]}", [None, None]), ("{each: o.m, value: this}", []), ("{fields: {'*': o}}", {"n": None, "m": [None]}), ("{from: m, default: o}", {"n": None, "m": [None]}),
    ],
)  # fmt: skip
def test_copied_objects_and_arrays_keep_their_inner_nulls(language: Language, rule: str, value: Any) -> None:
    assert same(language.value(raw(rule), PAYLOAD), value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nulls: keep\nfields: {x: this}\n", {"x": None}),
        ("nulls: keep\nlet: {k: root}\nfields: {x: k, y: this is none}\n", {"x": None, "y": True}),
        ("nulls: keep\nfields: {x: {list: [this]}}\n", {"x": [None]}),
        ("from: this\nnulls: keep\n", None),
        ("fields: {x: this, y: this is none}\n", {"y": True}),
    ],
)
def test_a_document_that_is_null(language: Language, text: str, value: Any) -> None:
    project = language.of(text)
    assert same(project.convert(None), value)
    [line] = project.catalog().convert_lines("a/doc", "b/doc", [b"null\n"])
    assert same(line.value, value)



@pytest.mark.parametrize("value", ["maybe", "true", "1", "[drop]", "null", "'Keep'"])
def test_nulls_is_drop_or_keep(language: Language, value: str) -> None:
    assert language.rule_error(raw(f"{{from: a, nulls: {value}}}")).line == 5
    assert language.error(f"nulls: {value}\nfields: {{x: a}}\n").line == 4


# approximate, may_reject, note


@pytest.mark.parametrize("name", ["approximate", "may_reject", "note"])
def test_the_notes_change_no_value(language: Language, name: str) -> None:
    assert language.value(raw(f"{{from: a, {name}: Why so}}"), PAYLOAD) == 1
    assert language.value(raw(f"{{from: missing, {name}: Why so}}"), PAYLOAD) is ABSENT


@pytest.mark.parametrize("name", ["approximate", "may_reject", "note"])
@pytest.mark.parametrize("value", ["1", "true", "[a]", "{a: b}", "''", ""])
def test_the_notes_are_texts(language: Language, name: str, value: str) -> None:
    assert language.rule_error(raw(f"{{from: a, {name}: {value}}}")).line == 5


# the order of all


def test_the_order_does_not_depend_on_the_order_in_the_file(language: Language) -> None:
    one = language.value(raw("{when: T, let: {v: t}, from: v, map: {x: null}, else: error, nulls: drop, default: b}"), PAYLOAD)
    other = language.value(raw("{default: b, nulls: drop, else: error, map: {x: null}, from: v, let: {v: t}, when: T}"), PAYLOAD)
    assert one == other == 2
