"""Files as they were when they were first looked at: what is made of them is made of what their digest is of."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from casemap.cache.digest import sha256

__all__ = ["Snapshot"]


class Snapshot:
    """Files, each read once. What cannot be read is tried again when it is asked for again."""

    def __init__(self) -> None:
        self._read: dict[Path, bytes] = {}

    def data(self, file: Path) -> bytes:
        """The bytes of a file. Raises `OSError`."""
        found = self._read.get(file)
        if found is None:
            found = self._read[file] = file.read_bytes()
        return found

    def text(self, file: Path) -> str:
        """The text of a file in UTF-8, lines ending in a newline. Raises `OSError` and `UnicodeDecodeError`."""
        return io.TextIOWrapper(io.BytesIO(self.data(file)), "utf-8-sig").read()

    def digest(self, files: Iterable[Path]) -> str:
        """The SHA-256 of files, their names and their order, in hexadecimal. Raises `OSError`."""
        found = sha256()
        for file in files:
            data = self.data(file)
            found.update(f"{file}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
        return found.hexdigest()
