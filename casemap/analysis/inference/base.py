"""Where inference is in a tree, and what it collects there."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from casemap.analysis.causes import ALWAYS
from casemap.analysis.environment import Bound, Environment, Inferred, Named, target_of
from casemap.analysis.observations import Observations
from casemap.analysis.wording import Wording
from casemap.mapping.core import (
    Node,
    Path,
    Symbol,
    children,
)  # fmt: skip
from casemap.schema.shapes import (
    NEVER,
    Shape,
    narrowed,
)
from casemap.span import Span

__all__ = ["NOTHING", "Base", "Refusal", "Target"]

Target = tuple[str, ...]
"""The way to a target field; `*` is any item of an array or member of an open object."""

NOTHING = Inferred(NEVER, ALWAYS)
"""Of what never has a value."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A way in which a rule rejects records: `words` follow on "rejects a case". `always` if it does nothing else."""

    code: str
    words: str
    span: Span
    target: Target
    always: bool = False
    rule: Span | None = None
    """The place of the rule, where `span` is that of its key."""


@dataclass(slots=True)
class Base:
    """What is collected on the way, and what is shared by all kinds of nodes.

    `source` is the shape of the documents over `root`, `params` are the shapes of the params. `refusals` are what may
    be rejected, `members` what was inferred of each target field with the place of its rule, `observed` what else was
    noticed.
    """

    root: Symbol
    source: Shape
    params: Table[str, Shape]
    observed: Observations = field(default_factory=Observations)
    refusals: dict[Refusal, None] = field(default_factory=dict)
    members: dict[Target, list[tuple[Span, Inferred]]] = field(default_factory=dict)
    _at: Target = ()
    _aside: bool = False
    _replaced: bool = False
    """Something else stands in where the value is absent."""
    _names: dict[Symbol, Node] = field(default_factory=dict)
    _free: dict[Symbol, tuple[Symbol, ...]] = field(default_factory=dict)
    _known: dict[Any, tuple[Environment, Inferred, tuple[Refusal, ...]]] = field(default_factory=dict)

    def infer(self, node: Node, env: Environment) -> Inferred:
        """The shape of a node's values where the environment holds."""
        raise NotImplementedError

    def aside(self, node: Node, env: Environment) -> Inferred:
        """The same of a node whose value does not stand in the result as it is."""
        before, self._aside = self._aside, True
        try:
            return self.infer(node, env)
        finally:
            self._aside = before

    @contextmanager
    def at(self, *steps: str) -> Iterator[None]:
        """Inside, the target field is further down."""
        before = self._at
        self._at = before if self._aside else (*before, *steps)
        try:
            yield
        finally:
            self._at = before

    def refuse(self, code: str, words: str, span: Span, always: bool = False, rule: Span | None = None) -> None:
        """Remember a way in which records are rejected."""
        self.refusals[Refusal(code, words, span, self._at, always, rule)] = None

    def text(self, node: Node, env: Environment) -> str:
        """An expression as the mapping writes it, from the document down where it is a path."""
        if isinstance(node, Path):
            symbol, steps, _ = target_of(node, env)
            binding = env.get(symbol)
            if isinstance(binding, Bound) and binding.origin is not None:
                names = (*binding.origin, *(step if isinstance(step, str) else "*" for step in steps))
                return ".".join(name for name in names if name != "*") or "this"
        scopes = (symbol for symbol in reversed(list(env)) if isinstance(env[symbol], Bound))
        item = next((symbol for symbol in scopes if symbol.name != "index"), self.root)
        return Wording(item, self.root, self._names).text(node)

    def named(self, symbol: Symbol, binding: Named, env: Environment) -> Inferred:
        """What a name stands for, worked out once for each environment that differs in what it depends on."""
        free = self.free(symbol, env)
        key = (symbol, self._at, self._aside, self._replaced, *(id(env[each]) for each in free if each in env))
        known = self._known.get(key)
        if known is None:
            outer, self.refusals = self.refusals, {}
            inferred = self.infer(binding.node, env)
            known = self._known[key] = env, inferred, tuple(self.refusals)
            self.refusals = outer
        self.refusals.update(dict.fromkeys(known[2]))
        inferred = known[1]
        if binding.there is False:
            return NOTHING
        shape = inferred.shape if binding.constraint is True else narrowed(inferred.shape, binding.constraint)
        missing = None if binding.there else inferred.missing
        return Inferred(shape, ALWAYS if shape is NEVER else missing)

    def free(self, symbol: Symbol, env: Environment) -> tuple[Symbol, ...]:
        """The names that a `let` value depends on, directly or through others."""
        found = self._free.get(symbol)
        if found is None:
            binding = env[symbol]
            assert isinstance(binding, Named)  # noqa: S101 - only names are asked for
            symbols: dict[Symbol, None] = {}
            pending: list[Node] = [binding.node]
            while pending:
                node = pending.pop()
                if isinstance(node, Path) and node.scope not in symbols:
                    symbols[node.scope] = None
                    further = env.get(node.scope)
                    if isinstance(further, Named):
                        pending.append(further.node)
                pending.extend(children(node))
            found = self._free[symbol] = tuple(symbols)
        return found
