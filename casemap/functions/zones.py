"""Time zones: fixed offsets, and the IANA names of the tzdata package, so that every machine has the same ones.

Instants and local times are whole seconds since 1970-01-01T00:00:00, UTC or local. Offsets are seconds east of UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from casemap.errors import Failure

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["UTC", "FixedZone", "NamedZone", "Zone", "offset_of", "zone_of"]

_FIRST_SECOND = -62135596800 + 2 * 86400  # in the year 1, with room for any offset; datetime knows no year 0
_LAST_SECOND = 253402300799 - 2 * 86400  # in the year 9999


class Zone(Protocol):
    """What a time is written in, or read in."""

    def offset_at(self, instant: int) -> int:
        """The offset to write that instant with: whole minutes, for RFC 3339 cannot write seconds."""
        ...

    def instant_of(self, local: int) -> int | None:
        """The first instant of that local time; None if the clocks skipped it."""
        ...


@dataclass(frozen=True, slots=True)
class FixedZone:
    """One offset, always."""

    offset: int

    def offset_at(self, instant: int) -> int:
        return self.offset

    def instant_of(self, local: int) -> int | None:
        return local - self.offset


UTC = FixedZone(0)


@dataclass(frozen=True, slots=True)
class NamedZone:
    """A zone of the IANA database.

    Offsets of the days before standard time have seconds (New York's was -04:56:02). They are cut to minutes where
    a time is written: the local time is then seconds off what clocks showed, the instant is exact.
    """

    rules: ZoneInfo

    def offset_at(self, instant: int) -> int:
        offset = self._offset_at(instant)
        return offset - offset % 60 if offset >= 0 else offset + -offset % 60

    def instant_of(self, local: int) -> int | None:
        moment = datetime(1970, 1, 1, tzinfo=self.rules) + timedelta(seconds=_within(local))
        instant = local - _seconds(moment.utcoffset())  # of a time that comes twice the first, of a skipped one the old
        return instant if instant + self._offset_at(instant) == local else None

    def _offset_at(self, instant: int) -> int:
        moment = datetime(1970, 1, 1, tzinfo=self.rules) + timedelta(seconds=_within(instant))
        return _seconds(self.rules.fromutc(moment).utcoffset())


def _seconds(offset: timedelta | None) -> int:
    return int(offset.total_seconds()) if offset else 0  # a ZoneInfo has an offset for every moment


def _within(seconds: int) -> int:
    """The nearest second that datetime can compute with: at both ends of time, offsets do not change any more."""
    return min(max(seconds, _FIRST_SECOND), _LAST_SECOND)


def offset_of(text: str) -> int | None:
    """The seconds of `Z`, `z`, `+01:00`, `-0300` or `+01`, at most 23:59 either way; None for any other text."""
    if text in ("Z", "z"):
        return 0
    match = re.fullmatch(r"([+-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?", text)
    if match is None:
        return None
    seconds = int(match[2]) * 3600 + int(match[3] or 0) * 60
    return -seconds if match[1] == "-" else seconds


@lru_cache(maxsize=64)
def zone_of(text: str) -> Zone:
    """The zone of an offset or an IANA name; `Failure` if there is none."""
    if text == "UTC":
        return UTC
    offset = offset_of(text)
    return _named(text) if offset is None else FixedZone(offset)


def _named(name: str) -> NamedZone:
    """From the files of the tzdata package. The system's own are not asked: they differ between machines."""
    from pathlib import Path
    from zoneinfo import ZoneInfo

    import tzdata  # type: ignore[import-untyped]  # nothing but files

    folder = Path(tzdata.__file__).parent
    names = (folder / "zones").read_text(encoding="ascii").split()
    if name not in names:
        from casemap.problem import nearest

        near = nearest(name, names)
        advice = f"Did you mean {near}? " if near else ""
        raise Failure(
            "CM303", f"datetime: {name!r} is no time zone", advice + "Write an IANA name, or an offset: +02:00."
        )
    with folder.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return NamedZone(ZoneInfo.from_file(file, key=name))
