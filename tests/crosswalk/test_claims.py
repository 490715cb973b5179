"""What crosswalks claim, compared with what runs on generated payloads give: `copied`, constants, and `one of …`."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest

from casemap import ConversionError
from casemap.analysis.compose import compose
from casemap.analysis.crosswalk import Crosswalk, Group, Row, Way
from casemap.analysis.presence import Facts
from casemap.catalog import Route
from casemap.compiler.function import CompiledTree
from casemap.schema.fields import Steps
from casemap.schema.store import SourceSchema
from tests.analysis.bundled import ROUTES, catalog
from tests.analysis.generated import Payloads, words_of
from tests.analysis.places import json_key, parts_of, places
from tests.crosswalk.crosswalks import route_crosswalk

PARAMS = {"base_url": "https://egain.example.com:9000/root/"}
COUNT = 60


class Fields:
    """A value by its fields; looked through once for each set of fields that are known of it."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self._found: dict[frozenset[Steps], dict[Steps, list[Any]]] = {}

    def at(self, steps: Steps, known: frozenset[Steps]) -> list[Any]:
        """The values at one of the known fields."""
        if known not in self._found:
            self._found[known] = {}
            for place in places(self.value, known):
                if place.field is not None:
                    self._found[known].setdefault(place.field, []).append(place.value)
        return self._found[known].get(steps, [])


@functools.cache
def _runs(source: str, target: str) -> list[tuple[Fields, Fields]]:
    """Payloads that are converted, each with what it becomes."""
    known = SourceSchema(catalog().store, source)
    tree, root = compose(catalog().chain(source, target), known)
    params = {name: PARAMS[name] for name in catalog().parameters(source, target)}
    convert = CompiledTree(tree, root, params, "test", Facts(tree, root, known))
    words = [word for each in words_of(tree) or ["8"] for word in (each, "7")]
    found: list[tuple[Fields, Fields]] = []
    for payload in Payloads(catalog().store, source, words).take(COUNT):
        try:
            found.append((Fields(payload), Fields(convert.convert(payload))))
        except ConversionError:
            continue
    return found


def _given(payload: Fields, found: Crosswalk, row: Row) -> dict[Steps, list[Any]]:
    """The payload's values at the fields that a row names."""
    wanted = {steps for way in row.ways for steps in way.sources}
    known = frozenset({steps for steps, _ in found.fates} | wanted)
    return {steps: payload.at(steps, known) for steps in wanted}


def _made(result: Fields, found: Crosswalk, steps: Steps) -> list[Any]:
    return result.at(steps, frozenset(row.steps for row in found.fields))


def _flat(values: list[Any]) -> Iterator[Any]:
    """The values, of arrays their items: what is copied into an array is an item of it."""
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value


def _allowed(way: Way, given: dict[Steps, list[Any]]) -> set[str]:
    if way.claim == "copied":
        return {part for steps in way.sources for value in given[steps] for part in parts_of(value)}
    return {json_key(value) for value in way.values}


def _claiming(found: Crosswalk) -> list[Row]:
    return [row for row in found.fields if all(way.claim for way in row.ways)]


@pytest.mark.parametrize("route", ROUTES)
def test_every_value_is_one_that_a_way_claims(route: Route) -> None:
    found = route_crosswalk(route.source, route.target)
    rows = _claiming(found)
    for payload, result in _runs(route.source, route.target):
        for row in rows:
            given = _given(payload, found, row)
            allowed = {key for way in row.ways for key in _allowed(way, given)}
            for value in _made(result, found, row.steps):
                items = value if isinstance(value, list) else [value]
                assert json_key(value) in allowed or {json_key(item) for item in items} <= allowed, (row, value)


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_copied_from_one_field_alone_arrives_in_full(route: Route) -> None:
    found = route_crosswalk(route.source, route.target)
    groups = {row.steps for row in found.rows if isinstance(row, Group)}
    for payload, result in _runs(route.source, route.target):
        for row in found.fields:
            (way, *others) = row.ways
            bounded = any(row.steps[:count] in groups for count in range(len(row.steps) + 1))
            if others or way.words != "copied" or way.when or bounded:
                continue
            given = [value for values in _given(payload, found, row).values() for value in values]
            made = _made(result, found, row.steps)
            assert sorted(map(json_key, _flat(given))) == sorted(map(json_key, _flat(made))), row


def test_most_values_that_are_claimed_are_seen() -> None:
    """The claims are no wider than they have to be: runs give the constants that ways name, but those of rare words."""
    claimed: set[tuple[str, str, str, str]] = set()
    seen: set[tuple[str, str, str, str]] = set()
    for route in catalog().routes():
        found = route_crosswalk(route.source, route.target)
        constants = {row.steps: {json_key(value) for way in row.ways for value in way.values} for row in found.fields}
        ends = (route.source, route.target)
        claimed |= {(*ends, str(steps), key) for steps, keys in constants.items() for key in keys}
        for _, result in _runs(*ends):
            for steps, keys in constants.items():
                if keys:
                    made = {json_key(value) for value in _made(result, found, steps)}
                    seen |= {(*ends, str(steps), key) for key in keys & made}
    assert len(claimed) > 100
    assert len(seen) > 0.75 * len(claimed), sorted(claimed - seen)
