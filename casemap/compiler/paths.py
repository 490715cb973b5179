"""Values that are read: constants, params, paths and names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from casemap.analysis.presence import ARRAY
from casemap.compiler.emitter import Emitter
from casemap.compiler.python_ast import (
    NONE,
    assign_none,
    if_exp,
    is_mark,
    is_none,
    json_expression,
    name,
)
from casemap.compiler.shape import Member
from casemap.compiler.tree_reads import used_in_loop
from casemap.mapping.core import (
    Const,
    Let,
    Node,
    Param,
    Path,
    Step,
    Symbol,
)  # fmt: skip
from casemap.mapping.rules import may_hold_null

__all__ = ["PathEmitter"]


class PathEmitter(Emitter):
    """Values that are read: constants, params, paths and names."""

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
        key = "param", node.name
        found = self.constant_object(node.name, key, value, f"params.{node.name}", recipe=key)
        if isinstance(found, ast.Name):
            self.block.present.add(found.id)
        value_of = self.steps(found, node.steps, node.keep_null, node.name)
        if isinstance(value, (list, dict)):
            copied = self.variable(f"{node.name}_copy")
            return self.assign(copied, self.call("copied", value_of))
        return value_of

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
                # what fails here is a step into something that has no members
                self.source = self.pointer_of(replace(node, steps=node.steps[:position]))
                there = not (keep or self.exact) and self.facts.present(part)
                base = self.reach(node, position, base, keep, there)
                if isinstance(base, ast.Name) and there:
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
        if home is None or self.reads[key] < 2 or self.exact or symbol in self.nullable:
            yield
            return
        parent = (symbol, steps[:-1])
        level = max((at for at, read in self.branches if read[key] == self.reads[key]), default=home)
        level = max(level, home)
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

    def reach(self, node: Path, position: int, base: ast.expr, keep: bool, there: bool) -> ast.expr:
        """A member or item: an attribute of a decoded object, or what plain values have."""
        hint = self.hint(node, position)
        if self.shapes is not None:
            member, is_record = self.shapes.member(node, position)
            if is_record:
                return self.attribute(base, member, keep, hint)
        step = node.steps[position]
        known = not (keep or self.exact) and self.facts.types(replace(node, steps=node.steps[:position])) == ARRAY
        if known and step in (0, -1):
            item = ast.Subscript(base, ast.Constant(step), ast.Load())
            return self.assign(self.variable(hint), ast.IfExp(base, item, NONE))
        return self.fetch(base, step, keep, hint, there)

    def attribute(self, base: ast.expr, member: Member | None, keep: bool, hint: str) -> ast.expr:
        """A member of a decoded object, in which None is absent and, where null is allowed, `UNSET` is."""
        variable = self.variable(hint)
        if member is None or member.shape.never:
            return self.assign(variable, NONE)
        value: ast.expr = ast.Attribute(base, member.attribute, ast.Load())
        marked = member.shape.nullable and (member.unset or keep)
        if not self.is_present(base):
            value = if_exp(is_none(base), self.unset() if marked else NONE, value)
        self.assign(variable, value)
        if not marked:
            return name(variable)
        plain = if_exp(is_mark(name(variable), self.unset()), NONE, name(variable))
        return self.assign(variable, if_exp(is_none(name(variable)), self.mark("NULL"), plain) if keep else plain)

    def unset(self) -> ast.expr:
        """The mark of the decoder for a member that is not there."""
        from msgspec import UNSET

        return self.constant_object("not_there", ("not there",), UNSET, recipe=("own", "UNSET"))

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
                base = self.computed_step(base, step, keep, f"{hint}_item")
        return base

    def computed_step(self, base: ast.expr, step: Node, keep: bool, hint: str) -> ast.expr:
        """A member or item by a computed step, which is not computed below something absent."""
        variable = self.variable(hint)
        with self.inside() as body:
            self.assign(variable, self.call("kept_step" if keep else "at_step", base, self.value(step)))
        if self.is_present(base):
            self.block.statements.extend(body)
        else:
            self.add(ast.If(is_none(base), [assign_none(variable)], body))
        return name(variable)

    def fetch(self, base: ast.expr, step: Any, keep: bool, hint: str, there: bool = False) -> ast.expr:
        """A member or item; `there` where the schema requires it."""
        variable = self.variable(hint)
        if there and isinstance(step, str) and self.is_present(base):
            return self.assign(variable, ast.Subscript(base, ast.Constant(step), ast.Load()))
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
            before = len(self.block.statements)
            with self.at(let.value), self.notes.of_name(symbol, self.target):
                found = self.value(let.value)
            self.block.statements[before:before] = self.forgetting(symbol)
        else:
            with self.inside() as body, self.at(let.value), self.notes.of_name(symbol, self.target):
                self.assign(variable, self.value(let.value))
            body[:0] = self.forgetting(symbol)
            self.add(ast.If(is_mark(name(variable), self.mark("UNSET")), body, []))
            found = name(variable)
        self.block.lets[symbol] = found
        return found

    def forgetting(self, symbol: Symbol) -> list[ast.stmt]:
        """Statements that forget what was noted of a name's value the time before, for the item before."""
        numbers = self.notes.numbers(symbol) if self.notes.loops else []
        if not numbers:
            return []
        given = ast.Tuple([ast.Constant(number) for number in numbers], ast.Load())
        return [ast.Expr(ast.Call(ast.Attribute(name("observed"), "difference_update", ast.Load()), [given], []))]

    def argument(self, node: Node) -> ast.expr:
        """A constant argument is handed on as it is; a list of constants is built once."""
        if isinstance(node, Const):
            # written out where it is used: a result must not share it with the next one
            return json_expression(node.value)
        return self.value(node)
