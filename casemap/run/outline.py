"""Large JSON documents read piece by piece: the records of an array as lines of NDJSON, the rest as values.

`outline` walks through a document once and keeps all but the records, of an array that the document is or that a member
of it holds. `element_chunks` then gives the records. Neither holds more than some megabytes, or one record.

A piece of the text is cut where a record seems to end, and msgspec's parser says whether that is so: with a bracket too
many or half of a text it is no array. Where it is not, brackets and texts are counted, which is slower.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.blocks import Block, Place
from casemap.run.source import CHUNK_SIZE, Source
from casemap.syntax.json_text import read_json

__all__ = ["Outline", "Piece", "element_chunks", "outline"]

_LONGEST = 1 << 28
"""Bytes of a record, or of everything beside the records: a document of that kind is none of records."""

_SPACE = re.compile(rb"[ \t\n\r]*+")
_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[][{}]', re.DOTALL)
_SCALAR = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^][{},:"\s]++', re.DOTALL)
_COMMA = re.compile(rb"[ \t\n\r]*+,[ \t\n\r]*+")
_FIRST_NAME = re.compile(rb'\{\s*+"(?:[^"\\]++|\\.)*+"')
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Some records of an array: as lines, and as they stand in the document, `raw` with what is between them."""

    block: Block
    elements: tuple[bytes, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    column: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A document without its records.

    `path` leads to the array, `value` is the document with an empty array there. `place` is that of the first byte in
    the array, `first` is its first record, None where it is empty. `separator` is what stands between two
    records, as far as it looks alike everywhere.
    """

    path: tuple[str, ...]
    value: Any
    place: Place
    first: bytes | None
    separator: bytes


class _Window:
    """The part of a source that is being looked at: `data`, which starts at `base`, and in it the offset `at`."""

    def __init__(self, source: Source, base: Place) -> None:
        self.source = source
        self.data = b""
        self.at = 0
        self.base = base
        self.ended = False

    @property
    def offset(self) -> int:
        """The offset in the document."""
        return self.base.offset + self.at

    def more(self, size: int = CHUNK_SIZE) -> bool:
        """Read on; false at the end."""
        data = self.source.read(size)
        self.ended = len(data) < size
        if self.at:
            self.base = self.place()
            self.data = self.data[self.at :]
            self.at = 0
        self.data += data
        return bool(data)

    def have(self, size: int) -> None:
        """Read so many bytes, from the place on; fewer only at the end."""
        missing = size - (len(self.data) - self.at)
        if missing > 0 and not self.ended:
            self.more(missing)

    def next(self) -> bytes:
        """The next byte that is no space; empty at the end."""
        while True:
            match = _SPACE.match(self.data, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.data) or not self.more():
                return self.data[self.at : self.at + 1]

    def place(self) -> Place:
        """Where it stands."""
        start = self.data.rfind(b"\n", 0, self.at) + 1
        characters = len(self.data[start : self.at].decode("utf-8", "replace"))
        line = self.base.line + self.data.count(b"\n", 0, self.at)
        return Place(self.offset, line, characters + (1 if start else self.base.column))

    def fail(self, message: str) -> NoReturn:
        """Raise `CasemapError`: the document is no JSON from here on."""
        _, line, column = self.place()
        advice = "Mend the text at that place; the file may have been cut off."
        raise CasemapError([Problem("CM103", message, advice, file=self.source.name, line=line, column=column)])

    def value(self) -> bytes:
        """The text of the value that starts here. Moves behind it."""
        size = CHUNK_SIZE
        while (end := _end(self.data, self.at)) is None or (end == len(self.data) and not self.ended):
            if len(self.data) - self.at > _LONGEST:
                _, line, column = self.place()
                advice = "Write each record on a line of its own, as NDJSON."
                problem = Problem("CM101", "cannot be read: a value is too large for the memory", advice)
                raise CasemapError([problem.at(file=self.source.name, line=line, column=column)])
            if not self.more(size):
                self.fail("the value that starts here has no end, or is none")
            size *= 2
        text = self.data[self.at : end]
        self.at = end
        return text


def _end(data: bytes, start: int) -> int | None:
    """Where the value ends that starts at a place; None where the end is not there. Looks at its brackets alone."""
    if data[start : start + 1] not in {b"{", b"["}:
        match = _SCALAR.match(data, start)
        return match.end() if match else None
    depth = 0
    for match in _STRUCTURE.finditer(data, start):
        first = match[0][:1]
        if first in {b"{", b"["}:
            depth += 1
        elif first != b'"':
            depth -= 1
            if depth == 0:
                return match.end()
    return None


# --- the document without its records -----------------------------------------------------------------------------


def outline(source: Source, path: tuple[str, ...] | None) -> Outline | None:
    """Walk through a document. `path` leads to the array of records; None: the document is it, or its longest member.

    None where there is no such array. Raises `CasemapError` (CM101, CM103, CM105).
    """
    window = _Window(source, Place())
    window.have(CHUNK_SIZE)
    if window.data.startswith(_BYTE_ORDER_MARK):
        window.at = len(_BYTE_ORDER_MARK)
    match window.next():
        case b"[" if not path:
            window.at += 1
            found = _array(window, ())
            _finish(window)
            return found[0]
        case b"{" if path is None or len(path) == 1:
            window.at += 1
            return _object(window, None if path is None else path[0])
    return None


def _object(window: _Window, wanted: str | None) -> Outline | None:
    members: dict[str, Any] = {}
    arrays: dict[str, tuple[Outline, int]] = {}
    first = True
    while (byte := window.next()) != b"}":
        if not first:
            if byte != b",":
                window.fail("a comma or `}` is expected here")
            window.at += 1
            byte = window.next()
        first = False
        name = _name(window, byte, members)
        if window.next() != b":":
            window.fail("a colon is expected here")
        window.at += 1
        if window.next() == b"[" and wanted in {None, name}:
            window.at += 1
            arrays[name] = _array(window, (name,))
            members[name] = []
        else:
            line = window.place().line
            members[name] = read_json(window.value(), window.source.name, line)
    window.at += 1
    _finish(window)
    return _chosen(members, arrays)


def _name(window: _Window, byte: bytes, members: dict[str, Any]) -> str:
    if byte != b'"':
        window.fail("a name in double quotes is expected here")
    _, line, column = window.place()
    name: str = read_json(window.value(), window.source.name, line)
    if name in members:
        advice = "Remove one of the two: readers differ in which value they take."
        problem = Problem("CM105", f"the member `{name}` stands twice", advice)
        raise CasemapError([problem.at(file=window.source.name, line=line, column=column)])
    return name


def _chosen(members: dict[str, Any], arrays: dict[str, tuple[Outline, int]]) -> Outline | None:
    """The outline with the longest array; None where another one is long as well, for its items are not here."""
    if not arrays:
        return None
    longest, *others = sorted(arrays.values(), key=lambda found: -found[1])
    if any(size for _, size in others):
        return None
    found = longest[0]
    return Outline(found.path, members, found.place, found.first, found.separator)


def _array(window: _Window, path: tuple[str, ...]) -> tuple[Outline, int]:
    """The outline of an array, behind whose bracket the window stands, and the bytes of its records."""
    place = window.place()
    first = None
    separator = b""
    if window.next() != b"]":
        first, separator = _first(window)
    rest = Outline(path, [], place, first, separator)
    size = len(first or b"") + sum(len(piece.raw) for piece in _pieces(window, separator, first is not None))
    window.at += 1
    return rest, size


def _first(window: _Window) -> tuple[bytes, bytes]:
    """The first record, and what stands between it and the next, to the end of that one's first name."""
    first = window.value()
    window.have(CHUNK_SIZE)
    end = window.at
    gap = _COMMA.match(window.data, window.at)
    name = None if gap is None else _FIRST_NAME.match(window.data, gap.end())
    return first, b"" if name is None else first[-1:] + window.data[end : name.end()]


def _finish(window: _Window) -> None:
    if window.next():
        window.fail("the document ends before this place, and more text follows")


# --- its records --------------------------------------------------------------------------------------------------


def element_chunks(source: Source, found: Outline, place: Place) -> Iterator[Piece]:
    """The records of an array that was outlined, from a place on: its start, or the end of a piece."""
    source.skip(place.offset)
    return _pieces(_Window(source, place), found.separator, began=place != found.place)


def _pieces(window: _Window, separator: bytes, began: bool) -> Iterator[Piece]:
    """Records until the array's end, to which the window is moved. `began`: a record stands before this place."""
    while True:
        byte = window.next()
        if byte == b"]":
            return
        if began:
            if byte != b",":
                window.fail("a comma or `]` is expected here")
            window.at += 1
            window.next()
        window.have(CHUNK_SIZE)
        start = window.place()
        elements = _guessed(window, separator) or _counted(window)
        raw = window.data[start.offset - window.base.offset : window.at]
        lines = [element.replace(b"\n", b" ") if b"\n" in element else element for element in elements]
        began = True
        block = Block(b"\n".join([*lines, b""]), start.line, start.offset, window.place())
        yield Piece(block, tuple(elements), raw, start.column)


def _guessed(window: _Window, separator: bytes) -> list[bytes] | None:
    """The records up to the last place that looks like an end of one, if that is what it is."""
    import msgspec

    if not separator:
        return None
    limit = window.at + CHUNK_SIZE
    for _ in range(_TRIES):
        limit = window.data.rfind(separator, window.at, limit)
        if limit < 0:
            return None
        try:
            elements = _arrays().decode(b"[%b]" % window.data[window.at : limit + 1])
        except (msgspec.DecodeError, RecursionError):
            continue
        window.at = limit + 1
        return [bytes(element) for element in elements]
    return None


@functools.cache
def _arrays() -> Any:
    import msgspec  # only for large documents

    return msgspec.json.Decoder(list[msgspec.Raw])


def _counted(window: _Window) -> list[bytes]:
    """The records of a piece, by their brackets. Depends on the document alone, and not on how much has been read."""
    limit = window.offset + CHUNK_SIZE
    elements = [window.value()]
    while True:
        gap = _COMMA.match(window.data, window.at)
        end = None if gap is None else _end(window.data, gap.end())
        if gap is None or end is None or window.base.offset + end >= limit:
            return elements
        elements.append(window.data[gap.end() : end])
        window.at = end
