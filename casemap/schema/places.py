"""Where the keywords of schemas stand in their files. Looked up only once something is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from casemap.syntax.positions import locate_pointers

__all__ = ["KeywordPlaces"]


class KeywordPlaces:
    """Gives the places of keywords; `files` has the file of each schema by the schema's URI."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._texts: dict[str, bytes | None] = {}
        self._known: dict[str, str] = {}

    def of(self, location: str) -> str:
        """The place of a keyword, given by its absolute URI: `file:line:column (#/pointer)`; empty if not known."""
        found = self._known.get(location)
        if found is None:
            found = self._known[location] = self._find(location)
        return found

    def _find(self, location: str) -> str:
        uri, _, fragment = location.partition("#")
        file = self._files.get(uri)
        if file is None:
            return ""
        pointer = unquote(fragment)
        text = self._text(file)
        if text is None:
            return f"{_shown(file)} (#{pointer})"
        line, column = self._locate(file, text, pointer)
        return f"{_shown(file)}:{line}:{column} (#{pointer})"

    def _locate(self, file: str, text: bytes, pointer: str) -> tuple[int, int]:
        if not file.endswith((".yaml", ".yml")):
            return locate_pointers(text, [pointer])[pointer]
        from casemap.syntax.yaml_payloads import read_yaml_documents

        return read_yaml_documents(text.decode("utf-8-sig"), file)[0].locate_pointers([pointer])[pointer]

    def _text(self, file: str) -> bytes | None:
        if file not in self._texts:
            try:
                self._texts[file] = Path(file).read_bytes()
            except OSError:
                self._texts[file] = None
        return self._texts[file]


def _shown(file: str) -> str:
    """The file's name from the current directory, if it is below."""
    try:
        relative = os.path.relpath(file)
    except (OSError, ValueError):
        return file
    return file if relative.startswith(os.pardir) else relative
