"""The crosswalk as data: rows for the fields of the target, and lists of what is left behind and left out.

Words are sentences without a full stop in which code spans stand between backticks, as in CommonMark (section 6.1): a
span that holds backticks has a longer fence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from casemap.analysis.fates import Fate, Filling
from casemap.schema.fields import Steps, path_text
from casemap.span import Span

__all__ = ["Claim", "Crosswalk", "Group", "Left", "Link", "ParamRow", "Row", "State", "Unset", "Way"]

Claim = Literal["copied", "constant", "one of", ""]
"""What a way promises of the value: it is one of its sources as it stands, `values[0]`, or one of `values`."""

State = Literal["proven", "guarded", "wrong", ""]
"""What the proof says of a field; empty where nothing has been proven or refuted."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the values that a field of the target can have.

    `sources` are the fields that the value holds. `words` say what happens on the way, `when` under which condition
    it is taken (empty: always), `part` in which items of the array around, where these are made in several ways.
    `otherwise` is set where it is taken only once the ways before it give nothing. `approximate` says for what it
    stands in.
    """

    sources: tuple[Steps, ...]
    words: str
    when: str = ""
    part: str = ""
    otherwise: bool = False
    approximate: tuple[str, ...] = ()
    claim: Claim = ""
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the target.

    `ways` stand in the order in which they are tried. `sources` are the fields that it holds, `decided_by` those
    that only decide of it; both are the ledger's. `guards` say on what condition a record is rejected for it.
    `via` are the fields of the documents between, and `span` the rule; both only where they are asked for.
    """

    steps: Steps
    title: str
    about: str
    filling: Filling
    ways: tuple[Way, ...]
    sources: tuple[Steps, ...] = ()
    decided_by: tuple[Steps, ...] = ()
    state: State = ""
    guards: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    collapsed: bool = False
    via: tuple[str, ...] = ()
    span: Span | None = None

    @property
    def path(self) -> str:
        """The field as a mapping writes it."""
        return path_text(self.steps)

    @property
    def approximations(self) -> tuple[str, ...]:
        """For what values of it stand in."""
        return tuple(dict.fromkeys(why for way in self.ways for why in way.approximate))


@dataclass(frozen=True, slots=True)
class Group:
    """An array or object of the target that is made item by item, or only on a condition: a line above its fields."""

    steps: Steps
    words: tuple[str, ...]
    notes: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The field as a mapping writes it."""
        return path_text(self.steps)


@dataclass(frozen=True, slots=True)
class Left:
    """A field of the source that is not carried; `decides` are the target fields that it is read for."""

    steps: Steps
    fate: Fate
    why: str
    decides: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The field as a mapping writes it."""
        return path_text(self.steps)


@dataclass(frozen=True, slots=True)
class Unset:
    """A field of the target without a value; `why` is empty where nothing is said of it."""

    steps: Steps
    why: str

    @property
    def path(self) -> str:
        """The field as a mapping writes it."""
        return path_text(self.steps)


@dataclass(frozen=True, slots=True)
class ParamRow:
    """A param of the conversion, with what its schema says of it."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Link:
    """That a field of the source goes into a field of the target, or decides of it, with its fate there."""

    source: Steps
    target: Steps
    fate: Fate


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What becomes of documents of one type in documents of another.

    `rows` are the target's fields that get a value, in the order of its schema, with a group above those of an array
    or object where there is something to say of it. `links` are all the ways of source fields. `route` names the
    mappings, where that is asked for. `guards` are those that concern no row.
    """

    source: str
    target: str
    summary: str
    rows: tuple[Row | Group, ...]
    dropped: tuple[Left, ...]
    unset: tuple[Unset, ...]
    params: tuple[ParamRow, ...]
    links: tuple[Link, ...]
    fates: tuple[tuple[Steps, Fate], ...]
    state: State = ""
    guards: tuple[str, ...] = ()
    route: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[Row, ...]:
        """The rows of fields alone."""
        return tuple(row for row in self.rows if isinstance(row, Row))
