"""What a name means at one place of a mapping file, and where the loader collects what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.functions.registry import Registry
from casemap.mapping.core import Path, Step, Symbol
from casemap.problem import Problem, Severity, nearest
from casemap.span import Span

__all__ = ["RESERVED", "Names", "Place", "Report", "Scope"]

MOST_PROBLEMS = 1_000
"""Of one file no more are reported."""

MOST_HINTS = 50

RESERVED = ("this", "root", "parent", "index", "params")
"""Names that always mean the same; no `let` may take them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value that paths start from: a symbol and the steps below it."""

    symbol: Symbol
    steps: tuple[Step, ...] = ()

    def path(self, steps: tuple[Step, ...], span: Span, keep_null: bool = False) -> Path:
        """The path to what lies `steps` below."""
        return Path(self.symbol, (*self.steps, *steps), span, keep_null)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression can use."""

    this: Place
    root: Place
    outer: Scope | None = None
    index: Symbol | None = None
    names: Mapping[str, Symbol] = field(default_factory=dict)

    def enter(self, this: Place, index: Symbol | None = None) -> Scope:
        """The scope of a value that `each`, `within` or `use` sets."""
        return Scope(this, self.root, self, index if index is not None else self.index, self.names)

    def bind(self, name: str, symbol: Symbol) -> Scope:
        """The same scope with one more name."""
        return replace(self, names={**self.names, name: symbol})


@dataclass(slots=True)
class Report:
    """Collects the problems of one mapping file."""

    problems: list[Problem] = field(default_factory=list)
    _seen: set[Problem] = field(default_factory=set)

    def add(self, code: str, message: str, span: Span, help: str = "", severity: Severity = "error") -> None:
        """Report a problem at a place of the file."""
        problem = Problem(code, message, help, severity, span.file, span.line, span.column)
        if problem not in self._seen and len(self._seen) < MOST_PROBLEMS:
            self._seen.add(problem)
            self.problems.append(problem)

    def take(self, problems: Iterable[Problem], span: Span) -> None:
        """Report the problems of another file; what has no place in one is reported at the span."""
        for problem in problems:
            placed = problem if problem.line else problem.at(file=span.file, line=span.line, column=span.column)
            if placed not in self._seen:
                self._seen.add(placed)
                self.problems.append(placed)

    def nearest(self, word: str, known: Iterable[str]) -> str | None:
        """The known word closest to a misspelt one; a file with very many mistakes gets no more hints."""
        return nearest(word, list(known)) if len(self.problems) < MOST_HINTS else None

    @property
    def failed(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Names:
    """What expressions of a file can name beside their scope: its params and the functions."""

    params: Mapping[str, Mapping[str, Any]]
    functions: Registry
    report: Report
