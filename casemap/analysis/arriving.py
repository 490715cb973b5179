"""What flows bring to each leaf of the source's schema, and to each of the target's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casemap.analysis.flows import AnyMember, Constant, Flow
from casemap.analysis.following import Arrival
from casemap.schema.fields import ANYTHING, OTHERS, Field, Others, Steps, field_at
from casemap.span import Span

__all__ = ["Arriving", "at_sources", "at_targets"]


@dataclass(frozen=True, slots=True)
class Arriving:
    """A flow or constant at one leaf: `source` leads to the field, `target` to what it fills or decides of."""

    value: Flow | Constant
    source: Steps | None
    target: Steps
    rule: Span


# --- at the leaves of the source ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A flow, seen from a place of the source: so many steps of its way lie behind.

    `inside` says that the place is below the one that the way leads to.
    """

    flow: Flow
    at: int
    arrival: Arrival
    inside: bool = False

    @property
    def next(self) -> str | AnyMember | None:
        return self.flow.way[self.at] if self.at < len(self.flow.way) else None

    def towards(self, name: str | Others) -> _Leaving | None:
        """The same, seen from a member; None if it is not of that member."""
        step = self.next
        if step is None:
            if not self.flow.deep or (name in self.flow.left_out and not self.inside):
                return None
            return self if self.inside else _Leaving(self.flow, self.at, self.arrival, True)
        fits = name not in step.but if isinstance(step, AnyMember) else name == step
        return _Leaving(self.flow, self.at + 1, self.arrival) if fits else None

    def reaching(self, steps: Steps) -> Arriving:
        """What the leaf at these steps becomes."""
        whole = not self.flow.effects and not self.flow.asked
        below = steps[len(self.flow.way) :] if whole else ()
        return Arriving(self.flow, steps, (*self.arrival.target, *below), self.arrival.rule)


def at_sources(tree: Field, found: Sequence[Arrival]) -> Iterator[tuple[Steps, list[Arriving]]]:
    """The leaves of a source in their order, each with where it goes."""
    flows = [_Leaving(arrival.flow, 0, arrival) for arrival in found if isinstance(arrival.flow, Flow)]
    return _left(tree, (), flows, True)


def _left(
    place: Field, steps: Steps, leaving: Sequence[_Leaving], described: bool
) -> Iterator[tuple[Steps, list[Arriving]]]:
    named = {step for each in leaving if isinstance(step := each.next, str)} - place.members.keys()
    if place.leaf:
        # the members of a value that the schema does not describe are a part of it
        here = [each for each in leaving if each.next is None or (place.opaque and isinstance(each.next, AnyMember))]
        if here or (described and not (place.opaque and named)):
            yield steps, [each.reaching(steps) for each in here]
    members: dict[str, Field] = dict(place.members)
    unnamed = place.others or (ANYTHING if place.opaque else None)
    if unnamed is not None:
        members.update(dict.fromkeys(sorted(named), unnamed))
    onward = [(each, each.next) for each in leaving]
    for name, member in members.items():
        yield from _left(member, (*steps, name), _towards(name, onward), described)
    if place.others is not None:
        below = _towards(OTHERS, onward)
        if below or place.described:
            yield from _left(place.others, (*steps, OTHERS), below, described and place.described)


def _towards(name: str | Others, onward: Sequence[tuple[_Leaving, str | AnyMember | None]]) -> list[_Leaving]:
    """What goes towards a member. Most of it goes to another one by name, which is told apart at once."""
    return [
        further
        for each, step in onward
        if (step == name or not isinstance(step, str)) and (further := each.towards(name)) is not None
    ]


# --- at the leaves of the target ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Coming:
    """A flow or constant, seen from a place of the target: `further` leads from there to where it goes."""

    value: Flow | Constant
    further: Steps
    rule: Span

    def towards(self, name: str, source: Field) -> _Coming | None:
        """The same, seen from a member; None if it does not go there."""
        if self.further:
            return _Coming(self.value, self.further[1:], self.rule) if self.further[0] == name else None
        value = self.value
        if isinstance(value, Constant):
            member = value.member(name)
            return None if member is None else _Coming(member, (), self.rule)
        if value.asked:
            return self
        place = _place(source, value)
        below = value.member(name)
        if place is None or below is None:
            return None
        named = value.effects or name in place.members
        # what has no name in the source and is spread is meant for no field by name
        unnamed = not value.spread and (place.described or place.opaque)
        return _Coming(below, (), self.rule) if named or unnamed else None

    def elsewhere(self, names: Sequence[str], source: Field) -> _Coming | None:
        """The same, seen from the members that the target's schema does not name."""
        if self.further:
            there = self.further[0] is OTHERS or self.further[0] not in names
            return _Coming(self.value, self.further[1:], self.rule) if there else None
        value = self.value
        if isinstance(value, Constant):
            unnamed = not value.known or (isinstance(value.value, dict) and any(n not in names for n in value.value))
            return self if unnamed else None
        if value.asked:
            return self
        place = _place(source, value)
        if place is None:
            return None
        others = place.others is not None or place.opaque
        more = any(name not in names and name not in value.left_out for name in place.members)
        return _Coming(value.members(), (), self.rule) if others or more or value.effects else None


def at_targets(tree: Field, source: Field, found: Sequence[Arrival]) -> Iterator[tuple[Steps, list[Arriving]]]:
    """The leaves of a target in their order, each with what comes from where."""
    return _reached(tree, source, (), [_Coming(each.flow, each.target, each.rule) for each in found], True)


def _reached(
    place: Field, source: Field, steps: Steps, coming: Sequence[_Coming], described: bool
) -> Iterator[tuple[Steps, list[Arriving]]]:
    if place.leaf:
        inside = not place.members and place.others is None
        here = [each for each in coming if inside or not each.further]
        if here or described:
            yield steps, [Arriving(each.value, _source(each.value), steps, each.rule) for each in here]
    for name, member in place.members.items():
        towards = [
            further
            for each in coming
            if (not each.further or each.further[0] == name) and (further := each.towards(name, source)) is not None
        ]
        yield from _reached(member, source, (*steps, name), towards, described)
    if place.others is not None:
        names = list(place.members)
        elsewhere = [further for each in coming if (further := each.elsewhere(names, source)) is not None]
        carried = any(not (isinstance(each.value, Flow) and each.value.asked) for each in elsewhere)
        if carried or place.described:
            yield from _reached(place.others, source, (*steps, OTHERS), elsewhere, described and place.described)


def _place(source: Field, flow: Flow) -> Field | None:
    return field_at(source, _source(flow) or ())


def _source(value: Flow | Constant) -> Steps | None:
    if isinstance(value, Constant):
        return None
    return tuple(OTHERS if isinstance(step, AnyMember) else step for step in value.way)
