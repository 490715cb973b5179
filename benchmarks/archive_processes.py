"""Archives converted by whole processes: how long that takes on the clock, and how much memory.

`python -m benchmarks.archives --processes --memory` prints both tables. The floor F is what orjson takes to read and to
write the same lines in one process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import BinaryIO

import orjson

from benchmarks.archive_ways import FLOOR, Route, floor
from benchmarks.cases import cases
from benchmarks.memory import most_memory
from casemap import Catalog
from casemap.run.blocks import START
from casemap.run.chunks import ChunkConverter
from casemap.run.conversion import Conversion
from casemap.run.extents import extents
from casemap.run.source import CHUNK_SIZE, open_source, read_chunks
from casemap.run.streams import converted
from casemap.run.tally import Tally
from casemap.run.typed import typed_block_converter

__all__ = ["Peak", "Wall", "envelope_route", "memory_table", "peaks", "wall_table", "walls", "write_archive"]

_ENVELOPES = {"egain/case": ("egain/case-list", "case"), "socialgateway/case": None}
"""The list document of a case's type, and the member that has its cases."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Of one way: the median of seconds on the clock, and of the ratio to F in its turns."""

    seconds: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Peak:
    """The peak of resident memory in MB, of an archive and of one ten times as large."""

    small: float
    large: float


def write_archive(path: Path, route: Route, count: int, seed: int) -> None:
    """Generated cases, one a line; for a route of list documents, all of them in one."""
    before, between, behind = b"", b"\n", b"\n"
    source = route.source
    for case, envelope in _ENVELOPES.items():
        if envelope is not None and envelope[0] == source:
            source, before, between, behind = case, b'{"%s":[' % envelope[1].encode(), b",", b"]}"
    with path.open("wb") as file:
        file.write(before)
        for number, case_of_it in enumerate(cases(source, count, seed)):
            if number:
                file.write(between)
            file.write(orjson.dumps(case_of_it))
        file.write(behind)


def envelope_route(route: Route) -> Route | None:
    """The route of the list documents of a route's types, where there is one."""
    envelope = _ENVELOPES[route.source]
    return None if envelope is None else Route(envelope[0], f"{route.target}-list", route.params)


def walls(route: Route, catalog: Catalog, path: Path, rounds: int) -> dict[str, Wall]:
    """Seconds of the ways to convert an archive, which take turns; each turn has one of F right before it."""
    target = path.with_name("written.ndjson")
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        for name, way in _ways(route, catalog, path, target).items():
            base = _clocked(lambda: _floor(path, target))
            found.setdefault(name, []).append((_clocked(way), base))
    floors = [base for turns in found.values() for _, base in turns]
    timings = {
        name: Wall(median(own for own, _ in turns), median(own / base for own, base in turns))
        for name, turns in found.items()
    }
    return {FLOOR: Wall(median(floors), 1.0)} | timings


def _ways(route: Route, catalog: Catalog, path: Path, target: Path) -> Mapping[str, Callable[[], None]]:
    converter = catalog.converter(route.source, route.target, route.params)
    blocks = typed_block_converter(converter, left=converter.check().left)
    convert = ChunkConverter(path.name, Conversion(converter, Tally(), observing=False), blocks).convert

    def processes(jobs: int) -> None:
        with open_source(str(path)) as source, target.open("wb") as written:
            alone = jobs == 1
            chunks = read_chunks(source, START, CHUNK_SIZE) if alone else extents(source, 0, CHUNK_SIZE)
            for output, _ in converted(chunks, convert, jobs, name=path.name):
                written.write(output.data)

    return {
        "F, half of the lines in each of two processes": lambda: _two_floors(path, target),
        "one process": lambda: processes(1),
        "two processes": lambda: processes(2),
        "`casemap convert -q --jobs 1`": lambda: _run(_command(route, path, target, "--jobs", "1")),
        "`casemap convert -q --jobs 2`": lambda: _run(_command(route, path, target, "--jobs", "2")),
    }


def _is_list(route: Route) -> bool:
    return route.source.endswith("-list")


def _floor(path: Path, target: Path) -> None:
    with path.open("rb") as source, target.open("wb") as written:
        floor(source, written)


def _two_floors(path: Path, target: Path) -> None:
    """F by two processes at once, each with half of the lines and a file of its own: what the machine has to give."""
    with path.open("rb") as source:
        source.seek(path.stat().st_size // 2)
        source.readline()
        middle = source.tell()
    processes = []
    for part in ((0, middle), (middle, sys.maxsize)):
        process = os.fork()
        if process == 0:
            _floor_of(path, part, target.with_suffix(f".{part[0]}"))
            os._exit(0)
        processes.append(process)
    for process in processes:
        os.waitpid(process, 0)


def _floor_of(path: Path, part: tuple[int, int], target: Path) -> None:
    """F of the lines between two offsets."""
    start, end = part
    with path.open("rb") as source, target.open("wb") as written:
        source.seek(start)
        floor(_lines_before(source, end - start), written)


def _lines_before(source: BinaryIO, size: int) -> Iterator[bytes]:
    for line in source:
        yield line
        size -= len(line)
        if size <= 0:
            return


def _clocked(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _command(route: Route, path: Path, target: Path, *options: str) -> list[str]:
    params = [f"-p{name}={value}" for name, value in route.params.items()]
    command = [sys.executable, "-m", "casemap", "convert", str(path), "--from", route.source, "--to", route.target]
    return [*command, *params, "-q", "-o", str(target), *options]


def _run(command: Sequence[str]) -> None:
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"casemap convert ended with {done.returncode}")


def peaks(route: Route, count: int, folder: Path, seed: int) -> Peak:
    """The peak memory of `casemap convert`, in one process, over so many cases and over ten times as many."""
    small, large = (_peak(route, number, folder, seed) for number in (count, 10 * count))
    return Peak(small, large)


def _peak(route: Route, count: int, folder: Path, seed: int) -> float:
    ending = ".json" if _is_list(route) else ".ndjson"
    path, target = (folder / f"memory{name}{ending}" for name in ("", ".converted"))
    write_archive(path, route, count, seed)
    return most_memory(_command(route, path, target, "--jobs", "1"))


def wall_table(rows: Sequence[tuple[Route, int, Mapping[str, Wall]]]) -> str:
    """The seconds as a Markdown table, one row a way."""
    heads = [f"{route.source} → {route.target}, {count:,} cases" for route, count, _ in rows]
    lines = [f"| on the clock | {' | '.join(heads)} |", f"|---|{'--:|' * len(rows)}"]
    for name in rows[0][2]:
        cells = (f"{found[name].seconds:.2f} s · {found[name].ratio:.2f} F" for _, _, found in rows)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def memory_table(rows: Sequence[tuple[Route, Peak]], count: int) -> str:
    """The peaks as a Markdown table. `count` is the number of cases of the smaller archive."""
    return "\n".join(_memory_lines(rows, count))


def _memory_lines(rows: Sequence[tuple[Route, Peak]], count: int) -> Iterator[str]:
    yield f"| `casemap convert --jobs 1` | {count:,} cases | {10 * count:,} cases | ratio |"
    yield "|---|--:|--:|--:|"
    for route, peak in rows:
        what = "one document" if _is_list(route) else "NDJSON"
        cells = f"{peak.small:.0f} MB | {peak.large:.0f} MB | {peak.large / peak.small:.2f}"
        yield f"| {route.source} → {route.target}, {what} | {cells} |"
