"""What is known of each name at a place of a tree: the shape of its values, and where they come from.

An environment is a table from symbols to bindings. It is never changed: conditions give a narrower one.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from typing import Literal

from casemap.analysis.causes import Cause
from casemap.mapping.core import Node, Path, Step, Symbol
from casemap.schema.shapes import NEVER, Shape, joined, narrowed

__all__ = ["Bound", "Environment", "Inferred", "Named", "constrained", "either_of", "target_of"]


@dataclass(frozen=True, slots=True)
class Inferred:
    """The shape of a node's values, and when there is none: `missing` is None where there always is one.

    A kept null is a value of the shape.
    """

    shape: Shape
    missing: Cause | None = None

    @property
    def never(self) -> bool:
        """Whether it has no value for any valid document."""
        return self.shape is NEVER


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A document, an item or an index. `origin` leads to it in the source, `*` being any item; None for others."""

    shape: Shape
    origin: tuple[str, ...] | None
    missing: Cause | None = None
    seen: dict[tuple[tuple[Step, ...], bool], Inferred] = field(default_factory=dict, repr=False)
    """What was found out about paths from here."""


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A `let` name: its node, and what conditions said of it. `there` is None where they did not say."""

    node: Node
    constraint: Shape = True
    there: Literal[True, False, None] = None


Environment = Table[Symbol, Bound | Named]

Target = tuple[Symbol, tuple[Step, ...], bool]


def target_of(path: Path, environment: Environment) -> Target:
    """The symbol and steps that a path stands for once names of other paths are written out; whether null counts."""
    symbol, steps = path.scope, path.steps
    while True:
        binding = environment.get(symbol)
        if not isinstance(binding, Named) or not isinstance(binding.node, Path):
            return symbol, steps, path.keep_null
        # a null that the name has is absent to whoever reads the name, unless that keeps it as well
        symbol, steps = binding.node.scope, (*binding.node.steps, *steps)


def constrained(
    environment: Environment, symbol: Symbol, steps: tuple[Step, ...], leaf: Shape, there: bool
) -> Environment | None:
    """The environment in which the value at the steps is of the leaf shape; None where that cannot be.

    With `there` a value that is no null is at the steps; without, there may be none, and `leaf` is what it is else.
    """
    binding = environment.get(symbol)
    known = _known_part(steps)
    if len(known) < len(steps):
        leaf = True
        if not there:
            return environment
    if binding is None:
        return environment
    constraint = _nested(known, leaf, there)
    if isinstance(binding, Named):
        if not known and not there and leaf == _NULL:
            return {**environment, symbol: replace(binding, there=False)}
        shape = narrowed(binding.constraint, constraint) if binding.constraint is not True else constraint
        if shape is NEVER or (there and binding.there is False):
            return None
        return {**environment, symbol: replace(binding, constraint=shape, there=True if there else binding.there)}
    shape = narrowed(binding.shape, constraint)
    if shape is NEVER:
        return None
    if shape == binding.shape:
        return environment
    return {**environment, symbol: Bound(shape, binding.origin, binding.missing)}


_NULL: Shape = {"type": "null"}
_NO_NULL: Shape = {"type": ["array", "boolean", "number", "object", "string"]}


def _known_part(steps: tuple[Step, ...]) -> tuple[str | int, ...]:
    """The steps before the first that is computed."""
    known: list[str | int] = []
    for step in steps:
        if not isinstance(step, (str, int)):
            break
        known.append(step)
    return tuple(known)


def _nested(steps: tuple[str | int, ...], leaf: Shape, there: bool) -> Shape:
    shape = ({"allOf": [_NO_NULL, leaf]} if leaf is not True else _NO_NULL) if there else leaf
    for step in reversed(steps):
        if isinstance(step, str):
            shape = {"properties": {step: shape}}
            if there:
                shape |= {"type": "object", "required": [step]}
        elif step >= 0:
            shape = {"prefixItems": [*([True] * step), shape]}
            if there:
                shape |= {"type": "array", "minItems": step + 1}
        else:
            shape = {"type": "array", "minItems": -step} if there else True
    return shape


def either_of(one: Environment | None, other: Environment | None) -> Environment | None:
    """What is known where one of two environments holds."""
    if one is None or other is None or one is other:
        return other if one is None else one
    result: dict[Symbol, Bound | Named] = {}
    for symbol, binding in one.items():
        second = other.get(symbol)
        if second is None:
            continue
        if second is binding:
            result[symbol] = binding
        elif isinstance(binding, Bound) and isinstance(second, Bound):
            result[symbol] = Bound(joined((binding.shape, second.shape)), binding.origin, binding.missing)
        elif isinstance(binding, Named) and isinstance(second, Named):
            there = binding.there if binding.there == second.there else None
            result[symbol] = Named(binding.node, joined((binding.constraint, second.constraint)), there)
    return result
