"""Chunks of a plain file, found without reading it: only their ends are looked at.

The processes of a run read the chunks of a plain file themselves, and count the lines in them. What the run itself
would do with every byte, they would wait for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.blocks import Block
from casemap.run.chunks import ChunkOutput
from casemap.run.reading import problems_of
from casemap.run.source import Source

__all__ = ["Extent", "extents"]

_LOOKED_AT = 1 << 14
"""Bytes in which the last line feed of a chunk is looked for first."""


class Extent(NamedTuple):
    """Whole lines of a file that are still to be read: its descriptor, where they start and how many bytes they are.

    Which line of the file the first of them is, is not known.
    """

    descriptor: int
    offset: int
    size: int

    def converted(self, convert: Callable[[Block], ChunkOutput]) -> ChunkOutput:
        """What becomes of the lines, which are counted from 1. Raises `CasemapError` (CM101)."""
        data = self._read()
        output = convert(Block(data, offset=self.offset))
        output.lines = data.count(b"\n")
        return output

    def _read(self) -> bytes:
        try:
            data = _read_at(self.descriptor, self.offset, self.size)
        except OSError as error:
            raise CasemapError([Problem("CM101", f"cannot be read: {error.strerror or error}")]) from None
        if len(data) < self.size:
            raise CasemapError([Problem("CM101", "cannot be read: the file became shorter while it was read")])
        return data


def extents(source: Source, offset: int, size: int) -> Iterator[Extent]:
    """The chunks that `read_chunks` would read from here on, of a source with a descriptor.

    Raises `CasemapError` (CM101).
    """
    descriptor = source.descriptor
    if descriptor is None:
        raise ValueError("the source has no descriptor")
    while True:
        with problems_of(source.path):
            length = _whole_lines(descriptor, offset, size)
        if not length:
            return
        yield Extent(descriptor, offset, length)
        offset += length
        source.reached = offset


def _whole_lines(descriptor: int, offset: int, size: int) -> int:
    """The bytes of the whole lines within `size` bytes, or within the least multiple of that which has any."""
    before = 0
    while True:
        start = offset + before
        _fetch(descriptor, start, size)
        length = _up_to_line_feed(descriptor, start, size)
        if length is None:
            data = _read_at(descriptor, start, size)
            if len(data) < size:
                return before + len(data)
            length = data.rfind(b"\n") + 1
        if length:
            return before + length
        before += size


def _up_to_line_feed(descriptor: int, start: int, size: int) -> int | None:
    """How many bytes there are up to the last line feed, 0 where there is none; None where the file seems to end."""
    looked_at = min(_LOOKED_AT, size)
    while True:
        data = os.pread(descriptor, looked_at, start + size - looked_at)
        if len(data) < looked_at:
            return None
        found = data.rfind(b"\n") + 1
        if found:
            return size - looked_at + found
        if looked_at == size:
            return 0
        looked_at = min(4 * looked_at, size)


def _fetch(descriptor: int, start: int, size: int) -> None:
    """Have the system bring bytes from the disk, without waiting for them."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(descriptor, start, size, os.POSIX_FADV_WILLNEED)


def _read_at(descriptor: int, start: int, size: int) -> bytes:
    """So many bytes of a file; fewer only at its end. Raises `OSError`."""
    data = os.pread(descriptor, size, start)
    while 0 < len(data) < size:
        more = os.pread(descriptor, size - len(data), start + len(data))
        if not more:
            break
        data += more
    return data
