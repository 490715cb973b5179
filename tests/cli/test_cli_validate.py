"""`casemap validate`: payloads against document types and schema files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from processes import Run

WRONG = """{
  "subject": "\u00e6\U0001f600", "phone": 5,
\t"no": "x"
}
"""
SCHEMA = {
    "type": "object",
    "properties": {"ticket": {"$ref": "https://casemap.example/schemas/shop/ticket"}, "note\n": {"type": "string"}},
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("right.json").write_text('{"no": 1, "subject": "a"}')
    Path("wrong.json").write_text(WRONG)
    Path("lines.ndjson").write_text('{"no": 1, "subject": "a"}\n\n{"no": "x", "subject": "b"}\n{"no": 1,}\n')
    Path("array.json").write_text('[{"no": 1, "subject": "a"},\n {"no": 2}]')
    Path("our.schema.json").write_text(json.dumps(SCHEMA))


def test_right_payloads(run: Run) -> None:
    done = run("validate", "right.json")
    assert (done.code, done.out, done.err) == (0, "", "1 of 1 payload valid (detected: shop/ticket)\n")
    assert run("validate", "-q", stdin=b'{"no": 1, "subject": "a"}').err == ""


@pytest.mark.parametrize("style", ["concise", "full"])
def test_problems_for_people(run: Run, snapshot: Any, style: str) -> None:
    done = run("validate", "wrong.json", "lines.ndjson", "--schema", "shop/ticket", "--output-format", style)
    assert (done.code, done.err) == (1, "1 of 4 payloads valid\n")
    assert done.out == snapshot


def test_problems_for_programs(run: Run, snapshot: Any) -> None:
    done = run("validate", "wrong.json", "--schema", "shop/ticket", "--output-format", "json")
    assert done.code == 1
    assert json.loads(done.out) == snapshot
    assert json.loads(run("validate", "right.json", "--output-format", "json").out) == {"problems": []}


def test_the_first_record_decides_on_the_type(run: Run) -> None:
    done = run("validate", "lines.ndjson")
    assert done.code == 1
    assert [line.split(": ")[0] for line in done.out.splitlines()] == ["lines.ndjson:3:8", "lines.ndjson:4:9"]


def test_an_array_is_its_records_only_where_no_type_is_said(run: Run) -> None:
    done = run("validate", "array.json")
    assert (done.code, done.err) == (1, "1 of 2 payloads valid (detected: shop/ticket)\n")
    assert done.out.startswith("array.json:2:2: CM401 /1: ")
    done = run("validate", "array.json", "--schema", "shop/ticket")
    assert (done.code, done.err) == (1, "0 of 1 payload valid\n")


def test_a_schema_file(run: Run) -> None:
    Path("payload.json").write_text('{"ticket": {"no": 1}, "note\\n": 5}')
    done = run("validate", "payload.json", "--schema", "our.schema.json")
    assert done.code == 1
    assert "payload.json:1:12: CM401 /ticket: the member `subject` is missing" in done.out
    assert "payload.json:1:33: CM401 /note\\n: expected a string, found 5" in done.out


@pytest.mark.parametrize(
    "schema",
    ['{"type": 5}', '{"$ref": "http://127.0.0.1:1/x"}', "[1]", "{", '{"pattern": "("}', None],
    ids=["no schema", "not fetched", "an array", "no JSON", "no pattern", "missing"],
)
def test_a_schema_that_is_wrong(run: Run, schema: str | None) -> None:
    if schema is not None:
        Path("bad.json").write_text(schema)
    done = run("validate", "right.json", "--schema", "bad.json")
    assert (done.code, done.out) == (2, "")
    assert " CM" in f" {done.err}"


def test_what_cannot_be_read_is_told_with_the_rest(run: Run) -> None:
    Path("cut.json").write_text("[")
    done = run("validate", "cut.json", "missing.json", "wrong.json", "--schema", "shop/ticket")
    assert done.code == 2
    assert [line.split(" ")[1] for line in done.out.splitlines()] == ["CM103", "CM101", "CM401", "CM401"]


def test_a_payload_of_no_type(run: Run) -> None:
    Path("other.json").write_text('{"x": {}}')
    done = run("validate", "other.json")
    assert done.code == 1
    assert "CM507" in done.out


def test_a_full_disk(run: Run) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run("validate", "wrong.json", "--schema", "shop/ticket", stdout=full)
    assert done.code == 2
    assert "CM509" in done.err
