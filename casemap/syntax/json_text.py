"""JSON texts (RFC 8259) to values and back, exactly or not at all.

orjson reads and writes. It silently keeps the last of two members of one name, and turns an integer of 2^64 and more
into a rounded float, so every text is checked for both, at about the cost of another reading. Where a number may have
lost digits, the standard library's parser reads again, whose integers are exact. Where anything is wrong,
`casemap.syntax.json_problems` finds out what.

A byte-order mark at the start is skipped, as RFC 8259 section 8.1 permits; other encodings than UTF-8 are refused.
"""

from __future__ import annotations

import json
import math
from typing import Any

import orjson

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.syntax.json_numbers import number_fault
from casemap.syntax.json_problems import MAX_DEPTH, json_problems
from casemap.syntax.json_tokens import place

__all__ = ["MAX_DEPTH", "decode", "read_json", "write_json"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_SHAPE = bytes.maketrans(b"123456789E", b"000000000e")
_LONG_NUMBER = b"0" * 18  # the shortest that may not fit: a double holds any 17 digits, 64 bits any 18
_TINY_NUMBER = b"0e-000"


def read_json(data: bytes, file: str | None = None, first_line: int = 1) -> Any:
    """The value of a JSON text. Raises `CasemapError` with the problems of the text, each with line and column.

    `first_line` is the number of the text's first line, for a text that is part of a file.

    CM102 not UTF-8, CM103 not JSON, CM105 a member twice, CM106 NaN or an infinity, CM107 nested too deep, CM108 half
    of a surrogate pair, CM109 a number that cannot be kept, CM110 empty.
    """
    data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        value = orjson.loads(data)
        written = orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _read_carefully(data, file, first_line)
    if _quotes(written) != _quotes(data):
        return _read_carefully(data, file, first_line)
    return _read_exactly(data, file, first_line) if _may_lose_digits(data) else value


def _quotes(data: bytes) -> int:
    """A number that is equal for a text and for its value written again, unless members were dropped.

    Each text in it counts for at least one: its first quote is never escaped. A quote behind a backslash is left out,
    be it escaped or the end of a text that ends with a backslash; the latter makes the number differ where one side
    spells that backslash `\\u005c`, so the answer "equal" is sure, "different" is not.
    """
    return data.count(b'"') - data.count(b'\\"')


def _may_lose_digits(data: bytes) -> bool:
    """Whether some number may not fit; false is sure. The digits in texts are taken for numbers, too: a glance is fast.

    What is too great for a double, orjson refuses itself.
    """
    shape = data.translate(_SHAPE, b".")
    return _LONG_NUMBER in shape or _TINY_NUMBER in shape


def _read_exactly(data: bytes, file: str | None, first_line: int) -> Any:
    """The same value with exact integers, by the standard library's parser, at about three times the cost."""
    try:
        return _EXACT.decode(data.decode())
    except (ValueError, RecursionError):
        return _read_carefully(data, file, first_line)


def _double(literal: str) -> float:
    if number_fault(literal) is not None:
        raise ValueError(literal)
    return float(literal)


_EXACT = json.JSONDecoder(parse_float=_double)


def _read_carefully(data: bytes, file: str | None, first_line: int) -> Any:
    text = decode(data, file, first_line)
    problems = json_problems(text, first_line)
    if problems:
        raise CasemapError(problem.at(file=file) for problem in problems)
    try:
        return json.loads(text)
    except RecursionError:
        advice = "Read it from a shallower call."
        problem = Problem("CM107", "nested too deep for the calls around the reader", advice, file=file)
        raise CasemapError([problem]) from None


def decode(data: bytes, file: str | None = None, first_line: int = 1) -> str:
    """A text file's characters, without a byte-order mark. Raises `CasemapError` (CM102) for anything but UTF-8."""
    data = data.removeprefix(_BYTE_ORDER_MARK)
    start = _foreign_byte(data)
    if start is None:
        return data.decode()
    before = data[:start].decode()
    line, column = place(before, len(before), first_line)
    message = f"not a text in UTF-8: byte 0x{data[start]:02x}"
    problem = Problem("CM102", message, "Save the file as UTF-8.", file=file, line=line, column=column)
    raise CasemapError([problem])


def _foreign_byte(data: bytes) -> int | None:
    """The offset of the first byte that cannot be UTF-8, or None."""
    if b"\x00" in data[:4]:
        return 0  # UTF-16 or UTF-32 without a mark: valid UTF-8, but neither JSON nor YAML has a zero byte
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def write_json(value: Any, *, indent: bool = False) -> bytes:
    """The JSON text of a value, in UTF-8: compact, or indented by two spaces. No line feed at the end.

    Integers of any size are written exactly. Raises `CasemapError` for what JSON cannot hold: a number that is not
    finite (CM106), half of a surrogate pair (CM108), nesting without end (CM107).
    """
    try:
        written = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else None)
    except orjson.JSONEncodeError:
        return _write_slowly(value, indent=indent)
    if b"null" in written and not _all_finite(value):
        return _write_slowly(value, indent=indent)  # orjson writes NaN as null
    return written


def _write_slowly(value: Any, *, indent: bool) -> bytes:
    separators = (",", ": ") if indent else (",", ":")
    try:
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, indent=2 if indent else None, separators=separators
        )
        return text.encode()
    except UnicodeEncodeError:
        problem = Problem("CM108", "a text of the result has half of a surrogate pair, which is no character")
    except RecursionError:
        problem = Problem("CM107", "the result is nested too deep to be written")
    except ValueError:  # "Out of range float values", the circular reference, and integers of more than 4,300 digits
        problem = Problem("CM106", "a number of the result is not finite, or too long to be written")
    raise CasemapError([problem])


def _all_finite(value: Any) -> bool:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, list | tuple):
            pending.extend(item)
        elif isinstance(item, float) and not math.isfinite(item):
            return False
    return True
