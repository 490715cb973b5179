"""Evaluates a core tree over one payload and writes down every step.

It means what the compiled function means; a test holds the two equal. It is slow and plain: one node at a time, each
with the values that it was made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.analysis.explain.arrangement import arranged
from casemap.analysis.explain.objects import Building, the_rest
from casemap.analysis.explain.trace import ABSENT, Trace, below, is_there, passed_on
from casemap.errors import Failure
from casemap.functions.equality import key_of
from casemap.functions.operators import TESTS
from casemap.functions.registry import shown, type_name
from casemap.mapping.core import (
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
    Step,
    Symbol,
)  # fmt: skip

__all__ = ["Evaluation", "Scope"]


@dataclass(slots=True)
class _Bound:
    """What a `let` binds: computed on first use, at most once."""

    node: Node
    scope: Scope
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What symbols stand for at a place of the tree; `this` is the symbol whose members need no prefix."""

    names: Mapping[Symbol, Trace | _Bound]
    this: Symbol

    def having(self, names: Mapping[Symbol, Trace | _Bound], this: Symbol | None = None) -> Scope:
        """The same scope with more names."""
        return replace(self, names={**self.names, **names}, this=this or self.this)


@dataclass(slots=True)
class Evaluation:
    """One evaluation of a tree.

    With `tolerant`, a member that fails is written down under `failed` and left out, as if it were absent; otherwise
    the failure is raised. `gave` has the ids of the nodes that gave a value, `looked_up` the entries of value maps
    that were found, by the ids of their nodes; None stands for a value that the map does not list. `consulted` are
    the values that decided of something, `named` those that became names of members, `dropped` those that a value map
    left out.
    """

    params: Mapping[str, Any]
    tolerant: bool = False
    gave: set[int] = field(default_factory=set)
    looked_up: set[tuple[int, int | None]] = field(default_factory=set)
    consulted: list[Trace] = field(default_factory=list)
    named: list[Trace] = field(default_factory=list)
    dropped: list[Trace] = field(default_factory=list)
    failed: list[tuple[Member | Computed | Spread | Each, Failure]] = field(default_factory=list)

    def document(self, tree: Node, root: Symbol, payload: Any) -> Trace:
        """The result of a tree over a whole payload. Raises `Failure`, and CM311 for an absent result."""
        result = self.value(tree, Scope({root: Trace(tree, payload, place=())}, root))
        if not result.present:
            raise Failure("CM311", "the result is absent", "The mapping's top rule gave no value.")
        return result

    def value(self, node: Node, scope: Scope) -> Trace:
        """The trace of a node. Raises `Failure`."""
        trace = self.evaluated(node, scope)
        if trace.this is None:
            trace.this = scope.this
        if trace.present:
            self.gave.add(id(node))
        return trace

    def evaluated(self, node: Node, scope: Scope) -> Trace:
        match node:
            case Const():
                return Trace(node, ABSENT if node.value is None and not node.keep_null else node.value)
            case Param():
                base = Trace(node, self.params.get(node.name, ABSENT))
                return self.reached(node, base, scope)
            case Path():
                return self.reached(node, self.bound(node.scope, scope), scope)
            case Let():
                return self.value(node.body, scope.having({node.symbol: _Bound(node.value, scope)}))
            case Call():
                return self.call(node, scope)
            case Lookup():
                return self.lookup(node, scope)
            case If():
                test = self.value(node.test, scope)
                branch = node.then if self.holds(test) else node.otherwise
                return passed_on(node, self.value(branch, scope), deciding=(test,))
            case Coalesce():
                return self.coalesce(node, scope)
            case Object():
                return self.object(node, scope)
            case Each():
                return self.each(node, scope)
            case Array():
                items = [trace for item in node.items if (trace := self.value(item, scope)).present]
                return _array(node, items)
            case Concat():
                return self.concat(node, scope)
            case Rest():
                return the_rest(node, self.value(node.value, scope))
        return passed_on(node, self.value(node.value, scope))  # an approximation

    # paths and conditions

    def bound(self, symbol: Symbol, scope: Scope) -> Trace:
        found = scope.names[symbol]
        if isinstance(found, Trace):
            return found
        if found.trace is None:
            found.trace = self.value(found.node, found.scope)
        return found.trace

    def reached(self, node: Path | Param, trace: Trace, scope: Scope) -> Trace:
        """What the steps of a path lead to."""
        deciding: list[Trace] = []
        for step in node.steps:
            if not is_there(trace):
                break
            key = self.step(step, scope, deciding)
            if key is None:
                return Trace(node, ABSENT, deciding=tuple(deciding))
            trace = below(trace, key)
        else:
            if trace.present and (trace.value is not None or node.keep_null):
                return passed_on(node, trace, deciding=tuple(deciding))
        return Trace(node, ABSENT, (trace,), trace.place, deciding=tuple(deciding))

    def step(self, step: Step, scope: Scope, deciding: list[Trace]) -> str | int | None:
        if isinstance(step, (str, int)):
            return step
        trace = self.value(step, scope)
        deciding.append(trace)
        self.consulted.append(trace)
        key = trace.value
        if not is_there(trace):
            return None
        if isinstance(key, str):
            return key
        if type(key) is int or (type(key) is float and key.is_integer()):
            return int(key)
        raise Failure("CM302", f"a step is a text or a whole number, not {type_name(key)}: {shown(key)}")

    def holds(self, test: Trace) -> bool:
        """Whether a condition is true; an absent one is not."""
        self.consulted.append(test)
        if not is_there(test):
            return False
        if not isinstance(test.value, bool):
            message = f"a condition is true or false, not {type_name(test.value)}: {shown(test.value)}"
            raise Failure("CM302", message, "Compare it, or ask `is defined`.")
        return test.value

    def coalesce(self, node: Coalesce, scope: Scope) -> Trace:
        passed: list[Trace] = []
        for number, option in enumerate(node.options):
            trace = self.value(option, scope)
            if trace.present:
                return passed_on(node, trace, chosen=number, passed_over=tuple(passed))
            passed.append(trace)
        return Trace(node, ABSENT, passed_over=tuple(passed))

    # functions and value maps

    def call(self, node: Call, scope: Scope) -> Trace:
        inputs = tuple(self.value(argument, scope) for argument in node.arguments)
        function = node.function
        if function is TESTS["none"]:
            return Trace(node, inputs[0].value is None, inputs)
        arguments: list[Any] = []
        for position, argument in enumerate(inputs):
            there = is_there(argument)
            if not there and not function.sees_absent and not _is_left_out(node, position):
                return Trace(node, ABSENT, inputs)
            arguments.append(argument.value if there else None)
        result = function.implementation(*arguments)
        if result is None:
            return Trace(node, ABSENT, inputs)
        return arranged(node, inputs, arguments, result) or Trace(node, result, inputs)

    def lookup(self, node: Lookup, scope: Scope) -> Trace:
        value = self.value(node.value, scope)
        if not is_there(value):
            return passed_on(node, value)
        number = _entry(node, value.value)
        self.looked_up.add((id(node), number))
        if number is not None:
            return Trace(node, node.table.entries[number][1], (value,), chosen=number)
        match node.otherwise:
            case Const():
                # what stands in for the value was decided by it, and holds nothing of it
                self.consulted.append(value)
                return passed_on(node, self.value(node.otherwise, scope), deciding=(value,), passed_over=(value,))
            case "drop":
                trace = Trace(node, ABSENT, (value,))
                self.dropped.append(trace)
                return trace
            case "keep":
                return passed_on(node, value, passed_over=(value,))
        title = "this map" if node.table.name == "this map" else f"the value map `{node.table.name}`"
        help = "Add it to the value map, or say with `else:` what becomes of such values."
        raise Failure("CM301", f"{title} has no entry for {shown(value.value)}", help)

    # objects

    def object(self, node: Object, scope: Scope) -> Trace:
        """Names and values are computed first; an object that is there is then put together."""
        parts = [(part, *self.named_part(part, scope)) for part in node.parts]
        there = [trace.present for _, _, trace in parts]
        if node.absent == "any" and not all(there):
            return Trace(node, ABSENT, tuple(trace for _, _, trace in parts))
        building = Building({part.key for part in node.parts if isinstance(part, Member)})
        for part, name, trace in parts:
            building.take_name(part, name, trace)
        for part, name, trace in parts:
            building.add(part, name, trace)
        if node.absent == "every" and not any(there):
            return Trace(node, ABSENT, tuple(trace for _, _, trace in parts))
        return building.trace(node)

    def named_part(self, part: Member | Computed | Spread, scope: Scope) -> tuple[Any, Trace]:
        """The name and the value of a part. Nothing is computed for an absent name."""
        try:
            name: Any = part.key if isinstance(part, Member) else None
            if isinstance(part, Computed):
                key = self.value(part.key, scope)
                self.named.append(key)
                name = key.value if is_there(key) else ABSENT
            if name is ABSENT:
                return name, Trace(part, ABSENT)
            trace = passed_on(part, self.value(part.value, scope))
        except Failure as failure:
            if not self.tolerant:
                raise
            self.failed.append((part, failure))
            return ABSENT, Trace(part, ABSENT)
        if trace.present:
            self.gave.add(id(part))
        return name, trace

    # arrays

    def concat(self, node: Concat, scope: Scope) -> Trace:
        parts = [trace for part in node.parts if (trace := self.value(part, scope)).present]
        for part in parts:
            _check_array(part.value)
        if not parts:
            return Trace(node, ABSENT)
        return _array(node, [below(part, index) for part in parts for index in range(len(part.value))])

    def each(self, node: Each, scope: Scope) -> Trace:
        source = self.value(node.source, scope)
        if not is_there(source):
            return Trace(node, ABSENT, (source,))
        _check_array(source.value)
        scopes = self.items(node, source, scope)
        tests: dict[int, tuple[Trace, ...]] = {}
        if node.where is not None:
            scopes = [inner for inner in scopes if self.passes(node.where, inner, tests)]
        if node.sort is not None:
            scopes = self.in_order(scopes, node.sort, node.descending)
        if node.unique is not None:
            scopes = self.without_equals(scopes, node.unique)
        if node.take is not None:
            taken = scopes[:1] if node.take == "first" else scopes[-1:]
            if not taken:
                return Trace(node, ABSENT, (source,))
            return passed_on(node, self.value(node.body, taken[0]), deciding=tests.get(id(taken[0]), ()))
        if node.key is not None:
            return self.keyed(node, node.key, scopes)
        return self.bodies(node, source, scopes)

    def items(self, node: Each, source: Trace, scope: Scope) -> list[Scope]:
        """The scopes of the items, each with its item and its position."""
        return [
            scope.having({node.item: below(source, index), node.index: Trace(node, index)}, node.item)
            for index, item in enumerate(source.value)
            if item is not None or node.keep_null
        ]

    def passes(self, where: Node, scope: Scope, tests: dict[int, tuple[Trace, ...]]) -> bool:
        """Whether an item is wanted; the test is kept by its scope."""
        test = self.value(where, scope)
        tests[id(scope)] = (test,)
        return self.holds(test)

    def bodies(self, node: Each, source: Trace, scopes: list[Scope]) -> Trace:
        found: list[Trace] = []
        for scope in scopes:
            try:
                trace = self.value(node.body, scope)
            except Failure as failure:
                if not self.tolerant:
                    raise
                self.failed.append((node, failure))
                continue
            if trace.present:
                found.append(trace)
            elif node.strict:
                return Trace(node, ABSENT, (source, trace))  # the items after it are not reached
        return _array(node, found, (source,))

    def key(self, by: Node, scope: Scope) -> Any:
        """The value of a key, `ABSENT` where there is none."""
        trace = self.value(by, scope)
        self.consulted.append(trace)
        return trace.value if is_there(trace) else ABSENT

    def in_order(self, scopes: list[Scope], by: Node, descending: bool) -> list[Scope]:
        """Stable; items without a key come last."""
        keys = [(self.key(by, scope), scope) for scope in scopes]
        keyed = [(key, scope) for key, scope in keys if key is not ABSENT]
        kinds = {_kind(key) for key, _ in keyed}
        if not (kinds <= {"number"} or kinds <= {"text"}):
            names = " and ".join(sorted({type_name(key) for key, _ in keyed}))
            raise Failure("CM307", f"the keys of a sort are all numbers or all texts, not {names}")
        keyed.sort(key=lambda pair: pair[0], reverse=descending)
        return [scope for _, scope in keyed] + [scope for key, scope in keys if key is ABSENT]

    def without_equals(self, scopes: list[Scope], by: Node) -> list[Scope]:
        """The first of equal keys; items without a key all stay."""
        seen: set[Any] = set()
        kept: list[Scope] = []
        for scope in scopes:
            key = self.key(by, scope)
            identity = None if key is ABSENT else key_of(key)
            if key is ABSENT or identity not in seen:
                kept.append(scope)
            if key is not ABSENT:
                seen.add(identity)
        return kept

    def keyed(self, node: Each, by: Node, scopes: list[Scope]) -> Trace:
        found: dict[str, list[Trace]] = {}
        for scope in scopes:
            key = self.value(by, scope)
            self.named.append(key)
            if not is_there(key):
                continue
            if not isinstance(key.value, str):
                message = f"a key is a text, not {type_name(key.value)}: {shown(key.value)}"
                raise Failure("CM308", message, "Write `| string` after it.")
            trace = self.value(node.body, scope)
            if not trace.present:
                continue
            values = found.setdefault(key.value, [])
            if values and node.repeated == "error":
                help = "Say with `repeated: first`, `last` or `collect` what becomes of them."
                raise Failure("CM308", f"two items have the key {shown(key.value)}", help)
            values.append(trace)
        match node.repeated:
            case "collect":
                members = {name: _array(node, values) for name, values in found.items()}
            case "last":
                members = {name: values[-1] for name, values in found.items()}
            case _:
                members = {name: values[0] for name, values in found.items()}
        return Trace(node, {name: trace.value for name, trace in members.items()}, members=members)


def _array(node: Node, items: list[Trace], inputs: tuple[Trace, ...] = ()) -> Trace:
    return Trace(node, [item.value for item in items], inputs, items=items)


def _check_array(value: Any) -> None:
    if not isinstance(value, list):
        message = f"an array is needed here, not {type_name(value)}: {shown(value)}"
        raise Failure("CM302", message, "`| as_list` makes an array of a single value.")


def _kind(key: Any) -> str:
    if isinstance(key, str):
        return "text"
    return "number" if isinstance(key, (int, float)) and not isinstance(key, bool) else "other"


def _is_left_out(node: Call, position: int) -> bool:
    """Whether an optional argument is not given: the loader writes its default there, a null."""
    argument = node.arguments[position]
    parameters = node.function.parameters
    optional = not parameters[min(position, len(parameters) - 1)].required
    return optional and isinstance(argument, Const) and argument.value is None


def _entry(node: Lookup, value: Any) -> int | None:
    """The number of the entry of a value."""
    if isinstance(value, (list, dict)):
        return None

    def identity(scalar: Any) -> Any:
        folded = scalar.casefold() if node.table.ignore_case and isinstance(scalar, str) else scalar
        return key_of(folded)

    wanted = identity(value)
    return next((number for number, (key, _) in enumerate(node.table.entries) if identity(key) == wanted), None)
