"""What trees read, for decisions about code."""

from __future__ import annotations

from collections import Counter
from typing import Any

from casemap.mapping.core import Each, Node, Path, Symbol, children

__all__ = ["path_reads", "reads", "used_in_loop"]


def path_reads(tree: Node) -> Counter[tuple[Symbol, tuple[Any, ...]]]:
    """How often each prefix of a constant path is read in a tree, by symbol and steps."""
    found: Counter[tuple[Symbol, tuple[Any, ...]]] = Counter()
    stack = [tree]
    while stack:
        current = stack.pop()
        if isinstance(current, Path):
            done: tuple[Any, ...] = ()
            for step in current.steps:
                if not isinstance(step, (str, int)):
                    break
                done = (*done, (type(step), step))
                found[current.scope, done] += 1
        stack.extend(children(current))
    return found


def reads(node: Each, symbol: Symbol) -> bool:
    """Whether anything in an `each` reads a symbol."""
    stack: list[Node] = [part for part in (node.where, node.sort, node.unique, node.key, node.body) if part is not None]
    while stack:
        current = stack.pop()
        if isinstance(current, Path) and current.scope is symbol:
            return True
        stack.extend(children(current))
    return False


def used_in_loop(node: Node, symbol: Symbol, inside: bool = False) -> bool:
    """Whether a symbol is read inside of an `each` below its binding."""
    if isinstance(node, Path):
        if node.scope is symbol and inside:
            return True
        return any(used_in_loop(step, symbol, inside) for step in node.steps if not isinstance(step, (str, int)))
    if isinstance(node, Each):
        if used_in_loop(node.source, symbol, inside):
            return True
        parts = (node.where, node.sort, node.unique, node.key, node.body)
        return any(used_in_loop(part, symbol, True) for part in parts if part is not None)
    return any(used_in_loop(child, symbol, inside) for child in children(node))
