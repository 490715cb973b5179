"""The examples of a page of the documentation: how they are written in Markdown, and how they are run.

An example stands in a fenced block or in a row of a table, so that readers and this module see the same text:

- A `yaml` block is a mapping file. Without the key `casemap` it is the part of one that matters, and the first three
  keys are added below it, where they move no line.
- A block after the line "`schemas/…`:" or "`mappings/…`:" is that file of the project, until the next heading.
- `json` blocks after the lines "Payload:", "Params:" and "Result:" belong to the `yaml` block above them. A `text` block
  after "Problems:" lists what is wrong: `line:column: CODE message` of the file, `CODE /path: message` of a payload.
- A table whose header names columns of `TABLES` has an example in every row. Values are JSON in a code span, the word
  *absent*, or "rejects: CODE message".
- A `python` block is run in the project's folder; it asserts what it shows.

Anything else in a fence is an error: a page has no block that is not run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any

import casemap
from casemap.problem import Problem

__all__ = ["Example", "Page", "check", "read_page"]

HEAD = "casemap: 1\nsource: desk/ticket\ntarget: shop/ticket\n"
TABLES: dict[str, str] = {"expression": "value", "rule": "value", "payload": "result", "written": "problem"}
"""The first column of a table of examples, and the column with what comes out."""

_FENCE = re.compile(r"^(`{3,})(\w*)$")
_FILE = re.compile(r"^`((?:schemas|mappings)/[\w./-]+)`:$")
_ENDS = re.compile(r"^(source|target): *(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to run. `expected` is `("value", JSON)`, `("absent",)`, or `("problems", texts)` with their `help`.

    `field` says that the value is that of the target field `x`.
    """

    line: int
    kind: str
    text: str
    files: dict[str, str]
    expected: tuple[Any, ...]
    payload: Any = None
    has_payload: bool = False
    params: dict[str, Any] = field(default_factory=dict)
    field: bool = False
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The examples of a page, and the lines of all its fenced blocks and of those that a reader runs."""

    examples: tuple[Example, ...]
    blocks: frozenset[int]
    used: frozenset[int]


# --- reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    language: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class _Table:
    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def _parts(text: str) -> Iterator[_Block | _Table | int]:
    """The blocks and tables of a page, and the line numbers of its headings."""
    lines = text.split("\n")
    at, label = 0, ""
    while at < len(lines):
        line = lines[at]
        fence = _FENCE.match(line)
        if fence:
            end = next(n for n in range(at + 1, len(lines)) if lines[n] == fence.group(1))
            yield _Block(at + 1, fence.group(2), "\n".join(lines[at + 1 : end]) + "\n", label)
            at, label = end, ""
        elif line.startswith("#"):
            yield at + 1
        elif line.startswith("|"):
            end = next((n for n in range(at, len(lines)) if not lines[n].startswith("|")), len(lines))
            rows = tuple((n + 1, cells(lines[n])) for n in range(at, end))
            yield _Table(at + 1, rows[0][1], rows[2:])
            at = end - 1
        elif line.strip():
            label = line.strip()
        at += 1


def cells(row: str) -> tuple[str, ...]:
    """The cells of a table's row; a pipe after a backslash belongs to its cell."""
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1])


def code(cell: str) -> str:
    """The text of a cell that is one code span (CommonMark, section 6.1)."""
    run = re.match(r"`+", cell)
    assert run is not None and cell.endswith(run.group()), f"not a code span: {cell}"
    text = cell[len(run.group()) : -len(run.group())]
    padded = text.startswith(" ") and text.endswith(" ") and text.strip()
    return text[1:-1] if padded else text


def outcome(cell: str) -> tuple[Any, ...]:
    """What a cell says comes out."""
    if cell == "*absent*":
        return ("absent",)
    if cell.startswith("rejects: "):
        return ("problems", (cell.removeprefix("rejects: "),))
    return ("value", json.loads(code(cell)))


@dataclass(slots=True)
class _Reader:
    """Puts blocks and rows together to examples."""

    examples: list[Example] = field(default_factory=list)
    blocks: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    mapping: _Block | None = None
    waiting: list[_Block] = field(default_factory=list)
    """Blocks that nothing has used yet."""
    payload: list[Any] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)

    def part(self, part: _Block | _Table | int) -> None:
        if isinstance(part, int):
            self.files, self.mapping, self.payload, self.params = {}, None, [], {}
        elif isinstance(part, _Table):
            self.table(part)
        else:
            self.blocks.add(part.line)
            self.block(part)

    def block(self, block: _Block) -> None:
        file = _FILE.match(block.label)
        if file:
            self.files = {**self.files, file.group(1): block.text}
            self.waiting.append(block)
        elif block.language == "yaml":
            self.mapping, self.payload, self.params = block, [], {}
            self.waiting.append(block)
        elif block.language == "python":
            self.add(block.line, "python", block.text, ("value", None), block)
        elif (block.language, block.label) == ("json", "Payload:"):
            self.payload = [json.loads(block.text)]
            self.waiting.append(block)
        elif (block.language, block.label) == ("json", "Params:"):
            self.params = json.loads(block.text)
            self.waiting.append(block)
        elif (block.language, block.label) == ("json", "Result:"):
            self.of_mapping(block.line, ("value", json.loads(block.text)), block)
        elif (block.language, block.label) == ("text", "Problems:"):
            self.of_mapping(block.line, ("problems", tuple(block.text.splitlines())), block)
        else:
            raise AssertionError(f"line {block.line}: a block that is no example ({block.language}, {block.label!r})")

    def of_mapping(self, line: int, expected: tuple[Any, ...], block: _Block | None = None, **more: Any) -> None:
        assert self.mapping is not None, f"line {line}: no mapping above"
        if "payload" not in more and self.payload:
            more |= {"payload": self.payload[0], "has_payload": True}
        self.add(line, "mapping", self.mapping.text, expected, block, **{"params": self.params, **more})

    def add(
        self, line: int, kind: str, text: str, expected: tuple[Any, ...], block: _Block | None = None, **more: Any
    ) -> None:
        self.examples.append(Example(line, kind, text, self.files, expected, **more))
        self.used.update(waiting.line for waiting in self.waiting)
        self.waiting = []
        if block is not None:
            self.used.add(block.line)

    def table(self, table: _Table) -> None:
        kind = table.header[0]
        if kind not in TABLES or TABLES[kind] not in table.header:
            return
        for line, row in table.rows:
            assert len(row) == len(table.header), f"line {line}: {len(row)} cells, not {len(table.header)}"
            self.row(line, kind, dict(zip(table.header, row, strict=True)))

    def row(self, line: int, kind: str, row: dict[str, str]) -> None:
        more: dict[str, Any] = {}
        if "params" in row:
            more["params"] = json.loads(code(row["params"]))
        if "payload" in row:
            more |= {"payload": json.loads(code(row["payload"])), "has_payload": True}
        if kind == "payload":
            self.of_mapping(line, outcome(row["result"]), **more)
            return
        written = code(row[kind])
        if kind == "expression":
            written = "|-\n" + indent(written, "    ")
        text = f"fields:\n  x: {written}\n"
        if kind == "written":
            self.add(line, kind, text, ("problems", (row["problem"],)), help=row["help"], field=True)
        else:
            self.add(line, kind, text, outcome(row["value"]), field=True, **more)


def read_page(text: str) -> Page:
    """The examples of a page in Markdown. Raises `AssertionError` for a block that belongs to none."""
    reader = _Reader()
    for part in _parts(text):
        reader.part(part)
    return Page(tuple(reader.examples), frozenset(reader.blocks), frozenset(reader.used))


# --- running ------------------------------------------------------------------------------------------------------


def check(example: Example, folder: Path) -> None:
    """Run an example in a project made in the folder. Raises `AssertionError` where the page is not right."""
    if example.kind == "python":
        _write(folder, example.files)
        code = [sys.executable, "-c", example.text]
        path = str(Path(casemap.__file__).parent.parent)
        run = subprocess.run(
            code, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path}
        )
        assert run.returncode == 0, run.stderr
        return
    found = _run(example, folder)
    if example.expected[0] != "problems":
        assert found[0] == example.expected[0], found
        assert len(found) == 1 or same(found[1], example.expected[1]), found
        return
    assert found[0] == "problems", found
    texts = [_text(problem) for problem in found[1]]
    expected = [text if " " in text else text + " " for text in example.expected[1]]
    if all(" " in text for text in example.expected[1]):
        assert texts == expected
    else:
        assert [text.split(" ")[0] for text in texts] == [text.strip() for text in expected]
    if example.help is not None:
        assert found[1][0].help == example.help


def same(one: Any, other: Any) -> bool:
    """Whether two values are written as the same JSON: members in one order, 1 told from 1.0 and from true."""
    return json.dumps(one) == json.dumps(other)


def _run(example: Example, folder: Path) -> tuple[Any, ...]:
    whole = "casemap:" in example.text
    text = example.text if whole else example.text + HEAD
    ends = dict(_ENDS.findall(text))
    files = {f"schemas/{ends[end]}.schema.json": "{}" for end in ("source", "target")}
    folder_name = f"{ends['source'].split('/')[0]}-to-{ends['target'].split('/')[0]}"
    for path, content in example.files.items():
        for end in _ENDS.findall(content + ("" if "casemap:" in content else HEAD)) if path.endswith(".yaml") else ():
            files.setdefault(f"schemas/{end[1]}.schema.json", "{}")
    files |= {
        path: content if not path.endswith(".yaml") or "casemap:" in content else content + HEAD
        for path, content in example.files.items()
    }
    files[f"mappings/{folder_name}/{ends['source'].split('/')[1]}.yaml"] = text
    _write(folder, files)
    try:
        convert = casemap.Catalog(folder).converter(ends["source"], ends["target"], example.params)
    except casemap.MappingError as error:
        return ("problems", error.problems)
    assert example.has_payload or example.field, "the mapping was to be refused"
    try:
        result = convert(example.payload)
    except casemap.ConversionError as error:
        return ("absent",) if [p.code for p in error.problems] == ["CM311"] else ("problems", error.problems)
    if not example.field:
        return ("value", result)
    return ("value", result["x"]) if "x" in result else ("absent",)


def _write(folder: Path, files: dict[str, str]) -> None:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")


def _text(problem: Problem) -> str:
    """A problem as the pages show it."""
    if problem.file is not None and problem.line is not None:
        return f"{problem.line}:{problem.column}: {problem.code} {problem.message}"
    return f"{problem.code} {problem.path}: {problem.message}" if problem.path else f"{problem.code} {problem.message}"
