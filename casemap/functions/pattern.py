"""Functions of patterns, on RE2: no look-around, no back-references, and a search takes time linear in the text.

A pattern is searched anywhere in the text; `^` and `$` are its start and its very end (with `(?m)`, of each line).
`\\C`, a single byte of UTF-8, is refused: it could cut a character in two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from casemap.errors import Failure
from casemap.functions.arguments import BOOLEAN, LONGEST, TEXT, at_once, bound, cannot, text_for, too_long, utf8
from casemap.functions.registry import Example, Function, Parameter, wrong_type

__all__ = ["FUNCTIONS"]

_SYNTAX = "The syntax is RE2's: https://github.com/google/re2/wiki/Syntax; a backslash in a text is written twice."


@lru_cache(maxsize=512)
def _compiled(function: str, pattern: str, as_bytes: bool) -> Any:
    """An RE2 pattern for texts, or for their UTF-8, which is faster to search. `Failure` if RE2 does not read it."""
    import re2  # 6 ms that a mapping without patterns does not pay

    options = re2.Options()
    options.log_errors = False
    encoded = utf8(function, pattern)
    if _matches_bytes(pattern):
        raise cannot(function, "is no pattern: \\C can cut a character in two", pattern, "Write (?s:.) for any one.")
    try:
        return re2.compile(encoded if as_bytes else pattern, options)
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if error.args else "not understood"
        raise cannot(function, f"is no pattern: {reason}", pattern, _SYNTAX) from None


def _matches_bytes(pattern: str) -> bool:
    """Whether `\\C` stands in a pattern, outside of `\\Q…\\E`."""
    escapes = re.finditer(r"\\Q.*?(?:\\E|\Z)|\\(.)", pattern, re.DOTALL)
    return any(escape[1] == "C" for escape in escapes)


def _pattern(function: str, p: Any, as_bytes: bool) -> Any:
    return _compiled(function, text_for(function, "p", p), as_bytes)


_PLAIN_TOKEN = re.compile(r"[A-Za-z0-9 :/_-]|\[[A-Za-z0-9]-[A-Za-z0-9]\]|[()|?*+]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}")


def _plain_test(p: str) -> Callable[[Any], Any] | None:
    """Python's own match of a plain pattern, which starts faster than RE2's; None for any other.

    Plain is what both engines read alike and match in linear time: from `^` on literals, ranges and groups that are
    not nested, with one `*`, `+` or `{…}` at most, and perhaps `$` at the end.
    """
    body = p[1:-1] if p.endswith("$") else p[1:]
    tokens = _PLAIN_TOKEN.findall(body)
    loops = sum(piece in "*+" or piece[0] == "{" for piece in tokens)
    if not p.startswith("^") or "".join(tokens) != body or loops > 1:
        return None
    before, in_group = "^", False
    for piece in tokens:
        repeats = piece[0] in "?*+{"
        if (repeats and before[0] in "^(|)?*+{") or (piece == "(" and in_group) or (piece in "|)" and not in_group):
            return None
        in_group = piece == "(" or (in_group and piece != ")")
        before = piece
    if in_group:
        return None
    # for Python `$` matches before a last line break as well
    return re.compile(p[:-1] + r"\Z" if p.endswith("$") else p).match


def _settle_test(p: Any) -> Callable[[Any], bool]:
    search = _pattern("regex_test", p, as_bytes=True).search
    plain = _plain_test(p)
    if plain is not None:

        def plain_test(text: Any) -> bool:
            if type(text) is str:
                return plain(text) is not None
            raise wrong_type("regex_test", "a text", text)

        return plain_test

    def regex_test(text: Any) -> bool:
        if isinstance(text, str):
            return search(utf8("regex_test", text)) is not None
        raise wrong_type("regex_test", "a text", text)

    return regex_test


def _settle_extract(p: Any) -> Callable[[Any], str | None]:
    pattern = _pattern("regex_extract", p, as_bytes=True)
    search, group = pattern.search, min(pattern.groups, 1)

    def regex_extract(text: Any) -> str | None:
        if not isinstance(text, str):
            raise wrong_type("regex_extract", "a text", text)
        found = search(utf8("regex_extract", text))
        part = None if found is None else found[group]
        return None if part is None else part.decode()

    return regex_extract


def _settle_replace(p: Any, to: Any) -> Callable[[Any], str]:
    pattern = _pattern("regex_replace", p, as_bytes=False)
    template = _template(text_for("regex_replace", "to", to), pattern.groups)

    def regex_replace(text: Any) -> str:
        if not isinstance(text, str):
            raise wrong_type("regex_replace", "a text", text)
        parts: list[str] = []
        end = length = 0
        for found in _matches("regex_replace", pattern, text):
            put = [part if type(part) is str else found[part] or "" for part in template]
            length += sum(map(len, put))
            if length > LONGEST:
                raise too_long("regex_replace")
            parts.append(text[end : found.start()])
            parts += put
            end = found.end()
        return "".join(parts) + text[end:] if parts else text

    return regex_replace


def _template(to: str, groups: int) -> list[str | int]:
    """Literal texts and numbers of groups, in order. `Failure` for a group that the pattern does not have."""
    parts: list[str | int] = []
    end = 0
    for escape in re.finditer(r"\\(.?)", to, re.DOTALL):
        parts.append(to[end : escape.start()])
        end = escape.end()
        if escape[1] == "\\":
            parts.append("\\")
        elif escape[1] not in tuple("0123456789"):
            advice = "\\1 to \\9 stand for groups, \\0 for the whole match, \\\\ for a backslash."
            raise Failure("CM303", f"regex_replace: {escape[0]!r} in {to!r} stands for nothing", advice)
        elif int(escape[1]) > groups:
            raise Failure("CM303", f"regex_replace: the pattern has {groups} groups, and {to!r} names \\{escape[1]}")
        else:
            parts.append(int(escape[1]))
    parts.append(to[end:])
    return [part for part in parts if part != ""]


def _settle_split(p: Any) -> Callable[[Any], list[str]]:
    pattern = _pattern("regex_split", p, as_bytes=False)

    def regex_split(text: Any) -> list[str]:
        if not isinstance(text, str):
            raise wrong_type("regex_split", "a text", text)
        parts: list[str] = []
        end = 0
        for found in _matches("regex_split", pattern, text):
            parts.append(text[end : found.start()])
            end = found.end()
        parts.append(text[end:])
        return parts

    return regex_split


def _matches(function: str, pattern: Any, text: str) -> Iterator[Any]:
    utf8(function, text)  # the bindings encode it too, and would raise an error of their own
    return pattern.finditer(text)  # type: ignore[no-any-return]


_ON_TEXT = Parameter("text", TEXT, "The text to search.")
_P = Parameter("p", TEXT, "The pattern, in RE2's syntax.", fails="a text that is no pattern of RE2's")

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "regex_test",
        "pattern",
        "Whether the pattern is found anywhere in the text. `^` and `$` tie it to the start and the end, `(?i)` at "
        "its head takes upper and lower case for the same.",
        (_ON_TEXT, _P),
        BOOLEAN,
        at_once(_settle_test),
        bind=bound(_settle_test),
        examples=(
            Example(r"phone | regex_test('^\\+\\d+$')", {"phone": "+4588888888"}, True),
            Example("source | regex_test('(?i)^mail$')", {"source": "E-Mail"}, False),
        ),
    ),
    Function(
        "regex_extract",
        "pattern",
        "The first stretch of the text that the pattern matches or, if the pattern has groups, what its group 1 "
        "matched there. Absent if the pattern is not found, or group 1 took no part in the match.",
        (_ON_TEXT, _P),
        TEXT,
        at_once(_settle_extract),
        bind=bound(_settle_extract),
        may_be_absent=True,
        examples=(
            Example(r"subject | regex_extract('\\d+')", {"subject": "Order 4711 of 5"}, "4711"),
            Example(r"subject | regex_extract('\\[#(\\d+)\\]$')", {"subject": "No sound [#1000]"}, "1000"),
            Example(r"subject | regex_extract('\\d+')", {"subject": "No sound"}, absent=True),
        ),
    ),
    Function(
        "regex_replace",
        "pattern",
        "Every match of the pattern replaced by `to`. In `to`, `\\\\1` to `\\\\9` (as an expression writes them) stand "
        "for what the groups matched, nothing for a group that took no part, `\\\\0` for the whole match and "
        "`\\\\\\\\` for a backslash.",
        (
            _ON_TEXT,
            _P,
            Parameter(
                "to",
                TEXT,
                "What to put in place of each match.",
                fails="a text with another escape, or with the number of a group that the pattern does not have",
            ),
        ),
        TEXT,
        at_once(_settle_replace),
        bind=bound(_settle_replace),
        examples=(
            Example(r"phone | regex_replace('[^0-9+]', '')", {"phone": "+45 (88) 88-88"}, "+45888888"),
            Example(r"name | regex_replace('^(\\w+), (\\w+)$', '\\2 \\1')", {"name": "Lovelace, Ada"}, "Ada Lovelace"),
        ),
    ),
    Function(
        "regex_split",
        "pattern",
        "The parts of the text between the matches of the pattern, as an array. Groups in the pattern add nothing to "
        "it. A text in which the pattern is not found is its own only part.",
        (_ON_TEXT, _P),
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        at_once(_settle_split),
        bind=bound(_settle_split),
        examples=(
            Example(r"tags | regex_split('[,;]\\s*')", {"tags": "billing, urgent;eu"}, ["billing", "urgent", "eu"]),
            Example("tags | regex_split('(-)')", {"tags": "a-b"}, ["a", "b"]),
        ),
    ),
)
