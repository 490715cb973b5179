"""The bytes of an input, decompressed, and cut into chunks of whole lines.

Where a chunk ends depends on where it starts and on the bytes alone, so a run that goes on in the middle cuts as one
from the start would.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from casemap.run.blocks import START, Block, Place
from casemap.run.names import STANDARD, FileName
from casemap.run.reading import opened, problems_of, shown_name

__all__ = ["CHUNK_SIZE", "Source", "behind_mark", "open_source", "read_chunks"]

CHUNK_SIZE = 1 << 20
"""Bytes that go from one process to another at once: enough to make light of the way, few enough to share out."""

_PACKED = 8
"""How many times larger JSON is than compressed, most often."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Source:
    """The bytes of a file or of standard input. Reading raises `CasemapError` (CM101).

    `consumed` are the bytes of the file as it is stored that have been read, `total` is how many it has; None where
    that is not known. `descriptor` is that of a file that is not compressed, for reading anywhere in it; else None.
    """

    def __init__(self, path: str, file: BinaryIO, raw: BinaryIO) -> None:
        self.path = path
        self.name = shown_name(path)
        self._file = file
        self._raw = raw
        self._ready = b""
        status = _status(raw)
        regular = status is not None and stat.S_ISREG(status.st_mode) and path != STANDARD
        self.seekable = regular
        """Whether it can be read again from the start."""
        self.total = status.st_size if status is not None and regular else None
        self.descriptor = raw.fileno() if regular and FileName.of(path).compression is None else None
        self.reached = 0
        """How far others have come who read by the descriptor."""

    def read(self, size: int) -> bytes:
        """So many bytes; fewer only at the end."""
        if self._ready:
            ready, self._ready = self._ready[:size], self._ready[size:]
            return ready if len(ready) == size else ready + self._read(size - len(ready))
        return self._read(size)

    def read_line(self) -> bytes:
        """The next line, with its line feed. To be called before `put_back`."""
        with problems_of(self.path):
            return self._file.readline()

    def rest(self) -> bytes:
        """All that is left."""
        return self._ready + self._read(-1)

    def put_back(self, data: bytes) -> None:
        """Have these bytes read again."""
        self._ready = data + self._ready

    def skip(self, offset: int) -> None:
        """Go on at an offset of the uncompressed bytes. To be called before anything is read."""
        if offset:
            with problems_of(self.path):
                self._file.seek(offset)

    @property
    def size(self) -> int | None:
        """About how many bytes there are, decompressed; None where that cannot be known."""
        if self.total is None:
            return None
        return self.total * (1 if FileName.of(self.path).compression is None else _PACKED)

    @property
    def consumed(self) -> int | None:
        """How much of the stored file has been read."""
        if self.total is None:
            return None
        return min(self.total, max(self.reached, self._raw.tell()))

    def _read(self, size: int) -> bytes:
        with problems_of(self.path):
            return self._file.read(size)


def _status(raw: BinaryIO) -> os.stat_result | None:
    try:
        return os.fstat(raw.fileno())
    except OSError:
        return None


@contextmanager
def open_source(path: str) -> Iterator[Source]:
    """Open an input. Raises `CasemapError` (CM101)."""
    with problems_of(path):
        opening = opened(path)
        file, raw = opening.__enter__()
    try:
        yield Source(path, file, raw)
    finally:
        opening.__exit__(None, None, None)


def read_chunks(source: Source, here: Place = START, size: int = CHUNK_SIZE) -> Iterator[Block]:
    """The lines of a source in chunks, from the place that it stands at.

    A chunk has as many whole lines as fit into `size` bytes, or into a multiple of that where the first is longer. A
    byte-order mark at the start of the file belongs to no chunk.
    """
    here = behind_mark(source, here)
    rest = b""
    while True:
        data, rest = _next_lines(source, rest, size)
        if not data:
            return
        behind = Place(here.offset + len(data), here.line + data.count(b"\n"))
        yield Block(data, here.line, here.offset, behind)
        here = behind


def behind_mark(source: Source, here: Place) -> Place:
    """The place where the lines begin: a byte-order mark at the start of the file is read, and belongs to none."""
    if here.offset == 0:
        start = source.read(len(_BYTE_ORDER_MARK))
        if start == _BYTE_ORDER_MARK:
            return Place(len(start))
        source.put_back(start)
    return here


def _next_lines(source: Source, rest: bytes, size: int) -> tuple[bytes, bytes]:
    """The next whole lines, and what was read beyond them."""
    parts: list[bytes | memoryview] = [rest]
    wanted = size - len(rest)
    while True:
        # what was left over is shorter than a chunk, and has no line feed
        data = source.read(wanted)
        parts.append(data)
        if len(data) < wanted:
            return b"".join(parts), b""
        end = data.rfind(b"\n") + 1
        if end:
            parts[-1] = memoryview(data)[:end]
            return b"".join(parts), data[end:]
        wanted = size
