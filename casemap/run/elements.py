"""The records of a large document through the block converters, and where what is wrong with them stands."""

from __future__ import annotations

import itertools
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any, Protocol

from casemap.errors import CasemapError, ConversionError
from casemap.problem import Problem, pointer
from casemap.run.blocks import Block, Place
from casemap.run.chunks import ChunkConverter, ChunkOutput
from casemap.run.conversion import Conversion, with_items
from casemap.run.inputs import LARGE
from casemap.run.lines import read_line
from casemap.run.lists import record_conversion
from casemap.run.outline import Outline, Piece, element_chunks, outline
from casemap.run.payloads import Reject, Text
from casemap.run.results import LINES, Frame
from casemap.run.source import Source
from casemap.run.streams import Accepts, StreamOptions, block_converter, converted, pass_on

__all__ = ["Records", "as_they_came", "records_of", "stream_elements"]


class Chooses(Protocol):
    """Chooses the conversion of a document, and knows the schemas; see `casemap.run.convert_files`."""

    def conversion(self, value: Any) -> Conversion: ...
    def is_stream(self, value: Any, conversion: Conversion) -> bool: ...
    @property
    def schemas(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Records:
    """How a document's records are converted, what their results stand in, and what is lost of the document itself."""

    conversion: Conversion
    frame: Frame
    lost: dict[tuple[str, str], int] = field(default_factory=dict)


def records_of(found: Outline, given: Conversion | None, chooses: Chooses, name: str, *, lines: bool) -> Records | None:
    """How to convert the records of an outlined document; None where it has to be converted as a whole.

    `lines`: the output is one of lines. Raises `ConversionError` for what is wrong with the document whatever its
    records are, and `MappingError`.
    """
    items = _sample(found)
    try:
        conversion = given or chooses.conversion(with_items(found.value, found.path, items))
    except ConversionError:
        return None
    if not found.path and chooses.is_stream(items, conversion):
        return Records(conversion, LINES if lines else Frame.around([], (), indented=True))
    try:
        one_by_one = record_conversion(conversion, found.path, found.value, chooses.schemas)
    except ConversionError as error:
        raise ConversionError(problem.at(file=name) for problem in error.problems) from None
    if one_by_one is None:
        return None
    records, path, result = one_by_one
    lost = conversion.converter.observe(found.value).lost if conversion.observing else {}
    frame = Frame.around(result, path, indented=not lines)
    return Records(records, frame, dict.fromkeys(lost.items(), 1))


def _sample(found: Outline) -> list[Any]:
    """The first record, if it can be read."""
    try:
        return [] if found.first is None else [read_line(found.first)]
    except CasemapError:
        return []


def stream_elements(
    source: Source,
    found: Outline,
    conversion: Conversion,
    accept: Accepts,
    *,
    start: tuple[Place, int] | None = None,
    options: StreamOptions,
    finisher: Callable[[bytes], bytes] | None,
) -> None:
    """Convert the records of a document that was outlined.

    `start` are the place and the number of the record to begin at. Problems have the paths, lines and
    columns of the document. Raises `CasemapError` (CM101, CM103, CM514), and what `accept` raises.
    """
    place, record = start or (found.place, 1)
    places = _Places(source.name, pointer(found.path), options.strict, record - 1)
    chunks = places.noted(element_chunks(source, found, place))
    converter = ChunkConverter(
        source.name, conversion, block_converter(conversion, options, LARGE), options.strict, finisher
    )

    def accepted(output: ChunkOutput, behind: Place) -> None:
        accept(places.put_in(output), behind)

    pass_on(
        converted(chunks, converter.convert, options.processes(source.size or sys.maxsize), name=source.name), accepted
    )


def as_they_came(rejects: Sequence[Reject], text: Text, path: tuple[str, ...]) -> list[Reject]:
    """Rejected records of a document that was read whole, each with the bytes that it had there, on one line."""
    numbers = {reject.number for reject in rejects} - {None}
    if text.json is None or not numbers:
        return list(rejects)
    source = Source(text.file, BytesIO(text.json), BytesIO())
    found = outline(source, path)
    if found is None:
        return list(rejects)
    source = Source(text.file, BytesIO(text.json), BytesIO())
    pieces = element_chunks(source, found, found.place)
    lines = itertools.chain.from_iterable(piece.block.data.removesuffix(b"\n").split(b"\n") for piece in pieces)
    raw = {number: line for number, line in enumerate(lines, start=1) if number in numbers}
    return [replace(reject, line=raw.get(reject.number or 0, reject.line)) for reject in rejects]


@dataclass(slots=True)
class _Places:
    """Where records stand in the document; `before` have been converted."""

    name: str
    path: str
    strict: bool
    before: int
    pieces: deque[Piece] = field(default_factory=deque)

    def noted(self, pieces: Iterator[Piece]) -> Iterator[Block]:
        """The lines of the pieces, which are kept until what became of them is there."""
        for piece in pieces:
            self.pieces.append(piece)
            yield piece.block

    def put_in(self, output: ChunkOutput) -> ChunkOutput:
        """Give the rejects of the next piece their places."""
        piece = self.pieces.popleft()
        starts = _starts(piece) if output.rejects else []
        output.rejects = [
            self._placed(reject, piece, starts, (reject.text.line or 0) - piece.block.first_line)
            for reject in output.rejects
        ]
        self.before += len(piece.elements)
        return output

    def _placed(self, reject: Reject, piece: Piece, starts: list[int], index: int) -> Reject:
        element, start = piece.elements[index], starts[index]
        line = piece.block.first_line + piece.raw.count(b"\n", 0, start)
        before = piece.raw[piece.raw.rfind(b"\n", 0, start) + 1 : start]
        indent = len(before.decode("utf-8", "replace")) + (piece.column - 1 if b"\n" not in piece.raw[:start] else 0)
        text = Text(self.name, element, line, unique_keys=self.strict)
        own = f"{self.path}/{self.before + index}"
        problems = tuple(_moved(problem, line, indent, own) for problem in self._problems(reject, text))
        return Reject(reject.line, problems, Text(self.name, None, line), reject.number)

    def _problems(self, reject: Reject, text: Text) -> list[Problem]:
        """The problems with lines and columns in the record as it stands in the document."""
        try:
            read_line(text.json or b"", text.file, text.line or 1, strict=self.strict)
        except CasemapError as error:
            return list(error.problems)
        return text.placed([problem.at(file=None, line=None, column=None) for problem in reject.problems])


def _moved(problem: Problem, line: int, indent: int, own: str) -> Problem:
    """The problem of a record that stands indented on its first line, with its path from the document on."""
    if problem.line == line and problem.column is not None:
        problem = problem.at(column=problem.column + indent)
    return problem if problem.path is None else problem.at(path=own + problem.path)


def _starts(piece: Piece) -> list[int]:
    """Where each record starts in its piece: between them is nothing but commas and white space."""
    starts: list[int] = []
    end = 0
    for element in piece.elements:
        end = piece.raw.index(element, end)
        starts.append(end)
        end += len(element)
    return starts
