"""What `casemap convert` takes to convert one case, from its start to its end, with the cache of routes and without.

    python -m benchmarks.startup            print the table
    python -m benchmarks.startup --write    put it into docs/benchmarks.md as well, or into the file that is named

Each command is a process of its own, in a folder with nothing but the case. They take turns; Python's own modules and
casemap's have been compiled by a first turn, which also fills the cache. Processor time and elapsed time are of the
same runs. The yardstick is a Python that imports what the command cannot do without.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.tables import measured_with, replaced

__all__ = ["BARE", "COMMANDS", "DOCUMENT", "Command", "Timing", "measure", "table", "with_table"]

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"
_START = "<!-- The table of starts is written by `python -m benchmarks.startup --write`. -->"
_END = "<!-- End of the table of starts. -->"
_IMPORTS = "import click, orjson, jsonschema_rs"


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table: what it is called, what Python is to run, and whether it has a cache."""

    name: str
    arguments: tuple[str, ...]
    cached: bool = True


def _convert(sample: str, target: str, *params: str, cached: bool = True) -> Command:
    what = f"{sample.removesuffix('.json').replace('-', '/', 1)} to {target}"
    name = f"`casemap convert`, {what}, {'from the cache' if cached else 'without a cache'}"
    return Command(name, ("-m", "casemap", "convert", sample, "--to", target, "-o", "result.json", *params), cached)


_BASE_URL = ("-p", "base_url=https://egain.example.com")

BARE = Command(f'`python -c "{_IMPORTS}"`', ("-c", _IMPORTS))
COMMANDS = (
    BARE,
    Command("`casemap --version`", ("-m", "casemap", "--version")),
    _convert("egain-case.json", "khoros/case", *_BASE_URL, cached=False),
    _convert("egain-case.json", "khoros/case", *_BASE_URL),
    _convert("telecomx-case.json", "khoros/case"),
    _convert("socialgateway-case.json", "khoros/case"),
    _convert("khoros-case.json", "telecomx/case"),
)


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians in milliseconds: of processor time, and of the time that has gone by."""

    processor: float
    elapsed: float


def measure(commands: Sequence[Command], runs: int) -> list[Timing]:
    """The medians of so many runs of each command, in turns. `RuntimeError` for one that fails."""
    times: list[list[Timing]] = [[] for _ in commands]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        work.mkdir()
        for sample in (ROOT / "examples").glob("*-case.json"):
            shutil.copy(sample, work)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(Path(folder) / "modules")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for turn in range(runs + 1):
            for command, found in zip(commands, times, strict=True):
                cache = str(Path(folder) / "cache") if command.cached else ""
                timing = _run(command, work, {**environment, "CASEMAP_CACHE_DIR": cache})
                if turn:  # the first one writes the modules and the cache
                    found.append(timing)
    return [Timing(median(t.processor for t in found), median(t.elapsed for t in found)) for found in times]


def _run(command: Command, folder: Path, environment: dict[str, str]) -> Timing:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(  # noqa: S603
        [sys.executable, *command.arguments], cwd=folder, env=environment, capture_output=True, check=False
    )
    elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{command.name}: {done.stderr.decode()}")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timing(1000 * spent, 1000 * elapsed)


def table(commands: Sequence[Command], timings: Sequence[Timing]) -> str:
    """The timings as Markdown, beside those of the first command."""
    bare = timings[0]
    lines = ["| to start and to end | processor time | ratio | elapsed | ratio |", "|---|--:|--:|--:|--:|"]
    for command, timing in zip(commands, timings, strict=True):
        processor = f"{timing.processor:.0f} ms | {timing.processor / bare.processor:.2f}"
        elapsed = f"{timing.elapsed:.0f} ms | {timing.elapsed / bare.elapsed:.2f}"
        lines.append(f"| {command.name} | {processor} | {elapsed} |")
    return "\n".join([*lines, "", measured_with(("click", "orjson", "jsonschema-rs"))])


def with_table(text: str, made: str) -> str:
    """A document with a table in the place of its old one. `ValueError` where it has no place for it."""
    return replaced(text, _START, _END, made)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description="Measure starts of the command.")
    parser.add_argument("--runs", type=int, default=15, help="runs of each command (default: 15)")
    parser.add_argument(
        "--write", nargs="?", type=Path, const=DOCUMENT, metavar="FILE",
        help=f"put the table into {DOCUMENT.name}, or a copy of it, as well",
    )  # fmt: skip
    options = parser.parse_args()
    made = table(COMMANDS, measure(COMMANDS, options.runs))
    print(made)
    if options.write:
        options.write.write_text(with_table(options.write.read_text(encoding="utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
