"""What a run did: records converted and rejected, what was lost of them, what stands in for something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from casemap.problem import Problem

__all__ = ["Loss", "Tally"]


@dataclass(frozen=True, slots=True)
class Loss:
    """A field that loses something: of a `source` type's field that is left behind, or a `target` type's that is
    approximate. `reason` is empty where the mapping gives none."""

    type: str
    field: str
    reason: str


@dataclass(slots=True)
class Tally:
    """Counts of a run. `records` of a list document are its items; a document that is rejected whole counts as one.

    `lost`, `collapsed`, `approximations` and `fallbacks` count the records in which the field had a value. `by_route`
    counts those converted by source and target type; `fates` may tell the fates of fields, by type and name.
    """

    converted: int = 0
    rejected: int = 0
    by_route: Counter[tuple[str, str]] = field(default_factory=Counter)
    lost: Counter[Loss] = field(default_factory=Counter)
    collapsed: Counter[Loss] = field(default_factory=Counter)
    approximations: Counter[Loss] = field(default_factory=Counter)
    fallbacks: Counter[Loss] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    routes: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    fates: dict[tuple[str, str], str] = field(default_factory=dict)
    stopped: bool = False
    interrupted: bool = False

    @property
    def records(self) -> int:
        """The records that came in."""
        return self.converted + self.rejected

    def uses(self, source: str, target: str, route: Iterable[str]) -> None:
        """Note that records took this route."""
        self.routes[source, target] = tuple(route)

    def convert(self, source: str, target: str, records: int = 1) -> None:
        """Count records that were converted; less than none takes some back."""
        self.converted += records
        self.by_route[source, target] += records

    def reject(self, problems: Iterable[Problem]) -> None:
        """Count one reject; a code that it has several times counts once."""
        self.rejected += 1
        self.codes.update({problem.code for problem in problems})

    def lose(self, source: str, lost: Mapping[tuple[str, str], int]) -> None:
        """Count the records that left fields behind, by field and reason."""
        for (name, reason), records in lost.items():
            self.lost[Loss(source, name, reason)] += records

    def collapse(self, source: str, collapsed: Mapping[str, str]) -> None:
        """Count one record that has values in fields that keep only a part of them, with what may become of these."""
        for name, reason in collapsed.items():
            self.collapsed[Loss(source, name, reason)] += 1

    def approximate(self, target: str, approximations: Mapping[tuple[str, str], int]) -> None:
        """Count the records in which a field's value stands in for something else, by field and reason."""
        for (name, reason), records in approximations.items():
            self.approximations[Loss(target, name, reason)] += records

    def fall_back(self, target: str, fallbacks: Mapping[tuple[str, str], int]) -> None:
        """Count the records in which a field's value is that of a further option, by field and option."""
        for (name, option), records in fallbacks.items():
            self.fallbacks[Loss(target, name, option)] += records

    def add(self, other: Tally) -> None:
        """Count what another tally counted of records that were converted; its rejects are counted one by one."""
        self.converted += other.converted
        self.by_route.update(other.by_route)
        self.lost.update(other.lost)
        self.collapsed.update(other.collapsed)
        self.approximations.update(other.approximations)
        self.fallbacks.update(other.fallbacks)

    def as_json(self) -> dict[str, Any]:
        """The summary as `--summary` writes it."""
        return {
            "records": self.records,
            "converted": self.converted,
            "rejected": self.rejected,
            "stopped": self.stopped,
            "interrupted": self.interrupted,
            "routes": [
                {
                    "source": source,
                    "target": target,
                    "mappings": list(mappings),
                    "converted": self.by_route[source, target],
                }
                for (source, target), mappings in self.routes.items()
            ],
            "lost": [{**loss, "fate": self.fates.get((loss["type"], loss["field"]))} for loss in _losses(self.lost)],
            "collapsed": _losses(self.collapsed),
            "approximations": _losses(self.approximations),
            "fallbacks": _losses(self.fallbacks),
            "rejects": dict(sorted(self.codes.items())),
        }

    def state(self) -> dict[str, Any]:
        """The counts as JSON values, for `restore`."""
        return {
            "converted": self.converted,
            "rejected": self.rejected,
            "codes": dict(self.codes),
            "by_route": [[*types, count] for types, count in self.by_route.items()],
            "collapsed": [[*astuple(loss), count] for loss, count in self.collapsed.items()],
            "lost": [[*astuple(loss), count] for loss, count in self.lost.items()],
            "approximations": [[*astuple(loss), count] for loss, count in self.approximations.items()],
            "fallbacks": [[*astuple(loss), count] for loss, count in self.fallbacks.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Count what an earlier run had counted."""
        self.converted, self.rejected = state["converted"], state["rejected"]
        self.codes = Counter(state["codes"])
        self.by_route = Counter({(source, target): count for source, target, count in state["by_route"]})
        self.collapsed = Counter({Loss(*loss): count for *loss, count in state["collapsed"]})
        self.lost = Counter({Loss(*loss): count for *loss, count in state["lost"]})
        self.approximations = Counter({Loss(*loss): count for *loss, count in state["approximations"]})
        self.fallbacks = Counter({Loss(*loss): count for *loss, count in state["fallbacks"]})


def _losses(losses: Counter[Loss]) -> list[dict[str, Any]]:
    """The losses, the most frequent first."""
    return [
        {"type": loss.type, "field": loss.field, "records": count, "reason": loss.reason}
        for loss, count in sorted(losses.items(), key=lambda entry: (-entry[1], entry[0].type, entry[0].field))
    ]
