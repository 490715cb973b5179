"""What of a mapping its examples reach: rules, entries of value maps, branches, fallbacks, `else` policies.

Takes a loaded mapping and the payloads of its examples, and evaluates the mapping's tree as it was written over each.
A part is reached if it gave a value at least once. What a mapping uses of another file is that file's to cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from casemap.analysis.compose import in_turn
from casemap.analysis.explain.derivation import Expressions
from casemap.analysis.explain.evaluate import Evaluation
from casemap.analysis.wording import Wording
from casemap.errors import Failure
from casemap.functions.operators import TESTS
from casemap.functions.registry import shown
from casemap.mapping.core import (
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
    Spread,
    Symbol,
    children,
)  # fmt: skip
from casemap.mapping.file import Mapping as MappingFile
from casemap.recursion import deep_trees
from casemap.schema.fields import path_text
from casemap.span import Span

__all__ = ["KINDS", "Coverage", "Kind", "Part"]

Kind = Literal["rule", "entry", "branch", "fallback", "else"]
KINDS: tuple[Kind, ...] = ("rule", "entry", "branch", "fallback", "else")
"""Rules and the parts of rules: entries of value maps, branches of `choose` and conditions, options after the first
of `first_of`, `default` and `coalesce`, and what `else` gives for a value that a map does not list."""

_Mark = int | tuple[int, int | None]
"""What an evaluation notes of a part: the id of the node that gives a value, or a node's entry of a value map."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mapping that an example can reach: `words` say which one, `rule` where it stands."""

    kind: Kind
    words: str
    rule: Span


class Coverage:
    """The parts of a mapping, and how many payloads reached each."""

    def __init__(self, mapping: MappingFile) -> None:
        self.mapping = mapping
        self._marks: dict[Part, list[_Mark]] = {}
        with deep_trees(mapping.file, 1):
            self._tree, self._root = in_turn(mapping)
            for part, mark in _Parts(mapping.file, Expressions(self._tree, self._root)).of(self._tree, (), self._root):
                self._marks.setdefault(part, []).append(mark)
        self._counts = dict.fromkeys(self._marks, 0)

    def add(self, payload: Any, params: Mapping[str, Any]) -> None:
        """Count what a payload reaches; one that is rejected reaches nothing."""
        evaluation = Evaluation(params)
        with deep_trees(self.mapping.file):
            try:
                evaluation.document(self._tree, self._root, payload)
            except (Failure, RecursionError):
                return
        seen: set[_Mark] = {*evaluation.gave, *evaluation.looked_up}
        for part, marks in self._marks.items():
            if any(mark in seen for mark in marks):
                self._counts[part] += 1

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts, in the order of the file."""
        return tuple(sorted(self._counts, key=lambda part: (part.rule.line, part.rule.column, KINDS.index(part.kind))))

    @property
    def missed(self) -> tuple[Part, ...]:
        """The parts that no payload reached, in the order of the file."""
        return tuple(part for part in self.parts if not self._counts[part])

    def count(self, kind: Kind | None = None) -> tuple[int, int]:
        """How many parts of a kind were reached, and how many there are."""
        counts = [count for part, count in self._counts.items() if kind in (None, part.kind)]
        return sum(1 for count in counts if count), len(counts)


def _is_absent(node: Node) -> bool:
    return isinstance(node, Coalesce) and not node.options


@dataclass(slots=True)
class _Parts:
    """Finds the parts of a tree that stand in a file, each with the mark that shows that it was reached."""

    file: str
    expressions: Expressions

    def of(self, node: Node, path: tuple[str, ...], this: Symbol) -> Iterator[tuple[Part, _Mark]]:
        """The parts at and below a node; `path` leads to the target field that it fills."""
        match node:
            case Object():
                yield from self.object(node, path, this)
                return
            case Let():
                if _is_named(node):
                    yield from self.own([(Part("rule", f"let {node.symbol.name}", node.span), id(node.value))])
                    yield from self.of(node.value, (node.symbol.name,), this)
                    yield from self.of(node.body, path, this)
                    return
            case If():
                yield from self.own(self.branches(node, this))
            case Coalesce():
                yield from self.own(self.options(node, path, this))
            case Lookup():
                yield from self.own(self.entries(node, path))
            case Each():
                if not isinstance(node.body, Object):
                    yield from self.own([(Part("rule", f"items of {_name(path)}", node.body.span), id(node.body))])
                yield from self.inside(node, path)
                return
            case Array() | Concat():
                yield from self.own(self.parts(node, path))
        yield from self.below(node, path, this)

    def own(self, found: Iterable[tuple[Part, _Mark]]) -> Iterator[tuple[Part, _Mark]]:
        """Those of this file."""
        return ((part, mark) for part, mark in found if part.rule.file == self.file)

    def below(self, node: Node, path: tuple[str, ...], this: Symbol) -> Iterator[tuple[Part, _Mark]]:
        for child in children(node):
            yield from self.of(child, path, this)

    def inside(self, node: Each, path: tuple[str, ...]) -> Iterator[tuple[Part, _Mark]]:
        for child in children(node):
            if child is node.source and node.strict and isinstance(child, Coalesce):
                child = child.options[0]  # noqa: PLW2901 - the loop of a template, which is empty over nothing
            yield from self.of(child, path, node.item)

    def object(self, node: Object, path: tuple[str, ...], this: Symbol) -> Iterator[tuple[Part, _Mark]]:
        for part in node.parts:
            below = (*path, part.key) if isinstance(part, Member) else path
            if not _is_dotted(part) and not _is_nothing(part.value):
                yield from self.own([(Part("rule", self.title(part, path, this), part.span), id(part))])
            if isinstance(part, Computed):
                yield from self.of(part.key, path, this)
            yield from self.of(part.value, below, this)

    def title(self, part: Member | Computed | Spread, path: tuple[str, ...], this: Symbol) -> str:
        if isinstance(part, Member):
            return path_text((*path, part.key))
        if isinstance(part, Computed):
            return f"{_name(path)}[{self.words(part.key, this)}]"
        return f"'*' of {_name(path)}"

    def branches(self, node: If, this: Symbol) -> Iterator[tuple[Part, _Mark]]:
        """Both sides of a choice; a condition that leaves a value out, `and`, `or` and `not` are none."""
        if _is_truth(node.then) or _is_truth(node.otherwise):
            return
        if _is_absent(node.otherwise) and node.otherwise.span == node.span:
            return
        words = self.words(node.test, this)
        yield Part("branch", f"when {words}", node.span), id(node.then)
        empty = isinstance(node.otherwise, Const) and node.otherwise.span == node.span
        if not (empty or _is_absent(node.otherwise) or isinstance(node.otherwise, If)):
            yield Part("branch", f"otherwise, not {words}", node.otherwise.span), id(node.otherwise)

    def options(self, node: Coalesce, path: tuple[str, ...], this: Symbol) -> Iterator[tuple[Part, _Mark]]:
        """The first option is a rule like any other, the others are fallbacks."""
        if len(node.options) < 2:
            return
        for number, option in enumerate(node.options):
            kind: Kind = "fallback" if number else "rule"
            words = self.words(option, this)
            title = f"{_name(path)}: {words}" if words else f"{_name(path)}, option {number + 1}"
            yield Part(kind, title, option.span), id(option)

    def entries(self, node: Lookup, path: tuple[str, ...]) -> Iterator[tuple[Part, _Mark]]:
        name = f"{_name(path)}: " if node.table.name == "this map" else f"value map {node.table.name}: "
        for number, (key, value) in enumerate(node.table.entries):
            yield Part("entry", f"{name}{shown(key)} → {shown(value)}", node.table.span), (id(node), number)
        if node.otherwise != "error":
            constant = isinstance(node.otherwise, Const)
            policy = shown(node.otherwise.value) if isinstance(node.otherwise, Const) else node.otherwise
            span = node.otherwise.span if isinstance(node.otherwise, Const) else node.span
            words = f"{_name(path)}, a value that the map does not list: {'' if not constant else 'gives '}{policy}"
            yield Part("else", words, span), (id(node), None)

    def parts(self, node: Array | Concat, path: tuple[str, ...]) -> Iterator[tuple[Part, _Mark]]:
        for number, item in enumerate(node.items if isinstance(node, Array) else node.parts, 1):
            if not isinstance(item, (Object, Const)):
                yield Part("rule", f"{_name(path)}, part {number}", item.span), id(item)

    def words(self, node: Node, this: Symbol) -> str:
        text = Wording(this, self.expressions.root, self.expressions.bound).text(node)
        return "" if text == "…" else text


def _name(path: tuple[str, ...]) -> str:
    return path_text(path) if path else "the result"


def _is_truth(node: Node) -> bool:
    return isinstance(node, Const) and isinstance(node.value, bool)


def _is_nothing(node: Node) -> bool:
    """Whether a rule is written to give no value, as one that only keeps its name from others."""
    return isinstance(node, Const) and node.value is None and not node.keep_null


def _is_dotted(part: Member | Computed | Spread) -> bool:
    """Whether a member is only the start of dotted names, which are rules of their own."""
    return isinstance(part, Member) and isinstance(part.value, Object) and part.value.span == part.span


def _is_named(node: Let) -> bool:
    """Whether a name is one that the file gives, and none that the loader needs."""
    if node.value.span == node.span:
        return False
    test = node.body.test if isinstance(node.body, If) and node.body.span == node.span else None
    return not (isinstance(test, Call) and test.function is TESTS["defined"])
