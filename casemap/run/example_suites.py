"""The examples of many mappings, run: one suite a mapping, with what its examples reach of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from casemap.analysis.coverage import Coverage
from casemap.catalog import MappingEntry
from casemap.errors import MappingError
from casemap.mapping.file import Mapping
from casemap.problem import Problem
from casemap.run.examples import Converts, ExampleRun, run_examples

__all__ = ["Mappings", "Suite", "chosen_mappings", "run_suites", "share"]


class Mappings(Converts, Protocol):
    """What is asked of a catalog."""

    @property
    def mappings(self) -> tuple[MappingEntry, ...]: ...
    def mapping(self, id: str) -> Mapping: ...


@dataclass(frozen=True, slots=True)
class Suite:
    """The examples of one mapping, run. A mapping that cannot be loaded has `problems` and nothing else."""

    entry: MappingEntry
    runs: tuple[ExampleRun, ...] = ()
    coverage: Coverage | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> tuple[ExampleRun, ...]:
        """The examples that do not hold."""
        return tuple(run for run in self.runs if not run.holds)


def run_suites(catalog: Mappings, entries: Iterable[MappingEntry]) -> Iterator[Suite]:
    """The suites of mappings, each run when it is asked for."""
    for entry in entries:
        try:
            mapping = catalog.mapping(entry.id)
        except MappingError as error:
            yield Suite(entry, problems=error.problems)
            continue
        coverage = Coverage(mapping)
        runs = tuple(run_examples(catalog, mapping))
        for run in runs:
            if run.gives_target:
                coverage.add(run.source, run.example.params)
        yield Suite(entry, runs, coverage)


def chosen_mappings(catalog: Mappings, names: Sequence[str]) -> list[MappingEntry]:
    """The mappings that are named by id, by folder (`egain-to-common`) or by file; without names, all of the project.

    Where the project has none of its own, these are the bundled ones. Raises `MappingError` (CM208) for a name that
    is none.
    """
    if not names:
        own = [entry for entry in catalog.mappings if not entry.bundled]
        return own or list(catalog.mappings)
    chosen: dict[str, MappingEntry] = {}
    for name in names:
        found = [entry for entry in catalog.mappings if _is_meant(entry, name)]
        if not found:
            catalog.mapping(name)  # raises, and says what there is
        chosen.update((entry.id, entry) for entry in found)
    return list(chosen.values())


def _is_meant(entry: MappingEntry, name: str) -> bool:
    if name.rstrip("/") in (entry.id, entry.id.split("/", maxsplit=1)[0]):
        return True
    path = Path(name)
    try:
        meant = path.resolve()
        file = Path(entry.file).resolve()
    except (OSError, ValueError):  # a name that is no path
        return False
    return path.exists() and (meant == file or meant in file.parents)


def share(suites: Iterable[Suite]) -> float:
    """The percentage of the parts of all mappings that examples reach; 100 where there is none."""
    counts = [suite.coverage.count() for suite in suites if suite.coverage is not None]
    reached, all_parts = sum(count[0] for count in counts), sum(count[1] for count in counts)
    return 100.0 * reached / all_parts if all_parts else 100.0
