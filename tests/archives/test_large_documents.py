"""Large documents, converted record by record: the same comes out as where they are read whole."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from faulty import good
from running import PROJECT, leftovers, new_run
from test_resuming import Stops

from casemap.errors import CasemapError
from casemap.run.convert_files import FileConversion
from casemap.run.journal import Journal
from casemap.run.signals import InterruptedRunError
from casemap.run.streams import StreamOptions


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on, documents are large that have a thousand bytes."""

    def begin() -> None:
        monkeypatch.setattr("casemap.run.inputs.LARGE", 1000)
        monkeypatch.setattr("casemap.run.outline.CHUNK_SIZE", 2000)

    return begin


def ticket(number: int) -> Any:
    """A ticket; a few of them are rejected."""
    found = json.loads(good(number))
    if number % 17 == 0:
        found["urgency"] = "never"
    if number % 5 == 0:
        found["urgency"] = "high"
    if number % 23 == 0:
        found["subject"] = {"deep": [{"er": "},{"}]}
    elif number % 7 == 0:
        found["subject"] += ' "]}, {"'
    return found


def indented(value: Any) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def ragged(value: Any) -> bytes:
    """With white space of all kinds between the records."""
    chance = random.Random(1)
    if isinstance(value, dict):
        members = [json.dumps(name).encode() + b" : " + ragged(item) for name, item in value.items()]
        return b"\n{" + b" ,\t".join(members) + b"}\n"
    if not isinstance(value, list):
        return compact(value)
    spaces = [b"", b" ", b"\n", b"\r\n\t", b"  "]
    records = [chance.choice(spaces) + compact(record) + chance.choice(spaces) for record in value]
    return b"[" + b",".join(records) + b" ]"


WRITERS = {"indented": indented, "compact": compact, "ragged": ragged}
TICKETS = [ticket(number) for number in range(1, 500)]


def outcome(run: FileConversion, tally: Any, names: Sequence[str]) -> Any:
    """What a run gives, with the problems told and counted."""
    errors = run.run()
    told = [
        [str(problem) for problem in reject.text.placed(reject.problems)]
        for reject in run.report.rejects  # type: ignore[attr-defined]
    ]
    lines = Path("bad.ndjson").read_bytes()
    entries = [json.loads(line) for line in Path("bad.problems.ndjson").read_bytes().splitlines()]
    numbers = [entry["record"] for entry in entries]
    counts = tally.as_json()
    return errors, [Path(name).read_bytes() for name in names], told, lines, numbers, counts


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("output", ["out.json", "out.ndjson"])
@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("source", ["shop/ticket-list", None])
def test_a_list_document(
    small_steps: Callable[[], None], writer: str, output: str, jobs: int, source: str | None
) -> None:
    tickets = TICKETS if source is not None else [each for each in TICKETS if isinstance(each["subject"], str)]
    Path("in.json").write_bytes(WRITERS[writer]({"page": 7, "tickets": tickets}))
    outcomes = []
    for steps in (lambda: None, small_steps):
        steps()
        run, tally = new_run(
            ["in.json"], output, source=source, rejects="bad.ndjson", stream=StreamOptions(jobs, observing=True)
        )
        outcomes.append(outcome(run, tally, [output]))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][-1]["rejected"] > 20
    assert leftovers(Path()) == []


@pytest.mark.parametrize("output", ["out.json", "out.ndjson", "out.json.gz"])
@pytest.mark.parametrize("writer", WRITERS)
def test_an_array_of_records(small_steps: Callable[[], None], writer: str, output: str) -> None:
    Path("in.json").write_bytes(WRITERS[writer](TICKETS))
    outcomes = []
    for steps in (lambda: None, small_steps):
        steps()
        run, tally = new_run(["in.json"], output, rejects="bad.ndjson", stream=StreamOptions(observing=True))
        found = outcome(run, tally, [output])
        if output.endswith(".gz"):
            found[1][0] = gzip.decompress(found[1][0])
        outcomes.append(found)
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("tickets", [[], TICKETS[:1], [ticket(17)] * 100], ids=["none", "one", "all wrong"])
def test_few_records(small_steps: Callable[[], None], tickets: list[Any]) -> None:
    Path("in.json").write_bytes(indented({"page": 7, "tickets": tickets}) + b" " * 1500)
    outcomes = []
    for steps in (lambda: None, small_steps):
        steps()
        run, tally = new_run(["in.json"], "out.json", source="shop/ticket-list", rejects="bad.ndjson")
        outcomes.append(outcome(run, tally, ["out.json"]))
    assert outcomes[0] == outcomes[1]


LISTS = {
    "some are left out": (
        "each: tickets\nrecords: true\nwhere: urgency is not defined\nfields: {title: subject}",
        True,
    ),
    "sorted": ("each: tickets\nrecords: true\nsort_by: subject\nfields: {title: subject}", False),
    "numbered": ("each: tickets\nrecords: true\nfields: {id: index, title: subject}", False),
    "counted": (
        "fields:\n  tickets: {each: tickets, records: true, fields: {title: subject}}\n  total: tickets | length",
        False,
    ),
    "absent without a member": (
        """fields:
  page: page
  inner:
    whole: true
    fields:
      more: {from: page, when: page == 9}
      list: {each: tickets, records: true, fields: {title: subject}}""",
        False,
    ),
    "with the page": (
        "fields:\n  page: page\n  inner.list: {each: tickets, records: true, fields: {title: subject, on: root.page}}",
        True,
    ),
}
"""Mappings of list documents, and whether their records can be converted one by one."""


def wide_project(folder: Path, body: str) -> Path:
    """A project with one mapping, into a type that takes anything."""
    for name in ("ticket", "ticket-list"):
        file = Path("schemas", "shop", f"{name}.schema.json")
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes((PROJECT / file).read_bytes())
    lists: Any = {"type": "array"}
    if body.startswith("fields"):
        lists = {"properties": {"tickets": lists, "inner": {"properties": {"list": lists}}}}
    mapping = "casemap: 1\nsource: shop/ticket-list\ntarget: wide/ticket-list\n"
    files = {
        "schemas/wide/ticket-list.schema.json": json.dumps(lists),
        "mappings/shop-to-wide/ticket-list.yaml": f"{mapping}{body}\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("output", ["out.json", "out.ndjson"])
def test_mappings_of_lists(
    small_steps: Callable[[], None], monkeypatch: pytest.MonkeyPatch, kind: str, output: str
) -> None:
    """Whatever the mapping does with the records, the same comes out; only some can be converted one by one."""
    body, one_by_one = LISTS[kind]
    project = wide_project(Path("project"), body)
    Path("in.json").write_bytes(indented({"page": 7, "tickets": TICKETS}))
    outcomes = []
    whole: list[bool] = []
    monkeypatch.setattr(FileConversion, "_document", _noting(FileConversion._document, whole))
    for steps in (lambda: None, small_steps):
        steps()
        run, tally = new_run(
            ["in.json"],
            output,
            source="shop/ticket-list",
            target="wide",
            params={},
            project=project,
            rejects="bad.ndjson",
            stream=StreamOptions(2, observing=True),
        )
        outcomes.append(outcome(run, tally, [output]))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][-1]["rejected"] > 10
    assert len(whole) == (1 if one_by_one else 2)


def _noting(method: Any, noted: list[bool]) -> Any:
    def noting(*arguments: Any) -> Any:
        noted.append(True)
        return method(*arguments)

    return noting


def test_the_bundled_lists(small_steps: Callable[[], None]) -> None:
    from benchmarks.cases import cases
    from casemap.api import Catalog

    small_steps()
    catalog = Catalog()
    envelopes: dict[str, Callable[[list[Any]], Any]] = {
        "khoros": lambda cases: cases,
        "telecomx": lambda cases: {"offset": 0, "cases": cases, "total": 90, "limit": 50},
        "egain": lambda cases: {"case": cases, "paginationInfo": {"count": 30, "pagenum": 1}},
    }
    for source, envelope in envelopes.items():
        value = envelope(list(cases(f"{source}/case", 30, seed=3)))
        Path("in.json").write_bytes(indented(value))
        for target in envelopes:
            if target != source:
                params = {"base_url": "https://egain.example.com"} if source == "egain" else {}
                wanted = catalog.convert(value, f"{source}/case-list", f"{target}/case-list", params)
                texts = {name: str(value) for name, value in params.items()}
                run, _ = new_run(
                    ["in.json"], "out.json", source=f"{source}/case-list", target=target, params=texts, project=None
                )
                run._document = None  # type: ignore[method-assign, assignment]  # they are not read whole
                assert run.run() == []
                assert (
                    Path("out.json").read_bytes() == json.dumps(wanted, indent=2, ensure_ascii=False).encode() + b"\n"
                )


BROKEN = {
    "cut off in a record": lambda text: text[: len(text) // 2],
    "cut off between records": lambda text: text[: text.index(b"},", len(text) // 2) + 1],
    "a comma too few": lambda text: text.replace(b"},", b"}", 200).replace(b"}", b"},", 199),
    "a bracket too many": lambda text: text + b"]",
    "another document": lambda text: text + b"{}",
    "a name twice": lambda text: text.replace(b'{"page"', b'{"page": 1, "page"', 1),
    "no colon": lambda text: text.replace(b'"page":', b'"page"', 1),
    "no value": lambda text: text.replace(b"7", b"", 1),
    "no end": lambda text: text[:-1],
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_document_that_is_no_json(small_steps: Callable[[], None], kind: str) -> None:
    small_steps()
    text = b'{"page": 7,\n "tickets": %b}' % compact([ticket(number) for number in range(1, 300) if number % 17])
    Path("in.json").write_bytes(BROKEN[kind](text))
    run, _ = new_run(["in.json"], "out.json", source="shop/ticket-list")
    with pytest.raises(CasemapError) as caught:
        run.run()
    (problem,) = caught.value.problems
    assert problem.code == ("CM105" if kind == "a name twice" else "CM103")
    assert (problem.file, problem.line is not None, problem.column is not None) == ("in.json", True, True)
    assert not Path("out.json").exists()
    assert leftovers(Path()) == []


def test_a_record_that_is_no_json_is_rejected(small_steps: Callable[[], None]) -> None:
    small_steps()
    records = [compact(ticket(number)) for number in range(1, 200) if number % 17 and number % 23]
    wrong = [b'{"no": 1, "subject": "\\ud800"}', b'{"no": 007, "subject": "x"}', b'{"no": 2, "subject": "\xff"}']
    for index, record in zip((5, 50, 100), wrong, strict=True):
        records[index] = record
    Path("in.json").write_bytes(b'{"tickets": [\n  ' + b",\n  ".join(records) + b'\n], "page": 7}')
    run, tally = new_run(["in.json"], "out.json", source="shop/ticket-list", rejects="bad.ndjson")
    run.run()
    assert Path("bad.ndjson").read_bytes() == b"\n".join([*wrong, b""])
    assert tally.converted == len(records) - 3
    entries = [json.loads(line) for line in Path("bad.problems.ndjson").read_bytes().splitlines()]
    assert [(entry["record"], entry["line"]) for entry in entries] == [(6, 7), (51, 52), (101, 102)]
    places = [(problem["code"], problem["line"]) for entry in entries for problem in entry["problems"]]
    assert places == [("CM108", 7), ("CM103", 52), ("CM102", 102)]


def test_what_is_wrong_with_the_document_itself(small_steps: Callable[[], None]) -> None:
    small_steps()
    Path("in.json").write_bytes(indented({"page": "x", "tickets": TICKETS}))
    run, _ = new_run(["in.json"], "out.json", source="shop/ticket-list")
    with pytest.raises(CasemapError, match=r"in\.json: CM401 /page: "):
        run.run()
    assert not Path("out.json").exists()


@pytest.mark.parametrize("name", ["out.json", "out.json.zst", "out.ndjson"])
def test_a_large_document_is_resumed(
    small_steps: Callable[[], None], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    small_steps()
    monkeypatch.setattr(Journal, "due", property(lambda journal: True))
    Path("in.json").write_bytes(ragged({"tickets": TICKETS, "page": 7}))

    def start(**options: Any) -> Any:
        stream = StreamOptions(2, observing=True)
        return new_run(["in.json"], name, source="shop/ticket-list", rejects="bad.ndjson", stream=stream, **options)

    run, tally = start()
    wanted = outcome(run, tally, [name])
    for chunk in (1, 2, 9, 15):
        Path(name).unlink()
        run, _ = start()
        run.watch = Stops(chunk)
        with pytest.raises(InterruptedRunError):
            run.run()
        assert not Path(name).exists()
        run, tally = start(resume=True)
        found = outcome(run, tally, [name])
        assert (found[0], found[1], found[3:]) == (wanted[0], wanted[1], wanted[3:])
    assert leftovers(Path()) == []
