"""Expressions to core nodes: Jinja's syntax tree in, resolved and typed nodes out.

Takes a text, the scope it stands in and what the file declares; reports every problem that it finds and goes on, so
that one run shows them all. It knows nothing of rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes

from casemap.errors import Failure
from casemap.functions.operators import COMPARISONS, OPERATORS, TESTS
from casemap.functions.registry import Function, Parameter
from casemap.mapping.core import (
    ABSENT_NODE,
    Array,
    Call,
    Coalesce,
    Const,
    Each,
    If,
    Let,
    Member,
    Node,
    Object,
    Param,
    Path,
    Step,
    Symbol,
)  # fmt: skip
from casemap.mapping.jinja_syntax import STATEMENTS, SyntaxProblem, offset_of, parse_expression, parse_template
from casemap.mapping.scope import RESERVED, Names, Scope
from casemap.problem import nearest
from casemap.span import Span

__all__ = ["compile_template", "translate_expression"]

MOST_STEPS = 200
Locate = Callable[[int], Span]

_ARITHMETIC: dict[type[nodes.BinExpr], str] = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
}
_NOT_KNOWN = ("this is not allowed in an expression", "`docs/mapping-language.md` says what an expression can be.")
_NOT_ALLOWED: dict[type[nodes.Node], tuple[str, str]] = {
    nodes.Slice: ("slices are not allowed", "Write `| slice(start, stop)`."),
    nodes.Pow: ("`**` is not allowed", "Multiply with `*`."),
    nodes.Tuple: ("a tuple is not a JSON value", "Write a list: `[a, b]`."),
}


def translate_expression(text: str, scope: Scope, names: Names, locate: Locate, keep_null: bool = False) -> Node:
    """The node of an expression. `locate` gives the place of an offset of the text; problems go to `names.report`.

    With `keep_null` the null at the end of a bare path is a value.
    """
    try:
        tree = parse_expression(text)
    except SyntaxProblem as problem:
        span = locate(problem.offset)
        names.report.add(problem.code, problem.message, span, problem.help)
        return ABSENT_NODE(span)
    return _Translator(text, scope, names, locate).visit(tree, keep_null)


def compile_template(text: str, scope: Scope, names: Names, locate: Locate) -> Node:
    """The node of a template's text."""
    try:
        tree = parse_template(text)
    except SyntaxProblem as problem:
        span = locate(problem.offset)
        names.report.add(problem.code, problem.message, span, problem.help)
        return ABSENT_NODE(span)
    return _Template(text, names, locate).body(tree.body, scope, locate(0))


@dataclass(slots=True)
class _Translator:
    text: str
    scope: Scope
    names: Names
    locate: Locate

    def error(self, node: nodes.Node, code: str, message: str, help: str = "") -> Node:
        span = self.span(node)
        self.names.report.add(code, message, span, help)
        return ABSENT_NODE(span)

    def span(self, node: nodes.Node) -> Span:
        return self.locate(offset_of(node))

    def visit(self, node: nodes.Expr, keep_null: bool = False) -> Node:
        """The core node of a syntax tree."""
        span = self.span(node)
        match node:
            case nodes.Const() | nodes.TemplateData():
                return self.literal(node, keep_null)
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                return self.path(node, keep_null)
            case nodes.Filter():
                return self.filter(node)
            case nodes.Test():
                return self.test(node)
            case nodes.Compare():
                return self.comparison(node)
            case nodes.Not():
                return If(self.boolean(node.node, "not"), Const(False, span), Const(True, span), span)
            case nodes.And():
                right = If(self.boolean(node.right, "and"), Const(True, span), Const(False, span), span)
                return If(self.boolean(node.left, "and"), right, Const(False, span), span)
            case nodes.Or():
                right = If(self.boolean(node.right, "or"), Const(True, span), Const(False, span), span)
                return If(self.boolean(node.left, "or"), Const(True, span), right, span)
            case nodes.CondExpr():
                return self.conditional(node, keep_null)
            case nodes.Concat():
                return Call(OPERATORS["~"], tuple(self.visit(part) for part in node.nodes), span)
            case nodes.Neg() | nodes.Pos():
                return self.signed(node)
            case nodes.List():
                return self.list_literal(node)
            case nodes.Dict():
                return self.dict_literal(node)
            case nodes.Call():
                return self.call(node)
            case nodes.BinExpr() if type(node) in _ARITHMETIC:
                return self.arithmetic(node)
        message, help = _NOT_ALLOWED.get(
            type(node),
            _NOT_KNOWN,
        )
        return self.error(node, "CM207", message, help)

    def literal(self, node: nodes.Const | nodes.TemplateData, keep_null: bool) -> Node:
        value = node.data if isinstance(node, nodes.TemplateData) else node.value
        if isinstance(value, float) and not math.isfinite(value):
            return self.error(node, "CM206", "this number is too large")
        if isinstance(value, str):
            try:
                # two escapes of a surrogate pair are one character
                value = value.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                return self.error(node, "CM206", "half of a surrogate pair is no character", "Write the whole pair.")
        return Const(value, self.span(node), keep_null)

    # paths

    def path(self, node: nodes.Expr, keep_null: bool) -> Node:
        """A chain of members and indexes, down to the name or expression that it starts from."""
        steps: list[tuple[nodes.Expr, Step | None]] = []
        current: nodes.Expr = node
        while isinstance(current, (nodes.Getattr, nodes.Getitem)):
            steps.append((current, self.step(current)))
            current = current.node
            if len(steps) > MOST_STEPS:
                help = "Name a part of it with `let`."
                return self.error(node, "CM206", f"a path of more than {MOST_STEPS} steps", help)
        steps.reverse()
        if any(step is None for _, step in steps):
            return ABSENT_NODE(self.span(node))
        chain = tuple(step for _, step in steps if step is not None)
        if isinstance(current, nodes.Name):
            return self.named(current, chain, keep_null)
        return self.below(current, chain, keep_null)

    def step(self, node: nodes.Getattr | nodes.Getitem) -> Step | None:
        if isinstance(node, nodes.Getattr):
            return node.attr
        argument = node.arg
        if isinstance(argument, nodes.Slice):
            self.error(node, "CM207", "slices are not allowed", "Write `| slice(start, stop)`.")
            return None
        value = self.visit(argument)
        if not isinstance(value, Const):
            return value
        if isinstance(value.value, str) or (isinstance(value.value, int) and not isinstance(value.value, bool)):
            return value.value
        self.error(node, "CM207", "a step is a name in quotes or a whole number", "Write `a['name']` or `a[0]`.")
        return None

    def below(self, base: nodes.Expr, steps: tuple[Step, ...], keep_null: bool) -> Node:
        span = self.span(base)
        value = self.visit(base)
        if isinstance(value, Const) and not isinstance(value.value, (dict, list)):
            return self.error(base, "CM207", "a literal has no members")
        symbol = Symbol("value")
        return Let(symbol, value, Path(symbol, steps, span, keep_null), span)

    def named(self, node: nodes.Name, steps: tuple[Step, ...], keep_null: bool) -> Node:
        span = self.span(node)
        name = node.name
        if name in self.scope.names:
            return Path(self.scope.names[name], steps, span, keep_null)
        match name:
            case "null":
                return Const(None, span, keep_null) if not steps else self.error(node, "CM207", "null has no members")
            case "this":
                return self.scope.this.path(steps, span, keep_null)
            case "root":
                return self.scope.root.path(steps, span, keep_null)
            case "parent":
                return self.parent(node, steps, keep_null)
            case "index":
                if self.scope.index is None:
                    help = "Use it in an `each`; a member of that name is `this.index`."
                    return self.error(node, "CM214", "`index` stands outside of an `each`", help)
                return Path(self.scope.index, steps, span)
            case "params":
                return self.param(node, steps, keep_null)
            case "loop" | "self":
                help = f"Use `index`; a member of that name is `this.{name}`."
                return self.error(node, "CM207", f"`{name}` is Jinja's and not allowed", help)
        return self.scope.this.path((name, *steps), span, keep_null)

    def parent(self, node: nodes.Name, steps: tuple[Step, ...], keep_null: bool) -> Node:
        scope = self.scope.outer
        while scope is not None and steps and steps[0] == "parent":
            scope, steps = scope.outer, steps[1:]
        if scope is None:
            help = "Use it inside an `each`, `within` or `use`; a member of that name is `this.parent`."
            return self.error(node, "CM214", "`parent` climbs above the document", help)
        return scope.this.path(steps, self.span(node), keep_null)

    def param(self, node: nodes.Name, steps: tuple[Step, ...], keep_null: bool) -> Node:
        if not steps or not isinstance(steps[0], str):
            return self.all_params(node, steps, keep_null)
        if steps[0] not in self.names.params:
            near = self.names.report.nearest(steps[0], list(self.names.params))
            help = f"Did you mean `{near}`?" if near else "Declare it under `params:` of the file."
            return self.error(node, "CM209", f"there is no param `{steps[0]}`", help)
        return Param(steps[0], steps[1:], self.span(node), keep_null)

    def all_params(self, node: nodes.Name, steps: tuple[Step, ...], keep_null: bool) -> Node:
        """`params` by itself is the object of all of them."""
        span = self.span(node)
        members = tuple(Member(name, Param(name, (), span), span) for name in self.names.params)
        symbol = Symbol("params")
        return Let(symbol, Object(members, "never", span), Path(symbol, steps, span, keep_null), span)

    # operators

    def comparison(self, node: nodes.Compare) -> Node:
        """`a < b < c` is `a < b and b < c`, as in Jinja."""
        left = node.expr
        result: Node | None = None
        for operand in node.ops:
            if operand.op in ("eq", "ne") and (_is_null(left) or _is_null(operand.expr)):
                words = "is none" if operand.op == "eq" else "is not none"
                message = f"null is not compared: write `{words}`"
                return self.error(node, "CM207", message, "Or ask `is defined`: a null counts as absent.")
            sign = COMPARISONS[operand.op]
            span = self.span(operand) if operand.lineno else self.span(node)
            current: Node = Call(OPERATORS[sign], (self.visit(left), self.visit(operand.expr)), span)
            result = current if result is None else If(result, current, Const(False, span), span)
            left = operand.expr
        assert result is not None  # noqa: S101 - the parser gives at least one operand
        return result

    def arithmetic(self, node: nodes.BinExpr) -> Node:
        if isinstance(node, nodes.Sub) and self.is_dashed_name(node):
            name = self.dashed_name(node)
            help = f"Write `this['{name}']` for the member, or spaces around the minus."
            return self.error(node, "CM212", f"`{name}` is a subtraction", help)
        arguments = (self.visit(node.left), self.visit(node.right))
        return Call(OPERATORS[_ARITHMETIC[type(node)]], arguments, self.span(node))

    def is_dashed_name(self, node: nodes.Sub) -> bool:
        return bool(self.dashed_name(node))

    def dashed_name(self, node: nodes.Sub) -> str:
        right: nodes.Expr | None = node.right
        while isinstance(right, (nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.Not)):
            right = right.node
        if not isinstance(right, nodes.Name):
            return ""
        offset = offset_of(right)
        before = self.text[:offset]
        if not before.endswith("-") or not before[:-1] or not (before[-2].isalnum() or before[-2] == "_"):
            return ""
        start = len(before) - 1
        while start > 0 and (before[start - 1].isalnum() or before[start - 1] in "_-"):
            start -= 1
        if not (before[start].isalpha() or before[start] == "_"):
            return ""
        return before[start:] + right.name

    def signed(self, node: nodes.Neg | nodes.Pos) -> Node:
        value = self.visit(node.node)
        span = self.span(node)
        if isinstance(value, Const) and isinstance(value.value, (int, float)) and not isinstance(value.value, bool):
            return Const(-value.value if isinstance(node, nodes.Neg) else value.value, span)
        return Call(OPERATORS["negate" if isinstance(node, nodes.Neg) else "plus"], (value,), span)

    def conditional(self, node: nodes.CondExpr, keep_null: bool) -> Node:
        if node.expr2 is None:
            help = "Add `else …`, or use `when:` on the rule."
            return self.error(node, "CM207", "`x if c` needs an `else`", help)
        then, otherwise = self.visit(node.expr1), self.visit(node.expr2)
        return If(self.boolean(node.test, "if"), then, otherwise, self.span(node))

    def boolean(self, node: nodes.Expr, word: str) -> Node:
        """An operand that has to be true or false; what cannot be is an error."""
        value = self.visit(node)
        kind: object = None
        if isinstance(value, Const) and value.value is not None:
            kind = "boolean" if isinstance(value.value, bool) else "other"
        elif isinstance(value, Call):
            kind = value.function.result.get("type")
        elif isinstance(value, (Array, Object)):
            kind = "other"
        if isinstance(kind, str) and kind != "boolean":
            message = f"`{word}` takes true or false alone: for a value in place of a missing one, `a | default(b)`"
            return self.error(node, "CM207", message, "Compare a value, or ask `is defined`.")
        return value

    def list_literal(self, node: nodes.List) -> Node:
        items = tuple(self.visit(item) for item in node.items)
        span = self.span(node)
        if all(isinstance(item, Const) and item.value is not None for item in items):
            return Const([item.value for item in items if isinstance(item, Const)], span)
        return Array(items, span)

    def dict_literal(self, node: nodes.Dict) -> Node:
        members: list[Member] = []
        span = self.span(node)
        for pair in node.items:
            key = self.visit(pair.key)
            if not (isinstance(key, Const) and isinstance(key.value, str)):
                return self.error(pair.key, "CM207", "a key of a dict is a constant text", "Use `from_entries`.")
            if any(member.key == key.value for member in members):
                return self.error(pair.key, "CM211", f"the key `{key.value}` stands twice")
            members.append(Member(key.value, self.visit(pair.value), span))
        if all(isinstance(member.value, Const) and member.value.value is not None for member in members):
            return Const({m.key: m.value.value for m in members if isinstance(m.value, Const)}, span)
        return Object(tuple(members), "never", span)

    # functions

    def call(self, node: nodes.Call) -> Node:
        if isinstance(node.node, nodes.Name):
            if node.node.name == "coalesce":
                return self.coalesce(node, list(node.args))
            name = node.node.name
            if self.names.functions.get(name) is not None:
                help = f"Write it as a filter: `value | {name}`."
                return self.error(node, "CM207", f"`{name}` is not called", help)
        return self.error(node, "CM207", "calls are not allowed", "Apply functions as filters: `value | lower`.")

    def coalesce(self, node: nodes.Call | nodes.Filter, arguments: Sequence[nodes.Expr]) -> Node:
        if node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None or not arguments:
            return self.error(node, "CM205", "`coalesce` takes values", "Write `coalesce(a, b)`.")
        return Coalesce(tuple(self.visit(argument) for argument in arguments), self.span(node))

    def filter(self, node: nodes.Filter) -> Node:
        span = self.span(node)
        if node.node is None:
            return self.error(node, "CM207", "a filter needs a value before it")
        function = self.names.functions.get(node.name)
        if function is None:
            return self.unknown_function(node)
        if function.name == "coalesce":
            return self.coalesce(node, [node.node, *node.args])
        value = self.visit(node.node)
        arguments = self.arguments(node, function, value)
        if arguments is None:
            return ABSENT_NODE(span)
        if function.name == "default":
            return Coalesce(arguments, span)
        return Call(function, arguments, span)

    def unknown_function(self, node: nodes.Filter) -> Node:
        near = self.names.report.nearest(node.name, self.names.functions.names())
        hint = f"; did you mean `{near}`?" if near else ""
        self.visit_arguments(node)
        message = f"unknown function `{node.name}`{hint}"
        return self.error(node, "CM204", message, "`docs/functions.md` lists the functions.")

    def visit_arguments(self, node: nodes.Filter) -> None:
        """For the problems in what an unknown function is applied to."""
        for argument in [node.node, *node.args, *(keyword.value for keyword in node.kwargs)]:
            if argument is not None:
                self.visit(argument)

    def arguments(self, node: nodes.Filter, function: Function, value: Node) -> tuple[Node, ...] | None:
        """The arguments in the order of the signature, defaults filled in; None after a problem."""
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            self.error(node, "CM207", "`*` and `**` are not allowed in arguments")
            return None
        parameters = function.parameters[1:]
        positional = [self.visit(argument) for argument in node.args]
        named = {str(keyword.key): self.visit(keyword.value) for keyword in node.kwargs}
        problem = _argument_problem(function, len(positional), list(named), len(node.kwargs))
        if problem is not None:
            self.error(node, "CM205", problem, f"Its signature is `{function.signature}`.")
            return None
        arguments = [value, *positional]
        for parameter in parameters[len(positional) :]:
            if parameter.name in named:
                arguments.append(named[parameter.name])
            elif not (function.variadic and parameter is parameters[-1]):
                arguments.append(Const(parameter.default, self.span(node)))
        ok = [self.argument(node, function, p, a) for p, a in _matched(function, arguments)]
        return tuple(arguments) if all(ok) and self.bindable(node, function, arguments) else None

    def argument(self, node: nodes.Filter, function: Function, parameter: Parameter, argument: Node) -> bool:
        """Whether a constant argument fits its parameter."""
        import jsonschema_rs

        if not isinstance(argument, Const):
            if parameter.constant and not isinstance(argument, Coalesce):
                message = f"`{parameter.name}` of `{function.name}` must be a literal"
                self.error(node, "CM205", message, f"Its signature is `{function.signature}`.")
                return False
            return True
        if argument.value is None:
            return True  # absent, or for an optional argument not given
        if not jsonschema_rs.is_valid(dict(parameter.schema), argument.value):
            message = f"`{parameter.name}` of `{function.name}` does not take {_shown(argument.value)}"
            self.error(node, "CM205", message, parameter.doc or f"Its signature is `{function.signature}`.")
            return False
        return True

    def bindable(self, node: nodes.Filter, function: Function, arguments: Sequence[Node]) -> bool:
        """Whether the function takes its constants: a pattern that is one, a zone that exists."""
        constants = arguments[1:]
        if function.bind is None or not all(isinstance(argument, Const) for argument in constants):
            return True
        values = [argument.value for argument in constants if isinstance(argument, Const)]
        if any(value is None and p.required for value, p in zip(values, function.parameters[1:], strict=False)):
            return True  # the call is absent
        try:
            function.bind(dict(zip([p.name for p in function.parameters[1:]], values, strict=False)))
        except Failure as failure:
            self.error(node, "CM205", failure.message, failure.help)
            return False
        return True

    def test(self, node: nodes.Test) -> Node:
        test = TESTS.get(node.name)
        if test is None:
            near = nearest(node.name, list(TESTS))
            hint = f"; did you mean `{near}`?" if near else ""
            help = f"The tests are {', '.join(f'`is {name}`' for name in TESTS)}."
            return self.error(node, "CM217", f"unknown test `{node.name}`{hint}", help)
        if node.args or node.kwargs or node.dyn_args is not None:
            return self.error(node, "CM217", f"`is {node.name}` takes no argument")
        return Call(test, (self.visit(node.node, keep_null=node.name == "none"),), self.span(node))


@dataclass(slots=True)
class _Template:
    """Statements of a template to nodes that give texts."""

    text: str
    names: Names
    locate: Locate

    def body(self, statements: Sequence[nodes.Node], scope: Scope, span: Span) -> Node:
        parts = [part for statement in statements for part in self.statement(statement, scope)]
        if not parts:
            return Const("", span)
        if len(parts) == 1 and isinstance(parts[0], Const) and isinstance(parts[0].value, str):
            return parts[0]
        return Call(OPERATORS["~"], tuple(parts), span)

    def statement(self, node: nodes.Node, scope: Scope) -> list[Node]:
        span = self.locate(offset_of(node))
        match node:
            case nodes.Output():
                return [self.expression(part, scope) for part in node.nodes]
            case nodes.If():
                return [self.condition(node, scope)]
            case nodes.For():
                return [self.loop(node, scope)]
        message, help = STATEMENTS
        self.names.report.add("CM213", message, span, help)
        return []

    def expression(self, node: nodes.Node, scope: Scope) -> Node:
        assert isinstance(node, nodes.Expr)  # noqa: S101 - the parser gives expressions here
        return _Translator(self.text, scope, self.names, self.locate).visit(node)

    def condition(self, node: nodes.If, scope: Scope) -> Node:
        span = self.locate(offset_of(node))
        otherwise = self.body(node.else_, scope, span)
        for branch in reversed([node, *node.elif_]):
            test = self.expression(branch.test, scope)
            otherwise = If(test, self.body(branch.body, scope, span), otherwise, span)
        return otherwise

    def loop(self, node: nodes.For, scope: Scope) -> Node:
        span = self.locate(offset_of(node))
        source = self.expression(node.iter, scope)
        if not isinstance(node.target, nodes.Name) or node.test is not None or node.else_ or node.recursive:
            message = "a loop of a template is `{% for x in expression %}`, without `if`, `else` or `recursive`"
            self.names.report.add("CM213", message, span, "Choose the items with an expression or a `let` rule.")
            return ABSENT_NODE(span)
        if node.target.name in RESERVED:
            help = "Choose another name."
            self.names.report.add("CM214", f"`{node.target.name}` has a meaning of its own", span, help)
        item = Symbol(node.target.name)
        body = self.body(node.body, scope.bind(node.target.name, item), span)
        source = Coalesce((source, Const([], span)), span)
        texts = Each(source, item, Symbol("index"), body, span, keep_null=True, strict=True)
        join = self.names.functions.get("join")
        assert join is not None  # noqa: S101 - a function of the language
        return Call(join, (texts, Const("", span)), span)


def _argument_problem(function: Function, positional: int, named: list[str], keywords: int) -> str | None:
    """Why a call does not fit the signature, or None."""
    parameters = function.parameters[1:]
    known = [parameter.name for parameter in parameters]
    if positional > len(parameters) and not function.variadic:
        return f"`{function.name}` takes at most {len(parameters)} arguments, not {positional}"
    for name in named:
        if name not in known:
            near = nearest(name, known)
            return f"`{function.name}` has no argument `{name}`" + (f"; did you mean `{near}`?" if near else "")
        if known.index(name) < positional:
            return f"the argument `{name}` of `{function.name}` is given twice"
    if len(named) != keywords:
        return f"an argument of `{function.name}` is given twice"
    for parameter in parameters[positional:]:
        if parameter.required and parameter.name not in named:
            return f"`{function.name}` needs the argument `{parameter.name}`"
    return None


def _matched(function: Function, arguments: Sequence[Node]) -> list[tuple[Parameter, Node]]:
    parameters = list(function.parameters)
    if function.variadic:
        parameters += [parameters[-1]] * (len(arguments) - len(parameters))
    return list(zip(parameters, arguments, strict=False))


def _is_null(node: nodes.Expr) -> bool:
    return (isinstance(node, nodes.Const) and node.value is None) or (
        isinstance(node, nodes.Name) and node.name == "null"
    )


def _shown(value: Any) -> str:
    from casemap.functions.registry import shown

    return f"`{shown(value)}`"
