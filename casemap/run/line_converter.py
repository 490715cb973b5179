"""Lines of NDJSON converted inside of other programs: results as data, no files, no processes of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from casemap.problem import Problem
from casemap.run.blocks import BLOCK_SIZE, Block, BlockConverter
from casemap.run.chunks import ChunkConverter
from casemap.run.conversion import Conversion, Converts
from casemap.run.lines import is_blank, read_exactly
from casemap.run.streams import StreamOptions, block_converter
from casemap.run.tally import Tally

__all__ = ["ConvertedBlock", "ConvertedLine", "LineConverter", "RejectedLine"]


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A record that cannot be converted: its number and its line, from 1, the line as it came, and why.

    The problems know the line and the column. `text` has no line feed at its end.
    """

    number: int
    line: int
    text: bytes = field(repr=False)
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ConvertedBlock:
    """What became of some lines: `data` are the results, one a line, in order; `records` came in, `converted` are out.

    Of a line that is a list document, single records can be rejected and the others be converted: they are counted one
    by one in `converted`, and the line once in `records`.
    """

    data: bytes = field(repr=False)
    records: int
    converted: int
    rejects: tuple[RejectedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ConvertedLine:
    """What became of one record: its number and its line, from 1, the line as it came, the result as a JSON text.

    `result` is None for a record that is rejected, and `problems` say why.
    """

    number: int
    line: int
    text: bytes = field(repr=False)
    result: bytes | None
    problems: tuple[Problem, ...] = ()

    @property
    def value(self) -> Any:
        """The result as a value. Raises `ValueError` where there is none."""
        if self.result is None:
            raise ValueError(f"record {self.number} is rejected: {self.problems[0] if self.problems else ''}")
        return read_exactly(self.result)


class LineConverter:
    """A function from lines of NDJSON to lines, for programs with a pool of their own.

        convert = casemap.line_converter("egain/case", "khoros/case", {"base_url": "https://example.com"})
        with ProcessPoolExecutor() as pool:
            for block in pool.map(convert, blocks):     # blocks: bytes of whole lines, 64 kB to some MB each
                output.write(block.data)

    It can be pickled. Use it from one thread at a time. `name` stands in problems for the file.
    """

    def __init__(self, converter: Converts, *, name: str = "<lines>", strict_json: bool = False) -> None:
        self._converter = converter
        self._name = name
        self._strict = strict_json
        self._conversion = Conversion(converter, Tally(), observing=False)
        self._blocks: BlockConverter | None = None
        self._seen = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self._converter, self._name, self._strict)

    def __repr__(self) -> str:
        return f"<casemap.LineConverter {self._converter.source} to {self._converter.target}>"

    def __call__(self, data: bytes, first_line: int = 1) -> ConvertedBlock:
        """Convert whole lines; `first_line` is the number of the first. Raises nothing that a line could cause."""
        output = self._chunks(len(data)).convert(Block(data, first_line))
        rejects = tuple(
            RejectedLine(reject.number or 0, reject.text.line or 0, reject.line, reject.problems)
            for reject in output.rejects
        )
        return ConvertedBlock(bytes(output.data), output.records, output.tally.converted, rejects)

    def each(self, lines: Iterable[bytes]) -> Iterator[ConvertedLine]:
        """What becomes of each record, in order; blank lines are passed over. Reads some lines ahead."""
        number, first_line = 0, 1
        several = self._converter.records_path is None
        for block in _blocks(lines, BLOCK_SIZE if several else 1):
            for found in self._each(block, first_line):
                number += 1
                yield ConvertedLine(number, *found)
            first_line += len(block)

    def _each(self, lines: list[bytes], first_line: int) -> Iterator[tuple[int, bytes, bytes | None, Any]]:
        output = self(b"".join([line + b"\n" for line in lines]), first_line)
        rejects: dict[int, tuple[Problem, ...]] = {}
        for reject in output.rejects:
            rejects[reject.line] = (*rejects.get(reject.line, ()), *reject.problems)
        results = iter(output.data.splitlines())
        for line, text in enumerate(lines, start=first_line):
            if not is_blank(text):
                problems = rejects.get(line, ())
                # of a list document, which comes alone, some records can be rejected and the rest be there
                has_result = not problems or (len(lines) == 1 and output.data)
                yield line, text, next(results) if has_result else None, problems

    def _chunks(self, size: int) -> ChunkConverter:
        options = StreamOptions(strict=self._strict)
        before, self._seen = self._seen, self._seen + size
        if self._blocks is None or before < options.typed_from <= self._seen:
            self._blocks = block_converter(self._conversion, options, self._seen)
        return ChunkConverter(self._name, self._conversion, self._blocks, self._strict)


def _rebuilt(converter: Converts, name: str, strict_json: bool) -> LineConverter:
    return LineConverter(converter, name=name, strict_json=strict_json)


def _blocks(lines: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Lines without their line feeds, in lists of about so many bytes."""
    block: list[bytes] = []
    size = 0
    for line in lines:
        block.append(line.removesuffix(b"\n"))
        size += len(line)
        if size >= most:
            yield block
            block, size = [], 0
    if block:
        yield block
