"""Fallbacks: what a run says of fields whose value is that of a rule's further option."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner

import casemap
from casemap.cli import casemap as command_line
from casemap.run.blocks import ExactBlocks
from casemap.run.conversion import Conversion
from casemap.run.streams import StreamOptions, block_converter
from casemap.run.tally import Tally
from casemap.syntax.json_text import write_json
from tests.proof.generator import MappingPayloads
from tests.samples import ROOT, params_of, payload, samples_of

RULES = """
casemap: 1
source: shop/order
target: desk/ticket
fields:
  id: id
  title: {first_of: [subject, {from: note, approximate: A note is no title.}, "'none'"]}
  owner: owner | default(team)
  label: "'#' ~ (number | default('?'))"
  opened: created | default(updated) | upper
  state: {first_of: [status, state], map: {a: open}, else: keep}
  lines: {each: lines, value: name | default(id)}
  days: {first_of: [days, {from: weeks, when: weeks is number, approximate: A week is no day.}]}
  hours: {first_of: [hours, {from: days, when: days is number}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("shop/order", "desk/ticket"):
        file = tmp_path / "schemas" / f"{name}.schema.json"
        file.parent.mkdir(parents=True)
        file.write_text('{"type": "object"}')
    file = tmp_path / "mappings" / "shop-to-desk" / "order.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(dedent(RULES).lstrip())
    return tmp_path


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"id": 1, "subject": "a", "owner": "b", "number": 1}, {}),
        ({"id": 1, "note": "a", "owner": "b"}, {}),
        ({"id": 1, "owner": "b"}, {"title": "'none'"}),
        ({"id": 1, "subject": "a", "team": "c"}, {"owner": "team"}),
        ({"id": 1, "subject": "a"}, {}),
        ({"id": 1, "subject": "a", "lines": [{"name": "x"}, {"id": 2}]}, {"lines.*": "id"}),
        ({"id": 1, "subject": "a", "created": "x", "updated": "y", "status": "a"}, {}),
        ({"id": 1, "subject": "a", "hours": 1, "weeks": 2}, {}),
        ({"id": 1, "subject": "a", "days": 1}, {"hours": "days if days is number else null"}),
        ({"id": 1, "subject": "a", "updated": "y", "state": "a"}, {"opened": "updated", "state": "state"}),
    ],
)
def test_the_fields_and_their_options(order: Any, expected: dict[str, str], project: Path) -> None:
    """An approximate option is counted as such; what is only a part of a value is no fallback of a field."""
    converter = casemap.Catalog(project).converter("shop/order", "desk/ticket")
    assert converter.observe(order).fallbacks == expected


NAMES = """
casemap: 1
source: shop/order
target: desk/ticket
let:
  either: {first_of: [a, b]}
  near: {first_of: [a, {from: n, approximate: N stands in.}]}
fields:
  asked: {when: "either == 'k'", from: n}
  copied: either
  louder: either | upper
  part: "'#' ~ either ~ near"
  lines:
    each: lines
    value:
      let: {text: {first_of: [p, q]}}
      fields:
        asked: {when: "text == 'k'", from: p}
        text: {when: shown, from: text}
"""


@pytest.mark.parametrize(
    ("order", "fallbacks", "approximations"),
    [
        ({"a": "x", "b": "y", "n": "z"}, {}, {}),
        ({"b": "y", "n": "z"}, {"copied": "b", "louder": "b"}, {"part": "N stands in."}),
        ({"b": "k", "n": "z"}, {"copied": "b", "louder": "b"}, {"part": "N stands in."}),
        ({"lines": [{"q": "1"}, {"p": "2", "shown": True}]}, {}, {}),
        ({"lines": [{"q": "1", "shown": True}, {"p": "2", "shown": True}]}, {"lines.*.text": "q"}, {}),
        ({"lines": [{"p": "1", "shown": True}, {"q": "2", "shown": True}]}, {"lines.*.text": "q"}, {}),
    ],
)
def test_a_name_is_told_of_the_fields_that_carry_its_value(
    order: Any, fallbacks: dict[str, str], approximations: dict[str, str], project: Path
) -> None:
    """Not of the one for which it was computed first, which may only ask for it."""
    (project / "mappings" / "shop-to-desk" / "order.yaml").write_text(dedent(NAMES).lstrip())
    observed = casemap.Catalog(project).converter("shop/order", "desk/ticket").observe(order)
    assert (observed.fallbacks, observed.approximations) == (fallbacks, approximations)


def test_a_mapping_without_options_has_none() -> None:
    error = casemap.converter("telecomx/error", "common/error")
    assert error.observe(payload(samples_of("telecomx/error")[0])).fallbacks == {}


ROUTES = [("egain/case", "khoros/case"), ("egain/case", "telecomx/case"), ("telecomx/case-query", "common/case-query")]


@pytest.mark.parametrize(("source", "target"), ROUTES)
def test_an_explanation_tells_the_same(source: str, target: str) -> None:
    """What is counted is told where the payload is explained, and of approximations nothing else is."""
    catalog = casemap.Catalog()
    converter = catalog.converter(source, target, params_of(catalog, source, target))
    seen = 0
    generated = MappingPayloads(converter.store, source, converter.tree, converter.root, target, seed=4)
    for value in (*(payload(name) for name in samples_of(source)), *itertools.islice(generated, 25)):
        try:
            observed = converter.observe(value)
        except casemap.ConversionError:
            continue
        fields = converter.explain(value).fields
        fell_back = [_field(each.path) for each in fields if each.fallbacks]
        approximate = [_field(each.path) for each in fields if each.approximations]
        assert _without(observed.fallbacks, fell_back) == []
        assert _without(observed.approximations, approximate) == _without(approximate, observed.approximations) == []
        seen += len(observed.fallbacks)
    assert seen


def _field(path: str) -> str:
    return ".".join("*" if step.isdigit() else step for step in path.split("/")[1:])


def _without(fields: Iterable[str], others: Iterable[str]) -> list[str]:
    """The fields that none of the others is, is in or has in it."""
    return [
        each
        for each in fields
        if not any((each + ".").startswith(other + ".") or (other + ".").startswith(each + ".") for other in others)
    ]


@pytest.mark.parametrize("size", [1, 1 << 30], ids=["record by record", "typed"])
def test_archives_count_the_same(size: int) -> None:
    """Blocks of lines, by either door, count what the records one by one do."""
    catalog = casemap.Catalog()
    converter = catalog.converter("egain/case", "khoros/case", params_of(catalog, "egain/case", "khoros/case"))
    values = [payload(name) for name in samples_of("egain/case")]
    expected = Counter(each for value in values for each in converter.observe(value).fallbacks.items())
    conversion = Conversion(converter, Tally(), observing=True)
    blocks = block_converter(conversion, StreamOptions(observing=True), size)
    assert isinstance(blocks, ExactBlocks) == (size == 1)
    found = blocks.convert(b"".join(write_json(value) + b"\n" for value in values))
    assert found.converted == len(values)
    assert blocks.counted().fallbacks == expected != {}


def test_the_summary_counts_them(project: Path, tmp_path: Path) -> None:
    orders = [{"id": 1}, {"id": 2, "subject": "a"}, {"id": 3, "team": "c", "subject": "b"}, {"id": 4, "team": "d"}]
    (tmp_path / "in.ndjson").write_text("".join(json.dumps(order) + "\n" for order in orders))
    arguments = ["convert", str(tmp_path / "in.ndjson"), "--from", "shop/order", "--to", "desk/ticket"]
    more = ["--project", str(project), "-o", str(tmp_path / "out.ndjson"), "--summary", str(tmp_path / "summary.json")]
    done = CliRunner().invoke(command_line, [*arguments, *more, "--jobs", "1"])
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "summary.json").read_text())["fallbacks"]
    assert found == [
        {"type": "desk/ticket", "field": "owner", "records": 2, "reason": "team"},
        {"type": "desk/ticket", "field": "title", "records": 2, "reason": "'none'"},
    ]
    assert "taken from a further option of the rule" in done.stderr
    without = CliRunner().invoke(command_line, [*arguments, *more[:2]])
    assert (without.exit_code, without.stderr) == (0, done.stderr)


def test_the_page_speaks_of_them() -> None:
    assert "`fallbacks`" in (ROOT / "docs" / "archives.md").read_text("utf-8")
