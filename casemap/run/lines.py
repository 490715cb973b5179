"""One line of NDJSON as a value."""

from __future__ import annotations

import json
from typing import Any

import orjson

from casemap.errors import CasemapError
from casemap.syntax.json_text import decode, may_lose_digits, read_json

__all__ = ["is_blank", "may_lose_digits", "read_exactly", "read_line"]

_MOST_PROBLEMS = 100
"""A text with as many was not read to its end."""


def is_blank(line: bytes) -> bool:
    """Whether a line has nothing but white space."""
    return not line or line.isspace()


def read_line(line: bytes, file: str | None = None, number: int = 1, *, strict: bool = False) -> Any:
    """The value of a line, with exact numbers. Raises `CasemapError`: CM102 to CM109.

    Of two members of one name the last one counts, unless `strict`: then the line is refused (CM105).
    """
    try:
        return read_json(line, file, number)
    except CasemapError as error:
        codes = {problem.code for problem in error.problems}
        if strict or codes != {"CM105"} or len(error.problems) >= _MOST_PROBLEMS:
            raise
        return json.loads(decode(line))


def read_exactly(line: bytes) -> Any:
    """What `read_line` gives, faster for a line in which no number is long. Raises `ValueError` and `CasemapError`."""
    return read_line(line) if may_lose_digits(line) else orjson.loads(line)
