"""What a tree reads of its source: where its records are, and the rules behind a problem of a payload or a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from casemap.mapping.core import (
    Call,
    Computed,
    Each,
    If,
    Let,
    Member,
    Node,
    Object,
    Path,
    Rest,
    Spread,
    Symbol,
    children,
)  # fmt: skip
from casemap.span import Span

__all__ = ["Reads"]

Steps = tuple[str, ...]
"""Member names from the document down; `*` is any item of an array."""


@dataclass(slots=True)
class _Field:
    """A source field: where it is first read, and the fields below it."""

    span: Span | None = None
    below: dict[str, _Field] = field(default_factory=dict)

    def at(self, steps: Steps) -> _Field:
        found = self
        for step in steps:
            found = found.below.setdefault(step, _Field())
        return found


class Reads:
    """The source fields that a tree over `root` reads, and the target fields that it writes."""

    def __init__(self, tree: Node, root: Symbol) -> None:
        self.fields = _Field()
        self.writers: list[tuple[Steps, Span, Steps]] = []
        self._records: Steps | None = None
        _Reader(self.fields, {root: [()]}, self.writers, self).value(tree, ())

    @property
    def records_path(self) -> Steps | None:
        """The way to the records of a list document."""
        return self._records

    def found_records(self, steps: Steps) -> None:
        """Remember where the records of a list document are."""
        self._records = steps

    def reader(self, steps: Sequence[str | int]) -> Span | None:
        """The rule that reads the payload's value at a place, or the nearest one below or above it."""
        found, span = self.fields, None
        for step in steps:
            deeper = found.below.get(str(step)) or found.below.get("*")
            if deeper is None:
                return span or found.span
            found = deeper
            span = found.span or span
        return span or _first_span(found)

    def writer(self, steps: Sequence[str | int]) -> tuple[Span | None, Steps | None]:
        """The rule that makes the result's value at a place, and the source field that it mainly reads.

        For a rule that reads no field first, that is the document or the item that it stands for.
        """
        best: tuple[int, Span, Steps] | None = None
        for target, span, source in self.writers:
            fits = len(target) <= len(steps) and all(
                a == "*" or a == str(b) for a, b in zip(target, steps, strict=False)
            )
            if fits and (best is None or len(target) > best[0]):
                best = len(target), span, source
        if best is None:
            return None, None if steps else ()
        depth, span, source = best
        is_item = len(steps) > depth and isinstance(steps[depth], int)
        return span, (*source, "*") if is_item else source


@dataclass(slots=True)
class _Reader:
    """Walks a tree with the places that each symbol stands for."""

    fields: _Field
    places: dict[Symbol, list[Steps]]
    writers: list[tuple[Steps, Span, Steps]]
    reads: Reads
    around: Steps = ()
    """The document or the item whose fields are being written."""
    mains: dict[Symbol, list[Steps]] = field(default_factory=dict)
    """What the values of names are mainly made of, where they are no source fields themselves."""

    def value(self, node: Node, target: Steps) -> None:
        """A node whose value is carried into the result at `target`."""
        match node:
            case Path():
                self.path(node)
            case Let():
                self.let(node, target)
            case If():
                self.test(node.test)
                self.value(node.then, target)
                self.value(node.otherwise, target)
            case Object():
                self.object(node, target)
            case Each():
                self.each(node, target)
            case Rest():
                for steps in self.of(node.value):
                    found = self.fields.at(steps)
                    found.span = found.span or node.span
            case Call() if node.function.kind == "operator" and node.function.result.get("type") == "boolean":
                self.test(node)
            case _:
                for child in children(node):
                    self.value(child, target)

    def path(self, node: Path) -> None:
        for steps in self.of(node):
            found = self.fields.at(steps)
            found.span = found.span or node.span
        for step in node.steps:
            if not isinstance(step, (str, int)):
                self.test(step)

    def let(self, node: Let, target: Steps) -> None:
        self.bind(node)
        if not isinstance(node.value, Path):
            self.value(node.value, target)
        self.value(node.body, target)

    def object(self, node: Object, target: Steps) -> None:
        for part in node.parts:
            below = (*target, part.key) if isinstance(part, Member) else target
            if isinstance(part, Computed):
                self.value(part.key, target)
            if not isinstance(part, Spread):
                sources = self.mainly(part.value)
                self.writers.append((below, part.value.span, sources[0] if sources else self.around))
            self.value(part.value, below)

    def each(self, node: Each, target: Steps) -> None:
        arrays = self.of(node.source)
        # `as_list` gives an array's items, and a single value as its one item
        single = isinstance(node.source, Call) and node.source.function.name == "as_list"
        self.places[node.item] = [(*steps, "*") for steps in arrays] + (arrays if single else [])
        if node.records and arrays:
            self.reads.found_records(arrays[0])
        if not arrays:
            self.value(node.source, target)
        for steps in arrays:
            found = self.fields.at(steps)
            found.span = found.span or node.span
        for part in (node.where, node.sort, node.unique):
            if part is not None:
                self.test(part)
        if node.key is not None:
            self.value(node.key, target)
        outside, self.around = self.around, next(iter(self.places[node.item]), self.around)
        self.value(node.body, (*target, "*") if node.take is None else target)
        self.around = outside

    def test(self, node: Node) -> None:
        """A node that is only asked about: its value goes nowhere."""
        if isinstance(node, Path):
            self.path(node)
            return
        if isinstance(node, Let):
            places = self.of(node.value)
            if places:
                self.places[node.symbol] = places
        if isinstance(node, Each):
            self.places[node.item] = [(*steps, "*") for steps in self.of(node.source)]
        for child in children(node):
            self.test(child)

    def mainly(self, node: Node) -> list[Steps]:
        """The source fields that a rule reads first."""
        main = _main(node)
        if isinstance(main, Let):
            self.bind(main)
            return self.mainly(main.body)
        return self.of(main) or (self.mains.get(main.scope, []) if isinstance(main, Path) else [])

    def bind(self, node: Let) -> None:
        """What the name of a `let` stands for, or mainly comes from."""
        places = self.of(node.value)
        if places:
            self.places[node.symbol] = places
        else:
            self.mains[node.symbol] = self.mainly(node.value)

    def of(self, node: Node) -> list[Steps]:
        """The source fields that a path, or a function that only chooses among items, stands for."""
        match node:
            case Path():
                steps = tuple(step if isinstance(step, str) else "*" for step in node.steps)
                return [(*base, *steps) for base in self.places.get(node.scope, [])]
            case Call() if node.function.name in ("as_list", "reverse", "sort", "unique", "compact", "slice"):
                return self.of(node.arguments[0])
            case Call() if node.function.name in ("first", "last"):
                return [(*steps, "*") for steps in self.of(node.arguments[0])]
            case Let():
                places = self.of(node.value)
                if places:
                    self.places[node.symbol] = places
                return self.of(node.body)
        return []


def _main(node: Node) -> Node:
    """The path that a rule mainly reads, for messages."""
    current = node
    while not isinstance(current, (Path, Let)):
        below = next(children(current), None)
        if below is None:
            return node
        current = below
    return current


def _first_span(found: _Field) -> Span | None:
    for below in found.below.values():
        span = below.span or _first_span(below)
        if span is not None:
            return span
    return None
