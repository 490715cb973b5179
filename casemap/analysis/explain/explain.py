"""Explains one conversion: the core tree that is compiled, evaluated over a payload with every step written down.

Takes a tree with its ledger and a payload that is valid for the source; gives an `Explanation`. It compiles nothing
and validates nothing: the problems of the payload are the caller's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casemap.analysis.explain.derivation import Derivation, Expressions, Found
from casemap.analysis.explain.evaluate import Evaluation
from casemap.analysis.explain.explanation import (
    Explanation,
    How,
    MissingField,
    SourceValue,
    TargetValue,
    UnusedValue,
    UsedValue,
)  # fmt: skip
from casemap.analysis.explain.reasons import UnusedReasons
from casemap.analysis.explain.trace import ABSENT, Steps, Trace, is_passed_on
from casemap.analysis.fates import Ledger
from casemap.errors import ConversionError, Failure
from casemap.mapping.core import Computed, Member, Node, Object, Spread, Symbol
from casemap.problem import Problem, pointer
from casemap.recursion import deep_trees
from casemap.span import Span

__all__ = ["Explainable", "explain", "rule_at"]

_NOT_JSON = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What functions raise on Python values that are none of JSON's: such a payload is rejected."""


@dataclass(frozen=True, slots=True)
class Explainable:
    """What is explained: the tree of a route over the symbol `root`, its types and mappings, its params and ledger."""

    source: str
    target: str
    route: tuple[str, ...]
    tree: Node
    root: Symbol
    params: Mapping[str, Any]
    ledger: Ledger


def explain(route: Explainable, payload: Any, problems: Sequence[Problem] = ()) -> Explanation:
    """The explanation of a payload's conversion; `problems` are those for which it is rejected."""
    with deep_trees(route.tree.span.file):
        try:
            return _explained(route, payload, tuple(problems))
        except RecursionError:
            help = "Values this deep cannot be explained; flatten them before."
            raise ConversionError([Problem("CM312", "a value is nested too deeply", help, path="")]) from None


def _explained(route: Explainable, payload: Any, problems: tuple[Problem, ...]) -> Explanation:
    evaluation = Evaluation(route.params, tolerant=bool(problems))
    result: Trace | None = None
    try:
        result = evaluation.document(route.tree, route.root, payload)
    except (Failure, *_NOT_JSON):
        if not problems:
            raise
    return _Explaining(route, evaluation, payload).explanation(result, problems)


@dataclass(slots=True)
class _Explaining:
    route: Explainable
    evaluation: Evaluation
    payload: Any
    fields: list[TargetValue] = field(default_factory=list)
    missing: list[MissingField] = field(default_factory=list)
    carried: dict[Steps, dict[str, None]] = field(default_factory=dict)
    """The target paths that each place of the payload went to."""
    decided: dict[Steps, dict[str, None]] = field(default_factory=dict)
    """Those that it only decided of."""

    def explanation(self, result: Trace | None, problems: tuple[Problem, ...]) -> Explanation:
        route = self.route
        expressions = Expressions(route.tree, route.root)
        if result is not None:
            for leaf in _leaves(result, (), (), route.tree.span):
                self.leaf(leaf, expressions)
        used, unused = self.sources(expressions)
        return Explanation(
            route.source,
            route.target,
            route.route,
            None if problems or result is None else result.value,
            tuple(self.fields),
            tuple(self.missing),
            used,
            unused,
            problems,
        )

    # the result

    def leaf(self, leaf: _Leaf, expressions: Expressions) -> None:
        """Note a leaf of the result, or a member that it lacks."""
        found = Derivation(expressions)
        path = pointer(leaf.steps)
        if not leaf.trace.present:
            found.ask(leaf.trace)
            failed = next((failure for part, failure in self.evaluation.failed if part is leaf.trace.node), None)
            why = "" if failed is None else f"{failed.code} {failed.message}"
            self.missing.append(MissingField(leaf.steps, leaf.rule, _values(found.asked), why))
            return
        for container in leaf.inside:
            found.circumstances(container)
        found.value(leaf.trace)
        for place, value in found.sources.values.items():
            if value is not ABSENT and found.sources.whole[place]:
                for below, _ in payload_leaves(value, place):
                    self.carried.setdefault(below, {})[path] = None
        for place in found.asked.values:
            self.decided.setdefault(place, {})[path] = None
        self.fields.append(
            TargetValue(
                leaf.steps,
                leaf.trace.value,
                leaf.rule,
                _values(found.sources),
                _deciding(found),
                tuple(found.params),
                not found.sources.values and not found.params and not found.steps,
                tuple(found.steps),
                tuple(found.fallbacks),
                tuple(found.approximations),
            )
        )

    # the payload

    def sources(self, expressions: Expressions) -> tuple[tuple[UsedValue, ...], tuple[UnusedValue, ...]]:
        """Each leaf of the payload with what became of it."""
        named = self.places(self.evaluation.named, expressions)
        consulted = self.places(self.evaluation.consulted, expressions)
        dropped = self.places(self.evaluation.dropped, expressions)
        reasons = UnusedReasons(self.route.ledger)
        used: list[UsedValue] = []
        unused: list[UnusedValue] = []
        for place, value in payload_leaves(self.payload, ()):
            targets = tuple(self.carried.get(place, ()))
            how: How | None = "carried" if targets else "named" if place in named else None
            how = how or ("consulted" if place in consulted else None)
            if how is not None:
                used.append(UsedValue(place, value, how, targets or tuple(self.decided.get(place, ()))))
            else:
                why = reasons.why(place, value, dropped.get(place))
                unused.append(UnusedValue(place, value, why))
        return tuple(used), tuple(unused)

    def places(self, traces: Sequence[Trace], expressions: Expressions) -> dict[Steps, Trace]:
        """The leaves of the payload that traces looked at, each with the first trace that did."""
        found: dict[Steps, Trace] = {}
        for trace in traces:
            asked = Derivation(expressions)
            asked.ask(trace)
            for place, value in asked.asked.values.items():
                if value is ABSENT:
                    continue
                below = payload_leaves(value, place) if asked.asked.whole[place] else [(place, value)]
                for leaf, _ in below:
                    found.setdefault(leaf, trace)
        return found


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A leaf of the result, or a member that it lacks; `inside` are the objects and arrays around it."""

    steps: Steps
    trace: Trace
    inside: tuple[Trace, ...]
    rule: Span


def _leaves(trace: Trace, steps: Steps, inside: tuple[Trace, ...], rule: Span) -> Iterator[_Leaf]:
    rule = _rule(trace, rule)
    if not trace.present:
        members = list(_members_of_absent(trace))
        for name, part in members:
            yield from _leaves(part, (*steps, name), inside, rule)
        if not members:
            yield _Leaf(steps, trace, inside, rule)
        return
    value = trace.value
    inside = (*inside, trace)
    if isinstance(value, dict) and value:
        for name in value:
            yield from _leaves(_below(trace, name), (*steps, name), inside, rule)
    elif isinstance(value, list) and value:
        for index in range(len(value)):
            yield from _leaves(_below(trace, index), (*steps, index), inside, rule)
    else:
        yield _Leaf(steps, trace, inside[:-1], rule)
    for name, part in (trace.lacking or {}).items():
        yield from _leaves(part, (*steps, name), inside, rule)


def _members_of_absent(trace: Trace) -> Iterator[tuple[str, Trace]]:
    """The members that an object is absent for."""
    while is_passed_on(trace) and not isinstance(trace.node, Object):
        trace = trace.inputs[0]
    if isinstance(trace.node, Object):
        for part in trace.inputs:
            if isinstance(part.node, Member) and not part.present:
                yield part.node.key, part


def _below(trace: Trace, step: str | int) -> Trace:
    """A part of the result; what is around it is known to who asks."""
    if isinstance(step, str) and trace.members is not None and step in trace.members:
        return trace.members[step]
    if isinstance(step, int) and trace.items is not None:
        return trace.items[step]
    place = None if trace.place is None else (*trace.place, step)
    inputs = () if place is not None else (trace,)
    return Trace(trace.node, trace.value[step], inputs, place, only_part=True)


def _rule(trace: Trace, rule: Span) -> Span:
    """The place of the key that a value was last written under, on the way through the objects of a route."""
    while True:
        if isinstance(trace.node, (Member, Computed, Spread)) and not trace.only_part:
            return trace.node.span
        if not is_passed_on(trace):
            return rule
        trace = trace.inputs[0]


def rule_at(result: Trace, steps: Steps, otherwise: Span) -> Span:
    """The place of the key under which the value at a place of the result was written, or should have been."""
    rule = _rule(result, otherwise)
    for step in steps:
        lacking = (result.lacking or {}).get(str(step))
        if lacking is not None:
            return _rule(lacking, rule)
        value = result.value
        there = step in value if isinstance(value, dict) else isinstance(value, list) and 0 <= int(step) < len(value)
        if not there:
            return rule
        result = _below(result, step)
        rule = _rule(result, rule)
    return rule


def _deciding(found: Derivation) -> tuple[SourceValue, ...]:
    """What decided of a value and is no part of it; that an object is there around a part goes without saying."""
    around = {place[:length] for place in found.sources.values for length in range(len(place))}
    asked = found.asked
    return tuple(
        SourceValue(place, value)
        for place, value in asked.values.items()
        if place not in found.sources.values and (asked.whole[place] or place not in around)
    )


def _values(found: Found) -> tuple[SourceValue, ...]:
    return tuple(SourceValue(place, value) for place, value in found.values.items())


def payload_leaves(value: Any, place: Steps) -> Iterator[tuple[Steps, Any]]:
    """The leaves of a payload below a place: what is no object or array, and empty ones of these."""
    waiting: list[tuple[Steps, Any]] = [(place, value)]
    while waiting:
        steps, found = waiting.pop()
        if isinstance(found, dict) and found:
            waiting += [((*steps, name), item) for name, item in reversed(found.items())]
        elif isinstance(found, list) and found:
            waiting += [((*steps, index), found[index]) for index in range(len(found) - 1, -1, -1)]
        else:
            yield steps, found
