"""What a tree picks of its source: which places it steps into, and which values it needs whole.

A place is an origin, the way to it through the source schema, in which `*` is any item of an array. A value that is
only stepped into, looped over, counted or asked for can be decoded to an object of fixed members; one that is copied,
spread, or handed to a function must be the plain value. Takes a tree and gives `Picks`; knows nothing of the schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from casemap.mapping.core import Call, Each, Let, Node, Path, Rest, Symbol, children

__all__ = ["Origin", "Picks", "picks_of"]

Origin = tuple[str, ...]

_ASKING = frozenset(("is defined", "is none"))
"""Tests that look at a value from outside."""


@dataclass(slots=True)
class Picks:
    """The places that are `reached` by steps, those whose value is needed `whole`, and those of which the `rest` is.

    `symbols` are the bindings that stand for places: more than one where `as_list` lets an item stand beside an array.
    """

    symbols: dict[Symbol, tuple[Origin, ...]]
    reached: set[Origin] = field(default_factory=set)
    whole: set[Origin] = field(default_factory=set)
    rests: dict[Origin, frozenset[str]] = field(default_factory=dict)

    def origins(self, path: Path, steps: int) -> tuple[Origin, ...]:
        """Where the first steps of a path lead; nowhere if that is not known."""
        found = self.symbols.get(path.scope, ())
        for step in path.steps[:steps]:
            if not isinstance(step, (str, int)):
                return ()
            found = tuple((*origin, step if isinstance(step, str) else "*") for origin in found)
        return found


def picks_of(tree: Node, document: Symbol) -> Picks:
    """What a tree over the document picks of it."""
    picks = Picks({document: ((),)})
    _Picker(picks).value(tree)
    return picks


class _Picker:
    def __init__(self, picks: Picks) -> None:
        self.picks = picks

    def value(self, node: Node) -> None:
        """A node whose value is used."""
        match node:
            case Path():
                self.picks.whole.update(self.place(node))
            case Let():
                self.let(node)
            case Each():
                self.each(node)
            case Rest(value=Path() as path):
                for origin in self.place(path):
                    known = self.picks.rests.get(origin, node.declared)
                    self.picks.rests[origin] = known & node.declared
            case Call(arguments=(Path() as path,)) if node.function.name in _ASKING or node.function.name == "length":
                self.place(path)
            case _:
                for child in children(node):
                    self.value(child)

    def place(self, path: Path) -> tuple[Origin, ...]:
        """Where a path leads; the values on the way are stepped into."""
        for position, step in enumerate(path.steps):
            if not isinstance(step, (str, int)):
                # which member it is shows only at run time
                self.picks.whole.update(self.picks.origins(path, position))
                self.value(step)
                return ()
            self.picks.reached.update(self.picks.origins(path, position + 1))
        return self.picks.origins(path, len(path.steps))

    def let(self, node: Let) -> None:
        if isinstance(node.value, Path):
            self.picks.symbols[node.symbol] = self.place(node.value)
        else:
            self.value(node.value)
        self.value(node.body)

    def each(self, node: Each) -> None:
        source = node.source
        match source:
            case Path():
                self.picks.symbols[node.item] = tuple((*origin, "*") for origin in self.place(source))
            case Call(arguments=(Path() as path,)) if source.function.name == "as_list":
                places = self.place(path)
                self.picks.symbols[node.item] = (*((*origin, "*") for origin in places), *places)
            case _:
                self.value(source)
        for part in (node.where, node.sort, node.unique, node.key, node.body):
            if part is not None:
                self.value(part)
