"""The fields of a payload, found by the steps of a ledger's entries; written apart from what casemap does itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from casemap.schema.fields import OTHERS, Steps

__all__ = ["Place", "json_key", "parts_of", "places"]


@dataclass(frozen=True, slots=True)
class Place:
    """A value of a payload with the field that it belongs to, None for a member that no field describes.

    `steps` lead to it; `holder[key]` is the value.
    """

    field: Steps | None
    steps: Steps
    value: Any
    holder: Any
    key: Any

    def put(self, value: Any) -> None:
        """Put another value there."""
        self.holder[self.key] = value


def places(payload: Any, fields: Iterable[Steps]) -> Iterator[Place]:
    """The values of a payload at the leaves that fields are, nulls left out."""
    known = set(fields)
    above = {steps[:count] for steps in known for count in range(len(steps))}
    root = [payload]
    yield from _places(Place(None, (), payload, root, 0), known, above)


def _places(here: Place, known: set[Steps], above: set[Steps]) -> Iterator[Place]:
    value, steps = here.value, here.steps
    if value is None:
        return
    if isinstance(value, dict) and steps in above:
        for name, member in list(value.items()):
            below = next((s for s in ((*steps, name), (*steps, OTHERS)) if s in known or s in above), None)
            place = Place(steps if steps in known else None, (*steps, name), member, value, name)
            if below is not None:
                yield from _places(Place(None, below, member, value, name), known, above)
            elif member is not None:
                yield place
    elif isinstance(value, list) and steps not in known - above:
        for index, item in enumerate(list(value)):
            yield from _places(Place(None, steps, item, value, index), known, above)
    elif steps in known:
        yield Place(steps, steps, value, here.holder, here.key)


def json_key(value: Any) -> str:
    """A text that equal JSON values share; 4 and 4.0 are equal."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def parts_of(value: Any) -> Iterator[str]:
    """The keys of a value and, of an array, of all its items."""
    yield json_key(value)
    if isinstance(value, list):
        for item in value:
            yield from parts_of(item)
