"""The examples of a page of the documentation: how they are written in Markdown, and how they are run.

An example stands in fenced blocks or in a row of a table, so that readers and this module see the same text:

- A `yaml` block is a mapping file. Without the key `casemap` it is the part of one that matters, and the first three
  keys are added below it, where they move no line.
- A block after the line "`schemas/…`:" or "`mappings/…`:" is that file of the project, until the next heading.
- `json` blocks after the lines "Payload:", "Params:" and "Result:" belong to the `yaml` block above them. A `text`
  block after "Problems:" lists what is wrong: `line:column: CODE message` for the file, `CODE /path: message` for a
  payload.
- A table with the columns of `TABLES` has an example in every row. Values are JSON in a code span, the word *absent*,
  or "rejects: CODE message"; the code alone will do.
- A `python` block is run in the project's folder; it asserts what it shows.

Anything else in a fence is an error: a page has no block that is not run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any

import casemap
from casemap.problem import Problem
from tests.standalone import standalone

__all__ = [
    "HEAD",
    "TABLES",
    "Absent",
    "Example",
    "Page",
    "Problems",
    "Value",
    "check",
    "mapping_text",
    "read_page",
    "write_project",
]

HEAD = "casemap: 1\nsource: desk/ticket\ntarget: shop/ticket\n"
TABLES = {"expression": "value", "rule": "value", "payload": "result", "written": "problem"}
"""The first column of a table of examples, and the one with what comes out.

An expression, a rule, or a rule as it is written in YAML, is that of the target field `x`.
"""

_HEADING = re.compile(r"#{1,6} ")
_FENCE = re.compile(r"(`{3,})(\w*)\Z")
_FILE = re.compile(r"`((?:schemas|mappings)/[\w./-]+)`:\Z")
_TYPES = re.compile(r"^(?:source|target): *(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Value:
    """The converted document, or the value of the field `x`."""

    json: Any


@dataclass(frozen=True, slots=True)
class Absent:
    """The field `x` is not there."""


@dataclass(frozen=True, slots=True)
class Problems:
    """All problems of a file or payload; `placed` if the texts begin with the place. `help` is that of the only one."""

    texts: tuple[str, ...]
    placed: bool = False
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to run: a mapping's text over a payload, or Python code. `line` is where the page shows what comes out.

    `of_field` says that the value is that of the field `x`. `payload` holds one value, or none where the mapping is
    wrong.
    """

    line: int
    text: str
    expected: Value | Absent | Problems | None
    files: Mapping[str, str] = field(default_factory=dict)
    payload: tuple[Any, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    of_field: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The examples of a page, and the lines of its fenced blocks: all of them, and those that an example uses."""

    examples: tuple[Example, ...]
    blocks: frozenset[int]
    used: frozenset[int]


# --- Markdown -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Heading:
    line: int


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    language: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class _Table:
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def _parts(text: str) -> Iterator[_Heading | _Block | _Table]:
    """The headings, blocks and tables of a page. The line of text before a block is its label."""
    lines = text.split("\n")
    at, label = 0, ""
    while at < len(lines):
        line, start = lines[at], at
        at += 1
        if fence := _FENCE.match(line):
            at = lines.index(fence.group(1), at) + 1
            yield _Block(start + 1, fence.group(2), "\n".join(lines[start + 1 : at - 1]) + "\n", label)
            label = ""
        elif _HEADING.match(line):
            yield _Heading(start + 1)
        elif line.startswith("|"):
            while at < len(lines) and lines[at].startswith("|"):
                at += 1
            rows = [_cells(row) for row in lines[start:at]]
            yield _Table(rows[0], tuple((start + 3 + number, row) for number, row in enumerate(rows[2:])))
        elif line.strip():
            label = line.strip()


def _cells(row: str) -> tuple[str, ...]:
    """The cells of a table's row; a pipe after a backslash belongs to its cell."""
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1])


def _code(cell: str) -> str:
    """The text of a cell that is one code span (CommonMark, section 6.1)."""
    run = re.match(r"`+", cell)
    assert run is not None, f"no code span: {cell}"
    assert cell.endswith(run.group()), f"no code span: {cell}"
    text = cell[len(run.group()) : -len(run.group())]
    return text[1:-1] if text.startswith(" ") and text.endswith(" ") and text.strip() else text


def _outcome(cell: str) -> Value | Absent | Problems:
    """What a cell says comes out."""
    if cell == "*absent*":
        return Absent()
    if cell.startswith("rejects: "):
        return Problems((cell.removeprefix("rejects: "),))
    return Value(json.loads(_code(cell)))


# --- examples -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """Puts blocks and rows together to examples."""

    examples: list[Example] = field(default_factory=list)
    blocks: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    """Lines of blocks that the next example uses."""
    files: dict[str, str] = field(default_factory=dict)
    mapping: str | None = None
    payload: tuple[Any, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)

    def part(self, part: _Heading | _Block | _Table) -> None:
        match part:
            case _Heading():
                self.files, self.mapping, self.payload, self.params = {}, None, (), {}
            case _Block():
                self.blocks.add(part.line)
                self.waiting.add(part.line)
                self.block(part)
            case _Table() if part.header[0] in TABLES and TABLES[part.header[0]] in part.header:
                for line, row in part.rows:
                    assert len(row) == len(part.header), f"line {line}: {len(row)} cells, not {len(part.header)}"
                    self.row(line, dict(zip(part.header, row, strict=True)))

    def block(self, block: _Block) -> None:
        file = _FILE.match(block.label)
        match block.language, block.label:
            case (("json" | "yaml"), _) if file is not None:
                self.files = {**self.files, file.group(1): block.text}
            case "yaml", _:
                self.mapping, self.payload, self.params = block.text, (), {}
            case "python", _:
                self.add(block.line, block.text, None)
            case "json", "Payload:":
                self.payload = (json.loads(block.text),)
            case "json", "Params:":
                self.params = json.loads(block.text)
            case "json", "Result:":
                self.add_mapping(block.line, Value(json.loads(block.text)), self.payload, self.params)
            case "text", "Problems:":
                texts = tuple(block.text.splitlines())
                self.add_mapping(block.line, Problems(texts, placed=True), self.payload, self.params)
            case _:
                raise AssertionError(f"line {block.line}: no example: {block.language} after {block.label!r}")

    def row(self, line: int, row: dict[str, str]) -> None:
        payload = (json.loads(_code(row["payload"])),) if "payload" in row else ()
        params = json.loads(_code(row["params"])) if "params" in row else {}
        match row:
            case {"expression": cell, "value": value}:
                text = f"fields:\n  x: |-\n{indent(_code(cell), '    ')}\n"
                self.add(line, text, _outcome(value), payload, params, of_field=True)
            case {"rule": cell, "value": value}:
                self.add(line, f"fields:\n  x: {_code(cell)}\n", _outcome(value), payload, params, of_field=True)
            case {"written": cell, "problem": problem}:
                self.add(line, f"fields:\n  x: {_code(cell)}\n", Problems((problem,), help=row.get("help")))
            case {"result": value}:
                self.add_mapping(line, _outcome(value), payload, params)

    def add_mapping(self, line: int, expected: Any, payload: tuple[Any, ...], params: dict[str, Any]) -> None:
        assert self.mapping is not None, f"line {line}: no mapping above"
        self.add(line, self.mapping, expected, payload, params)

    def add(
        self,
        line: int,
        text: str,
        expected: Value | Absent | Problems | None,
        payload: tuple[Any, ...] = (),
        params: Mapping[str, Any] | None = None,
        *,
        of_field: bool = False,
    ) -> None:
        self.examples.append(Example(line, text, expected, self.files, payload, params or {}, of_field))
        self.used |= self.waiting
        self.waiting = set()


def read_page(text: str) -> Page:
    """The examples of a page. Raises `AssertionError` for a block that is none."""
    reader = _Reader()
    for part in _parts(text):
        reader.part(part)
    return Page(tuple(reader.examples), frozenset(reader.blocks), frozenset(reader.used))


# --- running ------------------------------------------------------------------------------------------------------


def check(example: Example, folder: Path) -> None:
    """Run an example in a project made in an empty folder. Raises `AssertionError` where the page is not right."""
    if example.expected is None:
        write_project(folder, example.files)
        _run_python(example.text, folder)
        return
    found = _convert(example, folder)
    match example.expected, found:
        case Value(json=wanted), Value(json=value):
            assert _same(value, wanted), value
        case Absent(), Absent():
            pass
        case Problems() as wanted, tuple():
            assert [_shown(problem, wanted) for problem in found] == list(wanted.texts)
            if wanted.help is not None:
                assert found[0].help == wanted.help
        case _:
            raise AssertionError(f"{found} and not {example.expected}")


def _run_python(text: str, folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(casemap.__file__).parent.parent)}
    command = [sys.executable, "-W", "error", "-c", text]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def _convert(example: Example, folder: Path) -> Value | Absent | Sequence[Problem]:
    """What really comes out."""
    text = mapping_text(example)
    source, target = _TYPES.findall(text)
    file = f"mappings/{source.split('/')[0]}-to-{target.split('/')[0]}/{source.split('/')[1]}.yaml"
    write_project(folder, {**example.files, file: text})
    try:
        convert = standalone(folder).converter(source, target, example.params)
    except casemap.MappingError as error:
        return error.problems
    assert example.payload, "the mapping was to be refused"
    try:
        result = convert(example.payload[0])
    except casemap.ConversionError as error:
        return error.problems
    if not example.of_field:
        return Value(result)
    return Value(result["x"]) if "x" in result else Absent()


def mapping_text(example: Example) -> str:
    """The whole mapping file of an example."""
    return _with_head(example.text)


def _with_head(text: str) -> str:
    return text if re.search(r"^casemap:", text, re.MULTILINE) else text + HEAD


def _whole(files: Mapping[str, str]) -> dict[str, str]:
    """Files of a project, with a schema that accepts anything for each document type that has none."""
    whole = {path: _with_head(text) if path.startswith("mappings/") else text for path, text in files.items()}
    types = [name for path, text in whole.items() if path.startswith("mappings/") for name in _TYPES.findall(text)]
    return {f"schemas/{name}.schema.json": "{}" for name in types} | whole


def write_project(folder: Path, files: Mapping[str, str]) -> None:
    """Write mappings and schemas, with what mappings need besides: their heads, and schemas that accept anything."""
    for path, text in _whole(files).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _same(one: Any, other: Any) -> bool:
    """Whether two values are written as the same JSON: members in one order, 1 told from 1.0 and from true."""
    return json.dumps(one) == json.dumps(other)


def _shown(problem: Problem, wanted: Problems) -> str:
    """A problem as the page shows it."""
    text = f"{problem.code} {problem.message}"
    if not wanted.placed:
        return problem.code if wanted.texts == (problem.code,) else text
    if problem.file is not None:
        return f"{problem.line}:{problem.column}: {text}"
    return f"{problem.code} {problem.path}: {problem.message}" if problem.path else text
