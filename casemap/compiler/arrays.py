"""Arrays, and loops over them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from casemap.analysis.presence import ARRAY, STRING
from casemap.compiler.emitter import MOST_GUARDS, Origin
from casemap.compiler.notes import ITEM
from casemap.compiler.objects import ObjectEmitter
from casemap.compiler.pointers import Index, Length
from casemap.compiler.python_ast import (
    NONE,
    assign_item,
    assign_none,
    is_none,
    is_not_none,
    name,
)
from casemap.compiler.tree_reads import reads
from casemap.mapping.core import (
    Array,
    Concat,
    Each,
    Node,
    Path,
)  # fmt: skip

__all__ = ["ArrayEmitter"]


class ArrayEmitter(ObjectEmitter):
    """Arrays, and loops over them."""

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
                parts.append(self.guarded(lambda part=part: self.checked_array(part), "part"))
        variable = self.variable(self.result_name("joined"))
        with self.at(node):
            self.assign(variable, self.call("joined", ast.Tuple(parts, ast.Load())))
        return name(variable)

    def checked_array(self, node: Node) -> ast.expr:
        """A part of arrays that are joined; exact code checks each by itself, so that the problem names it."""
        value = self.value(node)
        if self.exact and not (isinstance(value, ast.Constant) and value.value is None):
            check: ast.stmt = ast.Expr(self.call("array", value))
            self.add(ast.If(is_not_none(value), [check], []))
        return value

    def each(self, node: Each) -> ast.expr:
        source = self.value(node.source)
        if isinstance(source, ast.Constant) and source.value is None:
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
        self.names[node.item], self.names[node.index] = item, index
        self.bindings[node.item] = name(item)
        self.bindings[node.index] = name(index)
        if isinstance(node.source, Path):
            self.notes.items[node.item] = node.source.scope, (*node.source.steps, ITEM)
        base = self.pointer_of(node.source)
        if base is not None:
            self.pointers[node.item] = (*base, Index(index))
        if node.keep_null:
            self.nullable.add(node.item)
        seen = None
        if node.unique is not None and not self.is_first_found(node):
            seen = self.variable("seen")
            self.assign(seen, ast.Call(ast.Name("set", ast.Load()), [], []))
        with self.at(node):
            items = source if self.facts.types(node.source) == ARRAY and not self.exact else self.call("array", source)
        if self.is_first_found(node):
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
            self.take(node, variable, chosen, seen)
            return
        self.assign(variable, empty)
        with self.chosen_loop(node, chosen, item, index):
            self.unique(node, seen)
            self.body(node, variable)

    def is_first_found(self, node: Each) -> bool:
        """Whether the first item that passes is the one: no later item can reject the document."""
        if node.take != "first" or node.sort is not None:
            return False
        return all(part is None or self.facts.total(part) for part in (node.where, node.unique))

    def take(self, node: Each, variable: str, chosen: str, seen: str | None) -> None:
        """The body's value for the first or last item that was chosen."""
        item, index = (self.names[symbol] for symbol in (node.item, node.index))
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
        counted = self.exact or reads(node, node.index) or node.sort is not None
        counted = counted or (node.take is not None and not self.is_first_found(node))
        with self.inside() as body, self.at(node):
            self.source = self.pointers.get(node.item)
            self.homes[node.item] = len(self.blocks) - 1
            null = is_none(name(item))
            if node.keep_null:
                self.add(ast.If(null, [ast.Assign([ast.Name(item, ast.Store())], self.mark("NULL"), lineno=0)], []))
            elif self.exact or not self.facts.never_null(node):
                self.add(ast.If(null, [ast.Continue()], []))
            self.block.present.update((item, index))
            if self.exact:
                self.guarded_loop(body)
            with self.notes.loop():
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
            with self.notes.loop():
                yield
        self.finish_loop(body)
        names: list[ast.expr] = [ast.Name(each, ast.Store()) for each in ("_", index, item)]
        items = name(chosen) if isinstance(chosen, str) else chosen
        with self.at(node):
            self.add(ast.For(ast.Tuple(names, ast.Store()), items, body, [], lineno=0))

    def guarded_loop(self, body: list[ast.stmt]) -> None:
        """In exact code a failure in one item is noted and the next one follows."""
        self.loop_starts.append(len(body) if self.nesting < MOST_GUARDS else -1)
        self.nesting += 2

    def finish_loop(self, body: list[ast.stmt]) -> None:
        if not self.exact:
            if not body:
                body.append(ast.Pass())
            return
        start = self.loop_starts.pop()
        self.nesting -= 2
        if start < 0:
            return
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
        with self.at(node.body, *(() if node.key is not None or node.strict else (Length(variable),))):
            if node.key is None:
                value = self.value(node.body) if node.strict else self.member_value(node.body)
                if node.strict:
                    self.add(ast.If(is_none(value), [assign_none(variable), ast.Break()], []))
                    self.block.present.add(value.id) if isinstance(value, ast.Name) else None
                self.append(variable, value, node.body)
                return
            key = self.value(node.key)
            if not self.is_present(key):
                self.add(ast.If(is_none(key), [ast.Continue()], []))
                if isinstance(key, ast.Name):
                    self.block.present.add(key.id)
            value = self.value(node.body)
            put = {"error": "put_once", "first": "put_first", "last": "put_last", "collect": "collect"}[node.repeated]
            with self.at(node.key):
                absent = [operand for operand in (key, value) if not self.is_present(operand)]
                last = self.final(node.body, value)
                statements: list[ast.stmt] = [ast.Expr(self.call(put, name(variable), key, last))]
                if put == "put_once" and not self.exact and self.facts.types(node.key) == STRING:
                    repeated = ast.Compare(key, [ast.In()], [name(variable)])
                    statements = [ast.If(repeated, statements, []), assign_item(variable, key, last)]
                if absent:
                    tests = [is_not_none(operand) for operand in absent]
                    test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
                    statements = [ast.If(test, statements, [])]
                for statement in statements:
                    self.add(statement)
