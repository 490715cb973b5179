"""Code that gathers from decoded documents what the validator has yet to look at.

Takes a shape and gives statements that put the values of a document that have a schema `left` into lists, one a schema,
so that one call of the validator decides on those of many documents.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from casemap.compiler.globals import Recipe
from casemap.compiler.line_trees import Gathered, objects_of
from casemap.compiler.others import Others
from casemap.compiler.python_ast import is_mark, is_not_none, is_type, name
from casemap.compiler.shape import Member, Shape

__all__ = ["Gathering", "gathering_of"]

_ALTERNATIVES = frozenset(("$ref", "allOf", "anyOf", "const", "enum", "if", "not", "oneOf"))
"""Keywords that say of a null too whether it is valid, whatever the type."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Statements that gather from `document`, the objects that they name with recipes, and the lists that they fill."""

    statements: list[ast.stmt]
    namespace: dict[str, Any]
    recipes: dict[str, Recipe]
    lists: tuple[Gathered, ...]


def gathering_of(shape: Shape, others: Others) -> Gathering:
    """The code for documents of a shape. Its names begin with an underscore, as no others of compiled code do."""
    gatherer = _Gatherer()
    statements = gatherer.of(shape, name("document"))
    lists = tuple(gatherer.lists.values())
    objects = objects_of(others, lists)
    namespace = {f"_{known}": value for known, value in objects.items()}
    return Gathering(statements, namespace, {f"_{known}": ("own", known) for known in objects}, lists)


def _leaves(shape: Shape | None) -> bool:
    """Whether anything in a shape is left to the validator."""
    if shape is None:
        return False
    below = [member.shape for member in (shape.members or {}).values()]
    return shape.left is not None or any(_leaves(each) for each in [*below, shape.items])


@dataclass(slots=True)
class _Gatherer:
    lists: dict[str, Gathered] = field(default_factory=dict)
    variables: int = 0

    def of(self, shape: Shape, value: ast.expr) -> list[ast.stmt]:
        """Statements that gather from a value that is there, and no null."""
        if shape.left is not None:
            return [_call("append", self.number(shape.left), value)]
        parts: list[tuple[ast.expr, list[ast.stmt]]] = []
        if shape.items is not None and _leaves(shape.items):
            parts.append((is_type(value, "list"), self.items(shape.items, value)))
        if shape.members is not None and (body := self.members(shape.members, value)):
            is_record = ast.Call(name("isinstance"), [value, name("_Struct")], [])
            parts.append((is_record, body))
        if not shape.is_mixed:
            return [statement for _, body in parts for statement in body]
        chain: list[ast.stmt] = []
        for test, body in reversed(parts):
            # what is neither an array nor a scalar is an object
            last = test is parts[-1][0] and len(parts) > 1 and not shape.kinds - {"null"}
            chain = body if last else [ast.If(test, body, chain)]
        return chain

    def members(self, members: dict[str, Member], value: ast.expr) -> list[ast.stmt]:
        """Texts of one schema are put into its list at once; None, for one that is not there, is allowed there."""
        statements: list[ast.stmt] = []
        together: dict[int, list[ast.expr]] = {}
        for member in members.values():
            held = ast.Attribute(value, member.attribute, ast.Load())
            if member.shape.left is not None and not member.shape.nullable:
                left = member.shape.left if member.required else _or_absent(member.shape.left)
                number = self.number(left)
                together.setdefault(number, []).append(held)
            elif _leaves(member.shape):
                statements += self.member(member, held)
        gathered = [
            _call("append", number, held[0]) if len(held) == 1 else _call("extend", number, ast.Tuple(held, ast.Load()))
            for number, held in together.items()
        ]
        return [*gathered, *statements]

    def member(self, member: Member, held: ast.expr) -> list[ast.stmt]:
        variable = self.variable()
        take: ast.stmt = ast.Assign([ast.Name(variable, ast.Store())], held, lineno=0)
        there = [is_not_none(name(variable))] if member.shape.left is None else []
        if member.unset:
            there.append(ast.UnaryOp(ast.Not(), is_mark(name(variable), name("_UNSET"))))
        return [take, *_where(there, self.of(member.shape, name(variable)))]

    def items(self, items: Shape, value: ast.expr) -> list[ast.stmt]:
        if items.left is not None:
            return [_call("extend", self.number(items.left), value)]
        variable = self.variable()
        body = self.of(items, name(variable))
        there = [is_not_none(name(variable))] if items.nullable else []
        return [ast.For(ast.Name(variable, ast.Store()), value, _where(there, body), [], lineno=0)]

    def variable(self) -> str:
        self.variables += 1
        return f"_value_{self.variables}"

    def number(self, schema: Any) -> int:
        """The list of a schema."""
        key = json.dumps(schema, sort_keys=True)
        self.lists.setdefault(key, Gathered(schema))
        return list(self.lists).index(key)


def _or_absent(schema: Any) -> Any:
    """The schema, with null for a member that is not there."""
    plain = isinstance(schema, dict) and not schema.keys() & _ALTERNATIVES
    if plain and isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _call(method: str, number: int, value: ast.expr) -> ast.stmt:
    return ast.Expr(ast.Call(name(f"_{method}_{number}"), [value], []))


def _where(tests: Sequence[ast.expr], body: list[ast.stmt]) -> list[ast.stmt]:
    if not tests:
        return body
    return [ast.If(tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), list(tests)), body, [])]
