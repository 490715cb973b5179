"""One value's derivation, read from its trace: what it was made of, what was done to it, and what led to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casemap.analysis.explain.explanation import Fallback, TransformStep
from casemap.analysis.explain.trace import Steps, Trace, is_passed_on
from casemap.analysis.wording import Wording
from casemap.functions.registry import shown
from casemap.mapping.core import (
    Approximate,
    Call,
    Coalesce,
    Computed,
    Const,
    Each,
    Let,
    Lookup,
    Member,
    Node,
    Param,
    Spread,
    Symbol,
    children,
)  # fmt: skip

__all__ = ["Derivation", "Expressions", "Found"]

_SHALLOW = frozenset(("length", "keys"))
"""Functions that read nothing of what an array or object holds."""


class Expressions:
    """Writes the expressions of a tree in the language of mappings."""

    def __init__(self, tree: Node, root: Symbol) -> None:
        self.root = root
        self.bound: dict[Symbol, Node] = {}
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Let):
                self.bound[node.symbol] = node.value
            waiting.extend(children(node))

    def wording(self, trace: Trace) -> Wording:
        """The wording of the scope that a trace's node stands in."""
        return Wording(trace.this or self.root, self.root, self.bound)

    def step(self, trace: Trace, node: Call) -> str:
        """What a function does: its name with its arguments, an operator's whole expression."""
        wording = self.wording(trace)
        if node.function.kind == "operator":
            return wording.text(node)
        return f"{node.function.name}{wording.given(node)}"

    def option(self, trace: Trace) -> str:
        """An option in words; empty where it is no expression."""
        node = trace.node
        if isinstance(node, (Member, Computed, Spread)):
            return ""
        text = self.wording(trace).text(node)
        return "" if "…" in text else text


@dataclass(slots=True)
class Found:
    """Places of the payload with their values. `whole` says that all below a place counts, not only what is there."""

    values: dict[Steps, Any] = field(default_factory=dict)
    whole: dict[Steps, bool] = field(default_factory=dict)

    def add(self, place: Steps, value: Any, whole: bool) -> None:
        """Add a place."""
        self.values.setdefault(place, value)
        self.whole[place] = self.whole.get(place, False) or whole


@dataclass(slots=True)
class Derivation:
    """Collects the derivation of a value from its trace."""

    expressions: Expressions
    sources: Found = field(default_factory=Found)
    asked: Found = field(default_factory=Found)
    params: dict[str, None] = field(default_factory=dict)
    steps: list[TransformStep] = field(default_factory=list)
    fallbacks: dict[Fallback, None] = field(default_factory=dict)
    approximations: dict[str, None] = field(default_factory=dict)
    _seen: set[tuple[int, bool]] = field(default_factory=set)
    _placed: set[int] = field(default_factory=set)

    def value(self, trace: Trace, whole: bool = True) -> None:
        """Everything that the value was made of, in the order in which it happened."""
        if (id(trace), True) in self._seen:
            return
        self._seen.add((id(trace), True))
        if trace.taken_from is not None:
            self.circumstances(trace.taken_from)
        parts = self.parts(trace)
        if parts is not None:
            for part in parts:
                self.value(part, whole)
        elif trace.inputs:
            shallow = trace.names_only or _reads_no_items(trace)
            for given in trace.inputs:
                self.value(given, whole and not shallow)
        else:
            self.ground(trace, whole)
        self.own(trace)

    def parts(self, trace: Trace) -> list[Trace] | None:
        """What an object or array was built of, where the trace's node built it; None for any other value."""
        if trace.only_part or trace.place is not None or is_passed_on(trace):
            return None
        if trace.members is not None:
            return list(trace.members.values())
        return trace.items

    def ground(self, trace: Trace, whole: bool) -> None:
        """Where a derivation starts: a place of the payload, or a param."""
        if trace.place is not None:
            self.sources.add(trace.place, trace.value, whole)
        elif isinstance(trace.node, Param):
            self.params[trace.node.name] = None
        elif isinstance(trace.node, Each) and not trace.only_part and trace.members is None and trace.items is None:
            self.steps.append(TransformStep("the position in the array", trace.value, trace.node.span))

    def own(self, trace: Trace) -> None:
        """What the trace's own node did or decided."""
        for test in trace.deciding:
            self.ask(test)
        if trace.only_part or not trace.present:
            return
        node = trace.node
        if trace.names_only and isinstance(trace.value, str):
            self.steps.append(TransformStep("the name of the member", trace.value, node.span))
        elif isinstance(node, Call) and trace.inputs and not trace.names_only:
            self.steps.append(TransformStep(self.expressions.step(trace, node), trace.value, node.span))
        elif isinstance(node, Lookup) and trace.chosen is not None:
            name = "a value map" if node.table.name == "this map" else f"the value map `{node.table.name}`"
            self.steps.append(TransformStep(name, trace.value, node.span))
        else:
            self.choice(trace)

    def choice(self, trace: Trace) -> None:
        """That a later option was taken, or a value that stands in for another."""
        node = trace.node
        if isinstance(node, Coalesce) and trace.chosen:
            passed = [text for each in trace.passed_over if (text := self.expressions.option(each))]
            before = "what comes before it" if len(passed) < len(trace.passed_over) else _listed(passed)
            verb = "are" if len(passed) > 1 and before != "what comes before it" else "is"
            self.fallbacks[Fallback(f"{before} {verb} absent", node.options[trace.chosen].span)] = None
            for each in trace.passed_over:
                self.ask(each)
        elif isinstance(node, Lookup) and trace.passed_over:
            value = shown(trace.passed_over[0].value)
            name = "the value map" if node.table.name == "this map" else f"the value map `{node.table.name}`"
            kept = "it is kept" if node.otherwise == "keep" else "`else` says what it gives"
            span = node.otherwise.span if isinstance(node.otherwise, Const) else node.span
            self.fallbacks[Fallback(f"{name} has no entry for {value}: {kept}", span)] = None
        elif isinstance(node, Approximate):
            self.approximations[node.why] = None

    def circumstances(self, trace: Trace) -> None:
        """What led to an object or array that a value is a part of."""
        while (id(trace), False) not in self._seen:
            self._seen.add((id(trace), False))
            for test in trace.deciding:
                self.ask(test)
            if not trace.only_part:
                self.choice(trace)
            if trace.taken_from is not None:
                self.circumstances(trace.taken_from)
            if not is_passed_on(trace):
                return
            trace = trace.inputs[0]

    def ask(self, trace: Trace, whole: bool = True) -> None:
        """The places that a test, a key or an absent value looked at."""
        waiting = [(trace, whole)]
        while waiting:
            found, deep = waiting.pop()
            if id(found) in self._placed:
                continue
            self._placed.add(id(found))
            if not found.inputs and found.place is not None:
                self.asked.add(found.place, found.value, deep)
            deep = deep and not (found.names_only or _reads_no_items(found))
            below = [*found.deciding, *found.passed_over, *found.inputs]
            if not isinstance(found.node, Each) or not found.inputs:
                below += [*(found.members or {}).values(), *(found.items or [])]
            waiting += [(each, deep) for each in reversed(below)]


def _reads_no_items(trace: Trace) -> bool:
    """Whether a function only asks what kind of value it has, or how much of it."""
    node = trace.node
    return isinstance(node, Call) and (node.function.name in _SHALLOW or node.function.name.startswith("is "))


def _listed(texts: list[str]) -> str:
    quoted = [f"`{text}`" for text in dict.fromkeys(texts)]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
