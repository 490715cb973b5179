"""Functions of texts: Jinja's meaning where it has the name, and the edges where ours is said to differ."""

from __future__ import annotations

import html
import time
from typing import Any

import pytest
from calls import call, fails, some, wrong_constant
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, filters

from casemap.functions.arguments import LONGEST

ENVIRONMENT = Environment()  # noqa: S701 - it renders no HTML: its filters are the oracle
COMBINED, HEBREW, FAMILY = "e\u0301", "שלום עולם", "👩‍👩‍👧"
TEXTS = st.one_of(st.text(), st.text(alphabet=f" -a(ßǆİé{COMBINED}\n\t<[{{"))


@pytest.mark.parametrize("name", ["trim", "lower", "upper", "capitalize", "title"])
@some
@given(text=TEXTS)
def test_what_jinja_says(name: str, text: str) -> None:
    assert call(name, text) == ENVIRONMENT.filters[name](text)


@some
@given(TEXTS, st.text("ab ", max_size=2), st.text(max_size=2), st.none() | st.integers(0, 3))
def test_replace_is_jinjas(text: str, old: str, new: str, count: int | None) -> None:
    expected = ENVIRONMENT.from_string("{{ text | replace(old, new, count) }}").render(
        text=text, old=old, new=new, count=count
    )
    assert call("replace", text, old, new, count) == expected


@some
@given(TEXTS, st.integers(0, 30), st.booleans(), st.sampled_from(["...", "", "…", "[cut]"]))
def test_truncate_is_jinjas_without_leeway_and_never_longer(text: str, n: int, killwords: bool, end: str) -> None:
    if n < len(end):
        assert "shorter" in wrong_constant("truncate", n, killwords, end).message
        fails("CM303", "truncate", text, n, killwords, end)
    else:
        result = call("truncate", text, n, killwords, end)
        assert result == filters.do_truncate(ENVIRONMENT, text, n, killwords, end, 0)
        assert len(result) <= n


@pytest.mark.parametrize(
    ("name", "value", "arguments", "wanted"),
    [
        ("trim", "\u00a0 x \u2003", [], "x"),
        ("trim", "..a.b..", ["."], "a.b"),
        ("trim", " x ", [""], " x "),
        ("lower", "İ", [], "i̇"),
        ("upper", HEBREW, [], HEBREW),
        ("capitalize", "ǆ", [], "ǅ"),
        ("title", "", [], ""),
        ("replace", FAMILY, ["\u200d", ""], "👩👩👧"),
        ("replace", "a\0b", ["\0", ""], "ab"),
        ("replace", "aaa", ["a", "b", 0], "aaa"),
        ("replace", "aaa", ["a", "b", 2.0], "bba"),
        ("replace", "aaa", ["a", "b", 10**40], "bbb"),
        ("replace", "ab", ["", "-"], "-a-b-"),
        ("remove_prefix", "xx", ["x"], "x"),
        ("remove_prefix", "x", [""], "x"),
        ("remove_suffix", "xx", ["x"], "x"),
        ("remove_suffix", COMBINED, ["\u0301"], "e"),
        ("starts_with", "", [""], True),
        ("starts_with", COMBINED, ["é"], False),
        ("ends_with", "abc", ["bc"], True),
        ("truncate", FAMILY, [2, True, ""], FAMILY[:2]),
        ("truncate", "ab", [2], None),
        ("pad", "", [3, "0"], "000"),
        ("pad", "abcd", [3, "0"], "abcd"),
        ("pad", "a", [-5], "a"),
        ("pad", "a", [3.0, "é", "right"], "aéé"),
        ("split", "a::b:c", ["::"], ["a", "b:c"]),
        ("split", "", ["-"], [""]),
        ("join", [], [","], ""),
        ("join", ["a", 1, 1.0, 1.5, True, 10**20], ["|"], "a|1|1|1.5|true|100000000000000000000"),
        ("escape_html", "&amp;", [], "&amp;amp;"),
    ],
)
def test_by_example(name: str, value: Any, arguments: list[Any], wanted: Any) -> None:
    if wanted is None:
        wrong_constant(name, *arguments)
    else:
        assert call(name, value, *arguments) == wanted


@pytest.mark.parametrize(
    ("code", "name", "value", "arguments"),
    [
        ("CM302", "lower", 1, []),
        ("CM302", "trim", ["a"], []),
        ("CM302", "trim", "a", [1]),
        ("CM302", "replace", True, ["a", "b"]),
        ("CM302", "replace", "a", ["a", 1]),
        ("CM302", "replace", "a", ["a", "b", True]),
        ("CM302", "replace", "a", ["a", "b", 1.5]),
        ("CM303", "replace", "a", ["a", "b", -1]),
        ("CM302", "remove_suffix", "a", [1]),
        ("CM302", "remove_suffix", 1, ["a"]),
        ("CM302", "remove_prefix", 1, ["a"]),
        ("CM302", "starts_with", 1, ["a"]),
        ("CM302", "ends_with", "a", [None]),
        ("CM302", "truncate", "a", ["5"]),
        ("CM302", "truncate", "a", [True]),
        ("CM302", "truncate", "a", [5, 1]),
        ("CM302", "pad", 5, [3]),
        ("CM303", "pad", "a", [5, ""]),
        ("CM303", "pad", "a", [5, "ab"]),
        ("CM303", "pad", "a", [5, " ", "both"]),
        ("CM303", "pad", "a", [LONGEST + 1]),
        ("CM303", "split", "a", [""]),
        ("CM302", "join", "abc", [","]),
        ("CM302", "join", [["a"]], [","]),
        ("CM302", "join", [{}], [","]),
        ("CM303", "join", [float("nan")], [","]),
        ("CM302", "strip_tags", 1, []),
        ("CM302", "escape_html", {}, []),
    ],
)
def test_failures(code: str, name: str, value: Any, arguments: list[Any]) -> None:
    fails(code, name, value, *arguments)


def test_a_null_in_a_joined_array_names_compact() -> None:
    assert "compact" in fails("CM302", "join", ["a", None], ",").help


def test_nothing_enormous_is_built() -> None:
    long = "a" * 100_000
    fails("CM303", "replace", long, "a", long)
    fails("CM303", "replace", long, "", long)
    fails("CM303", "join", [""] * 100_000, long)
    assert len(call("replace", long, "b", long)) == len(long)
    assert len(call("replace", long, "a", long, 2)) == 3 * len(long) - 2


@some
@given(TEXTS, st.text("ab", min_size=1, max_size=2))
def test_join_undoes_split(text: str, sep: str) -> None:
    assert call("join", call("split", text, sep), sep) == text


@some
@given(TEXTS)
def test_escaped_html_reads_as_the_text(text: str) -> None:
    escaped = call("escape_html", text)
    assert escaped == html.escape(text)
    assert not set(escaped) & set("<>\"'")


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("", ""),
        ("no tags,  but\n white   space ", "no tags, but white space"),
        ("<p>Hello<br/>world</p>", "Hello\nworld"),
        ("<td>a</td><td>b</td>", "a b"),
        ("one<hr>two<BR>three", "one\ntwo\nthree"),
        ("<b>H</b>ello", "Hello"),
        ("a<img src=x>b", "a b"),
        ("a<o:p></o:p>b", "a b"),
        ("&lt;b&gt; &amp;amp; &#233; &#x1F600; &nbsp;x", "<b> &amp; é 😀 \u00a0x"),
        ("<!-- a > b -->seen<!---->", "seen"),
        ("<!doctype html><?xml a?><![if mso]>x<![endif]>", "x"),
        ("<script>if (a < b) '</p>'</script>x<STYLE>p{}</style >y", "x y"),
        ("<a title=\"a > b\" href='x>y'>z</a>", "z"),
        ("<a title=it's>x</a>'", "x'"),
        ('<a title="never closed>x</a>y', "xy"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a<b and c", "a<b and c"),
        ("<ada@example.com> <https://example.com/a>", "<ada@example.com> <https://example.com/a>"),
        ("<!-- never closed", "<!-- never closed"),
        ("<script>never <b>closed", "never closed"),
        ("a </p", "a </p"),
        ("<", "<"),
        ("<>", "<>"),
        ("</>", "</>"),
        (f"<p>{HEBREW}</p>{FAMILY}\0", f"{HEBREW}\n{FAMILY}\0"),
        ("&#99999999;&#xD800;" + "&#" + "1" * 5000 + ";", "\ufffd\ufffd\ufffd"),
    ],
)
def test_strip_tags(source: str, wanted: str) -> None:
    assert call("strip_tags", source) == wanted


@some
@given(st.text(alphabet=st.characters(exclude_characters="<&")))
def test_strip_tags_loses_no_text(text: str) -> None:
    assert call("strip_tags", text).split() == text.split() or set(text) & set("\x0b\x1c\x1d\x1e\x1f\x85\u2028\u2029")
    tagged = "".join(f"<b>{character}</b>" for character in text)
    assert call("strip_tags", tagged) == call("strip_tags", text)


@some
@given(st.text(alphabet="<>!-/ =\"'abscript&;#1"))
def test_strip_tags_ends_whatever_stands_there(text: str) -> None:
    result = call("strip_tags", text)
    assert not any(line == "" or line != line.strip(" ") for line in result.split("\n")) or not result


@pytest.mark.parametrize(
    "unit", ["<", "<!--", "<a ", '<a b="', '<a b="x>"', "<script>", "<a-", "=", "<a = ", "&#1", "<!", "</p", "<p>"]
)
def test_strip_tags_takes_time_linear_in_the_text(unit: str) -> None:
    text = unit * (150_000 // len(unit))
    begin = time.process_time()
    call("strip_tags", text)
    assert time.process_time() - begin < 3  # quadratic work would take many minutes
