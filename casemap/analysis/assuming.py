"""What a condition says of the values that it asks about: the environment where it holds, and where it does not.

Says less where it is not sure. A condition that is not there does not hold.
"""

from __future__ import annotations

from typing import Any

from casemap.analysis import signatures
from casemap.analysis.environment import Environment, Named, constrained, either_of, target_of
from casemap.functions.operators import OPERATORS, TESTS
from casemap.mapping.core import Approximate, Array, Call, Coalesce, Const, Each, If, Let, Lookup, Node, Param, Path
from casemap.mapping.rules import may_hold_null
from casemap.schema.shapes import Shape

__all__ = ["absent", "assuming", "constant_of", "present"]

_TEST_TYPES = {f"is {name}": name for name in ("string", "number", "integer", "boolean", "array", "object")}
_LIMITS = {
    "<": ("exclusiveMaximum", "exclusiveMinimum"),
    "<=": ("maximum", "minimum"),
    ">": ("exclusiveMinimum", "exclusiveMaximum"),
    ">=": ("minimum", "maximum"),
}
"""What a number on the left of a sign obeys, and one on the right."""


def assuming(environment: Environment | None, test: Node, holds: bool) -> Environment | None:
    """The environment in which a condition holds, or does not; None where that cannot be."""
    if environment is None:
        return None
    match test:
        case Const():
            return environment if (test.value is True) == holds else None
        case Path():
            leaf: Shape = {"const": True} if holds else {"not": {"const": True}}
            return _constrained(environment, test, leaf, there=holds)
        case Let():
            return assuming({**environment, test.symbol: Named(test.value)}, test.body, holds)
        case If():
            one = assuming(assuming(environment, test.test, True), test.then, holds)
            return either_of(one, assuming(assuming(environment, test.test, False), test.otherwise, holds))
        case Coalesce():
            return _coalesce(environment, test, holds)
        case Approximate():
            return assuming(environment, test.value, holds)
        case Call():
            return _call(environment, test, holds)
    return present(environment, test) if holds else environment


def constant_of(node: Node) -> Any:
    """The value of a constant node, lists of constants among them; `...` for any other."""
    match node:
        case Const():
            return node.value
        case Array():
            values = [constant_of(item) for item in node.items]
            return ... if any(value is ... for value in values) else [value for value in values if value is not None]
    return ...


def _constrained(environment: Environment, node: Node, leaf: Shape, *, there: bool) -> Environment | None:
    """Where a node is a path, what is known of its value; of any other, that it is there."""
    if isinstance(node, Path):
        symbol, steps, _ = target_of(node, environment)
        return constrained(environment, symbol, steps, leaf, there)
    return present(environment, node) if there else environment


def _coalesce(environment: Environment, test: Coalesce, holds: bool) -> Environment | None:
    """`x | default(false)` says of x what x says; of other options little is known."""
    if len(test.options) == 1:
        return assuming(environment, test.options[0], holds)
    if len(test.options) == 2 and isinstance(test.options[1], Const) and test.options[1].value is False:
        return assuming(environment, test.options[0], holds)
    return environment


def _call(environment: Environment, call: Call, holds: bool) -> Environment | None:
    name, arguments = call.function.name, call.arguments
    if call.function is TESTS["defined"]:
        return present(environment, arguments[0]) if holds else absent(environment, arguments[0])
    if call.function is TESTS["none"]:
        return environment
    if name in _TEST_TYPES and call.function is TESTS[_TEST_TYPES[name]]:
        kind = {"type": _TEST_TYPES[name]}
        return _constrained(environment, arguments[0], kind if holds else {"not": kind}, there=holds)
    if call.function is OPERATORS.get(name):
        if name in ("==", "!="):
            return _equality(environment, call, holds == (name == "=="))
        if name in ("in", "not in"):
            return _membership(environment, call, holds == (name == "in"))
        if name in _LIMITS and holds:
            environment = _ordered(environment, call)  # type: ignore[assignment]
            return None if environment is None else _all_present(environment, call)
    constants = [constant_of(argument) for argument in arguments[1:]]
    true = signatures.when_true(call.function, constants) if ... not in constants else None
    if true is not None:
        return _constrained(environment, arguments[0], true if holds else {"not": true}, there=holds)
    return _all_present(environment, call) if holds else environment


def _all_present(environment: Environment, call: Call) -> Environment | None:
    """A function that is true has all its arguments."""
    if call.function.sees_absent:
        return environment
    found: Environment | None = environment
    for argument in call.arguments:
        if found is not None and not isinstance(argument, Const):
            found = present(found, argument)
    return found


def _equality(environment: Environment, call: Call, equal: bool) -> Environment | None:
    left, right = call.arguments
    for node, other in ((left, right), (right, left)):
        value = constant_of(other)
        if value is ... or value is None:
            continue
        if isinstance(node, Call) and node.function.name == "length" and type(value) is int:
            return _of_length(environment, node, value, value) if equal else environment
        leaf = {"const": value}
        return _constrained(environment, node, leaf if equal else {"not": leaf}, there=equal)
    if not equal:
        return environment
    found = present(environment, left)
    return None if found is None else present(found, right)


def _of_length(environment: Environment, call: Call, least: int, most: int | None) -> Environment | None:
    leaf: dict[str, Any] = {"minItems": max(least, 0), "minLength": max(least, 0), "type": ["array", "string"]}
    if most is not None:
        if most < 0:
            return None
        leaf |= {"maxItems": most, "maxLength": most}
    return _constrained(environment, call.arguments[0], leaf, there=True)


def _membership(environment: Environment, call: Call, inside: bool) -> Environment | None:
    value, container = call.arguments
    values = constant_of(container)
    if isinstance(values, list):
        leaf = {"enum": values} if values else False
        return _constrained(environment, value, leaf if inside else {"not": leaf} if values else True, there=inside)
    if not inside:
        return environment
    found = present(environment, value)
    return None if found is None else present(found, container)


def _ordered(environment: Environment, call: Call) -> Environment | None:
    left, right = call.arguments
    for node, other, side in ((left, right, 0), (right, left, 1)):
        limit = constant_of(other)
        if type(limit) not in (int, float):
            continue
        keyword = _LIMITS[call.function.name][side]
        if isinstance(node, Call) and node.function.name == "length" and type(limit) is int:
            if "inimum" in keyword:
                return _of_length(environment, node, limit + keyword.startswith("exclusive"), None)
            return environment
        return _constrained(environment, node, {"type": "number", keyword: limit}, there=True)
    return environment


def present(environment: Environment | None, node: Node) -> Environment | None:
    """The environment in which a node has a value; None where it never has one."""
    if environment is None:
        return None
    match node:
        case Const():
            return environment if node.value is not None or node.keep_null else None
        case Path(keep_null=True) | Param():
            return environment
        case Path():
            symbol, steps, _ = target_of(node, environment)
            found = constrained(environment, symbol, steps, True, there=True)
            binding = environment.get(symbol)
            if found is not None and isinstance(binding, Named):
                found = present(found, binding.node)
            return found
        case Call():
            return _all_present(environment, node)
        case If():
            one = present(assuming(environment, node.test, True), node.then)
            return either_of(one, present(assuming(environment, node.test, False), node.otherwise))
        case Let():
            return present({**environment, node.symbol: Named(node.value)}, node.body)
        case Lookup() | Approximate():
            return present(environment, node.value)
        case Each():
            return present(environment, node.source)
        case Coalesce():
            found = None
            for option in node.options:
                found = either_of(found, present(environment, option))
            return found
    return environment


def absent(environment: Environment | None, node: Node) -> Environment | None:
    """The environment in which a node has no value; None where it always has one."""
    if environment is None:
        return None
    match node:
        case Const():
            return environment if node.value is None and not node.keep_null else None
        case Path(keep_null=True):
            return environment
        case Path():
            symbol, steps, _ = target_of(node, environment)
            found = constrained(environment, symbol, steps, {"type": "null"}, there=False)
            binding = environment.get(symbol)
            # of a name whose null was kept, absence says nothing of the rule behind it
            if found is not None and isinstance(binding, Named) and not steps and not may_hold_null(binding.node):
                found = absent(found, binding.node)
            return found
        case Coalesce():
            found = environment
            for option in node.options:
                found = absent(found, option)
            return found
        case Approximate():
            return absent(environment, node.value)
        case Let():
            return absent({**environment, node.symbol: Named(node.value)}, node.body)
    return environment
