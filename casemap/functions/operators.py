"""The operators and tests of the expression language, in the form of functions.

The loader writes them into the tree; they are not called by name in a mapping. Comparison is typed: 1 and 1.0 are
equal, and neither equals `true` or `"1"`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from casemap.errors import Failure
from casemap.functions.convert import string
from casemap.functions.equality import equal
from casemap.functions.registry import Function, Parameter, shown, type_name, wrong_type

__all__ = ["COMPARISONS", "OPERATORS", "TESTS"]


def is_number(value: object) -> bool:
    """Whether a value is a JSON number; `true` is none."""
    kind = type(value)
    return kind is int or kind is float


def _arithmetic(sign: str, compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def calculate(left: Any, right: Any) -> Any:
        for value in (left, right):
            if not is_number(value):
                raise wrong_type(f"`{sign}`", "numbers", value)
        try:
            result = compute(left, right)
        except ZeroDivisionError:
            raise Failure("CM309", f"division by zero: {shown(left)} {sign} 0") from None
        except OverflowError:
            result = math.inf
        if type(result) is float and not math.isfinite(result):
            raise Failure("CM303", f"the result of {shown(left)} {sign} {shown(right)} is too large for a number")
        return result

    return calculate


def _ordering(sign: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def ordered(left: Any, right: Any) -> bool:
        if (type(left) is str and type(right) is str) or (is_number(left) and is_number(right)):
            return compare(left, right)
        raise Failure(
            "CM302", f"`{sign}` compares two numbers or two texts, not {type_name(left)} with {type_name(right)}"
        )

    return ordered


def _equal(left: Any, right: Any) -> bool:
    return left is not None and right is not None and equal(left, right)


def _not_equal(left: Any, right: Any) -> bool:
    return not _equal(left, right)


def _contains(value: Any, container: Any) -> bool:
    if value is None or container is None:
        return False
    if type(container) is str:
        if type(value) is not str:
            raise Failure("CM302", f"`in` looks for a text in a text, not for {type_name(value)}: {shown(value)}")
        return value in container
    if isinstance(container, list):
        return any(item is not None and equal(value, item) for item in container)
    if isinstance(container, dict):
        if type(value) is not str:
            raise Failure("CM302", f"`in` looks for a text in an object's names, not for {type_name(value)}")
        return value in container
    raise wrong_type("`in`", "an array, an object or a text on its right", container)


def _not_contains(value: Any, container: Any) -> bool:
    return not _contains(value, container)


def _negate(value: Any) -> Any:
    if not is_number(value):
        raise wrong_type("`-`", "a number", value)
    return -value


def _plus(value: Any) -> Any:
    if not is_number(value):
        raise wrong_type("`+`", "a number", value)
    return value


def _concat(*values: Any) -> str:
    return "".join([value if type(value) is str else string(value) for value in values])


_ONE = (Parameter("value"),)
_TWO = (Parameter("left"), Parameter("right"))
_BOOLEAN = {"type": "boolean"}
_NUMBER = {"type": "number"}


def _operator(
    name: str, doc: str, implementation: Callable[..., Any], parameters: Any, result: Any, **more: Any
) -> Function:
    return Function(name, "operator", doc, parameters, result, implementation, **more)


_ALL = (
    _operator("==", "Typed equality; false if a side is absent.", _equal, _TWO, _BOOLEAN, sees_absent=True),
    _operator("!=", "Typed inequality; true if a side is absent.", _not_equal, _TWO, _BOOLEAN, sees_absent=True),
    _operator("in", "Membership; false if a side is absent.", _contains, _TWO, _BOOLEAN, sees_absent=True),
    _operator("not in", "No membership; true if a side is absent.", _not_contains, _TWO, _BOOLEAN, sees_absent=True),
    _operator("<", "Order of two numbers or two texts.", _ordering("<", operator.lt), _TWO, _BOOLEAN),
    _operator("<=", "Order of two numbers or two texts.", _ordering("<=", operator.le), _TWO, _BOOLEAN),
    _operator(">", "Order of two numbers or two texts.", _ordering(">", operator.gt), _TWO, _BOOLEAN),
    _operator(">=", "Order of two numbers or two texts.", _ordering(">=", operator.ge), _TWO, _BOOLEAN),
    _operator("+", "Sum of two numbers.", _arithmetic("+", operator.add), _TWO, _NUMBER),
    _operator("-", "Difference of two numbers.", _arithmetic("-", operator.sub), _TWO, _NUMBER),
    _operator("*", "Product of two numbers.", _arithmetic("*", operator.mul), _TWO, _NUMBER),
    _operator("/", "Quotient, always a float.", _arithmetic("/", operator.truediv), _TWO, _NUMBER),
    _operator("//", "Quotient, floored.", _arithmetic("//", operator.floordiv), _TWO, _NUMBER),
    _operator("%", "Remainder of the floored quotient.", _arithmetic("%", operator.mod), _TWO, _NUMBER),
    _operator("negate", "The number with the other sign.", _negate, _ONE, _NUMBER),
    _operator("plus", "The number itself.", _plus, _ONE, _NUMBER),
    _operator("~", "Scalars written as texts and joined.", _concat, _ONE, {"type": "string"}, variadic=True),
)

_TEST_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "defined": ("The value is there.", lambda value: value is not None),
    "string": ("A text.", lambda value: type(value) is str),
    "number": ("A number.", is_number),
    "integer": (
        "A number without a fraction; 4.0 is one.",
        lambda value: type(value) is int or (type(value) is float and value.is_integer()),
    ),
    "boolean": ("`true` or `false`.", lambda value: type(value) is bool),
    "array": ("An array.", lambda value: isinstance(value, list)),
    "object": ("An object.", lambda value: isinstance(value, dict)),
    # the loader keeps nulls in the argument of `is none`; the compiler decides it without this function
    "none": ("A null that is there.", lambda value: value is None),
}

OPERATORS: Mapping[str, Function] = MappingProxyType({function.name: function for function in _ALL})
"""Operators by their sign."""

COMPARISONS: Mapping[str, str] = MappingProxyType(
    {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}
)
"""The signs of Jinja's names for comparisons."""

TESTS: Mapping[str, Function] = MappingProxyType(
    {
        name: _operator(f"is {name}", doc, test, _ONE, _BOOLEAN, sees_absent=True)
        for name, (doc, test) in _TEST_TYPES.items()
    }
)
"""Tests by the word after `is`."""
