"""The benchmarks compare like with like: the same cases in, the same results out. Nothing here is timed."""

import itertools
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.cases import TYPES, cases
from benchmarks.convert import DOCUMENT, ROUTES, WAYS, Route, Timing, measure, table, ways, with_table
from benchmarks.handwritten import links_from, utc, utc_of
from casemap import Catalog
from casemap.functions import BUNDLED

ROOT = Path(__file__).parent.parent
BASE_URL = "https://egain.example.com"
COUNT = 200


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog()


def route_name(route: Route) -> str:
    return f"{route.source} to {route.target}"


# the generator


@pytest.mark.parametrize("type", TYPES)
def test_a_seed_gives_the_same_cases_always(type: str) -> None:
    made = list(cases(type, 30, seed=5))

    assert made == list(cases(type, 30, seed=5))
    assert made[:10] == list(cases(type, 10, seed=5))
    assert made != list(cases(type, 30, seed=6))


@pytest.mark.parametrize("type", TYPES)
def test_generated_cases_are_valid_and_have_names_beyond_ascii(type: str, catalog: Catalog) -> None:
    made = list(cases(type, COUNT))

    assert [problem for case in made for problem in catalog.validate(case, type)] == []
    assert sum(not json.dumps(case, ensure_ascii=False).isascii() for case in made) > COUNT / 2


@pytest.mark.parametrize(("type", "member"), [("telecomx/case", "messages"), ("khoros/case", "interactions")])
def test_cases_have_1_to_40_messages(type: str, member: str) -> None:
    sizes = {len(case[member]) for case in cases(type, 2000)}

    assert (min(sizes), max(sizes)) == (1, 40)


@pytest.mark.parametrize(("type", "least", "most"), [("egain/case", 600, 800), ("socialgateway/case", 1500, 1900)])
def test_cases_have_the_size_of_real_ones(type: str, least: int, most: int) -> None:
    sizes = [len(json.dumps(case, ensure_ascii=False, separators=(",", ":")).encode()) for case in cases(type, COUNT)]

    assert least < sum(sizes) / COUNT < most


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(TYPES, 2)))
def test_generated_cases_convert_to_every_other_vendor(source: str, target: str, catalog: Catalog) -> None:
    made = cases(source, 50)
    if (source, target) == ("khoros/case", "socialgateway/case"):
        # whose ids are integers: a Khoros case with neither an id nor a number of digits has none
        made = (case for case in made if case["number"].isdigit())
    convert = catalog.converter(source, target, {"base_url": BASE_URL} if source == "egain/case" else {})

    assert all(convert(case) for case in made)


def test_the_command_writes_the_cases_as_ndjson() -> None:
    command = [sys.executable, "-m", "benchmarks.cases", "egain/case", "3", "--seed", "5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)

    assert [json.loads(line) for line in done.stdout.splitlines()] == list(cases("egain/case", 3, seed=5))


# the ways to convert


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("route", ROUTES, ids=route_name)
def test_every_way_gives_what_casemap_gives(route: Route, way: str, catalog: Catalog) -> None:
    convert = ways(route, catalog)[way]
    expected = catalog.converter(route.source, route.target, route.params)

    for case in cases(route.source, COUNT):
        assert json.dumps(convert(case)) == json.dumps(expected(case))


@pytest.mark.parametrize("route", ROUTES, ids=route_name)
def test_the_handwritten_function_knows_absence_as_casemap_does(route: Route, catalog: Catalog) -> None:
    functions = ways(route, catalog)
    random = Random(1)
    checked = 0
    for case in cases(route.source, 1000, seed=7):
        thin = thinned(case, random, random.choice((0.002, 0.02, 0.1)))
        if catalog.validate(thin, route.source):
            continue
        checked += 1
        assert json.dumps(route.handwritten(thin)) == json.dumps(functions["casemap, compiled function"](thin))
    assert checked >= COUNT


def thinned(value: Any, random: Random, probability: float) -> Any:
    """A JSON value without some of its members and items."""
    if isinstance(value, dict):
        return {key: thinned(item, random, probability) for key, item in value.items() if random.random() > probability}
    if isinstance(value, list):
        return [thinned(item, random, probability) for item in value if random.random() > probability]
    return value


@pytest.mark.parametrize(
    "text",
    [
        "2021-08-25T13:18:25.123Z",
        "2021-08-25T13:18:25Z",
        "2021-08-25t13:18:25.000z",
        "2021-08-25T13:18:25.1239999999999+02:00",
        "2015-03-16T22:13:03-0300",
        "2016-12-31T23:59:60Z",
        "2017-01-01T00:59:60.5+01:00",
        "0000-02-29T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_the_handwritten_functions_keep_the_promises_about_times(text: str) -> None:
    datetime = BUNDLED.get("datetime")

    assert datetime is not None
    assert utc(text) == datetime.implementation(text)


def test_the_handwritten_functions_find_times_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="2015-06-31"):
        utc("2015-06-31T12:00:00-0300")


def test_the_handwritten_helpers_write_epochs_and_links_as_casemap_does() -> None:
    absolute = links_from("https://egain.example.com/agent/")

    assert utc_of(1431371012000) == "2015-05-11T19:03:32.000Z"
    assert absolute("/system/case/1") == "https://egain.example.com/system/case/1"
    assert absolute("case/1?x=y") == "https://egain.example.com/agent/case/1?x=y"
    assert absolute("//other.example.com/a") == "https://other.example.com/a"


# the table


def test_a_way_that_gives_something_else_stops_the_run() -> None:
    functions = {name: (lambda case: case) for name in WAYS} | {"glom": lambda _: {}}

    with pytest.raises(SystemExit, match=r"glom gives \{\}"):
        measure(functions, [{"id": "1"}], rounds=1)


def test_the_table_has_a_row_a_route_and_replaces_the_old_one() -> None:
    timings = {
        name: Timing(micros, micros / 10) for name, micros in zip(WAYS, (10, 12.5, 20, 30, 1234.5, 2000), strict=True)
    }
    made = table([(ROUTES[0], 200, timings)])
    page = DOCUMENT.read_text(encoding="utf-8")

    assert made.splitlines()[2] == (
        "| telecomx/case → khoros/case | 200 | 10.0 µs · 1.00 | 12.5 µs · 1.25 | 20.0 µs · 2.00 | 30.0 µs · 3.00 "
        "| 1,234 µs · 123 | 2,000 µs · 200 |"
    )
    assert with_table(with_table(page, "old"), made) == with_table(page, made)
    assert with_table(page, made).replace(made, "old") == with_table(page, "old")
    assert with_table(page, made).startswith(page.partition("<!--")[0])
    assert with_table(page, made).endswith(page.rpartition("-->")[2])


def test_the_page_has_the_table_of_every_route() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")

    assert f"| route | records | {' | '.join(WAYS)} |" in page
    assert all(f"| {route.source} → {route.target} |" in page for route in ROUTES)
