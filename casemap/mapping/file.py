"""A mapping file as data: what the loader gives and every other pass reads."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any

from casemap.mapping.core import Node, Symbol, ValueMap
from casemap.span import Span

__all__ = ["Example", "Mapping", "Reason"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a source field is left behind, or a target field has no source; with its place in the file."""

    path: tuple[str, ...]
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
