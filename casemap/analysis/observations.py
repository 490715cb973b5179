"""What inference notices on its way: members that are asked for, branches never taken, keys never looked up.

One place of a file can be visited several times, for a definition that is used in several places: what is said of it
is what holds on every visit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from casemap.mapping.core import Each, If, Lookup, Member, Node, ValueMap
from casemap.schema.shapes import Shape
from casemap.span import Span

__all__ = ["Asked", "Observations", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step to a member, from the place in the source that `origin` leads to; `text` is the path as it is written."""

    origin: tuple[str, ...]
    name: str
    text: str


@dataclass(slots=True)
class Asked:
    """A value map, the numbers of its entries that can be asked for, and what it is asked, as shapes and texts."""

    table: ValueMap
    used: set[int] = field(default_factory=set)
    shapes: list[Shape] = field(default_factory=list)
    texts: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Observations:
    """Notes by the places in the file that they are about."""

    steps: dict[Span, dict[Step, None]] = field(default_factory=dict)
    """The members that paths ask for."""
    optional: dict[Span, tuple[str, str]] = field(default_factory=dict)
    """Arguments after the first that can be absent: as they are written, and the target field."""
    maps: dict[Span, Asked] = field(default_factory=dict)
    """Value maps, and what they are asked for."""
    lookups: dict[tuple[Span, tuple[str, ...]], set[int | None]] = field(default_factory=dict)
    """By the place of a lookup and its target field: the entries that it can find, None where it can find none."""
    branches: dict[Span, tuple[Span, bool, bool, str]] = field(default_factory=dict)
    """Conditions by their place: the branch's place, whether they can hold, whether they can fail, and their text."""
    behind: dict[Span, str] = field(default_factory=dict)
    """Options behind one that always has a value, with that one's text."""
    options: set[Span] = field(default_factory=set)
    """Options that can be reached."""
    fields: dict[Span, tuple[tuple[str, ...], Node, bool]] = field(default_factory=dict)
    """The rules of target fields by their place: the field, the rule, and whether it never has a value."""

    def member(self, origin: tuple[str, ...], name: str, span: Span, text: str) -> None:
        """A path asks for a member."""
        self.steps.setdefault(span, {})[Step(origin, name, text)] = None

    def argument(self, span: Span, text: str, field: str) -> None:
        """An argument can be absent."""
        self.optional.setdefault(span, (text, field))

    def entries(self, table: ValueMap, used: list[int], asked: Shape, text: str) -> None:
        """A value map is asked for values of a shape; these of its entries are among them."""
        known = self.maps.setdefault(table.span, Asked(table))
        known.used.update(used)
        known.shapes.append(asked)
        known.texts[text] = None

    def lookup(self, node: Lookup, at: tuple[str, ...], used: list[int], listed: bool) -> None:
        """A value is looked up for a target field: these entries can be found, and `listed` says that one always is."""
        self.lookups.setdefault((node.span, at), set()).update(used if listed else (*used, None))

    def branch(self, node: If, met: bool, unmet: bool, text: str) -> None:
        """A condition was looked at."""
        before = self.branches.get(node.test.span)
        if before is not None:
            met, unmet = met or before[1], unmet or before[2]
        self.branches[node.test.span] = node.span, met, unmet, text

    def filtered(self, node: Each, met: bool, text: str) -> None:
        """The condition of an `each` was looked at."""
        if node.where is not None:
            before = self.branches.get(node.where.span)
            met = met or (before is not None and before[1])
            self.branches[node.where.span] = node.span, met, True, text

    def unreachable(self, span: Span, before: str) -> None:
        """An option stands behind one that is always there."""
        self.behind.setdefault(span, before)

    def reached(self, span: Span) -> None:
        """An option can be reached."""
        self.options.add(span)

    def field(self, at: tuple[str, ...], part: Member, never: bool) -> None:
        """The rule of a target field was looked at."""
        before = self.fields.get(part.span)
        self.fields[part.span] = at, part.value, never and (before is None or before[2])
