"""Core trees to Python: one function of straight-line statements, built as `ast` nodes.

Takes a tree over one document symbol and gives a module tree, the objects that it names, and for each statement the
place of the mapping that it came from. In generated code None stands for absent.

A *fast* function trusts that steps lead into objects and stops at the first failure, with whatever exception Python
raises; an *exact* one checks every step, goes on after a failure and notes each. Both come from the same nodes.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from casemap.analysis.presence import Facts
from casemap.compiler.arrays import ArrayEmitter
from casemap.compiler.gathering import Gathering
from casemap.compiler.globals import Recipe
from casemap.compiler.pointers import Pointer
from casemap.compiler.python_ast import if_exp, is_none, name
from casemap.compiler.shapes import Shapes
from casemap.compiler.tree_reads import path_reads
from casemap.mapping.core import (
    Approximate,
    Array,
    Call,
    Coalesce,
    Concat,
    Const,
    Each,
    If,
    Let,
    Lookup,
    Node,
    Object,
    Param,
    Path,
    Rest,
    Symbol,
    children,
)  # fmt: skip
from casemap.mapping.rules import may_hold_null

__all__ = ["Generated", "generate"]


@dataclass(frozen=True, slots=True)
class Generated:
    """A module with one function `convert`, what its names stand for, and its statements' origins.

    `recipes` say of the names in `namespace` how another process has what they stand for, where it can.
    """

    module: ast.Module
    namespace: dict[str, Any]
    recipes: dict[str, Recipe]
    comments: tuple[str, ...]
    noted: tuple[tuple[Approximate, Pointer | None], ...]


def generate(
    tree: Node,
    document: Symbol,
    params: dict[str, Any],
    facts: Facts,
    *,
    exact: bool = False,
    observe: bool = False,
    shapes: Shapes | None = None,
    gathering: Gathering | None = None,
    final: bool = False,
) -> Generated:
    """The code of a tree. With `exact` failures are noted and passed by; with `observe` approximations are counted.

    `params` are the values of the conversion's params; they are bound as constants. `facts` say what is always there.
    With `shapes` the function takes documents that were decoded to these; what it converts, it has gathered. With
    `shapes` or `final` it raises where the result is absent, which is `MISSING` otherwise.
    """
    generator = _Generator(document, params, facts, exact=exact, observe=observe, shapes=shapes)
    return generator.module(tree, gathering, final or shapes is not None)


def keeps_null_of(tree: Node, document: Symbol) -> bool:
    """Whether a tree gives the document as it is, a null one as well."""
    if isinstance(tree, Path) and tree.scope is document and not tree.steps:
        return tree.keep_null
    return any(keeps_null_of(child, document) for child in children(tree))


class _Generator(ArrayEmitter):
    """The whole of a module."""

    def module(self, tree: Node, gathering: Gathering | None, final: bool) -> Generated:
        self.bindings[self.document] = name("document")
        self.pointers[self.document] = ()
        self.homes[self.document] = 0
        self.span = tree.span
        if self.exact:
            self.null_document()
        else:
            if self.document in self.facts.known:
                self.block.present.add("document")
            elif keeps_null_of(tree, self.document):
                self.null_document()
            self.reads = path_reads(tree)
        result = self.guarded(lambda: self.value(tree), "result")
        if may_hold_null(tree):
            result = self.null_to_none(result if not final else self.there(result), absent=self.mark("MISSING"))
        elif not self.is_present(result):
            result = self.there(result) if final else if_exp(is_none(result), self.mark("MISSING"), result)
        if gathering is not None:
            self.block.statements.extend(gathering.statements)
            self.namespace.update(gathering.namespace)
            self.recipes.update(gathering.recipes)
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
            self.recipes,
            tuple(self.comments),
            tuple(self.notes.noted),
        )

    def there(self, result: ast.expr) -> ast.expr:
        """The result, which is not absent: that raises."""
        found = self.assign(self.variable("result"), result)
        self.add(ast.If(is_none(found), [ast.Raise(name("ValueError"))], []))
        return found

    def null_document(self) -> None:
        self.nullable.add(self.document)
        null: list[ast.stmt] = [ast.Assign([ast.Name("document", ast.Store())], self.mark("NULL"), lineno=0)]
        self.add(ast.If(is_none(name("document")), null, []))

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
