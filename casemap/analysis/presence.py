"""What is known of a node's values before any data: whether they are ever absent, and of which JSON types they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from casemap.mapping.core import (
    Approximate,
    Array,
    Call,
    Coalesce,
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
    Symbol,
    children,
)  # fmt: skip
from casemap.mapping.rules import may_hold_null

_TOTAL_OPERATORS = frozenset(
    (
        "==",
        "!=",
        *(f"is {test}" for test in ("defined", "none", "string", "number", "integer", "boolean", "array", "object")),
    )
)

__all__ = ["ARRAY", "BOOLEAN", "NOTHING_KNOWN", "NUMBER", "OBJECT", "STRING", "Facts", "Origin", "Source"]

ARRAY, BOOLEAN, OBJECT, STRING = (frozenset([name]) for name in ("array", "boolean", "object", "string"))
NUMBER = frozenset(["integer", "number"])

Origin = tuple[str, ...]
"""The way to a value in the source schema; `*` is any item."""


class Source(Protocol):
    """What a source schema says of its valid documents."""

    def always_there(self, base: Origin, steps: Origin) -> bool:
        """Whether each value at `base` has a value, and no null, `steps` of names below."""

    def types_of(self, origin: Origin) -> frozenset[str] | None:
        """The JSON types, without null, of the values at an origin; None where it does not say."""

    def values_of(self, origin: Origin) -> tuple[object, ...] | None:
        """The values that an origin can have, where the schema lists them."""


class _Unknown:
    """Documents that need not be valid."""

    def always_there(self, base: Origin, steps: Origin) -> bool:
        return False

    def types_of(self, origin: Origin) -> frozenset[str] | None:
        return None

    def values_of(self, origin: Origin) -> tuple[object, ...] | None:
        return None


NOTHING_KNOWN: Source = _Unknown()
"""What there is to know of documents that were not validated."""


class Facts:
    """What is known of a tree over `root`, whose documents are valid for the source schema."""

    def __init__(self, tree: Node, root: Symbol, source: Source) -> None:
        self.source = source
        self._types: dict[Symbol, frozenset[str]] = {}
        self._values: dict[Symbol, Node] = {}
        self.known: set[Symbol] = set()
        """Names whose value is never absent."""
        self._origins: dict[Symbol, Origin] = {root: ()}
        if source.always_there((), ()):
            self.known.add(root)
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
            self.bind(node)
        for child in children(node):
            self._learn(child)

    def enter(self, node: Each) -> None:
        """Remember what the items of an `each` are."""
        origin = self.origin(node.source)
        if origin is not None:
            self._origins[node.item] = (*origin, "*")
        types = self._types_of_single(node.source)
        if types is not None:
            self._types[node.item] = types
        if not node.keep_null:
            self.known.add(node.item)
        self.known.add(node.index)

    def _types_of_single(self, source: Node) -> frozenset[str] | None:
        """The types of the items of `as_list`: those of an array's items, or of a single value."""
        source = self.value(source)
        if not (isinstance(source, Call) and source.function.name == "as_list"):
            return None
        origin, single = self.origin(source.arguments[0]), self.types(source.arguments[0])
        if origin is None or single is None:
            return None
        items = self.source.types_of((*origin, "*")) if "array" in single else frozenset()
        return None if items is None else items | (single - ARRAY)

    def values(self, node: Node) -> tuple[object, ...] | None:
        """All values that a node can have, where they are few and known; nulls left out."""
        node = self.value(node)
        match node:
            case Const():
                return (node.value,)
            case Path():
                if self.types(node) == BOOLEAN:
                    return (True, False)
                origin = self.origin(node)
                return None if origin is None else self.source.values_of(origin)
            case If():
                then, otherwise = self.values(node.then), self.values(node.otherwise)
                return None if then is None or otherwise is None else (*then, *otherwise)
            case Lookup() if node.otherwise in ("error", "drop"):
                return tuple(value for _, value in node.table.entries)
            case Approximate():
                return self.values(node.value)
        return None

    def lists_all(self, node: Lookup) -> bool:
        """Whether a value map lists every value that it is asked for."""
        values = self.values(node.value)
        keys = {(type(key) is bool, key) for key, _ in node.table.entries}
        return values is not None and all(
            isinstance(value, (str, int, float)) and (type(value) is bool, value) in keys for value in values
        )

    def bind(self, node: Let) -> None:
        """Remember what the value of a name is."""
        if self.present(node.value) and not may_hold_null(node.value):
            self.known.add(node.symbol)
        self._values[node.symbol] = node.value
        types = self.types(node.value)
        if types is not None:
            self._types[node.symbol] = types

    def value(self, node: Node) -> Node:
        """What a name stands for, where it has one; other nodes stand for themselves."""
        while isinstance(node, Path) and not node.steps and node.scope in self._values:
            node = self._values[node.scope]
        return node

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
        there = node.scope in self.known
        if not node.steps or not there:
            return there
        names = tuple(step for step in node.steps if isinstance(step, str))
        return base is not None and len(names) == len(node.steps) and self.source.always_there(base, names)

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

    def never_null(self, node: Each) -> bool:
        """Whether no item of an `each`'s source is null."""
        origin = self.origin(node.source)
        if origin is not None:
            return self.source.always_there((*origin, "*"), ())
        return isinstance(self.value(node.source), Each)

    def total(self, node: Node) -> bool:
        """Whether a node is known to reject no valid document."""
        match node:
            case Const() | Param():
                return True
            case Path():
                return self._total_path(node)
            case Let():
                return self.total(node.value) and self.total(node.body)
            case If():
                boolean = self.types(node.test) == BOOLEAN
                return boolean and all(self.total(part) for part in (node.test, node.then, node.otherwise))
            case Coalesce():
                return all(self.total(option) for option in node.options)
            case Call():
                return node.function.name in _TOTAL_OPERATORS and all(self.total(part) for part in node.arguments)
            case Lookup():
                listed = node.otherwise != "error" or self.lists_all(node)
                return listed and self.total(node.value)
        return False

    def _total_path(self, node: Path) -> bool:
        for position, step in enumerate(node.steps):
            wanted = OBJECT if isinstance(step, str) else ARRAY
            before = Path(node.scope, node.steps[:position], node.span)
            if not isinstance(step, (str, int)) or self.types(before) != wanted:
                return False
        return True

    def types(self, node: Node) -> frozenset[str] | None:
        """The JSON types that a node's values can have, nulls left out; None where that is not known."""
        match node:
            case Const():
                return _type_of(node.value)
            case Path():
                origin = self.origin(node)
                if origin is not None:
                    return self.source.types_of(origin)
                return self._types.get(node.scope) if not node.steps else None
            case Call():
                kind = node.function.result.get("type")
                return None if kind is None else frozenset([kind] if isinstance(kind, str) else kind)
            case Array() | Concat():
                return frozenset(["array"])
            case Object() | Rest():
                return frozenset(["object"])
            case Let():
                return self.types(node.body)
            case Approximate():
                return self.types(node.value)
            case If():
                return self._union((node.then, node.otherwise))
            case Coalesce():
                return self._union(node.options)
            case Each():
                if node.take is not None:
                    return self.types(node.body)
                return frozenset(["object" if node.key is not None else "array"])
            case Lookup():
                entries = [_type_of(value) for _, value in node.table.entries]
                others = self.types(node.otherwise) if isinstance(node.otherwise, Const) else frozenset()
                kept = self.types(node.value) if node.otherwise == "keep" else frozenset()
                return _joined((*entries, others, kept))
        return None

    def _union(self, nodes: Iterable[Node]) -> frozenset[str] | None:
        return _joined(self.types(node) for node in nodes)


def _joined(found: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    result: frozenset[str] = frozenset()
    for types in found:
        if types is None:
            return None
        result |= types
    return result


def _type_of(value: object) -> frozenset[str]:
    match value:
        case None:
            return frozenset()
        case bool():
            return frozenset(["boolean"])
        case str():
            return frozenset(["string"])
        case int():
            return frozenset(["integer"])
        case float():
            return frozenset(["number"])
        case list():
            return frozenset(["array"])
    return frozenset(["object"])
