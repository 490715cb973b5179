"""Does what a page says, as a reader would: writes its files, runs its commands, and compares what they print.

| block | what is done with it |
|---|---|
| with the name of a file above it | it is written; a `diff` changes the file that is there. `configurations.py` runs what it configures |
| `console`, `sh` | each command is run, and prints what the block shows: nothing where it shows nothing, save what the table of pages says of it |
| `python` | it is run; all blocks of a page share their names. A literal in the comment behind an expression is its value, and what is printed stands in comments behind or below. A block that neither shows nor asserts a value is an error |
| `yaml`, otherwise | it is the part of a mapping that matters, or some of its `fields`, and is loaded |

Anything else is an error. `cd` and `echo $?` mean what they mean in a shell. Commands that stand within a paragraph are
run once the page's end is reached, if they are whole.
"""

from __future__ import annotations

import ast
import gzip
import io
import json
import re
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any, TypeVar

import pytest
import yaml

import casemap
from casemap.mapping.rules import HEADS
from tests.doc_examples import write_project
from tests.docs_pages import configurations
from tests.docs_pages.comparing import is_shown, shape
from tests.docs_pages.reading import Block, Shown, blocks, commands, mentioned
from tests.docs_pages.running import run, without_comment
from tests.samples import ROOT

__all__ = ["Differs", "Gives", "Walk"]

_Of = TypeVar("_Of")


class Differs(AssertionError):
    """A command prints something else than the page shows."""

    def __init__(self, shown: Shown, printed: str) -> None:
        super().__init__(f"line {shown.line}: `{shown.command}` prints\n{printed}and not\n{shown.output}")
        self.shown = shown
        self.printed = printed


@dataclass(frozen=True, slots=True)
class Gives:
    """What a command gives of which the page shows nothing: texts that it prints, files that it writes, its exit code.

    Of each file there is a text that stands in it, or the document type that it, or each of its lines, is valid for.
    """

    prints: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    code: int = 0


@dataclass
class Walk:
    """A walk through one page in a folder. `names` are those that its Python blocks find.

    The tables have the beginnings of commands, or the first lines of blocks. `gives` says what a command gives that shows
    no output. `figures_differ` are commands whose numbers are not the same each time. `shortened` are commands that take
    minutes, with options that make them short: the lines that they print then are lines of the page, numbers aside.
    `elsewhere` are commands that another test runs. `files` says which file a block is, `outputs` of which commands, the
    last of them, it is the output. With a list as `differences`, outputs that differ are put into it and do not end the
    walk.
    """

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    gives: Mapping[str, Gives] = field(default_factory=dict)
    figures_differ: tuple[str, ...] = ()
    shortened: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    differences: list[Differs] | None = None
    code: int = 0
    shapes: frozenset[str] = frozenset()

    def page(self, text: str) -> int:
        """Walk through a page. Gives the number of its blocks; raises `AssertionError` where the page is not right."""
        self.shapes = frozenset(map(shape, text.splitlines()))
        number = 0
        for number, block in enumerate(blocks(text), 1):  # noqa: B007 - it is given back
            self.block(block)
        for command in mentioned(text):
            printed = self.run(command)
            assert self.code in (0, 1), f"`{command}` ends with {self.code}\n{printed}"
        return number

    def block(self, block: Block) -> None:
        """Do what one block says."""
        first = block.text.partition("\n")[0]
        file = block.file or self.files.get(first)
        if first in self.outputs:
            *before, last = self.outputs[first]
            folder = self.folder
            for command in before:
                self.run(command)
            self.compare(Shown(block.line, last, block.text))
            self.folder = folder
        elif file is not None and block.language == "diff":
            self.change(file, block)
        elif file is not None:
            self.write(file, block.text)
            for command in configurations.commands_of(self.folder / file):
                if not command.startswith(self.elsewhere):
                    self.hold(Shown(block.line, command, ""), _of(self.gives, command) or Gives())
        elif block.language in ("console", "sh"):
            every = commands(block)
            for shown, after in zip(every, [*every[1:], None], strict=True):
                self.command(shown)
                asked = after is not None and after.command == "echo $?"
                silent = not shown.output and _of(self.gives, shown.command) is None
                assert self.code == 0 or asked or not silent, (
                    f"line {shown.line}: `{shown.command}` ends with {self.code}"
                )
        elif block.language == "python":
            self.run_python(block)
        elif block.language == "yaml":
            self.load(block)
        else:
            raise AssertionError(f"line {block.line}: a `{block.language}` block that nothing is done with")

    # --- files ---------------------------------------------------------------------------------------------------------

    def write(self, name: str, text: str) -> None:
        """Write a file of the page; JSON, TOML and YAML have to be such."""
        if name.endswith(".json"):
            json.loads(text)
        elif name.endswith(".toml"):
            tomllib.loads(text)
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

    def load(self, block: Block) -> None:
        """Load a part of a mapping, between document types that take anything."""
        whole = {*HEADS, "definitions", "examples", "let", "params", "unmapped", "unset", "value_maps"}
        rules = yaml.safe_load(block.text)
        assert isinstance(rules, dict), f"line {block.line}: no rules"
        text = block.text if whole & rules.keys() else "fields:\n" + indent(block.text, "  ")
        with tempfile.TemporaryDirectory() as folder:
            write_project(Path(folder), {"mappings/desk-to-shop/ticket.yaml": text})
            casemap.Catalog(folder).mapping("desk-to-shop/ticket")

    # --- Python --------------------------------------------------------------------------------------------------------

    def run_python(self, block: Block) -> None:
        """Run a block of Python, statement by statement, and compare the values that it shows."""
        lines = block.text.splitlines()
        body = ast.parse(block.text).body
        values = sum(isinstance(node, ast.Assert) for statement in body for node in ast.walk(statement))
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for statement in body:
                values += self.statement(statement, lines, f"page, line {block.line + statement.lineno}")
        assert values, f"line {block.line}: no value is shown"

    def statement(self, statement: ast.stmt, lines: list[str], place: str) -> bool:
        """Run one statement; whether the page shows its value, or what it prints."""
        printed, value = io.StringIO(), None
        behind, below = _comments(statement, lines)
        with redirect_stdout(printed):
            if isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), place, "eval"), self.names)  # noqa: S307
            else:
                code = compile(ast.Module([statement], []), place, "exec")
                exec(code, self.names)  # noqa: S102 - the page's own example
        if said := printed.getvalue():
            assert said in (behind + "\n", below), f"{place} prints\n{said}"
            return True
        wanted = _literal(behind) if isinstance(statement, ast.Expr) else []
        assert wanted in ([], [value]), f"{place}: {value!r}"
        return bool(wanted)

    # --- commands ------------------------------------------------------------------------------------------------------

    def command(self, shown: Shown) -> None:
        """Run a command, and hold what it gives to what the page, or the table of pages, says of it."""
        options = _of(self.shortened, shown.command)
        gives = _of(self.gives, shown.command)
        if shown.command.startswith(self.elsewhere):
            return
        if options is not None and self.differences is None:
            self.short(shown, options)
        elif options is not None:
            return
        elif gives is None or shown.output:
            self.compare(shown)
        if gives is not None:
            self.hold(shown, gives)

    def compare(self, shown: Shown) -> None:
        """Run a command and compare what it prints, results and what is said to people in one, as on a terminal."""
        printed = "".join(line.rstrip() + "\n" for line in self.run(shown.command).splitlines())
        figures_differ = shown.command.startswith(self.figures_differ)
        if not is_shown(printed, shown.output, figures_differ=figures_differ):
            difference = Differs(shown, printed)
            if self.differences is None:
                raise difference
            self.differences.append(difference)

    def hold(self, shown: Shown, gives: Gives) -> None:
        """Hold what a command gives, which is run unless its output was compared, to what the table of pages says."""
        printed = shown.output or self.run(shown.command)
        place = f"line {shown.line}: `{shown.command}`"
        assert self.code == gives.code, f"{place} ends with {self.code}\n{printed}"
        assert all(text in printed for text in gives.prints), f"{place} prints\n{printed}"
        for name, what in gives.files.items():
            _hold_file(self.folder / name, what)

    def short(self, shown: Shown, options: str) -> None:
        """Run a command with options that make it short. What it writes with `--write FILE` is what it prints."""
        printed = self.run(f"{without_comment(shown.command)} {options}")
        place = f"line {shown.line}: `{shown.command}` {options}"
        lines = [line for line in printed.splitlines() if line.strip()]
        assert self.code == 0, f"{place} ends with {self.code}\n{printed}"
        assert lines, f"{place} prints nothing"
        for line in lines:
            assert self.has_line(line), f"{place} prints a line that is none of the page's:\n{line}"
        if written := re.search(r"--write (\S+)", options):
            text = (self.folder / written[1]).read_text("utf-8").splitlines()
            assert {line for line in lines if line.startswith("|")} <= set(text), f"{place} writes something else"

    def has_line(self, line: str) -> bool:
        """Whether the page has such a line, numbers aside; of a table the page may have more columns."""
        wanted = shape(line)
        return any(each == wanted or (wanted[0] == "|" and each.startswith(wanted[:-1])) for each in self.shapes)

    def run(self, command: str) -> str:
        """What a command prints; its exit code is kept."""
        if command == "echo $?":
            return f"{self.code}\n"
        if command.startswith("cd "):
            self.folder = (self.folder / command.removeprefix("cd ")).resolve()
            self.code = 0
            return ""
        done = run(command, self.folder)
        self.code = done.code
        assert "Traceback" not in done.output, done.output
        return done.output.replace(f"{self.folder}/", "").replace(f"{ROOT}/mappings/", "…/mappings/")


def _of(table: Mapping[str, _Of], command: str) -> _Of | None:
    """What a table says of a command."""
    return next((each for start, each in table.items() if command.startswith(start)), None)


def _comments(statement: ast.stmt, lines: list[str]) -> tuple[str, str]:
    """The comment behind a statement, and the lines of comment right below it, without their `# `."""
    last = statement.end_lineno or 1
    _, _, behind = lines[last - 1][statement.end_col_offset :].partition("# ")
    below = []
    for line in lines[last:]:
        if not line.startswith("# "):
            break
        below.append(line.removeprefix("# ") + "\n")
    return behind, "".join(below)


def _literal(comment: str) -> list[Any]:
    """The value that a comment says, in a list; an empty one where it says something else."""
    try:
        return [ast.literal_eval(comment)] if comment else []
    except (SyntaxError, ValueError):
        return []


def _hold_file(file: Path, what: str) -> None:
    """Whether a file has a text, or is valid for a document type."""
    content = file.read_bytes()
    text = (gzip.decompress(content) if file.suffix == ".gz" else content).decode()
    if what not in casemap.Catalog().types:
        assert what in text, f"{file.name} has no {what}"
        return
    for record in text.splitlines() if ".ndjson" in file.suffixes else [text]:
        assert casemap.validate(record.encode(), what) == [], f"{file.name} is not valid for {what}"
