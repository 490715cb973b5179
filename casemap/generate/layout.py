"""The layout of statements with rules in them: black's and ruff's, so that formatters leave generated modules alone.

The generator lays out what it wrote itself; a rule is a schema in its midst, which it cannot.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from typing import Any

__all__ = ["LINE_LENGTH", "literal", "statement"]

LINE_LENGTH = 120
_STEP = 4


def statement(node: ast.stmt, indent: int, keyword: str = "") -> str:
    """An annotated or plain assignment, or the head of a class, laid out; `keyword` stands before it."""
    space = " " * indent
    match node:
        case ast.AnnAssign(target=target, annotation=annotation, value=None):
            return f"{space}{_expression(annotation, indent, f'{_flat(target)}: ')}"
        case ast.AnnAssign(target=target, annotation=annotation, value=ast.expr() as value):
            head, end = f"{_flat(target)}: ", _flat(value)
            flat = _flat(annotation)
            if _fits(f"{head}{flat} = (", indent) and not _fits(f"{head}{flat} = {end}", indent):
                return f"{space}{head}{flat} = (\n{space}    {end}\n{space})"
            if isinstance(annotation, ast.BinOp) and not _fits(f"{head}{flat} = {end}", indent):
                lines = _expression(annotation, indent + _STEP)
                return f"{space}{_block(f'{head}(', [lines], f') = {end}', indent)}"
            return f"{space}{_expression(annotation, indent, head, f' = {end}')}"
        case ast.Assign(targets=[target], value=value):
            return f"{space}{_expression(value, indent, f'{keyword}{_flat(target)} = ')}"
        case ast.ClassDef(name=name, bases=bases):
            return f"{space}{_brackets(f'class {name}(', bases, '):', indent)}"
        case _:
            raise TypeError(f"no layout is known for {type(node).__name__}")


def literal(value: Any) -> str:
    """A JSON value in Python, on one line."""
    match value:
        case str():
            text = json.dumps(value, ensure_ascii=False)
            if value.count('"') <= value.count("'"):
                return text
            return "'" + text[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        case dict():
            return "{" + ", ".join(f"{literal(key)}: {literal(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(literal, value)) + "]"
        case float():
            return repr(value).replace("e+", "e")
        case _:
            return repr(value)


def _fits(text: str, indent: int) -> bool:
    return indent + len(text) <= LINE_LENGTH


def _expression(node: ast.expr, indent: int, before: str = "", after: str = "") -> str:
    """An expression between two texts of its line; further lines begin `indent` columns in, or deeper."""
    flat = f"{before}{_flat(node)}{after}"
    if _fits(flat, indent):
        return flat
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            return _brackets(f"{before}{_flat(func)}(", [*args, *keywords], f"){after}", indent)
        case ast.Subscript(value=value, slice=inner):
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return _brackets(f"{before}{_flat(value)}[", items, f"]{after}", indent)
        case ast.List(elts=items) if items:
            return _exploded(f"{before}[", items, f"]{after}", indent)
        case ast.Dict(keys=keys, values=values) if keys:
            lines = [_expression(value, indent + _STEP, f"{_flat(key)}: ", ",") for key, value in _pairs(keys, values)]
            return _block(f"{before}{{", lines, f"}}{after}", indent)
        case ast.BinOp() if not before:
            first, *others = _operands(node)
            lines = [_expression(first, indent), *(_expression(each, indent, "| ") for each in others)]
            return f"\n{' ' * indent}".join(lines) + after
        case _:
            return flat


def _brackets(start: str, items: Sequence[ast.expr | ast.keyword], end: str, indent: int) -> str:
    """A call or subscript: on one line, with its items on one line of their own, or with a line for each."""
    flat = ", ".join(map(_flat, items))
    if _fits(f"{start}{flat}{end}", indent):
        return f"{start}{flat}{end}"
    if _fits(flat, indent + _STEP):
        return _block(start, [flat], end, indent)
    return _exploded(start, items, end, indent, comma="," if len(items) > 1 else "")


def _exploded(start: str, items: Sequence[ast.expr | ast.keyword], end: str, indent: int, comma: str = ",") -> str:
    lines = [
        _expression(item, indent + _STEP, "", comma)
        if isinstance(item, ast.expr)
        else _expression(item.value, indent + _STEP, f"{item.arg}=", comma)
        for item in items
    ]
    return _block(start, lines, end, indent)


def _block(start: str, lines: Sequence[str], end: str, indent: int) -> str:
    space = " " * (indent + _STEP)
    return "\n".join([start, *(f"{space}{line}" for line in lines), f"{' ' * indent}{end}"])


def _operands(node: ast.expr) -> list[ast.expr]:
    return [*_operands(node.left), node.right] if isinstance(node, ast.BinOp) else [node]


def _pairs(keys: Sequence[ast.expr | None], values: Sequence[ast.expr]) -> list[tuple[ast.expr, ast.expr]]:
    return [(key, value) for key, value in zip(keys, values, strict=True) if key is not None]


def _flat(node: ast.AST) -> str:
    """A node on one line, its texts in double quotes."""
    match node:
        case ast.Constant(value=value):
            return literal(value)
        case ast.keyword(arg=name, value=value):
            return f"{name}={_flat(value)}"
        case ast.Call(func=func, args=args, keywords=keywords):
            return f"{_flat(func)}({', '.join(map(_flat, [*args, *keywords]))})"
        case ast.Subscript(value=value, slice=ast.Tuple(elts=items)):
            return f"{_flat(value)}[{', '.join(map(_flat, items))}]"
        case ast.Subscript(value=value, slice=inner):
            return f"{_flat(value)}[{_flat(inner)}]"
        case ast.BinOp(left=left, right=right):
            return f"{_flat(left)} | {_flat(right)}"
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_flat(operand)}"
        case ast.List(elts=items):
            return f"[{', '.join(map(_flat, items))}]"
        case ast.Dict(keys=keys, values=values):
            return "{" + ", ".join(f"{_flat(key)}: {_flat(value)}" for key, value in _pairs(keys, values)) + "}"
        case _:
            return ast.unparse(node)
