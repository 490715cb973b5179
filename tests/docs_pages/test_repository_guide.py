"""The configurations that docs/guides/repository.md shows name hooks, commands and options that are there."""

from __future__ import annotations

from typing import Any

import yaml

from casemap.cli.hooks import HOOKS
from tests.docs_pages.reading import blocks
from tests.docs_pages.walking import look_up
from tests.samples import ROOT


def shown(file: str) -> Any:
    page = (ROOT / "docs" / "guides" / "repository.md").read_text("utf-8")
    (text,) = [block.text for block in blocks(page) if block.file == file]
    return yaml.safe_load(text)


def test_the_hooks_are_there() -> None:
    (repository,) = shown(".pre-commit-config.yaml")["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook.id for hook in HOOKS]


def test_the_steps_of_the_workflow_are_there() -> None:
    steps = shown(".github/workflows/casemap.yaml")["jobs"]["casemap"]["steps"]
    run = [step["run"] for step in steps if "run" in step]
    assert {command.split()[1] for command in run} == {"install", "validate", "check", "test", "generate"}
    for command in run:
        look_up(command)
