"""A slow second opinion on `datetime`: the language's ISO 8601 forms read by hand, times as exact fractions.

It shares nothing with the implementation: no pattern, no library of times but the standard one, and that only for the
calendar of the years 1 to 9999.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

REJECT = "REJECT"
_DIGITS = frozenset("0123456789")


def _number(text: str, size: int | None = None) -> int:
    if not text or set(text) - _DIGITS or size not in (None, len(text)):
        raise ValueError(text)
    return int(text)


def _between(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(number)
    return number


def _offset(text: str) -> int:
    """Minutes."""
    if text in ("Z", "z"):
        return 0
    sign = {"+": 1, "-": -1}[text[0]]
    digits = text[1:]
    if len(digits) == 5 and digits[2] == ":":
        digits = digits[:2] + digits[3:]
    if len(digits) == 2:
        digits += "00"
    _number(digits, 4)
    return sign * (_between(int(digits[:2]), 0, 23) * 60 + _between(int(digits[2:]), 0, 59))


def _ordinal(year: int, month: int, day: int) -> int:
    """Days since 0001-01-01, negative in the year 0."""
    if year > 0:
        return (date(year, month, day) - date(1, 1, 1)).days
    return (
        date(4, month, day) - date(4, 1, 1)
    ).days - 366  # a leap year, like every fourth but three of four hundredths


def read(text: str, assumed_minutes: int | None) -> tuple[Fraction, bool]:
    """Seconds since 0001-01-01T00:00:00Z, and whether the text is a `date-time` of RFC 3339; ValueError or KeyError."""
    if text[4:5] != "-" or text[7:8] != "-" or text[10:11] not in ("T", "t", " ") or text[13:14] != ":":
        raise ValueError(text)
    ordinal = _ordinal(_number(text[:4], 4), _number(text[5:7], 2), _number(text[8:10], 2))
    hour, minute = _between(_number(text[11:13], 2), 0, 23), _between(_number(text[14:16], 2), 0, 59)
    rest, second, fraction, strict = text[16:], 0, Fraction(0), text[10] != " "
    if rest.startswith(":"):
        second, rest = _between(_number(rest[1:3], 2), 0, 60), rest[3:]
        if rest.startswith("."):
            digits = rest[1:].rstrip("Zz") if rest[-1] in "Zz" else rest[1:].partition("+")[0].partition("-")[0]
            fraction, rest = Fraction(_number(digits), 10 ** len(digits)), rest[1 + len(digits) :]
    else:
        strict = False
    if rest:
        minutes, strict = _offset(rest), strict and (rest in ("Z", "z") or len(rest) == 6)
    elif assumed_minutes is not None:
        minutes, strict = assumed_minutes, False
    else:
        raise ValueError(text)
    whole = ordinal * 86400 + hour * 3600 + (minute - minutes) * 60 + min(second, 59)
    if second == 60:
        if whole % 86400 != 86399:
            raise ValueError(text)
        whole += 1
    return whole + fraction, strict


def write(instant: Fraction, minutes: int, digits: int) -> str | None:
    local = instant + minutes * 60
    days, seconds = divmod(local, 86400)
    cut = int(seconds * 10**digits)  # floor, for it is not negative
    clock, fraction = divmod(cut, 10**digits)
    if not -366 <= days <= 3652058:
        return None
    if days >= 0:
        day = (date(1, 1, 1) + timedelta(days=int(days))).isoformat()
    else:
        day = "0000" + (date(4, 1, 1) + timedelta(days=int(days) + 366)).isoformat()[4:]
    ending = f".{fraction:0{digits}}" if digits else ""
    zone = "Z" if minutes == 0 else f"{'+' if minutes > 0 else '-'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return f"{day}T{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}{ending}{zone}"


def converted(text: str, minutes: int = 0, digits: int = 3, assumed_minutes: int | None = None) -> str:
    """What `datetime` gives for an ISO 8601 text, or REJECT."""
    try:
        instant, strict = read(text, assumed_minutes)
    except (ValueError, KeyError, IndexError):
        return REJECT
    return write(instant, minutes, digits) or (text if strict else REJECT)
