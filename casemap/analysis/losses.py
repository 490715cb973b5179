"""What a run in fact loses: the fields of one payload whose fate is to be left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from casemap.analysis.fates import Ledger, SourceField
    from casemap.schema.fields import Steps

__all__ = ["Losses"]

NOT_DESCRIBED = "The schema does not describe it."
MOST_NAMED = 3

_Loss = tuple[str, str]
"""The path of a field, and why it is left behind."""


@dataclass(slots=True)
class _Place:
    """A place of a payload: what is lost of a value that stands here, of its members by name, and of any others."""

    own: _Loss | None = None
    members: dict[str, _Place | _Loss | None] = field(default_factory=dict)
    others: _Place | _Loss | None = None


class Losses:
    """Tells what a payload loses on the way that a ledger describes.

    A field is there if its value is not null. An empty array or object whose content the schema describes holds no
    field. Members that the schema does not describe are one field by the name `*`.
    """

    def __init__(self, ledger: Ledger) -> None:
        tree = _Tree()
        for each in ledger.sources:
            tree.add(each, each.steps)
        self._root = tree.place(())

    def as_data(self) -> Any:
        """As plain values: of a place a list, of what is lost as a whole a tuple, None for nothing."""
        return _plain(self._root)

    @classmethod
    def of_data(cls, data: Any) -> Self:
        """What `as_data` has given. Raises `TypeError` or `ValueError` for anything else."""
        losses = cls.__new__(cls)
        losses._root = _place(data)
        return losses

    def of(self, payload: Any) -> dict[str, str]:
        """The fields of a valid payload that are not in the result, with the reason where there is one."""
        found: dict[str, str] = {}
        if isinstance(self._root, tuple):
            found[self._root[0]] = self._root[1]
        elif self._root is not None:
            _find(payload, self._root, found)
        return found


def _plain(place: _Place | _Loss | None) -> Any:
    if not isinstance(place, _Place):
        return place
    members = {name: _plain(below) for name, below in place.members.items()}
    return [place.own, members, _plain(place.others)]


def _place(data: Any) -> _Place | _Loss | None:
    if not isinstance(data, list):
        return data  # type: ignore[no-any-return]
    own, members, others = data
    return _Place(own, {name: _place(below) for name, below in members.items()}, _place(others))


def _find(value: Any, place: _Place, found: dict[str, str]) -> None:
    if isinstance(value, dict):
        members, others = place.members, place.others
        for name, item in value.items():
            loss = members.get(name, others)
            if loss is not None and item is not None:
                if type(loss) is tuple:
                    found[loss[0]] = loss[1]
                else:
                    _find(item, loss, found)  # type: ignore[arg-type]  # the other one of two
    elif isinstance(value, list):
        pending = [value]
        while pending:
            for item in pending.pop():
                if isinstance(item, list):
                    pending.append(item)
                elif item is not None:
                    _find(item, place, found)
    elif place.own is not None:
        found[place.own[0]] = place.own[1]


@dataclass(slots=True)
class _Tree:
    """The source fields by their steps."""

    own: SourceField | None = None
    below: dict[Any, _Tree] = field(default_factory=dict)

    def add(self, entry: SourceField, steps: Steps) -> None:
        if steps:
            self.below.setdefault(steps[0], _Tree()).add(entry, steps[1:])
        else:
            self.own = entry

    def place(self, steps: Steps) -> _Place | _Loss | None:
        """What can be lost here; None where nothing can."""
        own = None if self.own is None or not self.own.lost else (self.own.path, _why(self.own))
        if not self.below:
            return own
        from casemap.schema.fields import OTHERS, path_text  # only where they are worked out

        members = {step: tree.place((*steps, step)) for step, tree in self.below.items()}
        not_described = (path_text((*steps, OTHERS)), NOT_DESCRIBED)
        others = members.pop(OTHERS, own if self.own is not None else not_described)
        if own is None and others is None and not any(members.values()):
            return None
        return _Place(own, members, others)


def _why(entry: SourceField) -> str:
    """The mapping's word, or else what the field is read for."""
    if entry.reason or not entry.uses:
        return entry.reason
    targets = list(dict.fromkeys(use.target for use in entry.uses))
    named = ", ".join(targets[:MOST_NAMED]) + (" and others" if len(targets) > MOST_NAMED else "")
    return f"It decides about {named}, and is not carried itself."
