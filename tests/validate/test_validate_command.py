"""`casemap validate` as a command: which schema, every output format, what it loads."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

import casemap
from casemap.cli.validate import OUTPUT_FORMATS
from casemap.report import FORMATS

ROOT = Path(__file__).parents[2]
SCHEMA = {
    "type": "object",
    "properties": {
        "status": {"enum": ["open", "closed"]},
        "who": {"anyOf": [{"type": "null"}, {"required": ["name"]}]},
    },
    "additionalProperties": {"type": "integer"},
}
WRONG = '{"status": "opn",\n  "who": {}, "b\u00e6": "x"}\n'
RECORDS = '{"status": "open"}\n\n{"status": 5}\n{"who": null,}\n'

Validate = Callable[..., Any]


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    (tmp_path / "s.schema.json").write_text(json.dumps(SCHEMA, indent=1))
    (tmp_path / "wrong.json").write_text(WRONG)
    (tmp_path / "right.json").write_text('{"status": "open"}')
    (tmp_path / "lines.ndjson").write_text(RECORDS)
    (tmp_path / "many.yaml").write_text("status: open\n---\nstatus: 5\n")


@pytest.mark.parametrize("style", FORMATS)
def test_every_output_format(style: str, validate: Validate, snapshot: Any) -> None:
    arguments = ("wrong.json", "right.json", "many.yaml", "lines.ndjson", "missing.json", "wrong.json")
    done = validate(*arguments, "--schema", "s.schema.json", "--output-format", style)
    assert (done.code, done.err) == (2, "3 of 7 payloads valid\n")
    if style == "sarif":  # what the codes mean is the reporter's own
        assert json.loads(done.out)["runs"][0]["results"] == snapshot
    else:
        assert done.out == snapshot
    assert validate("right.json", "--schema", "s.schema.json", "--output-format", style, "--quiet").err == ""


def test_the_formats_are_those_of_the_reporters() -> None:
    assert sorted(OUTPUT_FORMATS) == sorted(FORMATS)


def test_statistics(validate: Validate) -> None:
    arguments = ("wrong.json", "lines.ndjson", "--schema", "s.schema.json", "--statistics")
    assert validate(*arguments).out == ("4  CM401  A payload that is not valid\n1  CM103  A text that is not JSON\n")
    found = json.loads(validate(*arguments, "--output-format", "json").out)
    assert [(row["code"], row["count"]) for row in found["statistics"]] == [("CM401", 4), ("CM103", 1)]
    assert validate(*arguments, "--output-format", "sarif").code == 2
    assert validate("right.json", "--schema", "s.schema.json", "--statistics").out == ""


def test_unknown_members_are_warnings(validate: Validate, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"properties": {"status": {}, "x": false}}')
    (tmp_path / "a.json").write_text('{"statsu": 1}')
    (tmp_path / "b.ndjson").write_text('{"status": 1}\n{"y": 1}\n')
    done = validate("a.json", "b.ndjson", "--schema", "s.json", "--warn-unknown")
    assert (done.code, done.err) == (0, "3 of 3 payloads valid\n")
    assert done.out.splitlines() == [
        "a.json:1:12: CM404 /statsu: the schema of s.json does not know the member `statsu`; did you mean `status`?",
        "b.ndjson:2:7: CM404 /y: the schema of s.json does not know the member `y`",
    ]
    assert validate("a.json", "--schema", "s.json").out == ""


@pytest.mark.parametrize("name", ["a.json.gz", "a.json.zst", "-"])
def test_compressed_files_and_standard_input(name: str, validate: Validate, tmp_path: Path) -> None:
    data = WRONG.encode()
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(data))
    (tmp_path / "a.json.zst").write_bytes(zstandard.ZstdCompressor().compress(data))
    done = validate(name, "--schema", "s.schema.json", stdin=data)
    shown = "<stdin>" if name == "-" else name
    assert done.out.splitlines()[0].startswith(f"{shown}:1:12: CM401 /status: ")
    assert (
        validate("--schema", "s.schema.json", stdin=data).out
        == validate("-", "--schema", "s.schema.json", stdin=data).out
    )


CONFIGURATION = """
[tool.casemap.validate]
"data/broken.json" = false
"data/*.json" = "s.schema.json"
"data/khoros/*" = "khoros/case"
"""


def test_the_configuration(validate: Validate, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION)
    (tmp_path / "data" / "khoros").mkdir(parents=True)
    (tmp_path / "data" / "broken.json").write_text("{")
    (tmp_path / "data" / "a.json").write_text('{"status": "opn"}')
    (tmp_path / "data" / "khoros" / "case.json").write_bytes((ROOT / "examples" / "khoros-case.json").read_bytes())
    done = validate()
    assert (done.code, done.err) == (1, "1 of 2 payloads valid\n")
    assert (
        done.out == 'data/a.json:1:12: CM401 /status: expected "open" or "closed", found "opn"; did you mean "open"?\n'
    )
    assert validate("data/broken.json").code == 0
    assert validate("data/broken.json", "--schema", "s.schema.json").code == 2
    assert validate("data/a.json", "--schema", "khoros/case").out.startswith(
        "data/a.json:1:1: CM401 the member `created`"
    )
    assert "detected" not in validate("data/khoros/case.json").err
    assert "(detected: khoros/case)" in validate(str(ROOT / "examples" / "khoros-case.json")).err


def test_a_wrong_configuration(validate: Validate, tmp_path: Path) -> None:
    (tmp_path / "casemap.toml").write_text('[validate]\n"*.json" = 5\n')
    done = validate("right.json")
    assert (done.code, done.out) == (2, "")
    assert "casemap.toml:2: CM512 the pattern '*.json' has 5 as its schema" in done.err
    (tmp_path / "casemap.toml").write_text('[validate]\n"*.json" = "khoros/cas"\n')
    done = validate("right.json")
    assert (done.code, done.out.split(" ")[1]) == (2, "CM501")


def test_a_pipe_is_not_opened_again_for_its_lines(validate: Validate, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.write(write, WRONG.encode())
    os.close(write)
    done = validate(f"/dev/fd/{read}", "--schema", "s.schema.json", "--output-format", "full", pass_fds=[read])
    os.close(read)
    assert done.code == 1
    assert "CM401 /status" in done.out


NOT_LOADED = (
    "pydantic",
    "rich",
    "jinja2",
    "datamodel_code_generator",
    "jsonschema",
    "yaml",
    "referencing",
    "zstandard",
)
LOADED = {
    "casemap",
    "casemap._version",
    "casemap.api",
    "casemap.cache",
    "casemap.cache.cache",
    "casemap.cache.digest",
    "casemap.cache.entries",
    "casemap.cache.folder",
    "casemap.cache.program",
    "casemap.cache.snapshot",
    "casemap.catalog",
    "casemap.cli",
    "casemap.cli.completion",
    "casemap.cli.options",
    "casemap.cli.project",
    "casemap.cli.validate",
    "casemap.errors",
    "casemap.problem",
    "casemap.recursion",
    "casemap.run",
    "casemap.run.detection",
    "casemap.run.globs",
    "casemap.run.names",
    "casemap.run.payloads",
    "casemap.run.reading",
    "casemap.run.selection",
    "casemap.run.validation",
    "casemap.schema",
    "casemap.schema.broken",
    "casemap.schema.check",
    "casemap.schema.detection",
    "casemap.schema.file_references",
    "casemap.schema.formats",
    "casemap.schema.store",
    "casemap.schema.validate",
    "casemap.span",
    "casemap.syntax",
    "casemap.syntax.json_text",
}
"""What a run loads that finds nothing wrong."""


@pytest.mark.parametrize("arguments", [(), ("--schema", "khoros/case")])
def test_what_a_run_loads_that_finds_nothing(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom casemap.cli import casemap\n"
        f"casemap(['validate', 'examples/khoros-case.json', *{arguments!r}], standalone_mode=False)\n"
        "print(*sorted(name for name in sys.modules if name.partition('.')[0] in sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "casemap", *NOT_LOADED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded <= LOADED
    assert LOADED - loaded <= {"casemap.schema.detection"}


def test_the_library_gives_the_same_problems(validate: Validate, tmp_path: Path) -> None:
    data = b'{"id": 5,\n "status": "opn"}'
    (tmp_path / "a.json").write_bytes(data)
    done = validate("a.json", "--schema", "khoros/case", "--output-format", "json")
    told = [
        (found["line"], found["column"], found["path"], found["message"]) for found in json.loads(done.out)["problems"]
    ]
    problems = casemap.validate(data, "khoros/case")
    assert [(each.line, each.column, each.path, each.message) for each in problems] == told
    values = casemap.validate(json.loads(data), "khoros/case")
    assert sorted((each.path, each.message, each.help) for each in values) == sorted(
        (each.path, each.message, each.help) for each in problems
    )
    assert [str(each) for each in casemap.validate(bytearray(b'{"id": 1, "id": 2}'), "khoros/case")] == [
        '1:11: CM105 /id: the member "id" stands twice (first at column 2)'
    ]
