"""A plain evaluator of core trees: slow, obvious, and written from the language reference, not from the compiler.

It is the second opinion on what a mapping means. `evaluate` gives a JSON value or `ABSENT`; a null that was kept is
`None`. A record that cannot be converted raises `Failure`. Everything that a node has is computed, in the order of its
fields, except where the reference says that it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

from casemap.errors import Failure
from casemap.functions.operators import TESTS
from casemap.functions.registry import Parameter
from casemap.mapping.core import (
    Approximate, Array, Call, Coalesce, Computed, Concat, Const, Each, If, Let, Lookup, Member, Node, Object, Param, Path,
    Rest, Spread, Step, Symbol,
)  # fmt: skip

__all__ = ["ABSENT", "Environment", "Outcome", "evaluate", "outcome_of", "same"]


class _Absent(Enum):
    ABSENT = "absent"


ABSENT: Final = _Absent.ABSENT
"""No value here."""


@dataclass(slots=True)
class _Lazy:
    """The value of a `let`: computed on first use, at most once."""

    node: Node
    environment: Environment
    computed: bool = False
    value: Any = None

    def get(self) -> Any:
        if not self.computed:
            self.value = evaluate(self.node, self.environment)
            self.computed = True
        return self.value


@dataclass(frozen=True, slots=True)
class Environment:
    """What the symbols of a tree stand for, and the params of the conversion."""

    names: Mapping[Symbol, Any]
    params: Mapping[str, Any] = field(default_factory=dict)

    def bind(self, **_: Any) -> Environment:
        raise TypeError("use `with_names`")

    def with_names(self, names: Mapping[Symbol, Any]) -> Environment:
        """The same environment with more names."""
        return replace(self, names={**self.names, **names})

    def get(self, symbol: Symbol) -> Any:
        """The value of a symbol, or `ABSENT`."""
        found = self.names[symbol]
        return found.get() if isinstance(found, _Lazy) else found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one document: a value, or the code of the first failure."""

    value: Any = None
    rejected: str | None = None


def outcome_of(tree: Node, root: Symbol, document: Any, params: Mapping[str, Any] | None = None) -> Outcome:
    """The outcome of a mapping's tree over a whole document; an absent result is a rejection."""
    try:
        value = evaluate(tree, Environment({root: document}, params or {}))
    except Failure as failure:
        return Outcome(rejected=failure.code)
    return Outcome(rejected="CM311") if value is ABSENT else Outcome(value)


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
            lazy = _Lazy(node.value, environment)
            return evaluate(node.body, environment.with_names({node.symbol: lazy}))
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


def _holds(test: Node, environment: Environment) -> bool:
    """A condition: absent counts as false, and so does a null, which is absent in an expression."""
    value = evaluate(test, environment)
    if value is ABSENT or value is None:
        return False
    if not isinstance(value, bool):
        raise Failure("CM302", f"a condition is {value!r}")
    return value


# paths


def _walk(value: Any, steps: tuple[Step, ...], keep_null: bool, environment: Environment) -> Any:
    for step in steps:
        if value is ABSENT or value is None:
            return ABSENT
        key = step if isinstance(step, (str, int)) else evaluate(step, environment)
        if key is ABSENT or key is None:
            return ABSENT
        value = _step(value, key)
    return ABSENT if value is None and not keep_null else value


def _step(value: Any, key: Any) -> Any:
    """What is one step below a value."""
    if isinstance(key, str):
        if not isinstance(value, dict):
            raise Failure("CM306", f"a member of {value!r}")
        return value.get(key, ABSENT)
    if isinstance(key, bool) or not isinstance(key, int):
        raise Failure("CM302", f"a step is {key!r}")
    if not isinstance(value, list):
        raise Failure("CM306", f"an index of {value!r}")
    return value[key] if -len(value) <= key < len(value) else ABSENT


# functions


def _call(node: Call, environment: Environment) -> Any:
    function = node.function
    parameters = list(function.parameters)
    arguments: list[Any] = []
    for position, argument in enumerate(node.arguments):
        parameter = parameters[min(position, len(parameters) - 1)]
        arguments.append(_argument(argument, parameter, position, environment))
    if function is TESTS["none"]:
        return arguments[0] is None
    if not function.sees_absent and ABSENT in arguments:
        return ABSENT
    result = function.implementation(*(None if value in (ABSENT, NOT_GIVEN) else value for value in arguments))
    return ABSENT if result is None else result
