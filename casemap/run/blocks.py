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
    from casemap.run.conversion import Converts

__all__ = ["BLOCK_SIZE", "START", "Block", "BlockConverter", "BlockOutput", "ExactBlocks", "Losses", "Place"]

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
    left out or refused. `lost`, `approximations` and `fallbacks` count the converted records alone; they are empty
    where nobody asked for them.
    """

    data: bytes
    converted: int
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    lost: Losses = field(default_factory=dict)
    approximations: Losses = field(default_factory=dict)
    fallbacks: Losses = field(default_factory=dict)


class BlockConverter(Protocol):
    """Converts the lines of a block, one document a line.

    A line is a line: a document that goes over two, and two on one, are refused. What is converted is what the exact
    path makes of it, byte for byte. Duplicate members may pass, the last one counts. A converter made for an observed
    run also counts what is lost.
    """

    def convert(self, data: bytes) -> BlockOutput: ...


class ExactBlocks:
    """The block converter of any route: orjson, the validators, the compiled function.

    With `strict`, a line in which a member stands twice is refused.
    """

    def __init__(self, converter: Converts, *, observing: bool = False, strict: bool = False) -> None:
        self._converter = converter
        self._observing = observing
        self._strict = strict

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
        convert = self._observed(output) if self._observing else self._converter
        written: list[bytes] = []
        befores: list[int] = []
        for index, line in enumerate(data.split(b"\n")):
            if line:
                try:
                    written.append(write_json(convert(read(line))))
                except (CasemapError, ValueError):
                    output.refused.append((index, line))
                    befores.append(len(written))
        output.converted = len(written)
        output.places = _places(written, befores)
        written.append(b"")
        output.data = b"\n".join(written)
        return output

    def _observed(self, output: BlockOutput) -> Callable[[Any], Any]:
        """The conversion of a value that also counts what it lost."""
        observe = self._converter.observe

        def convert(value: Any) -> Any:
            observed = observe(value)
            _count(output.lost, observed.lost)
            _count(output.approximations, observed.approximations)
            _count(output.fallbacks, observed.fallbacks)
            return observed.result

        return convert


def _count(counts: Losses, fields: Mapping[str, str]) -> None:
    for each in fields.items():
        counts[each] = counts.get(each, 0) + 1


def _places(written: list[bytes], befores: list[int]) -> list[int]:
    """The offset in the joined lines behind each of these numbers of lines."""
    places: list[int] = []
    offset = done = 0
    for before in befores:
        offset += sum(map(len, written[done:before])) + before - done
        done = before
        places.append(offset)
    return places
