"""Output files that are complete or not there.

A file is written beside its final place under another name and renamed once it is whole, so that nobody ever finds half
of it, not even after a crash. Standard output, pipes and devices are written directly.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import sys
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.names import STANDARD, FileName

__all__ = ["Output"]

_numbers = itertools.count(1)


class Output:
    """A file that is being written; `commit` puts it in its place, leaving the context without it removes it.

    Every method raises `CasemapError` (CM509) where the system refuses, and `BrokenPipeError` where the reader of a
    pipe has gone. Nothing is created before the first `write` or `commit`.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self._raw: BinaryIO | None = None
        self._temporary: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def write(self, data: bytes) -> None:
        """Add bytes."""
        try:
            if self._file is None:
                self._open()
            self._opened.write(data)
        except OSError as error:
            raise self._refused(error) from None

    def commit(self) -> None:
        """Finish the file; it is there, whole, afterwards."""
        try:
            if self._file is None:
                self._open()
            self._close()
            if self._temporary is not None:
                self._temporary.replace(self._final)
                self._temporary = None
        except OSError as error:
            raise self._refused(error) from None

    @property
    def _final(self) -> Path:
        """Where the file is put; a link stays a link."""
        return Path(os.path.realpath(self.path))

    @property
    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the output is not open")
        return self._file

    def _open(self) -> None:
        if self.path == STANDARD:
            if sys.stdout is None:
                raise OSError(errno.EBADF, "it is closed")
            self._file = sys.stdout.buffer
            return
        final = self._final
        mode = final.stat().st_mode if final.exists() else None
        regular = mode is None or stat.S_ISREG(mode)
        raw = self._create_beside(final, mode) if regular else final.open("wb")
        self._raw = self._file = raw
        self._file = self._compressed(raw)

    def _create_beside(self, final: Path, mode: int | None) -> BinaryIO:
        if mode is not None and not os.access(final, os.W_OK):
            raise PermissionError(errno.EACCES, "the file may not be written")
        temporary = final.parent / f".casemap-{os.getpid()}-{next(_numbers)}.tmp"
        file = temporary.open("xb")
        self._temporary = temporary
        if mode is not None:
            temporary.chmod(stat.S_IMODE(mode))
        return file

    def _compressed(self, raw: BinaryIO) -> BinaryIO:
        match FileName.of(self.path).compression:
            case "gzip":
                import gzip

                # no name and no time in the header: the same records give the same file
                return cast("BinaryIO", gzip.GzipFile("", "wb", 6, raw, 0))
            case "zstd":
                import zstandard

                return cast("BinaryIO", zstandard.ZstdCompressor().stream_writer(raw, closefd=False))
        return raw

    def _close(self) -> None:
        file, raw = self._opened, self._raw
        if raw is None:
            file.flush()
            return
        self._file = self._raw = None
        with raw:
            file.close()

    def _discard(self) -> None:
        if self._raw is not None:
            with contextlib.suppress(OSError), self._raw:
                self._opened.close()
            self._file = self._raw = None
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                self._temporary.unlink()
            self._temporary = None

    def _refused(self, error: OSError) -> Exception:
        if self.path == STANDARD:
            _silence_standard_output()
        if isinstance(error, BrokenPipeError):
            return error
        name = "<stdout>" if self.path == STANDARD else self.path
        return CasemapError([Problem("CM509", f"cannot be written: {error.strerror or error}", file=name)])


def _silence_standard_output() -> None:
    """Keep the interpreter from writing what is left in the buffer once more at its end."""
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
