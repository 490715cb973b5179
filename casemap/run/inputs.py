"""Inputs of a conversion, by their format: lines of NDJSON, a document, a large one, or the documents of YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.names import STANDARD, FileName, InputFormat
from casemap.run.payloads import Payload, Stream, document, is_document, open_payloads
from casemap.run.source import Source, open_source

__all__ = ["LARGE", "Input", "LargeDocument", "Lines", "open_input"]

LARGE = 1 << 24
"""Bytes of a document from which on it is not read whole, if that can be avoided: values take eight times as much."""


@dataclass(frozen=True, slots=True)
class Lines:
    """An input with a record a line."""

    source: Source


@dataclass(frozen=True, slots=True)
class LargeDocument:
    """A document that is too large to be read whole without need. `open` gives its text from the start, each time."""

    name: str
    open: Callable[[], AbstractContextManager[Source]]


Input = Lines | Payload | LargeDocument | Stream


@contextmanager
def open_input(path: str, input_format: InputFormat | None = None) -> Iterator[Input]:
    """Open an input. Raises `CasemapError`: CM101 to CM110, or YAML's problems.

    The format is what the caller says, else what the name's ending says; standard input is NDJSON where a second
    document follows the first. Of a file whose ending says nothing, JSON is expected.
    """
    known = input_format or FileName.of(path).format
    if known == "yaml":
        yield open_payloads(path, known)
        return
    with ExitStack() as opened:
        source = opened.enter_context(open_source(path))
        if known == "ndjson" or (known is None and path == STANDARD and _is_stream(source)):
            yield Lines(source)
            return
        start = source.read(LARGE)
        if len(start) < LARGE:
            yield document(source.name, start)
        elif source.seekable:
            yield LargeDocument(source.name, lambda: open_source(path))
        else:
            import tempfile

            source.put_back(start)
            spool = opened.enter_context(tempfile.TemporaryFile())
            yield LargeDocument(source.name, _spooled(path, source, cast("BinaryIO", spool)))


def _spooled(path: str, source: Source, spool: BinaryIO) -> Callable[[], AbstractContextManager[Source]]:
    """Keep what can be read only once in a temporary file, which is no file for anybody else."""
    try:
        while data := source.read(LARGE):
            spool.write(data)
    except OSError as error:
        advice = "Large documents from a pipe are kept in the folder for temporary files, which TMPDIR names."
        raise CasemapError([Problem("CM509", f"cannot be written: {error.strerror or error}", advice)]) from None

    @contextmanager
    def opened() -> Iterator[Source]:
        spool.seek(0)
        yield Source(path, spool, spool)

    return opened


def _is_stream(source: Source) -> bool:
    """Whether the first line that is not blank is a whole document, and more text follows."""
    start: list[bytes] = []
    filled: list[bytes] = []
    while len(filled) < 2 and (line := source.read_line()):
        start.append(line)
        if not line.isspace():
            filled.append(line)
    source.put_back(b"".join(start))
    return len(filled) == 2 and is_document(filled[0])
