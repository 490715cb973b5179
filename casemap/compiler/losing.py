"""Code that marks which fields of a decoded document are lost.

Takes what can be lost at each place (`casemap.analysis.losses`) and the shape of the documents; gives the function
`lost`, whose result says of a document in which of these fields it has a value. Documents of an archive have few such
results among them, so that counting them is left to the end of a block.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.analysis.losses import Losses
from casemap.analysis.losses import _find as find
from casemap.compiler.execution import made
from casemap.compiler.others import Others
from casemap.compiler.python_ast import is_mark, is_not_none, is_type, name
from casemap.compiler.shape import Member, Shape

__all__ = ["Losing", "losing_of"]

Loss = tuple[str, str]
"""The path of a field, and why it is left behind."""


@dataclass(frozen=True, slots=True)
class Losing:
    """`lost` gives the mark of a document, and `counts` how many documents with such marks lose each field.

    A mark is a number with a bit for each field of `fields`, or that with the fields that only the document has told.
    `sees_all` says that no member inside of a document that a schema does not name would have to be counted.
    """

    source_code: str
    lost: Callable[[Any], Any]
    fields: tuple[Loss, ...]
    sees_all: bool

    def counts(self, marks: Sequence[Any]) -> dict[Loss, int]:
        """How many documents lose each field."""
        found: dict[Loss, int] = {}
        for mark, count in Counter(marks).items():
            bits, others = mark if isinstance(mark, tuple) else (mark, ())
            fields = (field for number, field in enumerate(self.fields) if bits >> number & 1)
            for each in (*fields, *others):
                found[each] = found.get(each, 0) + count
        return found


def losing_of(losses: Losses, shape: Shape, others: Others) -> Losing:
    """What marks the losses of documents of a shape."""
    coder = _Coder()
    body = coder.document(losses._root, shape)
    module = ast.fix_missing_locations(ast.Module([coder.function(body)], []))
    from msgspec import UNSET, Struct

    namespace: dict[str, Any] = {"UNSET": UNSET, "Struct": Struct, "find": find, "others_of": others.of, **coder.places}
    lost = made(module, "lost", namespace, "<casemap lost>")
    return Losing(ast.unparse(module), lost, tuple(coder.fields), coder.sees_all)


@dataclass(slots=True)
class _Coder:
    fields: dict[Loss, int] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)
    variables: int = 0
    sees_all: bool = True

    def function(self, body: list[ast.stmt]) -> ast.FunctionDef:
        bits: ast.expr = name("bits")
        start: list[ast.stmt] = [_set("bits", ast.Constant(0))]
        if self.places:
            start.append(_set("found", ast.Dict([], [])))
            items = ast.Call(ast.Attribute(name("found"), "items", ast.Load()), [], [])
            told = ast.Tuple([bits, ast.Call(name("tuple"), [items], [])], ast.Load())
            bits = ast.IfExp(name("found"), told, bits)
        arguments = ast.arguments([], [ast.arg("document")], None, [], [], None, [])
        return ast.FunctionDef(name="lost", args=arguments, body=[*start, *body, ast.Return(bits)], decorator_list=[])

    def document(self, place: Any, shape: Shape) -> list[ast.stmt]:
        """Statements for a document: those of its members that the schema does not name are plain values."""
        if place is None or isinstance(place, tuple):
            return self.place(place, shape, name("document"))
        body = self.members(place, replace(shape, closed=True), name("document"))
        if place.others is None or shape.closed:
            return body
        self.places["document_place"] = place
        others = _set("others_found", ast.Call(name("others_of"), [name("document")], []))
        called = ast.Expr(ast.Call(name("find"), [name("others_found"), name("document_place"), name("found")], []))
        return [*body, others, ast.If(is_not_none(name("others_found")), [called], [])]

    def place(self, place: Any, shape: Shape, value: ast.expr) -> list[ast.stmt]:
        """Statements for a value that is there, and no null."""
        if place is None or shape.never:
            return []
        if isinstance(place, tuple):
            return [self.mark(place)]
        if shape.anything:
            known = f"place_{len(self.places)}"
            self.places[known] = place
            return [ast.Expr(ast.Call(name("find"), [value, name(known), name("found")], []))]
        parts: list[tuple[ast.expr | None, list[ast.stmt]]] = []
        if shape.items is not None:
            parts.append((is_type(value, "list"), self.items(place, shape.items, value)))
        if shape.members is not None:
            is_record = ast.Call(name("isinstance"), [value, name("Struct")], [])
            parts.append((is_record, self.members(place, shape, value)))
        if shape.kinds - {"null"}:
            parts.append((None, [] if place.own is None else [self.mark(place.own)]))
        if not shape.is_mixed:
            return [statement for _, body in parts for statement in body]
        chain: list[ast.stmt] = []
        for test, body in reversed(parts):
            chain = body if test is None else [ast.If(test, body or [ast.Pass()], chain)]
        return chain

    def members(self, place: Any, shape: Shape, value: ast.expr) -> list[ast.stmt]:
        if place.others is not None and not shape.closed:
            self.sees_all = False
        statements: list[ast.stmt] = []
        for known, member in (shape.members or {}).items():
            statements += self.member(place.members.get(known, place.others), member, value)
        return statements

    def member(self, place: Any, member: Member, value: ast.expr) -> list[ast.stmt]:
        self.variables += 1
        variable = f"value_{self.variables}"
        body = self.place(place, member.shape, name(variable))
        if not body:
            return []
        tests = [is_not_none(name(variable))]
        if member.unset:
            tests.append(ast.UnaryOp(ast.Not(), is_mark(name(variable), name("UNSET"))))
        test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), list(tests))
        return [_set(variable, ast.Attribute(value, member.attribute, ast.Load())), ast.If(test, body, [])]

    def items(self, place: Any, shape: Shape, value: ast.expr) -> list[ast.stmt]:
        self.variables += 1
        variable = f"value_{self.variables}"
        body = self.place(place, shape, name(variable))
        if not body:
            return []
        if shape.nullable:
            body = [ast.If(is_not_none(name(variable)), body, [])]
        return [ast.For(ast.Name(variable, ast.Store()), value, body, [])]

    def mark(self, loss: Loss) -> ast.stmt:
        """The document has a value in the field."""
        bit = 1 << self.fields.setdefault(loss, len(self.fields))
        return ast.AugAssign(ast.Name("bits", ast.Store()), ast.BitOr(), ast.Constant(bit))


def _set(variable: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(variable, ast.Store())], value, lineno=0)
