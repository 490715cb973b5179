"""The tokens of a JSON text, with their places.

Takes a decoded text, gives tokens in order; knows nothing of how they belong together. A text that no token fits ends
the tokens: `casemap.syntax.json_problems` says why, `casemap.syntax.positions` needs no more.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["STRING_PART", "Token", "other_place", "place", "skip_space", "string_value", "tokens"]

_SPACE = re.compile(r"[ \t\n\r]*+")

# Before Python 3.11.5, a possessive group that fails halfway keeps what it has seen (python/cpython#106052). There the
# group gives back item by item: that takes memory, and no more than linear time either.
_KEEPS = "+" if sys.version_info >= (3, 11, 5) else ""

STRING_PART = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*' + _KEEPS
"""A pattern for a string as far as it is one, without the quote at its end."""

# RFC 8259, sections 2 to 7. Possessive quantifiers, so that no text takes more than linear time. NaN and the
# infinities are read here so that the problem can name them. A scalar that runs on into more letters, digits or signs
# (2021-08-25, 007, 1.5.2, nullable) is no token.
_TOKEN = re.compile(
    r"""[ \t\n\r]*+
    (?:(?P<punctuation>[][{},:])
      |(?P<string>"""
    + STRING_PART
    + r"""")
      |(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?![\w.+-])
      |(?P<word>true|false|null)(?![\w.+-])
      |(?P<not_finite>NaN|-?Infinity)(?![\w.+-])
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A token: its kind (punctuation, string, number, word or not_finite), its text, and where the text starts."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.start + len(self.text)


def tokens(text: str, position: int = 0) -> Iterator[Token]:
    """The tokens of a text from an offset on, up to its end or to the first place that no token fits."""
    while (match := _TOKEN.match(text, position)) is not None:
        kind = match.lastgroup or ""
        yield Token(kind, match[kind], match.start(kind))
        position = match.end()


def skip_space(text: str, position: int) -> int:
    """The offset of the next character that is no white space, or the text's length."""
    match = _SPACE.match(text, position)
    return match.end() if match else position


def string_value(literal: str) -> str:
    """What a string token stands for, escapes decoded."""
    return json.loads(literal) if "\\" in literal else literal[1:-1]


def place(text: str, offset: int, first_line: int = 1) -> tuple[int, int]:
    """Line and column of a character; columns count from 1, a column is one character, a line ends with a line feed."""
    return text.count("\n", 0, offset) + first_line, offset - text.rfind("\n", 0, offset)


def other_place(text: str, offset: int, seen_from: int, first_line: int = 1) -> str:
    """A place in words, for a problem that stands at another place: its line is told only where it is another."""
    line, column = place(text, offset, first_line)
    same = place(text, seen_from, first_line)[0] == line
    return f"column {column}" if same else f"line {line}, column {column}"
