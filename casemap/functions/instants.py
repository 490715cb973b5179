"""Instants, and their ISO 8601 text.

An instant is a whole number of microseconds since 1970-01-01T00:00:00Z. What is finer is cut, which is the same as
going back to the microsecond before, also ahead of 1970.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from casemap.functions.arguments import cannot
from casemap.functions.zones import FixedZone, Zone, offset_of

__all__ = [
    "MICRO",
    "date_of",
    "day_of",
    "instant_of",
    "is_rfc3339",
    "iso_reader",
    "iso_writer",
    "microseconds_of",
    "offset_text",
    "zone_in",
]

MICRO = 1_000_000
_DAY = 86400
_EPOCH = 719163  # the ordinal of 1970-01-01
_CYCLE = 146097  # days in 400 years, after which the calendar repeats: the year 0 is like the year 400


def day_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a date in the years 0 to 9999; `ValueError` if there is no such date."""
    if year == 0:
        return date(400, month, day).toordinal() - _CYCLE - _EPOCH
    return date(year, month, day).toordinal() - _EPOCH


def date_of(day: int) -> tuple[int, date] | None:
    """The year and a date with this month and day; None outside of the years 0 to 9999.

    In the year 0 it is the date of the year 400, which falls on the same day of the week.
    """
    ordinal = day + _EPOCH
    if 1 <= ordinal <= 3652059:
        found = date.fromordinal(ordinal)
        return found.year, found
    return (0, date.fromordinal(ordinal + _CYCLE)) if -366 < ordinal < 1 else None


def microseconds_of(fraction: str | None) -> int:
    """Of the digits after the point, cut after the sixth."""
    return int((fraction + "00000")[:6]) if fraction else 0


def instant_of(text: str, local: int, second: int, micro: int, zone: Zone) -> int:
    """The instant of a local time (its seconds since 1970, without `second`); `Failure` if it does not exist.

    The second 60 is there only at 23:59:60 UTC: it becomes the second after.
    """
    instant = zone.instant_of(local + min(second, 59))
    if instant is None:
        raise cannot("datetime", "is a time that the clocks of its zone skipped", text)
    if second == 60:
        if instant % _DAY != _DAY - 1:
            raise cannot("datetime", "has a second 60, which is there at 23:59:60 UTC alone", text)
        instant += 1
    return instant * MICRO + micro


@cache
def _iso() -> re.Pattern[str]:
    return re.compile(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([01][0-9]|2[0-3]):([0-5][0-9])"
        r"(?::([0-5][0-9]|60)(?:\.([0-9]+))?)?"
        r"([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
    )


@cache
def _rfc3339() -> re.Pattern[str]:
    """RFC 3339, section 5.6, without the space in place of `T` that its note allows for reading."""
    return re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
    )


def is_rfc3339(text: str) -> bool:
    """Whether the text has the form of `format: date-time`; that its numbers name a time is not looked at."""
    return _rfc3339().fullmatch(text) is not None


def iso_reader(assumed: Zone | None, strict: bool) -> Callable[[str], int]:
    """What gives the instant of an ISO 8601 text, or of an RFC 3339 one if `strict`; it raises `Failure`."""
    pattern = _iso()

    def read(text: str) -> int:
        match = pattern.fullmatch(text)
        if match is None or (strict and not is_rfc3339(text)):
            form = "an RFC 3339 date-time" if strict else "a date and a time in ISO 8601"
            raise cannot("datetime", f"is not {form}", text, "Such a text reads like 2021-08-25T13:18:25.000Z.")
        year, month, day, hour, minute, second, fraction, offset = match.groups()
        try:
            days = day_of(int(year), int(month), int(day))
        except ValueError:
            raise cannot("datetime", "has a date that no calendar has", text) from None
        local = days * _DAY + int(hour) * 3600 + int(minute) * 60
        zone = zone_in(text, offset, assumed)
        return instant_of(text, local, int(second or 0), microseconds_of(fraction), zone)

    return read


def zone_in(text: str, offset: str | None, assumed: Zone | None) -> Zone:
    """The zone that a text's own offset says, else the assumed one; `Failure` if there is neither."""
    if offset is None:
        if assumed is None:
            raise cannot("datetime", "has no offset from UTC", text, "assume_zone says which one is meant.")
        return assumed
    seconds = offset_of(offset)
    if seconds is None:
        raise cannot("datetime", f"has the offset {offset}, which is beyond 23:59", text)
    return FixedZone(seconds)


def iso_writer(zone: Zone, digits: int) -> Callable[[int], Any]:
    """What writes an instant with so many digits of the second's fraction; None outside of the years 0 to 9999."""

    def write(instant: int) -> str | None:
        seconds, micro = divmod(instant, MICRO)
        offset = zone.offset_at(seconds)
        days, rest = divmod(seconds + offset, _DAY)
        found = date_of(days)
        if found is None:
            return None
        year, day = found
        fraction = f".{micro:06}"[: digits + 1] if digits else ""
        clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}{fraction}"
        return f"{year:04}-{day.month:02}-{day.day:02}T{clock}{offset_text(offset, ':')}"

    return write


def offset_text(offset: int, colon: str) -> str:
    """An offset in whole minutes, as RFC 3339 writes it (zero is `Z`) or, without the colon, as `%z` does."""
    if offset == 0 and colon:
        return "Z"
    minutes = abs(offset) // 60
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}{colon}{minutes % 60:02}"
