"""Which parts of a mapping payloads reach: seen by the plain evaluator of the tests, not by what is compiled.

A part is a rule that gives a value, a side of a condition, an option of a fallback, an entry of a value map or what
holds for values that it does not list, and an `each` with an item that its `where` lets through, or holds back.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casemap.errors import Failure
from casemap.mapping.core import Coalesce, Computed, Each, If, Lookup, Member, Node, Object, Spread, Symbol, children
from casemap.span import Span
from tests import evaluator

__all__ = ["Coverage", "Part", "told"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mapping: what kind it is of, where it stands, and which of several there."""

    kind: str
    span: Span
    which: str


def told(part: Part) -> str:
    """A part in words: what it is, and the line of the mapping that it is written in."""
    return f"{part.kind} {part.which}: {_lines(part.span.file)[part.span.line - 1].strip()}"


@functools.cache
def _lines(file: str) -> list[str]:
    return Path(file).read_text("utf-8").splitlines()


class Coverage:
    """The parts of a tree, and those that payloads have reached."""

    def __init__(self, tree: Node, root: Symbol, params: dict[str, Any]) -> None:
        self.tree, self.root, self.params = tree, root, params
        self._given: dict[int, list[Part]] = {}
        """By the nodes that have to give a value."""
        self._asked: dict[int, list[Part]] = {}
        """By the nodes that have to be asked for one."""
        self._lookups: dict[int, Lookup] = {}
        self.parts = frozenset(self._parts(tree))
        self.reached: set[Part] = set()

    @property
    def missing(self) -> list[Part]:
        """The parts that nothing has reached, in the order of the file."""
        return sorted(self.parts - self.reached, key=lambda part: (part.span.file, part.span.line, part.span.column))

    def run(self, payloads: Iterable[Any], but: Collection[str] = ()) -> None:
        """Convert payloads until every part is reached but those told so, or there are no more."""
        wanted = {part for part in self.parts if told(part) not in but}
        plain = evaluator.evaluate
        evaluator.evaluate = self._traced(plain)  # type: ignore[assignment]
        try:
            for payload in payloads:
                evaluator.outcome_of(self.tree, self.root, payload, self.params)
                if wanted <= self.reached:
                    return
        finally:
            evaluator.evaluate = plain

    def _traced(self, plain: Any) -> Any:
        def evaluate(node: Node, environment: evaluator.Environment) -> Any:
            self.reached.update(self._asked.get(id(node), ()))
            if id(node) in self._lookups:
                self._look_up(self._lookups[id(node)], plain, environment)
            value = plain(node, environment)
            if value is not evaluator.ABSENT:
                self.reached.update(self._given.get(id(node), ()))
            return value

        return evaluate

    def _look_up(self, node: Lookup, plain: Any, environment: evaluator.Environment) -> None:
        try:
            value = plain(node.value, environment)
        except Failure:
            return
        if value is evaluator.ABSENT or value is None:
            return
        fold = str.casefold if node.table.ignore_case else str
        for key, _ in node.table.entries:
            same = fold(key) == fold(value) if isinstance(key, str) and isinstance(value, str) else key == value
            if same and isinstance(key, bool) == isinstance(value, bool):
                self.reached.add(Part("entry", node.span, repr(key)))
                return
        self.reached.add(Part("entry", node.span, "unlisted"))

    def _parts(self, node: Node) -> Iterator[Part]:
        match node:
            case If():
                yield from self._note(self._asked, node.then, Part("condition", node.span, "holds"))
                yield from self._note(self._asked, node.otherwise, Part("condition", node.span, "fails"))
            case Coalesce():
                for number, option in enumerate(node.options):
                    yield from self._note(self._given, option, Part("option", node.span, str(number + 1)))
            case Lookup():
                self._lookups[id(node)] = node
                yield from (Part("entry", node.span, repr(key)) for key, _ in node.table.entries)
                yield Part("entry", node.span, "unlisted")
            case Each():
                yield from self._note(self._asked, node.body, Part("item", node.span, "taken"))
            case Object():
                for part in node.parts:
                    yield from self._note(self._given, part.value, Part("rule", part.span, _name(part)))
        for child in children(node):
            yield from self._parts(child)

    def _note(self, table: dict[int, list[Part]], node: Node, part: Part) -> Iterator[Part]:
        table.setdefault(id(node), []).append(part)
        yield part


def _name(part: Member | Computed | Spread) -> str:
    return part.key if isinstance(part, Member) else "[…]" if isinstance(part, Computed) else "*"
