"""Payloads through a converter: counts, losses, and the records of list documents that cannot be converted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from casemap.errors import ConversionError
from casemap.problem import Problem, pointer
from casemap.run.conversion import Conversion
from casemap.run.payloads import Payload, Text
from casemap.run.tally import Loss, Tally

TEXT = Text("in.json", None)


@dataclass(frozen=True)
class Seen:
    result: Any
    lost: Mapping[str, str]
    approximations: Mapping[str, str]
    fallbacks: Mapping[str, str]


@dataclass
class Shouting:
    """Turns the texts under `path` into upper case; a number is rejected, and so is a text that stands twice."""

    records_path: tuple[str, ...] | None
    source: str = "low/words"
    target: str = "high/words"
    route: tuple[str, ...] = ("low-to-high/words",)
    needs_page: bool = False
    calls: list[Any] = field(default_factory=list)

    def __call__(self, payload: Any) -> Any:
        self.calls.append(payload)
        words = payload
        for step in self.records_path or ():
            words = words[step]
        words = words if isinstance(words, list) else [words]
        before = pointer(self.records_path or ()) if self.records_path is not None else None
        problems = [
            Problem("CM401", "not a text", path="" if before is None else f"{before}/{index}")
            for index, word in enumerate(words)
            if not isinstance(word, str)
        ]
        if self.needs_page and payload.get("page") is None:
            problems.append(Problem("CM401", "no page", path="/page"))
        if problems:
            raise ConversionError(problems)
        if len(set(words)) < len(words):
            raise ConversionError([Problem("CM302", "twice", path=before)])
        result = [word.upper() for word in words]
        return result if self.records_path is not None else result[0]

    def observe(self, payload: Any) -> Seen:
        result = self(payload)
        joined = "".join(result) if isinstance(result, list) else result
        lost = {"words.case": "shouted"} if any(letter in joined for letter in "ABC") else {}
        if isinstance(payload, dict) and "page" in payload:
            lost["page"] = ""
        return Seen(result, lost, {"*": "louder"} if "A" in joined else {}, {"*": "louder"} if "B" in joined else {})


def conversion(path: tuple[str, ...] | None, *, observing: bool = True, needs_page: bool = False) -> Conversion:
    return Conversion(Shouting(path, needs_page=needs_page), Tally(), observing=observing)


def rejects(converter: Conversion, value: Any) -> tuple[tuple[Any, ...], list[tuple[bytes, list[str | None]]]]:
    outcome = converter.convert(Payload(value, TEXT))
    return outcome.results, [(reject.line, [problem.path for problem in reject.problems]) for reject in outcome.rejects]


def test_one_payload() -> None:
    words = conversion(None)
    assert rejects(words, "a") == (("A",), [])
    assert rejects(words, 5) == ((), [(b"5", [""])])
    assert words.tally.as_json() == {
        "records": 1,
        "converted": 1,
        "rejected": 0,
        "stopped": False,
        "interrupted": False,
        "routes": [{"source": "low/words", "target": "high/words", "mappings": ["low-to-high/words"], "converted": 1}],
        "lost": [{"type": "low/words", "field": "words.case", "records": 1, "reason": "shouted", "fate": None}],
        "collapsed": [],
        "approximations": [{"type": "high/words", "field": "*", "records": 1, "reason": "louder"}],
        "fallbacks": [],
        "rejects": {},
    }


def test_losses_are_not_looked_for_where_nobody_asks() -> None:
    words = conversion(None, observing=False)
    assert rejects(words, "a") == (("A",), [])
    assert words.tally.lost == {}


@pytest.mark.parametrize("observing", [True, False])
def test_bad_records_are_taken_out_of_a_list(observing: bool) -> None:
    words = conversion(("box", "words"), observing=observing)
    value = {"box": {"words": ["a", 1, "b", 2, "x"]}, "page": 1}
    assert rejects(words, value) == (
        (["A", "B", "X"],),
        [(b"1", ["/box/words/1"]), (b"2", ["/box/words/3"])],
    )
    assert value == {"box": {"words": ["a", 1, "b", 2, "x"]}, "page": 1}
    assert words.tally.converted == 3


def test_losses_of_a_list_are_counted_by_record() -> None:
    words = conversion(("words",))
    words.convert(Payload({"words": ["a", "b", "x"], "page": 1}, TEXT))
    words.convert(Payload({"words": ["a"], "page": 1}, TEXT))
    words.convert(Payload({"words": [], "page": 1}, TEXT))
    assert words.tally.lost == {Loss("low/words", "words.case", "shouted"): 3, Loss("low/words", "page", ""): 3}
    assert words.tally.approximations == {Loss("high/words", "*", "louder"): 2}
    assert words.tally.fallbacks == {Loss("high/words", "*", "louder"): 1}
    assert words.tally.converted == 4


def test_an_array_is_a_list_document_of_its_own() -> None:
    words = conversion(())
    assert rejects(words, ["a", 1]) == ((["A"],), [(b"1", ["/1"])])
    outcome = words.convert(Payload(["a", 1], TEXT, at=("lists", 7)))
    assert [problem.path for problem in outcome.rejects[0].problems] == ["/lists/7/1"]


def test_a_list_without_good_records_is_empty() -> None:
    assert rejects(conversion(()), [1]) == (([],), [(b"1", ["/0"])])


def test_problems_outside_of_the_records_reject_the_document() -> None:
    words = conversion(("words",), needs_page=True)
    value = {"words": ["a", 1]}
    assert rejects(words, value) == ((), [(b'{"words":["a",1]}', ["/words/1", "/page"])])
    assert words.tally.converted == 0


def test_records_that_only_fail_together_reject_the_document() -> None:
    words = conversion(("words",))
    assert rejects(words, {"words": ["a", "a"]}) == ((), [(b'{"words":["a","a"]}', ["/words"])])
    assert rejects(words, {"words": ["a", 1, "a"]}) == ((), [(b'{"words":["a",1,"a"]}', ["/words/1"])])


def test_a_list_document_without_its_array_is_one_payload() -> None:
    class Refusing(Shouting):
        def __call__(self, payload: Any) -> Any:
            raise ConversionError([Problem("CM401", "no words", path="")])

    words = Conversion(Refusing(("words",)), Tally(), observing=True)
    for value in ({"words": 5}, {}, [], 5):
        assert rejects(words, value)[1][0][1] == [""]
