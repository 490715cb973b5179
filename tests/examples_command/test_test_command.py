"""`casemap test`: what it prints, writes and ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from casemap.cli import casemap as command_line
from tests.language.projects import Project
from tests.samples import ROOT

Run = Callable[..., Result]

RULES = """\
value_maps:
  state: {on: open, off: closed}
fields:
  id: x          # the id
  status: {from: y, map: state}
  name: {first_of: [z, x]}
"""
EXAMPLES = """\
examples:
  # holds
  - {source: {value: {x: a1, y: on}}, target: {value: {id: a1, status: open, name: a1}}}
  - note: does not
    source: {value: {x: a1, y: off, z: Z}}
    target:
      value:
        id: a2   # wrong
        status: closed
        tags: [x]
  - source: {file: ../../in.json}
    target: {file: ../../out.json}
  - {source: {value: {x: 1, y: odd}}, reject: CM303}  # another code
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    Project(tmp_path).mapping("a-to-b/doc", RULES + EXAMPLES)
    (tmp_path / "in.json").write_text('{"x": "a3"}')
    (tmp_path / "out.json").write_text('{"id": "a4"}')
    return tmp_path


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(project)
    return lambda *arguments: CliRunner().invoke(command_line, ["test", "--project", str(project), *arguments])


def test_what_is_printed(run: Run, snapshot: Any) -> None:
    done = run()
    assert done.exit_code == 1
    assert done.stdout == snapshot
    assert done.stderr == "1 of 4 examples of 1 mapping hold\n"


def test_update_writes_what_examples_give_and_nothing_else(run: Run, project: Path) -> None:
    mapping = project / "mappings" / "a-to-b" / "doc.yaml"
    before = mapping.read_text()
    done = run("--update")
    assert done.exit_code == 0
    assert "4 of 4 examples of 1 mapping hold" in done.stderr
    after = mapping.read_text()
    start, end = before.index("      value:\n        id: a2"), before.index("  - source: {file")
    assert after == (
        f"{before[:start]}      value: {{id: a1, status: closed, name: Z}}\n{before[end:]}".replace("CM303", "CM301")
    )
    assert after.endswith("  - {source: {value: {x: 1, y: odd}}, reject: CM301}  # another code\n")
    assert json.loads((project / "out.json").read_text()) == {"id": "a3", "name": "a3"}
    assert sorted(path.name for path in project.iterdir()) == ["in.json", "mappings", "out.json", "schemas"]
    assert run("--update").stderr == "4 of 4 examples of 1 mapping hold\n"


def test_update_leaves_to_people_what_turns_into_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "fields: {a: x | int}\nexamples:\n  - {source: {value: {x: z}}, target: {value: {}}}\n"
    Project(tmp_path).mapping("a-to-b/doc", text)
    done = CliRunner().invoke(command_line, ["test", "--update", "--project", str(tmp_path)])
    assert done.exit_code == 1
    assert "not written, change it by hand: " in done.stderr
    assert text in (tmp_path / "mappings" / "a-to-b" / "doc.yaml").read_text()


def test_without_update_nothing_is_written(run: Run, project: Path) -> None:
    files = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    run()
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == files


def test_a_threshold(run: Run, project: Path) -> None:
    text = (
        RULES + "examples:\n  - {source: {value: {x: a1, y: on}}, target: {value: {id: a1, status: open, name: a1}}}\n"
    )
    Project(project).mapping("a-to-b/doc", text)
    assert run().exit_code == 0
    assert run("--fail-under", "71").exit_code == 0
    done = run("--fail-under", "72")
    assert done.exit_code == 1
    assert done.stderr.endswith("the examples reach 71.4 % of the mappings, less than 72 %\n")
    assert run("--fail-under", "101").exit_code == 2


def test_json(run: Run, project: Path) -> None:
    found = json.loads(run("--output-format", "json").stdout)
    (mapping,) = found["mappings"]
    assert mapping["id"] == "a-to-b/doc"
    assert [example["holds"] for example in mapping["examples"]] == [True, False, False, False]
    second = mapping["examples"][1]
    assert [
        {name: value for name, value in each.items() if name in ("path", "expected", "actual")}
        for each in second["differences"]
    ] == [
        {"path": "/id", "expected": "a2", "actual": "a1"},
        {"path": "/tags", "expected": ["x"]},
        {"path": "/name", "actual": "Z"},
    ]
    assert [each["rule"]["line"] for each in second["differences"]] == [7, 7, 9]
    assert second["differences"][0]["expected_at"]["line"] == 17
    assert mapping["coverage"]["rule"] == {"reached": 4, "all": 4}
    assert 0 < found["reached"] <= 100


def test_junit(run: Run, project: Path) -> None:
    text = (
        RULES
        + 'examples:\n  - {source: {value: {x: "\\u0001<&"}}, target: {value: {}}}\n  - {source: {value: {}}, target: {value: {}}}\n'
    )
    Project(project).mapping("a-to-b/doc", text)
    assert run("--junit", "report.xml").exit_code == 1
    root = ET.parse(project / "report.xml").getroot()  # noqa: S314 - our own file
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "2", "1", "0")
    first, second = root.iter("testcase")
    assert (first.get("classname"), first.get("name"), first.get("line")) == ("a-to-b/doc", "example 1", "11")
    failure = first.find("failure")
    assert failure is not None
    assert failure.get("type") == "CM611"
    assert '"\\u0001<&"' in (failure.text or "")
    assert list(second) == []


def test_a_mapping_that_is_wrong_does_not_keep_others_from_being_run(run: Run, project: Path) -> None:
    Project(project).mapping("a-to-b/other", "fields: {a: x | lowr}\n")
    done = run("--junit", "report.xml")
    assert done.exit_code == 2
    assert "CM204" in done.stderr
    assert "a-to-b/doc, example 2" in done.stdout
    root = ET.parse(project / "report.xml").getroot()  # noqa: S314 - our own file
    assert root.get("errors") == "1"


def test_a_mapping_that_is_not_there(run: Run) -> None:
    done = run("a-to-c/doc")
    assert done.exit_code == 2
    assert "CM208" in done.stderr


def test_the_bundled_mappings() -> None:
    done = CliRunner().invoke(command_line, ["test", "--fail-under", "100", "egain-to-common", "khoros-to-common/case"])
    assert done.exit_code == 0
    assert "Reached by no example" not in done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "mapping", "egain-to-common/case", "egain-to-common/case-list", "egain-to-common/case-query",
        "khoros-to-common/case", "all",
    ]  # fmt: skip


@pytest.mark.parametrize(("variable", "coloured"), [("", True), ("NO_COLOR", False), ("CI", False)])
def test_colours_on_a_terminal_alone(project: Path, variable: str, coloured: bool) -> None:
    pty = pytest.importorskip("pty")
    outer, inner = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI")}
    environment |= {"PYTHONPATH": str(ROOT), **({variable: "1"} if variable else {})}
    command = [sys.executable, "-m", "casemap", "test", "--project", str(project)]
    subprocess.run(command, stdout=inner, stderr=subprocess.DEVNULL, env=environment, check=False, timeout=60)
    os.close(inner)
    printed = b""
    while chunk := _read(outer):
        printed += chunk
    os.close(outer)
    assert (b"\x1b[31m    - " in printed) == coloured
    assert b"    - " in printed


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""
