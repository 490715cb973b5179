"""Functions of patterns: RE2's syntax, and Python's `re` as an oracle where both mean the same."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import re2
from calls import call, fails, some, wrong_constant
from hypothesis import given, settings
from hypothesis import strategies as st

from casemap.functions.pattern import _plain_test

ATOMS = st.sampled_from(["a", "b", "é", ".", "[ab]", "[^a]", r"\.", "(a)", "(?:b)", "(a|b)", "(?:(é)?)"])
PIECES = st.tuples(ATOMS, st.sampled_from(["", "", "*", "+", "?", "*?", "{1,2}"])).map("".join)
PATTERNS = st.lists(PIECES, min_size=1, max_size=3).map("".join).filter(lambda pattern: pattern.count("(") < 9)
TEXTS = st.text("abé.\0😀", max_size=8)


@settings(max_examples=150, deadline=None)
@given(PATTERNS, TEXTS)
def test_they_agree_with_re(pattern: str, text: str) -> None:
    expected = re.compile(pattern, re.ASCII)
    found = expected.search(text)
    assert call("regex_test", text, pattern) == (found is not None)
    assert call("regex_extract", text, pattern) == (found and found[min(expected.groups, 1)])
    matches = _matches(expected, text)
    if matches is not None:
        ends = [0, *(match.end() for match in matches)]
        starts = [*(match.start() for match in matches), len(text)]
        parts = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        assert call("regex_split", text, pattern) == parts
        assert call("regex_replace", text, pattern, "<\\0>") == "".join(
            part + (f"<{matches[at][0]}>" if at < len(matches) else "") for at, part in enumerate(parts)
        )


PLAIN = st.tuples(
    st.sampled_from(["a", "0", "[0-9]", "[a-c]", "(a|b0)", "(0|[1-9][0-9]", ")", " ", "/"]),
    st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{0,3}", "{1,}", "{,2}", "{2}{2}", "{2}?"]),
).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PLAIN, max_size=5).map("".join),
    st.sampled_from(["", "$"]),
    st.text("abc019 /\n{}", max_size=9),
)
def test_patterns_that_are_not_given_to_re2_mean_the_same_there(body: str, end: str, text: str) -> None:
    plain = _plain_test(f"^{body}{end}")
    if plain is not None:
        assert (plain(text) is not None) == (re2.search(f"^{body}{end}", text) is not None)


def test_a_plain_pattern_is_not_given_to_re2() -> None:
    for pattern in ("^(0|[1-9][0-9]{0,99})$", "^https?://", "^a{2}", "^[0-9]+$"):
        assert _plain_test(pattern) is not None
    for pattern in ("a", "^a{,3}$", "^a{2}{3}", "^(a|b)*", "^a{2}b+", "^x{0,1000}$", "^((a))", "^."):
        assert _plain_test(pattern) is None


def _matches(pattern: re.Pattern[str], text: str) -> list[re.Match[str]] | None:
    """All matches; None where an empty one stands: there the two libraries are known to differ in what follows."""
    matches = list(pattern.finditer(text))
    return None if any(match.start() == match.end() for match in matches) else matches


@some
@given(st.text(max_size=10), st.text(max_size=10))
def test_a_literal_pattern_is_found_where_it_stands(before: str, after: str) -> None:
    text = f"{before}\0é😀{after}"
    assert call("regex_extract", text, "\0é(😀)") == "😀"
    assert call("regex_replace", f"{before}ⵣ{after}".replace("ⵣ", "é"), "\u0301", "") == f"{before}é{after}".replace(
        "\u0301", ""
    )


@pytest.mark.parametrize(
    ("name", "value", "arguments", "wanted"),
    [
        ("regex_test", "", ["^$"], True),
        ("regex_test", "a\n", ["a$"], False),  # the very end, unlike Python's
        ("regex_test", "a\nb", ["(?m)^b$"], True),
        ("regex_test", "É", ["(?i)é"], True),
        ("regex_test", "٣", [r"\d"], False),  # \d is ASCII
        ("regex_test", "שלום", [r"^\p{Hebrew}+$"], True),
        ("regex_test", "x" * 50, ["(x+x+)+y"], False),
        ("regex_extract", "e\u0301", ["."], "e"),
        ("regex_extract", "ab", ["(x)?b"], None),  # group 1 took no part
        ("regex_extract", "ab", ["(x*)b"], ""),
        ("regex_extract", "a=1", ["(?P<name>a)=(1)"], "a"),
        ("regex_extract", "👩‍👩‍👧!", ["[^!]+"], "👩‍👩‍👧"),
        ("regex_replace", "abc", ["b", "é\\\\n"], "aé\\nc"),
        ("regex_replace", "aé", ["(é)|(x)", "[\\1\\2]"], "a[é]"),
        ("regex_replace", "a-b", ["(a)-(b)", "\\2\\0\\1"], "ba-ba"),
        ("regex_replace", "a10", ["(a)1", "\\10"], "a00"),  # \1, then the digit 0
        ("regex_replace", "éa", ["x*", "-"], "-é-a-"),
        ("regex_replace", "abc", ["", ""], "abc"),
        ("regex_split", "a1b2", [r"\d"], ["a", "b", ""]),
        ("regex_split", "éa", [""], ["", "é", "a", ""]),
        ("regex_split", "", ["x"], [""]),
        ("regex_split", "a,b;c", ["(,)|(;)"], ["a", "b", "c"]),
        ("regex_test", "C", [r"\\C"], False),
        ("regex_test", r"\C", [r"\Q\C\E"], True),
        ("regex_test", "\x07", [r"\pC"], True),
    ],
)
def test_by_example(name: str, value: Any, arguments: list[Any], wanted: Any) -> None:
    assert call(name, value, *arguments) == wanted


@pytest.mark.parametrize("name", ["regex_test", "regex_extract", "regex_split"])
@pytest.mark.parametrize(
    "p", ["(", "(?=a)", r"(a)\1", "a{1001}", "[z-a]", r"\C", r"\Qa\E\C", "\ud800", "x" * 3_000_000, 1, None]
)
def test_what_is_no_pattern_is_a_wrong_constant_and_nothing_is_logged(name: str, p: Any, capfd: Any) -> None:
    wrong_constant(name, p)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("to", ["\\2", "\\n", "\\", "\\g<1>", "\\é", 1])
def test_wrong_templates(to: Any) -> None:
    wrong_constant("regex_replace", "(a)", to)


def test_patterns_that_are_no_constants_fail_as_conversions() -> None:
    fails("CM303", "regex_test", "a", "(")
    fails("CM302", "regex_test", "a", 1)
    fails("CM303", "regex_replace", "a", "a", "\\1")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("regex_test", ["a"]), ("regex_extract", ["a"]), ("regex_split", ["a"]), ("regex_replace", ["a", "b"])],
)
def test_values_that_cannot_be_searched(name: str, arguments: list[str]) -> None:
    fails("CM302", name, 1, *arguments)
    fails("CM302", name, ["a"], *arguments)
    fails("CM303", name, "a\ud800", *arguments)


def test_the_time_is_linear_and_the_result_bounded() -> None:
    begin = time.process_time()
    assert call("regex_test", "a" * 100_000, "(a*)*b") is False
    assert call("regex_extract", "a" * 100_000, "^(a+)+$") == "a" * 100_000
    assert time.process_time() - begin < 5
    fails("CM303", "regex_replace", "a" * 20_000, "a", "b" * 20_000)
