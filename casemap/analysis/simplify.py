"""Core trees to smaller ones that mean the same: how a route's mappings become one.

A composed route is first written as `let middle = <first mapping> in <second mapping>`. Here the members that the
second reads are taken out of the object that the first would build, each under a name of its own, so that what is not
read is never computed and the document between is not built; an array that is read once is converted item by item.

Only documents between mappings are taken apart: what fails in a part of them that is never read does not reject. For
everything else the tree means exactly what it meant before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from casemap.analysis.presence import ARRAY, OBJECT, STRING, Facts
from casemap.functions.operators import TESTS
from casemap.functions.registry import Function
from casemap.mapping.core import (
    ABSENT_NODE,
    Approximate,
    Array,
    Call,
    Coalesce,
    Computed,
    Concat,
    Const,
    Each,
    If,
    Let,
    Lookup,
    Member,
    Node,
    Object,
    Param,
    Path,
    Rest,
    Spread,
    Symbol,
    children,
    fresh,
    rebuild,
)  # fmt: skip
from casemap.mapping.rules import may_hold_null

__all__ = ["is_absent", "simplify"]

MOST_COPIES = 8
"""An array between mappings is computed anew for each of so many readers; for more it is built."""


def simplify(node: Node, facts: Facts, middle: set[Symbol]) -> Node:
    """The same tree, with names resolved, tests decided, and the documents of the `middle` symbols taken apart."""
    return _Simplifier(facts, middle).visit(node)


class _Simplifier:
    def __init__(self, facts: Facts, middle: set[Symbol]) -> None:
        self.facts = facts
        self.middle = middle

    def visit(self, node: Node) -> Node:
        match node:
            case Let():
                return self.let(node)
            case Each():
                return self.each(node)
            case If():
                return self.conditional(node)
            case Coalesce():
                return self.coalesce(node)
        changed: Node = rebuild(node, self.visit)
        return self.folded(changed)

    def folded(self, node: Node) -> Node:
        """A node over what is always absent, or is of its result's form already."""
        match node:
            case Call():
                return self.call(node)
            case Lookup() | Approximate() | Rest() if is_absent(node.value):
                return ABSENT_NODE(node.span)
            case Concat():
                parts = tuple(part for part in node.parts if not is_absent(part))
                if len(parts) == 1 and self.facts.types(parts[0]) == ARRAY:
                    return parts[0]
                return replace(node, parts=parts) if parts else ABSENT_NODE(node.span)
            case Array():
                return replace(node, items=tuple(item for item in node.items if not is_absent(item)))
            case Object():
                return self.object(node)
        return node

    def object(self, node: Object) -> Node:
        """An object without parts that are never there; a list that is spread is spread part by part."""
        if node.absent == "never":
            node = replace(node, parts=tuple(flat for part in node.parts for flat in self.spread_parts(part)))
        if node.absent == "every" and all(isinstance(part, Member) and is_absent(part.value) for part in node.parts):
            return ABSENT_NODE(node.span)
        return node

    def spread_parts(self, part: Member | Computed | Spread) -> list[Member | Computed | Spread]:
        if not isinstance(part, Spread):
            return [part]
        if is_absent(part.value):
            return []
        if isinstance(part.value, Array) and all(self.facts.types(item) == OBJECT for item in part.value.items):
            return [replace(part, value=item) for item in part.value.items]
        return [part]

    def is_result_of(self, function: Function, constants: list[Any], node: Node) -> bool:
        """Whether each value that a node can have came out of a function with these constants."""
        node = self.facts.value(node)
        match node:
            case Call() if node.function is function:
                return _constants(node) == constants
            case Call() if node.function.name in ("min", "max", "first", "last"):
                items = self.facts.value(node.arguments[0])
                return (
                    isinstance(items, Each) and items.key is None and self.is_result_of(function, constants, items.body)
                )
            case If():
                return all(self.is_result_of(function, constants, part) for part in (node.then, node.otherwise))
            case Coalesce():
                return all(self.is_result_of(function, constants, option) for option in node.options)
            case Let():
                return self.is_result_of(function, constants, node.body)
            case Approximate():
                return self.is_result_of(function, constants, node.value)
        return False

    def call(self, node: Call) -> Node:
        function, arguments = node.function, node.arguments
        absent = [is_absent(argument) for argument in arguments]
        others_constant = all(isinstance(a, Const) for a, gone in zip(arguments, absent, strict=True) if not gone)
        if any(absent[:1]) or (any(absent) and function.kind == "operator"):
            answer = _OF_ABSENT.get(function.name)
            if answer is not None and others_constant:
                return Const(answer, node.span)
            if not function.sees_absent and others_constant:
                return ABSENT_NODE(node.span)
        first = arguments[0] if arguments else None
        if function.name == "string" and first is not None and self.facts.types(first) == STRING:
            return first
        if function.name == "as_list" and first is not None and self.facts.types(first) == ARRAY:
            return first
        if first is not None and function.idempotent is not None:
            constants = [argument.value for argument in arguments[1:] if isinstance(argument, Const)]
            literal = len(constants) == len(arguments) - 1
            if literal and function.idempotent(constants) and self.is_result_of(function, constants, first):
                return first
        return node

    def let(self, node: Let) -> Node:
        given = node.body
        if not _is_used(node.symbol, given):
            return self.visit(given)
        value = self.visit(node.value)
        if is_absent(value):
            return self.visit(_without(node.body, node.symbol))
        if _is_scalar(value):
            node = replace(node, body=_replaced(node.body, node.symbol, lambda: value))
            if not _is_used(node.symbol, node.body):
                return self.visit(node.body)
        if isinstance(value, Path) and all(isinstance(step, (str, int)) for step in value.steps):
            return self.visit(_alias(node.body, node.symbol, value))
        if node.symbol in self.middle:
            apart = self.middle_value(replace(node, value=value), _Uses(node.symbol, given))
            if apart is not None:
                return apart
        self.facts.bind(replace(node, value=value))
        body = self.visit(node.body)
        return Let(node.symbol, value, body, node.span) if _is_used(node.symbol, body) else body

    def middle_value(self, node: Let, uses: _Uses) -> Node | None:
        """A document between mappings, or a part of one, taken apart; None where it stays whole."""
        match node.value:
            case Let() as value:
                inner = replace(node, value=value.body)
                return self.let(replace(value, body=inner))
            case Object() as value if _plain(value):
                return self.taken_apart(node, value, None, uses)
            case If(then=Object() as then, otherwise=Coalesce(options=())) as value if _plain(then):
                test = Symbol("applies")
                self.middle.add(test)
                split = self.taken_apart(node, then, Path(test, (), value.span), uses)
                return Let(test, _truth(value.test), split, value.span)
            case Each() as value if not _used_in_each(node.body, node.symbol):
                body = _map_as_each(node.body, node.symbol)
                uses = _Uses(node.symbol, body)
                if uses.count == uses.source_count <= MOST_COPIES:
                    self.middle.update(uses.sources)
                    return self.visit(_replaced(body, node.symbol, lambda: self.fresh(value)))
        return self.restricted_items(node, uses)

    def restricted_items(self, node: Let, uses: _Uses) -> Node | None:
        """An array that stays, of objects with the members that are read of them."""
        value = node.value
        if not (isinstance(value, Each) and isinstance(value.body, Object) and _plain(value.body)):
            return None
        if uses.item_members is None:
            return None
        restricted = replace(value, body=self.restricted(value.body, uses.item_members))
        return Let(node.symbol, restricted, self.visit(node.body), node.span)

    def taken_apart(self, node: Let, value: Object, test: Path | None, uses: _Uses) -> Node:
        """The body with the object's members under names of their own; built is what is used whole."""
        members = {part.key: part.value for part in value.parts if isinstance(part, Member)}
        symbols = {key: Symbol(key) for key in members}
        self.middle.update(symbols.values())
        defined = self.object_defined(value, symbols, test) if uses.defined else None
        result = _Split(node.symbol, symbols, defined).visit(node.body)
        if _is_used(node.symbol, result):
            self.middle.discard(node.symbol)
            result = Let(node.symbol, _built(value, symbols, test), result, node.span)
        for key, member in reversed(members.items()):
            guarded = member if test is None else If(test, member, ABSENT_NODE(member.span), member.span)
            result = Let(symbols[key], guarded, result, member.span)
        return self.visit(result)

    def object_defined(self, value: Object, symbols: dict[str, Symbol], test: Path | None) -> Node:
        """Whether the object is there: if any of its members is, and it is made at all."""
        span = value.span
        members = [part for part in value.parts if isinstance(part, Member)]
        result: Node = Const(True, span)
        if value.absent != "never" and not any(self.facts.present(part.value) for part in members):
            result = Const(False, span)
            for part in reversed(members):
                path = Path(symbols[part.key], (), span, may_hold_null(part.value))
                there = Call(TESTS["defined"], (path,), span)
                result = there if result == Const(False, span) else If(there, Const(True, span), result, span)
        return result if test is None else If(test, result, Const(False, span), span)

    def restricted(self, value: Object, names: frozenset[str]) -> Object:
        """An item's object without the members that nothing reads, where that leaves it there as before."""
        members = [part for part in value.parts if isinstance(part, Member)]
        kept = tuple(part for part in members if part.key in names)
        if len(kept) < len(members) and self.facts.present(value):
            return replace(value, parts=kept, absent="never")
        return value

    def each(self, node: Each) -> Node:
        """An `each` over an `each` is one loop, where the items between are not counted, sorted or chosen among."""
        inner = self.visit(node.source)
        if is_absent(inner):
            return ABSENT_NODE(node.span)
        node = replace(node, source=inner)
        if isinstance(inner, Each) and node.item in self.middle and _fusible(node, inner):
            return self.visit(self.fused(node, inner))
        self.facts.enter(node)
        parts: dict[str, Any] = {}
        for name in ("where", "sort", "unique", "key", "body"):
            part = getattr(node, name)
            if part is not None:
                parts[name] = self.visit(part)
        return replace(node, **parts)

    def fresh(self, node: Node) -> Node:
        """A copy; what stands for a document between mappings does so in the copy as well."""
        renamed: dict[Symbol, Symbol] = {}
        copy = fresh(node, renamed)
        self.middle.update(new for old, new in renamed.items() if old in self.middle)
        return copy

    def fused(self, outer: Each, inner: Each) -> Each:
        """One loop for two: every part of the outer reads what the inner makes of its item, as far as it needs it."""
        span = outer.span

        def applied(part: Node, absent: Node) -> Node:
            item = Symbol(outer.item.name)
            self.middle.add(item)
            test = Call(TESTS["defined"], (Path(item, (), span),), span)
            body = _alias(part, outer.item, Path(item, (), span, keep_null=True))
            return Let(item, self.fresh(inner.body), If(test, body, absent, span), span)

        if outer.sort is None and outer.unique is None and outer.take is None:
            body = outer.body if outer.where is None else If(outer.where, outer.body, ABSENT_NODE(span), span)
            key = None if outer.key is None else applied(outer.key, ABSENT_NODE(span))
            where = inner.where
        else:
            body, key = outer.body, None
            passes = applied(outer.where or Const(True, span), Const(False, span))
            where = passes if inner.where is None else If(inner.where, passes, Const(False, span), span)
        optional: dict[str, Any] = {
            name: applied(part, ABSENT_NODE(span))
            for name in ("sort", "unique")
            if (part := getattr(outer, name)) is not None
        }
        return replace(
            inner,
            body=applied(body, ABSENT_NODE(span)),
            where=where,
            key=key,
            descending=outer.descending or inner.descending,
            take=outer.take,
            repeated=outer.repeated,
            records=inner.records or outer.records,
            **optional,
        )

    def conditional(self, node: If) -> Node:
        test = self.visit(node.test)
        if isinstance(test, Call) and test.function is TESTS["defined"] and self.facts.present(test.arguments[0]):
            test = Const(True, test.span)
        if isinstance(test, Const) and isinstance(test.value, bool):
            return self.visit(node.then if test.value else node.otherwise)
        then, otherwise = self.visit(node.then), self.visit(node.otherwise)
        if _is(then, True) and _is(otherwise, False) and _is_test(test):
            return test
        return If(test, then, otherwise, node.span)

    def coalesce(self, node: Coalesce) -> Node:
        """Options that are always absent go; those after one that is always there are never reached."""
        options: list[Node] = []
        for option in node.options:
            simple = self.visit(option)
            if is_absent(simple):
                continue
            options.extend(simple.options if isinstance(simple, Coalesce) else [simple])
            if self.facts.present(simple):
                break
        return options[0] if len(options) == 1 else replace(node, options=tuple(options))


_OF_ABSENT = {
    "==": False, "!=": True, "in": False, "not in": True, "is defined": False, "is none": False, "is string": False,
    "is number": False, "is integer": False, "is boolean": False, "is array": False, "is object": False,
}  # fmt: skip
"""What operators and tests say of an absent value."""


def _is_scalar(node: Node) -> bool:
    """Whether a node is a param or a scalar constant, and no null that is kept."""
    if isinstance(node, Const):
        return not (node.keep_null or isinstance(node.value, (list, dict)))
    return isinstance(node, Param) and not node.keep_null


def _constants(node: Call) -> list[Any]:
    return [argument.value for argument in node.arguments[1:] if isinstance(argument, Const)]


def is_absent(node: Node) -> bool:
    """Whether a node is always absent."""
    if isinstance(node, Const):
        return node.value is None and not node.keep_null
    return isinstance(node, Coalesce) and not node.options


def _plain(node: Object) -> bool:
    return all(isinstance(part, Member) for part in node.parts) and node.absent != "any"


def _is(node: Node, value: bool) -> bool:
    return isinstance(node, Const) and node.value is value


def _is_test(node: Node) -> bool:
    """Whether a node gives true or false and is never absent."""
    return isinstance(node, Call) and node.function.sees_absent and node.function.result.get("type") == "boolean"


def _truth(test: Node) -> Node:
    return test if _is_test(test) else If(test, Const(True, test.span), Const(False, test.span), test.span)


def _built(value: Object, symbols: dict[str, Symbol], test: Path | None) -> Node:
    """The object made of its members' names."""
    parts = tuple(
        replace(part, value=Path(symbols[part.key], (), part.span, may_hold_null(part.value)))
        for part in value.parts
        if isinstance(part, Member)
    )
    built = replace(value, parts=parts)
    return built if test is None else If(test, built, ABSENT_NODE(value.span), value.span)


def _is_used(symbol: Symbol, node: Node) -> bool:
    """Whether a tree has a path that starts at a symbol; it is looked for no further than the first."""
    pending = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, Path) and here.scope is symbol:
            return True
        pending.extend(children(here))
    return False


class _Uses:
    """How a symbol is used in a tree."""

    def __init__(self, symbol: Symbol, node: Node) -> None:
        self.symbol = symbol
        self.count = 0
        self.sources: set[Symbol] = set()
        self.source_count = 0
        self.defined = False
        self.item_members: frozenset[str] | None = frozenset()
        self._visit(node)

    def _visit(self, node: Node) -> None:
        if isinstance(node, Path) and node.scope is self.symbol:
            self.count += 1
            self._path(node)
        elif isinstance(node, Each) and _is_bare(node.source, self.symbol):
            self.count += 1
            self.sources.add(node.item)
            self.source_count += 1
            self._items(node)
            for child in children(node):
                if child is not node.source:
                    self._visit(child)
            return
        elif isinstance(node, Call) and node.function is TESTS["defined"] and _is_bare(node.arguments[0], self.symbol):
            self.count += 1
            self.defined = True
            return
        for child in children(node):
            self._visit(child)

    def _path(self, node: Path) -> None:
        """A path into an item names the member that it reads; any other use reads all of them."""
        inside = len(node.steps) > 1 and isinstance(node.steps[0], int) and isinstance(node.steps[1], str)
        if inside:
            self._add(frozenset([str(node.steps[1])]))
        else:
            self.item_members = None

    def _items(self, node: Each) -> None:
        found: set[str] = set()
        stack: list[Node] = [child for child in children(node) if child is not node.source]
        while stack:
            current = stack.pop()
            if isinstance(current, Path) and current.scope is node.item:
                if not current.steps or not isinstance(current.steps[0], str):
                    self.item_members = None
                    return
                found.add(current.steps[0])
            if (
                isinstance(current, Call)
                and current.function is TESTS["defined"]
                and _is_bare(current.arguments[0], node.item)
            ):
                continue
            stack.extend(children(current))
        self._add(frozenset(found))

    def _add(self, names: frozenset[str]) -> None:
        if self.item_members is not None:
            self.item_members |= names


def _is_bare(node: Node, symbol: Symbol) -> bool:
    return isinstance(node, Path) and node.scope is symbol and not node.steps


def _asks_for(node: Node, symbol: Symbol) -> bool:
    """Whether a node is the test that a symbol is defined."""
    return isinstance(node, Call) and node.function is TESTS["defined"] and _is_bare(node.arguments[0], symbol)


def _used_in_each(node: Node, symbol: Symbol, inside: bool = False) -> bool:
    """Whether a symbol is read where an `each` around it would compute it again and again."""
    if isinstance(node, Path) and node.scope is symbol:
        return inside
    if isinstance(node, Each):
        if _used_in_each(node.source, symbol, inside):
            return True
        return any(_used_in_each(child, symbol, True) for child in children(node) if child is not node.source)
    return any(_used_in_each(child, symbol, inside) for child in children(node))


def _alias(node: Node, symbol: Symbol, path: Path) -> Node:
    """The node with another path's value for the symbol."""
    if isinstance(node, Path) and node.scope is symbol:
        keep = node.keep_null and (bool(node.steps) or path.keep_null)
        node = replace(node, scope=path.scope, steps=(*path.steps, *node.steps), keep_null=keep)
    changed: Node = rebuild(node, lambda child: _alias(child, symbol, path))
    return changed


def _without(node: Node, symbol: Symbol) -> Node:
    """The node where a symbol's value is always absent."""
    if isinstance(node, Path) and node.scope is symbol:
        return ABSENT_NODE(node.span)
    changed: Node = rebuild(node, lambda child: _without(child, symbol))
    return changed


def _map_as_each(node: Node, symbol: Symbol) -> Node:
    """The node with `symbol | map('name')` written as an `each`, which can be joined with the one that it reads."""
    if isinstance(node, Call) and node.function.name == "map" and _is_bare(node.arguments[0], symbol):
        name = node.arguments[1]
        if isinstance(name, Const) and isinstance(name.value, str) and "." not in name.value:
            item = Symbol("item")
            body = Path(item, (name.value,), name.span)
            return Each(node.arguments[0], item, Symbol("index"), body, node.span)
    changed: Node = rebuild(node, lambda child: _map_as_each(child, symbol))
    return changed


def _replaced(node: Node, symbol: Symbol, value: Callable[[], Node]) -> Node:
    """The node with a value in place of the bare symbol, wherever it stands."""
    if _is_bare(node, symbol):
        return value()
    changed: Node = rebuild(node, lambda child: _replaced(child, symbol, value))
    return changed


def _fusible(outer: Each, inner: Each) -> bool:
    """Whether the items between two loops need not be collected."""
    if inner.key is not None or inner.take is not None or inner.strict or outer.strict or may_hold_null(inner.body):
        return False
    chooses = outer.sort is not None or outer.unique is not None or outer.take is not None
    if chooses and (inner.sort is not None or inner.unique is not None):
        return False
    parts = (outer.where, outer.sort, outer.unique, outer.key, outer.body)
    return not any(_is_used(outer.index, part) for part in parts if part is not None)


class _Split:
    """Replaces paths into an object by paths from its members' symbols."""

    def __init__(self, symbol: Symbol, members: dict[str, Symbol], defined: Node | None) -> None:
        self.symbol = symbol
        self.members = members
        self.defined = defined

    def visit(self, node: Node) -> Node:
        if isinstance(node, Path) and node.scope is self.symbol and node.steps:
            name = node.steps[0]
            if isinstance(name, str):
                if name not in self.members:
                    return ABSENT_NODE(node.span)
                node = replace(node, scope=self.members[name], steps=node.steps[1:])
        elif self.defined is not None and _asks_for(node, self.symbol):
            return self.defined
        changed: Node = rebuild(node, self.visit)
        return changed
