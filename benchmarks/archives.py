"""Archives of generated cases converted in several ways, and how long each takes beside reading and writing alone.

    python -m benchmarks.archives                     100,000 cases of each route
    python -m benchmarks.archives --records 10000     fewer
    python -m benchmarks.archives --processes         how long two processes and whole commands take as well
    python -m benchmarks.archives --memory            peak memory of `casemap convert`, also for ten times as many
    python -m benchmarks.archives --write             put the tables into docs/benchmarks.md

The floor F is what orjson takes to read and to write the same lines. Before anything is timed, every way must give the
same cases. Then the ways take turns on one processor, in another order each round, and each has its own turn of F right
before it or behind it, over the same lines. What is measured is processor time, with Python's garbage collector off.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson

from benchmarks.archive_processes import (
    envelope_route,
    memory_table,
    peaks,
    wall_table,
    walls,
    write_archive,
)
from benchmarks.archive_ways import FLOOR, ROUTES, WAYS, Archive, Route, Way, floor, ways
from benchmarks.convert import DOCUMENT
from benchmarks.tables import measured_with, ratio, replaced
from casemap import Catalog

__all__ = ["Timing", "check", "measure", "table", "with_tables"]

_START = "<!-- The tables of archives are written by `python -m benchmarks.archives --write`. -->"
_END = "<!-- End of the tables of archives. -->"
_CHECKED = 200  # cases


@dataclass(frozen=True, slots=True)
class Timing:
    """Of one way: the median of microseconds a case, and of the ratio to F in its turns."""

    micros: float
    ratio: float


def check(functions: Mapping[str, Archive], path: Path, folder: Path) -> None:
    """`SystemExit` where a way gives other cases than casemap's exact path."""
    expected: list[object] | None = None
    for name in ("casemap, exact path", *functions):
        target = folder / "checked.ndjson"
        _run(functions[name], path, target)
        found = [orjson.loads(line) for line in target.read_bytes().splitlines()]
        expected = found if expected is None else expected
        if found != expected:
            raise SystemExit(f"{name} gives other cases")


def _run(archive: Archive, path: Path, target: Path) -> float:
    """Seconds of processor time of a conversion."""
    with path.open("rb") as source, target.open("wb") as written:
        before = time.process_time()
        archive(source, written)
        written.flush()
        return time.process_time() - before


@contextmanager
def _without_collector() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


@contextmanager
def _one_processor() -> Iterator[None]:
    """Where a process can be bound to a processor."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if usable:
        os.sched_setaffinity(0, {max(usable)})
    try:
        yield
    finally:
        if usable:
            os.sched_setaffinity(0, usable)


def measure(
    functions: Mapping[str, Archive], paths: Mapping[int, Path], counts: Mapping[int, int], rounds: int
) -> dict[str, Timing]:
    """The timings of the floor and of the ways. `paths` and `counts` are archives and their cases by a way's `of`."""
    target = next(iter(paths.values())).with_name("written.ndjson")
    order = [way for way in WAYS if way.name in functions]
    turns: dict[str, list[tuple[float, float]]] = {way.name: [] for way in order}
    for number in range(rounds):
        for way in order:
            with _without_collector():
                turns[way.name].append(_turn(functions[way.name], paths[way.of], target, floor_first=number % 2 == 0))
        order.append(order.pop(0))
    found = {FLOOR: Timing(median(base for _, base in turns["casemap"]) * 1e6 / counts[1], 1.0)}
    for way in WAYS:
        if way.name in turns:
            micros = median(own for own, _ in turns[way.name]) * 1e6 / counts[way.of]
            found[way.name] = Timing(micros, median(own / base for own, base in turns[way.name]))
    return found


def _turn(archive: Archive, path: Path, target: Path, *, floor_first: bool) -> tuple[float, float]:
    """Seconds of a way and of the floor."""
    if floor_first:
        base = _run(floor, path, target)
        return _run(archive, path, target), base
    own = _run(archive, path, target)
    return own, _run(floor, path, target)


def table(rows: Sequence[tuple[Route, int, Mapping[str, Timing]]]) -> str:
    """The timings as a Markdown table, one row a way."""
    heads = [f"{route.source} → {route.target}, {count:,} cases" for route, count, _ in rows]
    lines = [f"| way | source validated, result valid | {' | '.join(heads)} |", f"|---|---|{'--:|' * len(rows)}"]
    for way in (Way(FLOOR, False), *WAYS):
        cells = [_cell(timings.get(way.name)) for _, _, timings in rows]
        lines.append(f"| {way.name} | {'yes' if way.validates else 'no'} | {' | '.join(cells)} |")
    packages = ("orjson", "msgspec", "jsonschema_rs", "jsonatapy", "jsonata-python", "glom")
    return "\n".join([*lines, "", measured_with(packages)])


def _cell(timing: Timing | None) -> str:
    if timing is None:
        return "not installed"
    return f"{timing.micros:,.1f} µs · {ratio(timing.ratio)} F"


def with_tables(text: str, made: str) -> str:
    """A document with tables in the place of its old ones."""
    return replaced(text, _START, _END, made)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.archives", description="Compare ways to convert archives."
    )
    parser.add_argument("--records", type=int, default=100_000, help="cases of each route (default: 100,000)")
    parser.add_argument("--only", default="", metavar="ROUTE", help="routes with this in their name, as `egain/case →`")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each way (default: 7)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other cases (default: 0)")
    parser.add_argument("--processes", action="store_true", help="time two processes and whole commands as well")
    parser.add_argument(
        "--memory", action="store_true",
        help="measure the memory of `casemap convert` as well, of the cases and of ten times as many",
    )  # fmt: skip
    parser.add_argument(
        "--write", nargs="?", type=Path, const=DOCUMENT, metavar="FILE",
        help=f"put the tables into {DOCUMENT.name}, or a copy of it, as well",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    catalog = Catalog()
    rows, clocked, memory = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for route in (route for route in ROUTES if options.only in f"{route.source} → {route.target}"):
            functions = ways(route, catalog)
            write_archive(folder / "checked.source.ndjson", route, min(_CHECKED, options.records), options.seed)
            check(functions, folder / "checked.source.ndjson", folder)
            counts = {way.of: max(1, options.records // way.of) for way in WAYS}
            paths = {of: folder / f"one-in-{of}.ndjson" for of in counts}
            for of, path in paths.items():
                write_archive(path, route, counts[of], options.seed)
            with _one_processor():
                rows.append((route, options.records, measure(functions, paths, counts, options.rounds)))
            if options.processes:
                clocked.append((route, options.records, walls(route, catalog, paths[1], options.rounds)))
            if options.memory:
                routes = [each for each in (route, envelope_route(route)) if each is not None]
                memory += [(each, peaks(each, options.records, folder, options.seed)) for each in routes]
    made = table(rows)
    if clocked:
        made += f"\n\n{wall_table(clocked)}"
    if memory:
        made += f"\n\n{memory_table(memory, options.records)}"
    print(made)
    if options.write:
        options.write.write_text(with_tables(options.write.read_text(encoding="utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
