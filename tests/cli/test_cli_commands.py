"""The help pages, `casemap formats` and `casemap show`."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from processes import Run

from casemap._version import __version__


@pytest.mark.parametrize("command", ["", "convert", "formats", "show", "validate"])
def test_help(run: Run, snapshot: Any, command: str) -> None:
    done = run(*command.split(), "--help", project=None)
    assert (done.code, done.err) == (0, "")
    assert "Examples:" in done.out
    assert done.out == snapshot


def test_version(run: Run) -> None:
    assert run("--version", project=None).out.startswith(f"casemap {__version__}\n")


def test_a_command_that_is_not_there(run: Run, snapshot: Any) -> None:
    done = run("convrt", project=None)
    assert done.code == 2
    assert done.err == snapshot


def test_formats_for_people(run: Run) -> None:
    done = run("formats")
    assert done.code == 0
    assert "\n  shop           ticket, ticket-list\n" in done.out
    assert "shop-to-desk/ticket-list" in done.out
    assert "of this project: PROJECT/mappings/shop-to-desk/ticket.yaml" in done.out
    assert "shop/ticket-list to desk/ticket-list" in done.out


def test_formats_for_programs(run: Run) -> None:
    listed = json.loads(run("formats", "--output-format", "json").out)
    assert {"desk/ticket", "shop/ticket-list", "egain/case"} <= set(listed["types"])
    own = [mapping for mapping in listed["mappings"] if not mapping["bundled"]]
    assert own == [
        {
            "id": f"shop-to-desk/{name}",
            "source": f"shop/{name}",
            "target": f"desk/{name}",
            "file": f"PROJECT/mappings/shop-to-desk/{name}.yaml",
            "bundled": False,
        }
        for name in ("ticket", "ticket-list")
    ]
    ends = {"source": "shop/ticket", "target": "desk/ticket"}
    route = {**ends, "mappings": ["shop-to-desk/ticket"], "state": "guarded"}
    assert route in listed["routes"]


def test_the_project_is_found_from_below(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("casemap.toml").write_text("")
    Path("schemas/own").mkdir(parents=True)
    Path("schemas/own/thing.schema.json").write_text('{"type": "integer"}')
    Path("deep/below").mkdir(parents=True)
    monkeypatch.chdir("deep/below")
    assert "own/thing" in json.loads(run("formats", "--output-format", "json", project=None).out)["types"]


def test_the_code_of_a_route(run: Run) -> None:
    done = run("show", "shop/ticket", "desk", "--output-format", "code", "-p", "rank=5")
    assert done.code == 0
    names = [node.name for node in ast.walk(ast.parse(done.out)) if isinstance(node, ast.FunctionDef)]
    assert "convert" in names
    assert "the param site is not given" in done.err
    assert "rank" not in done.err
    assert run("show", "shop/ticket", "desk/ticket", "--output-format", "code", "-p", "rank=5").out == done.out


def test_a_route_that_is_not_there(run: Run) -> None:
    done = run("show", "shop/ticket", "khoros/case")
    assert (done.code, done.out) == (2, "")
    assert "CM502" in done.err


def test_a_broken_mapping(run: Run) -> None:
    Path("mappings/shop-to-desk").mkdir(parents=True)
    Path("mappings/shop-to-desk/case.yaml").write_text(
        "casemap: 1\nsource: egain/case\ntarget: khoros/case\nfields:\n  id: id | strng\n  titel: subject +\n"
    )
    done = run("show", "egain/case", "khoros/case", project=Path())
    assert (done.code, done.out) == (2, "")
    assert "case.yaml:5:" in done.err
    assert "case.yaml:6:" in done.err
