"""What functions give and refuse, as narrow as their arguments allow: the part of a signature that a table cannot say.

For each call: the shape of its result from the shapes and constants of its arguments, whether there is a result, and
the arguments on which it never fails. Where the values of the arguments are few, the function is run on all of them.
Where nothing is said here, the registry's result stands, and a function whose entry says that it can fail is taken to
fail on anything; of a team's own functions only the registry speaks.

Not counted as failures are the limits of size, such as a text of more than 100 million characters.

| module | holds |
|---|---|
| `texts`, `numbers`, `times`, `arrays`, `objects` | signatures by the kind of function |
| `regular`, `limits` | what they say of texts and of numbers |
| `evaluated` | functions that are run |
| `refusals` | rejections in words |

Other packages import from this one, not from its modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casemap.analysis.signatures import arrays, numbers, objects, texts, times
from casemap.analysis.signatures.evaluated import outcomes
from casemap.analysis.signatures.given import Given, Signature
from casemap.analysis.signatures.refusals import code_of, words_of
from casemap.analysis.signatures.regular import as_schema_pattern, escaped
from casemap.functions.bundled import BUNDLED
from casemap.functions.operators import OPERATORS, TESTS
from casemap.functions.registry import Function
from casemap.schema.shapes import Shape, covers, without, without_null

__all__ = [
    "accepts", "never_absent", "never_fails", "possible", "refusal", "refusal_code", "result_shape",
    "total_shape", "when_true",
]  # fmt: skip


def _required(given: Given) -> Shape:
    return without_null(given.first)


def _unless_equal(given: Given) -> Shape:
    value = given.constant(1, ...)
    return given.first if value is ... else without(given.first, {"const": value})


def _never_equal(given: Given) -> bool:
    value = given.constant(1, ...)
    return value is not ... and covers({"not": {"const": value}}, given.first)


_FUNCTIONS: dict[str, Signature] = {
    "required": Signature(_required, lambda _: True),
    "absent_if": Signature(_unless_equal, there=_never_equal),
    **texts.SIGNATURES,
    **numbers.SIGNATURES,
    **times.SIGNATURES,
    **arrays.SIGNATURES,
    **objects.SIGNATURES,
}
_OPERATORS: dict[str, Signature] = {**numbers.OPERATORS, **texts.OPERATORS, **arrays.OPERATORS}
_NONE = Signature()
_OPERANDS: dict[str, Shape] = {
    **{sign: {"type": "number"} for sign in ("+", "-", "*", "/", "//", "%", "negate", "plus")},
    **{sign: {"type": ["number", "string"]} for sign in ("<", "<=", ">", ">=")},
    "~": {"type": ["string", "number", "boolean"]},
}


def _is_operator(function: Function) -> bool:
    return OPERATORS.get(function.name) is function


def _is_bundled(function: Function) -> bool:
    return _is_operator(function) or BUNDLED.get(function.name) is function or _is_test(function)


def _is_test(function: Function) -> bool:
    return TESTS.get(function.name.removeprefix("is ")) is function


def _signature(function: Function) -> Signature:
    if _is_operator(function):
        return _OPERATORS.get(function.name, _NONE)
    return _FUNCTIONS.get(function.name, _NONE) if BUNDLED.get(function.name) is function else _NONE


def result_shape(function: Function, shapes: Sequence[Shape], constants: Sequence[Any]) -> Shape:
    """The shape of a call's results; `False` if there never is one.

    `shapes` are those of all arguments, without null; `constants` the values of the arguments after the first, `...`
    for one that is computed, None for an optional one that was left out.
    """
    given = Given(shapes, constants)
    if not function.sees_absent and any(shape is False for _, shape in given.there()):
        return False
    if _is_bundled(function):
        found = outcomes(function, given)
        if found is not None:
            return found.shape
        own = _signature(function).result
        if own is not None:
            return own(given)
    return dict(function.result) or True


def never_absent(function: Function, shapes: Sequence[Shape], constants: Sequence[Any]) -> bool:
    """Whether the result is there whenever all arguments are and the function does not fail."""
    if not function.may_be_absent:
        return True
    given = Given(shapes, constants)
    if not _is_bundled(function):
        return False
    found = outcomes(function, given)
    if found is not None:
        return not found.absent
    own = _signature(function).there
    return own is not None and own(given)


def total_shape(function: Function, constants: Sequence[Any], shapes: Sequence[Shape] = ()) -> Shape:
    """First arguments on which a function never fails, if the others are what `accepts` says; `False` if none is known.

    `shapes`, where they are given, make it wider for some operators.
    """
    own = _signature(function).total
    if own is not None:
        return own(Given(shapes, constants))
    return False if function.fails else possible(function, 0, constants)


def accepts(function: Function, position: int, constants: Sequence[Any], shapes: Sequence[Shape] = ()) -> Shape:
    """What the argument at a position after the first must be, for the function never to fail on it."""
    own = _signature(function).accepts
    found = None if own is None else own(position, Given(shapes, constants))
    if found is not None:
        return found
    parameter = function.parameters[min(position, len(function.parameters) - 1)]
    return False if parameter.fails else possible(function, position, constants)


def possible(function: Function, position: int, constants: Sequence[Any] = ()) -> Shape:
    """The arguments at a position that a function does not always reject: those of the type that it takes."""
    if _is_operator(function):
        if function.name in ("in", "not in") and position:
            return {"type": ["array", "object", "string"]}
        return _OPERANDS.get(function.name, True)
    if position == 0 and BUNDLED.get(function.name) is function and function.name == "datetime":
        return times.possible(Given((), constants))
    if not function.parameters:
        return True
    return dict(function.parameters[min(position, len(function.parameters) - 1)].schema) or True


def never_fails(function: Function, shapes: Sequence[Shape], constants: Sequence[Any]) -> bool:
    """Whether it is certain that the function rejects none of these arguments."""
    found = outcomes(function, Given(shapes, constants)) if _is_bundled(function) else None
    if found is not None:
        return not found.failed
    return all(
        covers(
            accepts(function, position, constants, shapes) if position else total_shape(function, constants, shapes),
            shape,
        )
        for position, shape in Given(shapes, constants).there()
    )


def refusal(function: Function, constants: Sequence[Any], position: int = 0, shapes: Sequence[Shape] = ()) -> str:
    """What is said of an argument that the function fails on, after its name: `is no time with an offset`."""
    return words_of(
        function, _is_bundled(function), position, Given(shapes, constants), possible(function, position, constants)
    )


def refusal_code(
    function: Function, position: int = 0, shapes: Sequence[Shape] = (), constants: Sequence[Any] = ()
) -> str:
    """The code of that rejection."""
    given = Given(shapes, constants)
    return code_of(function, _is_bundled(function), position, given, possible(function, position, constants))


def when_true(function: Function, constants: Sequence[Any]) -> Shape | None:
    """The first arguments for which a test of texts gives true, and no others; None where no shape says that."""
    text = constants[0] if constants and isinstance(constants[0], str) else None
    if text is None or not _is_bundled(function):
        return None
    match function.name:
        case "starts_with":
            pattern: str | None = f"^{escaped(text)}"
        case "ends_with":
            pattern = f"{escaped(text)}$"
        case "regex_test":
            pattern = as_schema_pattern(text)
        case _:
            return None
    return None if pattern is None else {"type": "string", "pattern": pattern}
