"""Code that counts which fields of decoded documents are lost.

Takes what can be lost at each place (`casemap.analysis.losses`) and the shape of the documents; gives the generator
`lost`, which counts in how many of the documents that it is sent each such field has a value. Its counts are variables
of its own, the fastest that Python has, and no document is kept for it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator
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
    """`lost` counts documents that it is sent, and yields for None how many of them lose each of `fields`, and others.

    `sees_all` says that no member inside of them that a schema does not name would have to be counted.
    """

    source_code: str
    lost: Callable[[], Generator[Any, Any, None]]
    fields: tuple[Loss, ...]
    sees_all: bool

    def start(self) -> Callable[[Any], Any]:
        """A count that begins: to be called with documents, in the end with None."""
        counting = self.lost()
        next(counting)
        return counting.send


def losing_of(losses: Losses, shape: Shape, others: Others) -> Losing:
    """The counting of what documents of a shape lose."""
    coder = _Coder()
    body = coder.document(losses._root, shape)
    module = ast.fix_missing_locations(ast.Module([coder.function(body)], []))
    from msgspec import UNSET, Struct

    namespace: dict[str, Any] = {"UNSET": UNSET, "Struct": Struct, "find": find, "others_of": others.of, **coder.places}
    lost = made(module, "lost", namespace, "<casemap lost>")
    return Losing(ast.unparse(module), lost, tuple(coder.counted), coder.sees_all)


@dataclass(slots=True)
class _Coder:
    counted: dict[Loss, int] = field(default_factory=dict)
    flags: set[int] = field(default_factory=set)
    places: dict[str, Any] = field(default_factory=dict)
    variables: int = 0
    sees_all: bool = True

    def function(self, body: list[ast.stmt]) -> ast.FunctionDef:
        zero: list[ast.stmt] = [_set(f"count_{number}", ast.Constant(0)) for number in self.counted.values()]
        reset: list[ast.stmt] = [_set(f"flag_{number}", ast.Constant(False)) for number in sorted(self.flags)]
        found: list[ast.stmt] = [_set("found", ast.Dict([], []))] if self.places else []
        add: list[ast.stmt] = [ast.If(name(f"flag_{number}"), [_more(number)], []) for number in sorted(self.flags)]
        if self.places:
            add.append(_MERGE)
        take = _set("document", ast.Yield())
        loop = ast.While(is_not_none(name("document")), [*found, *reset, *body, *add, take], [])
        counts = ast.Tuple([name(f"count_{number}") for number in self.counted.values()], ast.Load())
        tell = ast.Expr(ast.Yield(ast.Tuple([counts, name("others")], ast.Load())))
        start = [*zero, _set("others", ast.Dict([], [])), take]
        arguments = ast.arguments([], [], None, [], [], None, [])
        return ast.FunctionDef(name="lost", args=arguments, body=[*start, loop, tell], decorator_list=[])

    def document(self, place: Any, shape: Shape) -> list[ast.stmt]:
        """Statements for a document: those of its members that the schema does not name are plain values."""
        if place is None or isinstance(place, tuple):
            return self.place(place, shape, name("document"), looped=False)
        body = self.members(place, replace(shape, closed=True), name("document"), looped=False)
        if place.others is None or shape.closed:
            return body
        self.places["document_place"] = place
        others = _set("others_found", ast.Call(name("others_of"), [name("document")], []))
        called = ast.Expr(ast.Call(name("find"), [name("others_found"), name("document_place"), name("found")], []))
        return [*body, others, ast.If(is_not_none(name("others_found")), [called], [])]

    def place(self, place: Any, shape: Shape, value: ast.expr, *, looped: bool) -> list[ast.stmt]:
        """Statements for a value that is there, and no null."""
        if place is None or shape.never:
            return []
        if isinstance(place, tuple):
            return [self.count(place, looped)]
        if shape.anything:
            known = f"place_{len(self.places)}"
            self.places[known] = place
            return [ast.Expr(ast.Call(name("find"), [value, name(known), name("found")], []))]
        parts: list[tuple[ast.expr | None, list[ast.stmt]]] = []
        if shape.items is not None:
            parts.append((is_type(value, "list"), self.items(place, shape.items, value)))
        if shape.members is not None:
            is_record = ast.Call(name("isinstance"), [value, name("Struct")], [])
            parts.append((is_record, self.members(place, shape, value, looped or shape.is_mixed)))
        if shape.kinds - {"null"}:
            parts.append((None, [] if place.own is None else [self.count(place.own, looped or shape.is_mixed)]))
        if not shape.is_mixed:
            return [statement for _, body in parts for statement in body]
        chain: list[ast.stmt] = []
        for test, body in reversed(parts):
            chain = body if test is None else [ast.If(test, body or [ast.Pass()], chain)]
        return chain

    def members(self, place: Any, shape: Shape, value: ast.expr, looped: bool) -> list[ast.stmt]:
        if place.others is not None and not shape.closed:
            self.sees_all = False
        statements: list[ast.stmt] = []
        for known, member in (shape.members or {}).items():
            statements += self.member(place.members.get(known, place.others), member, value, looped)
        return statements

    def member(self, place: Any, member: Member, value: ast.expr, looped: bool) -> list[ast.stmt]:
        self.variables += 1
        variable = f"value_{self.variables}"
        body = self.place(place, member.shape, name(variable), looped=looped)
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
        body = self.place(place, shape, name(variable), looped=True)
        if not body:
            return []
        if shape.nullable:
            body = [ast.If(is_not_none(name(variable)), body, [])]
        return [ast.For(ast.Name(variable, ast.Store()), value, body, [])]

    def count(self, loss: Loss, looped: bool) -> ast.stmt:
        """One more document; by a flag where the same document can come here again."""
        number = self.counted.setdefault(loss, len(self.counted))
        if not looped:
            return _more(number)
        self.flags.add(number)
        return _set(f"flag_{number}", ast.Constant(True))


_MERGE = ast.parse("for loss in found.items():\n    others[loss] = others.get(loss, 0) + 1").body[0]


def _set(variable: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(variable, ast.Store())], value, lineno=0)


def _more(number: int) -> ast.stmt:
    return ast.AugAssign(ast.Name(f"count_{number}", ast.Store()), ast.Add(), ast.Constant(1))
