"""Why a value of a payload went nowhere, in the mapping's words where it has some."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casemap.analysis.explain.trace import Steps, Trace
from casemap.analysis.fates import Ledger, SourceField
from casemap.functions.registry import shown
from casemap.mapping.core import Lookup
from casemap.schema.fields import OTHERS

__all__ = ["UnusedReasons"]

MOST_NAMED = 3


@dataclass(slots=True)
class _Place:
    own: SourceField | None = None
    below: dict[Any, _Place] = field(default_factory=dict)


class UnusedReasons:
    """Knows the reasons that a ledger has for the fields of its source."""

    def __init__(self, ledger: Ledger) -> None:
        self._root = _Place()
        for each in ledger.sources:
            place = self._root
            for step in each.steps:
                place = place.below.setdefault(step, _Place())
            place.own = each

    def why(self, place: Steps, value: Any, dropped: Trace | None) -> str:
        """The reason for a leaf that no part of the result depends on; `dropped` is the value map that left it out."""
        if dropped is not None and isinstance(dropped.node, Lookup):
            name = dropped.node.table.name
            title = "The value map" if name == "this map" else f"The value map `{name}`"
            return f"{title} has no entry for {shown(value)} and drops it."
        entry = self._entry(place)
        if entry is None:
            return "The schema does not describe it, and no rule reads it."
        if entry.reason:
            return entry.reason
        if value is None:
            return "It is null."
        if isinstance(value, (dict, list)):
            return "It is empty."
        return _by_its_uses(entry)

    def _entry(self, place: Steps) -> SourceField | None:
        """The field that a place belongs to: the deepest that the ledger has on the way to it."""
        found, here = self._root.own, self._root
        for step in place:
            if isinstance(step, int):
                continue
            below = here.below.get(step) or here.below.get(OTHERS)
            if below is None:
                break
            here = below
            found = here.own or found
        return found


def _by_its_uses(entry: SourceField) -> str:
    if not entry.uses:
        return "No rule reads it."
    losses = list(dict.fromkeys(loss for use in entry.uses for loss in use.losses if loss.startswith("only")))
    if losses:
        text = "; ".join(losses)
        return f"{text[:1].upper()}{text[1:]}."
    targets = list(dict.fromkeys(use.target for use in entry.uses))
    named = ", ".join(f"`{target}`" for target in targets[:MOST_NAMED])
    more = " and others" if len(targets) > MOST_NAMED else ""
    verb = "takes" if len(targets) == 1 else "take"
    return f"It can fill {named}{more}, which here {verb} another value or none."
