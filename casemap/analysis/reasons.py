"""Why fields go no further: the words under `unmapped` and `unset`, found along the mappings of a route."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from casemap.analysis.fates import Ledger, SourceField, TargetField
from casemap.mapping.core import Approximate, Array, Coalesce, Computed, Concat, Each, If, Let, Member, Node, Object
from casemap.mapping.file import Mapping, Reason
from casemap.schema.fields import OTHERS, Others, Steps
from casemap.span import Span

__all__ = ["Reasons", "Told", "idle_reasons", "unset_reasons"]

_Entry = TypeVar("_Entry", SourceField, TargetField)


class _Places(Generic[_Entry]):
    """The fields of one side of a ledger by the steps that lead to them."""

    def __init__(self) -> None:
        self.below: dict[str | Others, _Places[_Entry]] = {}
        self.entries: list[_Entry] = []
        self.own: list[_Entry] = []

    def add(self, entry: _Entry, steps: Steps) -> None:
        """Put a field where its steps lead."""
        self.entries.append(entry)
        if not steps:
            self.own.append(entry)
        else:
            self.below.setdefault(steps[0], _Places()).add(entry, steps[1:])

    def at(self, steps: Steps) -> list[_Entry]:
        """The fields at or below a place, or else the one that it is a part of."""
        place: _Places[_Entry] = self
        part_of = self.own
        for step in steps:
            further = place.below.get(step) or place.below.get(OTHERS)
            if further is None:
                return part_of
            place, part_of = further, further.own or part_of
        return place.entries


def _places(entries: Sequence[_Entry]) -> _Places[_Entry]:
    places: _Places[_Entry] = _Places()
    for entry in entries:
        places.add(entry, entry.steps)
    return places


@dataclass(frozen=True, slots=True)
class Told:
    """What one mapping says: its ledger, and its words for target fields without a source."""

    mapping: Mapping
    sources: _Places[SourceField]
    targets: _Places[TargetField]
    unset: tuple[Reason, ...]

    @classmethod
    def of(cls, mapping: Mapping, ledger: Ledger, unset: tuple[Reason, ...]) -> Told:
        """What a mapping with this ledger says."""
        return cls(mapping, _places(ledger.sources), _places(ledger.targets), unset)


class Reasons:
    """What the mappings of a chain say of the fields that go no further in one of them.

    `told` gives what a mapping says, by its number; it is asked only where the chain has several.
    """

    def __init__(self, chain: Sequence[Mapping], unset: tuple[Reason, ...], told: Callable[[Mapping], Told]) -> None:
        self.chain = chain
        self.last = len(chain) - 1
        self._unset = unset
        self._told = told

    def dropped(self, steps: Steps, number: int = 0) -> Reason | None:
        """Why a source field of a mapping does not reach the end of the chain."""
        own = _nearest(steps, self.chain[number].unmapped)
        if own is not None or number == self.last:
            return own
        following = self._told(self.chain[number + 1])
        for field in self._told(self.chain[number]).sources.at(steps):
            for use in field.uses:
                for next_field in following.sources.at(use.steps):
                    found = self.dropped(next_field.steps, number + 1)
                    if found is not None:
                        return found
        return None

    def unset(self, steps: Steps, number: int) -> Reason | None:
        """Why a target field of a mapping has no value."""
        told = None if self.last == 0 else self._told(self.chain[number])
        own = _nearest(steps, self._unset if told is None else told.unset)
        if own is not None or told is None or number == 0:
            return own
        previous = self._told(self.chain[number - 1])
        for field in told.targets.at(steps):
            for source in (*field.made_of, *field.decided_by):
                for middle in previous.targets.at(source):
                    found = self.unset(middle.steps, number - 1)
                    if found is not None:
                        return found
        return None

    def reader(self, steps: Steps) -> Span:
        """Where the first mapping reads a field, or else where it starts."""
        first = self.chain[0]
        fields = self._told(first).sources.at(steps) if self.last else []
        return next((field.span for field in fields if field.uses), Span(first.file, 1, 1))

    def writer(self, steps: Steps) -> Span:
        """Where the last mapping fills a field, or else where it starts."""
        last = self.chain[-1]
        fields = self._told(last).targets.at(steps) if self.last else []
        return next((field.span for field in fields if field.made_of or field.constants), Span(last.file, 1, 1))


def _nearest(steps: Steps, reasons: Sequence[Reason]) -> Reason | None:
    """The reason for a field, or for the nearest one above it."""
    found, nearest = None, -1
    for reason in reasons:
        path = reason.path
        size = len(path)
        # most are of another member, which the first step tells
        if size > nearest and (not size or path[:1] == steps[:1]) and steps[:size] == path:
            found, nearest = reason, size
    return found


def idle_reasons(mapping: Mapping, ledger: Ledger) -> tuple[Reason, ...]:
    """The reasons of a mapping that no field needs: their path is misspelt, or all below it is mapped after all."""
    left_behind = (each for each in ledger.sources if each.fate in ("dropped", "consulted"))
    needed = {_nearest(each.steps, mapping.unmapped) for each in left_behind}
    needed |= {_nearest(each.steps, mapping.unset) for each in ledger.targets if each.filling == "unset"}
    # those of used mappings are told with them
    own = [reason for reason in (*mapping.unmapped, *mapping.unset) if reason.span.file == mapping.file]
    return tuple(reason for reason in own if reason not in needed)


# --- used mappings ------------------------------------------------------------------------------------------------


def unset_reasons(mapping: Mapping, tree: Node, used: Callable[[str], Mapping]) -> tuple[Reason, ...]:
    """A mapping's words for target fields without a source, and those of the mappings that it uses, at their places."""
    files: dict[str, Mapping] = {}
    pending = list(mapping.uses)
    while pending:
        found = used(pending.pop())
        if found.file not in files:
            files[found.file] = found
            pending += found.uses
    if not files:
        return mapping.unset
    inherited = [
        replace(reason, path=(*(step for step in steps if not isinstance(step, Others)), *reason.path))
        for steps, file in _used_at(tree, (), mapping.file)
        if file in files
        for reason in files[file].unset
    ]
    return (*mapping.unset, *dict.fromkeys(inherited))


def _used_at(node: Node, target: Steps, file: str) -> Iterator[tuple[Steps, str]]:
    """The places of the target where the rules of another file begin, with that file."""
    if node.span.file != file:
        file = node.span.file
        yield target, file
    match node:
        case Object():
            for part in node.parts:
                name = (part.key,) if isinstance(part, Member) else (OTHERS,) if isinstance(part, Computed) else ()
                yield from _used_at(part.value, (*target, *name), file)
        case Each():
            yield from _used_at(node.body, target if node.key is None else (*target, OTHERS), file)
        case Let():
            yield from _used_at(node.body, target, file)
        case If():
            yield from _used_at(node.then, target, file)
            yield from _used_at(node.otherwise, target, file)
        case Approximate():
            yield from _used_at(node.value, target, file)
        case Coalesce(options=choices) | Array(items=choices) | Concat(parts=choices):
            for choice in choices:
                yield from _used_at(choice, target, file)
