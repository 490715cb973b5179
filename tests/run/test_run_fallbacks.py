"""Fallbacks: what a run says of fields whose value is that of a rule's further option."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner

import casemap
from casemap.cli import casemap as command_line
from casemap.run.fallbacks import falling_back
from tests.samples import ROOT

RULES = """
casemap: 1
source: shop/order
target: desk/ticket
fields:
  id: id
  title: {first_of: [subject, {from: note, approximate: A note is no title.}, "'none'"]}
  owner: owner | default(team)
  label: "'#' ~ (number | default('?'))"
  lines: {each: lines, value: name | default(id)}
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
    ],
)
def test_the_fields_and_their_options(order: Any, expected: dict[str, str], project: Path) -> None:
    """An approximate option is counted as such; what is only a part of a value is no fallback of a field."""
    find = falling_back(casemap.Catalog(project).converter("shop/order", "desk/ticket"))
    assert find is not None
    assert find(order) == expected


def test_a_mapping_without_options_has_none() -> None:
    assert falling_back(casemap.converter("telecomx/error", "common/error")) is None


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


def test_the_page_speaks_of_them() -> None:
    assert "`fallbacks`" in (ROOT / "docs" / "archives.md").read_text("utf-8")
