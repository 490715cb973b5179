"""Values that are computed: functions, texts, value maps."""

from __future__ import annotations

import ast

from casemap.analysis.presence import ARRAY, BOOLEAN, STRING
from casemap.compiler.conditions import ConditionEmitter
from casemap.compiler.emitter import PLAIN
from casemap.compiler.globals import Recipe, origin_of, recipe_of
from casemap.compiler.python_ast import (
    NONE,
    any_none,
    if_exp,
    is_mark,
    is_none,
    is_not_none,
    is_type,
    json_expression,
    name,
)
from casemap.functions.convert import string
from casemap.mapping.core import (
    Approximate,
    Call,
    Const,
    Each,
    Lookup,
    Node,
    Path,
    Rest,
    ValueMap,
)  # fmt: skip
from casemap.mapping.rules import may_hold_null

__all__ = ["CallEmitter"]

_SCALARS = frozenset(("boolean", "integer", "number", "string"))
_METHODS = {
    "remove_prefix": "removeprefix",
    "remove_suffix": "removesuffix",
    "starts_with": "startswith",
    "ends_with": "endswith",
}
_OPERATOR_NAMES = {
    "==": "equal", "!=": "not_equal", "<": "less", "<=": "less_or_equal", ">": "greater", ">=": "greater_or_equal",
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "//": "floor_divide", "%": "modulo", "in": "contained",
    "not in": "not_contained", "~": "concat",
}  # fmt: skip


def _in_utc(node: Call) -> bool:
    """Whether a `datetime` writes a time in UTC with milliseconds, as it does unless it is told otherwise."""
    constants = [argument.value for argument in node.arguments[1:] if isinstance(argument, Const)]
    return constants[:4] in ([form, "rfc3339", "UTC", "ms"] for form in ("iso8601", "rfc3339"))


def _starts(text: ast.expr, start: int, end: int, sign: ast.cmpop) -> ast.expr:
    part = ast.Subscript(text, ast.Slice(ast.Constant(start), ast.Constant(end)), ast.Load())
    return ast.Compare(part, [sign], [ast.Constant("/")])


def _character(text: ast.expr, at: int, sign: str) -> ast.expr:
    return ast.Compare(ast.Subscript(text, ast.Constant(at), ast.Load()), [ast.Eq()], [ast.Constant(sign)])


class CallEmitter(ConditionEmitter):
    """Values that are computed: functions, texts, value maps."""

    def function_call(self, node: Call) -> ast.expr:
        if node.function.kind == "operator":
            inlined = self.operator(node)
            if inlined is not None:
                return inlined
        arguments = [self.argument(argument) for argument in node.arguments]
        if self.is_always_absent(node):
            return NONE
        if self.exact:
            return self.called(node, arguments)
        key = f"{node.function.name}({', '.join(map(ast.dump, arguments))})"
        found = self.block.called.get(key)
        if found is not None:
            return name(found)
        result = self.as_method(node, arguments) or self.called(node, arguments)
        if isinstance(result, ast.Name) and (self.facts.types(node) or ARRAY) <= _SCALARS:
            # an array or object that stands in two places of a result must not be the same one
            self.block.called[key] = result.id
        return result

    def called(self, node: Call, arguments: list[ast.expr]) -> ast.expr:
        """A call of the function's implementation."""
        if node.function.name == "absent_if" and isinstance(node.arguments[1], Const) and not self.exact:
            unwanted = node.arguments[1].value
            if isinstance(unwanted, str):
                value, constant = arguments[0], ast.Constant(unwanted)
                return self.assign(
                    self.variable(self.result_hint(node)),
                    if_exp(ast.Compare(value, [ast.Eq()], [constant]), NONE, value),
                )
        result = self.implementation(node, arguments)
        absent = [
            argument
            for argument, source in zip(arguments, node.arguments, strict=True)
            if not isinstance(source, Const) and not self.is_present(argument)
        ]
        if absent and not node.function.sees_absent:
            result = if_exp(any_none(absent), NONE, result)
        variable = self.variable(self.result_hint(node))
        with self.at(node):
            self.assign(variable, result)
        if (node.function.sees_absent or not absent) and not node.function.may_be_absent:
            self.block.present.add(variable)
        return name(variable)

    def as_method(self, node: Call, arguments: list[ast.expr]) -> ast.expr | None:
        """A call that Python's own operation says as well, where the types are known."""
        result = self.plainly(node, arguments)
        if result is None:
            return None
        pairs = zip(arguments, node.arguments, strict=True)
        absent = [given for given, source in pairs if not isinstance(source, Const) and not self.is_present(given)]
        variable = self.variable(self.result_hint(node))
        with self.at(node):
            self.assign(variable, if_exp(any_none(absent), NONE, result) if absent else result)
        if not absent:
            self.block.present.add(variable)
        return name(variable)

    def plainly(self, node: Call, arguments: list[ast.expr]) -> ast.expr | None:
        """What a call gives for arguments that are there, without a call or with one for the rare values alone."""
        value, types = arguments[0], [self.facts.types(argument) for argument in node.arguments]
        method = _METHODS.get(node.function.name)
        if method is not None and all(kind == STRING for kind in types):
            return ast.Call(ast.Attribute(value, method, ast.Load()), arguments[1:], [])
        match node.function.name:
            case "as_list":
                return if_exp(is_type(value, "list"), value, ast.List([value], ast.Load()))
            case "string" if "string" in (types[0] or STRING):
                return if_exp(is_type(value, "str"), value, self.implementation(node, arguments))
            case "length" if types[0] in (ARRAY, STRING):
                return ast.Call(name("len"), [value], [])
            case "max" | "min" if self.are_texts(node.arguments[0]):
                none = ast.keyword("default", NONE)
                return ast.Call(name(node.function.name), [value], [none])
            case "url_join" if (origin := self.origin_of(arguments[0])) is not None and types[1] == STRING:
                # an absolute path without dot segments: nothing to work out
                path = arguments[1]
                tests = [_starts(path, 0, 1, ast.Eq()), _starts(path, 1, 2, ast.NotEq())]
                no_dots = ast.Compare(ast.Constant("/."), [ast.NotIn()], [path])
                joined = ast.BinOp(origin, ast.Add(), path)
                return if_exp(ast.BoolOp(ast.And(), [*tests, no_dots]), joined, self.implementation(node, arguments))
            case "datetime" if self.is_date_time(node.arguments[0]) and _in_utc(node):
                # the text as most write it is the result
                length = ast.Compare(ast.Call(name("len"), [value], []), [ast.Eq()], [ast.Constant(24)])
                tests = [_character(value, at, sign) for at, sign in ((23, "Z"), (10, "T"))]
                no_leap = ast.UnaryOp(ast.Not(), _character(value, 17, "6"))
                same = ast.BoolOp(ast.And(), [length, *tests, no_leap])
                return if_exp(same, value, self.implementation(node, arguments))
            case "datetime" if self.shapes is not None:
                return self.instant(node, arguments, types[0])
        return None

    def instant(self, node: Call, arguments: list[ast.expr], types: frozenset[str] | None) -> ast.expr | None:
        """A time of a decoded document by the library at once, for what `datetime` itself gives to it at once.

        What the library cannot do raises, and leaves the document to the exact function.
        """
        from whenever import Instant

        constants = [argument.value for argument in node.arguments[1:] if isinstance(argument, Const)]
        value, unit = arguments[0], ast.keyword("unit", ast.Constant("millisecond"))
        if constants[1:4] != ["rfc3339", "UTC", "ms"]:
            return None
        if constants[0] == "epoch_ms" and types == frozenset(("integer",)):
            made = self.constant_object(
                "from_timestamp", ("from timestamp",), Instant.from_timestamp, recipe=("instant", "from_timestamp")
            )
            return ast.Call(ast.Attribute(ast.Call(made, [value], [unit]), "format_iso", ast.Load()), [], [unit])
        if constants[0] == "iso8601" and types == STRING:
            # 2021-08-25T13:18:25-0300
            parse = self.constant_object("parse_iso", ("parse",), Instant.parse_iso, recipe=("instant", "parse_iso"))
            read = ast.Call(ast.Attribute(ast.Call(parse, [value], []), "format_iso", ast.Load()), [], [unit])
            length = ast.Compare(ast.Call(name("len"), [value], []), [ast.Eq()], [ast.Constant(24)])
            sign = ast.Compare(ast.Subscript(value, ast.Constant(19), ast.Load()), [ast.In()], [ast.Constant("+-")])
            marks = [_character(value, at, mark) for at, mark in ((10, "T"), (16, ":"))]
            no_leap = ast.UnaryOp(ast.Not(), _character(value, 17, "6"))
            usual = ast.BoolOp(ast.And(), [length, sign, *marks, no_leap])
            return if_exp(usual, read, self.implementation(node, arguments))
        return None

    def implementation(self, node: Call, arguments: list[ast.expr]) -> ast.expr:
        function = self.function(node)
        if isinstance(function, tuple):
            return ast.Call(function[0], arguments[:1], [])
        return ast.Call(function, arguments, [])

    def are_texts(self, node: Node) -> bool:
        """Whether a node's values are arrays of texts alone."""
        found = self.facts.value(node)
        return isinstance(found, Each) and self.facts.types(found) == ARRAY and self.facts.types(found.body) == STRING

    def origin_of(self, base: ast.expr) -> ast.expr | None:
        """Scheme and authority of a URL that is known before any document, as a global."""
        if isinstance(base, ast.Name):
            kind, *names = self.recipes.get(base.id, ("",))
            origin = origin_of(self.namespace[base.id]) if kind == "param" else None
            if origin is None:
                return None
            key, comment = ("origin", *names), f"the origin of params.{names[0]}"
            return self.constant_object("origin", key, origin, comment, recipe=key)
        origin = origin_of(getattr(base, "value", None))
        return None if origin is None else self.assigned("origin", ast.Constant(origin))

    def is_date_time(self, node: Node) -> bool:
        """Whether a node's values are texts that the source schema's `date-time` admits."""
        found = self.facts.value(node)
        return self.shapes is not None and isinstance(found, Path) and self.shapes.has_format(found, "date-time")

    def is_always_absent(self, node: Call) -> bool:
        """Whether an argument is a null constant; after the first, a function's null says that none is given."""
        if node.function.sees_absent:
            return False
        parameters = node.function.parameters
        for position, argument in enumerate(node.arguments):
            given = parameters[min(position, len(parameters) - 1)].required or position == 0
            if given and isinstance(argument, Const) and argument.value is None:
                return True
        return False

    def result_hint(self, node: Call) -> str:
        first = node.arguments[0] if node.arguments else None
        if isinstance(first, Path) and first.steps and isinstance(first.steps[-1], str):
            return f"{first.steps[-1]}_{node.function.name}"
        return _OPERATOR_NAMES.get(node.function.name) or PLAIN.sub("_", node.function.name)

    def function(self, node: Call) -> ast.expr | tuple[ast.expr]:
        """The global that is called; in a tuple, where the constants after the first argument are bound into it."""
        function = node.function
        constants = [argument.value for argument in node.arguments[1:] if isinstance(argument, Const)]
        hint = _OPERATOR_NAMES.get(function.name) or PLAIN.sub("_", function.name).strip("_")
        containers = any(isinstance(constant, (list, dict)) for constant in constants)
        if containers or function.bind is None or len(constants) != len(node.arguments) - 1 or function.variadic:
            key: Recipe = ("function", function.name)
            return self.constant_object(hint, key, function.implementation, recipe=recipe_of(function))
        names = [parameter.name for parameter in function.parameters[1:]]
        values = dict(zip(names, constants, strict=True))
        defaults = all(p.default == values[p.name] and not p.required for p in function.parameters[1:])
        shown = ", ".join(f"{key}={value!r}" for key, value in values.items() if value is not None)
        key = ("bound", function.name, repr(values))
        if key not in self.globals:
            bound = function.bind(values)
            comment = "" if defaults else f"{function.name}({shown})"
            return (self.constant_object(hint, key, bound, comment, recipe_of(function, values)),)
        return (name(self.globals[key]),)

    def operator(self, node: Call) -> ast.expr | None:
        """Operators that Python writes itself; None for those that are called."""
        sign = node.function.name
        if sign == "~":
            return self.text(node)
        if sign.startswith("is ") or sign in ("==", "!=", "in", "not in"):
            test = self.test(node)
            if test is not None:
                variable = self.variable("test")
                self.assign(variable, test)
                self.tests[variable] = test
                self.block.present.add(variable)
                return name(variable)
        return None

    def text(self, node: Call) -> ast.expr:
        """Scalars joined to a text: absent if any is."""
        operands = [self.argument(argument) for argument in node.arguments]
        absent = [operand for operand in operands if not self.is_present(operand)]
        parts = [self.as_text(operand, argument) for operand, argument in zip(operands, node.arguments, strict=True)]
        joined = parts[0]
        for part in parts[1:]:
            joined = ast.BinOp(joined, ast.Add(), part)
        if absent:
            joined = if_exp(any_none(absent), NONE, joined)
        variable = self.variable("text")
        with self.at(node):
            self.assign(variable, joined)
        if not absent:
            self.block.present.add(variable)
        return name(variable)

    def as_text(self, operand: ast.expr, node: Node) -> ast.expr:
        if isinstance(operand, ast.Constant):
            return (
                operand
                if isinstance(operand.value, str) or operand.value is None
                else ast.Constant(string(operand.value))
            )
        if self.facts.types(node) == STRING:
            return operand
        recipe = "function", "convert", "string"
        function = self.constant_object("string", ("function", "string"), string, recipe=recipe)
        as_string = ast.Call(function, [operand], [])
        return if_exp(is_type(operand, "str"), operand, as_string)

    def lookup(self, node: Lookup) -> ast.expr:
        value = self.value(node.value)
        if isinstance(value, ast.Constant) and value.value is None:
            return value
        variable = self.variable(f"{node.table.name}_entry" if node.table.name != "this map" else "entry")
        with self.inside() as body, self.at(node):
            self.entry(node, value, variable)
        skipped: ast.expr | None = None if self.is_present(value) else is_none(value)
        if may_hold_null(node.value):
            null = is_mark(value, self.mark("NULL"))
            skipped = null if skipped is None else ast.BoolOp(ast.Or(), [skipped, null])
        if skipped is None:
            self.block.statements.extend(body)
        else:
            kept = value if may_hold_null(node.value) else NONE
            self.add(ast.If(skipped, [ast.Assign([ast.Name(variable, ast.Store())], kept, lineno=0)], body))
        if self.is_present(value) and node.otherwise in ("error", "keep"):
            self.block.present.add(variable)
        return name(variable)

    def entry(self, node: Lookup, value: ast.expr, variable: str) -> None:
        """The entry of a value that is there, or what the policy says."""
        key = value
        if node.table.ignore_case:
            folded = ast.Call(ast.Attribute(value, "casefold", ast.Load()), [], [])
            key = if_exp(is_type(value, "str"), folded, value)
        boolean = all(isinstance(known, bool) for known, _ in node.table.entries)
        plain = boolean and self.facts.types(node.value) == BOOLEAN and not self.exact
        table, texts = (self.boolean_table(node.table), True) if plain else self.table(node.table)
        if not texts:
            key = ast.Call(self.helper("typed_key"), [key], [])
        elif self.exact:
            key = if_exp(is_type(value, "str"), key, self.mark("MISSING"))
        if texts and not (self.exact or node.table.ignore_case) and self.facts.lists_all(node):
            entry: ast.expr = ast.Subscript(table, key, ast.Load())
            if any(isinstance(value, (list, dict)) for _, value in node.table.entries):
                entry = ast.Call(self.helper("copied"), [entry], [])
            self.assign(variable, entry)
            return
        found = ast.Call(ast.Attribute(table, "get", ast.Load()), [key, self.mark("MISSING")], [])
        if any(isinstance(entry, (list, dict)) for _, entry in node.table.entries):
            found = ast.Call(self.helper("copied"), [found], [])
        self.assign(variable, found)
        with self.inside() as body:
            self.assign(variable, self.policy(node, value))
        self.add(ast.If(is_mark(name(variable), self.mark("MISSING")), body, []))

    def policy(self, node: Lookup, value: ast.expr) -> ast.expr:
        match node.otherwise:
            case "error":
                return self.call("unlisted", value, ast.Constant(node.table.name))
            case "drop":
                return NONE
            case "keep":
                return value
            case Const() as constant:
                return self.const(constant)

    def boolean_table(self, table: ValueMap) -> ast.expr:
        """A value map of true and false alone, for values that are nothing else."""
        keys: list[ast.expr] = [ast.Constant(key) for key, _ in table.entries]
        values = [self.mark("NULL") if value is None else json_expression(value) for _, value in table.entries]
        return self.assigned(table.name if table.name != "this map" else "entries", ast.Dict(list(keys), values))

    def table(self, table: ValueMap) -> tuple[ast.expr, bool]:
        """A value map as a dict of the module, and whether its keys are all texts."""
        texts = all(isinstance(key, str) for key, _ in table.entries)
        keys = [
            ast.Tuple([ast.Constant("boolean"), ast.Constant(key)], ast.Load())
            if isinstance(key, bool)
            else ast.Constant(key)
            for key, _ in table.entries
        ]
        values = [self.mark("NULL") if value is None else json_expression(value) for _, value in table.entries]
        name_ = table.name if table.name != "this map" else "entries"
        return self.assigned(name_, ast.Dict(list(keys), values)), texts

    def approximate(self, node: Approximate) -> ast.expr:
        """The value; observing code notes what it stands in for, where it is there."""
        value = self.value(node.value)
        if self.observe and (statements := self.noting(node)):
            there = self.is_present(value)
            for statement in statements if there else [ast.If(is_not_none(value), statements, [])]:
                self.add(statement)
        return value

    def noting(self, node: Approximate) -> list[ast.stmt]:
        """Statements that note a value that is there; one that a name has is what was noted of the name."""
        if node.kind in ("approximate", "fallback"):
            return [_noted(self.notes.number(node, self.target))]
        path = node.value.value if isinstance(node.value, Rest) else node.value
        assert isinstance(path, Path)  # noqa: S101 - no other value is carried
        statements: list[ast.stmt] = []
        for number, each, place in self.notes.carried(path.scope, path.steps):
            if node.kind == "carried" or each.kind == "approximate":
                of_name = ast.Compare(ast.Constant(number), [ast.In()], [name("observed")])
                told = _noted(self.notes.number(each, (*self.target, *place)))
                statements.append(ast.If(of_name, [told], []))
        return statements


def _noted(number: int) -> ast.stmt:
    return ast.Expr(ast.Call(ast.Attribute(name("observed"), "add", ast.Load()), [ast.Constant(number)], []))
