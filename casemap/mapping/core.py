"""The core: what a mapping means, as a tree of a dozen frozen node types.

A node gives a value or is *absent*. Names are resolved: a `Symbol` stands for exactly one binding (the document, an
item, an index, a `let` name), whatever it was called in the file, so trees can be substituted into each other.

Every node has the `span` of the text that it was written in.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from casemap.functions.registry import Function
from casemap.span import Span

__all__ = [
    "ABSENT_NODE", "Approximate", "Array", "Call", "Coalesce", "Computed", "Concat", "Const", "Each", "If", "Let",
    "Lookup", "Member", "Node", "Object", "Param", "Path", "Policy", "Rest", "Spread", "Step", "Symbol",
    "ValueMap", "children", "fresh", "is_node", "rebuild", "substitute",
]  # fmt: skip

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """A binding: `name` is for readers, identity is what counts."""

    name: str
    number: int = field(default_factory=lambda: next(_numbers))


@dataclass(frozen=True, slots=True)
class Const:
    """A JSON value. Its null is a value only where `keep_null` is set."""

    value: Any
    span: Span
    keep_null: bool = False


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the conversion, by name; `steps` lead into it."""

    name: str
    steps: tuple[Step, ...]
    span: Span
    keep_null: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """The value of a symbol, or what its steps lead to: a text is a member, a number an index, a node computes either.

    Absent if a step finds nothing or null; with `keep_null` the null at the end of the path is a value.
    A member of anything but an object, or an index of anything but an array, rejects.
    """

    scope: Symbol
    steps: tuple[Step, ...]
    span: Span
    keep_null: bool = False


@dataclass(frozen=True, slots=True)
class Let:
    """`body`, in which `symbol` stands for `value`: computed on first use, at most once."""

    symbol: Symbol
    value: Node
    body: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator of arguments. Absent if any is, unless the function sees absence."""

    function: Function
    arguments: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ValueMap:
    """A table from source values to target values. Keys are JSON scalars, typed; 1 and 1.0 are one key.

    `places` are those of each entry's key and value in the file.
    """

    name: str
    entries: tuple[tuple[Any, Any], ...]
    ignore_case: bool
    span: Span
    places: tuple[tuple[Span, Span], ...] = field(default=(), compare=False, repr=False)


Policy = Literal["error", "drop", "keep"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """The entry of `value` in a value map, or what the policy says; a `Const` policy gives its value.

    A null value (one that was kept) passes by the map. A null entry is a value: the rule decides of it.
    """

    value: Node
    table: ValueMap
    otherwise: Policy | Const
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """`then` where the test is true; `otherwise` where it is false or absent. Any other test rejects."""

    test: Node
    then: Node
    otherwise: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first option that is not absent; later ones are not computed. Without options: absent."""

    options: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """A declared member of an object; `key` is its name."""

    key: str
    value: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Computed:
    """A member whose name is computed. Absent name: no member; a name that is not a text rejects."""

    key: Node
    value: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Spread:
    """The members of an object, or of an array of objects, spread into the object around."""

    value: Node
    drop_on_collision: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Object:
    """An object of its parts, in order. Two parts of one name reject.

    `absent` says when there is none: if "every" part is absent, if "any" is, or "never".
    """

    parts: tuple[Member | Computed | Spread, ...]
    absent: Literal["every", "any", "never"]
    span: Span


@dataclass(frozen=True, slots=True)
class Each:
    """An array of the body's values for the items of the source; with `key` an object, with `take` one value.

    `where`, `sort`, `unique`, `key` and `body` see the item as `item` and its position in the source as `index`.
    Absent bodies are skipped; with `strict` one makes the whole absent. Null items are skipped unless `keep_null`.
    `records` marks the items that are records of a list document.
    """

    source: Node
    item: Symbol
    index: Symbol
    body: Node
    span: Span
    where: Node | None = None
    sort: Node | None = None
    descending: bool = False
    unique: Node | None = None
    take: Literal["first", "last"] | None = None
    key: Node | None = None
    repeated: Literal["error", "first", "last", "collect"] = "error"
    keep_null: bool = False
    strict: bool = False
    records: bool = False


@dataclass(frozen=True, slots=True)
class Array:
    """An array of its items; absent ones are skipped."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Concat:
    """Arrays joined; absent parts are skipped; absent if all are."""

    parts: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Rest:
    """The members of an object except those named; absent if there are none."""

    value: Node
    declared: frozenset[str]
    span: Span


@dataclass(frozen=True, slots=True)
class Approximate:
    """A value that stands in for something else, and why.

    Other kinds are in trees that are observed, alone. A `fallback` is a further option of its rule that nobody says
    this of; `why` is the option as it is written. A `carried` value is one that a name has, the path to it or its rest:
    whatever is said of the name's is said of it. Of a `part`, which is put together with others, no fallback is told.
    """

    value: Node
    why: str
    span: Span
    kind: Literal["approximate", "fallback", "carried", "part"] = "approximate"


Node = Const | Param | Path | Let | Call | Lookup | If | Coalesce | Object | Each | Array | Concat | Rest | Approximate
Step = str | int | Node

_NODES: frozenset[type] = frozenset(get_args(Node))
_NO_PARTS = ("span", "symbol", "scope", "item", "index")
_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind) if each.name not in _NO_PARTS)
    for kind in (*get_args(Node), Member, Computed, Spread)
}
"""The fields of each node type that can hold nodes."""


def ABSENT_NODE(span: Span) -> Coalesce:  # noqa: N802 - reads as the constant that it would be without its span
    """The node that is always absent."""
    return Coalesce((), span)


def children(node: Any) -> Iterator[Node]:
    """The nodes directly below a node, in the order of evaluation of its fields."""
    for name in _PARTS[type(node)]:
        value = getattr(node, name)
        if type(value) is tuple:
            for element in value:
                kind = type(element)
                if kind in _NODES:
                    yield element
                elif kind is Member or kind is Computed or kind is Spread:
                    yield from children(element)
        elif type(value) in _NODES:
            yield value


def is_node(value: object) -> bool:
    """Whether a value is a node of the core."""
    return type(value) in _NODES


def rebuild(node: Any, change: Callable[[Any], Any]) -> Any:
    """The same node with `change` applied to the nodes directly below it."""
    changed: dict[str, Any] = {}
    for name in _PARTS[type(node)]:
        value = getattr(node, name)
        new = value
        if type(value) is tuple:
            new = tuple(_rebuilt(element, change) for element in value)
            if all(a is b for a, b in zip(new, value, strict=True)):
                continue
        elif type(value) in _NODES:
            new = change(value)
        if new is not value:
            changed[name] = new
    return replace(node, **changed) if changed else node


def _rebuilt(element: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(element, (Member, Computed, Spread)):
        return rebuild(element, change)
    return change(element) if is_node(element) else element


def substitute(node: Node, symbols: dict[Symbol, Symbol]) -> Node:
    """The node with symbols renamed wherever they are read or bound."""
    match node:
        case Path(scope=scope) if scope in symbols:
            node = replace(node, scope=symbols[scope])
        case Let(symbol=symbol) if symbol in symbols:
            node = replace(node, symbol=symbols[symbol])
        case Each(item=item, index=index) if item in symbols or index in symbols:
            node = replace(node, item=symbols.get(item, item), index=symbols.get(index, index))
    changed: Node = rebuild(node, lambda child: substitute(child, symbols))
    return changed


def fresh(node: Node, renamed: dict[Symbol, Symbol] | None = None) -> Node:
    """A copy whose bindings have symbols of their own, so that it can stand in a tree beside the original.

    `renamed`, where given, is filled with the new symbol of each old one.
    """
    renamed = {} if renamed is None else renamed
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        bound: tuple[Symbol, ...] = ()
        if isinstance(current, Let):
            bound = (current.symbol,)
        elif isinstance(current, Each):
            bound = (current.item, current.index)
        for symbol in bound:
            renamed.setdefault(symbol, Symbol(symbol.name))
        stack.extend(children(current))
    return substitute(node, renamed) if renamed else node
