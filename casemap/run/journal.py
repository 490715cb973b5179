"""The journal of a run: how far it has come, for a later run that goes on from there.

A file beside the output, a line an entry, each with a checksum, so that a line that was cut off counts for nothing. It
is begun only after some time: a short run is faster done again. What the system has taken outlives the run that wrote
it, but not a crash of the machine; after one, only entries count before which everything was brought to the disk.
"""

from __future__ import annotations

import contextlib
import os
import time
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from casemap.run.blocks import Place
from casemap.run.writing import open_locked

__all__ = ["Entry", "Journal", "last_entry"]

_FIRST = 0.05
"""Seconds before the first entry, and the shortest time between two."""

_LONGEST = 1.0
"""Seconds between two entries of a run that takes long."""

_DURABLE = 10.0
"""Seconds after which an entry is one that outlives a crash of the machine."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A state that a run can go on from.

    Of the plan's steps, `step` are done; of the next one's input, everything before `offset`, which is at `line` and
    `column`, and before the record of the number `record`. `sizes` are the bytes written to the step's output, the
    rejects and their problems, `results` the results in that output. `finishing` says that everything is written, and
    files only wait to be put in their places. `code` stands for the conversion of the type `source`.
    """

    step: int = 0
    offset: int = 0
    line: int = 1
    column: int = 1
    record: int = 1
    results: int = 0
    sizes: tuple[int, int, int] = (0, 0, 0)
    source: str | None = None
    code: str = ""
    tally: Mapping[str, Any] | None = None
    finishing: bool = False

    @property
    def place(self) -> Place:
        """Where to go on in the input."""
        return Place(self.offset, self.line, self.column)


class Journal:
    """Writes entries to a file. `key` says what run it is: another one must not go on with it.

    Methods raise `OSError`.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        self.key = key
        self._resumed = False
        self._file: BinaryIO | None = None
        self._began = self._last = self._durable = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether it is time for an entry. The longer a run takes, the rarer they are."""
        now = time.monotonic()
        return now - self._last >= min(_LONGEST, max(_FIRST, (now - self._began) / 8))

    @property
    def due_durably(self) -> bool:
        """Whether it is time for an entry that outlives a crash of the machine."""
        return time.monotonic() - self._durable >= _DURABLE

    def write(self, entry: Entry, *, durable: bool, finishing: bool = False) -> None:
        """Add an entry. What it speaks of must have been written before, to the disk if `durable`."""
        file = self._opened()
        file.write(_line({**asdict(entry), "finishing": finishing, "durable": durable, "boot": _boot()}))
        file.flush()
        self._last = time.monotonic()
        if durable:
            os.fsync(file.fileno())
            self._durable = self._last

    def claim(self, *, resumed: bool) -> None:
        """Take the journal over from an earlier run, if there is one: to add to it if `resumed`, else to begin anew.

        Raises `OSError` where the other run is still at work.
        """
        self._resumed = resumed
        if self.path.exists():
            self._opened().flush()

    def close(self) -> None:
        """Leave the file for a later run."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def remove(self) -> None:
        """The run is over: nothing is left to go on with."""
        self.path.unlink(missing_ok=True)
        self.close()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = open_locked(self.path)
            if self._resumed:
                self._file.seek(0, os.SEEK_END)
                self._file.write(b"\n")  # the last line may have been cut off
            else:
                self._file.truncate(0)
                self._file.write(_line({"key": self.key}))
        return self._file


def last_entry(path: Path, key: str) -> Entry | None:
    """What a run can go on from; None where an interrupted run has left nothing.

    Raises `ValueError` where it was another run, and `OSError`.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    lines = [data for line in text.split(b"\n") if (data := _read(line)) is not None]
    if not lines:
        return None
    head, *entries = lines
    if head.get("key") != key:
        raise ValueError("another run")
    boot = _boot()
    sure = [entry for entry in entries if entry["durable"] or entry["boot"] == boot is not None]
    if not sure:
        return None
    found = {name: value for name, value in sure[-1].items() if name not in {"durable", "boot"}}
    return Entry(**{**found, "sizes": tuple(found["sizes"])})


def _line(data: Mapping[str, Any]) -> bytes:
    text = orjson.dumps(data)
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _read(line: bytes) -> dict[str, Any] | None:
    checksum, _, text = line.partition(b" ")
    with contextlib.suppress(ValueError):
        if int(checksum, 16) == zlib.crc32(text):
            data: dict[str, Any] = orjson.loads(text)
            return data
    return None


def _boot() -> str | None:
    """What tells this start of the machine from others; None where the system does not say."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return None
