"""Functions of URLs, with the examples of RFC 3986, section 5.4."""

from __future__ import annotations

import urllib.parse

import pytest
from calls import call, fails, some
from hypothesis import given
from hypothesis import strategies as st

BASE = "http://a/b/c/d;p?q"
NORMAL = {
    "g:h": "g:h", "g": "http://a/b/c/g", "./g": "http://a/b/c/g", "g/": "http://a/b/c/g/", "/g": "http://a/g",
    "//g": "http://g", "?y": "http://a/b/c/d;p?y", "g?y": "http://a/b/c/g?y", "#s": "http://a/b/c/d;p?q#s",
    "g#s": "http://a/b/c/g#s", "g?y#s": "http://a/b/c/g?y#s", ";x": "http://a/b/c/;x", "g;x": "http://a/b/c/g;x",
    "g;x?y#s": "http://a/b/c/g;x?y#s", "": "http://a/b/c/d;p?q", ".": "http://a/b/c/", "./": "http://a/b/c/",
    "..": "http://a/b/", "../": "http://a/b/", "../g": "http://a/b/g", "../..": "http://a/", "../../": "http://a/",
    "../../g": "http://a/g",
}  # fmt: skip
ABNORMAL = {
    "../../../g": "http://a/g", "../../../../g": "http://a/g", "/./g": "http://a/g", "/../g": "http://a/g",
    "g.": "http://a/b/c/g.", ".g": "http://a/b/c/.g", "g..": "http://a/b/c/g..", "..g": "http://a/b/c/..g",
    "./../g": "http://a/b/g", "./g/.": "http://a/b/c/g/", "g/./h": "http://a/b/c/g/h", "g/../h": "http://a/b/c/h",
    "g;x=1/./y": "http://a/b/c/g;x=1/y", "g;x=1/../y": "http://a/b/c/y", "g?y/./x": "http://a/b/c/g?y/./x",
    "g?y/../x": "http://a/b/c/g?y/../x", "g#s/./x": "http://a/b/c/g#s/./x", "g#s/../x": "http://a/b/c/g#s/../x",
    "http:g": "http:g",
}  # fmt: skip


@pytest.mark.parametrize(("reference", "wanted"), [*NORMAL.items(), *ABNORMAL.items()])
def test_the_examples_of_the_rfc(reference: str, wanted: str) -> None:
    assert call("url_join", BASE, reference) == wanted


@pytest.mark.parametrize(
    ("base", "reference", "wanted"),
    [
        ("https://egain.example.com", "/system/ws/v20/1", "https://egain.example.com/system/ws/v20/1"),
        ("https://egain.example.com", "system", "https://egain.example.com/system"),
        ("https://egain.example.com?q", "", "https://egain.example.com?q"),
        ("https://egain.example.com/a?q#f", "", "https://egain.example.com/a?q"),
        ("https://e.example/a", "?", "https://e.example/a?"),
        ("https://e.example/a", "#", "https://e.example/a#"),
        ("https://e.example/a", "b:c", "b:c"),
        ("https://e.example/a/", "./b:c", "https://e.example/a/b:c"),
        ("https://e.example/a/", "1:c", "https://e.example/a/1:c"),  # no scheme starts with a digit
        ("https://e.example/a", "/x?u=/../y", "https://e.example/x?u=/../y"),
        ("https://e.example/a", "//f.example/../b", "https://f.example/b"),
        ("https://e.example/a", "/Skærm 😀", "https://e.example/Skærm 😀"),
        ("x-app://h/a/b", "../c", "x-app://h/c"),  # any scheme
        ("x+y.z-1:a/b", "c", "x+y.z-1:a/c"),
        ("urn:a", "b", "urn:b"),
        ("urn:a:b", "?q", "urn:a:b?q"),
        ("urn:a/b", "../../c", "urn:/c"),
        ("a:b/c", "..//d", "a:/.//d"),  # or it would read as the authority d
        ("a:b", ".//c", "a:/c"),
        ("file:///a/b", "/c", "file:///c"),
        ("http://a/b/c", "d/.", "http://a/b/d/"),
        ("http://a/b/c", "..\n", "http://a/b/..\n"),
        ("http://a", "../b", "http://a/b"),
        ("http://a/b//c", "../d", "http://a/b/d"),
    ],
)
def test_more_references(base: str, reference: str, wanted: str) -> None:
    assert call("url_join", base, reference) == wanted


def _rfc_remove_dot_segments(path: str) -> str:
    """Section 5.2.4, step by step as it stands there."""
    output = ""
    while path:
        if path.startswith(("../", "./")):
            path = path[path.index("/") + 1 :]
        elif path.startswith("/./") or path == "/.":
            path = "/" + path[3:]
        elif path.startswith("/../") or path == "/..":
            path = "/" + path[4:]
            output = output[: output.rindex("/")] if "/" in output else ""
        elif path in (".", ".."):
            path = ""
        else:
            end = path.find("/", 1)
            end = len(path) if end < 0 else end
            output, path = output + path[:end], path[end:]
    return output


@some
@given(st.lists(st.sampled_from(["/", ".", "..", "a", "b", "..."]), max_size=10).map("".join))
def test_dots_are_removed_as_the_rfc_does_step_by_step(path: str) -> None:
    scheme_only, wanted = call("url_join", "x:", f"y:{path}"), _rfc_remove_dot_segments(path)
    if not path.startswith("//"):
        assert scheme_only.removeprefix("y:").removeprefix("/." if wanted.startswith("//") else "") == wanted
    assert call("url_join", "http://h/", f"y://h/{path}") == "y://h" + _rfc_remove_dot_segments(f"/{path}")


def test_a_base_has_a_scheme() -> None:
    for base in ("", "/a", "//a/b", "a/b", "1a:b", "?x:y"):
        fails("CM303", "url_join", base, "c")
    fails("CM302", "url_join", 1, "c")
    fails("CM302", "url_join", "http://a", 1)


@some
@given(st.text())
def test_encoding_round_trips(text: str) -> None:
    encoded = call("url_encode", text)
    assert encoded == urllib.parse.quote(text, safe="")
    assert call("url_decode", encoded) == text
    assert set(encoded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%")


@pytest.mark.parametrize(
    ("text", "wanted"), [("%2e%2E", ".."), ("a+b", "a+b"), ("%00", "\0"), ("é%20😀", "é 😀"), ("%F0%9F%98%80", "😀")]
)
def test_url_decode(text: str, wanted: str) -> None:
    assert call("url_decode", text) == wanted


@pytest.mark.parametrize("text", ["%", "a%2", "%zz", "%%", "%+1", "%ff", "%C3", "%ED%A0%80", "%41\ud800"])
def test_what_cannot_be_decoded(text: str) -> None:
    fails("CM303", "url_decode", text)


def test_what_cannot_be_encoded() -> None:
    fails("CM303", "url_encode", "\ud800")
    fails("CM302", "url_encode", 5)
    fails("CM302", "url_decode", None or [])


@pytest.mark.parametrize(
    ("url", "name", "wanted"),
    [
        ("https://e.example/?a=1&b=2", "b", "2"),
        ("?a=1&a=2", "a", "1"),
        ("?a", "a", ""),
        ("?a=", "a", ""),
        ("?a=b=c", "a", "b=c"),
        ("?&&a=1", "a", "1"),
        ("?=1", "", "1"),
        ("?", "", None),
        ("?a=%2B+%26", "a", "+ &"),
        ("?%C3%A9=1", "é", "1"),
        ("?a+b=1", "a b", "1"),
        ("?a+b=1", "a+b", None),
        ("?%zz=1&a=2", "a", "2"),  # another's broken name is no reason to reject
        ("?%ff=1&a=2", "a", "2"),
        ("?a=1#?a=2", "a", "1"),
        ("#?a=2", "a", None),
        ("?x=1?a=2", "a", None),
        ("?a=1;b=2", "b", None),
        ("?A=1", "a", None),
        ("", "a", None),
    ],
)
def test_query_param(url: str, name: str, wanted: str | None) -> None:
    assert call("query_param", url, name) == wanted


@some
@given(st.dictionaries(st.text(), st.text()))
def test_query_params_are_read_as_forms_write_them(values: dict[str, str]) -> None:
    url = "https://e.example/?" + urllib.parse.urlencode(values)
    assert {name: call("query_param", url, name) for name in values} == values


def test_broken_query_values() -> None:
    fails("CM303", "query_param", "?a=%", "a")
    fails("CM303", "query_param", "?a=%ff", "a")
    fails("CM302", "query_param", "?a=1", 1)
    fails("CM302", "query_param", {}, "a")
