"""The fields of source and target as trees, each with what a page shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from casemap.analysis.crosswalk import Crosswalk, Group, Link, Row
from casemap.analysis.fates import FATES
from casemap.schema.fields import Others, Steps, path_text

__all__ = ["Leaf", "Place", "joins", "source_tree", "target_tree"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field. `kind` is its fate or filling, for colours; `label` says it in a word; `marks` are what filters know
    it by. `value` is that of a payload, where there is one.
    """

    id: str
    path: str
    kind: str
    label: str
    marks: tuple[str, ...]
    value: str = ""


@dataclass(slots=True)
class Place:
    """A place of a document by its name: a field, the fields below it, or both."""

    name: str
    leaf: Leaf | None = None
    below: dict[str | Others, Place] = field(default_factory=dict)

    def put(self, steps: Steps, leaf: Leaf) -> None:
        """Put a field where its steps lead."""
        place = self
        for step in steps:
            name = step.value if isinstance(step, Others) else step
            place = place.below.setdefault(step, Place(name))
        place.leaf = leaf

    @property
    def places(self) -> Iterable[Place]:
        """The places directly below, in the order of the schema."""
        return self.below.values()


def source_tree(crosswalk: Crosswalk, values: Mapping[str, str]) -> Place:
    """The source's fields, each with its fate."""
    root = Place(crosswalk.source)
    for number, (steps, fate) in enumerate(crosswalk.fates):
        path = path_text(steps)
        root.put(steps, Leaf(f"s{number}", path, fate, fate, (fate,), values.get(path, "")))
    return root


def target_tree(crosswalk: Crosswalk, values: Mapping[str, str]) -> Place:
    """The target's fields, each with what fills it."""
    root = Place(crosswalk.target)
    for row, leaf in target_leaves(crosswalk, values):
        root.put(row, leaf)
    return root


def target_leaves(crosswalk: Crosswalk, values: Mapping[str, str]) -> Iterable[tuple[Steps, Leaf]]:
    """The target's fields that get a value, in the order of the rows, and then those that get none."""
    for number, row in enumerate(crosswalk.rows):
        if isinstance(row, Row):
            marks = (row.filling, *(["collapsed"] if row.collapsed else []), row.state or "unknown")
            state = f", {row.state}" if row.state not in ("", "proven") else ""
            value = values.get(row.path, "")
            yield row.steps, Leaf(f"t{number}", row.path, row.filling, f"{row.filling}{state}", marks, value)
    for number, unset in enumerate(crosswalk.unset):
        yield unset.steps, Leaf(f"u{number}", unset.path, "unset", "no value", ("unset",))


def joins(crosswalk: Crosswalk) -> list[tuple[str, str, str]]:
    """The lines of the page: the ids of a source and a target field, with the fate between, each pair once."""
    sources = {steps: f"s{number}" for number, (steps, _) in enumerate(crosswalk.fates)}
    targets = _targets(crosswalk)
    best: dict[tuple[str, str], str] = {}
    for link in crosswalk.links:
        for target in targets.get(link.target) or _near(link, targets):
            pair = (sources[link.source], target)
            if pair not in best or FATES.index(link.fate) < FATES.index(best[pair]):
                best[pair] = link.fate
    return [(source, target, fate) for (source, target), fate in best.items()]


def _targets(crosswalk: Crosswalk) -> dict[Steps, list[str]]:
    found: dict[Steps, list[str]] = {}
    for number, row in enumerate(crosswalk.rows):
        if not isinstance(row, Group):
            found.setdefault(row.steps, []).append(f"t{number}")
    return found


def _near(link: Link, targets: Mapping[Steps, list[str]]) -> list[str]:
    """The fields below a place that is filled or decided of as a whole, or else the one that it is a part of."""
    below = [id for steps, ids in targets.items() for id in ids if steps[: len(link.target)] == link.target]
    if below:
        return below
    above = [ids for steps, ids in targets.items() if steps and link.target[: len(steps)] == steps]
    return above[-1] if above else []
