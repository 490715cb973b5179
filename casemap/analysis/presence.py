"""What is known never to be absent, from the source's schema and the tree itself."""

from __future__ import annotations

from collections.abc import Callable

from casemap.mapping.core import (
    Approximate, Array, Call, Coalesce, Concat, Const, Each, If, Let, Member, Node, Object, Path, Symbol, children,
)  # fmt: skip

__all__ = ["Facts", "Origin"]

Origin = tuple[str, ...]
"""The way to a value in the source schema; `*` is any item."""


class Facts:
    """What is known of a tree over `root`.

    `always_there` says of an origin and names below it whether, in every valid source document, each value at the
    origin has a value there.
    """

    def __init__(self, tree: Node, root: Symbol, always_there: Callable[[Origin, Origin], bool]) -> None:
        self._always_there = always_there
        self.known: set[Symbol] = set()
        """Names whose value is never absent."""
        self._origins: dict[Symbol, Origin] = {root: ()}
        self._learn(tree)

    def _learn(self, node: Node) -> None:
        if isinstance(node, Each):
            self._learn(node.source)
            self.enter(node)
        elif isinstance(node, Let):
            self._learn(node.value)
            origin = self.origin(node.value)
            if origin is not None:
                self._origins[node.symbol] = origin
            elif self.present(node.value):
                self.known.add(node.symbol)
        for child in children(node):
            self._learn(child)

    def enter(self, node: Each) -> None:
        """Remember what the items of an `each` are."""
        origin = self.origin(node.source)
        if origin is not None:
            self._origins[node.item] = (*origin, "*")
        if not node.keep_null:
            self.known.add(node.item)
        self.known.add(node.index)

    def origin(self, node: Node) -> Origin | None:
        """Where in the source schema a path leads; None for anything else."""
        if not isinstance(node, Path) or node.scope not in self._origins:
            return None
        steps: list[str] = list(self._origins[node.scope])
        for step in node.steps:
            if not isinstance(step, (str, int)):
                return None
            steps.append(step if isinstance(step, str) else "*")
        return tuple(steps)

    def present(self, node: Node) -> bool:
        """Whether a node is known never to be absent."""
        match node:
            case Const():
                return node.value is not None or node.keep_null
            case Path():
                return self._path(node)
            case Array():
                return True
            case Object():
                members = (part.value for part in node.parts if isinstance(part, Member))
                every = node.absent == "every" and any(self.present(member) for member in members)
                return node.absent == "never" or every
            case Each():
                return node.take is None and not node.strict and self.present(node.source)
            case Concat():
                return any(self.present(part) for part in node.parts)
            case Coalesce():
                return any(self.present(option) for option in node.options)
            case If():
                return self.present(node.then) and self.present(node.otherwise)
            case Let():
                return self.present(node.body)
            case Approximate():
                return self.present(node.value)
            case Call():
                return self._call(node)
        return False

    def _path(self, node: Path) -> bool:
        base = self._origins.get(node.scope)
        there = node.scope in self.known or base == ()
        if not node.steps or not there:
            return there
        names = tuple(step for step in node.steps if isinstance(step, str))
        return base is not None and len(names) == len(node.steps) and self._always_there(base, names)

    def _call(self, node: Call) -> bool:
        if node.function.may_be_absent:
            return False
        if node.function.sees_absent:
            return True
        operator = node.function.kind == "operator"
        for position, argument in enumerate(node.arguments):
            # after the first, a function's null says that the argument is not given
            optional = isinstance(argument, Const) and position > 0 and not operator
            if not optional and not self.present(argument):
                return False
        return True
