"""Every record of an archive is in the output or among the rejects, in order, whatever the number of processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from faulty import FAULTS, archive, good
from running import leftovers, new_run

from casemap.run.limits import Limit
from casemap.run.streams import StreamOptions

CHUNK = 4999
"""Bytes: an archive of these tests has more than a hundred of them."""

SHAPES = {
    "lines": {},
    "CRLF": {"ending": b"\r\n", "last": b"\r\n"},
    "no final newline": {"last": b"", "seed": 5},
    "many blank lines": {"blank": 0.5},
    "all wrong": {"share": 1.0},
    "the last one cut off": {"last": b'\n{"no": 3001, "subj'},
}


def numbers(data: bytes) -> list[int]:
    return [int(json.loads(line)["title"]) for line in data.splitlines()]


@pytest.mark.parametrize(("jobs", "door"), [(1, "exact"), (1, "typed"), (2, "typed"), (7, "typed"), (7, "exact")])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_record_is_in_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str, jobs: int, door: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text, rejected = archive(3000, **SHAPES[shape])  # type: ignore[arg-type]
    count = 3000
    if shape == "the last one cut off":
        count, rejected[3001] = 3001, b'{"no": 3001, "subj'
    Path("in.ndjson").write_bytes(text)
    stream = StreamOptions(jobs, chunk=CHUNK, observing=True, typed_from=0 if door == "typed" else 10**9)
    run, tally = new_run(["in.ndjson"], "out.ndjson", rejects="bad.ndjson", stream=stream)
    assert run.run() == []
    assert numbers(Path("out.ndjson").read_bytes()) == [n for n in range(1, count + 1) if n not in rejected]
    lines = Path("bad.ndjson").read_bytes().split(b"\n")
    assert lines == [*rejected.values(), b""]
    entries = [json.loads(line) for line in Path("bad.problems.ndjson").read_bytes().splitlines()]
    assert [entry["record"] for entry in entries] == list(rejected)
    assert [entry["reject"] for entry in entries] == list(range(1, len(rejected) + 1))
    source = text.split(b"\n")
    assert [source[entry["line"] - 1] for entry in entries] == list(rejected.values())
    for entry in entries:
        assert entry["problems"], entry
        assert {problem["line"] for problem in entry["problems"]} == {entry["line"]}
    assert (tally.converted, tally.rejected) == (count - len(rejected), len(rejected))
    assert sum(loss for field, loss in tally.lost.items() if field.field == "phone") == count - len(rejected)
    assert leftovers(tmp_path) == []


def test_there_are_twenty_kinds_of_faults() -> None:
    assert len(FAULTS) == 20
    lines = [fault(4711) for fault in FAULTS.values()]
    assert len({*lines, good(4711)}) == 21
    assert not any(b"\n" in line for line in lines)


@pytest.mark.parametrize("name", ["out.ndjson", "out.json", "out.ndjson.gz", "out.json.zst"])
def test_the_same_bytes_for_any_number_of_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.ndjson").write_bytes(archive(2000)[0])
    written: list[bytes] = []
    for jobs in (1, 2, 3, 7):
        run, _ = new_run(["in.ndjson"], name, rejects="bad.ndjson.gz", stream=StreamOptions(jobs, chunk=CHUNK))
        run.run()
        written.append(b"".join(Path(each).read_bytes() for each in (name, "bad.ndjson.gz", "bad.problems.ndjson.gz")))
    assert len(set(written)) == 1


@pytest.mark.parametrize("jobs", [1, 3])
def test_rejects_are_read_again_after_a_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.chdir(tmp_path)
    text, rejected = archive(1000)
    Path("in.ndjson").write_bytes(text)
    new_run(["in.ndjson"], "out.ndjson", rejects="bad.ndjson", stream=StreamOptions(jobs, chunk=CHUNK))[0].run()
    Path("bad.ndjson").write_bytes(b"".join(good(number) + b"\n" for number in rejected))
    again, tally = new_run(["bad.ndjson"], "more.ndjson", rejects="still.ndjson")
    again.run()
    assert (tally.converted, tally.rejected) == (len(rejected), 0)
    both = numbers(Path("out.ndjson").read_bytes()) + numbers(Path("more.ndjson").read_bytes())
    assert sorted(both) == list(range(1, 1001))
    assert Path("still.ndjson").read_bytes() == Path("still.problems.ndjson").read_bytes() == b""


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("limit", "written"), [("40", 41), ("0", 1), ("2%", None), ("4.9%", None)])
def test_a_run_that_goes_wrong_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, written: int | None, jobs: int
) -> None:
    monkeypatch.chdir(tmp_path)
    text, rejected = archive(3000)
    Path("in.ndjson").write_bytes(text)
    stream = StreamOptions(jobs, chunk=CHUNK)
    run, tally = new_run(["in.ndjson"], "out.ndjson", rejects="bad.ndjson", stream=stream, limit=Limit.of(limit))
    run.run()
    assert tally.stopped
    assert not Path("out.ndjson").exists()
    lines = Path("bad.ndjson").read_bytes().split(b"\n")[:-1]
    assert lines == list(rejected.values())[: len(lines)]
    if written is not None:
        assert len(lines) == tally.rejected == written
    else:
        assert tally.records >= 1000
        assert len(lines) * 100 > float(limit[:-1]) * tally.records
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("limit", [f"{len(archive(3000)[1])}", "10%", "100%"])
def test_a_run_within_its_limit_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.ndjson").write_bytes(archive(3000)[0])
    run, tally = new_run(["in.ndjson"], "out.ndjson", limit=Limit.of(limit))
    run.run()
    assert not tally.stopped
    assert Path("out.ndjson").exists()


@pytest.mark.parametrize("text", ["", "-1", "1.5", "%", "101%", "x", "5 %", "1e3", "٣"])
def test_limits_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it has no more to say than the text
        Limit.of(text)


@pytest.mark.parametrize("jobs", [1, 3])
def test_several_archives_into_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.chdir(tmp_path)
    wanted: list[int] = []
    lines: list[bytes] = []
    for name, seed in (("a.ndjson", 1), ("b.ndjson", 2), ("c.ndjson", 3)):
        text, rejected = archive(700, seed=seed)
        Path(name).write_bytes(text)
        wanted += [number for number in range(1, 701) if number not in rejected]
        lines += rejected.values()
    inputs = ["a.ndjson", "b.ndjson", "c.ndjson"]
    run, _ = new_run(inputs, "out.ndjson", rejects="bad.ndjson", stream=StreamOptions(jobs, chunk=CHUNK))
    run.run()
    assert numbers(Path("out.ndjson").read_bytes()) == wanted
    assert Path("bad.ndjson").read_bytes() == b"\n".join([*lines, b""])
    run, _ = new_run(inputs, "out.json", stream=StreamOptions(jobs, chunk=CHUNK))
    run.run()
    assert [int(ticket["title"]) for ticket in json.loads(Path("out.json").read_bytes())] == wanted
