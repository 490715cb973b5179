"""Single lines of files, for showing what a problem is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casemap.errors import CasemapError
from casemap.run.reading import read_lines

__all__ = ["SourceLines"]


class SourceLines:
    """Gives lines of files by number. Reads on from the line before, as problems come in the order of their files."""

    def __init__(self) -> None:
        self._file = ""
        self._number = 0
        self._line = b""
        self._rest: Iterator[bytes] = iter(())

    def __call__(self, file: str, line: int) -> str | None:
        """A line without its line feed; None where the file or the line cannot be read, as of standard input.

        A pipe is not opened again: it would wait for a writer for ever.
        """
        if file.startswith("<") or not Path(file).is_file():
            return None
        if file != self._file or line < self._number:
            self._file, self._number, self._rest = file, 0, read_lines(file)
        try:
            while self._number < line:
                self._line = next(self._rest)
                self._number += 1
        except (CasemapError, StopIteration):
            return None
        return self._line.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
