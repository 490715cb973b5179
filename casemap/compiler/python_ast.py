"""Small pieces of Python syntax trees."""

from __future__ import annotations

import ast
from typing import Any

__all__ = [
    "NONE",
    "any_none",
    "assign_item",
    "assign_none",
    "if_exp",
    "is_mark",
    "is_none",
    "is_not_none",
    "is_type",
    "json_expression",
    "name",
]

NONE = ast.Constant(None)


def name(identifier: str) -> ast.Name:
    return ast.Name(identifier, ast.Load())


def is_none(operand: ast.expr) -> ast.expr:
    if isinstance(operand, ast.Constant):
        return ast.Constant(operand.value is None)
    return ast.Compare(operand, [ast.Is()], [NONE])


def is_not_none(operand: ast.expr) -> ast.expr:
    if isinstance(operand, ast.Constant):
        return ast.Constant(operand.value is not None)
    return ast.Compare(operand, [ast.IsNot()], [NONE])


def is_mark(operand: ast.expr, mark: ast.expr) -> ast.expr:
    if isinstance(operand, ast.Constant):
        return ast.Constant(False)
    return ast.Compare(operand, [ast.Is()], [mark])


def is_type(operand: ast.expr, kind: str) -> ast.expr:
    return ast.Compare(ast.Call(name("type"), [operand], []), [ast.Is()], [name(kind)])


def any_none(operands: list[ast.expr]) -> ast.expr:
    tests = [is_none(operand) for operand in {ast.dump(operand): operand for operand in operands}.values()]
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)


def if_exp(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    if isinstance(test, ast.Constant):
        return then if test.value else otherwise
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
