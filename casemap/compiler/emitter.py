"""The ground of code generation: blocks of statements, names, origins, and what is known to be there."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from casemap.analysis.presence import Facts
from casemap.compiler import runtime
from casemap.compiler.globals import Recipe
from casemap.compiler.notes import Notes
from casemap.compiler.pointers import Index, Length, Pointer
from casemap.compiler.python_ast import (
    NONE,
    if_exp,
    is_mark,
    is_none,
    name,
)
from casemap.compiler.shapes import Shapes
from casemap.mapping.core import (
    Approximate,
    Call,
    Coalesce,
    Each,
    If,
    Let,
    Lookup,
    Node,
    Path,
    Rest,
    Symbol,
)  # fmt: skip
from casemap.mapping.rules import may_hold_null
from casemap.span import Span

__all__ = ["MOST_GUARDS", "PLAIN", "Block", "Emitter", "Origin", "statements_below"]

PLAIN = re.compile(r"[^0-9A-Za-z_]+")
_UNSUITABLE = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins)))
_RUNTIME = {name: getattr(runtime, name) for name in runtime.__all__}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from: its rule, the value it reads and the value it makes."""

    span: Span
    source: Pointer | None
    target: Pointer


@dataclass(slots=True)
class Block:
    """Statements under way, with what is known where they run."""

    statements: list[ast.stmt]
    fetched: dict[tuple[Symbol, tuple[Any, ...]], str] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    lets: dict[Symbol, ast.expr] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)

    def inside(self) -> Block:
        """A block that runs after this one so far, at most once or many times: what it finds out stays its own."""
        return Block([], dict(self.fetched), set(self.present), dict(self.lets), dict(self.called))


MOST_GUARDS = 10
"""Python nests 20 blocks: where so many stand around already, a failure is noted by the next guard outside."""


def statements_below(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements in a module or statement, in the order of the text; none stands in an expression."""
    for attribute in ("body", "handlers", "orelse", "finalbody"):
        for part in getattr(node, attribute, ()):
            if isinstance(part, ast.stmt):
                yield part
            yield from statements_below(part)


class Emitter:
    """Statements under way, and what is known of the names in them.

    The kinds of nodes are emitted by the classes below it, one a module; `value` chooses among them.
    """

    def __init__(
        self,
        document: Symbol,
        params: dict[str, Any],
        facts: Facts,
        *,
        exact: bool,
        observe: bool,
        shapes: Shapes | None = None,
    ) -> None:
        self.document = document
        self.params = params
        self.facts = facts
        self.exact = exact
        self.observe = observe
        self.shapes = shapes
        self.namespace: dict[str, Any] = {}
        self.recipes: dict[str, Recipe] = {}
        self.globals: dict[Any, str] = {}
        self.assignments: list[ast.stmt] = []
        self.comments: list[str] = []
        self.nesting = 0
        self.numbers: dict[str, int] = {}
        self.used: set[str] = {"convert", "document", "problems", "observed", "failure", "note", "FAILURES", *_RUNTIME}
        self.loop_starts: list[int] = []
        self.block = Block([])
        self.blocks: list[Block] = [self.block]
        self.homes: dict[Symbol, int] = {}
        self.reads: Counter[tuple[Symbol, tuple[Any, ...]]] = Counter()
        self.names: dict[Symbol, str] = {}
        self.branches: list[tuple[int, Counter[tuple[Symbol, tuple[Any, ...]]]]] = []
        self.tests: dict[str, ast.expr] = {}
        self.bindings: dict[Symbol, ast.expr] = {}
        self.let_values: dict[Symbol, Let] = {}
        self.lazy: dict[Symbol, str] = {}
        self.pointers: dict[Symbol, Pointer] = {}
        self.nullable: set[Symbol] = set()
        self.span = Span("", 0, 0)
        self.source: Pointer | None = None
        self.target: Pointer = ()
        self.notes = Notes()

    def value(self, node: Node) -> ast.expr:
        """Emit what a node needs; gives an operand: a name, a constant, or an expression without effect."""
        raise NotImplementedError

    def variable(self, hint: str) -> str:
        """A local name that is not used yet."""
        base = PLAIN.sub("_", hint).strip("_").lower()[:40] or "value"
        if base[0].isdigit():
            base = f"_{base}"
        if base in _UNSUITABLE:
            base = f"{base}_"
        found, number = base, self.numbers.get(base, 1)
        while found in self.used:
            number += 1
            found = f"{base}{number}" if base.endswith("_") else f"{base}_{number}"
        self.numbers[base] = number
        self.used.add(found)
        return found

    def helper(self, name_: str) -> ast.expr:
        """A function or mark of the runtime."""
        self.namespace[name_] = _RUNTIME[name_]
        self.recipes[name_] = ("runtime", name_)
        return name(name_)

    def mark(self, name_: str) -> ast.expr:
        return self.helper(name_)

    def constant_object(
        self, hint: str, key: Any, value: Any, comment: str = "", recipe: Recipe | None = None
    ) -> ast.expr:
        """A global that the code names; equal keys share one. Without a recipe the code stays in this process."""
        found = self.globals.get(key)
        if found is None:
            found = self.variable(hint)
            self.globals[key] = found
            self.namespace[found] = value
            if recipe is not None:
                self.recipes[found] = recipe
            if comment:
                self.comments.append(f"{found} = {comment}")
        return name(found)

    def assigned(self, hint: str, value: ast.expr) -> ast.expr:
        """A global with a readable assignment in the module."""
        key = ("assigned", ast.dump(value))
        found = self.globals.get(key)
        if found is None:
            found = self.variable(hint).upper()
            while found in self.used:
                found += "_"
            self.used.add(found)
            self.globals[key] = found
            self.assignments.append(ast.Assign([ast.Name(found, ast.Store())], value, lineno=0))
        return name(found)

    def result_name(self, otherwise: str) -> str:
        """A local name for a value of the current target field."""
        return next((step for step in reversed(self.target) if isinstance(step, str)), otherwise)

    def add(self, statement: ast.stmt) -> None:
        origin = Origin(self.span, self.source, self.target)
        for part in (statement, *statements_below(statement)):
            if not hasattr(part, "origin"):
                part.origin = origin  # type: ignore[attr-defined]
        self.block.statements.append(statement)

    def assign(self, variable: str, value: ast.expr) -> ast.expr:
        self.add(ast.Assign([ast.Name(variable, ast.Store())], value, lineno=0))
        return name(variable)

    def call(self, function: str, *arguments: ast.expr) -> ast.expr:
        return ast.Call(self.helper(function), list(arguments), [])

    @contextmanager
    def inside(self) -> Iterator[list[ast.stmt]]:
        """A nested block; gives the list that its statements are put into."""
        outer = self.block
        self.block = outer.inside()
        self.blocks.append(self.block)
        try:
            yield self.block.statements
        finally:
            self.blocks.pop()
            self.block = outer

    @contextmanager
    def at(self, node: Node, *target: str | int | Index | Length) -> Iterator[None]:
        """Statements of a node, which makes a value `target` below the current one."""
        before = self.span, self.source, self.target
        self.span, self.target = node.span, (*self.target, *target)
        self.source = self.pointer_of(node)
        try:
            yield
        finally:
            self.span, self.source, self.target = before

    def guarded(self, make: Any, hint: str) -> ast.expr:
        """A value; in exact code a failure on the way is noted, and the value is absent."""
        if not self.exact or self.nesting >= MOST_GUARDS:
            result: ast.expr = make()
            return result
        variable = self.variable(hint)
        self.assign(variable, NONE)
        self.nesting += 1
        with self.inside() as body:
            self.assign(variable, make())
        self.nesting -= 1
        note = ast.Expr(self.call_global("note", name("problems"), name("failure")))
        handler = ast.ExceptHandler(self.call_name("FAILURES"), "failure", [note])
        self.add(ast.Try(body, [handler], [], []))
        return name(variable)

    def attempt(self, statement: ast.stmt) -> None:
        """A statement; in exact code its failure is noted."""
        if not self.exact:
            self.add(statement)
            return
        note = ast.Expr(self.call_global("note", name("problems"), name("failure")))
        with self.inside() as body:
            self.add(statement)
        self.add(ast.Try(body, [ast.ExceptHandler(self.call_name("FAILURES"), "failure", [note])], [], []))

    def call_name(self, global_name: str) -> ast.expr:
        self.used.add(global_name)
        return name(global_name)

    def call_global(self, function: str, *arguments: ast.expr) -> ast.expr:
        return ast.Call(self.call_name(function), list(arguments), [])

    def is_present(self, operand: ast.expr) -> bool:
        """Whether an operand is known not to be absent here."""
        if isinstance(operand, ast.Constant):
            return operand.value is not None
        return not isinstance(operand, ast.Name) or operand.id in self.block.present or operand.id.isupper()

    def pointer_of(self, node: Node) -> Pointer | None:
        """The place in the payload that a node mainly reads."""
        match node:
            case Path():
                base = self.pointers.get(node.scope)
                static = tuple(step for step in node.steps if isinstance(step, (str, int)))
                return None if base is None else (*base, *static)
            case Call() if node.arguments:
                return next((p for a in node.arguments if (p := self.pointer_of(a)) is not None), None)
            case Lookup() | Rest() | Approximate():
                return self.pointer_of(node.value)
            case Each():
                return self.pointer_of(node.source)
            case Let():
                inner = self.pointer_of(node.value)
                return inner if inner is not None else self.pointer_of(node.body)
            case Coalesce() if node.options:
                return self.pointer_of(node.options[0])
            case If():
                return self.pointer_of(node.then)
        return None

    def final(self, node: Node, value: ast.expr) -> ast.expr:
        """A value as it stands in the result: a kept null is a null again."""
        return self.null_to_none(value) if may_hold_null(node) else value

    def null_to_none(self, value: ast.expr, absent: ast.expr | None = None) -> ast.expr:
        result = if_exp(is_mark(value, self.mark("NULL")), NONE, value)
        return result if absent is None else if_exp(is_none(value), absent, result)
