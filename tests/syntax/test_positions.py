"""The place of a value in a JSON text is where that value starts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemap.problem import pointer
from casemap.syntax import positions
from casemap.syntax.json_tokens import Token, tokens
from casemap.syntax.positions import locate, locate_pointers

names = st.text(max_size=3) | st.sampled_from(["a/b", "m~n", "", "0", "{", '"', "\n"])
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='{}[],:"\\\n aæ\U0001f600', max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=15,
)
spaces = st.text(alphabet=" \t\r\n", max_size=3)


class Writer:
    """Writes a document with random white space and notes where each value starts."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.text = ""
        self.places: dict[tuple[str | int, ...], tuple[int, int]] = {}

    def put(self, text: str) -> None:
        self.text += self.draw(spaces) + text

    def write(self, value: Any, steps: tuple[str | int, ...] = ()) -> str:
        self.put("")
        self.places[steps] = (self.text.count("\n") + 1, len(self.text) - self.text.rfind("\n"))
        match value:
            case dict():
                self.text += "{"
                for number, (name, item) in enumerate(value.items()):
                    self.put("," if number else "")
                    self.put(json.dumps(name, ensure_ascii=self.draw(st.booleans())))
                    self.put(":")
                    self.write(item, (*steps, name))
                self.put("}")
            case list():
                self.text += "["
                for number, item in enumerate(value):
                    self.put("," if number else "")
                    self.write(item, (*steps, number))
                self.put("]")
            case _:
                self.text += json.dumps(value, ensure_ascii=False)
        self.put("")
        return self.text


@given(documents, st.data(), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_each_value_is_found_where_it_starts(document: Any, data: st.DataObject, encoding: str) -> None:
    writer = Writer(data.draw)
    text = writer.write(document).encode(encoding)
    assert {steps: locate(text, steps) for steps in writer.places} == writer.places
    expected = {pointer(steps): place for steps, place in writer.places.items()}
    assert locate_pointers(text, expected) == expected


def below(steps: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    yield (*steps, "not there")
    yield (*steps, 99, "not there")


@given(documents, st.data())
def test_a_path_that_leads_nowhere_is_found_where_it_ends(document: Any, data: st.DataObject) -> None:
    writer = Writer(data.draw)
    text = writer.write(document).encode()
    for steps, place in writer.places.items():
        for path in below(steps):
            assert locate(text, path) == place


def test_columns_are_characters() -> None:
    assert locate('{"æ\U0001f600": [1, "x",\n "\U0001f600", 2]}'.encode(), ["æ\U0001f600", 3]) == (2, 7)
    assert locate('["\U0001f600", 2]'.encode(), [1]) == (1, 7)


def test_an_index_is_not_a_name() -> None:
    assert locate(b'{"0": [1], "1": 2}', ["0", "0"]) == (1, 8)
    assert locate(b'{"a": [{"0": 1}]}', ["a", 0, "0"]) == (1, 14)


def test_deep_texts_take_no_stack() -> None:
    depth = 50_000
    assert locate(b"[" * depth + b"]" * depth, [0] * (depth - 1)) == (1, depth)


def test_a_text_that_is_no_json_is_read_as_far_as_it_goes() -> None:
    assert locate(b'{"a": [1, x', ["a", 1]) == (1, 7)
    assert locate(b"", ["a"]) == (1, 1)
    assert locate(b"}", ["a"]) == (1, 1)
    assert locate(b'{"a": 1, "a": 2}}]', ["a"]) == (1, 7)


def test_many_records_of_one_document_are_found_in_turn() -> None:
    """Whatever the order of the questions, the places are those of a text that nobody asked before."""
    records = [{"id": number, "tags": ["ø", {"deep": [number]}]} for number in range(40)]
    text = json.dumps({"page": 1, "cases": records, "more": {"cases": [1, 2]}}, indent=1, ensure_ascii=False)
    asked = [("cases", n, "tags", 1, "deep", 0) for n in (3, 4, 30, 2, 39)]
    asked += [
        ("cases", 40, "id"),
        ("cases", 5, "none"),
        ("cases",),
        ("more", "cases", 1),
        ("page",),
        ("cases", 39, "id"),
    ]
    for steps in asked:
        fresh = text + " " * (1 + asked.index(steps))
        assert locate(text.encode(), steps) == locate(fresh.encode(), steps), steps


def test_a_document_is_not_read_from_its_start_for_each_record(monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0

    def counted(text: str, position: int = 0) -> Iterator[Token]:
        nonlocal read
        for token in tokens(text, position):
            read += 1
            yield token

    monkeypatch.setattr(positions, "tokens", counted)
    text = json.dumps([{"id": number, "name": "x" * 40} for number in range(2_000)]).encode()
    columns = [locate(text, (number, "name"))[1] for number in range(0, 2_000, 2)]
    assert columns == sorted(set(columns))
    assert read < 2 * 2_000 * 10  # ten tokens a record; from the start for each it were ten millions
