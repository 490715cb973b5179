"""The second door: a tree compiled for documents that are decoded to objects of its own types.

Takes a tree and the schema of its documents; gives `TypedTree`s, or none where no types can stand for the schema. The
tree and the way from node to Python are those of the first door; only how a member is reached differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casemap.analysis.losses import Losses
from casemap.analysis.noting import approximates, with_notes
from casemap.analysis.presence import Facts
from casemap.analysis.simplify import simplify
from casemap.compiler.codegen import Generated, generate
from casemap.compiler.function import approximations_of, portable, runnable
from casemap.compiler.gathering import gathering_of
from casemap.compiler.line_trees import Gathered, LineTrees, PlainTree, TypedTree
from casemap.compiler.others import Others
from casemap.compiler.picking import Picks, picks_of
from casemap.compiler.shapes import DecodedFacts, DecodedSource, Shapes, UnservedError, shapes_of
from casemap.mapping.core import (
    ABSENT_NODE,
    Call,
    Const,
    Let,
    Node,
    Path,
    Rest,
    Symbol,
    rebuild,
)  # fmt: skip
from casemap.schema.store import SchemaStore, SourceSchema

__all__ = ["TypedSource", "line_trees", "typed_trees"]

MOST_ALTERNATIVES = 4
"""Of a schema with more alternatives at the root, the first ones are served."""

_UTC = ["rfc3339", "UTC", "ms"]
"""The arguments of a `datetime` that writes a time in UTC with milliseconds, as it does unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class TypedSource:
    """A document type of a store, whose documents are decoded."""

    store: SchemaStore
    type_name: str

    def shapes(self, picks: Picks, others: Others, alternative: int) -> Shapes:
        """The shapes of its documents. Raises `UnservedError`."""
        return shapes_of(self.store, self.type_name, picks, others, alternative)

    def facts(self, tree: Node, document: Symbol, shapes: Shapes) -> Facts:
        """What is known of a tree over decoded documents."""
        return DecodedFacts(tree, document, DecodedSource(shapes, SourceSchema(self.store, self.type_name)))


def line_trees(
    tree: Node, document: Symbol, params: Mapping[str, Any], source: TypedSource, *, title: str, losses: Losses | None
) -> LineTrees:
    """The trees of a route's lines; with `losses` they count what is lost, and what stands in for something else.

    Raises `RecursionError` or `SyntaxError` for a tree that is nested deeper than Python compiles a second time.
    """
    observe = losses is not None
    if observe:
        tree = with_notes(tree, document)
    typed = typed_trees(tree, document, params, source, title=title, observe=observe)
    return LineTrees(typed, _plain_tree(tree, document, params, source, title=title, observe=observe), losses)


def typed_trees(
    tree: Node, document: Symbol, params: Mapping[str, Any], source: TypedSource, *, title: str, observe: bool = False
) -> tuple[TypedTree, ...]:
    """The typed doors of a tree, one for each alternative of the schema's root.

    There is none where the schema cannot be served. With `observe`, the tree's approximations are counted.
    """
    found: list[TypedTree] = []
    try:
        while len(found) < MOST_ALTERNATIVES:
            decoded, shapes = _decoded(tree, document, source, len(found))
            facts = source.facts(decoded, document, shapes)
            generated, gathered = _generated(decoded, document, dict(params), facts, shapes, observe=observe)
            compiled = runnable(generated, f"{title}, typed")
            found.append(
                TypedTree(
                    shapes.root,
                    shapes.others,
                    gathered,
                    compiled.function,
                    approximations_of(generated),
                    compiled.source,
                    portable(compiled),
                )
            )
    except UnservedError:
        pass
    return tuple(found)


def _plain_tree(
    tree: Node, document: Symbol, params: Mapping[str, Any], source: TypedSource, *, title: str, observe: bool = False
) -> PlainTree:
    """The tree over documents that are plain values."""
    facts = Facts(tree, document, SourceSchema(source.store, source.type_name))
    counts = observe and approximates(tree)
    generated = generate(tree, document, dict(params), facts, observe=counts, final=True)
    compiled = runnable(generated, f"{title}, lines")
    return PlainTree(compiled.function, approximations_of(generated), portable(compiled))


def _decoded(tree: Node, document: Symbol, source: TypedSource, alternative: int) -> tuple[Node, Shapes]:
    """The tree over documents of one alternative, and their shapes."""
    others, picks = Others(), picks_of(tree, document)
    shapes = source.shapes(picks, others, alternative)
    pruned = _Pruning(shapes).node(tree)
    smaller = simplify(pruned, source.facts(pruned, document, shapes), set())
    left = picks_of(smaller, document)
    left.rests.update(picks.rests)
    return smaller, source.shapes(left, others, alternative)


def _generated(
    tree: Node, document: Symbol, params: dict[str, Any], facts: Facts, shapes: Shapes, *, observe: bool
) -> tuple[Generated, tuple[Gathered, ...]]:
    gathering = gathering_of(shapes.root, shapes.others)
    counts = observe and approximates(tree)
    generated = generate(tree, document, params, facts, observe=counts, shapes=shapes, gathering=gathering)
    return generated, gathering.lists


class _Pruning:
    """The tree without what no decoded document has, and without steps that change nothing.

    No document has members of a schema that is false, and no object inside of it has a rest: one that has is refused.
    A time that was just written in UTC is not written in UTC again.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.values: dict[Symbol, Node] = {}

    def node(self, node: Node) -> Node:
        match node:
            case Path() if any(self.is_never(node, position) for position in range(len(node.steps))):
                return ABSENT_NODE(node.span)
            case Rest() if self.shapes.is_record(node.value) and not self.is_document(node.value):
                return ABSENT_NODE(node.span)
            case Let():
                self.values[node.symbol] = node.value
            case Call() if _writes_utc(node) and self.is_in_utc(node.arguments[0]):
                return self.node(node.arguments[0])
        changed: Node = rebuild(node, self.node)
        return changed

    def is_never(self, path: Path, position: int) -> bool:
        member, is_record = self.shapes.member(path, position)
        return is_record and (member is None or member.shape.never)

    def is_document(self, node: Node) -> bool:
        return isinstance(node, Path) and self.shapes.picks.origins(node, len(node.steps)) == ((),)

    def is_in_utc(self, node: Node) -> bool:
        while isinstance(node, Path) and not node.steps and node.scope in self.values:
            node = self.values[node.scope]
        return isinstance(node, Call) and _constants(node)[1:4] == _UTC and node.function.name == "datetime"


def _writes_utc(node: Call) -> bool:
    constants = _constants(node)
    return node.function.name == "datetime" and constants[:1] in (["iso8601"], ["rfc3339"]) and constants[1:4] == _UTC


def _constants(node: Call) -> list[Any]:
    return [argument.value for argument in node.arguments[1:] if isinstance(argument, Const)]
