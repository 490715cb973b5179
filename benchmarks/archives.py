"""Archives of generated cases converted in several ways, and how long each takes beside reading and writing alone.

    python -m benchmarks.archives                     100,000 cases of each route
    python -m benchmarks.archives --records 10000     fewer
    python -m benchmarks.archives --memory            peak memory of `casemap convert` as well
    python -m benchmarks.archives --write             put the tables into docs/benchmarks.md

The floor F is what orjson takes to read and to write the same lines. Before anything is timed, every way must give the
same cases. Then the ways take turns on one processor, in another order each round, and each has its own turn of F right
before it or behind it, over the same lines. What is measured is processor time, with Python's garbage collector off.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import orjson

from benchmarks.archive_ways import FLOOR, ROUTES, WAYS, Archive, Route, Way, floor, ways
from benchmarks.cases import cases
from benchmarks.convert import DOCUMENT
from casemap import Catalog

__all__ = ["Peak", "Timing", "check", "measure", "memory_table", "peaks", "table", "with_tables"]

_START = "<!-- The tables of archives are written by `python -m benchmarks.archives --write`. -->"
_END = "<!-- End of the tables of archives. -->"
_CHECKED = 200  # cases
_SMALL = 20_000
"""Cases of the smaller archive whose conversion's memory is measured; the larger has ten times as many."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Of one way: the median of microseconds a case, and of the ratio to F in its turns."""

    micros: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Peak:
    """The peak of resident memory in MB, of an archive and of one ten times as large."""

    small: float
    large: float


def write_archive(path: Path, route: Route, count: int, seed: int) -> None:
    """Generated cases, one a line."""
    with path.open("wb") as file:
        for case in cases(route.source, count, seed):
            file.write(orjson.dumps(case))
            file.write(b"\n")


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


def peaks(route: Route, folder: Path, seed: int) -> Peak:
    """The peak memory of `casemap convert`, in one process."""
    found = []
    for count in (_SMALL, 10 * _SMALL):
        path = folder / "memory.ndjson"
        write_archive(path, route, count, seed)
        params = [f"-p{name}={value}" for name, value in route.params.items()]
        command = [sys.executable, "-m", "casemap", "convert", str(path), "--from", route.source, "--to", route.target]
        process = subprocess.Popen([*command, *params, "-q", "--jobs", "1", "-o", str(folder / "memory.out.ndjson")])  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"casemap convert ended with {process.returncode}")
        found.append(usage.ru_maxrss / 1024)
    return Peak(*found)


def table(rows: Sequence[tuple[Route, int, Mapping[str, Timing]]]) -> str:
    """The timings as a Markdown table, one row a way."""
    heads = [f"{route.source} → {route.target}, {count:,} cases" for route, count, _ in rows]
    lines = [f"| way | source validated, result valid | {' | '.join(heads)} |", f"|---|---|{'--:|' * len(rows)}"]
    for way in (Way(FLOOR, False), *WAYS):
        cells = [_cell(timings.get(way.name)) for _, _, timings in rows]
        lines.append(f"| {way.name} | {'yes' if way.validates else 'no'} | {' | '.join(cells)} |")
    used = ", ".join(
        f"{name} {_version(name)}"
        for name in ("orjson", "msgspec", "jsonschema_rs", "jsonatapy", "jsonata-python", "glom")
    )
    system = f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"
    return "\n".join([*lines, "", f"Measured with {system}; {used}."])


def _cell(timing: Timing | None) -> str:
    if timing is None:
        return "not installed"
    ratio = f"{timing.ratio:.2f}" if timing.ratio < 10 else f"{timing.ratio:.0f}"
    return f"{timing.micros:,.1f} µs · {ratio} F"


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError

    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def memory_table(rows: Sequence[tuple[Route, Peak]]) -> str:
    """The peaks as a Markdown table."""
    lines = [f"| `casemap convert --jobs 1` | {_SMALL:,} cases | {10 * _SMALL:,} cases |", "|---|--:|--:|"]
    return "\n".join(
        [
            *lines,
            *(f"| {each.source} → {each.target} | {peak.small:.0f} MB | {peak.large:.0f} MB |" for each, peak in rows),
        ]
    )


def with_tables(text: str, made: str) -> str:
    """A document with tables in the place of its old ones."""
    before, _, rest = text.partition(_START)
    _, _, after = rest.partition(_END)
    return f"{before}{_START}\n\n{made}\n\n{_END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.archives", description="Compare ways to convert archives."
    )
    parser.add_argument("--records", type=int, default=100_000, help="cases of each route (default: 100,000)")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each way (default: 7)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other cases (default: 0)")
    parser.add_argument("--memory", action="store_true", help="measure the memory of `casemap convert` as well")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT.name} as well")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    catalog = Catalog()
    rows, memory = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for route in ROUTES:
            functions = ways(route, catalog)
            write_archive(folder / "checked.source.ndjson", route, _CHECKED, options.seed)
            check(functions, folder / "checked.source.ndjson", folder)
            counts = {way.of: max(1, options.records // way.of) for way in WAYS}
            paths = {of: folder / f"one-in-{of}.ndjson" for of in counts}
            for of, path in paths.items():
                write_archive(path, route, counts[of], options.seed)
            rows.append((route, options.records, measure(functions, paths, counts, options.rounds)))
            if options.memory:
                memory.append((route, peaks(route, folder, options.seed)))
    made = table(rows) + (f"\n\n{memory_table(memory)}" if memory else "")
    print(made)
    if options.write:
        DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
