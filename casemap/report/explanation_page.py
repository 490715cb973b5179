"""An explanation as HTML: the crosswalk's page, with a payload's values beside the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from casemap.analysis.crosswalk import Crosswalk
from casemap.analysis.explain.explanation import Explanation
from casemap.analysis.explain.trace import Steps as Place
from casemap.report.crosswalk.page import page
from casemap.report.explanation import value_text
from casemap.schema.fields import OTHERS, Steps, path_text

__all__ = ["explanation_html", "field_values"]

LONGEST = 60
"""Characters of a value beside a field."""

MOST = 3
"""Values of the items of an array that are shown; the others are counted."""


def explanation_html(explanation: Explanation, crosswalk: Crosswalk) -> str:
    """The page of a route's crosswalk with what one payload has, and gives, in each field."""
    given = [(each.place, each.value) for each in explanation.used]
    given += [(each.place, each.value) for each in explanation.unused]
    result = [(each.place, each.value) for each in explanation.fields]
    rejected = ", rejected" if explanation.problems else ""
    return page(
        crosswalk,
        values=field_values(result, [row.steps for row in crosswalk.fields]),
        source_values=field_values(given, [steps for steps, _ in crosswalk.fates]),
        title=f"{explanation.source} to {explanation.target}: one payload{rejected}",
    )


def field_values(values: Iterable[tuple[Place, Any]], fields: Sequence[Steps]) -> Mapping[str, str]:
    """Values at places of a document as texts, by the paths of their fields; those of no field are left out.

    The items of an array stand in one field. A field with members of its own has those that the schema does not name.
    """
    known = set(fields)
    prefixes = {steps[:length] for steps in fields for length in range(len(steps) + 1)}
    found: dict[Steps, list[str]] = {}
    for place, value in values:
        steps = _field(place, known, prefixes)
        if steps is not None:
            found.setdefault(steps, []).append(value_text(value, LONGEST))
    return {path_text(steps): _joined(texts) for steps, texts in found.items()}


def _field(place: Place, known: set[Steps], prefixes: set[Steps]) -> Steps | None:
    """The field at a place, or the nearest one above it: indexes left out, members by name, else as any other."""
    way: Steps = ()
    nearest: Steps | None = () if () in known else None
    for step in place:
        if isinstance(step, int):
            continue
        way = (*way, step) if (*way, step) in prefixes else (*way, OTHERS)
        if way not in prefixes:
            break
        nearest = way if way in known else nearest
    return nearest


def _joined(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:MOST])
    return shown if len(texts) <= MOST else f"{shown} and {len(texts) - MOST} more"
