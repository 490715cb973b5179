"""What a run did: records converted and rejected, what was lost of them, what stands in for something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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

    `lost` and `approximations` count the records in which the field had a value.
    """

    converted: int = 0
    rejected: int = 0
    lost: Counter[Loss] = field(default_factory=Counter)
    approximations: Counter[Loss] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    routes: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    stopped: bool = False

    @property
    def records(self) -> int:
        """The records that came in."""
        return self.converted + self.rejected

    def uses(self, source: str, target: str, route: Iterable[str]) -> None:
        """Note that records took this route."""
        self.routes[source, target] = tuple(route)

    def reject(self, problems: Iterable[Problem]) -> None:
        """Count one reject; a code that it has several times counts once."""
        self.rejected += 1
        self.codes.update({problem.code for problem in problems})

    def lose(self, source: str, lost: Mapping[str, str], records: int = 1) -> None:
        """Count fields that were left behind, with the reasons."""
        for name, reason in lost.items():
            self.lost[Loss(source, name, reason)] += records

    def approximate(self, target: str, approximations: Mapping[str, str], records: int = 1) -> None:
        """Count fields whose value stands in for something else, with the reasons."""
        for name, reason in approximations.items():
            self.approximations[Loss(target, name, reason)] += records

    def as_json(self) -> dict[str, Any]:
        """The summary as `--summary` writes it."""
        return {
            "records": self.records,
            "converted": self.converted,
            "rejected": self.rejected,
            "stopped": self.stopped,
            "routes": [
                {"source": source, "target": target, "mappings": list(mappings)}
                for (source, target), mappings in self.routes.items()
            ],
            "lost": _losses(self.lost),
            "approximations": _losses(self.approximations),
            "rejects": dict(sorted(self.codes.items())),
        }


def _losses(losses: Counter[Loss]) -> list[dict[str, Any]]:
    """The losses, the most frequent first."""
    return [
        {"type": loss.type, "field": loss.field, "records": count, "reason": loss.reason}
        for loss, count in sorted(losses.items(), key=lambda entry: (-entry[1], entry[0].type, entry[0].field))
    ]
