"""Inference of constants, params and paths."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from typing import Any

from casemap.analysis.causes import ALWAYS, Missing, any_of
from casemap.analysis.environment import Bound, Environment, Inferred, Named, target_of
from casemap.analysis.inference.base import NOTHING, Base, Target
from casemap.mapping.core import (
    Const,
    Param,
    Path,
    Step,
    is_node,
)  # fmt: skip
from casemap.schema.shapes import (
    NEVER,
    Shape,
    always_at,
    below,
    covers,
    item_of,
    joined,
    may_be_null,
    narrowed,
    other_members,
    required_at,
    types_of,
    without_null,
)
from casemap.span import Span

__all__ = ["Paths"]


@dataclass(frozen=True, slots=True)
class Way:
    """Steps from a value; `origin` is where that is in the source, `words` names the value after so many steps.

    `computed` has what is known of the steps that are computed, by their numbers.
    """

    origin: Target | None
    steps: tuple[Step, ...]
    keep_null: bool
    span: Span
    words: Callable[[int], str]
    computed: Table[int, Inferred]


@dataclass(slots=True)
class Paths(Base):
    """Constants, params and paths: the leaves of a tree."""

    def const(self, node: Const) -> Inferred:
        if node.value is None and not node.keep_null:
            return NOTHING
        return Inferred({"const": node.value})

    def param(self, node: Param, env: Environment) -> Inferred:
        def words(_: int) -> str:
            return f"params.{node.name}"

        computed = self.computed_steps(node.steps, env)
        way = Way(None, node.steps, node.keep_null, node.span, words, computed)
        return self.walk(self.params.get(node.name, True), way)

    def path(self, node: Path, env: Environment) -> Inferred:
        symbol, steps, keep = target_of(node, env)
        computed = self.computed_steps(steps, env)
        binding = env[symbol]
        if isinstance(binding, Named):
            found = self.named(symbol, binding, env)
            if not steps and keep:
                return found
            base = without_null(found.shape)
            missing = found.missing
            if may_be_null(found.shape):
                missing = any_of((missing, Missing(self.text(node, env))))
        else:
            base, missing = binding.shape, binding.missing
        if not steps and not isinstance(binding, Bound):
            return Inferred(base, ALWAYS if base is NEVER else missing)

        def words(count: int) -> str:
            return self.text(replace(node, scope=symbol, steps=steps[:count]), env)

        origin = binding.origin if isinstance(binding, Bound) else None
        below_it = self.walk(base, Way(origin, steps, keep, node.span, words, computed))
        return replace(below_it, missing=any_of((missing, below_it.missing)))

    def walk(self, shape: Shape, way: Way) -> Inferred:
        """The shape at the end of a way."""
        origin, span = way.origin, way.span
        optional = False
        for position, step in enumerate(way.steps):
            optional = optional or may_be_null(shape)
            shape = without_null(shape)
            if shape is NEVER:
                break
            if isinstance(step, str):
                shape = self.only(shape, "object", span, lambda n=position: way.words(n))  # type: ignore[misc]
                if origin is not None:
                    self.observed.member(origin, step, span, way.words(position + 1))
                optional = optional or not required_at(shape, step)
                shape = below(shape, step)
            elif isinstance(step, int):
                shape = self.only(shape, "array", span, lambda n=position: way.words(n))  # type: ignore[misc]
                optional = optional or not always_at(shape, step)
                shape = item_of(shape, step)
            else:
                optional = True
                shape = self.walk_computed(shape, way.computed[position], span, lambda n=position: way.words(n))  # type: ignore[misc]
            if origin is not None:
                origin = (*origin, step if isinstance(step, str) else "*")
        if may_be_null(shape) and not way.keep_null:
            optional, shape = True, without_null(shape)
        if shape is NEVER:
            return Inferred(NEVER, ALWAYS)
        return Inferred(shape, Missing(way.words(len(way.steps))) if optional else None)

    def computed_steps(self, steps: tuple[Step, ...], env: Environment) -> dict[int, Inferred]:
        """What is known of the steps that are computed, by their numbers."""
        return {position: self.computed_step(step, env) for position, step in enumerate(steps) if is_node(step)}

    def computed_step(self, step: Any, env: Environment) -> Inferred:
        """What is known of a step that is computed: it has to be a text or a whole number."""
        found = self.aside(step, env)
        shape = without_null(found.shape)
        if not covers({"type": ["string", "integer"]}, shape):
            self.refuse("CM302", f"whose `{self.text(step, env)}` is neither a text nor a whole number", step.span)
        return replace(found, shape=shape)

    def walk_computed(self, shape: Shape, step: Inferred, span: Span, words: Callable[[], str]) -> Shape:
        """What a computed step leads to: a member by a text, an item by a number."""
        names, numbers = "string" in types_of(step.shape), bool(types_of(step.shape) & {"integer", "number"})
        found: list[Shape] = []
        if names:
            found.append(other_members(self.only(shape, "object", span, words, sure=not numbers), frozenset()))
        if numbers:
            found.append(item_of(self.only(shape, "array", span, words, sure=not names)))
        return joined(found)

    def only(self, shape: Shape, kind: str, span: Span, words: Callable[[], str], sure: bool = True) -> Shape:
        """The values of one type; a step into any other rejects. `sure` is set where the step is always taken."""
        kinds = types_of(shape)
        if kinds <= {kind}:
            return shape
        if kind not in kinds:
            self.refuse("CM306", f"whose `{words()}` is there, as it is no {kind}", span, always=sure)
            return NEVER
        article = "an" if kind[0] in "ao" else "a"
        self.refuse("CM306", f"whose `{words()}` is not {article} {kind}", span)
        return narrowed(shape, {"type": kind})
