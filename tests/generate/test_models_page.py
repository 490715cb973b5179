"""docs/models.md is true: its Python runs, its numbers and names are those of the code."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from casemap.cli.generate import command
from casemap.generate.configuration import KEYS
from tests.samples import ROOT

PAGE = (ROOT / "docs" / "models.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_examples_run() -> None:
    """One after the other, as they are read."""
    names: dict[str, object] = {}
    for number, block in enumerate(blocks("python")):
        exec(compile(block, f"docs/models.md, example {number + 1}", "exec"), names)  # noqa: S102 - our own text
    assert number >= 6


@pytest.mark.parametrize("line", [line for block in blocks("console") for line in block.splitlines()])
def test_the_commands_are_there(line: str) -> None:
    words = line.partition("#")[0].split()
    if words[0] == "casemap":
        assert words[1] == "generate"
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if word.startswith("-")} <= options
    else:
        assert words[:2] == ["pip", "install"]


def test_every_option_and_key_is_explained() -> None:
    table = PAGE.split("| option | key | |\n")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| .*?\| `([a-z-]+)` \|", table, re.MULTILINE)) == set(KEYS)
    shown = CliRunner().invoke(command, ["--help"]).output
    for option in re.findall(r"--[a-z-]+", shown):
        if option not in ("--help", "--project", "--quiet", "--no-snake-case"):
            assert option in PAGE
