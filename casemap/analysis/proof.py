"""What is proven of a mapping or route, as data: its state, its guards with their counterexamples, its problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from casemap.analysis.fates import Ledger
from casemap.problem import Problem
from casemap.schema.shapes import Shape
from casemap.span import Span

__all__ = ["Counterexample", "Guard", "Proof", "State", "Target"]

State = Literal["proven", "guarded", "wrong"]

Target = tuple[str, ...]
"""The way to a target field; `*` is any item of an array, or any member that the target does not name."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A valid source payload that has been run, with what became of it.

    `target` is what it becomes, None where a rule refuses it; `problems` say why that is rejected, the one that is
    shown first.
    """

    source: Any
    target: Any
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """A check that is left to run time.

    `target` leads to the target field; of the whole document it is empty. `condition` says in words what is rejected:
    "rejects a case without `lastModified.date`". `code` is that of the rejection, `rule` the place of what rejects.
    `acknowledged` is what the rule says under `may_reject`, or empty. `kind` says what rejects: a rule "refused" what
    it reads, or the result's field is "missing", or its "value" is not taken. A `wrong` one lets nothing pass.
    """

    target: Target
    condition: str
    code: str
    rule: Span
    acknowledged: str = ""
    kind: Literal["refused", "missing", "value"] = "refused"
    wrong: bool = False
    counterexample: Counterexample | None = None

    @property
    def field(self) -> str:
        """The target field as a mapping writes it: `messages.kind`."""
        return ".".join(step for step in self.target if step != "*")

    @property
    def output(self) -> bool:
        """Whether it is asked of the result, and not of what rules read."""
        return self.kind != "refused"


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a mapping or route before any data.

    `state` is "proven" (every valid source gives a valid target), "guarded" (some may be rejected, see `guards`), or
    "wrong" (see `problems`, which hold warnings as well). `left` is the JSON Schema of what is still to be asked of
    results: True where that is nothing.
    """

    state: State
    problems: tuple[Problem, ...]
    guards: tuple[Guard, ...]
    ledger: Ledger
    left: Shape
