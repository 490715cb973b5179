"""Where the values of a JSON text stand.

Computed only once something is wrong: the fast parsers keep no places. One pass over the tokens finds any number of
paths. Of the text that was asked for last it is remembered where the items of an array begin, so that many records of
one document are found without reading it from its start for each. A text that is no JSON is read as far as it goes.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from casemap.syntax.json_tokens import string_value, tokens

__all__ = ["locate", "locate_pointers", "pointer_steps"]

_BYTE_ORDER_MARK = "\ufeff"
_MOST_REMEMBERED = 1 << 25
"""The length in bytes of the longest text that is kept for further questions."""


@dataclass(slots=True)
class _Wanted:
    """A value that some path leads to or through, and the offset at which it was found."""

    children: dict[str, _Wanted] = field(default_factory=dict)
    offset: int | None = None

    def find(self, offset: int) -> None:
        """Take a value as found; what was found in another value of the same path does not count any more."""
        pending = [] if self.offset is None else list(self.children.values())
        while pending:
            below = pending.pop()
            below.offset = None
            pending.extend(below.children.values())
        self.offset = offset


@dataclass(slots=True)
class _Open:
    """An object or array that is being walked; `wanted` is None where no path leads through it."""

    wanted: _Wanted | None
    is_object: bool
    key: str = ""
    index: int = 0
    expects_key: bool = False

    def child(self) -> _Wanted | None:
        """What is wanted of the value that starts here."""
        if self.wanted is None:
            return None
        return self.wanted.children.get(self.key if self.is_object else str(self.index))


@dataclass(slots=True)
class _Array:
    """The first array on the way to a value: the steps to it, and where it, all around it and its items begin."""

    steps: tuple[str, ...]
    above: tuple[int, ...]
    start: int
    items: list[int] = field(default_factory=list)


def locate(data: bytes, steps: Sequence[str | int]) -> tuple[int, int]:
    """Line and column (from 1, in characters) of the value at a chain of member names and array indexes.

    Where the path leads nowhere: the place of the last value on the way.
    """
    return locate_paths(data, [tuple(str(step) for step in steps)])[0]


def locate_pointers(data: bytes, pointers: Iterable[str], *, unique_keys: bool = True) -> dict[str, tuple[int, int]]:
    """The same for many JSON Pointers (RFC 6901) at once.

    With `unique_keys`, the text is known to have no two members of one name; otherwise the last of them is meant.
    """
    names = list(dict.fromkeys(pointers))
    places = locate_paths(data, [pointer_steps(name) for name in names], unique_keys=unique_keys)
    return dict(zip(names, places, strict=True))


def pointer_steps(pointer: str) -> tuple[str, ...]:
    """The steps of a JSON Pointer; array indexes stay texts."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def locate_paths(data: bytes, paths: Sequence[tuple[str, ...]], *, unique_keys: bool = True) -> list[tuple[int, int]]:
    """The place of each path's value, in the order of the paths."""
    asked = _remembered if len(data) <= _MOST_REMEMBERED else _Text
    return asked(data, unique_keys).locate(paths)


class _Text:
    """A text that is asked for places; what was read for one question serves the next."""

    def __init__(self, data: bytes, unique_keys: bool) -> None:
        self.text = data.decode("utf-8", "replace").removeprefix(_BYTE_ORDER_MARK)
        self.unique_keys = unique_keys
        self.array: _Array | None = None
        self.line = (0, 1, 0)  # an offset, its line, and where that begins
        self.lock = threading.Lock()

    def locate(self, paths: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
        """The place of each path's value, in the order of the paths."""
        root = _Wanted()
        left = 1
        for steps in paths:
            wanted = root
            for step in steps:
                if step not in wanted.children:
                    wanted.children[step] = _Wanted()
                    left += 1
                wanted = wanted.children[step]
        with self.lock:
            for _ in self._resumed(root, paths) or self._found(root, 0, []):
                left -= 1
                if self.unique_keys and not left:
                    break
            offsets = [_offset(root, steps) for steps in paths]
            places = self._places(sorted(set(offsets)))
        return [places[offset] for offset in offsets]

    def _resumed(self, root: _Wanted, paths: Sequence[tuple[str, ...]]) -> Iterator[_Wanted] | None:
        """As `_found`, from an item of the array on, where all paths lead into items of it; else None."""
        array = self.array
        if array is None or not array.items or not paths:
            return None
        depth = len(array.steps)
        indexes = [steps[depth] if steps[:depth] == array.steps != steps else "" for steps in paths]
        if not all(index.isascii() and index.isdigit() for index in indexes):
            return None
        return self._from_item(root, array, min(*map(int, indexes), len(array.items) - 1))

    def _from_item(self, root: _Wanted, array: _Array, index: int) -> Iterator[_Wanted]:
        wanted = root
        for step, offset in zip(array.steps, array.above, strict=True):
            wanted.offset = offset
            yield wanted
            wanted = wanted.children[step]
        wanted.offset = array.start
        yield wanted
        yield from self._found(root, array.items[index], [_Open(wanted, is_object=False, index=index)])

    def _found(self, root: _Wanted, start: int, stack: list[_Open]) -> Iterator[_Wanted]:
        """Fill in the offsets from a place on, within the array that is open there; gives what is wanted when found."""
        array = outermost = stack[0] if stack else None
        for token in tokens(self.text, start):
            top = stack[-1] if stack else None
            if token.text in {"}", "]"}:
                if top is None or stack.pop() is outermost:
                    return
            elif token.text == ",":
                _next_item(top)
            elif token.text == ":":
                continue
            elif top is not None and top.expects_key:
                top.key, top.expects_key = string_value(token.text), False
            else:
                if top is not None and top is array:
                    self._item(top.index, token.start)
                wanted = root if top is None else top.child()
                if wanted is not None and (wanted.offset is None or not self.unique_keys):
                    wanted.find(token.start)
                    yield wanted
                if token.text in {"{", "["}:
                    is_object = token.text == "{"
                    stack.append(_Open(wanted, is_object, expects_key=is_object))
                    if array is None and not is_object and wanted is not None and wanted.children:
                        array = stack[-1]
                        self._begin(stack)

    def _begin(self, stack: Sequence[_Open]) -> None:
        """Remember the array that was opened last."""
        steps = tuple(here.key for here in stack[:-1])
        *above, start = (here.wanted.offset or 0 for here in stack if here.wanted is not None)
        if self.unique_keys and (self.array is None or self.array.steps != steps):
            self.array = _Array(steps, tuple(above), start)

    def _item(self, index: int, offset: int) -> None:
        """Remember where an item of that array begins."""
        if self.array is not None and index == len(self.array.items):
            self.array.items.append(offset)

    def _places(self, offsets: list[int]) -> dict[int, tuple[int, int]]:
        """Line and column of each offset; the offsets ascend, so that the text is read once."""
        places: dict[int, tuple[int, int]] = {}
        before, line, line_start = self.line if offsets[:1] >= [self.line[0]] else (0, 1, 0)
        for offset in offsets:
            line += self.text.count("\n", before, offset)
            line_start = max(line_start, self.text.rfind("\n", before, offset) + 1)
            before = offset
            places[offset] = (line, offset - line_start + 1)
        self.line = before, line, line_start
        return places


@functools.lru_cache(maxsize=1)
def _remembered(data: bytes, unique_keys: bool) -> _Text:
    return _Text(data, unique_keys)


def _offset(root: _Wanted, steps: tuple[str, ...]) -> int:
    """The offset of the last value on the way that the text has."""
    found, wanted = root.offset or 0, root
    for step in steps:
        wanted = wanted.children[step]
        if wanted.offset is None:
            break
        found = wanted.offset
    return found


def _next_item(top: _Open | None) -> None:
    if top is not None:
        top.index += 1
        top.expects_key = top.is_object
