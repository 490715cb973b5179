"""Does what a page says, as a reader would: writes its files, runs its commands, and compares what they print.

| block | what is done with it |
|---|---|
| with the name of a file above it | it is written; a `diff` changes the file that is there |
| `console` | each command is run. Where the block shows output, that of each command is compared; else all must succeed |
| `sh` | each command is run and must succeed |
| `python` | it is run; all blocks of a page share their names. A literal in the comment behind an expression is its value |
| `yaml`, otherwise | it is the part of a mapping that matters, or some of its `fields`, and is loaded |

Anything else is an error, save what the page or the table of pages says a reason for. `cd` and `echo $?` mean what they
mean in a shell. `casemap` runs in this process where the command needs no shell.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import casemap
from casemap.cli import casemap as command_line
from casemap.mapping.rules import HEADS
from tests.doc_examples import write_project
from tests.docs_pages.reading import Block, Shown, blocks, commands
from tests.samples import ROOT

__all__ = ["Differs", "Walk", "look_up"]

_SHELL = re.compile(r"[|<>;&$`*?~]")
_WIDTH = "80"


class Differs(AssertionError):
    """A command prints something else than the page shows."""

    def __init__(self, shown: Shown, printed: str) -> None:
        super().__init__(f"line {shown.line}: `{shown.command}` prints\n{printed}and not\n{shown.output}")
        self.shown = shown
        self.printed = printed


@dataclass
class Walk:
    """A walk through one page in a folder. `names` are those that its Python blocks find.

    `looked_up` maps the beginnings of commands to why they are not run: their programs and options are only looked up.
    Commands that begin with one of `choices` are no steps but ways to go: they are run, and may have findings.
    `files` and `outputs` say of blocks of a page, by their first lines, which file they are, or what of which command.
    With a list as `differences`, outputs that differ are put into it and do not end the walk.
    """

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    looked_up: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    differences: list[Differs] | None = None
    code: int = 0

    def page(self, text: str) -> int:
        """Walk through a page. Gives the number of its blocks; raises `AssertionError` where the page is not right."""
        number = 0
        for number, block in enumerate(blocks(text), 1):  # noqa: B007 - it is given back
            if block.not_run is None:
                self.block(block)
            else:
                assert len(block.not_run.split()) > 2, f"line {block.line}: no reason"
        return number

    def block(self, block: Block) -> None:
        """Do what one block says."""
        first = block.text.partition("\n")[0]
        file = block.file or self.files.get(first)
        if first in self.outputs:
            self.compare(Shown(block.line, self.outputs[first], block.text))
        elif file is not None and block.language == "diff":
            self.change(file, block)
        elif file is not None:
            self.write(file, block.text)
        elif block.language in ("console", "sh"):
            self.run_all(block)
        elif block.language == "python":
            self.run_python(block)
        elif block.language == "yaml":
            self.load(block)
        else:
            raise AssertionError(f"line {block.line}: a `{block.language}` block that nothing is done with")

    def write(self, name: str, text: str) -> None:
        """Write a file of the page; JSON and YAML have to be such."""
        if name.endswith(".json"):
            json.loads(text)
        elif name.endswith((".yaml", ".yml")):
            yaml.safe_load(text)
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def change(self, name: str, block: Block) -> None:
        """Change a file as a diff says: what it keeps and takes away stands there once, line for line."""
        lines = block.text.splitlines(keepends=True)
        assert all(line[0] in " +-" for line in lines), f"line {block.line}: no diff"
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        text = (self.folder / name).read_text("utf-8")
        assert f"\n{text}".count(f"\n{before}") == 1, f"line {block.line}: not what stands in {name}"
        self.write(name, f"\n{text}".replace(f"\n{before}", f"\n{after}")[1:])

    def run_python(self, block: Block) -> None:
        """Run a block of Python, statement by statement. A literal in the comment behind an expression is its value."""
        lines = block.text.splitlines()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for statement in ast.parse(block.text).body:
                place = f"page, line {block.line + statement.lineno}"
                wanted = _literal(lines[(statement.end_lineno or 1) - 1][statement.end_col_offset :])
                if isinstance(statement, ast.Expr) and wanted:
                    value = eval(compile(ast.Expression(statement.value), place, "eval"), self.names)  # noqa: S307
                    assert [value] == wanted, f"{place}: {value!r}"
                else:
                    code = compile(ast.Module([statement], []), place, "exec")
                    exec(code, self.names)  # noqa: S102 - the page's own example

    def load(self, block: Block) -> None:
        """Load a part of a mapping, between document types that take anything."""
        whole = {*HEADS, "definitions", "examples", "let", "params", "unmapped", "unset", "value_maps"}
        rules = yaml.safe_load(block.text)
        assert isinstance(rules, dict), f"line {block.line}: no rules"
        text = block.text if whole & rules.keys() else "fields:\n" + indent(block.text, "  ")
        with tempfile.TemporaryDirectory() as folder:
            write_project(Path(folder), {"mappings/desk-to-shop/ticket.yaml": text})
            casemap.Catalog(folder).mapping("desk-to-shop/ticket")

    def run_all(self, block: Block) -> None:
        """Run the commands of a block."""
        every = commands(block)
        compared = any(shown.output for shown in every)
        for shown in every:
            if any(shown.command.startswith(start) for start in self.looked_up):
                look_up(shown.command)
            elif compared:
                self.compare(shown)
            else:
                printed = self.run(shown.command)
                allowed = (0, 1) if shown.command.startswith(self.choices) else (0,)
                assert self.code in allowed, f"line {shown.line}: `{shown.command}` ends with {self.code}\n{printed}"

    def compare(self, shown: Shown) -> None:
        """Run a command and compare what it prints, results and what is said to people in one, as on a terminal."""
        printed = "".join(line.rstrip() + "\n" for line in self.run(shown.command).splitlines())
        if printed != shown.output:
            difference = Differs(shown, printed)
            if self.differences is None:
                raise difference
            self.differences.append(difference)

    def run(self, command: str) -> str:
        """What a command prints; its exit code is kept."""
        if command == "echo $?":
            return f"{self.code}\n"
        if command.startswith("cd "):
            self.folder = self.folder / command.removeprefix("cd ")
            self.code = 0
            return ""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setenv("COLUMNS", _WIDTH)
            patch.setenv("NO_COLOR", "1")
            plain = not _SHELL.search(command.partition(" #")[0])
            output = self._in_process(command) if command.startswith("casemap ") and plain else self._in_shell(command)
        assert "Traceback" not in output, output
        return output.replace(f"{self.folder}/", "").replace(f"{ROOT}/mappings/", "…/mappings/")

    def _in_process(self, command: str) -> str:
        _, *arguments = shlex.split(command, comments=True)
        done = CliRunner().invoke(command_line, arguments, prog_name="casemap")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self.code = done.exit_code
        return done.output

    def _in_shell(self, command: str) -> str:
        programs = {"casemap": f"{shlex.quote(sys.executable)} -m casemap", "python": shlex.quote(sys.executable)}
        functions = "".join(f'{name}() {{ {program} "$@"; }}\n' for name, program in programs.items())
        paths = os.pathsep.join((str(ROOT), str(ROOT / "generated")))
        done = subprocess.run(
            ["bash", "-c", functions + command],
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, encoding="utf-8",
            check=False, timeout=120,
        )  # fmt: skip
        self.code = done.returncode
        return done.stdout


def _literal(comment: str) -> list[Any]:
    """The value that a comment says, in a list; an empty one where it says something else."""
    try:
        return [ast.literal_eval(comment.strip().removeprefix("#").strip())] if "#" in comment else []
    except (SyntaxError, ValueError):
        return []


def look_up(command: str) -> None:
    """Whether the program of a command and its options are there; it is not run."""
    words = shlex.split(command, comments=True)
    options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    match words:
        case ["python", "-m", module, *_] if (ROOT / module.replace(".", "/")).with_suffix(".py").exists():
            source = (ROOT / module.replace(".", "/")).with_suffix(".py").read_text("utf-8")
            known = {option for option in options if f'"{option}"' in source} | {"-m"}
            assert options <= known, f"`{command}`: {options - known}"
        case ["python", "-m", "pip", "install", *wanted] | ["pip", "install", *wanted]:
            extras = re.findall(r"\[([\w,-]+)\]", " ".join(wanted))
            project = (ROOT / "pyproject.toml").read_text("utf-8")
            assert all(f"\n{extra} = [" in project for each in extras for extra in each.split(","))
        case ["casemap", name, *_]:
            with command_line.make_context("casemap", ["rule"]) as context:
                found = command_line.get_command(context, name)
            assert found is not None, f"there is no `casemap {name}`"
            known = {option for each in found.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
            assert options <= known, f"`{command}`: {options - known}"
        case ["pre-commit" | "pytest" | "git", *_]:
            pass
        case ["{", "python3", *_]:
            assert "'.[test]'" in command or "pip install --quiet ." in command
        case _:
            raise AssertionError(f"`{command}` cannot be looked up")
