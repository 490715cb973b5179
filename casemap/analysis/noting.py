"""What observing code notes of a document: which approximations its result holds, and which fallbacks.

An approximation is what a rule says to be one. A fallback is a further option of `first_of`, `default` or `coalesce`
that no rule says this of. Where a name has such a value, it is told of the fields that the value is carried to, and not
of the one for which it was computed first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casemap.analysis.wording import Wording
from casemap.mapping.core import (
    Approximate,
    Array,
    Call,
    Coalesce,
    Concat,
    Each,
    If,
    Let,
    Lookup,
    Node,
    Object,
    Path,
    Rest,
    Symbol,
    children,
    rebuild,
)  # fmt: skip

__all__ = ["approximates", "with_notes"]

_COMBINING = frozenset(("~", "+", "-", "*", "/", "//", "%", "**"))
"""Operators whose result has a part of each argument."""


def approximates(node: Node) -> bool:
    """Whether there is anything in a tree that observing code notes."""
    return isinstance(node, Approximate) or any(approximates(child) for child in children(node))


def with_notes(tree: Node, root: Symbol) -> Node:
    """The tree with its fallbacks marked, and the places that the values of names are carried to."""
    return _Marking(root).visit(tree, root, {}, whole=True)


class _Marking:
    """Marks what a value is made of. Where only a part of it is, `whole` is false: fallbacks are not told of that."""

    def __init__(self, root: Symbol) -> None:
        self.root = root
        self.noted: set[Symbol] = set()
        """Names whose values hold marks, and items of these."""

    def visit(self, node: Node, this: Symbol, bound: dict[Symbol, Node], *, whole: bool) -> Node:
        """The node with what it gives marked."""
        match node:
            case Path(scope=scope) | Rest(value=Path(scope=scope)) if scope in self.noted:
                return Approximate(node, "", node.span, "carried" if whole else "part")
            case Coalesce():
                options = [self.visit(option, this, bound, whole=whole) for option in node.options]
                marked = [option if not at else self.fallback(option, this, bound) for at, option in enumerate(options)]
                return replace(node, options=tuple(marked if whole else options))
            case If():
                then, otherwise = (self.visit(part, this, bound, whole=whole) for part in (node.then, node.otherwise))
                return replace(node, then=then, otherwise=otherwise)
            case Each():
                if isinstance(node.source, Path) and node.source.scope in self.noted:
                    self.noted.add(node.item)
                return replace(node, body=self.visit(node.body, node.item, bound, whole=whole))
            case Lookup():
                return replace(node, value=self.visit(node.value, this, bound, whole=whole))
            case Call():
                return replace(node, arguments=self.arguments(node, this, bound, whole))
            case Let():
                value = self.visit(node.value, this, bound, whole=True)
                if approximates(value):
                    self.noted.add(node.symbol)
                body = self.visit(node.body, this, {**bound, node.symbol: node.value}, whole=whole)
                return replace(node, value=value, body=body)
            case Object() | Array() | Concat():
                built: Any = rebuild(node, lambda child: self.visit(child, this, bound, whole=whole))
                return built  # type: ignore[no-any-return]
        return node

    def arguments(self, node: Call, this: Symbol, bound: dict[Symbol, Node], whole: bool) -> tuple[Node, ...]:
        """The first argument of a function is turned into its result; what operators compare is no part of theirs."""
        is_operator = node.function.kind == "operator"
        if is_operator and node.function.name not in _COMBINING:
            return node.arguments
        given = enumerate(node.arguments)
        return tuple(self.visit(each, this, bound, whole=whole and not (is_operator or at)) for at, each in given)

    def fallback(self, option: Node, this: Symbol, bound: dict[Symbol, Node]) -> Node:
        if _is_approximate(option):
            return option
        return Approximate(option, Wording(this, self.root, bound).text(option), option.span, "fallback")


def _is_approximate(option: Node) -> bool:
    """Whether its rule says of every value that an option can have that it stands in for something else."""
    match option:
        case Approximate():
            return option.kind == "approximate"
        case Let():
            return _is_approximate(option.body)
        case If():
            return _is_approximate(option.then) and _is_approximate(option.otherwise)
        case Coalesce():
            return all(_is_approximate(each) for each in option.options)
    return False
