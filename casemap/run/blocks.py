"""Blocks of an NDJSON archive: whole lines in, lines out.

A `BlockConverter` converts what it can of a block and hands back the lines that it cannot, as they came; the exact path
(`casemap.run.chunks`) then decides on those, record by record, and explains. `ExactBlocks` is the converter that every
route has; `casemap.run.typed` makes faster ones for the routes whose schemas allow it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from casemap.errors import CasemapError
from casemap.run.lines import may_lose_digits, read_exactly
from casemap.syntax.json_text import read_json, write_json

if TYPE_CHECKING:
    from casemap.run.conversion import Converts, Observed

__all__ = [
    "BLOCK_SIZE",
    "START",
    "Block",
    "BlockConverter",
    "BlockOutput",
    "Counts",
    "ExactBlocks",
    "Losses",
    "Place",
    "add_counts",
]

BLOCK_SIZE = 1 << 16
"""Bytes that are converted at once; what stays in a core's cache is fastest."""

Losses = dict[tuple[str, str], int]
"""How many records lost a field, or hold an approximation or a fallback in it, by the field and the mapping's words."""


class Place(NamedTuple):
    """A place in a file: the offset in bytes of the uncompressed file, the line, the column in characters, from 1."""

    offset: int = 0
    line: int = 1
    column: int = 1


START = Place()
"""The start of a file."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of an archive. `data` ends with a line feed unless it is the end of the file.

    `first_line` is the number of its first line in the file, from 1; `offset` is where it starts, in bytes of the
    uncompressed file. Which number its first record has is known only once the blocks before it have been converted.
    `end` is the place behind it, where that is known already, or not to be seen in these lines.
    """

    data: bytes = field(repr=False)
    first_line: int = 1
    offset: int = 0
    end: Place | None = None

    @property
    def behind(self) -> Place:
        """The place behind the last byte."""
        return self.end or Place(self.offset + len(self.data), self.first_line + self.data.count(b"\n"))


@dataclass(slots=True)
class BlockOutput:
    """What became of a block.

    `data` are the converted lines, each with its line feed, `converted` their number. `refused` are the lines that were
    not converted, in order: the index of each in the block, from 0 and with blank lines counted, and the line as it
    came, without its line feed. `places` says for each at which offset of `data` its result belongs. A blank line is
    left out or refused.
    """

    data: bytes
    converted: int
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Counts:
    """What converted records lost, and what stands in for something else in their results."""

    lost: Losses = field(default_factory=dict)
    approximations: Losses = field(default_factory=dict)
    fallbacks: Losses = field(default_factory=dict)

    def observe(self, observed: Observed) -> None:
        """Count one record more."""
        add_counts(self.lost, dict.fromkeys(observed.lost.items(), 1))
        add_counts(self.approximations, dict.fromkeys(observed.approximations.items(), 1))
        add_counts(self.fallbacks, dict.fromkeys(observed.fallbacks.items(), 1))

    def add(self, more: Counts) -> None:
        """Count what another count has."""
        add_counts(self.lost, more.lost)
        add_counts(self.approximations, more.approximations)
        add_counts(self.fallbacks, more.fallbacks)


def add_counts(counts: Losses, more: Mapping[tuple[str, str], int]) -> None:
    """Add counts to others."""
    for key, number in more.items():
        counts[key] = counts.get(key, 0) + number


class BlockConverter(Protocol):
    """Converts the lines of a block, one document a line.

    A line is a line: a document that goes over two, and two on one, are refused. What is converted is what the exact
    path makes of it, byte for byte. Duplicate members may pass, the last one counts. A converter made for an observed
    run also counts what the converted records have lost; `counted` gives the counts since it was last asked.
    """

    def convert(self, data: bytes) -> BlockOutput: ...
    def counted(self) -> Counts: ...


class ExactBlocks:
    """The block converter of any route: orjson, the validators, the compiled function.

    With `strict`, a line in which a member stands twice is refused.
    """

    def __init__(self, converter: Converts, *, observing: bool = False, strict: bool = False) -> None:
        self._converter = converter
        self._observing = observing
        self._strict = strict
        self._counts = Counts()

    def counted(self) -> Counts:
        """As `BlockConverter.counted`."""
        counts, self._counts = self._counts, Counts()
        return counts

    def convert(self, data: bytes) -> BlockOutput:
        """Convert the lines of a block; refuse what is no JSON, cannot be converted, or is a list document."""
        output = BlockOutput(b"", 0)
        if self._converter.records_path is not None:
            output.refused = [(index, line) for index, line in enumerate(data.split(b"\n")) if line]
            output.places = [0] * len(output.refused)
            return output
        read: Callable[[bytes], Any] = read_json
        if not self._strict:
            read = read_exactly if may_lose_digits(data) else orjson.loads
        convert = self._observed if self._observing else self._written
        written: list[bytes] = []
        befores: list[int] = []
        for index, line in enumerate(data.split(b"\n")):
            if line:
                try:
                    written.append(convert(read(line)))
                except (CasemapError, ValueError):
                    output.refused.append((index, line))
                    befores.append(len(written))
        output.converted = len(written)
        output.places = _places(written, befores)
        written.append(b"")
        output.data = b"\n".join(written)
        return output

    def _written(self, value: Any) -> bytes:
        return write_json(self._converter(value))

    def _observed(self, value: Any) -> bytes:
        """What becomes of a value, which is counted once it can be written."""
        observed = self._converter.observe(value)
        line = write_json(observed.result)
        self._counts.observe(observed)
        return line


def _places(written: list[bytes], befores: list[int]) -> list[int]:
    """The offset in the joined lines behind each of these numbers of lines."""
    places: list[int] = []
    offset = done = 0
    for before in befores:
        offset += sum(map(len, written[done:before])) + before - done
        done = before
        places.append(offset)
    return places
