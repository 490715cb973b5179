"""What a file's name says: its format and its compression."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

__all__ = ["STANDARD", "FileName", "InputFormat"]

InputFormat = Literal["json", "ndjson", "yaml"]

STANDARD = "-"
"""Standard input or output, where a file's name may stand."""

_FORMATS: dict[str, InputFormat] = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".yaml": "yaml",
    ".yml": "yaml",
}
_COMPRESSIONS: dict[str, Literal["gzip", "zstd"]] = {".gz": "gzip", ".zst": "zstd"}


@dataclass(frozen=True, slots=True)
class FileName:
    """A file's path with what its endings say; `format` is None for an ending that says nothing."""

    path: str
    stem: str
    format: InputFormat | None
    compression: Literal["gzip", "zstd"] | None
    compression_ending: str

    @classmethod
    def of(cls, path: str) -> FileName:
        """Read the endings of a path, `cases.ndjson.gz` for example."""
        name = PurePath(path).name
        compression_ending = PurePath(name).suffix
        compression = _COMPRESSIONS.get(compression_ending.lower())
        if compression is None:
            compression_ending = ""
        inner = name.removesuffix(compression_ending)
        ending = PurePath(inner).suffix
        file_format = _FORMATS.get(ending.lower())
        stem = inner.removesuffix(ending) if file_format else inner
        return cls(path, stem, file_format, compression, compression_ending)
