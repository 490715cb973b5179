"""The pages on explaining, testing and completion are true: what they show of the command is what it prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from casemap.cli import casemap as command_line
from tests.samples import ROOT

PAGES = ("explain", "testing", "completion")
BLOCK = re.compile(
    r"(?:^`(?P<file>[\w./-]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


def blocks(page: str) -> list[re.Match[str]]:
    return list(BLOCK.finditer((ROOT / "docs" / f"{page}.md").read_text("utf-8")))


def printed(command: str) -> str:
    """What a command prints, results before what is said to people."""
    _, *arguments = shlex.split(command)
    done = CliRunner().invoke(command_line, arguments)
    assert done.exit_code in (0, 1), done.output
    return "\n".join(line.rstrip() for line in (done.stdout + done.stderr).splitlines()) + "\n"


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_is_so(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(page):
        text, language = block["text"], block["language"]
        if block["file"]:
            file = tmp_path / block["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        elif language == "console":
            command, _, output = text.partition("\n")
            assert printed(command.removeprefix("$ ")) == output
        elif language == "python":
            exec(compile(text, page, "exec"), {})  # noqa: S102 - the page's own example
        else:
            assert language == "sh"


@pytest.mark.parametrize("page", PAGES)
def test_commands_and_options_are_there(page: str) -> None:
    """Each `casemap …` of a page names a command, and each option one of some command."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    context = command_line.make_context("casemap", ["rule"])
    commands = {name: command_line.get_command(context, name) for name in command_line.list_commands(context)}
    options = {
        option for each in commands.values() if each is not None for each_ in each.params for option in each_.opts
    }
    for name in re.findall(r"`(?:\$ )?casemap ([a-z]+)", text):
        assert name in commands
    for option in re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", text):
        assert option in {*options, "--version"}, option


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_for_shells_print_a_script(shell: str) -> None:
    text = (ROOT / "docs" / "completion.md").read_text("utf-8")
    assert f"_CASEMAP_COMPLETE={shell}_source casemap" in text
    done = subprocess.run(
        [sys.executable, "-c", "from casemap.cli import main; main()"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "_CASEMAP_COMPLETE": f"{shell}_source"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "_CASEMAP_COMPLETE" in done.stdout
