"""Functions run on the few values that their arguments can have: then nothing about the result is a guess."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from casemap.analysis.signatures.given import Given
from casemap.errors import Failure
from casemap.functions.registry import Function
from casemap.schema.shapes import Shape, few, key_of, values_of

__all__ = ["Outcomes", "outcomes"]

_MOST_RUNS = 300
_LONGEST = 10_000
_GROWING = ("pad", "replace", "regex_replace")
"""Functions that make long texts of short ones, at the cost of their arguments' size."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a function gave: the `results`, each once, and how many runs of all were `absent` and `failed`."""

    results: tuple[Any, ...]
    absent: int
    failed: int
    runs: int

    @property
    def shape(self) -> Shape:
        """The shape of the results."""
        return few(list(self.results))


def outcomes(function: Function, given: Given) -> Outcomes | None:
    """What the function gives for all values of its arguments; None where these are not known or too many."""
    if function.sees_absent or function.special or not given.shapes:
        return None
    arguments = [_values(function, position, given) for position in range(len(given.shapes))]
    choices = [values for values in arguments if values is not None]
    if len(choices) < len(arguments) or prod(map(len, choices)) > _MOST_RUNS:
        return None
    if any(_is_ambiguous(function, value) for values in choices for value in values):
        return None
    if function.name in _GROWING and any(_is_large(value) for values in choices for value in values):
        return None
    return _run(function, [list(run) for run in product(*choices)])


def _values(function: Function, position: int, given: Given) -> list[Any] | None:
    if position:
        constant = given.constant(position)
        if constant is not None and constant is not ...:
            return [constant]
        if position < len(function.parameters) and not function.parameters[position].required and constant is None:
            return [function.parameters[position].default]
    return values_of(given.shape(position))


def _is_ambiguous(function: Function, value: Any) -> bool:
    """Whether there are several values that a schema takes for this one, and it counts which of them it is.

    4 and 4.0 are one to a schema, and so are objects whose members stand in another order.
    """
    waiting, to_text = [value], function.name == "to_json"
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            if len(part) > 1:
                return True
            waiting += part.values()
        elif isinstance(part, int | float) and not isinstance(part, bool) and (to_text or abs(part) > 2**53):
            return True
    return False


def _is_large(value: Any) -> bool:
    return (isinstance(value, int) and abs(value) > _LONGEST) or (isinstance(value, str) and len(value) > _LONGEST)


def _run(function: Function, runs: list[list[Any]]) -> Outcomes | None:
    results: dict[bytes, Any] = {}
    absent = failed = 0
    for run in runs:
        try:
            result = function.implementation(*run)
        except Failure:
            failed += 1
            continue
        if result is None:
            absent += 1
        else:
            results[key_of(result)] = result
    if sum(map(len, results)) > _LONGEST:
        return None
    return Outcomes(tuple(results.values()), absent, failed, len(runs))
