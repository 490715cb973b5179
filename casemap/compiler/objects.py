"""Objects: members in order, computed names, spreads."""

from __future__ import annotations

import ast

from casemap.analysis.presence import ARRAY, OBJECT, STRING
from casemap.compiler.calls import CallEmitter
from casemap.compiler.python_ast import (
    NONE,
    any_none,
    assign_item,
    assign_none,
    if_exp,
    is_none,
    is_not_none,
    name,
)
from casemap.mapping.core import (
    Computed,
    Member,
    Node,
    Object,
    Rest,
    Spread,
)  # fmt: skip

__all__ = ["ObjectEmitter"]


class ObjectEmitter(CallEmitter):
    """Objects: members in order, computed names, spreads."""

    def object(self, node: Object, left_empty: bool = False) -> ast.expr:
        """An object; one that is absent may be left empty where the caller asks for its truth."""
        if any(isinstance(part, Computed) for part in node.parts):
            return self.assembled(node)
        if node.absent == "any":
            return self.whole(node)
        variable = self.variable(self.result_name("result"))
        parts = list(node.parts)
        present = self.start(variable, parts) or node.absent == "never"
        spreads: list[ast.expr] = []
        for part in parts:
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

    def start(self, variable: str, parts: list[Member | Computed | Spread]) -> bool:
        """The object with those of its first members that are always there; takes them from the parts."""
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        while parts and isinstance(parts[0], Member) and not self.exact and self.facts.present(parts[0].value):
            part = parts[0]
            with self.at(part.value, part.key):
                value = self.value(part.value)
            if not self.is_present(value):
                # known by its tree, but not by its code: it is put in like any other
                self.assign(variable, ast.Dict(keys, values))
                self.add(ast.If(is_not_none(value), [assign_item(variable, ast.Constant(part.key), value)], []))
                parts.pop(0)
                return bool(keys)
            parts.pop(0)
            keys.append(ast.Constant(part.key))
            values.append(self.final(part.value, value))
        self.assign(variable, ast.Dict(keys, values))
        return bool(keys)

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

    def is_falsy_when_absent(self, node: Node) -> bool:
        """Whether a node is an object that is left empty where it is absent, and never empty where it is there."""
        plain = isinstance(node, Object) and all(isinstance(part, Member) for part in node.parts)
        return plain and isinstance(node, Object) and node.absent == "every"

    def declared(self, node: Object) -> ast.expr:
        keys = frozenset(part.key for part in node.parts if isinstance(part, Member))
        elements: list[ast.expr] = [ast.Constant(key) for key in sorted(keys)]
        called = ast.Call(ast.Name("frozenset", ast.Load()), [ast.Tuple(elements, ast.Load())] if elements else [], [])
        return self.assigned("declared", called)

    def spread_part(self, variable: str, part: Spread, node: Object) -> ast.expr:
        if self.spreads_first(part, node):
            assert isinstance(part.value, Object)  # noqa: S101 - just asked
            for member in part.value.parts:
                if isinstance(member, Member):
                    self.member(variable, member)
            return NONE
        with self.at(part.value):
            spread = self.guarded(lambda: self.value(part.value), "spread")
            put = ast.Expr(
                self.call("spread", name(variable), spread, self.declared(node), ast.Constant(part.drop_on_collision))
            )
            self.span = part.span
            test = is_not_none(spread)
            if not self.exact and (self.facts.types(part.value) or STRING) <= ARRAY | OBJECT:
                test = spread  # nothing is spread of what is empty
            puts: list[ast.stmt] = [put]
            if not self.exact and self.facts.types(part.value) == OBJECT:
                puts = self.spread_members(variable, spread, put, self.declared(node))
            statements = puts if self.is_present(spread) else [ast.If(test, puts, [])]
            for statement in statements:
                self.attempt(statement)
        return spread

    def spread_members(self, variable: str, spread: ast.expr, put: ast.stmt, declared: ast.expr) -> list[ast.stmt]:
        """Members put one by one where none collides; else the whole as ever, which rejects or leaves some out."""
        one = self.variable("name")
        taken = [ast.Compare(name(one), [ast.In()], [names]) for names in (declared, name(variable))]
        collides = ast.If(ast.BoolOp(ast.Or(), list(taken)), [put, ast.Break()], [])
        item = ast.Subscript(spread, name(one), ast.Load())
        return [
            ast.For(
                ast.Name(one, ast.Store()), spread, [collides, assign_item(variable, name(one), item)], [], lineno=0
            )
        ]

    def spreads_first(self, part: Spread, node: Object) -> bool:
        """Whether a spread is of an object that is written out and can collide with nothing before it."""
        if self.exact or node.absent != "never" or not isinstance(part.value, Object) or part.value.absent == "any":
            return False
        spreads = [each for each in node.parts if isinstance(each, Spread)]
        declared = {each.key for each in node.parts if isinstance(each, Member)}
        names = [each.key for each in part.value.parts if isinstance(each, Member)]
        return part is spreads[0] and len(names) == len(part.value.parts) and declared.isdisjoint(names)

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
            members = [(part.key, self.final(part.value, value)) for part, value in values if isinstance(part, Member)]
            plain = len(members) == len(values)
            keys: list[ast.expr | None] = [ast.Constant(key) for key, _ in members]
            self.assign(variable, ast.Dict(keys, [value for _, value in members]) if plain else ast.Dict([], []))
            for part, value in [] if plain else values:
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
                value = self.guarded(lambda part=part, key=key: self.named_value(part.value, key), "field")
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
        computed = next(part for part in node.parts if isinstance(part, Computed))
        with self.at(computed.key):
            self.attempt(ast.Assign([ast.Name(variable, ast.Store())], made, lineno=0))
        if node.absent == "never" and not self.exact:
            self.block.present.add(variable)
        return name(variable)

    def named_value(self, node: Node, key: ast.expr) -> ast.expr:
        """A member's value, which is not computed where its name is absent."""
        if self.is_present(key):
            return self.value(node)
        variable = self.variable("field")
        with self.inside() as body:
            self.assign(variable, self.value(node))
        self.add(ast.If(is_none(key), [assign_none(variable)], body))
        return name(variable)

    def rest(self, node: Rest) -> ast.expr:
        value = self.value(node.value)
        if self.shapes is not None and self.shapes.is_record(node.value):
            # of the document alone: the rest of closed objects is no part of the tree
            with self.at(node):
                rest_of = self.shapes.others.rest_of
                called = self.constant_object("rest_of", ("rest",), rest_of, recipe=("own", "rest_of"))
                return self.assign(self.variable("others"), ast.Call(called, [value], []))
        elements: list[ast.expr] = [ast.Constant(key) for key in sorted(node.declared)]
        called = ast.Call(ast.Name("frozenset", ast.Load()), [ast.Tuple(elements, ast.Load())] if elements else [], [])
        variable = self.variable("rest_of")
        with self.at(node):
            return self.assign(variable, self.call("rest", value, self.assigned("known", called)))
