"""Inference of conditions and of what stands in for an absent value."""

from __future__ import annotations

from dataclasses import dataclass

from casemap.analysis.assuming import absent, assuming
from casemap.analysis.causes import Cause, Missing, Unmet, all_of, any_of
from casemap.analysis.environment import Environment, Inferred
from casemap.analysis.inference.base import NOTHING
from casemap.analysis.inference.calls import Calls
from casemap.functions.operators import TESTS
from casemap.mapping.core import (
    Call,
    Coalesce,
    If,
    Node,
)  # fmt: skip
from casemap.schema.shapes import (
    NEVER,
    joined,
    types_of,
    values_of,
)

__all__ = ["Choices"]


@dataclass(slots=True)
class Choices(Calls):
    """Conditions, and options that stand in for each other."""

    def conditional(self, node: If, env: Environment) -> Inferred:
        test = self.aside(node.test, env)
        if not test.never and not types_of(test.shape) <= {"boolean"}:
            always = "boolean" not in types_of(test.shape)
            self.refuse(
                "CM302", f"for which `{self.text(node.test, env)}` is neither true nor false", node.span, always
            )
        condition = self.text(node.test, env)
        met, unmet = assuming(env, node.test, True), assuming(env, node.test, False)
        if test.never or values_of(test.shape) == [False]:
            met = None
        if test.missing is None and values_of(test.shape) == [True]:
            unmet = None
        if not self._aside:
            self.observed.branch(node, met is not None, unmet is not None, condition)
        then = NOTHING if met is None else self.infer(node.then, met)
        otherwise = NOTHING if unmet is None else self.infer(node.otherwise, unmet)
        if unmet is None:
            return then
        if met is None:
            return otherwise
        if then.never and otherwise.never:
            return NOTHING
        missing = (
            Unmet(f"for which `{condition}` holds") if then.never else then.missing,
            self.unmet(node.test, condition, env) if otherwise.never else otherwise.missing,
        )
        return Inferred(joined((then.shape, otherwise.shape)), any_of(missing))

    def unmet(self, test: Node, condition: str, env: Environment) -> Cause:
        """Why a condition does not hold."""
        if isinstance(test, Call) and test.function is TESTS["defined"]:
            return Missing(self.text(test.arguments[0], env))
        return Unmet(f"for which `{condition}` does not hold")

    def coalesce(self, node: Coalesce, env: Environment) -> Inferred:
        found: list[Inferred] = []
        here: Environment | None = env
        for position, option in enumerate(node.options):
            if here is None:
                self.observed.unreachable(option.span, self.text(node.options[position - 1], env))
                break
            self.observed.reached(option.span)
            before, self._replaced = self._replaced, self._replaced or position + 1 < len(node.options)
            found.append(self.infer(option, here))
            self._replaced = before
            here = None if found[-1].missing is None else absent(here, option)
        shape = joined(each.shape for each in found)
        if shape is NEVER:
            return NOTHING
        return Inferred(shape, None if here is None else all_of(each.missing for each in found))
