"""Routes to one tree: the mappings of a route, the later over what the earlier gives, by substitution."""

from __future__ import annotations

from collections.abc import Sequence

from casemap.functions.absence import FUNCTIONS
from casemap.mapping.core import Call, Let, Node, Object, Symbol, fresh
from casemap.mapping.file import Mapping
from casemap.mapping.load import document_body
from casemap.mapping.rules import rebase
from casemap.mapping.scope import Place

__all__ = ["compose"]

_REQUIRED = next(function for function in FUNCTIONS if function.name == "required")


def compose(chain: Sequence[Mapping]) -> tuple[Node, Symbol]:
    """The tree of a route over its source document's symbol."""
    root = Symbol("document")
    tree = _document(chain[0], root)
    for mapping in chain[1:]:
        middle = Symbol(mapping.source.split("/")[0])
        if not (isinstance(tree, Object) and tree.absent == "never"):
            tree = Call(_REQUIRED, (tree,), tree.span)
        body = _document(mapping, middle)
        tree = Let(middle, tree, body, body.span)
    return tree, root


def _document(mapping: Mapping, root: Symbol) -> Node:
    return rebase(document_body(fresh(mapping.body)), mapping.root, Place(root))
