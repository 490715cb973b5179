"""docs/models.md explains every option and key."""

from __future__ import annotations

import re

from click.testing import CliRunner

from casemap.cli.generate import command
from casemap.generate.configuration import KEYS
from tests.samples import ROOT

PAGE = (ROOT / "docs" / "models.md").read_text("utf-8")


def test_every_option_and_key_is_explained() -> None:
    table = PAGE.split("| option | key | |\n")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| .*?\| `([a-z-]+)` \|", table, re.MULTILINE)) == set(KEYS)
    shown = CliRunner().invoke(command, ["--help"]).output
    for option in re.findall(r"--[a-z-]+", shown):
        if option not in ("--help", "--project", "--quiet", "--no-snake-case"):
            assert option in PAGE
