"""Expressions of the core in the language of mappings, for sentences such as "only items where `rel == 'self'`"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from casemap.mapping.core import (
    Approximate,
    Call,
    Coalesce,
    Const,
    If,
    Let,
    Lookup,
    Node,
    Param,
    Path,
    Step,
    Symbol,
)  # fmt: skip

__all__ = ["Wording"]

LONGEST = 120
_NAMELESS = ("value", "scope", "applies", "item")
"""What the loader and the composition call bindings that the file gives no name."""


class Wording:
    """Writes expressions as they stand in a scope: `this` is the symbol whose members have no prefix."""

    def __init__(self, this: Symbol, root: Symbol, bound: Mapping[Symbol, Node]) -> None:
        self.this = this
        self.root = root
        self.bound = bound

    def text(self, node: Node) -> str:
        """An expression; one that is long is cut."""
        text = self.of(node)
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

    def of(self, node: Node) -> str:
        """An expression in full; rules that are no expressions are shown as `…`."""
        match node:
            case Const():
                return _literal(node.value)
            case Param():
                return f"params.{node.name}{self.steps(node.steps)}"
            case Path():
                return self.path(node)
            case Let():
                return Wording(self.this, self.root, {**self.bound, node.symbol: node.value}).of(node.body)
            case If():
                return self.condition(node)
            case Coalesce():
                return self.coalesce(node)
            case Call():
                return self.call(node)
            case Approximate() | Lookup():
                return self.of(node.value)
        return "…"

    def path(self, node: Path) -> str:
        if node.scope is self.this:
            return self.steps(node.steps).removeprefix(".") if node.steps else "this"
        value = self.bound.get(node.scope)
        if value is not None and node.scope.name in _NAMELESS:
            base = self.of(value)
            return base + self.steps(node.steps) if base != "this" else self.steps(node.steps).removeprefix(".") or base
        outer = "parent" if node.scope.name == "item" else node.scope.name
        return ("root" if node.scope is self.root else outer) + self.steps(node.steps)

    def steps(self, steps: tuple[Step, ...]) -> str:
        text = ""
        for step in steps:
            if isinstance(step, str) and step.isidentifier():
                text += f".{step}"
            else:
                text += f"[{_literal(step) if isinstance(step, (str, int)) else self.of(step)}]"
        return text

    def condition(self, node: If) -> str:
        test, then, otherwise = self.of(node.test), node.then, node.otherwise
        if _is(otherwise, False):
            return test if _is(then, True) else f"{self.operand(node.test)} and {self.operand(then)}"
        if _is(then, True):
            return f"{test} or {self.of(otherwise)}"
        if _is(then, False) and _is(otherwise, True):
            if isinstance(node.test, Call) and node.test.function.name.startswith("is "):
                return test.replace(" is ", " is not ", 1)
            return f"not ({test})" if " " in test else f"not {test}"
        return f"{self.of(then)} if {test} else {self.of(otherwise)}"

    def operand(self, node: Node) -> str:
        """One side of `and`: what binds more loosely stands in parentheses."""
        if not isinstance(node, If):
            return self.of(node)
        if _is(node.then, True) and _is(node.otherwise, False):
            return self.operand(node.test)
        binds = _is(node.then, False) or _is(node.otherwise, False)
        return self.of(node) if binds else f"({self.of(node)})"

    def coalesce(self, node: Coalesce) -> str:
        if not node.options:
            return "null"
        if len(node.options) == 1:
            return self.of(node.options[0])
        return f"coalesce({', '.join(self.of(option) for option in node.options)})"

    def call(self, node: Call) -> str:
        name, arguments = node.function.name, [self.of(argument) for argument in node.arguments]
        if name.startswith("is "):
            return f"{arguments[0]} {name}"
        if name in ("negate", "plus"):
            return ("-" if name == "negate" else "+") + arguments[0]
        if node.function.kind == "operator":
            return f" {name} ".join(arguments)
        return f"{arguments[0]} | {name}{self.given(node)}"

    def given(self, node: Call) -> str:
        """The arguments of a function that are not what they would be anyway."""
        shown: list[str] = []
        parameters = node.function.parameters
        for position, argument in enumerate(node.arguments[1:], 1):
            parameter = parameters[min(position, len(parameters) - 1)]
            usual = isinstance(argument, Const) and not parameter.required and argument.value == parameter.default
            if not usual:
                # what stands before it was left out, so it needs its name
                named = position > len(shown) + 1 and not node.function.variadic
                shown.append(f"{parameter.name}={self.of(argument)}" if named else self.of(argument))
        return f"({', '.join(shown)})" if shown else ""


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
    return json.dumps(value, ensure_ascii=False)


def _is(node: Node, value: bool) -> bool:
    return isinstance(node, Const) and node.value is value
