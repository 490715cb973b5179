"""`casemap convert`, from files and streams to files and streams."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
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
    return sorted(path.name for path in folder.iterdir() if ".casemap." in path.name)


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
        '{"no": 2, "subject": 5, "urgency": 5}\n{"no": 3, "subject": "third", "urgency": "never"}\n'
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
    done = convert("in.ndjson", "--rejects", "bad.ndjson", "--strict-json")
    assert done.code == 1
    assert titles(done.out) == ["first", "last"]
    assert done.err == snapshot
    lines = RECORDS.split(b"\n")
    assert Path("bad.ndjson").read_bytes() == b"\n".join([*lines[2:6], b""])


def test_an_array_of_records(convert: Run) -> None:
    Path("in.json").write_bytes(b'[{"no": 1, "subject": "a"},\n {"no": 2}, {"no": 3, "subject": "c"}]')
    done = convert("in.json", "--rejects", "bad.ndjson")
    assert (done.code, titles(done.out)) == (1, ["a", "c"])
    assert "in.json:2:2: CM401 /1: the member `subject` is missing" in done.err
    assert Path("bad.ndjson").read_bytes() == b'{"no": 2}\n'


def test_a_record_that_lacks_something_is_named(run: Run) -> None:
    case = json.loads((ROOT / "examples" / "egain-case.json").read_bytes())
    bare = {"id": "7", "subject": "Late", "status": {"value": "open"}}
    Path("page.json").write_text(json.dumps({"case": [case, bare]}, indent=1))
    Path("cases.ndjson").write_text(f"{json.dumps(case)}\n {json.dumps(bare)}\n")
    arguments = ("--to", "khoros", "-p", "base_url=https://egain.example.com")
    line = Path("page.json").read_text().splitlines().index('   "id": "7",')
    for file, place, before in (
        ("page.json", f"page.json:{line}:3", "/case/1"),
        ("cases.ndjson", "cases.ndjson:2:2", ""),
    ):
        done = run("convert", file, *arguments, project=None)
        assert done.code == 1
        assert [line.split(" (rule")[0] for line in done.err.splitlines() if "(rule" in line] == [
            f"{place}: CM402 {before}/lastModified/date: the member `created` is missing",
            f"{place}: CM402 {before}/customer/id: the member `customerId` is missing",
            f"{place}: CM402 {before}/lastModified/date: the member `lastUpdated` is missing",
        ]


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
        (b'{"no": 1, "no": 1, "subject": "a"}\n{"no": 2, "subject": "b"}\n', ["a", "b"]),
        (b'{"no": 1, "subject": "\\ud800"}\n{"no": 2, "subject": "b"}\n', ["b"]),
        (b'\xef\xbb\xbf{"no": 1, "subject": "a"}\n{"no": 2, "subject": "b"}\n', ["a", "b"]),
    ],
    ids=["line", "pretty", "lines", "twice", "bad first line", "mark"],
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
    assert titles(Path("deep/out/b.ndjson").read_text()) == ["first", "twice", "last"]


def test_too_many_rejects_stop_the_run(convert: Run) -> None:
    Path("in.ndjson").write_bytes(RECORDS)
    done = convert("in.ndjson", "--max-rejects", "1", "-o", "out.ndjson", "--rejects", "bad.ndjson")
    assert done.code == 1
    assert "stopped before the end of the input" in done.err
    assert not Path("out.ndjson").exists()
    assert Path("bad.ndjson").read_bytes().count(b"\n") == 2
    assert convert("in.ndjson", "--max-rejects", "3", "-o", "out.ndjson").code == 1
    assert titles(Path("out.ndjson").read_text()) == ["first", "twice", "last"]
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
    Path("in.ndjson").write_bytes(b'{"no": 1, "subject": "a"}\n' * 100_000)
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


# --- archives -----------------------------------------------------------------------------------------------------


def test_what_is_wrong_with_rejects_stands_beside_them(convert: Run, snapshot: Any) -> None:
    Path("in.ndjson").write_bytes(RECORDS)
    assert convert("in.ndjson", "--rejects", "bad.ndjson", "--strict-json").code == 1
    entries = [json.loads(line) for line in Path("bad.problems.ndjson").read_bytes().splitlines()]
    numbers = [(entry["reject"], entry["file"], entry["record"], entry["line"]) for entry in entries]
    assert numbers == [(1, "in.ndjson", 2, 3), (2, "in.ndjson", 3, 4), (3, "in.ndjson", 4, 5), (4, "in.ndjson", 5, 6)]
    text = json.dumps(entries[:2], indent=1).replace(str(PROJECT), "PROJECT")
    assert text == snapshot
    Path("in.ndjson").write_bytes(b'{"no": 1}\n')
    assert convert("in.ndjson", "--rejects", "-", "-o", "out.ndjson", "--from", "shop/ticket").out == '{"no": 1}\n'
    assert sorted(path.name for path in Path().iterdir()) == [
        "bad.ndjson",
        "bad.problems.ndjson",
        "in.ndjson",
        "out.ndjson",
    ]


@pytest.mark.parametrize("name", ["out.ndjson", "out.ndjson.gz"])
def test_inputs_of_all_kinds_into_one(convert: Run, name: str) -> None:
    Path("in.ndjson").write_bytes(b'{"no": 1, "subject": "line"}\n')
    Path("one.json").write_bytes(b'{"no": 2, "subject": "document"}')
    Path("some.json").write_bytes(
        b'[{"no": 3, "subject": "item"}, {"no": 4, "subject": 5}, {"no": 6, "subject": "last"}]'
    )
    Path("some.yaml").write_bytes(b"{no: 7, subject: yaml}\n---\n{no: 8, subject: more}\n")
    done = convert("some.yaml", "one.json", "some.json", "in.ndjson", "-o", name, "--rejects", "bad.ndjson")
    assert (done.code, "6 of 7 records converted" in done.err) == (1, True)
    written = Path(name).read_bytes()
    lines = gzip.decompress(written) if name.endswith(".gz") else written
    assert titles(lines.decode()) == ["yaml", "more", "document", "item", "last", "line"]
    assert Path("bad.ndjson").read_bytes() == b'{"no": 4, "subject": 5}\n'
    assert leftovers(Path()) == []


def test_the_files_of_rejects_are_not_written_over_others(convert: Run) -> None:
    Path("in.ndjson").write_bytes(RECORDS)
    Path("bad.problems.ndjson").write_bytes(RECORDS)
    for arguments in (("in.ndjson", "-o", "bad.problems.ndjson"), ("bad.problems.ndjson",)):
        done = convert(*arguments, "--rejects", "bad.ndjson")
        assert (done.code, "CM510" in done.err) == (2, True)
    assert Path("bad.problems.ndjson").read_bytes() == RECORDS


def test_the_summary_tells_fates(convert: Run) -> None:
    Path("in.ndjson").write_bytes(RECORDS)
    assert convert("in.ndjson", "--summary", "summary.json").code == 1
    summary = json.loads(Path("summary.json").read_bytes())
    (route,) = summary["routes"]
    assert (route["source"], route["target"], route["converted"]) == ("shop/ticket", "desk/ticket", 3)
    (lost,) = summary["lost"]
    assert (lost["field"], lost["fate"], lost["records"]) == ("phone", "dropped", 1)
    assert summary["rejects"] == {"CM102": 1, "CM103": 1, "CM401": 1}
    assert summary["collapsed"] == []


def test_the_summary_tells_collapsed_values(run: Run) -> None:
    from benchmarks.cases import cases

    lines = [json.dumps(case) for case in cases("socialgateway/case", 40, seed=1)]
    Path("in.ndjson").write_text("\n".join(lines))
    done = run("convert", "in.ndjson", "--to", "khoros/case", "--summary", "summary.json", project=None)
    assert done.code == 0, done.err
    collapsed = {entry["field"]: entry for entry in json.loads(Path("summary.json").read_bytes())["collapsed"]}
    assert collapsed["creation_date"]["records"] == sum("creation_date" in json.loads(line) for line in lines)
    assert "a fraction finer than a millisecond is cut" in collapsed["creation_date"]["reason"]


def slow_input(records: int) -> bytes:
    return b'{"no": 1, "subject": "a", "phone": "+45"}\n' * records


def test_lines_say_how_far_it_is(run: Run) -> None:
    """Without a terminal only where that is asked for, and never in CI."""
    Path("in.ndjson").write_bytes(slow_input(100_000))
    code = (
        "import sys, casemap.cli.progress as progress\nprogress._FIRST_LINE = 0.01\n"
        "from casemap.cli import main\nmain()"
    )
    arguments = ["convert", "in.ndjson", "-o", "out.ndjson", "--to", "desk", *PARAMS, "--project", str(PROJECT)]
    said = {}
    for name, options, variables in (("verbose", ["-v"], {}), ("plain", [], {}), ("ci", ["-v"], {"CI": "1"})):
        environment = {**{key: value for key, value in os.environ.items() if key != "CI"}, **variables}
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments, *options, "--jobs", "1"],
            env={**environment, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        said[name] = [line for line in done.stderr.splitlines() if " left" in line and "records," in line]
    assert (said["plain"], said["ci"]) == ([], [])
    assert said["verbose"]
    for line in said["verbose"]:
        assert re.fullmatch(r"[\d,]+ records, 0 rejected, [\d.]+ MB/s, \d+% of in\.ndjson, \d+:\d\d left", line)


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_bar_on_a_terminal(run: Run, ending: str) -> None:
    pty = pytest.importorskip("pty")
    data = slow_input(150_000)
    name = f"in.ndjson{ending}"
    Path(name).write_bytes(gzip.compress(data, 1) if ending else data)
    code = "import casemap.cli.progress as progress\nprogress._SOON = 0.01\nfrom casemap.cli import main\nmain()"
    arguments = ["convert", name, "-o", "out.ndjson", "--to", "desk", *PARAMS, "--project", str(PROJECT), "-j", "1"]
    environment = {key: value for key, value in os.environ.items() if key not in {"CI", "NO_COLOR"}}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stderr=theirs,
        env={**environment, "PYTHONPATH": str(ROOT), "COLUMNS": "120", "TERM": "xterm"},
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            seen += part
    os.close(ours)
    assert process.returncode == 0
    assert b"MB/s" in seen
    assert b"%" in seen
    assert "━".encode() in seen
    assert b"150,000 of 150,000 records converted" in seen


def command_line(*arguments: str, code: str = "") -> list[str]:
    """The command with the test project, after some Python `code`."""
    start = f"{code}\nfrom casemap.cli import main\nmain()"
    return [sys.executable, "-c", start, "convert", *arguments, "--to", "desk", *PARAMS, "--project", str(PROJECT)]


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def test_standard_input_in_several_processes(run: Run) -> None:
    data = b"".join(b'{"no": %d, "subject": "a"}\n' % number for number in range(200_000))
    command = command_line("-", "-q", "--jobs", "3")
    done = subprocess.run(command, input=data, env=ENVIRONMENT, capture_output=True, check=True)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [str(number) for number in range(200_000)]
    assert done.stderr == b""


def test_a_large_document_from_a_pipe(run: Run) -> None:
    document = {"page": 1, "tickets": [{"no": number, "subject": "a"} for number in range(500)]}
    small = "import casemap.run.inputs as inputs\ninputs.LARGE = 1000"
    read: list[bytes] = []
    for code in ("", small):
        command = command_line("-", "-q", "--from", "shop/ticket-list", code=code)
        done = subprocess.run(
            command, input=json.dumps(document).encode(), env=ENVIRONMENT, capture_output=True, check=True
        )
        assert done.stderr == b""
        read.append(done.stdout)
    assert read[0] == read[1]
    assert len(json.loads(read[0])) == 500


def test_members_that_stand_twice_in_a_large_document(run: Run) -> None:
    tickets = ", ".join(f'{{"no": 0, "no": {number}, "subject": "a"}}' for number in range(100))
    Path("in.json").write_text(f'{{"page": 1, "tickets": [{tickets}]}}')
    small = "import casemap.run.inputs as inputs\ninputs.LARGE = 1000"
    for options, code, records in (((), 0, 100), (("--strict-json",), 1, 0)):
        command = command_line("in.json", "-q", "--from", "shop/ticket-list", *options, code=small)
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
        assert (done.returncode, len(json.loads(done.stdout))) == (code, records)
        assert done.stderr.count(b"CM105 /tickets/") == (20 if code else 0)


def test_a_closed_pipe_ends_several_processes_quietly(run: Run) -> None:
    Path("in.ndjson").write_bytes(slow_input(200_000))
    command = command_line("in.ndjson", "-q", "--jobs", "2")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_ends_in_a_summary(run: Run, name: str, code: int) -> None:
    command = command_line("-", "-o", "out.ndjson", "--rejects", "bad.ndjson", "--from", "shop/ticket", "--jobs", "2")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(slow_input(300_000))
        process.stdin.flush()
        while not any(path.name.startswith(".out.ndjson") for path in Path().iterdir()):
            time.sleep(0.01)
        process.send_signal(signal.Signals[name])
        said = process.stderr.read().decode()
    assert process.returncode == code
    assert re.search(r"[\d,]+ of [\d,]+ records converted \(shop/ticket to desk/ticket\)", said)
    assert said.splitlines()[-1] == "interrupted: no output file was written"
    assert list(Path().iterdir()) == []


def test_a_trusted_source_is_not_validated(run: Run) -> None:
    """Who vouches for the source has nothing asked of it; what a rule cannot take is rejected all the same."""
    case = b'{"_id": "a1", "subject": "x", "createdAt": "2024-05-14T08:48:05Z", "state": "HANDLING", "unknown": [1]}\n'
    wrong = b'{"_id": "a1", "createdAt": 5}\n'
    arguments = ("convert", "-", "--from", "telecomx/case", "--to", "common", "--input-format", "ndjson", "-q")
    trusted = run(*arguments, "--trust-source", stdin=case + wrong, project=None)
    assert trusted.code == 1
    assert len(trusted.out.splitlines()) == 1
    assert "CM302" in trusted.err or "CM303" in trusted.err
    assert run(*arguments, stdin=wrong, project=None).err.count("CM401") == 1
