"""Why a token may not stand where it stands: the usual mistakes in JSON texts, and what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from casemap.syntax.json_numbers import shortened
from casemap.syntax.json_tokens import STRING_PART, Token, other_place

__all__ = ["Expected", "Mistake", "Situation", "explain"]

Expected = Literal["value", "value or ]", "name", "name or }", ":", ", or }", ", or ]", "end"]

_WORDS: dict[Expected, str] = {
    "value": "a value",
    "value or ]": "a value or `]`",
    "name": "a member name in double quotes",
    "name or }": "a member name in double quotes, or `}`",
    ":": "`:`",
    ", or }": "`,` or `}`",
    ", or ]": "`,` or `]`",
    "end": "nothing more",
}
_QUOTES = "'`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"
_BARE = re.compile(r"""[^\s,:\[\]{}"']+""")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_GOOD_PART = re.compile(STRING_PART)
_SPELLINGS = {"true": "true", "false": "false", "null": "null", "none": "null", "nil": "null", "undefined": "null"}


@dataclass(frozen=True, slots=True)
class Situation:
    """The reader has come to `position`, where only `expected` may stand; `opened` is the innermost open bracket."""

    text: str
    position: int
    expected: Expected
    previous: Token | None
    opened: int | None
    first_line: int

    @property
    def character(self) -> str:
        """The character that may not stand here; empty at the end of the text."""
        return self.text[self.position : self.position + 1]

    @property
    def bare(self) -> str:
        """The word that starts here, as far as it goes without quotes."""
        match = _BARE.match(self.text, self.position)
        return match[0] if match else ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, at which offset, and what to do about it."""

    position: int
    message: str
    help: str
    code: str = "CM103"


def explain(at: Situation) -> Mistake:
    """The mistake that explains the situation best."""
    if not at.character:
        return _too_early(at)
    for explanation in (_trailing_comma, _comment, _text, _quotes, _more_documents, _name, _literal):
        mistake = explanation(at)
        if mistake is not None:
            return mistake
    return Mistake(at.position, f"{_WORDS[at.expected]} expected, but {_shown(at)} found", _advice(at))


def _too_early(at: Situation) -> Mistake:
    if at.previous is None:
        return Mistake(0, "the text is empty", "A JSON text holds one value, for example {} or [].", "CM110")
    advice = "The file may have been cut off."
    if at.opened is not None:
        opened = other_place(at.text, at.opened, at.position, at.first_line)
        advice = f"The `{at.text[at.opened]}` at {opened} is not closed. {advice}"
    return Mistake(at.position, f"the text ends where {_WORDS[at.expected]} was expected", advice)


def _trailing_comma(at: Situation) -> Mistake | None:
    if at.character not in "}]" or at.previous is None or at.previous.text != ",":
        return None
    return Mistake(at.previous.start, f"a comma stands before the closing `{at.character}`", "Remove the comma.")


def _comment(at: Situation) -> Mistake | None:
    if at.character != "#" and at.text[at.position : at.position + 2] not in {"//", "/*"}:
        return None
    return Mistake(at.position, "JSON has no comments", "Remove the comment.")


def _text(at: Situation) -> Mistake | None:
    """A text in double quotes that is broken inside."""
    if at.character != '"':
        return None
    match = _GOOD_PART.match(at.text, at.position)
    end = match.end() if match else at.position
    found = at.text[end : end + 1]
    if found == '"':
        return None  # the text itself is right, but may not stand here
    if found == "\\" and end + 1 < len(at.text):
        return _escape(at, end)
    if not found or found == "\\":
        opened = other_place(at.text, at.position, end, at.first_line)
        advice = 'Add the closing `"`; the file may have been cut off.'
        return Mistake(end, f"the text that begins at {opened} is not closed", advice)
    if found in "\r\n":
        advice = 'Write a line break as \\n, or add the closing `"`.'
        return Mistake(end, "a text may not run over the end of its line", advice)
    advice = f"Write it as \\u{ord(found):04x}."
    return Mistake(end, f"the control character U+{ord(found):04X} may not stand in a text", advice)


def _escape(at: Situation, position: int) -> Mistake:
    shown = at.text[position : position + 2]
    if shown == "\\u":
        shown = at.text[position : position + 6]
        return Mistake(position, f"`{shown}` is not an escape", "Four hexadecimal digits follow \\u.")
    advice = 'JSON has \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits; a backslash itself is written \\\\.'
    return Mistake(position, f"`{shown}` is not an escape", advice)


def _quotes(at: Situation) -> Mistake | None:
    if at.character not in _QUOTES:
        return None
    return Mistake(at.position, f"{at.character} does not quote a text in JSON", 'Use double quotes, `"`.')


def _more_documents(at: Situation) -> Mistake | None:
    if at.expected != "end":
        return None
    if at.previous is None or at.previous.end == at.position:
        return Mistake(at.position, f"{_shown(at)} follows the end of the document", "Check the brackets before it.")
    advice = "One document a line is NDJSON: name the file .ndjson, or give --input-format ndjson."
    return Mistake(at.position, f"{_shown(at)} follows the end of the document", advice)


def _name(at: Situation) -> Mistake | None:
    if not at.expected.startswith("name") or not at.bare or at.bare[0] in "-+.":
        return None
    name = shortened(at.bare)
    return Mistake(at.position, f"the member name {name} stands without quotes", f'Write "{name}".')


def _literal(at: Situation) -> Mistake | None:
    """A value without quotes that JSON does not know."""
    if not at.expected.startswith("value") or not at.bare:
        return None
    date = _DATE.match(at.text, at.position)
    if date:
        return Mistake(at.position, f"the date {date[0]} stands without quotes", f'Write "{date[0]}".')
    word = shortened(at.bare)
    if at.bare.lower() in _SPELLINGS:
        return Mistake(at.position, f"{word} is not a JSON value", f"Write {_SPELLINGS[at.bare.lower()]}.")
    if at.character in "+-.0123456789":
        advice = (
            "A JSON number has no leading zero or plus, and digits on both sides of its point; quote anything else."
        )
        return Mistake(at.position, f"{word} is not a JSON number", advice)
    return Mistake(at.position, f"{word} is not a JSON value", f'If it is a text, write "{word}".')


def _shown(at: Situation) -> str:
    """What stands at the position, for a message."""
    if at.character == '"':
        match = _GOOD_PART.match(at.text, at.position)
        return f"the text {shortened(match[0])}" + '"' if match else "a text"
    if at.bare and at.character.isprintable():
        return shortened(at.bare)
    return f"`{at.character}`" if at.character.isprintable() else f"U+{ord(at.character):04X}"


def _advice(at: Situation) -> str:
    match at.expected:
        case ", or }" | ", or ]" if at.character not in "}]:":
            return "Put a comma before it."
        case ":":
            return "A member is a name, a colon and a value."
        case "value" | "value or ]" if at.character in ",}]":
            return "A value is missing here; write null for none."
        case _:
            return "Check the brackets around this place."
