"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.language.projects import Project
from tests.samples import ROOT

RULES = "fields:\n  id: x\nexamples:\n"
GOOD = "  - {source: {value: {x: a1}}, target: {value: {id: a1}}}\n"
BAD = "  - {source: {value: {x: a1}}, target: {value: {id: a2}}}\n"


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit code and output of pytest in a folder, with the plugin."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "casemap.pytest_plugin", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    Project(tmp_path).mapping("a-to-b/doc", RULES + GOOD + BAD)
    (tmp_path / "mappings" / "a-to-b" / "none.yaml").write_text("casemap: 1\n")
    (tmp_path / "mappings" / "a-to-b" / "notes.yaml").write_text("examples: of something else\n")
    (tmp_path / "other.yaml").write_text("casemap: 1\nexamples: []\n")
    return tmp_path


def test_examples_are_tests(project: Path) -> None:
    code, output = run(project, "-v")
    assert code == 1
    assert "mappings/a-to-b/doc.yaml::example 1 PASSED" in output
    assert "mappings/a-to-b/doc.yaml::example 2 FAILED" in output
    assert '- "a2"  expected at mappings/a-to-b/doc.yaml:8:53' in output
    assert '+ "a1"  given by the rule at mappings/a-to-b/doc.yaml:5:3' in output
    assert "1 failed, 1 passed" in output
    assert "Traceback" not in output


def test_one_example_is_chosen_by_its_name(project: Path) -> None:
    code, output = run(project, "mappings/a-to-b/doc.yaml::example 1")
    assert code == 0
    assert "1 passed" in output


def test_a_mapping_that_is_wrong_is_an_error_of_the_collection(tmp_path: Path) -> None:
    Project(tmp_path).mapping("a-to-b/doc", "fields: {id: x | lowr}\nexamples:\n" + GOOD)
    code, output = run(tmp_path)
    assert code == 2
    assert "CM204 unknown function `lowr`; did you mean `lower`?" in output
    assert "Traceback" not in output


def test_it_can_be_turned_off(project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\ncasemap_examples = false\n")
    code, output = run(project)
    assert code == 5
    assert "no tests ran" in output
