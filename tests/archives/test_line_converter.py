"""Lines converted inside of other programs."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import pytest
from faulty import archive, good
from running import PROJECT

from casemap.api import Catalog
from casemap.run.line_converter import LineConverter
from casemap.run.streams import StreamOptions

PARAMS = {"site": "https://shop.example", "rank": 3}


@pytest.fixture(scope="module")
def convert() -> LineConverter:
    return LineConverter(Catalog(PROJECT).converter("shop/ticket", "desk/ticket", PARAMS))


def numbers(data: bytes) -> list[int]:
    return [int(json.loads(line)["title"]) for line in data.splitlines()]


@pytest.mark.parametrize("last", [b"\n", b""])
def test_a_block(convert: LineConverter, last: bytes) -> None:
    text, rejected = archive(400, last=last)
    found = convert(text, 1001)
    assert numbers(found.data) == [number for number in range(1, 401) if number not in rejected]
    assert (found.records, found.converted) == (400, 400 - len(rejected))
    assert {reject.number: reject.text for reject in found.rejects} == rejected
    lines = text.split(b"\n")
    for reject in found.rejects:
        assert lines[reject.line - 1001] == reject.text
        assert {problem.line for problem in reject.problems} == {reject.line}


def test_nothing(convert: LineConverter) -> None:
    assert (convert(b"").records, convert(b"\n \n").records) == (0, 0)
    assert list(convert.each([])) == list(convert.each([b"\n", b" "])) == []


@pytest.mark.parametrize("records", [5, 400, 20_000])
def test_each_line(convert: LineConverter, monkeypatch: pytest.MonkeyPatch, records: int) -> None:
    """Also where there are so many that it pays to make the typed door."""
    monkeypatch.setattr("casemap.run.line_converter.StreamOptions", partial(StreamOptions, typed_from=200_000))
    text, rejected = archive(records, share=0.01)
    lines = text.split(b"\n")
    found = list(convert.each(iter(text.splitlines(keepends=True))))
    assert [line.number for line in found] == list(range(1, records + 1))
    assert {line.number: line.text for line in found if line.result is None} == rejected
    for line in found:
        assert lines[line.line - 1] == line.text
        assert (line.result is None) == bool(line.problems)
        if line.result is not None:
            assert line.value["title"] == str(line.number)
        else:
            with pytest.raises(ValueError, match=f"record {line.number} is rejected: .*CM"):
                assert line.value


def test_lines_are_read_a_little_ahead(convert: LineConverter) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield good(taken)

    first = next(convert.each(endless()))
    assert (first.number, first.value["title"]) == (1, "1")
    assert taken < 5000


def test_integers_of_any_size_stay_exact(convert: LineConverter) -> None:
    number = 10**30 + 7
    (line,) = convert.each([b'{"no": %d, "subject": "x"}' % number])
    assert line.value["id"] == str(number)


def test_members_that_stand_twice() -> None:
    text = b'{"no": 1, "no": 2, "subject": "x"}'
    converter = Catalog(PROJECT).converter("shop/ticket", "desk/ticket", PARAMS)
    (line,) = LineConverter(converter).each([text])
    assert line.value["id"] == "2"
    (line,) = LineConverter(converter, strict_json=True).each([text])
    assert [problem.code for problem in line.problems] == ["CM105"]


def test_list_documents() -> None:
    convert = LineConverter(Catalog(PROJECT).converter("shop/ticket-list", "desk/ticket-list", PARAMS))
    documents: list[Any] = [
        {"page": 1, "tickets": [json.loads(good(1)), {"no": 2}, json.loads(good(3))]},
        {"page": "x", "tickets": []},
        {"page": 3, "tickets": [json.loads(good(4))]},
    ]
    first, second, third = convert.each([json.dumps(document).encode() for document in documents])
    assert [ticket["title"] for ticket in first.value] == ["1", "3"]
    assert [problem.path for problem in first.problems] == ["/tickets/1"]
    assert (second.result, [problem.path for problem in second.problems]) == (None, ["/page"])
    assert [ticket["title"] for ticket in third.value] == ["4"]
    assert third.problems == ()


def test_in_a_pool_of_processes(convert: LineConverter) -> None:
    again: LineConverter = pickle.loads(pickle.dumps(convert))  # noqa: S301 - of this process
    assert repr(again) == repr(convert)
    blocks = [archive(300, seed=seed)[0] for seed in range(6)]
    with ProcessPoolExecutor(2) as pool:
        assert [block.data for block in pool.map(convert, blocks)] == [convert(block).data for block in blocks]
