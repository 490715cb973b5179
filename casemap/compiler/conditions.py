"""Conditions, and the values that they choose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from casemap.analysis.presence import BOOLEAN, NUMBER, STRING
from casemap.compiler.paths import PathEmitter
from casemap.compiler.python_ast import (
    NONE,
    if_exp,
    is_mark,
    is_none,
    is_not_none,
    is_type,
    name,
)
from casemap.compiler.tree_reads import path_reads
from casemap.mapping.core import (
    Call,
    Coalesce,
    Const,
    If,
    Node,
)  # fmt: skip
from casemap.mapping.rules import may_hold_null

__all__ = ["ConditionEmitter"]


LONG_CHAIN = 6
"""Branches and options of so many are nested; more stand one after the other."""


def chain_length(node: Node) -> int:
    """How many branches follow each other."""
    length = 0
    while isinstance(node, If):
        node = node.otherwise
        length += 1
    return length


class ConditionEmitter(PathEmitter):
    """Conditions, and the values that they choose."""

    def test(self, node: Call) -> ast.expr | None:
        """A test or comparison as a Python condition, where a plain one says the same."""
        sign = node.function.name
        if sign == "is none":
            operand = self.value(node.arguments[0])
            if not may_hold_null(node.arguments[0]):
                # computed all the same: what fails in it rejects
                return ast.Constant(False)
            return is_mark(operand, self.mark("NULL"))
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
        if isinstance(left, Const) and isinstance(right, Const):
            return ast.Constant(node.function.implementation(left.value, right.value))
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
        if chain_length(node) > LONG_CHAIN:
            return self.flat(node)
        variable = self.variable(self.result_name("value"))
        with self.inside() as then, self.branch(node.then):
            self.note_presence(test)
            first = self.value(node.then)
            first_present = self.is_present(first)
            self.assign(variable, first)
        with self.inside() as otherwise, self.branch(node.otherwise):
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

    def flat(self, node: If) -> ast.expr:
        """A long chain of branches one after the other: Python nests no deeper than a hundred levels."""
        variable = self.variable(self.result_name("value"))
        self.assign(variable, self.mark("UNSET"))
        undecided = is_mark(name(variable), self.mark("UNSET"))
        current: Node = node
        while isinstance(current, If):
            with self.inside() as body:
                with self.at(current.test):
                    test = self.condition(current.test)
                with self.inside() as then:
                    self.assign(variable, self.value(current.then))
                self.add(ast.If(test, then, []))
            self.add(ast.If(undecided, body, []))
            current = current.otherwise
        with self.inside() as body:
            self.assign(variable, self.value(current))
        self.add(ast.If(undecided, body, []))
        return name(variable)

    @contextmanager
    def branch(self, node: Node) -> Iterator[None]:
        """What only this branch reads is fetched inside of it."""
        if self.exact:
            yield
            return
        self.branches.append((len(self.blocks) - 1, path_reads(node)))
        try:
            yield
        finally:
            self.branches.pop()

    def note_presence(self, test: ast.expr) -> None:
        """Inside of `if x is not None` the name x is present."""
        match test:
            case ast.Name(id=found) if found in self.tests:
                self.note_presence(self.tests[found])
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
        if len(node.options) > LONG_CHAIN:
            for option in node.options[1:]:
                self.otherwise(variable, (option,))
            return name(variable)
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
