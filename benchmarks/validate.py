"""What `casemap validate` takes: to start, a record, and in memory. Compared with the jsonschema package.

    python -m benchmarks.validate            print the tables
    python -m benchmarks.validate --write    put them into docs/validation.md as well

All figures are of one run, in processor time, so that whatever else the machine does counts less. jsonschema is what
check-jsonschema validates with; it gets the same schemas, with formats asserted, and the same lines, which it reads
with the standard library's parser. As it would take minutes for all of them, it reads every twentieth. The floor F is
what orjson takes to read and to write the same lines.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import jsonschema
import referencing

from benchmarks.archive_ways import FLOOR, floor
from benchmarks.cases import TYPES, cases
from benchmarks.memory import most_memory
from benchmarks.tables import measured_with, ratio, replaced
from casemap import Catalog
from casemap.run.validation import FileValidation, Options

__all__ = ["DOCUMENT", "Rates", "Start", "measure_memory", "measure_rates", "measure_start", "tables", "with_tables"]

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "validation.md"
BARE = "import click, orjson, jsonschema_rs"
_START, _END = "<!-- Written by `python -m benchmarks.validate --write`. -->", "<!-- End of what is written. -->"
_SHARE = 20
"""One of so many records is read by jsonschema, too."""
_BATCH = 2000
"""Records that one way reads before it is another's turn."""
_EXAMPLES = ("examples/egain-case-list.json", "examples/khoros-case.json")


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds of processor time: of Python with three imports, and of the command with two small files."""

    bare: float
    command: float


@dataclass(frozen=True, slots=True)
class Rates:
    """Microseconds of processor time a record."""

    type: str
    size: float
    floor: float
    casemap: float
    duplicates_allowed: float
    jsonschema: float


def measure_start(runs: int) -> Start:
    """The medians of so many runs of each, in turns, after one that writes the compiled modules."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        bare = [sys.executable, "-c", BARE]
        command = [sys.executable, "-m", "casemap", "validate", *_EXAMPLES]
        times = [(_spent(bare, environment), _spent(command, environment)) for _ in range(runs + 1)][1:]
    return Start(median(one for one, _ in times), median(two for _, two in times))


def _spent(command: Sequence[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def measure_rates(type: str, count: int, seed: int) -> Rates:
    """Validates the same records in the three ways, and reads and writes them, in turns of some thousand records."""
    catalog = Catalog()
    reference = _reference(catalog, type)
    spent = {"floor": 0.0, "casemap": 0.0, "allowed": 0.0, "jsonschema": 0.0}
    size = read = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, start in enumerate(range(0, count, _BATCH)):
            lines = [
                json.dumps(case, ensure_ascii=False).encode() + b"\n" for case in cases(type, _BATCH, seed + number)
            ]
            lines = lines[: count - start]
            file = Path(folder) / "cases.ndjson"
            file.write_bytes(b"".join(lines))
            size += file.stat().st_size
            spent["floor"] += _clocked(lambda file=file: _read_and_write(file))
            spent["casemap"] += _clocked(lambda file=file: _validate(catalog, type, file, Options()))
            spent["allowed"] += _clocked(
                lambda file=file: _validate(catalog, type, file, Options(allow_duplicate_keys=True))
            )
            some = lines[::_SHARE]
            read += len(some)
            spent["jsonschema"] += _clocked(lambda some=some: _validate_with(reference, some))
    floor, casemap, allowed = (spent[name] * 1e6 / count for name in ("floor", "casemap", "allowed"))
    return Rates(type, size / count, floor, casemap, allowed, spent["jsonschema"] * 1e6 / read)


def _clocked(run: Callable[[], None]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _read_and_write(file: Path) -> None:
    with file.open("rb") as source, file.with_suffix(".written").open("wb") as target:
        floor(source, target)


def _validate(catalog: Catalog, type: str, file: Path, options: Options) -> None:
    """What `casemap validate FILE --schema TYPE` does, without starting."""
    validation = FileValidation(catalog, lambda _: catalog.check_of(type), options)
    problems = list(validation.problems(str(file)))
    if problems:
        raise SystemExit(f"casemap finds {problems[0][0]}")


def _reference(catalog: Catalog, type: str) -> jsonschema.Draft202012Validator:
    store = catalog.store
    resources = [(uri, referencing.Resource.from_contents(store.schemas[name])) for uri, name in store.by_uri.items()]
    registry: Any = referencing.Registry().with_resources(resources)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(store.schemas[type], registry=registry, format_checker=checker)


def _validate_with(validator: jsonschema.Draft202012Validator, lines: Sequence[bytes]) -> None:
    for line in lines:
        for error in validator.iter_errors(json.loads(line)):
            raise SystemExit(f"jsonschema finds {error.message}")


def measure_memory(type: str, counts: Sequence[int], seed: int) -> list[float]:
    """The most memory, in MB, that the command takes for files of so many records."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.ndjson"
        for count in counts:
            with file.open("wb") as output:
                for case in cases(type, count, seed):
                    output.write(json.dumps(case, ensure_ascii=False).encode() + b"\n")
            found.append(most_memory([sys.executable, "-m", "casemap", "validate", str(file), "--schema", type]))
    return found


def tables(start: Start, rates: Sequence[Rates], counts: Sequence[int], memory: Sequence[float]) -> str:
    """The figures as Markdown."""
    lines = [
        "| to start | processor time | ratio |",
        "|---|--:|--:|",
        f'| `python -c "{BARE}"` | {start.bare:.0f} ms | 1.00 |',
        f"| `casemap validate` with two small files | {start.command:.0f} ms | {start.command / start.bare:.2f} |",
        "",
        f"| a record of | bytes | {FLOOR}, F | casemap | with `--allow-duplicate-keys` | jsonschema |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for rate in rates:
        cells = [
            f"{micros:,.1f} µs · {ratio(micros / rate.floor)} F"
            for micros in (rate.floor, rate.casemap, rate.duplicates_allowed, rate.jsonschema)
        ]
        lines.append(f"| {rate.type} | {rate.size:,.0f} | {' | '.join(cells)} |")
    shown = ", ".join(f"{size:.0f} MB for {count:,}" for size, count in zip(memory, counts, strict=True))
    memory_line = f"The most memory, with records of {TYPES[0]}: {shown}."
    return "\n".join([*lines, "", memory_line, "", measured_with(("jsonschema-rs", "orjson", "jsonschema"))])


def with_tables(text: str, made: str) -> str:
    """A document with figures in the place of its old ones."""
    return replaced(text, _START, _END, made)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validate", description="Measure `casemap validate`.")
    parser.add_argument("--records", type=int, default=100_000, help="records of each type (default: 100,000)")
    parser.add_argument("--runs", type=int, default=15, help="starts of the command (default: 15)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other cases (default: 0)")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {DOCUMENT.name} as well")
    options = parser.parse_args()
    start = measure_start(options.runs)
    rates = [measure_rates(type, options.records, options.seed) for type in TYPES]
    counts = (options.records // 10, options.records)
    made = tables(start, rates, counts, measure_memory(TYPES[0], counts, options.seed))
    print(made)
    if options.write:
        DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
