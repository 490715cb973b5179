"""Output files that are complete or not there.

A file is written beside its final place under another name and renamed once it is whole, so that nobody ever finds half
of it, not even after a crash. The other name depends on the final one alone: what an interrupted run has left is found
by the next, which goes on with it or begins anew. A lock keeps two runs from writing to one file. Standard output,
pipes and devices are written directly.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.names import STANDARD, FileName

__all__ = ["Output", "is_replaced", "open_locked", "place_of", "unfinished_name"]

_LONGEST = 200
"""Bytes of a file's name to which more can be added."""


_FORBIDDEN = "Let it be written to, or write to another place."
_FULL = "Free some space, or write to another place."
_ADVICE = {
    errno.EBUSY: "Wait for that run to end, or write to another place.",
    errno.ENOENT: "Make the folder first, or write to another place.",
    errno.ENOTDIR: "A file is in the place of the folder: write to another place.",
    errno.EISDIR: "A folder is in the place of the file: write to another place, or to a file in it.",
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _FORBIDDEN),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _FULL),
}
"""What to do about what the system says."""


class Output:
    """A file that is being written; `commit` puts it in its place, leaving the context without it removes it.

    With `packed` the bytes are written as they come, whatever the name says of compression. `start` is where to go on
    in what an earlier run has left; all behind it is dropped.

    Every method raises `CasemapError` (CM509) where the system refuses, and `BrokenPipeError` where the reader of a
    pipe has gone. Nothing is created before the first `write` or `commit`.
    """

    def __init__(self, path: str, *, packed: bool = False, start: int | None = None) -> None:
        self.path = path
        self.position = start or 0
        """Bytes written so far, before compression."""
        self._packed = packed
        self._start = start
        self._kept = False
        self._file: BinaryIO | None = None
        self._raw: BinaryIO | None = None
        self._temporary: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def write(self, data: bytes | memoryview) -> None:
        """Add bytes."""
        try:
            if self._file is None:
                self._open()
            self._opened.write(data)
            self.position += len(data)
        except OSError as error:
            raise self._refused(error) from None

    def flush(self, *, durably: bool = False) -> None:
        """Have everything written in the hands of the system, or `durably` on the disk."""
        try:
            if self._file is None:
                self._open()
            self._opened.flush()
            if durably and self._raw is not None:
                os.fsync(self._raw.fileno())
        except OSError as error:
            raise self._refused(error) from None

    def keep(self) -> None:
        """Leave what is written for a later run where the context ends without `commit`."""
        self._kept = True

    def commit(self) -> None:
        """Finish the file; it is there, whole, afterwards."""
        try:
            if self._file is None:
                self._open()
            self._close()
        except OSError as error:
            raise self._refused(error) from None

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
        final = place_of(self.path)
        raw = self._create_beside(final) if is_replaced(self.path) else final.open("wb")
        self._raw = raw
        self._file = raw if self._packed else self._compressed(raw)

    def _create_beside(self, final: Path) -> BinaryIO:
        mode = final.stat().st_mode if final.exists() else None
        if mode is not None and not os.access(final, os.W_OK):
            raise PermissionError(errno.EACCES, "the file may not be written")
        self._temporary = unfinished_name(final)
        file = open_locked(self._temporary)
        size = os.fstat(file.fileno()).st_size
        if self._start is not None and size < self._start:
            raise OSError(errno.ESTALE, "what the interrupted run had written is not there")
        file.truncate(self._start or 0)
        file.seek(self._start or 0)
        if mode is not None:
            self._temporary.chmod(stat.S_IMODE(mode))
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
        """Close the file, after it has been put in its place: until then its lock is needed."""
        file, raw = self._opened, self._raw
        if raw is None:
            file.flush()
            return
        if file is not raw:
            file.close()
        raw.flush()
        if self._temporary is not None:
            self._temporary.replace(place_of(self.path))
            self._temporary = None
        self._file = self._raw = None
        raw.close()

    def _discard(self) -> None:
        if self._temporary is not None and not self._kept:
            with contextlib.suppress(OSError):
                self._temporary.unlink()
        if self._raw is not None:
            with contextlib.suppress(OSError), self._raw:
                self._opened.close()
        self._temporary = self._file = self._raw = None

    def _refused(self, error: OSError) -> Exception:
        if self.path == STANDARD:
            _silence_standard_output()
        if isinstance(error, BrokenPipeError):
            return error
        name = "<stdout>" if self.path == STANDARD else self.path
        advice = "" if error.errno is None else _ADVICE.get(error.errno, "Write to another place.")
        return CasemapError([Problem("CM509", f"cannot be written: {error.strerror or error}", advice, file=name)])


def place_of(path: str) -> Path:
    """Where a file is put; a link stays a link."""
    return Path(os.path.realpath(path))


def is_replaced(path: str) -> bool:
    """Whether a file is written beside its place: neither standard output nor a pipe or device is."""
    if path == STANDARD:
        return False
    try:
        return stat.S_ISREG(place_of(path).stat().st_mode)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def unfinished_name(final: Path, ending: str = "tmp") -> Path:
    """The name of a file that stands beside another while that is written."""
    name = final.name
    if len(os.fsencode(name)) > _LONGEST:
        import hashlib  # only for names of unusual length

        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    return final.with_name(f".{name}.casemap.{ending}")


def open_locked(path: Path) -> BinaryIO:
    """Open a file for reading and writing, or make it. Raises `OSError`, also where another process has it open so."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    while True:
        file = os.fdopen(os.open(path, flags, 0o666), "r+b")
        try:
            _lock(file)
            if _is_at(file, path):
                return cast("BinaryIO", file)
        except BaseException:
            file.close()
            raise
        file.close()  # it was put in its place between the two steps


def _lock(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:  # pragma: no cover - other systems refuse by themselves to replace a file that is open
        return
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise OSError(errno.EBUSY, "another run is writing it") from None
    except OSError:
        pass  # some network file systems have no locks


def _is_at(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _silence_standard_output() -> None:
    """Keep the interpreter from writing what is left in the buffer once more at its end."""
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
