"""A mapping file as data: what the loader gives and every other pass reads."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any, Literal

from casemap.mapping.core import Node, Symbol, ValueMap
from casemap.schema.fields import Steps
from casemap.span import Span

__all__ = ["Example", "Mapping", "Reason", "Remark", "Unused"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a source field is left behind, or a target field has no source; with its place in the file.

    The path `*` stands for the members that the schema does not name.
    """

    path: Steps
    why: str
    span: Span


@dataclass(frozen=True, slots=True)
class Example:
    """A source payload with the target it gives, or the code of its rejection. `_file` ones are paths to read."""

    source: Any
    source_file: str | None
    params: Table[str, Any]
    target: Any
    target_file: str | None
    reject: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says of itself, and of everything that is written in it: from `span` to `end`, a line and column."""

    kind: Literal["note", "may_reject"]
    text: str
    span: Span
    end: tuple[int, int]

    def covers(self, span: Span) -> bool:
        """Whether a place of the file lies in the rule."""
        return (self.span.line, self.span.column) <= (span.line, span.column) <= self.end


@dataclass(frozen=True, slots=True)
class Unused:
    """A name of the file that no rule uses; `kind` says what it names: `param`, `value map`, `definition`, `let`."""

    kind: str
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """A loaded mapping: rules that turn one document type into another.

    `body` is its core tree over the symbol `root`, as a mapping that uses it sees it.
    """

    id: str
    file: str
    source: str
    target: str
    summary: str
    params: Table[str, Table[str, Any]]
    root: Symbol
    body: Node
    unmapped: tuple[Reason, ...] = ()
    unset: tuple[Reason, ...] = ()
    examples: tuple[Example, ...] = ()
    value_maps: Table[str, ValueMap] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unused: tuple[Unused, ...] = ()
    ends: tuple[Span, Span] | None = None
    """The places of the source and target types."""

    def said(self, kind: Literal["note", "may_reject"], span: Span) -> str:
        """What the innermost rule around a place of this file says under `note` or `may_reject`; else empty."""
        around = [remark for remark in self.remarks if remark.kind == kind and remark.covers(span)]
        return max(around, key=lambda remark: (remark.span.line, remark.span.column)).text if around else ""
