"""A route that is in the cache converts as one that is compiled, and loads no mapping for it."""

from __future__ import annotations

import copy
import functools
import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casemap import CasemapError, Catalog
from tests.cache.running import PARAMS, entries, run
from tests.cache.running import catalog as catalog_with
from tests.samples import PARAMS as VALUES
from tests.samples import ROUTES, params_of, payload, samples_of

HEAVY = {"yaml", "jinja2", "casemap.mapping.load", "casemap.mapping.core", "casemap.compiler.function"}
CASES = [(source, target, name) for source, target in ROUTES for name in samples_of(source)]
OFF = ""

RUNS: tuple[tuple[str, ...], ...] = (
    ("examples/egain-case.json", "--from", "egain/case", "--to", "khoros/case", *PARAMS),
    ("examples/telecomx-case.json", "--to", "egain"),
    ("examples/khoros-case.json", "--to", "telecomx", "--quiet"),
    ("examples/socialgateway-case.json", "--to", "khoros", "--trust-source"),
    ("examples/telecomx-case-list.json", "--to", "khoros/case-list"),
    ("examples/egain-case.json", "--to", "khoros"),  # its param is missing
    ("examples/egain-case.json", "--to", "khoros", "-p", "base_url=nowhere"),
    ("examples/egain-case.json", "--to", "khoros", *PARAMS, "--via", "egain"),
    ("examples/khoros-case.json", "--from", "egain/case", "--to", "telecomx", *PARAMS),
)


def loaded(err: str) -> set[str]:
    """The modules of `-X importtime`."""
    return {line.rsplit("|", 1)[1].strip() for line in err.splitlines() if line.startswith("import time:")}


def test_a_second_process_loads_neither_mappings_nor_the_compiler(tmp_path: Path) -> None:
    convert = functools.partial(run, tmp_path / "cache", "convert", *RUNS[0], options=("-X", "importtime"))
    first, second = convert(), convert()
    assert first.out == second.out
    assert loaded(first.err) >= HEAVY
    assert loaded(second.err) & HEAVY == set()


@pytest.mark.parametrize("arguments", RUNS, ids=" ".join)
def test_a_process_says_the_same_with_and_without_a_cache(arguments: tuple[str, ...], tmp_path: Path) -> None:
    without = run(OFF, "convert", *arguments)
    assert run(tmp_path / "cache", "convert", *arguments) == without
    assert run(tmp_path / "cache", "convert", *arguments) == without


def test_a_summary_file_is_the_same(tmp_path: Path) -> None:
    texts = []
    for cache in (OFF, tmp_path / "cache", tmp_path / "cache"):
        file = tmp_path / "summary.json"
        run(cache, "convert", *RUNS[0], "--summary", str(file))
        texts.append(file.read_bytes())
    assert texts[0] == texts[1] == texts[2]
    assert json.loads(texts[0])["lost"]


# --- every bundled route ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Catalog]:
    """A cache that is filled by a catalog, and the catalog."""
    folder = tmp_path_factory.mktemp("home") / "cache"
    return folder, catalog_with(folder)


@pytest.fixture(scope="module")
def without() -> Catalog:
    return catalog_with(OFF)


def broken(value: Any) -> Iterator[Any]:
    """Payloads with one member, or one of the first item's, that is another or is not there."""
    if isinstance(value, list):
        yield from ([other, *value[1:]] for other in broken(value[0]) if value)
        return
    for name in value:
        yield {key: item for key, item in value.items() if key != name}
        for other in (5, "?", None, [value[name]]):
            changed = copy.deepcopy(value)
            changed[name] = other
            yield changed


def told(convert: Callable[[Any], Any], value: Any) -> Any:
    """A result as text, in which order counts, or the problems."""
    try:
        found = convert(copy.deepcopy(value))
    except CasemapError as error:
        return error.problems
    parts = (found.result, found.lost, found.approximations, found.fallbacks) if hasattr(found, "lost") else (found,)
    return json.dumps(parts)


@pytest.mark.parametrize("trusted", [False, True], ids=["validated", "trusted"])
@pytest.mark.parametrize(("source", "target", "name"), CASES)
def test_a_route_from_the_cache_is_the_compiled_one(
    source: str, target: str, name: str, trusted: bool, cold: tuple[Path, Catalog], without: Catalog
) -> None:
    params = params_of(without, source, target)
    compiled = without.converter(source, target, params, trust_source=trusted)
    first = cold[1].converter(source, target, params, trust_source=trusted)
    assert told(first.observe, payload(name)) == told(compiled.observe, payload(name))

    catalog = catalog_with(cold[0])
    assert catalog.parameters(source, target) == without.parameters(source, target)
    cached = catalog.converter(source, target, params, trust_source=trusted)
    assert (cached.source, cached.target, cached.route) == (source, target, compiled.route)
    assert cached.records_path == compiled.records_path
    assert cached.source_code == compiled.source_code
    assert told(cached, payload(name)) == told(compiled, payload(name))
    assert told(cached.observe, payload(name)) == told(compiled.observe, payload(name))
    assert not catalog._library._loaded, "mappings were loaded"
    for value in broken(payload(name)):
        assert told(cached, value) == told(compiled, value)
        assert told(cached.observe, value) == told(compiled.observe, value)


def test_what_is_made_of_the_tree_is_there_for_a_cached_route(tmp_path: Path, without: Catalog) -> None:
    catalog_with(tmp_path).converter("egain/case", "khoros/case", VALUES)
    cached = catalog_with(tmp_path).converter("egain/case", "khoros/case", VALUES)
    compiled = without.converter("egain/case", "khoros/case", VALUES)
    assert cached.ledger == compiled.ledger
    assert cached.explain(payload("egain-case")) == compiled.explain(payload("egain-case"))
    assert cached.check().state == compiled.check().state
    assert repr(cached) == repr(compiled)


def test_a_cached_converter_can_be_pickled(tmp_path: Path) -> None:
    catalog_with(tmp_path).converter("egain/case", "khoros/case", VALUES)
    cached = catalog_with(tmp_path).converter("egain/case", "khoros/case", VALUES)
    again = pickle.loads(pickle.dumps(cached))  # noqa: S301 - our own
    assert again(payload("egain-case")) == cached(payload("egain-case"))
    assert again.route == cached.route


def test_an_empty_name_turns_the_cache_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    run(OFF, "convert", *RUNS[0])
    assert not entries(tmp_path)
