"""The table of hooks, and what is generated from it."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from casemap.cli.hooks import HOOKS, Hook, hooks_file
from docs import hooks as generated

ROOT = Path(__file__).parents[2]
by_id = pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.id)


def test_generated_files_are_fresh() -> None:
    for file, text in generated.files().items():
        assert file.read_text("utf-8") == text, f"{file.name} is stale: run `python -m docs.hooks`"


def test_stale_files_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(generated, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    generated.main()
    assert {file.name for file in tmp_path.iterdir()} == {".pre-commit-hooks.yaml", "docs"}
    monkeypatch.setattr(sys, "argv", ["docs.hooks", "--check"])
    (tmp_path / "docs" / "pre-commit.md").write_text("old")
    with pytest.raises(SystemExit) as exit:
        generated.main()
    assert exit.value.code == 1
    assert capsys.readouterr().err == "docs/pre-commit.md is stale\n"


def test_pre_commit_reads_the_file() -> None:
    pytest.importorskip("pre_commit")
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    subprocess.run(command, check=True)
    assert [hook["id"] for hook in yaml.safe_load(hooks_file())] == [hook.id for hook in HOOKS]


@by_id
def test_the_entry_is_a_command_with_its_options(hook: Hook) -> None:
    name, *options = hook.entry.split()[1:]
    try:
        command = importlib.import_module(f"casemap.cli.{name}").command
    except ModuleNotFoundError:
        pytest.skip(f"there is no `casemap {name}` yet")
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(options) <= known


@by_id
def test_the_page_describes_the_hook(hook: Hook) -> None:
    page = (ROOT / "docs" / "pre-commit.md").read_text("utf-8")
    assert f"## {hook.id}\n\n{hook.about}\n" in page
    configuration = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0])
    assert hook.id in [used["id"] for used in configuration["repos"][0]["hooks"]]


STARTS = {
    "casemap-validate": (
        ["a.json", "b/c.ndjson.gz", "d.yml", "e.YAML.json", "f.jsonl.zst"],
        ["a.json5", "json", "a.toml", "b.gz"],
    ),
    "casemap-check": (
        ["schemas/x/y.schema.json", "p/mappings/a-to-b/c.yaml", "mappings/x/y.yml", "casemap.toml"],
        ["a.json", "schemas/x.json", "old-schemas/x.schema.json", "mappings/readme.md"],
    ),
    "casemap-generate": (["schemas/x/y.schema.json", "models/khoros.py", "pyproject.toml"], ["a.json", "x.pyi"]),
}


@by_id
def test_which_files_start_a_hook(hook: Hook) -> None:
    starting, others = STARTS[hook.id]
    assert [file for file in starting if not re.search(hook.files, file)] == []
    assert [file for file in others if re.search(hook.files, file)] == []
