"""Where the values of a JSON text stand.

Computed only once something is wrong: the fast parsers keep no places. One pass over the tokens finds any number of
paths. A text that is no JSON is read as far as it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from casemap.syntax.json_tokens import string_value, tokens

__all__ = ["locate", "locate_pointers", "pointer_steps"]

_BYTE_ORDER_MARK = "\ufeff"


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
    text = data.decode("utf-8", "replace").removeprefix(_BYTE_ORDER_MARK)
    root = _Wanted()
    left = 1
    for steps in paths:
        wanted = root
        for step in steps:
            if step not in wanted.children:
                wanted.children[step] = _Wanted()
                left += 1
            wanted = wanted.children[step]
    for _ in _found(text, root, unique_keys):
        left -= 1
        if unique_keys and not left:
            break
    offsets = [_offset(root, steps) for steps in paths]
    places = _places(text, sorted(set(offsets)))
    return [places[offset] for offset in offsets]


def _offset(root: _Wanted, steps: tuple[str, ...]) -> int:
    """The offset of the last value on the way that the text has."""
    found, wanted = root.offset or 0, root
    for step in steps:
        wanted = wanted.children[step]
        if wanted.offset is None:
            break
        found = wanted.offset
    return found


def _found(text: str, root: _Wanted, unique_keys: bool) -> Iterator[_Wanted]:
    """Fill in the offsets; gives each value that is wanted when it is found."""
    stack: list[_Open] = []
    for token in tokens(text):
        top = stack[-1] if stack else None
        if token.text in {"}", "]"}:
            if top is None:
                return
            stack.pop()
        elif token.text == ",":
            _next_item(top)
        elif token.text == ":":
            continue
        elif top is not None and top.expects_key:
            top.key, top.expects_key = string_value(token.text), False
        else:
            wanted = root if top is None else top.child()
            if wanted is not None and (wanted.offset is None or not unique_keys):
                wanted.find(token.start)
                yield wanted
            if token.text in {"{", "["}:
                is_object = token.text == "{"
                stack.append(_Open(wanted, is_object, expects_key=is_object))


def _next_item(top: _Open | None) -> None:
    if top is not None:
        top.index += 1
        top.expects_key = top.is_object


def _places(text: str, offsets: list[int]) -> dict[int, tuple[int, int]]:
    """Line and column of each offset; the offsets ascend, so that the text is read once."""
    places: dict[int, tuple[int, int]] = {}
    line, line_start, before = 1, 0, 0
    for offset in offsets:
        line += text.count("\n", before, offset)
        line_start = max(line_start, text.rfind("\n", before, offset) + 1)
        before = offset
        places[offset] = (line, offset - line_start + 1)
    return places
