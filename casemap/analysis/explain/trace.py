"""What is written down of one evaluated node: its value, and what it was made of.

A value is a JSON value or `ABSENT`; a null is a value only where it was kept. Traces form the derivation of a result:
its leaves are places of the payload, constants and params.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, Final

from casemap.errors import Failure
from casemap.functions.registry import shown, type_name
from casemap.mapping.core import Computed, Member, Node, Spread, Symbol

__all__ = ["ABSENT", "Absent", "Steps", "Trace", "below", "is_passed_on", "is_there", "passed_on"]

Steps = tuple[str | int, ...]
"""Member names and array indexes, from the document down."""


class Absent(enum.Enum):
    """No value."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(slots=True, eq=False)
class Trace:
    """A node (or the part of an object that a node fills) with its value.

    `inputs` are what the value was made of. `place` leads to the value in the payload, where it is the payload's own;
    for an absent one, to where it was looked for. Of an object or an array that was built, `members` or `items` hold
    what each was made of, and `lacking` the declared members that are absent. `deciding` are tests that led to this
    value and are no part of it, `passed_over` the options that were absent, or the value that a map does not list.
    `chosen` is the number of the option or entry that was taken. `taken_from` is the value that this one is a part of.
    `this` is the scope in which the node stands. `names_only` says that only names were read,
    `only_part` that nothing was done to the input but to take this from it.
    """

    node: Node | Member | Computed | Spread
    value: Any
    inputs: tuple[Trace, ...] = ()
    place: Steps | None = None
    members: dict[str, Trace] | None = None
    items: list[Trace] | None = None
    lacking: dict[str, Trace] | None = None
    deciding: tuple[Trace, ...] = ()
    passed_over: tuple[Trace, ...] = ()
    chosen: int | None = None
    taken_from: Trace | None = None
    this: Symbol | None = field(default=None, repr=False)
    names_only: bool = False
    only_part: bool = False

    @property
    def present(self) -> bool:
        """Whether there is a value."""
        return self.value is not ABSENT


def is_there(trace: Trace) -> bool:
    """Whether there is a value to an expression, in which a null is absent."""
    return trace.value is not ABSENT and trace.value is not None


def passed_on(node: Node | Member | Computed | Spread, value: Trace, **more: Any) -> Trace:
    """A node whose value is that of another one."""
    return Trace(node, value.value, (value,), value.place, value.members, value.items, value.lacking, **more)


def is_passed_on(trace: Trace) -> bool:
    """Whether a trace's value is that of its one input."""
    return len(trace.inputs) == 1 and trace.inputs[0].value is trace.value


def below(trace: Trace, step: str | int) -> Trace:
    """What is one step below a value that is there; rejects a step into anything that has no such part."""
    if isinstance(step, str):
        return _member(trace, step)
    if not isinstance(trace.value, list):
        raise _no_part(f"[{step}] is an index", trace.value, "Only arrays have indexes.")
    index = step + len(trace.value) if step < 0 else step
    there = 0 <= index < len(trace.value)
    if there and trace.items is not None:
        return _part(trace, trace.items[index])
    value = trace.value[index] if there else ABSENT
    place = None if trace.place is None else (*trace.place, index if there else step)
    return Trace(trace.node, value, () if place else (trace,), place, taken_from=trace, only_part=True)


def _member(trace: Trace, name: str) -> Trace:
    if not isinstance(trace.value, dict):
        raise _no_part(f"`{name}` is a member", trace.value, "Only objects have members.")
    if trace.members is not None and name in trace.members:
        return _part(trace, trace.members[name])
    value = trace.value.get(name, ABSENT)
    place = None if trace.place is None else (*trace.place, name)
    return Trace(trace.node, value, () if place else (trace,), place, taken_from=trace, only_part=True)


def _part(whole: Trace, part: Trace) -> Trace:
    """A part that was built: the circumstances of the whole are its own as well."""
    return passed_on(part.node, part, taken_from=whole, only_part=True)


def _no_part(what: str, value: Any, help: str) -> Failure:
    return Failure("CM306", f"{what}, and {type_name(value)} has none: {shown(value)}", help)
