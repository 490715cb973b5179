"""One run that converts the same generated cases in six ways, and says what each takes.

    python -m benchmarks.convert            print the table
    python -m benchmarks.convert --write    put it into docs/benchmarks.md as well, or into the file that is named

Before anything is timed, every way must give the same result for every case. Then the ways take turns, in another
order each round, on one processor. In a turn, every few cases are converted by the hand-written function as well, so
that whatever else the machine does slows both; and what is measured is processor time. Python's garbage collector runs
between the turns, not in them.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from benchmarks import handwritten, with_glom, with_jsonata
from benchmarks.cases import Json, cases
from benchmarks.tables import measured_with, replaced
from casemap import Catalog
from casemap.schema.validate import is_valid

__all__ = ["DOCUMENT", "ROUTES", "WAYS", "Route", "Timing", "measure", "table", "ways", "with_table"]

Convert = Callable[[Json], Any]

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_START, _END = "<!-- The table is written by `python -m benchmarks.convert --write`. -->", "<!-- End of the table. -->"
_BASE_URL = "https://egain.example.com"
_TURN = 0.02  # seconds

_CHUNK = 20  # records

HAND_WRITTEN, COMPILED = "hand-written", "casemap, compiled function"
PROVEN, REVALIDATED = "casemap, source validated, output proven", "casemap, source and output validated"
WAYS = (HAND_WRITTEN, COMPILED, PROVEN, REVALIDATED, "glom", "jsonata-python")


@dataclass(frozen=True, slots=True)
class Route:
    """A conversion, its params, and what does the same without casemap."""

    source: str
    target: str
    params: dict[str, Any]
    handwritten: Convert
    glom: Convert
    jsonata: Convert


ROUTES = (
    Route(
        "telecomx/case",
        "khoros/case",
        {},
        handwritten.telecomx_to_khoros,
        with_glom.telecomx_to_khoros,
        with_jsonata.telecomx_to_khoros,
    ),
    Route(
        "egain/case",
        "khoros/case",
        {"base_url": _BASE_URL},
        handwritten.egain_to_khoros(_BASE_URL),
        with_glom.egain_to_khoros(_BASE_URL),
        with_jsonata.egain_to_khoros(_BASE_URL),
    ),
    Route(
        "socialgateway/case",
        "khoros/case",
        {},
        handwritten.socialgateway_to_khoros,
        with_glom.socialgateway_to_khoros,
        with_jsonata.socialgateway_to_khoros,
    ),
    Route(
        "khoros/case",
        "telecomx/case",
        {},
        handwritten.khoros_to_telecomx,
        with_glom.khoros_to_telecomx,
        with_jsonata.khoros_to_telecomx,
    ),
)


@dataclass(frozen=True, slots=True)
class Timing:
    """Of one way: the median of microseconds a record, and of the ratio to the hand-written function in its turns."""

    micros: float
    ratio: float


def ways(route: Route, catalog: Catalog) -> dict[str, Convert]:
    """The functions that convert a route, by the names of `WAYS`."""
    converter = catalog.converter(route.source, route.target, route.params)
    converter.settle()
    compiled = converter._compiled.convert  # what a converter runs between its checks
    target = catalog.store.validator(route.target)

    def revalidated(record: Json) -> Any:
        result = converter(record)
        if not is_valid(result, target):
            raise ValueError("a result is not valid")
        return result

    functions = (route.handwritten, compiled, converter, revalidated, route.glom, route.jsonata)
    return dict(zip(WAYS, functions, strict=True))


def _check(functions: dict[str, Convert], records: Sequence[Json]) -> None:
    """`SystemExit` where one of the ways gives another result."""
    for record in records:
        texts = {name: json.dumps(convert(record), sort_keys=True) for name, convert in functions.items()}
        for name, text in texts.items():
            if text != texts[HAND_WRITTEN]:
                raise SystemExit(f"{name} gives {text}\nhand-written gives {texts[HAND_WRITTEN]}")


def _turn(convert: Convert, base: Convert, records: Sequence[Json], passes: int) -> tuple[float, float]:
    """Microseconds of processor time a record, of a function and of the base, which take the first place by turns."""
    clock = time.process_time
    spent = {convert: 0.0, base: 0.0}
    order = [base, convert]
    gc.collect()
    gc.disable()
    for _ in range(passes):
        for start in range(0, len(records), _CHUNK):
            chunk = records[start : start + _CHUNK]
            for function in order:
                # brings the records into the processor's cache, where a record just read is, and the function's code
                orjson.dumps(chunk)
                function(chunk[0])
                before = clock()
                for record in chunk:
                    function(record)
                spent[function] += clock() - before
            order.reverse()
    gc.enable()
    scale = 1e6 / passes / len(records)
    return spent[convert] * scale, spent[base] * scale


def measure(functions: dict[str, Convert], records: Sequence[Json], rounds: int) -> dict[str, Timing]:
    """The timings of the ways over the same records."""
    _check(functions, records)
    base = functions[HAND_WRITTEN]
    order = [name for name in functions if name != HAND_WRITTEN]
    passes = {}
    for name in order:
        micros, _ = _turn(functions[name], base, records, 1)
        passes[name] = max(1, int(_TURN * 1e6 / (micros * len(records))))
    turns: dict[str, list[tuple[float, float]]] = {name: [] for name in order}
    for _ in range(rounds):
        for name in order:
            turns[name].append(_turn(functions[name], base, records, passes[name]))
        order.append(order.pop(0))
    timings = {HAND_WRITTEN: Timing(median(base for _, base in turns[COMPILED]), 1.0)}
    for name, found in turns.items():
        timings[name] = Timing(median(own for own, _ in found), median(own / base for own, base in found))
    return timings


def table(rows: Sequence[tuple[Route, int, dict[str, Timing]]]) -> str:
    """The timings as a Markdown table, one row a route."""
    lines = [f"| route | records | {' | '.join(WAYS)} |", f"|---|--:|{'--:|' * len(WAYS)}"]
    for route, count, timings in rows:
        cells = (f"{_rounded(timings[name].micros)} µs · {_rounded(timings[name].ratio)}" for name in WAYS)
        lines.append(f"| {route.source} → {route.target} | {count} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", measured_with(("whenever", "glom", "jsonata-python"))])


def _rounded(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def with_table(text: str, made: str) -> str:
    """A document with a table in the place of its old one."""
    return replaced(text, _START, _END, made)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.convert", description="Compare ways to convert cases.")
    parser.add_argument("--records", type=int, default=200, help="cases of each route (default: 200)")
    parser.add_argument("--only", default="", metavar="ROUTE", help="routes with this in their name, as `egain/case →`")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each way (default: 9)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other cases (default: 0)")
    parser.add_argument(
        "--write", nargs="?", type=Path, const=DOCUMENT, metavar="FILE",
        help=f"put the table into {DOCUMENT.name}, or a copy of it, as well",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    catalog = Catalog()
    rows = []
    for route in (route for route in ROUTES if options.only in f"{route.source} → {route.target}"):
        records = list(cases(route.source, options.records, options.seed))
        rows.append((route, options.records, measure(ways(route, catalog), records, options.rounds)))
    made = table(rows)
    print(made)
    if options.write:
        options.write.write_text(with_table(options.write.read_text(encoding="utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
