"""The benchmark of archives compares like with like. Nothing here is timed."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from benchmarks.archive_processes import Peak, Wall, memory_table, wall_table, walls, write_archive
from benchmarks.archive_ways import FLOOR, ROUTES, WAYS, Route, floor, ways
from benchmarks.archives import Timing, check, measure, table, with_tables
from benchmarks.convert import DOCUMENT
from casemap import Catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog()


def route_name(route: Route) -> str:
    return f"{route.source} to {route.target}"


def test_the_floor_reads_and_writes() -> None:
    written = io.BytesIO()

    floor(io.BytesIO(b'{"a": 1}\n{"b":[2]}'), written)

    assert written.getvalue() == b'{"a":1}\n{"b":[2]}\n'


@pytest.mark.parametrize("route", ROUTES, ids=route_name)
def test_every_way_gives_the_same_cases(route: Route, catalog: Catalog, tmp_path: Path) -> None:
    functions = ways(route, catalog)
    write_archive(tmp_path / "cases.ndjson", route, 40, seed=9)

    check(functions, tmp_path / "cases.ndjson", tmp_path)

    assert set(functions) >= {way.name for way in WAYS} - {"jsonatapy"}


def test_a_way_that_gives_something_else_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "cases.ndjson").write_bytes(b'{"id":1}\n')
    functions = {"casemap, exact path": floor, "glom": lambda _, target: target.write(b"{}\n")}

    with pytest.raises(SystemExit, match="glom gives other cases"):
        check(functions, tmp_path / "cases.ndjson", tmp_path)


@pytest.fixture
def _light() -> Iterator[None]:
    """A measurement collects garbage before each turn: not that of all other tests."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_light")
def test_a_measurement_has_the_floor_and_each_way(tmp_path: Path) -> None:
    for of in (1, 10, 100):
        (tmp_path / f"{of}.ndjson").write_bytes(orjson.dumps({"id": of}) + b"\n")
    paths = {of: tmp_path / f"{of}.ndjson" for of in (1, 10, 100)}

    found = measure({"casemap": floor, "glom": floor}, paths, dict.fromkeys(paths, 1), rounds=2)

    assert list(found) == [FLOOR, "casemap", "glom"]
    assert found[FLOOR].ratio == 1.0
    assert all(timing.micros > 0 for timing in found.values())


def test_the_tables_have_a_row_a_way_and_replace_the_old_ones() -> None:
    timings = {FLOOR: Timing(4.0, 1.0)} | {way.name: Timing(5.25, 1.3125) for way in WAYS if way.name != "jsonatapy"}
    made = table([(ROUTES[0], 1000, timings)])
    page = DOCUMENT.read_text(encoding="utf-8")

    assert made.splitlines()[3] == "| casemap | yes | 5.2 µs · 1.31 F |"
    assert "| jsonatapy | no | not installed |" in made
    peak = memory_table([(ROUTES[0], Peak(50.0, 55.0))], 10)
    assert peak.splitlines()[0] == "| `casemap convert --jobs 1` | 10 cases | 100 cases | ratio |"
    assert peak.splitlines()[2] == "| egain/case → khoros/case, NDJSON | 50 MB | 55 MB | 1.10 |"
    assert with_tables(with_tables(page, "old"), made) == with_tables(page, made)
    assert with_tables(page, made).startswith(page.partition("<!-- The tables of archives")[0])


def test_processes_are_timed_beside_the_floor(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "cases.ndjson"
    write_archive(path, ROUTES[0], 20, seed=1)

    found = walls(ROUTES[0], catalog, path, rounds=1)

    assert found[FLOOR].ratio == 1.0
    assert all(wall.seconds > 0 for wall in found.values())
    assert len((tmp_path / "written.ndjson").read_bytes().splitlines()) == 20
    made = wall_table([(ROUTES[0], 20, {FLOOR: Wall(1.0, 1.0), "two processes": Wall(0.75, 0.75)})])
    assert made.splitlines()[3] == "| two processes | 0.75 s · 0.75 F |"


def test_the_page_has_a_row_of_every_way() -> None:
    page = DOCUMENT.read_text(encoding="utf-8").partition("## Archives")[2]

    assert all(f"\n| {name} |" in page for name in (FLOOR, *(way.name for way in WAYS)))
