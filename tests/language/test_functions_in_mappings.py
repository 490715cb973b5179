
"""Section 4: functions, as a mapping calls them: constants and arguments, places, failures, edge sentences."""

from __future__ import annotations

from typing import Any

import pytest

from .projects import ABSENT, Language, same

CASES: dict[str, list[tuple[str, Any, Any]]] = {
    # the expression over `v`, the value, the result
    "absence": [
        ("v | absent_if('')", "", ABSENT), ("v | absent_if('')", "a", "a"), ("v | absent_if(1)", 1.0, ABSENT), ("v | absent_if(1)", True, True), ("v | absent_if(1)", "1", "1"), ("v | absent_if([])", [], ABSENT), ("v | absent_if({})", {}, ABSENT), ("v | absent_if('N/A') | default('x')", "N/A", "x"),
        ("v | required", 0, 0), ("v | required", "", ""), ("v | required", False, False),
    ],
    "text": [
        ("v | trim", " \t a b \n", "a b"), ("v | lower", "ÀB", "àb"), ("v | upper", "ß", "SS"), ("v | capitalize", "hELLO wORLD", "Hello world"), ("v | title", "hello wORLD", "Hello World"),
        ("v | replace('.', '')", "a.b.c", "abc"), ("v | replace('a', 'b', 2)", "aaa", "bba"), ("v | replace('aa', 'b')", "aaa", "ba"), ("v | replace('x', 'y')", "abc", "abc"), ("v | replace('$', '\\\\1')", "a$", "a\\1"), ("v | replace('a', 'b', 0)", "aa", "aa"),
        ("v | remove_prefix('ab')", "ababc", "abc"), ("v | remove_prefix('x')", "abc", "abc"), ("v | remove_suffix('bc')", "abcbc", "abc"), ("v | remove_suffix('')", "abc", "abc"), ("v | remove_prefix('abc')", "abc", ""), ("v | remove_prefix('A')", "abc", "abc"),
        ("v | starts_with('a')", "abc", True), ("v | starts_with('A')", "abc", False), ("v | ends_with('c')", "abc", True), ("v | ends_with('')", "", True),
        ("v | truncate(6)", "abcdef", "abcdef"), ("v | truncate(5)", "abcdef", "ab..."), ("v | truncate(9)", "foo bar baz", "foo..."), ("v | truncate(9, true)", "foo bar baz", "foo ba..."), ("v | truncate(9, killwords=true, end='')", "foo bar baz", "foo bar b"), ("v | truncate(3)", "abcd", "..."), ("v | truncate(1, end='…')", "abcd", "…"), ("v | truncate(4)", "\U0001f600" * 5, "\U0001f600..."), ("v | truncate(0, end='')", "abc", ""),
        ("v | pad(3)", "a", "  a"), ("v | pad(3, '0')", "7", "007"), ("v | pad(3, '-', 'right')", "a", "a--"), ("v | pad(3, side='right')", "a", "a  "), ("v | pad(2)", "abc", "abc"), ("v | pad(3, '0', 'left')", "é", "00é"),
        ("v | split(',')", "a,b,,c", ["a", "b", "", "c"]), ("v | split(',')", "", [""]), ("v | split(', ')", "a, b", ["a", "b"]), ("v | join(', ')", ["a", "b"], "a, b"), ("v | join('-')", [1, True, 2.0, 1.5], "1-true-2-1.5"), ("v | join(',')", [], ""), ("v | join(',')", ["a"], "a"),
        ("v | strip_tags", "<p>a &amp; b</p>", "a & b"), ("v | strip_tags", "&lt;b&gt;", "<b>"), ("v | strip_tags", "a < b", "a < b"), ("v | strip_tags", "plain", "plain"), ("v | escape_html", "<a>&", "&lt;a&gt;&amp;"),
    ],
    "pattern": [
        ("v | regex_test('b')", "abc", True), ("v | regex_test('^b')", "abc", False), ("v | regex_test('\\\\d')", "a1", True), ("v | regex_test('(?i)B')", "abc", True), ("v | regex_test('\\\\p{L}')", "é", True), ("v | regex_test('^.$')", "\U0001f600", True), ("v | regex_test('(a+)+$')", "a" * 200 + "b", False),
        ("v | regex_extract('b')", "abc", "b"), ("v | regex_extract('a(.)c')", "abc", "b"), ("v | regex_extract('a(.)(.)')", "abc", "b"), ("v | regex_extract('(?:a)(b)')", "abc", "b"), ("v | regex_extract('x')", "abc", ABSENT), ("v | regex_extract('x') | default('d')", "abc", "d"), ("v | regex_extract('')", "abc", ""), ("v | regex_extract('#(\\\\d+)')", "case #42!", "42"),
        ("v | regex_replace('\\\\d', '#')", "a1b22", "a#b##"), ("v | regex_replace('(a)(b)', '\\\\2\\\\1')", "abab", "baba"), ("v | regex_replace('(a)', '<\\\\1>')", "aba", "<a>b<a>"), ("v | regex_replace('x', 'y')", "abc", "abc"), ("v | regex_replace('a', '$1')", "a", "$1"), ("v | regex_replace('^', '-')", "ab", "-ab"),
        ("v | regex_split('\\\\d+')", "a1b22c", ["a", "b", "c"]), ("v | regex_split(',')", "", [""]), ("v | regex_split(';')", "a", ["a"]),
    ],
    "url": [
        ("v | url_join('../g')", "http://a/b/c/d;p?q", "http://a/b/g"), ("v | url_join('g')", "http://a/b/c/d;p?q", "http://a/b/c/g"), ("v | url_join('?y')", "http://a/b/c/d;p?q", "http://a/b/c/d;p?y"), ("v | url_join('#s')", "http://a/b/c/d;p?q", "http://a/b/c/d;p?q#s"), ("v | url_join('')", "http://a/b/c/d;p?q", "http://a/b/c/d;p?q"), ("v | url_join('//g')", "http://a/b/c/d;p?q", "http://g"), ("v | url_join('../../../g')", "http://a/b/c/d;p?q", "http://a/g"), ("v | url_join('g:h')", "http://a/b/c/d;p?q", "g:h"), ("v | url_join('g;x=1/../y')", "http://a/b/c/d;p?q", "http://a/b/c/y"), ("v | url_join('./')", "http://a/b/c/d;p?q", "http://a/b/c/"), ("v | url_join('/x/1')", "https://h.example/api", "https://h.example/x/1"),
        ("v | url_encode", "a b/é~-._", "a%20b%2F%C3%A9~-._"), ("v | url_encode", "+&=?#", "%2B%26%3D%3F%23"), ("v | url_encode", "", ""), ("v | url_decode", "a%20b+c", "a b+c"), ("v | url_decode", "%C3%A9", "é"),
        ("v | query_param('a')", "http://x/?a=1&b=2", "1"), ("v | query_param('b')", "http://x/?a=1&b=2%203", "2 3"), ("v | query_param('z')", "http://x/?a=1", ABSENT), ("v | query_param('a')", "http://x/?a=", ""), ("v | query_param('a')", "http://x/", ABSENT), ("v | query_param('c')", "http://x/?a=1#?c=2", ABSENT), ("v | query_param('a b')", "http://x/?a%20b=1", "1"),
    ],
    "number": [
        ("v | int", 4.0, 4), ("v | int", "4", 4), ("v | int", " 4 ", 4), ("v | int", "4.0", 4), ("v | int", "-0", 0), ("v | int", 7, 7), ("v | int", "12345678901234567890", 12345678901234567890), ("v | int", "4e2", 400), ("v | int", -0.0, 0),
        ("v | float", 4, 4.0), ("v | float", "4", 4.0), ("v | float", "1e3", 1000.0), ("v | number", "4", 4), ("v | number", "4.0", 4.0), ("v | number", "-1.5e-3", -0.0015), ("v | number", " 1\n", 1), ("v | number", 5, 5), ("v | number", 1.5, 1.5),
        ("v | round", 2.5, 2), ("v | round", 3.5, 4), ("v | round", -2.5, -2), ("v | round", 2.4, 2), ("v | round(1)", 2.25, 2.2), ("v | round(2)", 1.005, 1.0), ("v | round", 3, 3), ("v | round(0)", 0.5, 0), ("v | round(2)", 3.14159, 3.14), ("v | abs", -1.5, 1.5), ("v | abs", -3, 3),
        ("v | min", [3, 1.5, 2], 1.5), ("v | max", ["b", "a"], "b"), ("v | min", [], ABSENT), ("v | max", [], ABSENT), ("v | sum", [], 0), ("v | sum", [1, 2.5], 3.5), ("v | sum", [1, 2], 3), ("v | max", [1], 1),
    ],
    "convert": [
        ("v | string", 1, "1"), ("v | string", 1.0, "1"), ("v | string", 1.5, "1.5"), ("v | string", True, "true"), ("v | string", "a", "a"), ("v | string", -3.0, "-3"),
        ("v | boolean", "true", True), ("v | boolean", "false", False), ("v | boolean", 1, True), ("v | boolean", 0, False), ("v | boolean", True, True), ("v | boolean", 1.0, True),
        ("v | to_json", {"b": 1, "a": [None, "é", True]}, '{"b":1,"a":[null,"é",true]}'), ("v | to_json", "a", '"a"'), ("v | to_json", [], "[]"), ("v | from_json", '{"b": 1, "a": [1.0]}', {"b": 1, "a": [1.0]}), ("v | from_json", " [] ", []), ("v | from_json", '"x"', "x"), ("v | from_json", "null", ABSENT), ("v | from_json", "[null]", [None]), ("v | to_json | from_json", {"z": {"y": [1, {}]}}, {"z": {"y": [1, {}]}}),
    ],
    "time": [
        ("v | datetime", "2024-05-14T01:02:03Z", "2024-05-14T01:02:03.000Z"), ("v | datetime", "2024-05-14T01:02:03.999999+02:00", "2024-05-13T23:02:03.999Z"), ("v | datetime", "2024-05-14t01:02z", "2024-05-14T01:02:00.000Z"), ("v | datetime", "2024-05-14 01:02:03-0300", "2024-05-14T04:02:03.000Z"), ("v | datetime", "2024-05-14T01:02:03+01", "2024-05-14T00:02:03.000Z"),
        ("v | datetime(assume_zone='Europe/Berlin')", "2024-05-14T01:02:03", "2024-05-13T23:02:03.000Z"), ("v | datetime(assume_zone='UTC')", "2024-05-14T01:02:03+02:00", "2024-05-13T23:02:03.000Z"), ("v | datetime(precision='s')", "2024-05-14T01:02:03.999Z", "2024-05-14T01:02:03Z"), ("v | datetime(precision='us')", "2024-05-14T01:02:03Z", "2024-05-14T01:02:03.000000Z"), ("v | datetime(zone='Europe/Berlin')", "2024-05-14T01:02:03Z", "2024-05-14T03:02:03.000+02:00"), ("v | datetime(zone='-03:30')", "2024-05-14T01:02:03Z", "2024-05-13T21:32:03.000-03:30"), ("v | datetime(zone='Europe/London')", "2024-01-14T01:02:03Z", "2024-01-14T01:02:03.000Z"),
        ("v | datetime", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"), ("v | datetime", "2016-12-31T18:59:60-05:00", "2017-01-01T00:00:00.000Z"), ("v | datetime", "2016-12-31T23:59:60.9Z", "2017-01-01T00:00:00.900Z"),
        ("v | datetime", "0000-01-01T00:00:00+01:00", "0000-01-01T00:00:00+01:00"), ("v | datetime", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59-01:00"), ("v | datetime", "9999-12-31T23:59:60Z", "9999-12-31T23:59:60Z"), ("v | datetime", "0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
        ("v | datetime('epoch_s')", 0, "1970-01-01T00:00:00.000Z"), ("v | datetime('epoch_s')", 1.5, "1970-01-01T00:00:01.500Z"), ("v | datetime('epoch_ms')", 1715648523123, "2024-05-14T01:02:03.123Z"), ("v | datetime('epoch_ms')", -1, "1969-12-31T23:59:59.999Z"), ("v | datetime(output='epoch_s')", "2024-05-14T01:02:03Z", 1715648523), ("v | datetime(output='epoch_ms')", "2024-05-14T01:02:03.123Z", 1715648523123),
        ("v | datetime('%d %b %Y %I:%M %p %z')", "14 May 2024 1:02 PM +0200", "2024-05-14T11:02:00.000Z"), ("v | datetime('%d/%m/%Y', assume_zone='UTC')", "14/05/2024", "2024-05-14T00:00:00.000Z"), ("v | datetime(output='%Y-%m-%d %H:%M:%S')", "2024-05-14T01:02:03Z", "2024-05-14 01:02:03"), ("v | datetime(output='%A %a %B %b %j %y %I %p %f %z %%')", "2024-05-14T13:02:03.5Z", "Tuesday Tue May May 135 24 01 PM 500000 +0000 %"), ("v | datetime('%Y-%m-%d', '%d.%m.%Y', assume_zone='UTC')", "2024-05-14", "14.05.2024"),
        ("v | datetime(assume_zone='Europe/Berlin')", "2024-10-27T02:30:00", "2024-10-27T00:30:00.000Z"), ("v | datetime('rfc3339')", "2024-05-14T01:02:03Z", "2024-05-14T01:02:03.000Z"), ("v | datetime", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"),
    ],
    "array": [
        ("v | first", [3, 1], 3), ("v | last", [3, 1], 1), ("v | first", [], ABSENT), ("v | first", [None, 1], ABSENT), ("v | length", [1, None], 2), ("v | length", "a\U0001f600", 2), ("v | length", "", 0), ("v | reverse", [1, 2], [2, 1]), ("v | sort", [3, 1.5, 2], [1.5, 2, 3]), ("v | sort", ["b", "B"], ["B", "b"]), ("v | sort", [], []),
        ("v | unique", [1, 1.0, True, "1", "1"], [1, True, "1"]), ("v | unique", ["a", "A", "a"], ["a", "A"]), ("v | unique", [[1], [1.0], {"a": 1}, {"a": 1}], [[1], {"a": 1}]), ("v | flatten", [[1, [2]], [], [3]], [1, [2], 3]), ("v | compact", [1, None, 0, "", False], [1, 0, "", False]),
        ("v | slice(1)", [1, 2, 3], [2, 3]), ("v | slice(0, 2)", [1, 2, 3], [1, 2]), ("v | slice(-1)", [1, 2, 3], [3]), ("v | slice(1, -1)", [1, 2, 3], [2]), ("v | slice(5)", [1], []), ("v | slice(2, 1)", [1, 2, 3], []),
        ("v | map('a')", [{"a": 1}, {}, {"a": None}, {"a": 2}], [1, 2]), ("v | map(attribute='a')", [{"a": [1]}], [[1]]), ("v | select('a', 1)", [{"a": 1}, {"a": 1.0, "b": 2}, {"a": "1"}, {}], [{"a": 1}, {"a": 1.0, "b": 2}]), ("v | contains(1)", [1.0], True), ("v | contains(1)", [True, "1"], False), ("v | contains('a')", [], False), ("v | contains([1])", [[1.0]], True),
        ("v | as_list", [1], [1]), ("v | as_list", 1, [1]), ("v | as_list", {"a": 1}, [{"a": 1}]), ("v | as_list", "ab", ["ab"]), ("v | as_list", [], []), ("v | zip(['a', 'b'])", [1, 2, 3], [[1, "a"], [2, "b"]]), ("v | zip([])", [1], []),
    ],
    "object": [
        ("v | entries", {"b": 1, "a": None}, [{"key": "b", "value": 1}, {"key": "a", "value": None}]), ("v | entries | from_entries", {"b": 1, "a": None}, {"b": 1, "a": None}), ("v | from_entries", [{"key": "a", "value": 1}], {"a": 1}), ("v | from_entries", [], {}), ("v | keys", {"b": 1, "a": 2}, ["b", "a"]), ("v | values", {"b": 1, "a": None}, [1, None]),
        ("v | pick('a', 'z')", {"b": 1, "a": None}, {"a": None}), ("v | omit('a', 'z')", {"b": 1, "a": 2}, {"b": 1}), ("v | merge({'b': 2, 'c': 3})", {"b": 1, "a": 0}, {"b": 2, "a": 0, "c": 3}), ("v | merge({})", {"a": {"b": 1}}, {"a": {"b": 1}}), ("v | merge({'a': {}})", {"a": {"b": 1}}, {"a": {}}),
    ],
    "identity": [
        ("v | sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), ("v | sha256", "é", "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"), ("v | sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("v | uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8')", "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_values_of_functions(language: Language, kind: str) -> None:
    """All of a kind in one mapping, each field over a member of its own."""
    cases = CASES[kind]
    lines = [f"  f{number}: |-\n    {expression.replace('v |', f'v{number} |')}\n" for number, (expression, _, _) in enumerate(cases)]
    payload = {f"v{number}": value for number, (_, value, _) in enumerate(cases)}
    result = language.convert("fields:\n" + "".join(lines), payload)
    wrong = [(case, result.get(f"f{number}", ABSENT)) for number, case in enumerate(cases) if not same_or_absent(result.get(f"f{number}", ABSENT), case[2])]
    assert wrong == []


def same_or_absent(one: Any, other: Any) -> bool:
    return one is other if other is ABSENT else same(one, other)


REJECTED: list[tuple[str, Any]] = [
    ("v | required", None), ("v | upper", 1), ("v | trim", True), ("v | replace('a', 'b')", 1), ("v | split(',')", ["a"]), ("v | join(',')", "abc"), ("v | join(',')", [None]), ("v | join(',')", [["a"]]), ("v | join(',')", [{}]),
    ("v | int", "4.5"), ("v | int", 4.5), ("v | int", ""), ("v | int", "abc"), ("v | int", "0x1"), ("v | int", "+1"), ("v | int", "01"), ("v | int", "1_0"), ("v | int", True), ("v | int", []), ("v | int", "\u0661"), ("v | int", "1 2"),
    ("v | number", "NaN"), ("v | number", "Infinity"), ("v | number", ".5"), ("v | number", "1."), ("v | number", "1,5"), ("v | number", ""), ("v | number", " "), ("v | number", "1e999"), ("v | number", False), ("v | number", "\u00a01"), ("v | float", "x"), ("v | float", True),
    ("v | round", "1.5"), ("v | abs", "-1"), ("v | abs", True), ("v | min", [1, "a"]), ("v | max", [True]), ("v | min", [[1]]), ("v | min", [None, 1]), ("v | sum", ["a"]), ("v | sum", [True]), ("v | sum", 5), ("v | min", "abc"),
    ("v | boolean", "True"), ("v | boolean", "yes"), ("v | boolean", ""), ("v | boolean", 2), ("v | boolean", "1"), ("v | boolean", []), ("v | string", []), ("v | string", {}),
    ("v | from_json", ""), ("v | from_json", "{"), ("v | from_json", "NaN"), ("v | from_json", "[1,]"), ("v | from_json", "{'a': 1}"), ("v | from_json", '{"a":1,"a":2}'), ("v | from_json", "1e999"), ("v | from_json", 1), ("v | from_json", "[" * 100_000), ("v | from_json", '"\\ud800"'),
    ("v | datetime", "2024-05-14"), ("v | datetime", "2024-05-14T01:02:03"), ("v | datetime", "x"), ("v | datetime", ""), ("v | datetime", 5), ("v | datetime", "2023-02-29T00:00:00Z"), ("v | datetime", "2024-05-14T01:02:60Z"), ("v | datetime", "2024-05-14T00:59:60Z"), ("v | datetime", "2024-13-01T00:00:00Z"), ("v | datetime", "2024-05-14T25:00:00Z"), ("v | datetime", "2024-05-14T01:02:03+25:00"),
    ("v | datetime(assume_zone='Europe/Berlin')", "2024-03-31T02:30:00"), ("v | datetime(output='%Y')", "9999-12-31T23:59:59-01:00"), ("v | datetime('epoch_s')", "0"), ("v | datetime('epoch_s')", 1e300), ("v | datetime('epoch_ms')", True), ("v | datetime('%Y-%m-%d %z')", "2024-05-14"), ("v | datetime('rfc3339')", "2024-05-14T01:02Z"),
    ("v | first", "abc"), ("v | reverse", "abc"), ("v | slice(1)", "abc"), ("v | sort", [1, "a"]), ("v | sort", [True]), ("v | sort", [None]), ("v | length", 5), ("v | length", True), ("v | unique", "a"), ("v | flatten", {}), ("v | map('a')", {}), ("v | contains('a')", "abc"), ("v | zip([1])", 5), ("[1] | zip(v)", 5),
    ("v | keys", []), ("v | values", "a"), ("v | entries", [1]), ("v | from_entries", {}), ("v | from_entries", [1]), ("v | from_entries", [{"key": 1, "value": 1}]), ("v | from_entries", [{"key": "a", "value": 1}, {"key": "a", "value": 2}]), ("v | pick('a')", []), ("v | merge({})", []), ("{} | merge(v)", []), ("v | omit('a')", 1),
    ("v | url_join('a')", "no-scheme"), ("v | url_join('a')", 1), ("v | url_decode", "%zz"), ("v | url_decode", "%ff"), ("v | url_decode", "%"), ("v | url_encode", 1), ("v | query_param('a')", 1),
    ("v | regex_test('a')", 1), ("'a' | regex_test(v)", "("), ("'a' | regex_test(v)", "(?=a)"), ("'a' | truncate(v)", 2), ("'a' | truncate(v)", -1), ("'a' | truncate(v)", "5"), ("'abc' | truncate(v)", 1.5), ("1.5 | round(v)", "1"), ("1.5 | round(v)", 0.5), ("[1] | slice(v)", "1"),
    ("v | sha256", 1), ("v | sha256", "\ud800"), ("v | uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8')", 1),
]  # fmt: skip


@pytest.mark.parametrize("half", [0, 1])
def test_values_that_a_function_rejects(language: Language, half: int) -> None:
    """Each gives one problem, with the place of the value, of the field and of the rule."""
    cases = [case for case in REJECTED[half::2] if case[1] is not None]
    lines = [f"  f{number}: |-\n    {expression.replace('v |', f'v{number} |').replace('(v)', f'(v{number})')}\n" for number, (expression, _) in enumerate(cases)]
    payload = {f"v{number}": value for number, (_, value) in enumerate(cases)}
    problems = language.rejects("fields:\n" + "".join(lines), payload)
    found = {problem.target_path: problem for problem in problems}
    assert [case for number, case in enumerate(cases) if f"/f{number}" not in found] == []
    assert len(problems) == len(cases)
    for number, case in enumerate(cases):
        problem = found[f"/f{number}"]
        assert problem.path == f"/v{number}", case
        assert problem.rule is not None
        assert problem.rule.line == 6 + 2 * number, case


@pytest.mark.parametrize(
    "expression",
    [
        "v | truncate(2)", "v | truncate(3, end='....')", "v | truncate(-1)", "v | truncate(2.5)", "v | truncate('5')", "v | pad(3, 'ab')", "v | pad(3, '')", "v | pad(3, side='middle')", "v | pad('3')", "v | split('')", "v | split(1)", "v | join(0)", "v | replace('a', 1)", "v | replace('a', 'b', -1)", "v | replace('a', 'b', '1')",
        "v | regex_test('(')", "v | regex_test('(?=a)')", "v | regex_test('(?<!a)')", "v | regex_test('(a)\\\\1')", "v | regex_extract('[')", "v | regex_replace('(a)', '\\\\2')", "v | regex_split('*')", "v | regex_test(1)",
        "v | datetime('foo')", "v | datetime(output='foo')", "v | datetime(output='%Q')", "v | datetime(output='%-d')", "v | datetime(output='%s')", "v | datetime('%d/%m/%Y')", "v | datetime('%H:%M', assume_zone='UTC')", "v | datetime(zone='Nope')", "v | datetime(zone='+25:00')", "v | datetime(assume_zone='Mars/Base')", "v | datetime(precision='ns')", "v | datetime(zone=z)", "v | datetime(input=1)",
        "v | round(1.5)", "v | round('1')", "v | slice(0.5)", "v | slice('1')", "v | map(1)", "v | map", "v | select('a')", "v | zip(5)", "v | zip", "v | merge([])", "v | merge('a')", "v | pick(1)", "v | pick", "v | omit", "v | uuid5('x')", "v | uuid5(1)", "v | uuid5", "v | query_param(1)", "v | url_join(1)", "v | contains",
        "1 | upper", "'a' | sum", "[1] | upper", "true | int", "5 | length", "{} | first", "[] | keys", "[1, 'a'] | min", "[true] | sum", "'a' | first", "1 | split(',')", "'a' | join(',')",
    ],
)  # fmt: skip
def test_constants_that_do_not_fit_are_found_when_the_file_is_loaded(language: Language, expression: str) -> None:
    assert language.expr_error(expression).line == 6


def test_arguments_may_be_computed(language: Language) -> None:
    payload = {"t": "a-b-c", "s": "-", "n": 2, "p": "b", "l": [1, 2, 3], "k": "a"}
    for expression, value in [
        ("t | split(s)", ["a", "b", "c"]), ("t | replace(p, s)", "a---c"), ("t | regex_test(p)", True), ("l | slice(n)", [3]), ("t | pad(n * 4, s)", "---a-b-c"), ("l | contains(n)", True), ("{'a': 1, 'b': 2} | pick(k)", {"a": 1}), ("2.347 | round(n)", 2.35), ("t | truncate(n + 2)", "a..."), ("t | remove_prefix(k ~ s)", "b-c"),
    ]:  # fmt: skip
        assert same(language.expr(expression, payload), value), expression
