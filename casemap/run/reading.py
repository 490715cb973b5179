"""The bytes of files and of standard input, decompressed by the file's ending, whole or line by line."""

from __future__ import annotations

import errno
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.names import STANDARD, FileName

__all__ = ["opened", "problems_of", "read_bytes", "read_lines", "shown_name"]


_BUFFER = 1 << 18
"""Bytes read at once: lines of some kilobytes are found in it whole, which takes a fifth of the time."""


def shown_name(path: str) -> str:
    """A path as problems name it."""
    return "<stdin>" if path == STANDARD else path


def read_bytes(path: str) -> bytes:
    """All of a file, or of standard input for `-`. Raises `CasemapError` (CM101)."""
    with problems_of(path), opened(path) as (file, _):
        return file.read()


def read_lines(path: str) -> Iterator[bytes]:
    """The lines of a file, each with its line feed. Raises `CasemapError` (CM101), also between two lines."""
    with problems_of(path), opened(path) as (file, _):
        yield from file


@contextmanager
def opened(path: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The decompressed bytes of a file or of standard input, and the file as it is stored. Raises `OSError`."""
    if path == STANDARD:
        if sys.stdin is None:
            raise OSError(errno.EBADF, "it is closed")
        yield sys.stdin.buffer, sys.stdin.buffer
        return
    with Path(path).open("rb", _BUFFER) as file, _decompressed(file, FileName.of(path)) as reader:
        yield reader, file


def _decompressed(file: BinaryIO, name: FileName) -> BinaryIO:
    match name.compression:
        case "gzip":
            import gzip

            return cast("BinaryIO", gzip.GzipFile(fileobj=file, mode="rb"))
        case "zstd":
            from casemap.run.zstd import ZstdReader

            return io.BufferedReader(ZstdReader(file))
    return file


@contextmanager
def problems_of(path: str) -> Iterator[None]:
    """Turns what the system and the decompressors raise into `CasemapError` (CM101)."""
    try:
        yield
    except (OSError, EOFError, MemoryError, zlib.error) as error:
        raise CasemapError([_unreadable(path, error)]) from None


def _unreadable(path: str, error: Exception) -> Problem:
    why = (error.strerror if isinstance(error, OSError) else "") or str(error) or "it is too large for the memory"
    advice = ""
    match error:
        case FileNotFoundError():
            advice = "Check the name and the directory that it is looked for in."
        case IsADirectoryError():
            advice = "Name the files in the directory."
        case OSError(errno=errno.EACCES):
            advice = "Check who may read the file."
        case EOFError() | zlib.error() | OSError(errno=None):
            advice = "The compressed data is damaged or something else: fetch or compress the file again."
    return Problem("CM101", f"cannot be read: {why}", advice, file=shown_name(path))
