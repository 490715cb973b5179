"""Fallbacks: the further options of `first_of`, `default` and `coalesce` that a field can take its value from.

Those that a rule calls approximate are counted as such; here are the others.
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
    Symbol,
    rebuild,
)  # fmt: skip

__all__ = ["with_fallbacks"]

_CARRIES = (Array, Concat, Let, Object)
"""Nodes all of whose parts are carried into the result."""


def with_fallbacks(tree: Node, root: Symbol) -> Node:
    """The tree with its fallbacks marked, so that what observes approximations tells them as well."""
    return _Marking(root).visit(tree, root, {})


class _Marking:
    def __init__(self, root: Symbol) -> None:
        self.root = root

    def visit(self, node: Node, this: Symbol, bound: dict[Symbol, Node]) -> Node:
        """The node with what it gives marked."""
        match node:
            case Coalesce():
                options = [self.visit(option, this, bound) for option in node.options]
                marked = (self.marked(option, this, bound) if place else option for place, option in enumerate(options))
                return replace(node, options=tuple(marked))
            case If():
                then, otherwise = (self.visit(part, this, bound) for part in (node.then, node.otherwise))
                return replace(node, then=then, otherwise=otherwise)
            case Each():
                return replace(node, body=self.visit(node.body, node.item, bound))
            case Lookup():
                return replace(node, value=self.visit(node.value, this, bound))
            case Call() if node.arguments and node.function.kind != "operator":
                # the others are asked of the value, or put beside it
                value, *others = node.arguments
                return replace(node, arguments=(self.visit(value, this, bound), *others))
            case Let():
                bound = {**bound, node.symbol: node.value}
        if not isinstance(node, _CARRIES):
            return node
        visited: Any = rebuild(node, lambda child: self.visit(child, this, bound))
        return visited  # type: ignore[no-any-return]

    def marked(self, option: Node, this: Symbol, bound: dict[Symbol, Node]) -> Node:
        if isinstance(option, Approximate):
            return option
        return Approximate(option, Wording(this, self.root, bound).text(option), option.span, fallback=True)
