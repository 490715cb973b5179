"""The commands of the pages that install casemap, as they stand there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.docs_pages.comparing import is_shown
from tests.docs_pages.installing import ADDRESS, Checkout
from tests.docs_pages.pages import INSTALLING, every_page
from tests.docs_pages.reading import blocks, commands
from tests.docs_pages.running import Done, without_comment
from tests.samples import ROOT

PAGES = {name: tuple(blocks((ROOT / name).read_text("utf-8"))) for name in every_page()}


def installing(name: str) -> list[str]:
    """The commands of a page that install something, those of its workflows among them."""
    shown = [shown.command for block in PAGES[name] if block.language in ("console", "sh") for shown in commands(block)]
    for block in PAGES[name]:
        if block.file is not None and "workflows/" in block.file:
            jobs = yaml.safe_load(block.text)["jobs"].values()
            shown += [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    return [without_comment(command) for command in shown if command.startswith(INSTALLING)]


CONVERTING, TESTING = installing("README.md")
OTHERS = [command for name in PAGES if name != "README.md" for command in installing(name)]


@dataclass(frozen=True, slots=True)
class Installed:
    """A checkout in which the README's first command was run, and what that gave."""

    checkout: Checkout
    done: Done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    checkout = Checkout.at(tmp_path_factory.mktemp("installing"))
    return Installed(checkout, checkout.run(CONVERTING))


def test_the_readme_converts(installed: Installed) -> None:
    assert installed.done.code == 0, installed.done.output
    (shown,) = [block.text for block in PAGES["README.md"] if block.language == "text"]
    assert is_shown(installed.done.output, shown), installed.done.output


def test_the_package_carries_what_it_needs(installed: Installed) -> None:
    (site,) = (installed.checkout.folder / ".venv/lib").glob("python*/site-packages")
    assert (site / "casemap/py.typed").is_file()
    assert (site / "casemap/bundled/schemas/casemap/mapping.schema.json").is_file()
    assert (site / "casemap/bundled/mappings/egain-to-common/case.yaml").is_file()
    assert not list(site.glob("tests"))


def test_it_converts_from_any_directory(installed: Installed) -> None:
    folder = installed.checkout.folder / "some where"
    folder.mkdir()
    (folder / "case.json").write_bytes((ROOT / "examples/khoros-case.json").read_bytes())
    done = installed.checkout.run("cd 'some where' && ../.venv/bin/casemap convert case.json --to common/case --quiet")
    assert done.code == 0, done.output
    assert json.loads(done.output)["status"] == "open"
    code = "import casemap; from casemap_models import khoros; print(casemap.__file__, khoros.__file__, khoros.Case)"
    found = installed.checkout.run(f".venv/bin/python -P -c '{code}'").output
    assert found.count("site-packages/casemap") == 2, found


@pytest.mark.parametrize("name", ["apt-get", "sudo"])
def test_the_readme_gets_what_a_fresh_system_lacks(name: str, tmp_path: Path) -> None:
    """Here the system has a Python without venv, and programs that say how they were called; one has sudo, one has not."""
    for program, does in (("python3", "exit 1"), ("apt-get", 'echo "apt-get $*"'), (name, f'echo "{name} $*"')):
        (tmp_path / program).write_text(f"#!/bin/bash\n{does}\n", "utf-8")
        (tmp_path / program).chmod(0o755)
    called = "sudo apt-get" if name == "sudo" else "apt-get"
    for command in (CONVERTING, TESTING):
        done = subprocess.run(
            [shutil.which("bash") or "bash", "-c", command],
            cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stdout == f"{called} update\n{called} install -y python3-venv\n"
        assert done.returncode == 1


@pytest.mark.parametrize("command", OTHERS)
def test_what_is_installed_has_what_it_needs(command: str, installed: Installed) -> None:
    """pip finds the package with its optional part, and what that part asks for."""
    if tag := re.search(rf"{ADDRESS}@([\w.]+)", command):
        if shutil.which("git") is None:
            pytest.skip("needs git")
        installed.checkout.tag(tag[1])
    done = installed.checkout.run(command, PIP_DRY_RUN="1")
    assert done.code == 0, done.output
    (extra,) = re.findall(r"casemap\[(\w+)\]", command)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for wanted in project["optional-dependencies"][extra]:
        (name,) = re.findall(r"^[\w.-]+", wanted)
        assert re.search(rf"satisfied: {name}\b", done.output), done.output


def test_the_readme_tests(installed: Installed) -> None:
    """The tests are those of one file here."""
    done = installed.checkout.run(TESTING, PYTEST_ADDOPTS="-n 0 -p no:cacheprovider tests/run/test_run_choice.py")
    assert done.code == 0, done.output
    assert re.search(r"\[100%\]", done.output)
    where = installed.checkout.run(".venv/bin/python -P -c 'import casemap; print(casemap.__file__)'").output
    assert Path(where).is_relative_to(installed.checkout.folder / "casemap")
