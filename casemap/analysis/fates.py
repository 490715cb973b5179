"""The ledger as data: the fate of each source field, and what fills each target field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from casemap.schema.fields import Steps, path_text
from casemap.span import Span

__all__ = ["FATES", "FILLINGS", "Fate", "Filling", "Ledger", "SourceField", "TargetField", "Use"]

Fate = Literal["copied", "transformed", "collapsed", "consulted", "dropped", "unmapped"]
Filling = Literal["filled", "approximate", "constant", "unset", "unfilled"]
FATES: tuple[Fate, ...] = ("copied", "transformed", "collapsed", "consulted", "dropped", "unmapped")
"""From the best for the data to the worst."""
FILLINGS: tuple[Filling, ...] = ("filled", "approximate", "constant", "unset", "unfilled")


@dataclass(frozen=True, slots=True)
class Use:
    """One way of a source field into the target field that `steps` lead to.

    `functions` were applied to it, in their order, value maps among them; `undoable` says whether the source's value
    can be had back from the target's. `losses` say what becomes one, or is left behind. `names` is set where the
    value is not carried but names a member of the target. `approximate` says for what the value stands in.
    """

    steps: Steps
    fate: Fate
    span: Span
    functions: tuple[str, ...] = ()
    undoable: bool = True
    losses: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()
    names: bool = False

    @property
    def target(self) -> str:
        """The target field as a mapping writes it."""
        return path_text(self.steps)


@dataclass(frozen=True, slots=True)
class SourceField:
    """A field of the source with its one fate: that of the best use. All uses are listed, the best first.

    `reason` is the mapping's word under `unmapped`, or that of a later mapping for what the field became. `span` is
    the place of the rule that reads it, of the reason, or the start of the file.
    """

    steps: Steps
    fate: Fate
    reason: str
    span: Span
    uses: tuple[Use, ...] = ()

    @property
    def path(self) -> str:
        """As a mapping writes it: `customer.link.rel`, `custom.*`."""
        return path_text(self.steps)

    @property
    def lost(self) -> bool:
        """Whether no part of its value is in the result: it is neither carried nor names a member."""
        carried = self.fate in ("copied", "transformed", "collapsed")
        return not carried and not any(use.names for use in self.uses)


@dataclass(frozen=True, slots=True)
class TargetField:
    """A field of the target with what fills it.

    `made_of` are the source fields that its value holds, `decided_by` those that only decide of it, `constants` the
    values that come from none, `approximations` why one stands in for something else. `reason` is the word under
    `unset`, or that of an earlier mapping for what it would be made of.
    """

    steps: Steps
    filling: Filling
    reason: str
    span: Span
    made_of: tuple[Steps, ...] = ()
    decided_by: tuple[Steps, ...] = ()
    constants: tuple[str, ...] = ()
    approximations: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """As a mapping writes it."""
        return path_text(self.steps)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All fates of a mapping or route, in the order of the schemas."""

    sources: tuple[SourceField, ...]
    targets: tuple[TargetField, ...]

    @property
    def unmapped(self) -> tuple[SourceField, ...]:
        """The source fields that nothing is said of: findings."""
        return tuple(each for each in self.sources if each.fate == "unmapped")

    @property
    def unfilled(self) -> tuple[TargetField, ...]:
        """The target fields that nothing is said of: findings."""
        return tuple(each for each in self.targets if each.filling == "unfilled")

    def as_json(self) -> list[dict[str, Any]]:
        """The source fields as JSON values, for machines."""
        return [_source_json(each) for each in self.sources]

    def targets_as_json(self) -> list[dict[str, Any]]:
        """The target fields as JSON values, for machines."""
        return [_target_json(each) for each in self.targets]


# --- JSON ---------------------------------------------------------------------------------------------------------


def _source_json(field: SourceField) -> dict[str, Any]:
    uses = [
        {
            "target": use.target,
            "fate": use.fate,
            "functions": list(use.functions),
            "undoable": use.undoable,
            "losses": list(use.losses),
            "approximate": list(use.approximate),
            "names": use.names,
            "rule": _span_json(use.span),
        }
        for use in field.uses
    ]
    rule = _span_json(field.span)
    return {"path": field.path, "fate": field.fate, "reason": field.reason, "rule": rule, "uses": uses}


def _target_json(field: TargetField) -> dict[str, Any]:
    return {
        "path": field.path,
        "filling": field.filling,
        "reason": field.reason,
        "made_of": [path_text(steps) for steps in field.made_of],
        "decided_by": [path_text(steps) for steps in field.decided_by],
        "constants": list(field.constants),
        "approximations": list(field.approximations),
        "rule": _span_json(field.span),
    }


def _span_json(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.line, "column": span.column}
