"""A stream of records through the block converters, in this process or in several.

Takes an input's chunks, hands what becomes of each, in order, to the run. Whatever the number of processes, the same
comes out in the same order.
"""

from __future__ import annotations

import gc
import itertools
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from casemap.errors import CasemapError, ConversionError
from casemap.problem import Problem
from casemap.run.blocks import START, Block, BlockConverter, ExactBlocks, Place
from casemap.run.chunks import ChunkConverter, ChunkOutput
from casemap.run.conversion import Conversion
from casemap.run.extents import Extent, extents
from casemap.run.lines import is_blank, read_line
from casemap.run.options import StreamOptions
from casemap.run.payloads import Payload, Reject, Text
from casemap.run.source import Source, behind_mark, read_chunks

__all__ = ["Accepts", "Choose", "Start", "StreamOptions", "block_converter", "converted", "pass_on", "stream_records"]

_FEW = 4
"""Chunks that are converted at once rather than by processes that would have to be started first."""


Choose = Callable[[Any], Conversion]
"""Chooses the conversion of a stream by its first record; raises `ConversionError` for a value of no known type."""


class Accepts(Protocol):
    """Is told what became of a chunk, and where the next one begins."""

    def __call__(self, output: ChunkOutput, behind: Place) -> None: ...


def block_converter(conversion: Conversion, options: StreamOptions, size: int) -> BlockConverter:
    """The fastest block converter for lines of at least `size` bytes in all."""
    converter: Any = conversion.converter
    if size >= options.typed_from and not options.strict and hasattr(converter, "line_trees"):
        from casemap.run.typed import typed_block_converter

        typed = typed_block_converter(converter, observing=options.observing)
        if typed is not None:
            return typed
    return ExactBlocks(conversion.converter, observing=options.observing, strict=options.strict)


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin with a source, and the conversion, where it is known."""

    place: Place = START
    conversion: Conversion | None = None


def stream_records(
    source: Source,
    start: Start,
    choose: Choose,
    accept: Accepts,
    *,
    options: StreamOptions,
    finisher: Callable[[bytes], bytes] | None = None,
) -> bool:
    """Convert the lines of a source; the first that can be read decides on the type of all.

    `finisher` is applied to the converted lines of each chunk. Gives whether the end was reached: it is not where the
    type of the records is not known.

    Raises `CasemapError` (CM101, CM110, CM514), and what `accept` raises.
    """
    source.skip(start.place.offset)
    here = behind_mark(source, start.place)
    chunks = read_chunks(source, here, options.chunk)
    conversion = start.conversion
    if conversion is None:
        first = _Typing(source, choose, options, accept)
        conversion = first.choose(chunks)
        if conversion is None:
            if first.empty:
                advice = "Say what type the records would have with --from."
                problem = Problem("CM110", "there is no record, so the type of the records is not known", advice)
                raise CasemapError([problem.at(file=source.name)])
            return not first.undetected
        here = Place(first.read[0].offset, first.read[0].first_line)
        chunks = itertools.chain(first.read, chunks)
    size, chunks = _size(source, chunks)
    blocks = block_converter(conversion, options, size)
    converter = ChunkConverter(source.name, conversion, blocks, options.strict, finisher)
    processes = options.processes(size)
    parts: Iterator[Block | Extent] = chunks
    if processes > 1 and source.descriptor is not None:
        parts = extents(source, here.offset, options.chunk)
    pass_on(converted(parts, converter.convert, processes, name=source.name, line=here.line), accept)
    return True


def _size(source: Source, chunks: Iterator[Block]) -> tuple[int, Iterator[Block]]:
    """About how many bytes there are to convert; of a pipe it is known only whether they are few."""
    if source.size is not None:
        return source.size, chunks
    few = list(itertools.islice(chunks, _FEW))
    size = sum(len(chunk.data) for chunk in few)
    return size if len(few) < _FEW else sys.maxsize, itertools.chain(few, chunks)


def pass_on(outputs: Iterator[tuple[ChunkOutput, Place]], accept: Accepts) -> None:
    """Hand over what became of each chunk."""
    with closing(outputs):  # type: ignore[type-var]  # it is a generator
        for output, behind in outputs:
            accept(output, behind)


def converted(
    chunks: Iterator[Block | Extent],
    convert: Callable[[Block], ChunkOutput],
    processes: int,
    *,
    name: str | None = None,
    line: int = 1,
) -> Iterator[tuple[ChunkOutput, Place]]:
    """What becomes of each chunk of the file `name`, in order, with the place behind it.

    `line` is the number of the first line. The bytes of an output are to be used before the next one is asked for.
    Raises `CasemapError`, after everything before: what the chunks raise, CM101, or CM514 where a process has died.
    """
    with _without_collector(), closing(_outputs(chunks, convert, processes)) as outputs:
        while True:
            try:
                chunk, output = next(outputs)
            except StopIteration:
                return
            except CasemapError as error:
                raise CasemapError([_placed(problem, name, line) for problem in error.problems]) from None
            if isinstance(chunk, Extent):
                output.move(line - 1)
                behind = Place(chunk.offset + chunk.size, line + output.lines)
            else:
                behind = chunk.behind
            line = behind.line
            yield output, behind


def _placed(problem: Problem, name: str | None, line: int) -> Problem:
    """The problem of a chunk that starts at this line, if it does not know its file yet."""
    if problem.file is not None:
        return problem
    return problem.at(file=name, line=None if problem.line is None else problem.line + line - 1)


def _outputs(
    chunks: Iterator[Block | Extent], convert: Callable[[Block], ChunkOutput], processes: int
) -> Generator[tuple[Block | Extent, ChunkOutput], None, None]:
    """What becomes of each chunk, converted here or, where there are more than a few, by processes."""
    few = list(itertools.islice(chunks, _FEW)) if processes > 1 else []
    chunks = itertools.chain(few, chunks)
    if len(few) == _FEW:
        from casemap.run.pool import Pool

        with Pool(convert, processes) as pool:
            yield from pool.outputs(chunks)
        return
    for chunk in chunks:
        yield chunk, chunk.converted(convert) if isinstance(chunk, Extent) else convert(chunk)
        gc.collect(1)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Records are trees, which need no search for cycles; what is there already is not looked through again."""
    enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()


class _Typing:
    """Finds the first line that can be read. What is before it is rejected, in the order of the file.

    `read` are the chunks that were taken from the stream and are still to be converted.
    """

    def __init__(self, source: Source, choose: Choose, options: StreamOptions, accept: Accepts) -> None:
        self.source = source
        self.choose_by = choose
        self.accept = accept
        self.strict = options.strict
        self.read: list[Block] = []
        self.empty = True
        self.undetected = False

    def choose(self, chunks: Iterator[Block]) -> Conversion | None:
        """The conversion of the records; None where no line can be read, or the first that can is of no known type."""
        for chunk in chunks:
            start = 0
            for number, line in enumerate(chunk.data.split(b"\n"), start=chunk.first_line):
                if not is_blank(line):
                    self.empty = False
                    try:
                        value = read_line(line, self.source.name, number, strict=self.strict)
                    except CasemapError:
                        pass
                    else:
                        return self._of(value, Text(self.source.name, line, number), chunk, start)
                start += len(line) + 1
            self._refuse(chunk)
        return None

    def _of(self, value: Any, text: Text, chunk: Block, start: int) -> Conversion | None:
        try:
            conversion = self.choose_by(value)
        except ConversionError as error:
            self.undetected = True
            output = self._rejected(Block(chunk.data[:start], chunk.first_line, chunk.offset))
            output.records += 1
            problems = tuple(text.placed(Payload(value, text).absolute(error.problems)))
            output.rejects.append(Reject(text.json or b"", problems, text, output.records))
            self.accept(output, Place(chunk.offset + start, text.line or 1))
            return None
        self.read.append(chunk)
        return conversion

    def _refuse(self, chunk: Block) -> None:
        self.accept(self._rejected(chunk), chunk.behind)

    def _rejected(self, chunk: Block) -> ChunkOutput:
        return ChunkConverter(self.source.name, None, None, self.strict).convert(chunk)
