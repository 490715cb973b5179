"""Samples: valid payloads of a document type that come to the edges of its schema and of a mapping; the same each time.

They are for finding counterexamples: a sample is something to run, and nothing is proven where none of them fails.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from typing import Any, TypeVar

from casemap.analysis.candidates import distinct
from casemap.analysis.outlines import Hints, Option, Outline, Place
from casemap.analysis.shrinking import shrink
from casemap.schema.store import SchemaStore, schema_uri
from casemap.schema.validate import is_valid

__all__ = ["Hints", "Samples", "survey"]

MOST_SAMPLES = 5000
"""Where an iteration ends at the latest."""
_MOST_SPOTS = 1500
_MOST_RANDOM = 2000
_MOST_MISSES = 1000
_FLAT = 4
"""Arrays further down have one item at most in mixtures."""

_CLASHING: tuple[Any, ...] = ("a", ["a"], 7, {})
_LIKELY = 4
"""Of the values of a field, the first so many are the ones that mixtures mostly have."""

K = TypeVar("K", bound=Hashable)


class Samples:
    """The samples of a document type. `hints` say what the mapping compares, reads, and which names it uses.

    Iterating gives valid payloads, first what the schema requires alone. Then, by turns: that with one more field, with
    every field, with all but one; each value worth trying at each field, once alone and once among all others; the
    whole with other values everywhere; mixtures. Payloads share parts and must not be changed. Raises `MappingError`
    for a schema that is wrong.
    """

    def __init__(self, store: SchemaStore, type_name: str, hints: Hints | None = None) -> None:
        self.store = store
        self.type_name = type_name
        self.hints = hints or Hints()
        self._validator = store.validator(type_name)

    def valid(self, payload: Any) -> bool:
        """Whether a payload is valid for the document type."""
        return is_valid(payload, self._validator)

    @functools.cached_property
    def _walk(self) -> _Walk:
        schema = self.store.schemas[self.type_name]
        return _Walk(Outline(self.store, [schema], schema_uri(self.type_name), self.hints), self.hints)

    def __iter__(self) -> Iterator[Any]:
        return itertools.islice(_passing(distinct(self._walk.payloads()), self.valid), MOST_SAMPLES)


def _passing(payloads: Iterable[Any], valid: Callable[[Any], bool]) -> Iterator[Any]:
    """The valid payloads; ends where too many in a row are not."""
    misses = 0
    for payload in payloads:
        if valid(payload):
            misses = 0
            yield payload
        else:
            misses += 1
            if misses > _MOST_MISSES:
                return


def survey(
    samples: Samples, findings: Callable[[Any], Collection[K]], wanted: Collection[K] | None = None, limit: int = 400
) -> dict[K, Any]:
    """For each finding a payload, made small, of which `findings` has it; all samples are looked at once.

    Ends early once there is a payload for each of the findings that are `wanted`; others are left out.
    """
    found: dict[K, Any] = {}
    for payload in itertools.islice(samples, limit):
        if wanted is not None and len(found) == len(wanted):
            break
        for key in findings(payload):
            if key not in found and (wanted is None or key in wanted):
                found[key] = shrink(payload, functools.partial(_has, samples, findings, key))
    return found


def _has(samples: Samples, findings: Callable[[Any], Collection[K]], key: K, payload: Any) -> bool:
    return samples.valid(payload) and key in findings(payload)


class _Walk:
    """Builds payloads from an outline: a value at one place, and around it what else has to be or can be there."""

    def __init__(self, outline: Outline, hints: Hints) -> None:
        self.outline = outline
        self.hints = hints

    @functools.cached_property
    def spots(self) -> list[Place]:
        """The places of the outline: those that the mapping reads first, then by depth."""
        found: list[Place] = []
        level = [self.outline.root]
        while level and len(found) < _MOST_SPOTS:
            found += level
            level = [place for above in level for option in above.options for place in option.places() if place.options]
        return sorted(found[:_MOST_SPOTS], key=self._order)

    def _order(self, place: Place) -> tuple[int, bool]:
        steps = place.steps
        read = steps in self.hints.values
        compared = bool(read and self.hints.values[steps])
        return 0 if compared else 1 if read else 2, place.is_extra

    def payloads(self) -> Iterator[Any]:
        """The payloads, of which some may be invalid or given twice.

        The kinds take turns: none has to wait for the last place of a large document.
        """
        if not self.outline.root.options:
            return
        yield self.outline.root.simple
        compared = [place for place in self.spots if self.hints.values.get(place.steps)]
        yield from _taking_turns(
            (self._structures(), 4),
            (self._varied(compared, told=True), 3),
            (self._clashing(), 1),
            (self._together(), 1),
            (self._varied(self.spots), 2),
            (itertools.islice(self._mixed(), _MOST_RANDOM), 1),
        )

    def _structures(self) -> Iterator[Any]:
        """What is required with one more place; every place; all but one."""
        root = self.outline.root
        for place in self.spots:
            if place.is_optional and not place.is_extra:
                yield _around(place, place.simple, whole=False)
            for option in place.options:
                if option.form == "array":
                    yield from (_around(place, value, whole=False) for value in option.values)
        for option in root.options:
            yield option.simple
            yield option.whole
        for place in self.spots:
            if place.is_optional and not place.is_extra:
                yield _around(place, place.whole, whole=False)
                yield _lacking(place)

    def _varied(self, spots: list[Place], told: bool = False) -> Iterator[Any]:
        """The values of each option at each place, all first ones before the second ones; or those told by hints."""
        columns = [(place, self._told(place) if told else option.values) for place in spots for option in place.options]
        for rank in range(max((len(values) for _, values in columns), default=0)):
            for place, values in columns:
                if rank < len(values):
                    yield _around(place, values[rank], whole=False)
                    yield _around(place, values[rank], whole=True)

    def _told(self, place: Place) -> tuple[Any, ...]:
        return self.hints.values.get(place.steps, ())

    def _clashing(self) -> Iterator[Any]:
        """Members of every name that may clash, with values of several types."""
        open_ = [place for place in self.spots if place.is_extra and place.steps[:-1] in self.hints.open]
        for value in _CLASHING:
            for place in open_:
                yield _around(place, value, whole=False)

    def _together(self) -> Iterator[Any]:
        """The whole document with the first values told at each place, with the second ones, and so on; then any."""
        most = max((len(option.values) for place in self.spots for option in place.options), default=0)
        for told in (True, False):
            for rank in range(most):
                for option in self.outline.root.options:
                    yield self._ranked(option, rank, told)

    def _ranked(self, option: Option, rank: int, told: bool) -> Any:
        match option.form:
            case "object":
                members = ((name, place) for name, place in option.members.items() if place.options)
                return {name: self._chosen(place, rank, told) for name, place in members if not place.is_extra}
            case "array":
                items = [self._chosen(place, rank, told) for place in option.first if place.options]
                if option.item is None or not option.item.options or option.place.deep:
                    return items
                return [*items, self._chosen(option.item, rank, told), self._chosen(option.item, rank + 1, told)]
        values = option.told if told else option.values
        return values[rank % len(values)]

    def _chosen(self, place: Place, rank: int, told: bool) -> Any:
        return self._ranked(place.options[0 if told else rank % len(place.options)], rank, told)

    def _mixed(self) -> Iterator[Any]:
        """Members in and out by chance, with any of their values; always by the same chance."""
        chance = random.Random(0)  # noqa: S311 - for variety, and the same each time
        while self.outline.root.options:
            yield _drawn(self.outline.root, chance, chance.choice((0.2, 0.5, 0.9)))


def _taking_turns(*streams: tuple[Iterator[Any], int]) -> Iterator[Any]:
    """The streams by turns, so many of each at a time, until the last one ends."""
    left = list(streams)
    while left:
        for stream, count in left:
            taken = list(itertools.islice(stream, count))
            yield from taken
            if len(taken) < count:
                left = [(other, number) for other, number in left if other is not stream]


def _around(place: Place, value: Any, whole: bool) -> Any:
    """The document with a value at a place; around it as little as can be, or the whole."""
    while place.parent is not None:
        value = place.parent.holding(place.key, value, whole)
        place = place.parent.place
    return value


def _lacking(place: Place) -> Any:
    """The whole document without a place."""
    option = place.parent
    if option is None:
        return place.whole
    if isinstance(place.key, str):
        value = {name: member for name, member in option.whole.items() if name != place.key}
    else:
        value = option.whole[: place.key]
    return _around(option.place, value, whole=True)


def _drawn(place: Place, chance: random.Random, share: float) -> Any:
    option = chance.choice(place.options)
    match option.form:
        case "object":
            return {
                name: _drawn(member, chance, share)
                for name, member in option.members.items()
                if member.options and (name in option.required or chance.random() < _share(member, share))
            }
        case "array":
            return _drawn_array(option, chance, share)
    last = len(option.values) if chance.random() < 0.3 else _LIKELY
    return chance.choice(option.values[:last])


def _share(place: Place, share: float) -> float:
    return 0.05 if place.is_extra else share


def _drawn_array(option: Option, chance: random.Random, share: float) -> list[Any]:
    first = [_drawn(place, chance, share) for place in option.first if place.options]
    if option.item is None or not option.item.options:
        return first
    place = option.place
    counts = (0,) if place.deep else (0, 1) if len(place.steps) > _FLAT else (0, 1, 1, 2, 3)
    count = len(option.simple) - len(first) or chance.choice(counts)
    return [*first, *(_drawn(option.item, chance, share) for _ in range(count))]
