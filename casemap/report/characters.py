"""Characters of foreign texts: payloads stand in problems, and a report shows them without obeying them."""

from __future__ import annotations

import unicodedata

__all__ = ["encodable", "printable", "width"]


def printable(text: str) -> str:
    """The text with everything escaped that a terminal would obey or hide: control characters, direction marks."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def encodable(text: str) -> str:
    """The text as UTF-8 can hold it: names of files can have bytes that are no characters."""
    return text.encode(errors="backslashreplace").decode()


def width(character: str) -> int:
    """The columns that a character takes on a terminal."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
