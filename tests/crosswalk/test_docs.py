"""What docs/crosswalks.md shows is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casemap import Catalog
from casemap.analysis.crosswalk import crosswalk_of
from casemap.cli.show import command
from casemap.report.crosswalk import crosswalk_text

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "crosswalks.md").read_text("utf-8")
PARTS = re.compile(r"(?ms)(?:^`(?P<file>schemas/[\w./-]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$")


@pytest.fixture
def example(tmp_path: Path) -> Catalog:
    """The project of docs/ledger.md."""
    mapping = tmp_path / "mappings/desk-to-shop/ticket.yaml"
    mapping.parent.mkdir(parents=True)
    for part in PARTS.finditer((DOCS / "ledger.md").read_text("utf-8")):
        if part["language"] == "yaml":
            mapping.write_text("casemap: 1\nsource: desk/ticket\ntarget: shop/ticket\n" + part["text"], "utf-8")
        elif part["file"]:
            file = tmp_path / part["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(part["text"], "utf-8")
    return Catalog(tmp_path)


def test_the_example_is_what_is_printed(example: Catalog) -> None:
    proof = example.converter("desk/ticket", "shop/ticket").check()
    found = crosswalk_of(example.chain("desk/ticket", "shop/ticket"), example.store, example.mapping, proof=proof)
    (shown,) = [part["text"] for part in PARTS.finditer(PAGE) if part["language"] == "text"]
    assert shown == crosswalk_text(found) + "\n"


def test_the_program_runs() -> None:
    (program,) = [part["text"] for part in PARTS.finditer(PAGE) if part["language"] == "python"]
    assert program.count("assert") >= 4
    exec(compile(program, "docs/crosswalks.md", "exec"), {})  # noqa: S102 - the page's own example


def test_each_option_is_there() -> None:
    described = set(re.findall(r"^\| `(-[\w-]+)", PAGE, re.MULTILINE))
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert described <= options
    assert {"--output-format", "-o", "--via", "-p"} <= described
