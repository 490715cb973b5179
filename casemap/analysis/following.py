"""Where the values of a source document go: a tree run over the source's fields in place of its values.

A node's `Outcome` says which fields its value holds or is decided by, and what was done to them on the way. It is
true of all documents at once: of an `if` both branches count, an array stands for any of its items, and a computed
name for any name. What is bound and never used reaches nothing, and so counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casemap.analysis.choosing import CHOOSING, Choice, only_item
from casemap.analysis.effects import Effect, effect_of, map_effect, word
from casemap.analysis.flows import NOTHING, NOWHERE, Constant, Flow, Outcome, joined, once, without
from casemap.analysis.presence import STRING, Facts
from casemap.analysis.wording import Wording
from casemap.mapping.core import (
    Approximate,
    Array,
    Call,
    Coalesce,
    Computed,
    Concat,
    Const,
    Each,
    If,
    Let,
    Lookup,
    Member,
    Node,
    Object,
    Param,
    Path,
    Rest,
    Spread,
    Symbol,
)  # fmt: skip
from casemap.schema.fields import OTHERS, Field, Steps, field_at
from casemap.span import Span

__all__ = ["Arrival", "arrivals"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A flow, or a constant, at a place of the target, and the rule that puts it there."""

    target: Steps
    flow: Flow | Constant
    rule: Span


def arrivals(tree: Node, root: Symbol, facts: Facts, source: Field) -> tuple[Arrival, ...]:
    """All that reaches the result of a tree over the documents of `source`, in the order of the target."""
    outcome = _Follower(root, facts, source).of(tree)
    return tuple(_arriving(outcome, (), tree.span))


def _arriving(outcome: Outcome, target: Steps, rule: Span) -> Iterator[Arrival]:
    rule = outcome.rule or rule
    found: list[Flow | Constant] = [*outcome.flows, *outcome.asked, *outcome.constants]
    yield from (Arrival(target, each, rule) for each in found)
    for name, member in outcome.members.items():
        yield from _arriving(member, (*target, name), rule)
    if outcome.others is not None:
        yield from _arriving(outcome.others, (*target, OTHERS), rule)


class _Follower:
    """Follows the fields of a source through a tree."""

    def __init__(self, root: Symbol, facts: Facts, source: Field) -> None:
        self.root = root
        self.facts = facts
        self.source = source
        self.this = root
        self.bound: dict[Symbol, Node] = {}
        self.outcomes: dict[Symbol, Outcome] = {root: Outcome((Flow((), NOWHERE),))}

    def of(self, node: Node) -> Outcome:
        """The outcome of a node."""
        match node:
            case Path():
                return self.path(node)
            case Const():
                return self.constant(node)
            case Param():
                return Outcome(constants=(Constant(f"`{self.words(node)}`", node.span),))
            case Let():
                self.bound[node.symbol] = node.value
                self.outcomes[node.symbol] = self.of(node.value)
                return self.of(node.body)
            case If():
                chosen = joined([self.of(node.then), self.of(node.otherwise)])
                return chosen.decided_by(self.of(node.test).deciding())
            case Coalesce(options=options) | Array(items=options) | Concat(parts=options):
                return joined([self.of(option) for option in options])
            case Object():
                return self.object(node)
            case Each():
                return self.each(node)
            case Lookup():
                return self.lookup(node)
            case Rest():
                return without(self.of(node.value), node.declared)
            case Approximate(why=why):
                return self.of(node.value).change(lambda flow: _instead(flow, why), lambda each: _instead(each, why))
        return self.call(node)

    def words(self, node: Node) -> str:
        return Wording(self.this, self.root, self.bound).text(node)

    # values

    def constant(self, node: Const) -> Outcome:
        if node.value is None and not node.keep_null:
            return Outcome(values=())
        values = None if isinstance(node.value, (dict, list)) else (node.value,)
        found = Constant(word(node.value), node.span, node.value, known=True)
        return Outcome(constants=(found,), values=values)

    def path(self, node: Path) -> Outcome:
        found = self.outcomes.get(node.scope, NOTHING)
        for step in node.steps:
            if isinstance(step, str):
                found = found.member(step)
            elif isinstance(step, int):
                found = found.losing(only_item(step))
            else:
                asked = self.of(step).deciding()
                found = found.losing(f"only what `{self.words(step)}` names is kept").decided_by(asked)
        flows = found.flows
        if node.scope not in self.bound:  # a name was read where it was bound
            flows = once(replace(flow, span=node.span) for flow in flows)
        values = found.values if not node.steps and found.values is not None else self.values(flows, found)
        return replace(found, flows=flows, values=values)

    def values(self, flows: Sequence[Flow], found: Outcome) -> tuple[Any, ...] | None:
        """All values that a path's field can have, where the schema lists them."""
        if len(flows) != 1 or found.members or found.others or found.constants or flows[0].effects:
            return None
        place = field_at(self.source, [step if isinstance(step, str) else OTHERS for step in flows[0].way])
        return None if place is None else place.values

    def lookup(self, node: Lookup) -> Outcome:
        given = self.of(node.value)
        effect = map_effect(node, given.values)
        outputs = tuple(value for _, value in node.table.entries if not isinstance(value, (dict, list)))
        complete = node.otherwise != "keep" and len(outputs) == len(node.table.entries)
        entries = tuple(Constant(word(value), node.span, value, known=True) for value in outputs)
        found = given.change(lambda flow: flow.after(effect), lambda each: replace(each, known=False))
        if given.constants:
            kept = given.constants if node.otherwise == "keep" else ()
            found = replace(found, constants=once((*entries, *kept)))
        if isinstance(node.otherwise, Const) and node.otherwise.value is not None:
            other = node.otherwise.value
            constant = Constant(word(other), node.otherwise.span, other, known=True)
            # it says that there was a value which the map does not list
            found = replace(found, constants=(*found.constants, constant))
            outputs = (*outputs, other)
        return replace(found, values=tuple(v for v in outputs if v is not None) if complete else None)

    # objects

    def object(self, node: Object) -> Outcome:
        declared = frozenset(part.key for part in node.parts if isinstance(part, Member))
        members: list[Outcome] = []
        for part in node.parts:
            value = self.of(part.value)
            if isinstance(part, Member):
                members.append(Outcome(members={part.key: replace(value, rule=part.span)}))
            elif isinstance(part, Computed):
                asked = self.of(part.key).deciding(naming=True)
                members.append(Outcome(others=replace(value.decided_by(asked), rule=part.span)))
            else:
                members.append(self.spread(part, value, declared))
        whole = joined(members)
        return whole.decided_by(whole.deciding(deep=False)) if node.absent == "any" else whole

    def spread(self, part: Spread, value: Outcome, declared: frozenset[str]) -> Outcome:
        """The members of a value; those that the object declares itself are never taken from it."""
        if part.drop_on_collision:
            value = value.losing("a member is left out where its name is taken")
        flows = tuple(replace(flow, left_out=flow.left_out | declared, spread=True) for flow in value.flows)
        members = {name: member for name, member in value.members.items() if name not in declared}
        return replace(value, flows=flows, members=members, values=None)

    # arrays

    def each(self, node: Each) -> Outcome:
        """An array is what any of its items is; which items there are is known to the reasons alone."""
        source = self.of(node.source)
        outer = self.this
        self.this = node.item
        self.outcomes[node.item] = replace(source, asked=())
        self.outcomes[node.index] = Outcome(constants=(Constant("the position in the array", node.span),))
        asked = list(source.deciding(deep=False))
        for part in (node.where, node.sort, node.unique):
            if part is not None:
                asked += self.of(part).deciding()
        if node.key is not None:
            asked += self.of(node.key).deciding(naming=True)
        self.outcomes[node.item] = self.chosen(node, replace(source, asked=()))
        body = self.of(node.body).decided_by(once(asked))
        self.this = outer
        if node.key is None:
            return replace(body, rule=None)
        return Outcome(others=body)

    def chosen(self, node: Each, item: Outcome) -> Outcome:
        """The items that an `each` takes."""
        where = f" where `{self.words(node.where)}`" if node.where is not None else ""
        if node.take is not None:
            item = item.losing(f"only the {node.take} item{where} is kept")
        elif where:
            item = item.losing(f"only items{where} are kept")
        if node.unique is not None:
            item = item.losing(f"of items with the same `{self.words(node.unique)}` only the first is kept")
        if node.key is not None and node.repeated in ("first", "last"):
            item = item.losing(f"of items with the same `{self.words(node.key)}` only the {node.repeated} is kept")
        return item

    # functions

    def call(self, node: Call) -> Outcome:
        name = node.function.name
        given = [self.of(argument) for argument in node.arguments]
        if name.startswith("is "):
            answers = tuple(Constant(word(value), node.span, value, known=True) for value in (True, False))
            return Outcome(constants=answers, asked=given[0].deciding(deep=False), values=(True, False))
        follow = CHOOSING.get(name)
        if follow is not None:
            followed = follow(Choice(node, given, self.facts.types(node.arguments[0]), self.words))
            if followed is not None:
                return followed
        return self.computed(node, given)

    def computed(self, node: Call, given: Sequence[Outcome]) -> Outcome:
        """What a function makes of its arguments."""
        name = node.function.name
        others = node.arguments[1:]
        settled = all(isinstance(argument, Const) for argument in others)
        constants = [argument.value for argument in others if isinstance(argument, Const)] if settled else []
        types = self.facts.types(node.arguments[0])
        effect = effect_of(name, types, constants, settled)
        if name == "~":
            effect = Effect(name, self.is_framed(node, given))
        if effect.shape or not effect.name:
            return given[0].change(lambda flow: flow.after(effect))
        carried = [flow.after(effect) for each in given for flow in each.deep()]
        flows = once(flow for flow in carried if not flow.asked)
        made = [] if flows else [Constant(f"`{self.words(node)}`", node.span)]
        if not any(each.constants for each in given):
            made = []
        return Outcome(flows, constants=tuple(made), asked=once(flow for flow in carried if flow.asked))

    def is_framed(self, node: Call, given: Sequence[Outcome]) -> bool:
        """Whether one text stands between fixed ones, which can be taken off again."""
        varying = [position for position, each in enumerate(given) if any(True for _ in each.deep())]
        return len(varying) == 1 and self.facts.types(node.arguments[varying[0]]) == STRING


def _instead(arriving: Any, why: str) -> Any:
    return replace(arriving, approximate=once((*arriving.approximate, why)))
