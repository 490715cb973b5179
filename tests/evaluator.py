"""A plain evaluator of core trees: slow, obvious, and written from the language reference, not from the compiler.

It is the second opinion on what a mapping means. `evaluate` gives a JSON value or `ABSENT`; a null that was kept is
`None`. A document that cannot be converted raises `Failure`. Every part of a node is computed, in the order in which
it is written, except where the reference says that it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

from casemap.compiler.function import CompiledTree
from casemap.errors import ConversionError, Failure
from casemap.functions.operators import TESTS
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
    Step,
    Symbol,
)  # fmt: skip
from casemap.problem import Problem

__all__ = ["ABSENT", "CODES", "Environment", "Outcome", "evaluate", "outcome_of", "outcomes_of", "same"]

CODES = frozenset(f"CM3{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11))
"""The codes of rejections: those of the evaluator's own failures, and those of functions."""


class _Absent(Enum):
    ABSENT = "absent"


ABSENT: Final = _Absent.ABSENT
"""No value here."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the symbols of a tree stand for, and the params of the conversion."""

    names: Mapping[Symbol, Any]
    params: Mapping[str, Any] = field(default_factory=dict)

    def having(self, names: Mapping[Symbol, Any]) -> Environment:
        """The same environment with more names."""
        return replace(self, names={**self.names, **names})

    def get(self, symbol: Symbol) -> Any:
        """What a symbol stands for, or `ABSENT`."""
        found = self.names[symbol]
        return found.get() if isinstance(found, _Lazy) else found


@dataclass(slots=True)
class _Lazy:
    """What a `let` binds: computed on first use, at most once."""

    node: Node
    environment: Environment
    value: Any = None
    computed: bool = False

    def get(self) -> Any:
        if not self.computed:
            self.value = evaluate(self.node, self.environment)
            self.computed = True
        return self.value


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one document: a value, or the code of the first failure; of compiled functions, all problems."""

    value: Any = None
    rejected: str | None = None
    problems: tuple[Problem, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Outcome) or (self.rejected is None) != (other.rejected is None):
            return False
        return self.rejected is not None or same(self.value, other.value)

    __hash__ = None  # type: ignore[assignment]


def outcome_of(tree: Node, root: Symbol, document: Any, params: Mapping[str, Any] | None = None) -> Outcome:
    """The outcome of a mapping's tree over a whole document; an absent result is a rejection."""
    try:
        value = evaluate(tree, Environment({root: document}, params or {}))
    except Failure as failure:
        return Outcome(rejected=failure.code)
    return Outcome(rejected="CM311") if value is ABSENT else Outcome(value)


def outcomes_of(compiled: CompiledTree, document: Any) -> Iterator[tuple[str, Outcome]]:
    """The outcomes of a compiled tree: called, observed, and by the exact function alone."""
    functions: dict[str, Callable[[Any], Any]] = {
        "called": compiled.convert,
        "observed": lambda value: compiled.observe(value)[0],
        "exact": compiled.explained,
    }
    for name, function in functions.items():
        try:
            yield name, Outcome(function(document))
        except ConversionError as error:
            yield name, Outcome(rejected=error.problems[0].code, problems=error.problems)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same to the last detail: types of numbers and order of members as well."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def evaluate(node: Node, environment: Environment) -> Any:
    """The value of a node, or `ABSENT`. Raises `Failure`."""
    match node:
        case Const():
            return ABSENT if node.value is None and not node.keep_null else node.value
        case Param():
            return _walk(environment.params.get(node.name, ABSENT), node.steps, node.keep_null, environment)
        case Path():
            return _walk(environment.get(node.scope), node.steps, node.keep_null, environment)
        case Let():
            return evaluate(node.body, environment.having({node.symbol: _Lazy(node.value, environment)}))
        case Call():
            return _call(node, environment)
        case Lookup():
            return _lookup(node, environment)
        case If():
            return evaluate(node.then if _holds(node.test, environment) else node.otherwise, environment)
        case Coalesce():
            values = (evaluate(option, environment) for option in node.options)
            return next((value for value in values if value is not ABSENT), ABSENT)
        case Object():
            return _object(node, environment)
        case Each():
            return _each(node, environment)
        case Array():
            return _present([evaluate(item, environment) for item in node.items])
        case Concat():
            return _concat(node, environment)
        case Rest():
            return _rest(node, environment)
        case Approximate():
            return evaluate(node.value, environment)
    raise AssertionError(f"not a node: {node!r}")


def _present(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not ABSENT]


def _without_null(value: Any) -> Any:
    """In an expression a null is absent."""
    return ABSENT if value is None else value


def _holds(test: Node, environment: Environment) -> bool:
    """A condition; an absent one counts as false."""
    value = _without_null(evaluate(test, environment))
    if value is ABSENT:
        return False
    if not isinstance(value, bool):
        raise Failure("CM302", f"a condition is {value!r}")
    return value


# paths


def _walk(value: Any, steps: tuple[Step, ...], keep_null: bool, environment: Environment) -> Any:
    for step in steps:
        value = _without_null(value)
        if value is ABSENT:
            return ABSENT
        key = step if isinstance(step, (str, int)) else _without_null(evaluate(step, environment))
        if key is ABSENT:
            return ABSENT
        value = _below(value, key)
    return value if keep_null else _without_null(value)


def _below(value: Any, key: Any) -> Any:
    """What is one step below a value."""
    if isinstance(key, str):
        if not isinstance(value, dict):
            raise Failure("CM306", f"a member of {value!r}")
        return value.get(key, ABSENT)
    if isinstance(key, bool) or not isinstance(key, (int, float)) or key != int(key):
        raise Failure("CM302", f"a step is {key!r}")
    key = int(key)
    if not isinstance(value, list):
        raise Failure("CM306", f"an index of {value!r}")
    return value[key] if -len(value) <= key < len(value) else ABSENT


# functions and value maps


def _call(node: Call, environment: Environment) -> Any:
    function = node.function
    values = [evaluate(argument, environment) for argument in node.arguments]
    if function is TESTS["none"]:
        return values[0] is None
    arguments: list[Any] = []
    for position, value in enumerate(values):
        absent = value is ABSENT or value is None
        if absent and not function.sees_absent and not _is_left_out(node, position):
            return ABSENT
        arguments.append(None if absent else value)
    result = function.implementation(*arguments)
    return ABSENT if result is None else result


def _is_left_out(node: Call, position: int) -> bool:
    """Whether an optional argument is not given: the loader writes its default there, a null."""
    argument = node.arguments[position]
    parameter = node.function.parameters[min(position, len(node.function.parameters) - 1)]
    return isinstance(argument, Const) and argument.value is None and not parameter.required


def _lookup(node: Lookup, environment: Environment) -> Any:
    value = evaluate(node.value, environment)
    if value is ABSENT or value is None:
        return value

    def key(any: Any) -> Any:
        return any.casefold() if node.table.ignore_case and isinstance(any, str) else any

    for entry, result in node.table.entries:
        if _equal(key(entry), key(value)):
            return result
    match node.otherwise:
        case "error":
            raise Failure("CM301", f"no entry for {value!r}")
        case "drop":
            return ABSENT
        case "keep":
            return value
    return evaluate(node.otherwise, environment)


def _equal(one: Any, other: Any) -> bool:
    """Typed equality: 1 equals 1.0, and neither equals `true`; members in any order."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one) == set(other) and all(_equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


# objects


def _object(node: Object, environment: Environment) -> Any:
    """Names and values are computed first; an object that is there is then put together."""
    parts = [(part, *_named(part, environment)) for part in node.parts]
    there = [value is not ABSENT for _, _, value in parts]
    if node.absent == "any" and not all(there):
        return ABSENT
    building = _Building({part.key for part in node.parts if isinstance(part, Member)})
    for part, name, value in parts:
        building.add(part, name, value)
    return ABSENT if node.absent == "every" and not any(there) else building.members


def _named(part: Member | Computed | Spread, environment: Environment) -> tuple[Any, Any]:
    """The name and the value of a part. Nothing is computed for an absent name."""
    name: Any = None
    if isinstance(part, Member):
        name = part.key
    elif isinstance(part, Computed):
        name = _without_null(evaluate(part.key, environment))
    return name, ABSENT if name is ABSENT else evaluate(part.value, environment)


@dataclass(slots=True)
class _Building:
    """An object while its parts are added."""

    declared: set[str]
    members: dict[str, Any] = field(default_factory=dict)
    yielding: set[str] = field(default_factory=set)
    """Members that were spread with `on_collision: drop`."""

    def add(self, part: Member | Computed | Spread, name: Any, value: Any) -> None:
        if isinstance(part, Computed) and name is not ABSENT and not isinstance(name, str):
            raise Failure("CM308", f"the name {name!r}")
        if value is ABSENT:
            return
        match part:
            case Member():
                self.members[name] = value
            case Computed():
                self.add_computed(name, value)
            case Spread():
                self.add_spread(value, part.drop_on_collision)

    def add_computed(self, name: str, value: Any) -> None:
        if name in self.yielding:
            del self.members[name]
            self.yielding.remove(name)
        if name in self.declared or name in self.members:
            raise Failure("CM305", f"two members {name!r}")
        self.members[name] = value

    def add_spread(self, value: Any, drop: bool) -> None:
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in items):
            raise Failure("CM302", f"members of {value!r}")
        for item in items:
            for name, member in item.items():
                if name not in self.declared and name not in self.members:
                    self.members[name] = member
                    if drop:
                        self.yielding.add(name)
                elif not drop:
                    raise Failure("CM305", f"two members {name!r}")


def _rest(node: Rest, environment: Environment) -> Any:
    value = _without_null(evaluate(node.value, environment))
    if value is ABSENT:
        return ABSENT
    if not isinstance(value, dict):
        raise Failure("CM302", f"the rest of {value!r}")
    return {name: member for name, member in value.items() if name not in node.declared} or ABSENT


# arrays


def _concat(node: Concat, environment: Environment) -> Any:
    parts = _present([evaluate(part, environment) for part in node.parts])
    for part in parts:
        if not isinstance(part, list):
            raise Failure("CM302", f"not an array: {part!r}")
    return [item for part in parts for item in part] if parts else ABSENT


def _each(node: Each, environment: Environment) -> Any:
    source = _without_null(evaluate(node.source, environment))
    if source is ABSENT:
        return ABSENT
    if not isinstance(source, list):
        raise Failure("CM302", f"not an array: {source!r}")
    places = [
        environment.having({node.item: item, node.index: index})
        for index, item in enumerate(source)
        if item is not None or node.keep_null
    ]
    if node.where is not None:
        places = [place for place in places if _holds(node.where, place)]
    if node.sort is not None:
        places = _sorted(places, node.sort, node.descending)
    if node.unique is not None:
        places = _unique(places, node.unique)
    if node.take is not None:
        taken = places[:1] if node.take == "first" else places[-1:]
        return evaluate(node.body, taken[0]) if taken else ABSENT
    if node.key is not None:
        return _keyed(node, node.key, places)
    values: list[Any] = []
    for place in places:
        values.append(evaluate(node.body, place))
        if node.strict and values[-1] is ABSENT:
            return ABSENT  # the items after it are not reached
    return _present(values)


def _sorted(places: list[Environment], by: Node, descending: bool) -> list[Environment]:
    """Stable; places without a key come last."""
    keys = [_without_null(evaluate(by, place)) for place in places]
    with_key = [(key, place) for key, place in zip(keys, places, strict=True) if key is not ABSENT]
    numbers = all(isinstance(key, (int, float)) and not isinstance(key, bool) for key, _ in with_key)
    texts = all(isinstance(key, str) for key, _ in with_key)
    if not (numbers or texts):
        raise Failure("CM307", "keys of different types")
    with_key.sort(key=lambda pair: pair[0], reverse=descending)
    return [place for _, place in with_key] + [p for key, p in zip(keys, places, strict=True) if key is ABSENT]


def _unique(places: list[Environment], by: Node) -> list[Environment]:
    """The first of equal keys; places without a key all stay."""
    seen: list[Any] = []
    kept: list[Environment] = []
    for place in places:
        key = _without_null(evaluate(by, place))
        if key is ABSENT:
            kept.append(place)
        elif not any(_equal(key, other) for other in seen):
            seen.append(key)
            kept.append(place)
    return kept


def _keyed(node: Each, by: Node, places: list[Environment]) -> Any:
    result: dict[str, Any] = {}
    for place in places:
        key = _without_null(evaluate(by, place))
        if key is ABSENT:
            continue
        if not isinstance(key, str):
            raise Failure("CM308", f"the key {key!r}")
        value = evaluate(node.body, place)
        if value is ABSENT:
            continue
        if node.repeated == "collect":
            result.setdefault(key, []).append(value)
        elif key not in result or node.repeated == "last":
            result[key] = value
        elif node.repeated == "error":
            raise Failure("CM308", f"two items have the key {key!r}")
    return result
