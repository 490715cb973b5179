"""What a core tree is about: the fields that it reads, the constants it holds against them, the names that it gives.

So that samples come to its branches. A constant may be noted for a field that it is not compared with, never for none
of those that it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from casemap.analysis.outlines import ITEM, Hints, Steps
from casemap.analysis.patterns import texts_matching
from casemap.mapping.core import (
    Approximate,
    Array,
    Call,
    Coalesce,
    Computed,
    Concat,
    Const,
    Each,
    If,
    Let,
    Lookup,
    Member,
    Node,
    Object,
    Path,
    Rest,
    Spread,
    Symbol,
    children,
)  # fmt: skip

__all__ = ["hints_of"]

_SAME_ITEMS = frozenset(("as_list", "reverse", "sort", "unique", "compact", "slice"))
_ONE_ITEM = frozenset(("first", "last", "min", "max"))
_NUMBERS = ("7", "-1", "4.5", "007", "1e3", " 7 ", "9" * 30)
_BOOLEANS = ("true", "false", "yes", 1, 0, 2)
_TIMES = (
    "2024-05-14T08:48:05Z", "2015-03-19T00:35:28-0300", "2024-05-14 08:48+01", "2024-05-14T08:48:05", "2024-05-14",
    "2015-06-31T00:35:28-0300", "9999-12-31T23:59:59-2359",
)  # fmt: skip
_EPOCHS = (0, 1583399564000, -1, 1.5, 253402300800000, 10**30)
_URLS = ("/a", "https://example.com/a?b=%zz", "http://[", "%zz", "?a=b")
_JSON = ("{}", "[1]", "7", '"a"', "{")
_BY_FUNCTION: Mapping[str, tuple[Any, ...]] = {
    "int": _NUMBERS, "float": _NUMBERS, "number": _NUMBERS, "boolean": _BOOLEANS, "from_json": _JSON, "url_join": _URLS,
    "url_decode": _URLS, "query_param": _URLS, "strip_tags": ("<b>a</b>", "&amp;"),
}  # fmt: skip
"""Texts and numbers on which a function does one thing or another."""
_PATTERNS = frozenset(("regex_test", "regex_extract", "regex_replace", "regex_split"))
_AFFIXES = frozenset(("remove_prefix", "remove_suffix", "starts_with", "ends_with", "split", "replace"))
_OPENING = frozenset(("entries", "keys", "values", "merge", "pick", "omit"))
_COMPARED = frozenset(("==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "absent_if", "select"))


def hints_of(tree: Node, root: Symbol, names: Iterable[str] = ()) -> Hints:
    """The hints of a tree over a document `root`; `names` are further names that a member may clash with."""
    reader = _Reader({root: [()]})
    reader.read(tree)
    known = tuple(dict.fromkeys((*reader.names, *names)))
    reader.note(reader.naming, known)
    values = {steps: tuple(found) for steps, found in reader.values.items() if steps}
    return Hints(values, known, frozenset(reader.open))


class _Reader:
    """Walks a tree with the fields that each symbol stands for, or is made of."""

    def __init__(self, fields: dict[Symbol, list[Steps]]) -> None:
        self.fields = fields
        self.values: dict[Steps, list[Any]] = {}
        self.names: dict[str, None] = {}
        self.open: set[Steps] = set()
        self.naming: list[Steps] = []
        """Fields that names of members are made of."""
        self.made: dict[Symbol, Node] = {}

    def read(self, node: Node) -> list[Steps]:
        """Note what a node reads and holds against it; gives the fields that its value is made of."""
        match node:
            case Path():
                return self.path(node)
            case Let():
                self.bind(node)
                return self.read(node.body)
            case Call():
                return self.call(node)
            case Lookup():
                found = self.read(node.value)
                self.note(found, [key for key, _ in node.table.entries])
                return found
            case If():
                self.read(node.test)
                return [*self.read(node.then), *self.read(node.otherwise)]
            case Each():
                return self.each(node)
            case Object():
                return self.object(node)
            case Rest():
                found = self.read(node.value)
                self.open.update(found)
                return found
            case Approximate():
                return self.read(node.value)
            case Coalesce() | Array() | Concat():
                return [steps for child in children(node) for steps in self.read(child)]
        return []

    def note(self, fields: Iterable[Steps], values: Iterable[Any] = ()) -> None:
        wanted = list(values)
        for steps in fields:
            known = self.values.setdefault(steps, [])
            known += [value for value in wanted if not any(_same(value, other) for other in known)]

    def path(self, node: Path) -> list[Steps]:
        steps = tuple(step if isinstance(step, str) else ITEM for step in node.steps)
        for step in node.steps:
            if not isinstance(step, str | int):
                self.read(step)
        above = self.fields.get(node.scope, [])
        if node.scope in self.made:  # a value that the tree itself makes: what it is made of
            return above
        found = [(*base, *steps) for base in above]
        self.note(found)
        return found

    def bind(self, node: Let) -> None:
        self.fields[node.symbol] = self.read(node.value)
        if not self.is_field(node.value):
            self.made[node.symbol] = node.value

    def is_field(self, node: Node) -> bool:
        """Whether a node gives a source field as it is, so that steps lead on from it."""
        match node:
            case Path():
                return node.scope not in self.made
            case Call():
                return node.function.name in _SAME_ITEMS | _ONE_ITEM and self.is_field(node.arguments[0])
            case Approximate():
                return self.is_field(node.value)
            case Coalesce():
                return all(self.is_field(option) for option in node.options)
            case If():
                return self.is_field(node.then) and node.otherwise == Coalesce((), node.otherwise.span)
            case Let():
                return self.is_field(node.body)
        return False

    def each(self, node: Each) -> list[Steps]:
        arrays = self.read(node.source)
        single = isinstance(node.source, Call) and node.source.function.name == "as_list"
        self.fields[node.item] = [(*steps, ITEM) for steps in arrays] + (arrays if single else [])
        if not self.is_field(node.source):
            self.made[node.item] = node.source
        self.note(self.fields[node.item])
        self.fields[node.index] = []
        for part in (node.where, node.sort, node.unique):
            if part is not None:
                self.read(part)
        if node.key is not None:
            self.naming += self.read(node.key)
        return self.read(node.body)

    def object(self, node: Object) -> list[Steps]:
        found: list[Steps] = []
        is_open = not all(isinstance(part, Member) for part in node.parts)
        for part in node.parts:
            below = self.read(part.value)
            match part:
                case Member():
                    self.names |= {part.key: None} if is_open else {}
                case Computed():
                    self.naming += self.read(part.key)
                case Spread():
                    self.open.update(below)
            found += below
        return found

    def call(self, node: Call) -> list[Steps]:
        fields = [self.read(argument) for argument in node.arguments]
        constants = [argument.value for argument in node.arguments[1:] if isinstance(argument, Const)]
        name = node.function.name
        found = [steps for each in fields for steps in each]
        if name in _SAME_ITEMS:
            return fields[0]
        if name in _ONE_ITEM:
            return [(*steps, ITEM) for steps in fields[0]]
        if name in ("map", "select") and constants:
            attribute = [(*steps, ITEM, str(constants[0])) for steps in fields[0]]
            self.note(attribute, constants[1:])
            return attribute if name == "map" else [*fields[0], *attribute]
        if name in _OPENING:
            self.open.update(fields[0])
        if name in _COMPARED:
            sides = [argument.value for argument in node.arguments if isinstance(argument, Const)]
            self.note(found, _beside(name, [value for side in sides for value in _values(side)]))
        else:
            self.note(found, _telling(node, constants))
        return found


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _values(side: Any) -> Sequence[Any]:
    return side if isinstance(side, list) else [side]


def _beside(name: str, values: Sequence[Any]) -> list[Any]:
    """The constants of a comparison; of an ordering, what is beside them as well."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    edges = [value + step for value in numbers for step in (-1, 1)] if name[0] in "<>" else []
    return [value for value in (*values, *edges) if value is not None]


def _telling(node: Call, constants: Sequence[Any]) -> Sequence[Any]:
    """Values of a function's argument that tell its cases apart."""
    name = node.function.name
    texts = [value for value in constants if isinstance(value, str)]
    if name in _PATTERNS and texts:
        return texts_matching(texts[0])
    if name in _AFFIXES:
        return [written for text in texts[:1] for written in (text, f"a{text}b", f"{text}b", f"a{text}")]
    if name == "datetime":
        return _times(node)
    return _BY_FUNCTION.get(name, ())


def _times(node: Call) -> Sequence[Any]:
    """Times in the form that a call of `datetime` reads."""
    form = node.arguments[1] if len(node.arguments) > 1 else None
    given = form.value if isinstance(form, Const) else None
    if given in ("epoch_s", "epoch_ms"):
        return _EPOCHS
    if isinstance(given, str) and "%" in given:
        return (_written(given),)
    return _TIMES


def _written(pattern: str) -> str:
    import datetime as dt

    return dt.datetime(2024, 2, 29, 8, 48, 5, 250000, dt.UTC).strftime(pattern)
