"""Code spans in words: how a name or value is set into a sentence, and how it is found there again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["code", "listed", "parts", "path_code", "value_code"]

LONGEST = 160
MOST = 8
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def code(text: str) -> str:
    """A text as a code span; one that is long is cut."""
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    inside = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (inside + 1)
    space = " " if inside or (text[:1] == " " and text[-1:] == " " and text.strip()) else ""
    return f"{fence}{space}{text}{space}{fence}" if text else '`""`'


def path_code(text: str) -> str:
    """A path as a code span, in full: what it names is looked for elsewhere."""
    return text if len(text) > LONGEST and "`" in text else f"`{text}`" if len(text) > LONGEST else code(text)


def value_code(value: Any) -> str:
    """A JSON value as a code span: a text as it stands, unless it would read as another value."""
    text = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return code(text)
    plain = value.isprintable() and value.strip() == value and value and not _is_json(value)
    return code(value if plain else text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words in a row; of many the first ones."""
    shown = list(words)
    if len(shown) > MOST + 1:
        shown = [*shown[:MOST], f"{len(shown) - MOST} more"]
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def parts(words: str) -> Iterator[tuple[bool, str]]:
    """The pieces of a sentence, each with whether it is code."""
    end = 0
    for found in _SPAN.finditer(words):
        if found.start() > end:
            yield False, words[end : found.start()]
        text = found.group(2)
        stripped = text[1:-1] if len(text) > 2 and text[0] == text[-1] == " " and text.strip() else text
        yield True, stripped
        end = found.end()
    if end < len(words):
        yield False, words[end:]
