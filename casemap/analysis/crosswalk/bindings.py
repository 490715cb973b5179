"""What the names of a tree stand for: paths followed to source fields, or to the nodes that make their values."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from casemap.mapping.core import (
    Approximate,
    Call,
    Coalesce,
    Const,
    Each,
    If,
    Let,
    Member,
    Node,
    Object,
    Path,
    Rest,
    Step,
    Symbol,
    children,
)  # fmt: skip
from casemap.schema.fields import OTHERS, Steps

__all__ = ["Bindings"]

_SAME_ITEMS = frozenset(
    ["as_list", "reverse", "sort", "unique", "compact", "slice", "select", "first", "last", "required"]
)
"""Functions whose values are items of what they are given, or all of it."""


class Bindings:
    """The bindings of a tree over `root`. A symbol is bound once, so one table is enough for all scopes."""

    def __init__(self, tree: Node, root: Symbol) -> None:
        self.root = root
        self.values: dict[Symbol, Node] = {}
        self.loops: dict[Symbol, Each] = {}
        self.indexes: dict[Symbol, Each] = {}
        self._known: dict[int, tuple[Path, Node | None]] = {}
        self._all: dict[tuple[int, frozenset[Symbol]], tuple[Node, list[Steps]]] = {}
        pending = [tree]
        while pending:
            node = pending.pop()
            if isinstance(node, Let):
                self.values[node.symbol] = node.value
            elif isinstance(node, Each):
                self.loops[node.item] = node
                self.indexes[node.index] = node
            pending.extend(children(node))

    def resolved(self, node: Node) -> Node:
        """The node that gives the value: names are followed as far as they lead to one node."""
        while True:
            if isinstance(node, Let):
                node = node.body
                continue
            further = self._further(node) if isinstance(node, Path) else None
            if further is None:
                return node
            node = further

    def _further(self, path: Path) -> Node | None:
        """What a path is followed to, the same node each time."""
        if id(path) not in self._known:
            self._known[id(path)] = (path, self._followed(path))
        return self._known[id(path)][1]

    def _followed(self, path: Path) -> Node | None:
        value = self.values.get(path.scope)
        if value is not None:
            return self._below(value, path.steps)
        loop = self.loops.get(path.scope)
        if loop is None or self.source(loop.source) is not None:
            return None
        array = self.resolved(loop.source)
        if isinstance(array, Each) and array.take is None and array.key is None:
            return self._below(array.body, path.steps)
        return None

    def _below(self, node: Node, steps: tuple[Step, ...]) -> Node | None:
        """What steps into the value of a node lead to; None where that is no node of its own."""
        if not steps:
            return node
        match node:
            case Let():
                return self._below(node.body, steps)
            case Path():
                return replace(node, steps=(*node.steps, *steps))
            case Object():
                for part in node.parts:
                    if isinstance(part, Member) and part.key == steps[0]:
                        return self._below(part.value, steps[1:])
            case If():
                then, otherwise = self._below(node.then, steps), self._below(node.otherwise, steps)
                return None if then is None or otherwise is None else replace(node, then=then, otherwise=otherwise)
            case Approximate():
                value = self._below(node.value, steps)
                return None if value is None else replace(node, value=value)
            case Coalesce(options=()):
                return node
            case Each() if node.take is not None:
                body = self._below(node.body, steps)
                return None if body is None else replace(node, body=body)
            case Each(key=None) if steps[0] in (0, -1) and isinstance(steps[0], int):
                body = self._below(node.body, steps[1:])
                return None if body is None else replace(node, body=body, take="last" if steps[0] else "first")
        return None

    def arrays(self, node: Node) -> tuple[Node, list[Each]]:
        """The array that a node's items come from at first, and the loops of the mapping in between, the last first."""
        loops: list[Each] = []
        array = self.resolved(node)
        while isinstance(array, Each) and array.take is None and array.key is None and self.source(array) is None:
            loops.append(array)
            array = self.resolved(array.source)
        return array, loops

    def members(self, node: Node, names: tuple[str, ...]) -> Node | None:
        """An array of members of the items that a loop of the mapping makes; None of other arrays."""
        array = self.resolved(node)
        if not isinstance(array, Each) or array.take is not None or array.key is not None:
            return None
        body = self._below(array.body, names)
        return None if body is None else replace(array, body=body)

    def source(self, node: Node) -> Steps | None:
        """The source field that a node's value is, or is an item of; None where it is not one field's."""
        node = self.resolved(node)
        match node:
            case Path():
                base, steps = self._base(node)
                if base is None:
                    return None
                names = (step if isinstance(step, str) else OTHERS for step in steps if not isinstance(step, int))
                return (*base, *names)
            case Call() if node.function.name in _SAME_ITEMS:
                return self.source(node.arguments[0])
            case Call(arguments=(array, Const(value=str() as attribute))) if node.function.name == "map":
                above = self.source(array)
                attributes = attribute.split(".")
                return None if above is None or any(map(str.isdigit, attributes)) else (*above, *attributes)
        return None

    def _base(self, path: Path) -> tuple[Steps | None, tuple[Step, ...]]:
        """The source field that a path starts from, and the steps that are left."""
        if path.scope is self.root:
            return (), path.steps
        loop = self.loops.get(path.scope)
        if loop is None:
            return None, ()
        members = self.entries_of(path)
        if members is not None:
            found = self.resolved(members)
            # what a `rest` gives are members of the object that it is of
            above = self.source(found.value if isinstance(found, Rest) else found)
            return (None, ()) if above is None or path.steps[:1] != ("value",) else ((*above, OTHERS), path.steps[1:])
        return self.source(loop.source), path.steps

    def entries_of(self, path: Path) -> Node | None:
        """The object whose `entries` a path starts from an item of; None where it does not."""
        loop = self.loops.get(path.scope)
        array = None if loop is None else self.resolved(loop.source)
        if isinstance(array, Call) and array.function.name == "entries":
            return array.arguments[0]
        return None

    def unnamed(self, node: Node, names: Container[str]) -> Object | None:
        """What an object that the mapping makes has beside members of these names; None of other objects."""
        made = self.resolved(node)
        if not isinstance(made, Object):
            return None
        parts = tuple(part for part in made.parts if not (isinstance(part, Member) and part.key in names))
        return replace(made, parts=parts, absent="every")

    def beside(self, path: Path) -> Object | None:
        """Where a member of an object that the mapping makes can come from, if no rule gives it by its name."""
        value = self.values.get(path.scope)
        if value is None or not path.steps:
            return None
        made = self.resolved(value)
        if not isinstance(made, Object):
            return None
        return replace(made, parts=tuple(part for part in made.parts if not isinstance(part, Member)))

    def sources(self, node: Node) -> tuple[Steps, ...]:
        """All source fields that a node's value can be made of, conditions left out."""
        found = dict.fromkeys(self._sources(node, frozenset()))
        return tuple(found)

    def _sources(self, node: Node, inside: frozenset[Symbol]) -> list[Steps]:
        key = (id(node), inside)
        if key not in self._all:
            self._all[key] = (node, list(dict.fromkeys(self._found(node, inside))))
        return self._all[key][1]

    def _found(self, node: Node, inside: frozenset[Symbol]) -> list[Steps]:
        node = self.resolved(node)
        own = self.source(node)
        if own is not None:
            return [own]
        if isinstance(node, Path):
            beside = self.beside(node)
            if beside is not None:
                return self._sources(beside, inside)
            value = self.values.get(node.scope)
            if value is None and node.scope in self.loops:
                value = self.loops[node.scope].source
            return [] if value is None or node.scope in inside else self._sources(value, inside | {node.scope})
        if isinstance(node, Call) and isinstance(attribute := _attribute(node), str):
            members = self.members(node.arguments[0], tuple(attribute.split(".")))
            if members is not None:
                return self._sources(members, inside)
        if isinstance(node, Rest):
            above, made = self.source(node.value), self.unnamed(node.value, node.declared)
            if made is not None:
                return self._sources(made, inside)
            return [] if above is None else [(*above, OTHERS)]
        below: list[Node] = list(children(node))
        if isinstance(node, If):
            below = [node.then, node.otherwise]
        elif isinstance(node, Each):
            below = [node.body]
        elif isinstance(node, Object):
            below = [part.value for part in node.parts]
        return [steps for child in below for steps in self._sources(child, inside)]


def _attribute(node: Call) -> object:
    """The constant attribute of a `map`; None of other functions."""
    named = node.function.name == "map" and isinstance(node.arguments[1], Const)
    return node.arguments[1].value if named and isinstance(node.arguments[1], Const) else None
