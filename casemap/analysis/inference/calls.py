"""Inference of functions, operators and value maps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from casemap.analysis import signatures
from casemap.analysis.assuming import constant_of
from casemap.analysis.causes import ALWAYS, Unmet, any_of, words
from casemap.analysis.environment import Environment, Inferred
from casemap.analysis.inference.base import NOTHING
from casemap.analysis.inference.paths import Paths
from casemap.functions.equality import equal
from casemap.functions.operators import OPERATORS
from casemap.mapping.core import (
    Call,
    Const,
    Lookup,
)  # fmt: skip
from casemap.schema.shapes import (
    NEVER,
    Shape,
    covers,
    joined,
    may_be_null,
    narrowed,
    types_of,
    values_of,
    without_null,
)

__all__ = ["Calls"]

_ORDERING = ("<", "<=", ">", ">=")
_MOST_ENTRIES = 400
"""Of a longer value map it is not asked which entries its value can have."""


@dataclass(slots=True)
class Calls(Paths):
    """Functions, operators and value maps."""

    def call(self, node: Call, env: Environment) -> Inferred:
        function = node.function
        arguments = [self.aside(argument, env) for argument in node.arguments]
        constants = [constant_of(argument) for argument in node.arguments[1:]]
        given = [not self.left_out(node, position) for position in range(len(arguments))]
        if function.name == "required":
            return self.required(node, arguments[0], env)
        if not function.sees_absent:
            if any(each.never for each, there in zip(arguments, given, strict=True) if there):
                return NOTHING
            self.optional_arguments(node, arguments, given, env)
        shapes = [without_null(each.shape) for each in arguments]
        self.refused_arguments(node, shapes, constants, given, env)
        shape = signatures.result_shape(function, shapes, constants)
        if shape is NEVER:
            return NOTHING
        if function.sees_absent and not function.may_be_absent:
            return Inferred(shape)
        missing = any_of(each.missing for each, there in zip(arguments, given, strict=True) if there)
        if function.may_be_absent and not signatures.never_absent(function, shapes, constants):
            missing = any_of((missing, Unmet(f"for which `{self.text(node, env)}` gives nothing")))
        return Inferred(shape, missing)

    def left_out(self, node: Call, position: int) -> bool:
        """Whether an argument is one that was not given: a function's null after the first says so."""
        argument = node.arguments[position]
        null = isinstance(argument, Const) and argument.value is None
        return null and position > 0 and node.function.kind != "operator"

    def required(self, node: Call, argument: Inferred, env: Environment) -> Inferred:
        if argument.never:
            self.refuse("CM304", f"in any case: `{self.text(node.arguments[0], env)}` is never there", node.span, True)
            return NOTHING
        if argument.missing is not None:
            self.refuse("CM304", words(argument.missing), node.span)
        return replace(argument, missing=None)

    def optional_arguments(self, node: Call, arguments: list[Inferred], given: list[bool], env: Environment) -> None:
        if self._replaced:
            return
        for position, argument in enumerate(arguments):
            if position > 0 and given[position] and argument.missing is not None:
                value = node.arguments[position]
                self.observed.argument(value.span, self.text(value, env), ".".join(s for s in self._at if s != "*"))

    def refused_arguments(
        self, node: Call, shapes: list[Shape], constants: list[Any], given: list[bool], env: Environment
    ) -> None:
        """What a function cannot take of what its arguments may be."""
        function = node.function
        if function.name in _ORDERING and function is OPERATORS.get(function.name):
            self.refused_order(node, shapes, env)
            return
        if signatures.never_fails(function, shapes, constants):
            return
        for position, shape in enumerate(shapes):
            settled = position > 0 and constants[position - 1] is not ... and function.kind != "operator"
            if not given[position] or shape is NEVER or settled:
                continue
            if position == 0:
                accepted = signatures.total_shape(function, constants, shapes)
            else:
                accepted = signatures.accepts(function, position, constants, shapes)
            if accepted is True or covers(accepted, shape):
                continue
            always = narrowed(shape, signatures.possible(function, position, constants)) is NEVER
            text = self.text(node.arguments[position], env)
            why = signatures.refusal(function, constants, position, shapes)
            code = signatures.refusal_code(function, position, shapes)
            self.refuse(code, f"whose `{text}` {why}", node.span, always)

    def refused_order(self, node: Call, shapes: list[Shape], env: Environment) -> None:
        """Ordering takes two numbers or two texts."""
        kinds = [types_of(shape) for shape in shapes]
        numbers = {"number", "integer"}
        if NEVER in shapes or all(kind <= {"string"} for kind in kinds) or all(kind <= numbers for kind in kinds):
            return
        never = not any(kind & {"string"} for kind in kinds[1:]) if not kinds[0] & numbers else False
        self.refuse(
            "CM302", f"for which `{self.text(node, env)}` compares no two numbers or two texts", node.span, never
        )

    def lookup(self, node: Lookup, env: Environment) -> Inferred:
        value = self.aside(node.value, env)
        if value.never:
            return NOTHING
        asked = without_null(value.shape)
        listed, possible = self.entries(node, asked, self.text(node.value, env))
        shapes: list[Shape] = [{"const": result} for result in possible]
        if may_be_null(value.shape):
            shapes.append({"type": "null"})
        missing = value.missing
        if not listed:
            text = self.text(node.value, env)
            keys = [str(key) if not isinstance(key, str) else key for key, _ in node.table.entries]
            named = ", ".join(keys[:8]) + (f" and {len(keys) - 8} more" if len(keys) > 8 else "")
            unlisted = f"whose `{text}` is none of {named}" if keys else f"with `{text}`"
            if node.otherwise == "error":
                self.refuse("CM301", unlisted, node.span, always=not possible)
            elif node.otherwise == "drop":
                missing = any_of((missing, Unmet(unlisted)))
            elif node.otherwise == "keep":
                shapes.append(self.kept(node, asked))
            elif isinstance(node.otherwise, Const):
                shapes.append({"const": node.otherwise.value})
        shape = joined(shapes)
        return Inferred(shape, ALWAYS if shape is NEVER else missing)

    def kept(self, node: Lookup, asked: Shape) -> Shape:
        """What `else: keep` lets through."""
        if node.table.ignore_case:
            return asked
        return narrowed(asked, {"not": {"enum": [key for key, _ in node.table.entries]}})

    def entries(self, node: Lookup, asked: Shape, text: str) -> tuple[bool, list[Any]]:
        """Whether a value map lists all values that it is asked for, and what its entries for them give."""
        entries = node.table.entries
        values = values_of(asked)
        if values is not None:
            used = [position for position, (key, _) in enumerate(entries) if any(_same(node, key, v) for v in values)]
            listed = all(any(_same(node, key, value) for key, _ in entries) for value in values)
        elif len(entries) > _MOST_ENTRIES:
            used, listed = list(range(len(entries))), False
        else:
            used = [n for n, (key, _) in enumerate(entries) if narrowed(asked, _found_by(node, key)) is not NEVER]
            keys: Shape = {"enum": [key for key, _ in entries]}
            listed = bool(entries) and not node.table.ignore_case and covers(keys, asked)
        self.observed.entries(node.table, used, asked, text)
        self.observed.lookup(node, self._at, used, listed)
        return listed, [entries[position][1] for position in used]


def _found_by(node: Lookup, key: Any) -> Shape:
    """What a key of a value map is found for, as far as a schema can say it: of texts in any case, all."""
    return {"type": "string"} if node.table.ignore_case and isinstance(key, str) else {"const": key}


def _same(node: Lookup, key: Any, value: Any) -> bool:
    """Whether a key of a value map is what the map is asked for."""
    if node.table.ignore_case and isinstance(value, str):
        value = value.casefold()
    return equal(key, value)
