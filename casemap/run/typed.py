"""The typed door of archives: a block of lines in, a block of lines out, in one process.

Each line is decoded to objects of the route's own types, which refuse what the source's schema refuses; the compiled
function converts these; what the types could not check is asked of the validator for a whole block at once, as is what
is not proven of the results. A line that is refused on the way, for whatever reason, is handed back as it came.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Protocol

import jsonschema_rs
import orjson

from casemap.compiler.line_trees import LineTrees
from casemap.run.blocks import BlockOutput, Counts
from casemap.run.typed_doors import REFUSALS, Door, PlainDoor, Reading, TypedDoor, validator_of_all
from casemap.schema.store import SchemaStore, schema_uri
from casemap.schema.validate import is_valid

__all__ = ["TypedBlocks", "typed_block_converter"]

_TRIED = 8
"""Lines of a block that show which reading takes most, where it may not be the fastest."""
_BLANKS = b" \t\r\n"
_LINE = orjson.OPT_APPEND_NEWLINE


class Compiled(Protocol):
    """What is asked of a converter: its types and their schemas, and its tree as functions of decoded lines."""

    source: str
    target: str

    @property
    def left(self) -> Any: ...
    @property
    def records_path(self) -> tuple[str, ...] | None: ...
    @property
    def store(self) -> SchemaStore: ...
    def line_trees(self, *, observing: bool) -> LineTrees: ...


def typed_block_converter(converter: Compiled, *, observing: bool = False, left: Any = None) -> TypedBlocks | None:
    """The fast path of a converter; None for list documents, and for mappings nested too deeply for it.

    Where no types can stand for the source's schema, and for the single lines that they refuse, it has the plain door.
    `left` is the schema of what is still to be asked of results, True where nothing is; without it, that is what the
    proof of the route leaves. With `observing`, what the converted lines lose is counted, and what stands in for
    something else.
    """
    if converter.records_path is not None:
        return None
    try:
        doors = _doors(converter, observing)
    except (RecursionError, SyntaxError):
        return None  # nested deeper than Python compiles a second time

    if left is None:
        left = converter.left
    return TypedBlocks(doors, None if left is True else validator_of_all(left, converter.store))


def _doors(converter: Compiled, observing: bool) -> list[Door]:
    """The doors of a converter, the plain one last."""
    trees, store = converter.line_trees(observing=observing), converter.store
    typed = [TypedDoor(each, store, trees.losses) for each in trees.typed]
    return [*typed, PlainDoor(trees.plain, schema_uri(converter.source), store, trees.losses)]


class TypedBlocks:
    """Converts blocks of lines; see `casemap.run.blocks.BlockConverter`. For one thread, and not to be pickled.

    A line is read in one of several ways, whichever takes it. `left` is asked of all results together.
    """

    def __init__(self, doors: Sequence[Door], left: jsonschema_rs.Validator | None) -> None:
        self._doors = doors
        self._left = left
        readings = [door.readings for door in doors]
        # the strict ones of all doors come before those that pass something over
        self._readings = [*(each[0] for each in readings[:-1]), *(one for each in readings[:-1] for one in each[1:])]
        self._readings += readings[-1]
        self._first = self._readings[0]

    def convert(self, data: bytes) -> BlockOutput:
        """Convert the lines of a block."""
        for door in self._doors:
            door.learn()
        run = self._whole(data) or self._one_by_one(data)
        output = run.output()
        # what took most lines is tried first in the next block
        self._first = max(self._readings, key=_taken)
        for reading in self._readings:
            reading.taken = 0
        return output

    def counted(self) -> Counts:
        """As `BlockConverter.counted`."""
        counts = Counts()
        for door in self._doors:
            counts.add(door.counted())
        return counts

    def _whole(self, data: bytes) -> _Run | None:
        """What becomes of lines; None unless all that are not refused complete, and can be counted."""
        run = _Run()
        for door in self._doors:
            door.begin()
        try:
            self._run(data, run)
        except REFUSALS:
            for door in self._doors:
                door.holds()
            return None
        if not self._completes(run):
            return None
        for door in self._doors:
            door.keep()
        return run

    def _run(self, data: bytes, run: _Run) -> None:
        """Convert line by line, by what took most lines of the block before, else by any other reading."""
        lines, first = BytesIO(data), self._first
        if first is not self._readings[0]:
            # it takes what the faster ones would take as well, so these are asked anew
            for line in itertools.islice(lines, _TRIED):
                if not self._otherwise(line, run, None):
                    run.refuse(line)
            first = max(self._readings, key=_taken)
        door, add = first.door, run.results.append
        decode, convert = first.decode if first.takes(data) else _refuse, door.convert
        observing, count, others = door.observing, door.count, door.others
        otherwise = len(run.results)
        for line in lines:
            others.line = line
            try:
                document = decode(line)
                result = convert(document)
            except REFUSALS as error:
                door.refused(line, error)
                if self._otherwise(line, run, None if decode is _refuse else first):
                    otherwise += 1
                else:
                    run.refuse(line)
                continue
            add(result)
            if observing:
                count(document)
        first.taken += len(run.results) - otherwise

    def _otherwise(self, line: bytes, run: _Run, tried: Reading | None) -> bool:
        """Convert a line by the first reading that takes it, other than one that did not; gives whether one does."""
        for reading in self._readings:
            door = reading.door
            door.others.line = line
            try:
                if reading is tried or not reading.takes(line):
                    continue
                document = reading.decode(line)
                result = door.convert(document)
            except REFUSALS as error:
                door.refused(line, error)
                continue
            reading.taken += 1
            run.results.append(result)
            if door.observing:
                door.count(document)
            return True
        return False

    def _completes(self, run: _Run) -> bool:
        """Whether the validator takes what was gathered, and the results, and these can be written: they are, then."""
        holds = [door.holds() for door in self._doors]
        if not all(holds) or not (self._left is None or is_valid(run.results, self._left)):
            return False
        try:
            run.written = [orjson.dumps(result, None, _LINE) for result in run.results]
        except orjson.JSONEncodeError:
            return False
        return True

    def _one_by_one(self, data: bytes) -> _Run:
        """The lines of a block not all of which complete."""
        run = _Run()
        for line in BytesIO(data):
            single = self._whole(line)
            if single is not None and single.written:
                run.results += single.results
                run.written += single.written
            else:
                run.refuse(line)
        return run


def _taken(reading: Reading) -> int:
    return reading.taken


def _refuse(_: bytes) -> Any:
    raise ValueError


@dataclass(slots=True)
class _Run:
    """What has become of the lines so far.

    `written` are the results as lines, at the end. `refused` has each refused line with its index and the number of
    results before it; blank lines are left out, and counted.
    """

    written: list[bytes] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    refused: list[tuple[int, bytes, int]] = field(default_factory=list)
    blank: int = 0

    def refuse(self, line: bytes) -> None:
        """Leave out the next line."""
        if line.strip(_BLANKS):
            index = len(self.results) + len(self.refused) + self.blank
            self.refused.append((index, line.removesuffix(b"\n"), len(self.results)))
        else:
            self.blank += 1

    def output(self) -> BlockOutput:
        """The results in one piece, and where in it those of the refused lines belong."""
        output = BlockOutput(b"".join(self.written), len(self.written))
        size = done = 0
        for index, line, before in self.refused:
            size += sum(map(len, self.written[done:before]))
            done = before
            output.refused.append((index, line))
            output.places.append(size)
        return output
