"""Entries of the cache: files that are written whole or not at all, and read only where they are as they were written.

Nothing here raises: what cannot be read is not there, and what cannot be written is not written.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from casemap.cache.digest import sha256
from casemap.cache.folder import is_ours, made_ours

__all__ = ["MOST_BYTES", "MOST_ENTRIES", "Entries"]

MOST_ENTRIES, MOST_BYTES = 1000, 64 * 1024 * 1024
"""Beyond so many entries, or so many bytes of them, those go that were not used for longest."""

_MAGIC = b"casemap cache 1\n"
_SUFFIX, _TEMPORARY = ".entry", ".tmp"
_PRUNING = "0"
"""What keys begin with whose writing puts others away: of digests one in sixteen, for it takes a look at all files."""
_LONGEST_WRITE = 3600.0
"""Seconds after which a file that is still being written has been given up."""


class Entries:
    """The entries of a folder by their keys, which are names of files.

    An entry begins with a line that says what it is, and the SHA-256 of the rest. Processes share a folder without
    locks: an entry comes to its place by being renamed.
    """

    def __init__(self, folder: Path, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most_entries = most_entries
        self.most_bytes = most_bytes

    def read(self, key: str) -> bytes | None:
        """What was written under a key; None where there is nothing, or not what was written."""
        if not is_ours(self.folder):
            return None
        path = self.folder / f"{key}{_SUFFIX}"
        try:
            with open(path, "rb", opener=_without_waiting) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return None
                head, data = file.read(len(_MAGIC) + 32), file.read(self.most_bytes)
        except OSError:
            return None
        if head != _MAGIC + sha256(data).digest():
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # used just now
        return data

    def write(self, key: str, data: bytes) -> None:
        """Put an entry in its place, and now and then others away that were not used for long."""
        if not made_ours(self.folder):
            return
        temporary = self.folder / f"{key}.{os.getpid()}.{os.urandom(4).hex()}{_TEMPORARY}"
        try:
            # for this user alone, as the mappings themselves may be
            with open(temporary, "xb", opener=_private) as file:
                file.write(_MAGIC + sha256(data).digest() + data)
            os.replace(temporary, self.folder / f"{key}{_SUFFIX}")  # noqa: PTH105 - of two paths alike
        except OSError:
            self._remove(temporary)
            return
        except BaseException:
            self._remove(temporary)
            raise
        if key.startswith(_PRUNING):
            self._prune()

    def _prune(self) -> None:
        """Remove what is beyond the bounds, and what a process has begun to write and left."""
        kept, size = 0, 0
        for used, length, path in sorted(self._files(), reverse=True):
            if path.endswith(_TEMPORARY):
                if used < time.time() - _LONGEST_WRITE:
                    self._remove(Path(path))
                continue
            kept, size = kept + 1, size + length
            if kept > self.most_entries or size > self.most_bytes:
                self._remove(Path(path))

    def _files(self) -> Iterator[tuple[float, int, str]]:
        """When each file of the cache was last used, its length, and where it is."""
        with contextlib.suppress(OSError), os.scandir(self.folder) as found:
            for entry in found:
                if entry.name.endswith((_SUFFIX, _TEMPORARY)):
                    with contextlib.suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        yield status.st_mtime, status.st_size, entry.path

    @staticmethod
    def _remove(path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()


def _without_waiting(path: str, flags: int) -> int:
    """A pipe in the place of an entry would be waited for: nobody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
