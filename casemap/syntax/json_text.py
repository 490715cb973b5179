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
from casemap.syntax import MAX_DEPTH

__all__ = ["DIGIT_SHAPE", "MAX_DEPTH", "decode", "may_lose_digits", "read_json", "write_json"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

DIGIT_SHAPE = bytes.maketrans(b"123456789.E \t\n\r:[-", b"0000000000e,,,,,,,")
_DIGITS = b"0" * 18  # the fewest that may not fit: a double holds any 17 digits, 64 bits any 18
_LONG_NUMBER = b"," + _DIGITS
_TINY_NUMBER = b"0e,000"


def read_json(data: bytes, file: str | None = None, first_line: int = 1, *, allow_duplicate_keys: bool = False) -> Any:
    """The value of a JSON text. Raises `CasemapError` with the problems of the text, each with line and column.

    `first_line` is the number of the text's first line, for a text that is part of a file. With `allow_duplicate_keys`,
    the last of several members of one name counts, numbers that do not fit 64 bits are read as the nearest double, and
    texts may be nested as deep as orjson reads them (1,024): that takes about half the time.

    CM102 not UTF-8, CM103 not JSON, CM105 a member twice, CM106 NaN or an infinity, CM107 nested too deep, CM108 half
    of a surrogate pair, CM109 a number that cannot be kept, CM110 empty.
    """
    data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        value = orjson.loads(data)
        if not allow_duplicate_keys and _quotes(orjson.dumps(value)) != _quotes(data):
            return _read_carefully(data, file, first_line, allow_duplicate_keys)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _read_carefully(data, file, first_line, allow_duplicate_keys)
    if not allow_duplicate_keys and may_lose_digits(data):
        return _read_exactly(data, file, first_line, allow_duplicate_keys)
    return value


def _quotes(data: bytes) -> int:
    """A number that is equal for a text and for its value written again, unless members were dropped.

    Each text in it counts for at least one: its first quote is never escaped. A quote behind a backslash is left out,
    be it escaped or the end of a text that ends with a backslash; the latter makes the number differ where one side
    spells that backslash `\\u005c`, so the answer "equal" is sure, "different" is not.
    """
    quotes = data.count(b'"')
    return quotes - data.count(b'\\"') if b"\\" in data else quotes


def may_lose_digits(data: bytes) -> bool:
    """Whether some number may not fit; false is sure.

    A glance at the runs of digits and points, and at what stands before a long one: texts are full of digits, and few
    of them look like numbers. What is too great for a double, orjson refuses itself.
    """
    shape = data.translate(DIGIT_SHAPE)
    if _LONG_NUMBER in shape or shape.startswith(_DIGITS):
        return True
    return _TINY_NUMBER in shape and _has_tiny_number(shape)


def _has_tiny_number(shape: bytes) -> bool:
    """Whether one of the runs of digits before a negative exponent begins where a number can."""
    found = shape.find(_TINY_NUMBER)
    while found >= 0:
        start = found
        # a longer run of digits has been judged as a long number
        while start > max(0, found - len(_DIGITS)) and shape[start - 1] == _DIGITS[0]:
            start -= 1
        if start == 0 or shape[start - 1] == _LONG_NUMBER[0]:
            return True
        found = shape.find(_TINY_NUMBER, found + len(_TINY_NUMBER))
    return False


def _read_exactly(data: bytes, file: str | None, first_line: int, allow_duplicate_keys: bool) -> Any:
    """The same value with exact integers, by the standard library's parser, at about three times the cost."""
    try:
        return _EXACT.decode(data.decode())
    except (ValueError, RecursionError):
        return _read_carefully(data, file, first_line, allow_duplicate_keys)


def _double(literal: str) -> float:
    from casemap.syntax.json_numbers import number_fault

    if number_fault(literal) is not None:
        raise ValueError(literal)
    return float(literal)


_EXACT = json.JSONDecoder(parse_float=_double)


def _read_carefully(data: bytes, file: str | None, first_line: int, allow_duplicate_keys: bool) -> Any:
    from casemap.syntax.json_problems import json_problems

    text = decode(data, file, first_line)
    problems = json_problems(text, first_line, allow_duplicate_keys=allow_duplicate_keys)
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
    from casemap.syntax.json_tokens import place

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
