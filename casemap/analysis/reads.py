"""What a tree reads of its source: for the summary of losses, and to name the rule behind a payload's problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

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
from casemap.mapping.file import Mapping, Reason
from casemap.problem import pointer
from casemap.span import Span

__all__ = ["Reads"]

Steps = tuple[str, ...]
"""Member names from the document down; `*` is any item of an array."""


@dataclass(slots=True)
class _Field:
    """A source field: how it is read, and the fields below it."""

    carried: bool = False
    consulted: bool = False
    known: frozenset[str] | None = None
    """Where `rest` reads an object: the members that it leaves out."""
    span: Span | None = None
    below: dict[str, _Field] = field(default_factory=dict)

    def at(self, steps: Steps) -> _Field:
        found = self
        for step in steps:
            found = found.below.setdefault(step, _Field())
        return found


class Reads:
    """The source fields that a tree over `root` reads. `chain` are the mappings that it was made from."""

    def __init__(self, tree: Node, root: Symbol, chain: Sequence[Mapping]) -> None:
        self._chain = chain
        self.fields = _Field()
        self.writers: list[tuple[Steps, Span, Steps | None]] = []
        self._records: Steps | None = None
        self._reasons: dict[Steps, str] = {}
        _Reader(self.fields, {root: [()]}, self.writers, self).value(tree, ())

    @property
    def records_path(self) -> Steps | None:
        """The way to the records of a list document."""
        return self._records

    def found_records(self, steps: Steps) -> None:
        """Remember where the records of a list document are."""
        self._records = steps

    def lost(self, payload: Any) -> dict[str, str]:
        """The fields of a payload that have a value and are not in the result, with the reason where one is given."""
        found = {tuple(step for step in steps if step != "*") for steps in _unread(payload, self.fields)}
        for steps in found - self._reasons.keys():
            self._reasons[steps] = self.reason(steps)
        return {".".join(_plain(step) for step in steps): self._reasons[steps] for steps in sorted(found)}

    def reason(self, steps: Steps) -> str:
        """Why a mapping leaves a field behind: its own word, or that of a later mapping for what it became."""
        first = self._chain[0]
        own = _reason_of(steps, first.unmapped)
        if own or len(self._chain) == 1:
            return own
        writers: list[tuple[Steps, Span, Steps | None]] = []
        _Reader(_Field(), {first.root: [()]}, writers, None).value(first.body, ())
        for target, _, source in writers:
            read = tuple(step for step in source or ("*",) if step != "*")
            if source is not None and (read[: len(steps)] == steps or steps[: len(read)] == read):
                why = _reason_of(tuple(step for step in target if step != "*"), self._chain[1].unmapped)
                if why:
                    return why
        return ""

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

    def writer(self, steps: Sequence[str | int]) -> tuple[Span | None, str | None]:
        """The rule that makes the result's value at a place, and the pointer of what it reads, if that is one value."""
        best: tuple[int, Span, Steps | None] | None = None
        for target, span, source in self.writers:
            fits = len(target) <= len(steps) and all(
                a == "*" or a == str(b) for a, b in zip(target, steps, strict=False)
            )
            if fits and (best is None or len(target) > best[0]):
                best = len(target), span, source
        if best is None:
            return None, None
        source = best[2]
        return best[1], pointer(source) if source is not None and "*" not in source else None


@dataclass(slots=True)
class _Reader:
    """Walks a tree with the places that each symbol stands for."""

    fields: _Field
    places: dict[Symbol, list[Steps]]
    writers: list[tuple[Steps, Span, Steps | None]]
    reads: Reads | None

    def value(self, node: Node, target: Steps) -> None:
        """A node whose value is carried into the result at `target`."""
        match node:
            case Path():
                self.path(node, carried=True)
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
                    found.known = node.declared if found.known is None else found.known & node.declared
                    found.span = found.span or node.span
            case Call() if node.function.kind == "operator" and node.function.result.get("type") == "boolean":
                self.test(node)
            case _:
                for child in children(node):
                    self.value(child, target)

    def path(self, node: Path, carried: bool) -> None:
        for steps in self.of(node):
            found = self.fields.at(steps)
            found.span = found.span or node.span
            found.carried = found.carried or carried
            found.consulted = True
        for step in node.steps:
            if not isinstance(step, (str, int)):
                self.test(step)

    def let(self, node: Let, target: Steps) -> None:
        places = self.of(node.value)
        if places:
            self.places[node.symbol] = places
        if not isinstance(node.value, Path):
            self.value(node.value, target)
        self.value(node.body, target)

    def object(self, node: Object, target: Steps) -> None:
        for part in node.parts:
            below = (*target, part.key) if isinstance(part, Member) else target
            if isinstance(part, Computed):
                self.value(part.key, target)
            if not isinstance(part, Spread):
                sources = self.of(_main(part.value))
                self.writers.append((below, part.value.span, sources[0] if sources else None))
            self.value(part.value, below)

    def each(self, node: Each, target: Steps) -> None:
        arrays = self.of(node.source)
        # `as_list` gives an array's items, and a single value as its one item
        single = isinstance(node.source, Call) and node.source.function.name == "as_list"
        self.places[node.item] = [(*steps, "*") for steps in arrays] + (arrays if single else [])
        if node.records and arrays and self.reads is not None:
            self.reads.found_records(arrays[0])
        if not arrays:
            self.value(node.source, target)
        for steps in arrays:
            found = self.fields.at(steps)
            found.consulted = True
            found.span = found.span or node.span
        for part in (node.where, node.sort, node.unique):
            if part is not None:
                self.test(part)
        if node.key is not None:
            self.value(node.key, target)
        self.value(node.body, (*target, "*") if node.take is None else target)

    def test(self, node: Node) -> None:
        """A node that is only asked about: its value goes nowhere."""
        if isinstance(node, Path):
            self.path(node, carried=False)
            return
        if isinstance(node, Let):
            places = self.of(node.value)
            if places:
                self.places[node.symbol] = places
        if isinstance(node, Each):
            self.places[node.item] = [(*steps, "*") for steps in self.of(node.source)]
        for child in children(node):
            self.test(child)

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


def _unread(payload: Any, read: _Field) -> Iterator[Steps]:
    """The leaves of a payload that are neither carried nor consulted."""
    waiting: list[tuple[Any, _Field, Steps]] = [(payload, read, ())]
    while waiting:
        value, found, steps = waiting.pop()
        if found.carried:
            continue
        if len(steps) > MOST_STEPS:
            yield steps
        elif isinstance(value, dict) and value:
            for name, item in value.items():
                below = found.below.get(name)
                if below is None and found.known is not None and name not in found.known:
                    continue
                waiting.append((item, below or _NOTHING, (*steps, str(name))))
        elif isinstance(value, list) and value:
            below = found.below.get("*") or _NOTHING
            waiting.extend((item, below, (*steps, "*")) for item in value)
        elif value is not None and not found.consulted:
            yield steps


_NOTHING = _Field()
MOST_STEPS = 300
"""What lies deeper is lost as one."""


def _reason_of(steps: Steps, reasons: tuple[Reason, ...]) -> str:
    """The reason for a field, or for the nearest one above it."""
    fitting = [reason for reason in reasons if steps[: len(reason.path)] == reason.path]
    return max(fitting, key=lambda reason: len(reason.path)).why if fitting else ""


def _first_span(found: _Field) -> Span | None:
    for below in found.below.values():
        span = below.span or _first_span(below)
        if span is not None:
            return span
    return None


def _plain(step: str) -> str:
    return step if step.replace("-", "_").isidentifier() else f"['{step}']"
