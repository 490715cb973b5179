"""`casemap convert`, from files and streams to files and streams."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard
from processes import PARAMS, PROJECT, ROOT, Run

TICKET = b'{"no": 18446744073709551617, "subject": "Sk\xc3\xa6rm \xf0\x9f\x98\x80", "phone": "+45"}'
LIST = """{"page": 1,
 "tickets": [
  {"no": 1, "subject": "first", "urgency": "high"},
  {"no": 2, "subject": 5, "urgency": 5},
  {"no": 3, "subject": "third", "urgency": "never"},
  {"no": 4, "subject": "fourth", "phone": "+45"}
 ]}
"""
RECORDS = b"""{"no": 1, "subject": "first"}

{"no": 2, "subject": 5,   "urgency": 5}\r
{"no": 3, "no": 4, "subject": "twice"}
{"no": 5, "subject": "cut off
{"no": 6, "subject": "\xff"}
{"no": 7, "subject": "last", "phone": "+45"}"""


def titles(text: str) -> list[str]:
    """The titles of results: of a document, an array, or lines."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = [json.loads(line) for line in text.splitlines()]
    return [item["title"] for item in (value if isinstance(value, list) else [value])]


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(".tmp"))


def test_one_document(convert: Run, snapshot: Any) -> None:
    Path("ticket.json").write_bytes(TICKET)
    done = convert("ticket.json")
    assert done.code == 0
    assert done.out == snapshot(name="document")
    assert json.loads(done.out)["id"] == "18446744073709551617"
    assert done.err == snapshot(name="summary")


def test_a_list_document_keeps_its_good_records(convert: Run, snapshot: Any) -> None:
    Path("list.json").write_text(LIST)
    done = convert("list.json", "--from", "shop/ticket-list", "--rejects", "bad.ndjson", "--summary", "summary.json")
    assert done.code == 1
    assert titles(done.out) == ["first", "fourth"]
    assert done.err == snapshot(name="problems")
    assert Path("bad.ndjson").read_text() == (
        '{"no":2,"subject":5,"urgency":5}\n{"no":3,"subject":"third","urgency":"never"}\n'
    )
    assert json.loads(Path("summary.json").read_text()) == snapshot(name="summary")


def test_a_problem_outside_of_the_records_rejects_the_document(convert: Run) -> None:
    Path("list.json").write_text(LIST.replace('"page": 1', '"page": "x"'))
    done = convert("list.json", "--from", "shop/ticket-list", "-o", "out.json", "--rejects", "bad.ndjson")
    assert done.code == 1
    assert "list.json:1:10: CM401 /page:" in done.err
    assert "/tickets/1/subject" in done.err
    assert not Path("out.json").exists()
    assert [json.loads(line)["page"] for line in Path("bad.ndjson").read_text().splitlines()] == ["x"]


def test_records_are_rejected_one_by_one_as_they_came(convert: Run, snapshot: Any) -> None:
    Path("in.ndjson").write_bytes(RECORDS)
    done = convert("in.ndjson", "--rejects", "bad.ndjson")
    assert done.code == 1
    assert titles(done.out) == ["first", "last"]
    assert done.err == snapshot
    lines = RECORDS.split(b"\n")
    assert Path("bad.ndjson").read_bytes() == b"\n".join([*lines[2:6], b""])


def test_an_array_of_records(convert: Run) -> None:
    Path("in.json").write_bytes(b'[{"no": 1, "subject": "a"},\n {"no": 2}, {"no": 3, "subject": "c"}]')
    done = convert("in.json", "--rejects", "bad.ndjson")
    assert (done.code, titles(done.out)) == (1, ["a", "c"])
    assert 'in.json:2:2: CM401 /1: the member `subject` is missing' in done.err
    assert Path("bad.ndjson").read_bytes() == b'{"no":2}\n'


def test_a_document_that_is_rejected_leaves_nothing(convert: Run) -> None:
    Path("out.json").write_text("older")
    Path("in.json").write_text('{"no": "x", "subject": 5}')
    done = convert("in.json", "--from", "shop/ticket", "-o", "out.json")
    assert (done.code, done.out) == (1, "")
    assert "/no:" in done.err
    assert "/subject:" in done.err
    assert Path("out.json").read_text() == "older"
    assert leftovers(Path()) == []


@pytest.mark.parametrize(
    ("stdin", "expected"),
    [
        (TICKET, ["Skærm 😀"]),
        (json.dumps({"no": 1, "subject": "pretty"}, indent=2).encode(), ["pretty"]),
        (b'\n{"no": 1, "subject": "a"}\n\n{"no": 2, "subject": "b"}', ["a", "b"]),
        (b'{"no": 1, "no": 1, "subject": "a"}\n{"no": 2, "subject": "b"}\n', ["b"]),
        (b'\xef\xbb\xbf{"no": 1, "subject": "a"}\n{"no": 2, "subject": "b"}\n', ["a", "b"]),
    ],
    ids=["line", "pretty", "lines", "bad first line", "mark"],
)
def test_standard_input_is_ndjson_where_a_second_document_follows(
    convert: Run, stdin: bytes, expected: list[str]
) -> None:
    assert titles(convert(stdin=stdin).out) == expected


def test_yaml_is_read(convert: Run) -> None:
    Path("in.yaml").write_text("no: 1\nsubject: no\n")
    assert titles(convert("in.yaml").out) == ["no"]
    Path("in.yml").write_text("no: 1\nsubject: a\n---\nno: 2\nsubject: b\n---\nno: 3\n")
    done = convert("in.yml")
    assert (done.code, titles(done.out)) == (1, ["a", "b"])
    Path("empty.yaml").write_text("\n")
    assert convert("empty.yaml").code == 2


def test_outputs_are_written_as_their_names_say(convert: Run) -> None:
    Path("in.ndjson").write_bytes(b'{"no": 1, "subject": "a"}\n{"no": 2, "subject": "b"}\n')
    assert convert("in.ndjson", "-o", "out.json.gz").code == 0
    assert titles(gzip.decompress(Path("out.json.gz").read_bytes()).decode()) == ["a", "b"]
    assert convert("in.ndjson", "-o", "out.jsonl.zst").code == 0
    with zstandard.ZstdDecompressor().stream_reader(Path("out.jsonl.zst").read_bytes()) as reader:
        assert titles(reader.read().decode()) == ["a", "b"]
    Path("in.json").write_bytes(TICKET)
    assert convert("in.json", "-o", "out.ndjson").code == 0
    assert Path("out.ndjson").read_text().count("\n") == 1


def test_compressed_files_are_read(convert: Run) -> None:
    data = RECORDS.split(b"\n")[0] + b"\n"
    Path("a.ndjson.gz").write_bytes(gzip.compress(data) + gzip.compress(data))
    compressor = zstandard.ZstdCompressor()
    Path("b.ndjson.zst").write_bytes(compressor.compress(data) + compressor.compress(data))
    done = convert("a.ndjson.gz", "b.ndjson.zst")
    assert (done.code, titles(done.out)) == (0, ["first"] * 4)


def test_a_directory_of_outputs(convert: Run) -> None:
    Path("a.json").write_bytes(TICKET)
    Path("b.ndjson").write_bytes(RECORDS)
    Path("c.yaml").write_text("no: 1\nsubject: c\n")
    Path("d.json.gz").write_bytes(gzip.compress(b'{"no": 1, "subject": "d"}'))
    Path("e.json").write_bytes(b"{")
    done = convert("a.json", "b.ndjson", "c.yaml", "d.json.gz", "e.json", "f.json", "-o", "deep/out/")
    assert done.code == 2
    assert "e.json:1:2: CM103" in done.err
    assert "f.json: CM101" in done.err
    assert sorted(path.name for path in Path("deep/out").iterdir()) == ["a.json", "b.ndjson", "c.json", "d.json.gz"]
    assert titles(Path("deep/out/b.ndjson").read_text()) == ["first", "last"]


def test_too_many_rejects_stop_the_run(convert: Run) -> None:
    Path("in.ndjson").write_bytes(RECORDS)
    done = convert("in.ndjson", "--max-rejects", "1", "-o", "out.ndjson", "--rejects", "bad.ndjson")
    assert done.code == 1
    assert "stopped before the end of the input" in done.err
    assert not Path("out.ndjson").exists()
    assert Path("bad.ndjson").read_bytes().count(b"\n") == 2
    assert convert("in.ndjson", "--max-rejects", "4", "-o", "out.ndjson").code == 1
    assert titles(Path("out.ndjson").read_text()) == ["first", "last"]
    assert leftovers(Path()) == []


def test_only_the_first_problems_are_told(convert: Run) -> None:
    Path("in.ndjson").write_bytes(b'{"no": 1, "subject": "a"}\n' + b"[]\n" * 50)
    done = convert("in.ndjson")
    assert done.err.count("CM401 ") == 20 + 1  # and once in the summary
    assert "and 30 more problems" in done.err


def test_a_stream_of_no_records(convert: Run) -> None:
    Path("in.ndjson").write_bytes(b"\n")
    done = convert("in.ndjson", "--from", "shop/ticket", "-o", "out.ndjson", "--rejects", "bad.ndjson")
    assert (done.code, Path("out.ndjson").read_bytes(), Path("bad.ndjson").read_bytes()) == (0, b"", b"")
    assert convert("in.ndjson").code == 2


def test_quiet_says_only_what_is_wrong(convert: Run) -> None:
    assert convert("-q", stdin=TICKET).err == ""
    assert convert("-q", stdin=b"[").err.startswith("<stdin>:1:2: CM103 ")


UNREADABLE = {
    "empty.json": b"",
    "blank.json": b" \n",
    "broken.json": b'{"a": 1,}',
    "bytes.json": b'{"a": "\xff"}',
    "utf16.json": '{"no": 1}'.encode("utf-16"),
    "nan.json": b'{"no": NaN}',
    "twice.json": b'{"no": 1, "no": 2}',
    "deep.json": b"[" * 100_000,
    "half.json": b'{"subject": "\\ud800"}',
    "digits.json": b'{"no": ' + b"1" * 5000 + b"}",
    "great.json": b'{"no": 1e400}',
    "cut.json.gz": gzip.compress(b"{}" * 1000)[:-4],
    "none.json.gz": b"nothing of the kind",
    "cut.json.zst": zstandard.ZstdCompressor().compress(b"{}" * 1000)[:-4],
    "none.json.zst": b"nothing of the kind",
    "brackets.yaml": b"a: [",
    "latin.yaml": b"a: \xff",
}


def test_what_cannot_be_read_ends_in_a_problem(convert: Run, snapshot: Any) -> None:
    for name, data in UNREADABLE.items():
        Path(name).write_bytes(data)
    Path("folder.json").mkdir()
    done = convert(*UNREADABLE, "folder.json", "missing.json", "--from", "shop/ticket", "-o", "out/")
    assert done.code == 2
    assert done.err == snapshot
    assert list(Path("out").iterdir()) == []


def test_integers_of_400_digits_arrive_or_are_rejected(convert: Run) -> None:
    number = "7" * 400
    done = convert(stdin=f'{{"no": {number}, "subject": "x"}}'.encode())
    assert (done.code, json.loads(done.out)["id"]) == (0, number)


@pytest.mark.parametrize("arguments", [(), ("-o", "/dev/full")])
def test_a_full_disk(convert: Run, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = convert("-q", *arguments, stdin=TICKET, stdout=full)
    assert done.code == 2
    assert "CM509 cannot be written: No space left on device" in done.err


def test_places_that_cannot_be_written(convert: Run) -> None:
    Path("file").write_text("")
    for output in ("nowhere/out.json", "file/out.json", "file/"):
        done = convert("-q", "-o", output, stdin=TICKET) if output != "file/" else convert("-q", "-o", output, "x.json")
        assert (done.code, "CM509" in done.err) == (2, True), done.err


def test_a_closed_pipe_ends_quietly(run: Run) -> None:
    Path("in.ndjson").write_bytes(b'{"no": 1, "subject": "a"}\n' * 5000)
    command = [sys.executable, "-m", "casemap", "convert", "in.ndjson", "--to", "desk", "-q", *PARAMS]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*command, "--project", str(PROJECT)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


REFUSED = [
    ("convert", "in.json"),
    ("convert", "in.json", "--to", "desk", "--output-format", "x"),
    ("convert", "in.json", "--to", "dsk", *("-p", "site=https://shop.example"), "-p", "rank=3"),
    ("convert", "in.json", "--to", "desk/ticket", "--from", "nothing/here"),
    ("convert", "in.json", "--to", "desk/ticket-list"),
    ("convert", "in.json", "--to", "desk", "-p", "rank=3"),
    ("convert", "in.json", "--to", "desk", "-p", "site=x", "-p", "rank=3.5", "-p", "sight=x"),
    ("convert", "in.json", "--to", "desk", "-p", "site"),
    ("convert", "in.json", "--to", "desk", "-p", "site=x", "-p", "site=y"),
    ("convert", "in.json", "--to", "desk", "-o", "in.json"),
    ("convert", "in.json", "--to", "desk", "--rejects", "./in.json"),
    ("convert", "in.json", "--to", "desk", "-o", "."),
    ("convert", "in.json", "--to", "desk", "-o", "out.json", "--rejects", "out.json"),
    ("convert", "in.json", "--to", "desk", "--summary", "-"),
    ("convert", "in.json", "--to", "desk", "-o", "out.yaml"),
    ("convert", "in.json", "in.json", "--to", "desk"),
    ("convert", "in.json", "other.json", "--to", "desk"),
    ("convert", "in.json", "in.yaml", "--to", "desk", "-o", "out/"),
    ("convert", "-", "--to", "desk", "-o", "out/"),
    ("convert", "in.json", "--to", "desk", "--max-rejects", "-1"),
    ("convert", "in.json", "--to", "desk", "--project", "nowhere"),
]


def test_wrong_usage(run: Run, snapshot: Any) -> None:
    Path("in.json").write_bytes(TICKET)
    said = []
    for arguments in REFUSED:
        done = run(*arguments) if "--project" not in arguments else run(*arguments, project=None)
        assert (done.code, done.out) == (2, ""), arguments
        said.append(f"$ casemap {' '.join(arguments)}\n{done.err}")
    assert "\n".join(said) == snapshot
    assert Path("in.json").read_bytes() == TICKET
    assert sorted(path.name for path in Path().iterdir()) == ["in.json"]
