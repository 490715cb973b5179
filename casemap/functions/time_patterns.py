"""Patterns of dates and times: the portable directives of strftime, in English, the same on every machine.

Read exactly, but for two things: a leading zero may be missing where no other digit stands beside the number, and
names are read in upper and lower case alike. What a pattern does not say about the time is zero; a date it must say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from casemap.errors import Failure
from casemap.functions.arguments import cannot
from casemap.functions.instants import date_of, day_of, instant_of, microseconds_of, offset_text, zone_in
from casemap.functions.zones import Zone

__all__ = ["pattern_reader", "pattern_writer"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class _Local(NamedTuple):
    """A time as its zone shows it. `date` has the month, the day and the weekday, the year stands beside it."""

    year: int
    date: date
    hour: int
    minute: int
    second: int
    micro: int
    offset: int


_WRITERS: dict[str, Callable[[_Local], str]] = {
    "Y": lambda t: f"{t.year:04}",
    "m": lambda t: f"{t.date.month:02}",
    "d": lambda t: f"{t.date.day:02}",
    "H": lambda t: f"{t.hour:02}",
    "I": lambda t: f"{(t.hour - 1) % 12 + 1:02}",
    "M": lambda t: f"{t.minute:02}",
    "S": lambda t: f"{t.second:02}",
    "f": lambda t: f"{t.micro:06}",
    "j": lambda t: f"{t.date.timetuple().tm_yday:03}",
    "p": lambda t: "AM" if t.hour < 12 else "PM",
    "y": lambda t: f"{t.year % 100:02}",
    "z": lambda t: offset_text(t.offset, ""),
    "b": lambda t: _MONTHS[t.date.month - 1][:3],
    "B": lambda t: _MONTHS[t.date.month - 1],
    "a": lambda t: _DAYS[t.date.weekday()][:3],
    "A": lambda t: _DAYS[t.date.weekday()],
}


def _one_of(names: Iterable[str]) -> str:
    return f"(?i:{'|'.join(names)})"


# directive: what it matches beside other digits, and what it matches alone
_NUMBERS = {
    "Y": ("[0-9]{4}", "[0-9]{4}"),
    "m": ("[0-9]{2}", "[0-9]{1,2}"),
    "d": ("[0-9]{2}", "[0-9]{1,2}"),
    "H": ("[0-9]{2}", "[0-9]{1,2}"),
    "I": ("[0-9]{2}", "[0-9]{1,2}"),
    "M": ("[0-9]{2}", "[0-9]{1,2}"),
    "S": ("[0-9]{2}", "[0-9]{1,2}"),
    "f": ("[0-9]{6}", "[0-9]+"),
    "j": ("[0-9]{3}", "[0-9]{1,3}"),
    "y": ("[0-9]{2}", "[0-9]{2}"),
}
_WORDS = {
    "p": _one_of(["AM", "PM"]),
    "z": "[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?",
    "b": _one_of([name[:3] for name in _MONTHS]),
    "B": _one_of(_MONTHS),
    "a": _one_of([name[:3] for name in _DAYS]),
    "A": _one_of(_DAYS),
}

# Pairs of directives of which an input pattern has only one: they say the same thing, and could contradict it.
_SAME = ("Yy", "jm", "jd", "jb", "jB", "mb", "mB", "bB", "HI", "Hp", "aA")


def _parts(pattern: str) -> list[str]:
    """The pattern's directives, as `%Y`, and the literal texts between them; `%%` is the literal `%`."""
    parts: list[str] = []
    for part in re.findall(r"%.?|[^%]+", pattern, re.DOTALL):
        if part[0] != "%":
            parts.append(part)
        elif part == "%%":
            parts.append("%")
        elif part[1:] in _WRITERS:
            parts.append(part)
        else:
            advice = f"The directives are %% and {' '.join('%' + letter for letter in _WRITERS)}."
            raise Failure("CM303", f"datetime: {part!r} in {pattern!r} is no portable directive", advice)
    return parts


def _is_directive(part: str) -> bool:
    return len(part) == 2 and part[0] == "%"


def pattern_writer(pattern: str, zone: Zone) -> Callable[[int], Any]:
    """What writes an instant by a pattern; None outside of the years 0 to 9999. `Failure` for a wrong pattern."""
    parts = [_WRITERS[part[1]] if _is_directive(part) else part for part in _parts(pattern)]

    def write(instant: int) -> str | None:
        seconds, micro = divmod(instant, 1_000_000)
        offset = zone.offset_at(seconds)
        days, rest = divmod(seconds + offset, 86400)
        found = date_of(days)
        if found is None:
            return None
        local = _Local(*found, rest // 3600, rest // 60 % 60, rest % 60, micro, offset)
        return "".join(part if isinstance(part, str) else part(local) for part in parts)

    return write


def pattern_reader(pattern: str, assumed: Zone | None) -> Callable[[str], int]:
    """What gives the instant of a text in that pattern; it raises `Failure`, and so does this for a wrong pattern."""
    parts = _parts(pattern)
    _check_input(pattern, {part[1] for part in parts if _is_directive(part)}, parts, assumed)
    matcher = re.compile("".join(_matching(parts, at) for at in range(len(parts))))

    def read(text: str) -> int:
        match = matcher.fullmatch(text)
        if match is None:
            raise cannot("datetime", f"is not written as {pattern}", text)
        found = match.groupdict()
        day = _day(text, found)
        local = day * 86400 + _hour(text, found) * 3600 + _number(text, found, "M", 0, 59) * 60
        second = _number(text, found, "S", 0, 60)
        zone = zone_in(text, found.get("z"), assumed)
        return instant_of(text, local, second, microseconds_of(found.get("f")), zone)

    return read


def _check_input(pattern: str, said: set[str], parts: list[str], assumed: Zone | None) -> None:
    """`Failure` for a pattern that says something twice, or not enough for one instant."""
    twice = [f"%{letter}" for letter in _WRITERS if parts.count(f"%{letter}") > 1]
    twice += [f"%{one} and %{other}" for one, other in map(tuple, _SAME) if one in said and other in said]
    lacks = [
        ("a year, %Y", not said & set("Yy")),
        ("a month, %m", not said & set("mbBj")),
        ("a day, %d", not said & set("dj")),
        ("%p beside %I", "I" in said and "p" not in said),
        ("%I beside %p", "p" in said and "I" not in said),
        ("an hour beside %M", "M" in said and not said & set("HI")),
        ("%M beside %S", "S" in said and "M" not in said),
        ("%S beside %f", "f" in said and "S" not in said),
        ("%z, or assume_zone beside it", "z" not in said and assumed is None),
    ]
    if twice:
        raise Failure("CM303", f"datetime: {pattern!r} says the same thing twice: {twice[0]}")
    for what, is_lacking in lacks:
        if is_lacking:
            raise Failure("CM303", f"datetime: {pattern!r} does not say which instant it is: it lacks {what}")


def _matching(parts: list[str], at: int) -> str:
    """The regular expression of one part."""
    part = parts[at]
    if not _is_directive(part):
        return re.escape(part)
    letter = part[1]
    if letter in _WORDS:
        return f"(?P<{letter}>{_WORDS[letter]})"
    before, after = parts[at - 1] if at else "", parts[at + 1] if at + 1 < len(parts) else ""
    crowded = _ends_in_digit(before) or _begins_with_digit(after)
    return f"(?P<{letter}>{_NUMBERS[letter][0 if crowded else 1]})"


def _ends_in_digit(part: str) -> bool:
    return part[1] == "z" or part[1] in _NUMBERS if _is_directive(part) else part[-1:].isdigit()


def _begins_with_digit(part: str) -> bool:
    return part[1] in _NUMBERS if _is_directive(part) else part[:1].isdigit()


def _number(text: str, found: dict[str, str], letter: str, least: int, most: int) -> int:
    """The number that a directive found, or 0 where the pattern does not have it."""
    if letter not in found:
        return 0
    number = int(found[letter])
    if not least <= number <= most:
        raise cannot("datetime", f"has {found[letter]} where %{letter} goes from {least} to {most}", text)
    return number


def _day(text: str, found: dict[str, str]) -> int:
    """Days since 1970-01-01."""
    if "Y" in found:
        year = int(found["Y"])
    else:
        short = int(found["y"])
        year = short + (1900 if short >= 69 else 2000)  # as POSIX reads two digits
    try:
        if "j" in found:
            in_year = day_of(year, 12, 31) - day_of(year, 1, 1) + 1
            day = day_of(year, 1, 1) + _number(text, found, "j", 1, in_year) - 1
        else:
            day = day_of(year, _month(found), int(found["d"]))
    except ValueError:
        raise cannot("datetime", "has a date that no calendar has", text) from None
    named = found.get("a") or found.get("A")
    weekday = _DAYS[(day + 3) % 7]  # 1970-01-01 was a Thursday
    if named and named[:3].lower() != weekday[:3].lower():
        raise cannot("datetime", f"names another day of the week than its date has, {weekday}", text)
    return day


def _month(found: dict[str, str]) -> int:
    if "m" in found:
        return int(found["m"])
    name = (found.get("b") or found["B"])[:3].capitalize()
    return next(at for at, month in enumerate(_MONTHS, 1) if month.startswith(name))


def _hour(text: str, found: dict[str, str]) -> int:
    if "I" in found:
        return _number(text, found, "I", 1, 12) % 12 + (12 if found["p"].upper() == "PM" else 0)
    return _number(text, found, "H", 0, 23)
