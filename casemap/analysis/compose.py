"""Routes to one tree: the mappings of a route, the later over what the earlier gives, by substitution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casemap.analysis.presence import Facts, Source
from casemap.analysis.simplify import simplify
from casemap.functions.absence import FUNCTIONS
from casemap.mapping.core import ABSENT_NODE, Call, Coalesce, If, Let, Node, Object, Symbol, fresh
from casemap.mapping.file import Mapping
from casemap.mapping.load import document_body
from casemap.mapping.rules import rebase
from casemap.mapping.scope import Place

__all__ = ["Composed", "compose", "in_turn"]

_REQUIRED = next(function for function in FUNCTIONS if function.name == "required")

MOST_PASSES = 5

Composed = tuple[Node, Symbol]
"""A tree and the symbol of its source document."""


def compose(chain: Sequence[Mapping], source: Source) -> Composed:
    """The tree of a route, for documents that are valid for the source schema."""
    root = Symbol("document")
    middle: set[Symbol] = set()
    tree = _document(chain[0], root)
    for mapping in chain[1:]:
        tree = _applied(tree, mapping, middle)
    # what one pass substitutes is known to the facts of the next
    for _ in range(MOST_PASSES):
        simpler = simplify(tree, Facts(tree, root, source), middle)
        if simpler == tree:
            break
        tree = simpler
    return tree, root


def in_turn(mapping: Mapping) -> Composed:
    """The tree of one mapping as it was written."""
    root = Symbol("document")
    return _document(mapping, root), root


def _applied(tree: Node, mapping: Mapping, middle: set[Symbol]) -> Node:
    """A mapping over the document that a tree gives."""
    if isinstance(tree, If):
        then, otherwise = _applied(tree.then, mapping, middle), _applied(tree.otherwise, mapping, middle)
        return If(tree.test, then, otherwise, tree.span)
    if isinstance(tree, Let):
        return replace(tree, body=_applied(tree.body, mapping, middle))
    symbol = Symbol(mapping.source.split("/")[0])
    middle.add(symbol)
    if not (isinstance(tree, Object) and tree.absent == "never"):
        # a document that is absent rejects; a null one is a document
        tree = Coalesce((tree, Call(_REQUIRED, (ABSENT_NODE(tree.span),), tree.span)), tree.span)
    body = _document(mapping, symbol)
    return Let(symbol, tree, body, body.span)


def _document(mapping: Mapping, root: Symbol) -> Node:
    return rebase(document_body(fresh(mapping.body)), mapping.root, Place(root))
