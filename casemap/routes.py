"""Compiled routes in the cache: all that a converter needs to run, without the mappings that it is made of.

No value of a param is in an entry: code takes them from its globals, which are made anew for each converter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from typing import TYPE_CHECKING, Any, NamedTuple

from casemap.compiler.execution import FunctionCode
from casemap.compiler.globals import traits
from casemap.compiler.stored import ObservingCode

if TYPE_CHECKING:
    from casemap.cache.cache import Cache
    from casemap.compiler.line_trees import LineTrees
    from casemap.schema.shapes import Shape

__all__ = ["Observing", "RouteCache", "StoredRoute"]


class StoredRoute(NamedTuple):
    """A route as the cache has it.

    `params` are the schemas of its params, `records_path` leads to the records of a list document. `traits` are all
    that the code depends on of the params' values, see `casemap.compiler.globals.traits`.
    """

    source: str
    target: str
    params: Table[str, Table[str, Any]]
    records_path: tuple[str, ...] | None
    traits: Table[str, str]
    fast: FunctionCode

    def as_data(self) -> tuple[Any, ...]:
        """As plain values and code."""
        params = {name: dict(schema) for name, schema in self.params.items()}
        return self.source, self.target, params, self.records_path, dict(self.traits), tuple(self.fast)

    @classmethod
    def of_data(cls, data: Any) -> StoredRoute:
        """What `as_data` has given. Raises `TypeError` or `ValueError` for anything else."""
        source, target, params, records_path, traits, fast = data
        return cls(source, target, params, records_path, traits, FunctionCode(*fast))


class Observing(NamedTuple):
    """What counts losses on a route: the function that observes, and `Losses.as_data`."""

    code: ObservingCode
    losses: Any

    def as_data(self) -> tuple[Any, ...]:
        """As plain values and code."""
        return self.code.as_data(), self.losses

    @classmethod
    def of_data(cls, data: Any) -> Observing:
        """What `as_data` has given. Raises `TypeError` or `ValueError` for anything else."""
        code, losses = data
        return cls(ObservingCode.of_data(code), losses)


class RouteCache:
    """The compiled routes of a catalog, by the ids of their mappings and whether their sources are `trusted`.

    Nothing is written unless `keeps` says so: a mapping may name functions that no other process knows, even where
    the code does without.
    """

    def __init__(self, cache: Cache, keeps: Callable[[], bool] = lambda: True) -> None:
        self._cache = cache
        self._keeps = keeps
        self._known: dict[tuple[tuple[str, ...], bool], StoredRoute | None] = {}

    def route(self, ids: Sequence[str], *, trusted: bool) -> StoredRoute | None:
        """A route; None where it is not there."""
        key = tuple(ids), trusted
        if key not in self._known:
            self._known[key] = self._cache.find(StoredRoute.of_data, "route", *key)
        return self._known[key]

    def keep(self, ids: Sequence[str], stored: StoredRoute, *, trusted: bool) -> None:
        """Write a route, where that can be done."""
        self._known[tuple(ids), trusted] = stored
        if self._keeps():
            self._cache.put(stored.as_data(), "route", tuple(ids), trusted)

    def observing(self, ids: Sequence[str], traits: Table[str, str], *, trusted: bool) -> Observing | None:
        """What counts losses on a route, whose params have these traits; None where it is not there."""
        return self._cache.find(Observing.of_data, "observing", tuple(ids), trusted, sorted(traits.items()))

    def keep_observing(
        self, ids: Sequence[str], traits: Table[str, str], observing: Observing, *, trusted: bool
    ) -> None:
        """Write what counts losses on a route, where that can be done."""
        if self._keeps():
            self._cache.put(observing.as_data(), "observing", tuple(ids), trusted, sorted(traits.items()))

    def line_trees(
        self, ids: Sequence[str], params: Table[str, Any], *, observing: bool, trusted: bool
    ) -> LineTrees | None:
        """What archives need of a route; None where it is not there."""
        from casemap.compiler.line_trees import LineTrees  # only for archives

        what = "lines", tuple(ids), trusted, observing, sorted(traits(params).items())
        return self._cache.find(lambda data: LineTrees.of_data(data, params), *what)

    def keep_line_trees(self, ids: Sequence[str], params: Table[str, Any], trees: LineTrees, *, trusted: bool) -> None:
        """Write what archives need of a route, where that can be done."""
        if self._keeps() and trees.is_portable:
            observing = trees.losses is not None
            what = "lines", tuple(ids), trusted, observing, sorted(traits(params).items())
            self._cache.put(trees.as_data(), *what)

    def left(self, ids: Sequence[str]) -> tuple[Shape] | None:
        """What the proof of a route leaves to be asked of results, as the one item; None where it is not there."""
        return self._cache.find(_one, "left", tuple(ids))

    def keep_left(self, ids: Sequence[str], left: Shape) -> None:
        """Write what a proof of a route leaves, where that can be done."""
        if self._keeps():
            self._cache.put((left,), "left", tuple(ids))


def _one(data: Any) -> tuple[Any]:
    (found,) = data
    return (found,)
