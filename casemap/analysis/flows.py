"""Flows: ways of source fields into a result, and what a value is made of in terms of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.analysis.effects import Effect, word
from casemap.span import Span

__all__ = ["NOTHING", "NOWHERE", "AnyMember", "Constant", "Flow", "Outcome", "Way", "joined", "once", "without"]


@dataclass(frozen=True, slots=True)
class AnyMember:
    """The step to any member of an object, but those named."""

    but: frozenset[str] = frozenset()


Way = tuple[str | AnyMember, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """One way of a source field into the result.

    `way` leads to the field, of which all is meant but the members `left_out`; with `deep` unset only whether it is
    there. It is carried, unless it is `asked` for alone, or `naming` a member. `effects` and `losses` say what was
    done to it, `approximate` for what it stands in.
    """

    way: Way
    span: Span
    left_out: frozenset[str] = frozenset()
    deep: bool = True
    asked: bool = False
    naming: bool = False
    spread: bool = False
    effects: tuple[Effect, ...] = ()
    losses: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()

    def member(self, name: str) -> Flow | None:
        """The flow of a member of the value; None where that is not in it."""
        if name in self.left_out or not self.deep:
            return None
        kept = tuple(effect for effect in self.effects if not effect.shape)
        if kept:
            # what a function made of the field is not taken apart as the field is
            return replace(self, losses=once((*self.losses, f"only the member `{name}` is kept")))
        return replace(self, way=(*self.way, name), left_out=frozenset(), effects=())

    def members(self) -> Flow:
        """The flow of any member of the value."""
        kept = tuple(effect for effect in self.effects if not effect.shape)
        if kept or not self.deep:
            return self
        return replace(self, way=(*self.way, AnyMember(self.left_out)), left_out=frozenset(), effects=())

    def after(self, effect: Effect) -> Flow:
        """The flow through a function or value map."""
        if self.asked:
            return self
        effects = (*self.effects, effect) if effect.name else self.effects
        return replace(self, effects=effects, losses=once((*self.losses, *effect.losses)))

    def consulted(self, naming: bool = False, deep: bool = True) -> Flow:
        """The flow where the value only decides."""
        return Flow(self.way, self.span, self.left_out, self.deep and deep, True, naming)


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that comes from no field: one of the mapping (`known`), a param, or what is computed of these."""

    text: str
    span: Span
    value: Any = None
    known: bool = False
    approximate: tuple[str, ...] = ()

    def member(self, name: str) -> Constant | None:
        """A member of the value; None where it has none of that name."""
        if not self.known:
            return self
        if not isinstance(self.value, dict) or name not in self.value:
            return None
        return replace(self, value=self.value[name], text=word(self.value[name]))

    def members(self) -> Iterator[Constant]:
        """The values of the members."""
        if not self.known:
            yield self
        elif isinstance(self.value, dict):
            yield from (replace(self, value=value, text=word(value)) for value in self.value.values())

    def names(self) -> Iterator[Constant]:
        """The names of the members."""
        if not self.known:
            yield self
        elif isinstance(self.value, dict):
            yield from (replace(self, value=name, text=word(name)) for name in self.value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a node's value is made of.

    `flows` are fields that the value, or part of it, holds as it is in the source; `members` and `others` are what
    the mapping itself builds. `asked` are the fields that decide of it. `values` are all that it can be, where known.
    """

    flows: tuple[Flow, ...] = ()
    members: Mapping[str, Outcome] = field(default_factory=dict)
    others: Outcome | None = None
    constants: tuple[Constant, ...] = ()
    asked: tuple[Flow, ...] = ()
    values: tuple[Any, ...] | None = None
    rule: Span | None = None

    def deep(self) -> Iterator[Flow]:
        """All flows that the value holds anywhere, and those asked for on the way.

        What stands at several places, as the value of a name does that is used twice, is looked into once.
        """
        seen: set[int] = set()
        left = [self]
        while left:
            here = left.pop()
            if id(here) not in seen:
                seen.add(id(here))
                yield from here.flows
                yield from here.asked
                left += reversed(list(here.below()))

    def below(self) -> Iterator[Outcome]:
        """The members that the mapping builds."""
        yield from self.members.values()
        if self.others is not None:
            yield self.others

    def deciding(self, deep: bool = True, naming: bool = False) -> tuple[Flow, ...]:
        """The flows where the value only decides."""
        return once(flow.consulted(naming, deep) for flow in self.deep())

    def change(self, flow: Callable[[Flow], Flow], constant: Callable[[Constant], Constant] | None = None) -> Outcome:
        """The same value with every flow that it carries changed; what stands at several places still does."""
        made: dict[int, Outcome] = {}

        def changed(here: Outcome) -> Outcome:
            if id(here) not in made:
                made[id(here)] = replace(
                    here,
                    flows=once(flow(each) for each in here.flows),
                    members={name: changed(member) for name, member in here.members.items()},
                    others=None if here.others is None else changed(here.others),
                    constants=tuple(map(constant, here.constants)) if constant is not None else here.constants,
                )
            return made[id(here)]

        return changed(self)

    def losing(self, loss: str) -> Outcome:
        """The same value where a part is left behind."""
        return self.change(lambda flow: replace(flow, losses=once((*flow.losses, loss))))

    def decided_by(self, flows: tuple[Flow, ...]) -> Outcome:
        """The same value, of which fields decide."""
        return replace(self, asked=once((*self.asked, *flows))) if flows else self

    def member(self, name: str) -> Outcome:
        """The value of a member."""
        found = [constant.member(name) for constant in self.constants]
        whole = Outcome(
            tuple(flow for each in self.flows if (flow := each.member(name)) is not None),
            constants=tuple(constant for constant in found if constant is not None),
            asked=self.asked,
        )
        built = self.members.get(name)
        if built is None:
            return whole if self.others is None else joined([whole, self.others])
        return joined([whole, built]) if whole.flows or whole.constants or self.others else built.decided_by(self.asked)

    def any_member(self) -> Outcome:
        """The value of whichever member."""
        constants = once(member for each in self.constants for member in each.members())
        whole = Outcome(tuple(flow.members() for flow in self.flows), constants=constants, asked=self.asked)
        return joined([whole, *self.below()])


NOTHING = Outcome()
NOWHERE = Span("", 1, 1)
"""The place of what no rule has read yet."""


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """What one or another of several values is."""
    outcomes = list({id(each): each for each in outcomes if each is not NOTHING}.values())
    if len(outcomes) == 1:
        return outcomes[0]
    members: dict[str, Outcome] = {}
    for each in outcomes:
        for name, member in each.members.items():
            members[name] = joined([members[name], member]) if name in members else member
    others = [each.others for each in outcomes if each.others is not None]
    known = [each.values for each in outcomes]
    return Outcome(
        once(flow for each in outcomes for flow in each.flows),
        members,
        joined(others) if others else None,
        once(constant for each in outcomes for constant in each.constants),
        once(flow for each in outcomes for flow in each.asked),
        None if None in known else tuple(value for values in known if values is not None for value in values),
        next((each.rule for each in outcomes if each.rule is not None), None),
    )


def once(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values in their order, each once."""
    found = tuple(values)
    try:
        return tuple(dict.fromkeys(found))
    except TypeError:  # constants can be arrays and objects, which have no hash
        return found


def without(value: Outcome, names: frozenset[str]) -> Outcome:
    """An object but some of its members."""
    flows = tuple(replace(flow, left_out=flow.left_out | names) for flow in value.flows)
    members = {name: member for name, member in value.members.items() if name not in names}
    return replace(value, flows=flows, members=members)
