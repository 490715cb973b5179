"""Archives whose route is in the cache are converted as those of a route that is compiled."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from casemap import Catalog
from casemap.compiler.shape import Shape
from casemap.compiler.typed import TypedSource, typed_trees
from casemap.run.blocks import BlockOutput, Counts
from casemap.run.typed import typed_block_converter
from tests.cache.running import PARAMS, catalog, run
from tests.cache.test_cache_hits import HEAVY, OFF, loaded
from tests.samples import PARAMS as VALUES
from tests.samples import ROOT, ROUTES, VENDORS, params_of, payload, samples_of
from tests.typed.lines import mutated

RECORDS = [route for route in ROUTES if not route[0].endswith("-list")]


def lines_of(source: str) -> bytes:
    """The samples of a type, and what is like them."""
    random = Random(source)
    found: list[Any] = []
    for name in samples_of(source):
        found += [payload(name), *(mutated(payload(name), random) for _ in range(30))]
    return b"".join(json.dumps(value).encode() + b"\n" for value in found)


def outputs(found: Catalog, source: str, target: str) -> list[tuple[BlockOutput, Counts]]:
    """What becomes of such lines, with and without counting what they lose."""
    converter = found.converter(source, target, params_of(found, source, target))
    made = [typed_block_converter(converter, observing=observing) for observing in (False, True)]
    return [(blocks.convert(lines_of(source)), blocks.counted()) for blocks in made if blocks is not None]


@pytest.mark.parametrize(("source", "target"), RECORDS)
def test_lines_are_converted_the_same_from_the_cache(source: str, target: str, tmp_path: Path) -> None:
    without = outputs(catalog(OFF), source, target)
    assert len(without) == 2
    assert without[0][0].converted
    assert outputs(catalog(tmp_path), source, target) == without
    warm = catalog(tmp_path)
    assert outputs(warm, source, target) == without
    params = params_of(warm, source, target)
    lefts = [found.converter(source, target, params).left for found in (warm, catalog(OFF))]
    assert lefts[0] == lefts[1]
    assert not warm._library._loaded, "mappings were loaded"


def test_a_second_run_over_an_archive_loads_neither_mappings_nor_the_compiler(tmp_path: Path) -> None:
    line = json.dumps(payload("egain-case")).encode() + b"\n"
    archive = tmp_path / "cases.ndjson"
    archive.write_bytes(line * ((1 << 24) // len(line) + 1))
    arguments = str(archive), "--from", "egain/case", "--to", "khoros/case", *PARAMS, "--jobs", "1"
    convert = functools.partial(run, tmp_path / "cache", "convert", *arguments)
    first, second = (convert("-o", str(tmp_path / name), options=("-X", "importtime")) for name in ("1", "2"))
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    assert (first.code, second.code) == (0, 0)
    assert loaded(first.err) >= HEAVY
    assert loaded(second.err) & HEAVY == set()


@pytest.mark.parametrize("source", [f"{vendor}/case" for vendor in VENDORS])
def test_a_shape_is_what_its_data_say(source: str) -> None:
    found = catalog(OFF)
    target = next(target for start, target in RECORDS if start == source)
    converter = found.converter(source, target, params_of(found, source, target))
    trees = typed_trees(
        converter.tree, converter.root, converter.params, TypedSource(found.store, source), title="test"
    )
    assert trees
    for tree in trees:
        again = Shape.of_data(tree.shape.as_data())
        assert again == tree.shape
        assert again.as_data() == tree.shape.as_data()  # with what is left to the validator, which is not compared


def test_lines_of_two_converters_do_not_meet(tmp_path: Path) -> None:
    """What a function gathers and learns is its own, also of one that comes from the cache."""
    first = catalog(tmp_path).converter("egain/case", "khoros/case", VALUES)
    a, b, c = (first.line_trees(observing=False) for _ in range(3))
    assert a.typed[0].code is not None
    document = json.loads((ROOT / "examples" / "egain-case.json").read_bytes())
    for trees in (b, c):
        assert trees.typed[0].code == a.typed[0].code
        assert trees.typed[0].others is not a.typed[0].others
        pairs = zip(trees.typed[0].gathered, a.typed[0].gathered, strict=True)
        assert all(mine.values is not theirs.values for mine, theirs in pairs)
    assert b.plain.convert(document) == c.plain.convert(document)
