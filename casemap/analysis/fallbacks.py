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
    Coalesce,
    Concat,
    Each,
    If,
    Let,
    Node,
    Object,
    Symbol,
    rebuild,
)  # fmt: skip

__all__ = ["MARK", "with_fallbacks"]

MARK = "\0"
"""What a fallback's words start with, to tell it from an approximation."""

_CARRIES = (Array, Concat, Each, If, Let, Object)
"""Nodes whose parts are carried into the result; what is below others is approximate, or an argument of something."""


def with_fallbacks(tree: Node, root: Symbol) -> Node:
    """The tree with its fallbacks marked as approximations, so that what observes the one tells the other."""
    return _Marking(root).visit(tree, root, {})


class _Marking:
    def __init__(self, root: Symbol) -> None:
        self.root = root

    def visit(self, node: Node, this: Symbol, bound: dict[Symbol, Node]) -> Node:
        if isinstance(node, Coalesce):
            options = [self.visit(option, this, bound) for option in node.options]
            marked = (self.marked(option, this, bound) if place else option for place, option in enumerate(options))
            return replace(node, options=tuple(marked))
        if not isinstance(node, _CARRIES):
            return node
        if isinstance(node, Let):
            bound = {**bound, node.symbol: node.value}
        if isinstance(node, If):
            then, otherwise = (self.visit(part, this, bound) for part in (node.then, node.otherwise))
            return replace(node, then=then, otherwise=otherwise)
        if isinstance(node, Each):
            return replace(node, body=self.visit(node.body, node.item, bound))
        visited: Any = rebuild(node, lambda child: self.visit(child, this, bound))
        return visited  # type: ignore[no-any-return]

    def marked(self, option: Node, this: Symbol, bound: dict[Symbol, Node]) -> Node:
        if isinstance(option, Approximate):
            return option
        return Approximate(option, MARK + Wording(this, self.root, bound).text(option), option.span)
