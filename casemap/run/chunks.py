"""Chunks of NDJSON converted: the block converter does what it can, the exact path decides on what it refuses.

Takes whole lines and where they stand, gives the bytes to write, the rejects and the counts. Touches no files, so it
runs in any process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from casemap.errors import CasemapError
from casemap.run.blocks import BLOCK_SIZE, Block, BlockConverter, BlockOutput
from casemap.run.conversion import Conversion
from casemap.run.lines import is_blank, read_line
from casemap.run.payloads import Payload, Reject, Text
from casemap.run.tally import Tally
from casemap.syntax.json_text import write_json

__all__ = ["ChunkConverter", "ChunkOutput"]


@dataclass(slots=True)
class ChunkOutput:
    """What became of a chunk.

    `data` holds `results` converted lines, each with its line feed, or what `finish` made of them. `records` is the
    number of lines that are not blank; in `rejects` the numbers of records count from 1 in this chunk, and the problems
    know file, line and column. `tally` counts what was converted. `lines` is the number of line feeds in the chunk,
    where its reader has counted them.
    """

    data: bytes | memoryview
    results: int = 0
    records: int = 0
    rejects: list[Reject] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    lines: int = 0

    def move(self, lines: int) -> None:
        """Have the rejects stand so many lines further on in the file."""
        self.rejects = [reject.moved(lines) for reject in self.rejects]


@dataclass(slots=True)
class ChunkConverter:
    """Converts chunks of the file `name`. Without a `conversion` every line is rejected that is no JSON.

    `finish` is applied to the converted lines where there are any: another layout, or compression.
    """

    name: str
    conversion: Conversion | None
    blocks: BlockConverter | None
    strict: bool = False
    finish: Callable[[bytes], bytes] | None = None

    def convert(self, chunk: Block) -> ChunkOutput:
        """Convert the lines of a chunk. Raises nothing that a line could cause."""
        output = ChunkOutput(b"")
        if self.conversion is not None:
            self.conversion.tally = output.tally
        written = [self._piece(chunk, start, end, output) for start, end in _pieces(chunk.data)]
        if self.conversion is not None and self.conversion.observing and self.blocks is not None:
            # once for all blocks: to name what was counted takes as long as to convert some lines
            converter, counts = self.conversion.converter, self.blocks.counted()
            output.tally.lose(converter.source, counts.lost)
            output.tally.approximate(converter.target, counts.approximations)
            output.tally.fall_back(converter.target, counts.fallbacks)
        output.data = b"".join(written)
        if self.finish is not None and output.results:
            output.data = self.finish(output.data)
        return output

    def _piece(self, chunk: Block, start: int, end: int, output: ChunkOutput) -> bytes:
        """Convert some of the lines."""
        data = chunk.data[start:end]
        if self.conversion is None or self.blocks is None:
            lines = [(index, line) for index, line in enumerate(data.split(b"\n")) if line]
            found = BlockOutput(b"", 0, lines, [0] * len(lines))
        else:
            found = self.blocks.convert(data)
            self._count(self.conversion, data, found, output.tally)
            output.results += found.converted
        before, output.records = output.records, output.records + found.converted
        if not found.refused:
            return found.data
        first_line = chunk.first_line + chunk.data.count(b"\n", 0, start)
        return self._completed(found, output, first_line, _Numbers(data, before))

    def _count(self, conversion: Conversion, data: bytes, found: BlockOutput, tally: Tally) -> None:
        """Count what the block converter has converted."""
        source, target = conversion.converter.source, conversion.converter.target
        tally.convert(source, target, found.converted)
        if conversion.collapsing is not None:
            refused = {index for index, _ in found.refused}
            for index, line in enumerate(data.split(b"\n")):
                if index not in refused and not is_blank(line):
                    conversion.examine(read_line(line))

    def _completed(self, found: BlockOutput, output: ChunkOutput, first_line: int, numbers: _Numbers) -> bytes:
        """What was converted with the results of the refused lines in their places."""
        written: list[bytes] = []
        done = 0
        for (index, line), place in zip(found.refused, found.places, strict=True):
            if is_blank(line):
                continue
            output.records += 1
            results, rejects = self._decide(Text(self.name, line, first_line + index, unique_keys=self.strict))
            written += [found.data[done:place], *results]
            done = place
            output.results += len(results)
            number = numbers.of(index) if rejects else 0
            output.rejects += [reject.numbered(number) for reject in rejects]
        written.append(found.data[done:])
        return b"".join(written)

    def _decide(self, text: Text) -> tuple[list[bytes], list[Reject]]:
        """The results of a line, each with its line feed, and its rejects, by the exact path."""
        line, number = text.json or b"", text.line or 1
        try:
            value = read_line(line, text.file, number, strict=self.strict)
        except CasemapError as error:
            return [], [Reject(line, error.problems, text)]
        if self.conversion is None:
            return [], []
        outcome = self.conversion.convert(Payload(value, text))
        try:
            results = [write_json(result) + b"\n" for result in outcome.results]
        except CasemapError as error:
            self.conversion.tally.convert(self.conversion.converter.source, self.conversion.converter.target, -1)
            problems = [problem.at(file=text.file, line=number) for problem in error.problems]
            return [], [Reject(line, tuple(problems), text)]
        return results, [Reject(reject.line, tuple(text.placed(reject.problems)), text) for reject in outcome.rejects]


@dataclass(slots=True)
class _Numbers:
    """The numbers of records in a chunk, of lines of a part of it that `before` records precede."""

    data: bytes
    before: int
    _lines: list[bytes] | None = None
    _done: int = 0
    _records: int = 0

    def of(self, index: int) -> int:
        """The number of the record on a line, from 1; indexes must not go down."""
        if self._lines is None:
            self._lines = self.data.split(b"\n")
        self._records += sum(not is_blank(line) for line in self._lines[self._done : index + 1])
        self._done = index + 1
        return self.before + self._records


def _pieces(data: bytes) -> Iterator[tuple[int, int]]:
    """Where to cut a chunk into blocks of whole lines."""
    start = 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + BLOCK_SIZE) + 1
        if end <= start:
            end = data.find(b"\n", start + BLOCK_SIZE) + 1 or len(data)
        yield start, end
        start = end
