"""Writing results: one document, one record a line, or an array of records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from casemap.run.lines import read_exactly
from casemap.run.names import FileName
from casemap.run.writing import Output
from casemap.syntax.json_text import write_json

if TYPE_CHECKING:
    from casemap.run.chunks import ChunkOutput

__all__ = ["ARRAY", "LINES", "Frame", "Layout", "ResultLines", "Results", "StreamResults", "packing"]

Layout = Literal["document", "lines", "array"]


class Results:
    """Results in an output: `document` is one indented value, `lines` is NDJSON, `array` a JSON array, a record a line.

    A document that was rejected leaves no file; a stream does, even of no records.
    """

    def __init__(self, output: Output, layout: Layout) -> None:
        self.output = output
        self.layout = layout
        self.count = 0

    def add(self, result: Any) -> None:
        """Write one result."""
        match self.layout:
            case "document":
                self.output.write(write_json(result, indent=True) + b"\n")
            case "lines":
                self.output.write(write_json(result) + b"\n")
            case "array":
                self.output.write((b",\n" if self.count else b"[\n") + write_json(result))
        self.count += 1

    def finish(self) -> None:
        """Put the file in its place."""
        if self.layout == "array":
            self.output.write(b"\n]\n" if self.count else b"[]\n")
        if self.count or self.layout != "document":
            self.output.commit()


class ResultLines:
    """Results kept as lines of NDJSON, until an input that shares its output with others has been converted."""

    layout: Layout = "lines"

    def __init__(self) -> None:
        self.data: list[bytes] = []

    @property
    def count(self) -> int:
        """How many results there are."""
        return len(self.data)

    def add(self, result: Any) -> None:
        """Keep one result."""
        self.data.append(write_json(result) + b"\n")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the results of a stream: before the first, between two, behind the last, and without any.

    `indent` stands before each line of a result that is written over several; None where each is written on one.
    """

    before: bytes = b""
    between: bytes = b""
    behind: bytes = b""
    empty: bytes = b""
    indent: bytes | None = None

    @classmethod
    def around(cls, value: Any, path: tuple[str, ...], *, indented: bool) -> Frame:
        """The frame of the results that stand in an array at `path` of a document, which is empty in `value`."""
        empty = write_json(value, indent=indented) + b"\n"
        mark = "results"
        while mark.encode() in empty:
            mark += "!"
        text = write_json(_with_items(value, path, [mark]), indent=indented) + b"\n"
        before, _, behind = text.partition(write_json(mark))
        if not indented:
            return cls(before, b",", behind, empty)
        indent = b"  " * (len(path) + 1)
        return cls(before, b",\n" + indent, behind, empty, indent)


LINES = Frame()
"""A result on each line."""

ARRAY = Frame(b"[\n", b",\n", b"\n]\n", b"[]\n")
"""An array with a result on each line."""


def _with_items(value: Any, path: tuple[str, ...], items: list[Any]) -> Any:
    return {**value, path[0]: _with_items(value[path[0]], path[1:], items)} if path else items


class StreamResults:
    """The results of chunks in an output that was made `packed`, with `count` results in it already.

    Each chunk is compressed for itself, so that workers do it, and a run can go on behind any of them: a file of
    several members or frames is a file of their contents.
    """

    def __init__(self, output: Output, frame: Frame, count: int = 0) -> None:
        self.output = output
        self.count = count
        self._frame = frame
        self._pack = packing(output.path)

    @property
    def finisher(self) -> Callable[[bytes], bytes] | None:
        """What makes of a chunk's converted lines the bytes for `add`; None where they are these bytes."""
        if self._frame.between:
            return _Framed(self._frame, self._pack)
        return self._pack if FileName.of(self.output.path).compression is not None else None

    def add(self, chunk: ChunkOutput) -> None:
        """Write the results of a chunk."""
        if chunk.results:
            around = self._frame.between if self.count else self._frame.before
            if around:
                self.output.write(self._pack(around))
            self.output.write(chunk.data)
        self.count += chunk.results

    def finish(self) -> None:
        """Write what stands behind the last result."""
        rest = self._frame.behind if self.count else self._frame.empty
        if rest or not self.output.position:
            self.output.write(self._pack(rest))


@dataclass(frozen=True, slots=True)
class _Framed:
    """Converted lines as the items of an array, without what stands before and behind them."""

    frame: Frame
    pack: Callable[[bytes], bytes]

    def __call__(self, data: bytes) -> bytes:
        between, indent = self.frame.between, self.frame.indent
        if indent is None:
            return self.pack(data[:-1].replace(b"\n", between))  # there is no line feed inside of a converted line
        lines = [write_json(read_exactly(line), indent=True) for line in data[:-1].split(b"\n")]
        return self.pack(between.join([line.replace(b"\n", b"\n" + indent) for line in lines]))


def packing(path: str) -> Callable[[bytes], bytes]:
    """How bytes are compressed that go into a file of this name, each part for itself."""
    match FileName.of(path).compression:
        case "gzip":
            return _gzip
        case "zstd":
            return _zstd
    return bytes


def _gzip(data: bytes) -> bytes:
    import gzip

    return gzip.compress(data, 6, mtime=0)


def _zstd(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(data)
