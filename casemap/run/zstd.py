"""Reading zstd files, and knowing when one was cut off, which the library's own reader passes over in silence."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

import zstandard

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it from Python 3.12 on

__all__ = ["ZstdReader"]

_CHUNK = 4096
"""Bytes decompressed at once. Kept small: one byte can stand for more than 30,000."""


class ZstdReader(io.RawIOBase):
    """The decompressed bytes of a file of one or more frames.

    Reading raises `OSError` for damaged data and `EOFError` where the file ends inside a frame.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._compressed = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready:
            if not self._decompress():
                return 0
        size = min(len(target), len(self._ready))
        target[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _decompress(self) -> bool:
        """Make some bytes ready, perhaps none; false at the end of the file."""
        compressed = self._compressed or self._file.read(_CHUNK)
        if not compressed:
            if self._frame is not None:
                raise EOFError("the compressed data is cut off")
            return False
        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            self._ready = memoryview(self._frame.decompress(compressed))
        except zstandard.ZstdError as error:
            raise OSError(f"damaged compressed data ({error})") from None
        self._compressed = self._frame.unused_data
        if self._frame.eof:
            self._frame = None
        return True
