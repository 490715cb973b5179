"""Core trees to Python: one function of straight-line statements, built as `ast` nodes.

Takes a tree over one document symbol and gives a module tree, the objects that it names, and for each statement the
place of the mapping that it came from. In generated code None stands for absent.

A *fast* function trusts that steps lead into objects and stops at the first failure, with whatever exception Python
raises; an *exact* one checks every step, goes on after a failure and notes each. Both come from the same nodes.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.analysis.presence import ARRAY, BOOLEAN, NUMBER, STRING, Facts
from casemap.compiler import runtime
from casemap.functions.convert import string
from casemap.mapping.core import (
    Approximate, Array, Call, Coalesce, Computed, Concat, Const, Each, If, Let, Lookup, Member, Node, Object, Param, Path,
    Rest, Spread, Step, Symbol, ValueMap, children,
)  # fmt: skip
from casemap.mapping.rules import may_hold_null
from casemap.span import Span

__all__ = ["Generated", "Index", "Length", "Origin", "generate"]


@dataclass(frozen=True, slots=True)
class Index:
    """A step of a payload path that is known at run time: the value of a local variable."""

    variable: str


@dataclass(frozen=True, slots=True)
class Length:
    """A step of a target path that is known at run time: the length of a local array."""

    variable: str


Pointer = tuple[str | int | Index | Length, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from: its rule, the value it reads and the value it makes."""

    span: Span
    source: Pointer | None
    target: Pointer


@dataclass(frozen=True, slots=True)
class Generated:
    """A module with one function `convert`, what its names stand for, and its statements' origins."""

    module: ast.Module
    namespace: dict[str, Any]
    comments: tuple[str, ...]
    approximations: tuple[Approximate, ...]
    targets: tuple[Pointer, ...]


@dataclass(slots=True)
class _Block:
    """Statements under way, with what is known where they run."""

    statements: list[ast.stmt]
    fetched: dict[tuple[Symbol, tuple[Any, ...]], str] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    lets: dict[Symbol, ast.expr] = field(default_factory=dict)

    def inside(self) -> _Block:
        """A block that runs after this one so far, at most once or many times: what it finds out stays its own."""
        return _Block([], dict(self.fetched), set(self.present), dict(self.lets))


NONE = ast.Constant(None)
_PLAIN = re.compile(r"[^0-9A-Za-z_]+")
_UNSUITABLE = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins)))
_OPERATOR_NAMES = {
    "==": "equal", "!=": "not_equal", "<": "less", "<=": "less_or_equal", ">": "greater", ">=": "greater_or_equal",
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "//": "floor_divide", "%": "modulo", "in": "contained",
    "not in": "not_contained", "~": "concat",
}  # fmt: skip
_RUNTIME = {name: getattr(runtime, name) for name in runtime.__all__}


def generate(
    tree: Node, document: Symbol, params: dict[str, Any], facts: Facts, *, exact: bool = False, observe: bool = False
) -> Generated:
    """The code of a tree. With `exact` failures are noted and passed by; with `observe` approximations are counted.

    `params` are the values of the conversion's params; they are bound as constants. `facts` say what is always there.
    """
    return _Generator(document, params, facts, exact, observe).module(tree)


class _Generator:
    def __init__(self, document: Symbol, params: dict[str, Any], facts: Facts, exact: bool, observe: bool) -> None:
        self.document = document
        self.params = params
        self.facts = facts
        self.exact = exact
        self.observe = observe
        self.namespace: dict[str, Any] = {}
        self.globals: dict[Any, str] = {}
        self.assignments: list[ast.stmt] = []
        self.comments: list[str] = []
        self.used: set[str] = {"convert", "document", "problems", "observed", "failure", "note", "FAILURES", *_RUNTIME}
        self.loop_starts: list[int] = []
        self.block = _Block([])
        self.blocks: list[_Block] = [self.block]
        self.homes: dict[Symbol, int] = {}
        self.reads: Counter[tuple[Symbol, tuple[Any, ...]]] = Counter()
        self.bindings: dict[Symbol, ast.expr] = {}
        self.let_values: dict[Symbol, Let] = {}
        self.lazy: dict[Symbol, str] = {}
        self.pointers: dict[Symbol, Pointer] = {}
        self.nullable: set[Symbol] = set()
        self.span = Span("", 0, 0)
        self.source: Pointer | None = None
        self.target: Pointer = ()
        self.approximations: list[Approximate] = []
        self.targets: list[Pointer] = []

    # the module

    def module(self, tree: Node) -> Generated:
        self.bindings[self.document] = name("document")
        self.pointers[self.document] = ()
        self.homes[self.document] = 0
        self.span = tree.span
        if self.exact:
            self.null_document()
        else:
            # a null document is converted by the exact function
            self.block.present.add("document")
            self.reads = path_reads(tree)
        result = self.guarded(lambda: self.value(tree), "result")
        if may_hold_null(tree):
            result = self.null_to_none(result, absent=self.mark("MISSING"))
        elif not self.is_present(result):
            result = if_exp(is_none(result), self.mark("MISSING"), result)
        self.add(ast.Return(result))
        arguments = ["document", *(["problems"] if self.exact else []), *(["observed"] if self.observe else [])]
        function = ast.FunctionDef(
            name="convert",
            args=ast.arguments([], [ast.arg(argument) for argument in arguments], None, [], [], None, []),
            body=self.block.statements,
            decorator_list=[],
        )
        module = ast.Module([*self.assignments, function], [])
        return Generated(
            ast.fix_missing_locations(module),
            self.namespace,
            tuple(self.comments),
            tuple(self.approximations),
            tuple(self.targets),
        )

    def null_document(self) -> None:
        self.nullable.add(self.document)
        null: list[ast.stmt] = [ast.Assign([ast.Name("document", ast.Store())], self.mark("NULL"), lineno=0)]
        self.add(ast.If(is_none(name("document")), null, []))

    # names

    def variable(self, hint: str) -> str:
        """A local name that is not used yet."""
        base = _PLAIN.sub("_", hint).strip("_").lower()[:40] or "value"
        if base[0].isdigit():
            base = f"_{base}"
        if base in _UNSUITABLE:
            base = f"{base}_"
        found, number = base, 1
        while found in self.used:
            number += 1
            found = f"{base}{number}" if base.endswith("_") else f"{base}_{number}"
        self.used.add(found)
        return found

    def helper(self, name_: str) -> ast.expr:
        """A function or mark of the runtime."""
        self.namespace[name_] = _RUNTIME[name_]
        return name(name_)

    def mark(self, name_: str) -> ast.expr:
        return self.helper(name_)

    def constant_object(self, hint: str, key: Any, value: Any, comment: str = "") -> ast.expr:
        """A global that the code names; equal keys share one."""
        found = self.globals.get(key)
        if found is None:
            found = self.variable(hint)
            self.globals[key] = found
            self.namespace[found] = value
            if comment:
                self.comments.append(f"{found} = {comment}")
        return name(found)

    def literal(self, hint: str, value: Any) -> ast.expr:
        """A JSON constant: scalars stand in the code, others in a global that is copied on use."""
        if value is None or isinstance(value, (str, int, float, bool)):
            return ast.Constant(value)
        return self.assigned(hint, json_expression(value))

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

    # statements

    def add(self, statement: ast.stmt) -> None:
        statement.origin = Origin(self.span, self.source, self.target)  # type: ignore[attr-defined]
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
        if not self.exact:
            result: ast.expr = make()
            return result
        variable = self.variable(hint)
        self.assign(variable, NONE)
        with self.inside() as body:
            self.assign(variable, make())
        note = ast.Expr(self.call_global("note", name("problems"), name("failure")))
        handler = ast.ExceptHandler(self.call_name("FAILURES"), "failure", [note])
        self.add(ast.Try(body, [handler], [], []))
        return name(variable)

    def call_name(self, global_name: str) -> ast.expr:
        self.used.add(global_name)
        return name(global_name)

    def call_global(self, function: str, *arguments: ast.expr) -> ast.expr:
        return ast.Call(self.call_name(function), list(arguments), [])

    # facts

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

    # values

    def value(self, node: Node) -> ast.expr:
        """Emit what a node needs; gives an operand: a name or a constant."""
        match node:
            case Const():
                return self.const(node)
            case Param():
                return self.param(node)
            case Path():
                return self.path(node)
            case Let():
                return self.let(node)
            case Call():
                return self.function_call(node)
            case Lookup():
                return self.lookup(node)
            case If():
                return self.conditional(node)
            case Coalesce():
                return self.coalesce(node)
            case Object():
                return self.object(node)
            case Each():
                return self.each(node)
            case Array():
                return self.array(node)
            case Concat():
                return self.concat(node)
            case Rest():
                return self.rest(node)
            case Approximate():
                return self.approximate(node)

    def const(self, node: Const) -> ast.expr:
        if node.value is None:
            return self.mark("NULL") if node.keep_null else NONE
        if isinstance(node.value, (list, dict)):
            # a constant that the result holds must not be shared between results
            variable = self.variable("constant")
            self.assign(variable, json_expression(node.value))
            self.block.present.add(variable)
            return name(variable)
        return ast.Constant(node.value)

    def param(self, node: Param) -> ast.expr:
        value = self.params.get(node.name)
        if value is None:
            return self.mark("NULL") if node.keep_null and node.name in self.params and not node.steps else NONE
        found = self.constant_object(node.name, ("param", node.name), value, f"params.{node.name}")
        if isinstance(found, ast.Name):
            self.block.present.add(found.id)
        return self.steps(found, node.steps, node.keep_null, node.name)

    # paths

    def path(self, node: Path) -> ast.expr:
        base = self.symbol(node.scope)
        if not node.steps:
            if node.keep_null or node.scope not in self.nullable:
                return base
            return self.without_null(node.scope, base)
        if node.scope in self.nullable:
            base = self.without_null(node.scope, base)
        return self.walk(node, base)

    def without_null(self, symbol: Symbol, base: ast.expr) -> ast.expr:
        """A symbol's value, a kept null as absent."""
        key = (symbol, ("not null",))
        found = self.block.fetched.get(key)
        if found is None:
            found = self.variable(f"{symbol.name}_value")
            self.assign(found, if_exp(is_mark(base, self.mark("NULL")), NONE, base))
            self.block.fetched[key] = found
        return name(found)

    def symbol(self, symbol: Symbol) -> ast.expr:
        if symbol in self.bindings:
            return self.bindings[symbol]
        return self.use_let(symbol)

    def walk(self, node: Path, base: ast.expr) -> ast.expr:
        """Fetch step by step; a prefix that was fetched where this runs is not fetched again."""
        done: tuple[Any, ...] = ()
        last = len(node.steps) - 1
        for position, step in enumerate(node.steps):
            keep = node.keep_null and position == last
            if not isinstance(step, (str, int)):
                return self.steps(base, node.steps[position:], node.keep_null, "item")
            done = (*done, (type(step), step))
            key = (node.scope, (*done, "keep") if keep else done)
            found = self.block.fetched.get(key)
            if found is not None:
                base = name(found)
                continue
            part = replace(node, steps=node.steps[: position + 1])
            with self.at(part), self.outermost(key, base):
                base = self.fetch(base, step, keep, self.hint(node, position))
                if isinstance(base, ast.Name) and not keep and self.facts.present(part) and not self.exact:
                    self.block.present.add(base.id)
            if isinstance(base, ast.Name):
                self.block.fetched[key] = base.id
        return base

    @contextmanager
    def outermost(self, key: tuple[Symbol, tuple[Any, ...]], base: ast.expr) -> Iterator[None]:
        """What several places read is fetched once, in the outermost block that has what it is fetched from.

        In fast code this is safe: a fetch that fails there leaves the document to the exact function.
        """
        symbol, steps = key
        inner = self.block
        home = self.homes.get(symbol)
        if home is None or self.reads[key] < 2 or self.exact:
            yield
            return
        parent = (symbol, steps[:-1])
        level = home
        while level < len(self.blocks) - 1 and len(steps) > 1 and parent not in self.blocks[level].fetched:
            level += 1
        self.block = self.blocks[level]
        try:
            yield
        finally:
            found = self.block.statements[-1]
            assert isinstance(found, ast.Assign)  # noqa: S101 - a fetch ends in an assignment
            target = found.targets[0]
            for block in self.blocks[level:]:
                block.fetched[key] = target.id  # type: ignore[attr-defined]
                if target.id in self.block.present:  # type: ignore[attr-defined]
                    block.present.add(target.id)  # type: ignore[attr-defined]
            self.block = inner

    def hint(self, node: Path, position: int) -> str:
        """A local name for a path: its last names, with the scope's where that is not the document."""
        names = [str(step) for step in node.steps[: position + 1] if isinstance(step, str)][-2:]
        if node.scope is not self.document and len(names) < 2:
            names.insert(0, node.scope.name)
        return "_".join(names) or node.scope.name

    def steps(self, base: ast.expr, steps: tuple[Step, ...], keep_null: bool, hint: str) -> ast.expr:
        for position, step in enumerate(steps):
            keep = keep_null and position == len(steps) - 1
            if isinstance(step, (str, int)):
                base = self.fetch(base, step, keep, f"{hint}_{step}")
            else:
                computed = self.value(step)
                variable = self.variable(f"{hint}_item")
                base = self.assign(variable, self.call("kept_step" if keep else "at_step", base, computed))
        return base

    def fetch(self, base: ast.expr, step: str | int, keep: bool, hint: str) -> ast.expr:
        variable = self.variable(hint)
        if keep:
            return self.assign(variable, self.call("kept_step", base, ast.Constant(step)))
        if isinstance(step, int):
            return self.assign(variable, self.call("at_index", base, ast.Constant(step)))
        if self.exact:
            return self.assign(variable, self.call("member", base, ast.Constant(step)))
        fetched = ast.Call(ast.Attribute(base, "get", ast.Load()), [ast.Constant(step)], [])
        if not self.is_present(base):
            fetched = if_exp(is_none(base), NONE, fetched)  # type: ignore[assignment]
        return self.assign(variable, fetched)

    # let

    def let(self, node: Let) -> ast.expr:
        """A name is computed where it is first used; one that a loop uses has a variable that remembers it."""
        self.let_values[node.symbol] = node
        if may_hold_null(node.value):
            self.nullable.add(node.symbol)
        pointer = self.pointer_of(node.value)
        if pointer is not None:
            self.pointers[node.symbol] = pointer
        if used_in_loop(node.body, node.symbol):
            variable = self.variable(node.symbol.name)
            self.assign(variable, self.mark("UNSET"))
            self.lazy[node.symbol] = variable
        return self.value(node.body)

    def use_let(self, symbol: Symbol) -> ast.expr:
        found = self.block.lets.get(symbol)
        if found is not None:
            return found
        let = self.let_values[symbol]
        variable = self.lazy.get(symbol)
        if variable is None:
            with self.at(let.value):
                found = self.value(let.value)
        else:
            with self.inside() as body, self.at(let.value):
                self.assign(variable, self.value(let.value))
            self.add(ast.If(is_mark(name(variable), self.mark("UNSET")), body, []))
            found = name(variable)
        self.block.lets[symbol] = found
        return found

    # functions

    def function_call(self, node: Call) -> ast.expr:
        if node.function.kind == "operator":
            inlined = self.operator(node)
            if inlined is not None:
                return inlined
        arguments = [self.argument(argument) for argument in node.arguments]
        if self.is_always_absent(node):
            return NONE
        function = self.function(node)
        called = arguments[:1] if isinstance(function, tuple) else arguments
        target = function[0] if isinstance(function, tuple) else function
        result: ast.expr = ast.Call(target, called, [])
        absent = [
            argument
            for argument, source in zip(arguments, node.arguments, strict=True)
            if not isinstance(source, Const) and not self.is_present(argument)
        ]
        if absent and not node.function.sees_absent:
            result = if_exp(any_none(absent), NONE, result)
        variable = self.variable(self.result_hint(node))
        with self.at(node):
            self.assign(variable, result)
        if (node.function.sees_absent or not absent) and not node.function.may_be_absent:
            self.block.present.add(variable)
        return name(variable)

    def is_always_absent(self, node: Call) -> bool:
        """Whether an argument is a null constant; after the first, a function's null says that none is given."""
        if node.function.sees_absent:
            return False
        counted = node.arguments if node.function.kind == "operator" else node.arguments[:1]
        return any(isinstance(argument, Const) and argument.value is None for argument in counted)

    def argument(self, node: Node) -> ast.expr:
        """A constant argument is handed on as it is; a list of constants is built once."""
        if isinstance(node, Const):
            return self.literal("constant", node.value)
        return self.value(node)

    def result_hint(self, node: Call) -> str:
        first = node.arguments[0] if node.arguments else None
        if isinstance(first, Path) and first.steps and isinstance(first.steps[-1], str):
            return f"{first.steps[-1]}_{node.function.name}"
        return _OPERATOR_NAMES.get(node.function.name) or _PLAIN.sub("_", node.function.name)

    def function(self, node: Call) -> ast.expr | tuple[ast.expr]:
        """The global that is called; in a tuple, where the constants after the first argument are bound into it."""
        function = node.function
        constants = [argument.value for argument in node.arguments[1:] if isinstance(argument, Const)]
        hint = _OPERATOR_NAMES.get(function.name) or _PLAIN.sub("_", function.name).strip("_")
        if function.bind is None or len(constants) != len(node.arguments) - 1 or function.variadic:
            return self.constant_object(hint, ("function", function.name), function.implementation)
        names = [parameter.name for parameter in function.parameters[1:]]
        values = dict(zip(names, constants, strict=True))
        defaults = all(p.default == values[p.name] and not p.required for p in function.parameters[1:])
        shown = ", ".join(f"{key}={value!r}" for key, value in values.items() if value is not None)
        key = ("bound", function.name, repr(values))
        if key not in self.globals:
            bound = function.bind(values)
            comment = "" if defaults else f"{function.name}({shown})"
            return (self.constant_object(hint, key, bound, comment),)
        return (name(self.globals[key]),)

    def operator(self, node: Call) -> ast.expr | None:
        """Operators that Python writes itself; None for those that are called."""
        sign = node.function.name
        if sign == "~":
            return self.text(node)
        if sign.startswith("is ") or sign in ("==", "!=", "in", "not in"):
            test = self.test(node)
            if test is not None:
                variable = self.variable("test")
                self.assign(variable, test)
                self.block.present.add(variable)
                return name(variable)
        return None

    def text(self, node: Call) -> ast.expr:
        """Scalars joined to a text: absent if any is."""
        operands = [self.argument(argument) for argument in node.arguments]
        absent = [operand for operand in operands if not self.is_present(operand)]
        parts = [self.as_text(operand, argument) for operand, argument in zip(operands, node.arguments, strict=True)]
        joined = parts[0]
        for part in parts[1:]:
            joined = ast.BinOp(joined, ast.Add(), part)
        if absent:
            joined = if_exp(any_none(absent), NONE, joined)
        variable = self.variable("text")
        with self.at(node):
            self.assign(variable, joined)
        if not absent:
            self.block.present.add(variable)
        return name(variable)

    def as_text(self, operand: ast.expr, node: Node) -> ast.expr:
        if isinstance(operand, ast.Constant):
            return operand if isinstance(operand.value, str) or operand.value is None else ast.Constant(string(operand.value))
        if self.facts.types(node) == STRING:
            return operand
        as_string = ast.Call(self.constant_object("string", ("function", "string"), string), [operand], [])
        return if_exp(is_type(operand, "str"), operand, as_string)

    # conditions

    def test(self, node: Call) -> ast.expr | None:
        """A test or comparison as a Python condition, where a plain one says the same."""
        sign = node.function.name
        if sign == "is none":
            if not may_hold_null(node.arguments[0]):
                return ast.Constant(False)
            return is_mark(self.value(node.arguments[0]), self.mark("NULL"))
        if sign == "is defined":
            operand = self.value(node.arguments[0])
            return ast.Constant(True) if self.is_present(operand) else ast.Compare(operand, [ast.IsNot()], [NONE])
        types = {"is string": "str", "is boolean": "bool"}
        if sign in types:
            return is_type(self.value(node.arguments[0]), types[sign])
        if sign in ("==", "!="):
            return self.equality(node, ast.Eq() if sign == "==" else ast.NotEq())
        if sign in ("in", "not in"):
            return self.membership(node, ast.In() if sign == "in" else ast.NotIn())
        return None

    def equality(self, node: Call, operator: ast.cmpop) -> ast.expr | None:
        """Python's own comparison, where the types make it the typed one."""
        left, right = node.arguments
        for constant, other in ((right, left), (left, right)):
            if not isinstance(constant, Const):
                continue
            number = type(constant.value) in (int, float) and (self.facts.types(other) or BOOLEAN) <= NUMBER
            if isinstance(constant.value, str) or number:
                return ast.Compare(self.argument(other), [operator], [ast.Constant(constant.value)])
            if isinstance(constant.value, bool):
                same: ast.cmpop = ast.Is() if isinstance(operator, ast.Eq) else ast.IsNot()
                return ast.Compare(self.argument(other), [same], [ast.Constant(constant.value)])
        if STRING not in (self.facts.types(left), self.facts.types(right)):
            return None
        one, other_one = self.argument(left), self.argument(right)
        compared = ast.Compare(one, [operator], [other_one])
        if self.is_present(one) or self.is_present(other_one):
            return compared
        equal = ast.BoolOp(ast.And(), [is_not_none(one), ast.Compare(one, [ast.Eq()], [other_one])])
        return equal if isinstance(operator, ast.Eq) else ast.UnaryOp(ast.Not(), equal)

    def membership(self, node: Call, operator: ast.cmpop) -> ast.expr | None:
        value, container = node.arguments
        if not isinstance(container, Const) or not isinstance(container.value, list):
            return None
        if not all(isinstance(item, str) for item in container.value):
            return None
        options = ast.Tuple([ast.Constant(item) for item in container.value], ast.Load())
        return ast.Compare(self.argument(value), [operator], [options])

    def condition(self, node: Node) -> ast.expr:
        """A Python condition that is true exactly where the node is."""
        match node:
            case Const(value=bool()):
                return ast.Constant(node.value)
            case If(then=Const(value=True), otherwise=Const(value=False)):
                return self.condition(node.test)
            case If(then=Const(value=False), otherwise=Const(value=True)):
                return ast.UnaryOp(ast.Not(), self.condition(node.test))
            case If(otherwise=Const(value=False)):
                return self.both(node.test, node.then, ast.And())
            case If(then=Const(value=True)):
                return self.both(node.test, node.otherwise, ast.Or())
            case Call() if node.function.kind == "operator":
                with self.at(node):
                    test = self.test(node)
                if test is not None:
                    return test
        operand = self.value(node)
        if self.facts.types(node) == BOOLEAN:
            return operand if self.is_present(operand) else ast.Compare(operand, [ast.Is()], [ast.Constant(True)])
        with self.at(node):
            return self.assign(self.variable("condition"), self.call("truth", operand))

    def both(self, left: Node, right: Node, operator: ast.boolop) -> ast.expr:
        """`and` and `or`: what the right side needs is computed only where it counts."""
        first = self.condition(left)
        with self.inside() as body:
            second = self.condition(right)
            if body:
                variable = self.variable("test")
                self.assign(variable, second)
        if not body:
            return ast.BoolOp(operator, [first, second])
        is_and = isinstance(operator, ast.And)
        self.assign(variable, ast.Constant(not is_and))
        self.add(ast.If(first if is_and else ast.UnaryOp(ast.Not(), first), body, []))
        return name(variable)

    def conditional(self, node: If) -> ast.expr:
        with self.at(node.test):
            test = self.condition(node.test)
        if isinstance(test, ast.Constant):
            return self.value(node.then if test.value else node.otherwise)
        variable = self.variable(self.result_name("value"))
        with self.inside() as then:
            self.note_presence(test)
            first = self.value(node.then)
            first_present = self.is_present(first)
            self.assign(variable, first)
        with self.inside() as otherwise:
            second = self.value(node.otherwise)
            second_present = self.is_present(second)
            self.assign(variable, second)
        if len(then) == len(otherwise) == 1:
            self.assign(variable, if_exp(test, first, second))
        else:
            self.add(ast.If(test, then, otherwise))
        if first_present and second_present:
            self.block.present.add(variable)
        return name(variable)

    def note_presence(self, test: ast.expr) -> None:
        """Inside of `if x is not None` the name x is present."""
        match test:
            case ast.Compare(left=ast.Name(id=found), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
                self.block.present.add(found)
            case ast.Compare(left=ast.Name(id=found), ops=[ast.Eq()], comparators=[ast.Constant()]):
                self.block.present.add(found)
            case ast.Compare(left=ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=found)])):
                self.block.present.add(found)
            case ast.BoolOp(op=ast.And(), values=values):
                for value in values:
                    self.note_presence(value)

    def coalesce(self, node: Coalesce) -> ast.expr:
        """The first option that is there: each later one is computed under a test of those before."""
        if not node.options:
            return NONE
        first = self.value(node.options[0])
        if len(node.options) == 1 or self.is_present(first):
            return first
        variable = self.variable(self.result_name("value"))
        self.assign(variable, first)
        if self.otherwise(variable, node.options[1:]):
            self.block.present.add(variable)
        return name(variable)

    def otherwise(self, variable: str, options: tuple[Node, ...]) -> bool:
        """The first of the options, where the variable is absent; gives whether it is there in the end."""
        with self.inside() as body:
            value = self.value(options[0])
            present = self.is_present(value)
            if not (isinstance(value, ast.Constant) and value.value is None):
                self.assign(variable, value)
            if not present and options[1:]:
                present = self.otherwise(variable, options[1:])
        if body:
            self.add(ast.If(is_none(name(variable)), body, []))
        return present

    # value maps

    def lookup(self, node: Lookup) -> ast.expr:
        value = self.value(node.value)
        if isinstance(value, ast.Constant) and value.value is None:
            return value
        variable = self.variable(f"{node.table.name}_entry" if node.table.name != "this map" else "entry")
        with self.inside() as body, self.at(node):
            self.entry(node, value, variable)
        skipped: ast.expr | None = None if self.is_present(value) else is_none(value)
        if may_hold_null(node.value):
            null = is_mark(value, self.mark("NULL"))
            skipped = null if skipped is None else ast.BoolOp(ast.Or(), [skipped, null])
        if skipped is None:
            self.block.statements.extend(body)
        else:
            kept = value if may_hold_null(node.value) else NONE
            self.add(ast.If(skipped, [ast.Assign([ast.Name(variable, ast.Store())], kept, lineno=0)], body))
        if self.is_present(value) and node.otherwise in ("error", "keep"):
            self.block.present.add(variable)
        return name(variable)

    def entry(self, node: Lookup, value: ast.expr, variable: str) -> None:
        """The entry of a value that is there, or what the policy says."""
        table, texts = self.table(node.table)
        key = value
        if node.table.ignore_case:
            folded = ast.Call(ast.Attribute(value, "casefold", ast.Load()), [], [])
            key = if_exp(is_type(value, "str"), folded, value)
        if not texts:
            key = ast.Call(self.helper("typed_key"), [key], [])
        elif self.exact:
            key = if_exp(is_type(value, "str"), key, self.mark("MISSING"))
        found = ast.Call(ast.Attribute(table, "get", ast.Load()), [key, self.mark("MISSING")], [])
        self.assign(variable, found)
        with self.inside() as body:
            self.assign(variable, self.policy(node, value))
        self.add(ast.If(is_mark(name(variable), self.mark("MISSING")), body, []))

    def policy(self, node: Lookup, value: ast.expr) -> ast.expr:
        match node.otherwise:
            case "error":
                return self.call("unlisted", value, ast.Constant(node.table.name))
            case "drop":
                return NONE
            case "keep":
                return value
            case Const() as constant:
                return self.const(constant)

    def table(self, table: ValueMap) -> tuple[ast.expr, bool]:
        """A value map as a dict of the module, and whether its keys are all texts."""
        texts = all(isinstance(key, str) for key, _ in table.entries)
        keys = [
            ast.Tuple([ast.Constant("boolean"), ast.Constant(key)], ast.Load())
            if isinstance(key, bool)
            else ast.Constant(key)
            for key, _ in table.entries
        ]
        values = [self.mark("NULL") if value is None else json_expression(value) for _, value in table.entries]
        name_ = table.name if table.name != "this map" else "entries"
        return self.assigned(name_, ast.Dict(list(keys), values)), texts

    # objects

    def is_falsy_when_absent(self, node: Node) -> bool:
        """Whether a node is an object that is left empty where it is absent, and never empty where it is there."""
        plain = isinstance(node, Object) and all(isinstance(part, Member) for part in node.parts)
        return plain and isinstance(node, Object) and node.absent == "every"

    def object(self, node: Object, left_empty: bool = False) -> ast.expr:
        """An object; one that is absent may be left empty where the caller asks for its truth."""
        if any(isinstance(part, Computed) for part in node.parts):
            return self.assembled(node)
        if node.absent == "any":
            return self.whole(node)
        variable = self.variable(self.result_name("result"))
        self.assign(variable, ast.Dict([], []))
        present = node.absent == "never"
        spreads: list[ast.expr] = []
        for part in node.parts:
            if isinstance(part, Member):
                present = self.member(variable, part) or present
            elif isinstance(part, Spread):
                spreads.append(self.spread_part(variable, part, node))
        if present:
            self.block.present.add(variable)
            return name(variable)
        if left_empty:
            return name(variable)
        empty: ast.expr = ast.UnaryOp(ast.Not(), name(variable))
        for spread in spreads:
            empty = ast.BoolOp(ast.And(), [empty, is_none(spread)])
        self.add(ast.If(empty, [ast.Assign([ast.Name(variable, ast.Store())], NONE, lineno=0)], []))
        return name(variable)

    def member(self, variable: str, part: Member) -> bool:
        """Put a member into an object; gives whether it is always there."""
        with self.at(part.value, part.key):
            left_empty = self.is_falsy_when_absent(part.value)
            value = self.guarded(lambda: self.member_value(part.value), part.key)
            present = self.is_present(value)
            put = assign_item(variable, ast.Constant(part.key), self.final(part.value, value))
            if present:
                self.add(put)
            elif left_empty:
                self.add(ast.If(value, [put], []))
            elif not (isinstance(value, ast.Constant) and value.value is None):
                self.add(ast.If(is_not_none(value), [put], []))
        return present

    def member_value(self, node: Node) -> ast.expr:
        """A value for a place that asks for its truth where it can be left empty."""
        if isinstance(node, Object) and self.is_falsy_when_absent(node):
            return self.object(node, left_empty=True)
        return self.value(node)

    def final(self, node: Node, value: ast.expr) -> ast.expr:
        """A value as it stands in the result: a kept null is a null again."""
        return self.null_to_none(value) if may_hold_null(node) else value

    def null_to_none(self, value: ast.expr, absent: ast.expr | None = None) -> ast.expr:
        result = if_exp(is_mark(value, self.mark("NULL")), NONE, value)
        return result if absent is None else if_exp(is_none(value), absent, result)

    def declared(self, node: Object) -> ast.expr:
        keys = frozenset(part.key for part in node.parts if isinstance(part, Member))
        elements: list[ast.expr] = [ast.Constant(key) for key in sorted(keys)]
        called = ast.Call(ast.Name("frozenset", ast.Load()), [ast.Tuple(elements, ast.Load())] if elements else [], [])
        return self.assigned("declared", called)

    def spread_part(self, variable: str, part: Spread, node: Object) -> ast.expr:
        with self.at(part.value):
            spread = self.guarded(lambda: self.value(part.value), "spread")
            put = ast.Expr(self.call("spread", name(variable), spread, self.declared(node), ast.Constant(part.drop_on_collision)))
            self.span = part.span
            statement: ast.stmt = put if self.is_present(spread) else ast.If(is_not_none(spread), [put], [])
            self.attempt(statement)
        return spread

    def attempt(self, statement: ast.stmt) -> None:
        """A statement; in exact code its failure is noted."""
        if not self.exact:
            self.add(statement)
            return
        note = ast.Expr(self.call_global("note", name("problems"), name("failure")))
        with self.inside() as body:
            self.add(statement)
        self.add(ast.Try(body, [ast.ExceptHandler(self.call_name("FAILURES"), "failure", [note])], [], []))

    def whole(self, node: Object) -> ast.expr:
        """An object that is absent unless every field is there."""
        values: list[tuple[Member | Spread, ast.expr]] = []
        for part in node.parts:
            if isinstance(part, (Member, Spread)):
                target = (part.key,) if isinstance(part, Member) else ()
                with self.at(part.value, *target):
                    values.append((part, self.guarded(lambda part=part: self.value(part.value), "field")))
        variable = self.variable(self.result_name("whole"))
        with self.inside() as body:
            self.assign(variable, ast.Dict([], []))
            for part, value in values:
                if isinstance(part, Member):
                    self.add(assign_item(variable, ast.Constant(part.key), self.final(part.value, value)))
                else:
                    drop = ast.Constant(part.drop_on_collision)
                    with self.at(part.value):
                        put = ast.Expr(self.call("spread", name(variable), value, self.declared(node), drop))
                        self.attempt(put)
        absent = [value for _, value in values if not self.is_present(value)]
        if not absent:
            self.block.statements.extend(body)
            self.block.present.add(variable)
        else:
            missing = [ast.Assign([ast.Name(variable, ast.Store())], NONE, lineno=0)]
            self.add(ast.If(any_none(absent), list(missing), body))
        return name(variable)

    def assembled(self, node: Object) -> ast.expr:
        """An object with computed names."""
        parts: list[ast.expr] = []
        fields: list[ast.expr] = []
        for part in node.parts:
            with self.at(part.value, *((part.key,) if isinstance(part, Member) else ())):
                key: ast.expr
                if isinstance(part, Member):
                    kind, key = "member", ast.Constant(part.key)
                elif isinstance(part, Computed):
                    kind, key = "computed", self.guarded(lambda part=part: self.value(part.key), "name")
                    fields.append(key)
                else:
                    kind, key = "spread", ast.Constant(part.drop_on_collision)
                value = self.guarded(lambda part=part: self.value(part.value), "field")
                fields.append(value)
                parts.append(ast.Tuple([ast.Constant(kind), key, value], ast.Load()))
        variable = self.variable(self.result_name("object"))
        made = self.call("assemble", ast.Tuple(parts, ast.Load()), self.declared(node))
        absent = [value for value in fields if not self.is_present(value)]
        if node.absent == "any" and absent:
            made = if_exp(any_none(absent), NONE, made)
        elif node.absent == "never":
            made = ast.BoolOp(ast.Or(), [made, ast.Dict([], [])])
        self.assign(variable, NONE)
        self.attempt(ast.Assign([ast.Name(variable, ast.Store())], made, lineno=0))
        if node.absent == "never" and not self.exact:
            self.block.present.add(variable)
        return name(variable)

    # arrays

    def array(self, node: Array) -> ast.expr:
        variable = self.variable(self.result_name("array"))
        self.assign(variable, ast.List([], ast.Load()))
        for item in node.items:
            with self.at(item, Length(variable)):
                value = self.guarded(lambda item=item: self.member_value(item), "item")
                self.append(variable, value, item)
        self.block.present.add(variable)
        return name(variable)

    def append(self, variable: str, value: ast.expr, node: Node) -> None:
        append = ast.Attribute(name(variable), "append", ast.Load())
        put = ast.Expr(ast.Call(append, [self.final(node, value)], []))
        if self.is_present(value):
            self.add(put)
        elif self.is_falsy_when_absent(node):
            self.add(ast.If(value, [put], []))
        elif not (isinstance(value, ast.Constant) and value.value is None):
            self.add(ast.If(is_not_none(value), [put], []))

    def concat(self, node: Concat) -> ast.expr:
        parts: list[ast.expr] = []
        for part in node.parts:
            with self.at(part):
                parts.append(self.guarded(lambda part=part: self.value(part), "part"))
        variable = self.variable(self.result_name("joined"))
        with self.at(node):
            self.assign(variable, self.call("joined", ast.Tuple(parts, ast.Load())))
        return name(variable)

    def rest(self, node: Rest) -> ast.expr:
        value = self.value(node.value)
        elements: list[ast.expr] = [ast.Constant(key) for key in sorted(node.declared)]
        called = ast.Call(ast.Name("frozenset", ast.Load()), [ast.Tuple(elements, ast.Load())] if elements else [], [])
        variable = self.variable("rest_of")
        with self.at(node):
            return self.assign(variable, self.call("rest", value, self.assigned("known", called)))

    def approximate(self, node: Approximate) -> ast.expr:
        value = self.value(node.value)
        if self.observe:
            number = len(self.approximations)
            self.approximations.append(node)
            self.targets.append(self.target)
            seen = ast.Expr(ast.Call(ast.Attribute(name("observed"), "add", ast.Load()), [ast.Constant(number)], []))
            self.add(seen if self.is_present(value) else ast.If(is_not_none(value), [seen], []))
        return value

    # each

    def each(self, node: Each) -> ast.expr:
        source = self.value(node.source)
        if isinstance(source, ast.Constant):
            return source
        variable = self.variable(self.result_name("items"))
        with self.inside() as body:
            if isinstance(source, ast.Name):
                self.block.present.add(source.id)
            self.loops(node, source, variable)
        present = self.is_present(source)
        if present:
            self.block.statements.extend(body)
        else:
            missing: list[ast.stmt] = [ast.Assign([ast.Name(variable, ast.Store())], NONE, lineno=0)]
            self.add(ast.If(is_none(source), missing, body))
        if present and node.take is None and not node.strict:
            self.block.present.add(variable)
        return name(variable)

    def loops(self, node: Each, source: ast.expr, variable: str) -> None:
        """One loop, or several where items are sorted or one is taken."""
        empty: ast.expr = ast.Dict([], []) if node.key is not None else ast.List([], ast.Load())
        item, index = self.variable(node.item.name), self.variable(node.index.name)
        self.bindings[node.item] = name(item)
        self.bindings[node.index] = name(index)
        base = self.pointer_of(node.source)
        if base is not None:
            self.pointers[node.item] = (*base, Index(index))
        if node.keep_null:
            self.nullable.add(node.item)
        seen = None
        if node.unique is not None and not (node.take == "first" and node.sort is None):
            seen = self.variable("seen")
            self.assign(seen, ast.Call(ast.Name("set", ast.Load()), [], []))
        with self.at(node):
            items = source if self.facts.types(node.source) == ARRAY and not self.exact else self.call("array", source)
        if node.take == "first" and node.sort is None:
            # the first item that passes is the one; `unique` cannot change that
            self.assign(variable, NONE)
            with self.loop(node, items, item, index):
                self.filtered(node)
                with self.at(node.body):
                    self.assign(variable, self.value(node.body))
                self.add(ast.Break())
            return
        if node.sort is None and node.take is None:
            self.assign(variable, empty)
            with self.loop(node, items, item, index):
                self.filtered(node)
                self.unique(node, seen)
                self.body(node, variable)
            return
        chosen = self.variable("chosen")
        self.assign(chosen, ast.List([], ast.Load()))
        with self.loop(node, items, item, index):
            self.filtered(node)
            key = NONE if node.sort is None else self.value(node.sort)
            entry = ast.Tuple([key, name(index), name(item)], ast.Load())
            self.add(ast.Expr(ast.Call(ast.Attribute(name(chosen), "append", ast.Load()), [entry], [])))
        if node.sort is not None:
            with self.at(node.sort):
                self.assign(chosen, self.call("in_order", name(chosen), ast.Constant(node.descending)))
        if node.take is not None:
            self.take(node, variable, chosen, seen, item, index)
            return
        self.assign(variable, empty)
        with self.chosen_loop(node, chosen, item, index):
            self.unique(node, seen)
            self.body(node, variable)

    def take(self, node: Each, variable: str, chosen: str, seen: str | None, item: str, index: str) -> None:
        """The body's value for the first or last item that was chosen."""
        if node.unique is not None:
            distinct = self.variable("distinct")
            self.assign(distinct, ast.List([], ast.Load()))
            with self.chosen_loop(node, chosen, item, index):
                self.unique(node, seen)
                entry = ast.Tuple([NONE, name(index), name(item)], ast.Load())
                self.add(ast.Expr(ast.Call(ast.Attribute(name(distinct), "append", ast.Load()), [entry], [])))
            chosen = distinct
        self.assign(variable, NONE)
        bounds = (None, 1) if node.take == "first" else (-1, None)
        lower, upper = (None if bound is None else ast.Constant(bound) for bound in bounds)
        part = ast.Subscript(name(chosen), ast.Slice(lower, upper), ast.Load())
        with self.chosen_loop(node, part, item, index), self.at(node.body):
            self.assign(variable, self.value(node.body))

    @contextmanager
    def loop(self, node: Each, items: ast.expr, item: str, index: str) -> Iterator[None]:
        """A loop over the source: null items are skipped, or kept as `NULL`."""
        counted = self.exact or reads(node, node.index) or node.sort is not None or node.take == "last"
        with self.inside() as body, self.at(node):
            self.source = self.pointers.get(node.item)
            self.homes[node.item] = len(self.blocks) - 1
            null = is_none(name(item))
            if node.keep_null:
                self.add(ast.If(null, [ast.Assign([ast.Name(item, ast.Store())], self.mark("NULL"), lineno=0)], []))
            else:
                self.add(ast.If(null, [ast.Continue()], []))
            self.block.present.update((item, index))
            if self.exact:
                self.guarded_loop(body)
            yield
        self.finish_loop(body)
        stored: ast.expr = ast.Name(item, ast.Store())
        if counted:
            stored = ast.Tuple([ast.Name(index, ast.Store()), stored], ast.Store())
            items = ast.Call(ast.Name("enumerate", ast.Load()), [items], [])
        with self.at(node):
            self.add(ast.For(stored, items, body, [], lineno=0))

    @contextmanager
    def chosen_loop(self, node: Each, chosen: str | ast.expr, item: str, index: str) -> Iterator[None]:
        """A loop over chosen items."""
        with self.inside() as body, self.at(node):
            self.homes[node.item] = len(self.blocks) - 1
            self.source = self.pointers.get(node.item)
            self.block.present.update((item, index))
            if self.exact:
                self.guarded_loop(body)
            yield
        self.finish_loop(body)
        names: list[ast.expr] = [ast.Name(each, ast.Store()) for each in ("_", index, item)]
        items = name(chosen) if isinstance(chosen, str) else chosen
        with self.at(node):
            self.add(ast.For(ast.Tuple(names, ast.Store()), items, body, [], lineno=0))

    def guarded_loop(self, body: list[ast.stmt]) -> None:
        """In exact code a failure in one item is noted and the next one follows."""
        self.loop_starts.append(len(body))

    def finish_loop(self, body: list[ast.stmt]) -> None:
        if not self.exact:
            return
        start = self.loop_starts.pop()
        note = ast.Expr(self.call_global("note", name("problems"), name("failure")))
        handler = ast.ExceptHandler(self.call_name("FAILURES"), "failure", [note])
        attempt = ast.Try(body[start:], [handler], [], [])
        attempt.origin = Origin(self.span, self.source, self.target)  # type: ignore[attr-defined]
        if body[start:]:
            body[start:] = [attempt]

    def filtered(self, node: Each) -> None:
        if node.where is not None:
            with self.at(node.where):
                test = self.condition(node.where)
                self.add(ast.If(ast.UnaryOp(ast.Not(), test), [ast.Continue()], []))

    def unique(self, node: Each, seen: str | None) -> None:
        if node.unique is not None and seen is not None:
            with self.at(node.unique):
                new = self.call("first_seen", name(seen), self.value(node.unique))
                self.add(ast.If(ast.UnaryOp(ast.Not(), new), [ast.Continue()], []))

    def body(self, node: Each, variable: str) -> None:
        """The body's value for one item, put into the array or object."""
        with self.at(node.body, *(() if node.key is not None else (Length(variable),))):
            if node.key is None:
                value = self.value(node.body) if node.strict else self.member_value(node.body)
                if node.strict:
                    self.add(ast.If(is_none(value), [assign_none(variable), ast.Break()], []))
                    self.block.present.add(value.id) if isinstance(value, ast.Name) else None
                self.append(variable, value, node.body)
                return
            key = self.value(node.key)
            value = self.value(node.body)
            put = {"error": "put_once", "first": "put_first", "last": "put_last", "collect": "collect"}[node.repeated]
            with self.at(node.key):
                absent = [operand for operand in (key, value) if not self.is_present(operand)]
                statement: ast.stmt = ast.Expr(self.call(put, name(variable), key, self.final(node.body, value)))
                if absent:
                    tests = [is_not_none(operand) for operand in absent]
                    test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
                    statement = ast.If(test, [statement], [])
                self.add(statement)


def name(identifier: str) -> ast.Name:
    return ast.Name(identifier, ast.Load())


def is_none(operand: ast.expr) -> ast.expr:
    return ast.Compare(operand, [ast.Is()], [NONE])


def is_not_none(operand: ast.expr) -> ast.expr:
    return ast.Compare(operand, [ast.IsNot()], [NONE])


def is_mark(operand: ast.expr, mark: ast.expr) -> ast.expr:
    return ast.Compare(operand, [ast.Is()], [mark])


def is_type(operand: ast.expr, kind: str) -> ast.expr:
    return ast.Compare(ast.Call(name("type"), [operand], []), [ast.Is()], [name(kind)])


def any_none(operands: list[ast.expr]) -> ast.expr:
    tests = [is_none(operand) for operand in {ast.dump(operand): operand for operand in operands}.values()]
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)


def if_exp(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    return ast.IfExp(test, then, otherwise)


def assign_item(variable: str, key: ast.expr, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Subscript(name(variable), key, ast.Store())], value, lineno=0)


def assign_none(variable: str) -> ast.stmt:
    return ast.Assign([ast.Name(variable, ast.Store())], NONE, lineno=0)


def json_expression(value: Any) -> ast.expr:
    """A JSON value as a Python expression."""
    if isinstance(value, dict):
        return ast.Dict([ast.Constant(key) for key in value], [json_expression(item) for item in value.values()])
    if isinstance(value, list):
        return ast.List([json_expression(item) for item in value], ast.Load())
    return ast.Constant(value)


def path_reads(tree: Node) -> Counter[tuple[Symbol, tuple[Any, ...]]]:
    """How often each prefix of a constant path is read in a tree, by symbol and steps."""
    found: Counter[tuple[Symbol, tuple[Any, ...]]] = Counter()
    stack = [tree]
    while stack:
        current = stack.pop()
        if isinstance(current, Path):
            done: tuple[Any, ...] = ()
            for step in current.steps:
                if not isinstance(step, (str, int)):
                    break
                done = (*done, (type(step), step))
                found[current.scope, done] += 1
        stack.extend(children(current))
    return found


def reads(node: Each, symbol: Symbol) -> bool:
    """Whether anything in an `each` reads a symbol."""
    stack: list[Node] = [part for part in (node.where, node.sort, node.unique, node.key, node.body) if part is not None]
    while stack:
        current = stack.pop()
        if isinstance(current, Path) and current.scope is symbol:
            return True
        stack.extend(children(current))
    return False


def used_in_loop(node: Node, symbol: Symbol, inside: bool = False) -> bool:
    """Whether a symbol is read inside of an `each` below its binding."""
    if isinstance(node, Path):
        if node.scope is symbol and inside:
            return True
        return any(used_in_loop(step, symbol, inside) for step in node.steps if not isinstance(step, (str, int)))
    if isinstance(node, Each):
        if used_in_loop(node.source, symbol, inside):
            return True
        parts = (node.where, node.sort, node.unique, node.key, node.body)
        return any(used_in_loop(part, symbol, True) for part in parts if part is not None)
    return any(used_in_loop(child, symbol, inside) for child in children(node))
