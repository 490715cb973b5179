"""What observing code notes, by number: that a value stands in for another, and in which field of the result.

The value of a name is computed where it is used first, and may be carried to other fields. So what is noted while it is
computed is noted of the name, and of a field only where the value is carried to that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from casemap.compiler.pointers import Pointer
from casemap.mapping.core import Approximate, Symbol

__all__ = ["ITEM", "Notes"]

ITEM = "*"
"""The step to any item of an array."""


@dataclass(frozen=True, slots=True)
class _OfName:
    """A note of a name's value: its number, and the place in that value."""

    number: int
    node: Approximate
    place: Pointer


@dataclass(slots=True)
class Notes:
    """The notes of a function under way.

    `noted` has for each number what stands in for something else, and the field; None where it is noted of a name.
    `items` are the bindings of loops over names' values, each with the name and the steps to an item. `loops` is how
    many loops run around the statement at work.
    """

    noted: list[tuple[Approximate, Pointer | None]] = field(default_factory=list)
    items: dict[Symbol, tuple[Symbol, tuple[Any, ...]]] = field(default_factory=dict)
    loops: int = 0
    _names: dict[Symbol, dict[tuple[int, Pointer], _OfName]] = field(default_factory=dict)
    _computed: list[tuple[Symbol, int]] = field(default_factory=list)

    @contextmanager
    def loop(self) -> Iterator[None]:
        """While what runs for each item is made."""
        self.loops += 1
        try:
            yield
        finally:
            self.loops -= 1

    @contextmanager
    def of_name(self, symbol: Symbol, target: Pointer) -> Iterator[None]:
        """While the value of a name is computed, wherever it is used."""
        self._computed.append((symbol, len(target)))
        try:
            yield
        finally:
            self._computed.pop()

    def number(self, node: Approximate, target: Pointer) -> int:
        """The number of what is noted at a place. A name's value has the same where it is computed in several."""
        if not self._computed:
            self.noted.append((node, target))
            return len(self.noted) - 1
        symbol, depth = self._computed[-1]
        known, place = self._names.setdefault(symbol, {}), target[depth:]
        found = known.get((id(node), place))
        if found is None:
            found = known[id(node), place] = _OfName(len(self.noted), node, place)
            self.noted.append((node, None))
        return found.number

    def numbers(self, symbol: Symbol) -> list[int]:
        """The numbers of what is noted of a name."""
        return [each.number for each in self._names.get(symbol, {}).values()]

    def carried(self, symbol: Symbol, steps: Sequence[Any]) -> list[tuple[int, Approximate, Pointer]]:
        """What may be noted of the value that steps lead to from a name, and where in it that is."""
        while symbol in self.items:
            symbol, before = self.items[symbol]
            steps = (*before, *steps)
        return [
            (each.number, each.node, each.place[len(steps) :])
            for each in self._names.get(symbol, {}).values()
            if all(_may_be(step, other) for step, other in zip(steps, each.place, strict=False))
        ]


def _may_be(step: Any, other: Any) -> bool:
    """Whether two steps may lead to the same: what is known at run time alone may be anything."""
    return step == other or ITEM in (step, other) or not (isinstance(step, str) and isinstance(other, str))
