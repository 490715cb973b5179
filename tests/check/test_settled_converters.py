"""Proofs at work: what is proven is not asked of results, the rest is, and nothing invalid comes out."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

import casemap
from casemap.conversion import SETTLED_AFTER, Converter
from tests.check.projects import object_of, write_project
from tests.standalone import standalone

TEXT = {"type": "string"}
ORDER = object_of("id", id=TEXT, state={"enum": ["NEW", "SENT"]}, link=TEXT)


def converter_of(folder: Path, rules: str, ticket: Any, **options: Any) -> Converter:
    write_project(folder, rules, ORDER, ticket)
    return standalone(folder).converter("shop/order", "desk/ticket", **options)


def asked(converter: Converter) -> Any:
    return converter._output_validator


PROVEN = "fields:\n  id: id\n  status: {from: state, map: {NEW: open, SENT: closed}}\n"
TICKET = object_of("id", id=TEXT, status={"enum": ["open", "closed"]}, url={"type": "string", "format": "uri"})


def test_a_proven_mapping_validates_no_output(tmp_path: Path) -> None:
    converter = converter_of(tmp_path, PROVEN, TICKET)
    assert converter.check().state == "proven"
    assert asked(converter) is not None
    converter.settle()
    assert asked(converter) is None
    assert converter({"id": "1", "state": "SENT"}) == {"id": "1", "status": "closed"}


def test_it_comes_by_itself(tmp_path: Path) -> None:
    converter = converter_of(tmp_path, PROVEN, TICKET)
    for _ in range(SETTLED_AFTER):
        converter({"id": "1"})
    assert asked(converter) is None


GUARDED = "fields:\n  id: id\n  status: {from: state, map: {NEW: open, SENT: closed}}\n  url: link\n"


def test_what_is_not_proven_is_asked_alone(tmp_path: Path) -> None:
    """The guard is on `url`: of anything else nothing is asked, and an invalid `url` never comes out."""
    converter = converter_of(tmp_path, GUARDED, TICKET)
    proof = converter.check()
    assert proof.state == "guarded"
    assert proof.left == {"properties": {"url": {"type": "string", "format": "uri"}}}
    converter.settle()
    assert converter({"id": "1", "link": "https://a.example/"})["url"] == "https://a.example/"
    assert asked(converter).is_valid({"id": 1, "url": "https://a.example/"})
    with pytest.raises(casemap.ConversionError) as caught:
        converter({"id": "1", "link": "no address"})
    (problem,) = caught.value.problems
    assert (problem.code, problem.target_path, problem.path) == ("CM402", "/url", "/link")
    assert (problem.rule.line, problem.rule.column) == (7, 8)


def test_a_settled_converter_gives_what_it_gave_before() -> None:
    first = casemap.converter("telecomx/case", "khoros/case")
    settled = casemap.converter("telecomx/case", "khoros/case")
    settled.settle()
    cases = [
        {"_id": "1", "subject": "a", "customer": "c", "createdAt": "2024-05-14T08:48:05Z", "state": "CLOSED"},
        {"_id": "1"},
        {"_id": "1", "subject": "a", "customer": "c", "createdAt": "2024-05-14T08:48:05Z"},
        {"_id": "1", "subject": 5},
    ]
    for case in cases:
        assert outcome(settled, case) == outcome(first, case)


def outcome(converter: Converter, case: Any) -> Any:
    try:
        return converter(case)
    except casemap.ConversionError as error:
        return [str(problem) for problem in error.problems]


def test_a_trusted_source_is_not_validated(tmp_path: Path) -> None:
    strict = converter_of(tmp_path, PROVEN, TICKET)
    trusting = standalone(tmp_path).converter("shop/order", "desk/ticket", trust_source=True)
    extra = {"id": "1", "unknown": True}
    with pytest.raises(casemap.ConversionError):
        strict(extra)
    assert trusting(extra) == {"id": "1"}
    assert pickle.loads(pickle.dumps(trusting))(extra) == {"id": "1"}  # noqa: S301 - just made


@pytest.mark.parametrize("payload", [None, [], "x", 5, {"state": []}, {"id": "1", "state": {"a": 1}}])
def test_who_trusts_in_vain_gets_problems_and_no_traceback(payload: Any, tmp_path: Path) -> None:
    trusting = converter_of(tmp_path, PROVEN, TICKET, trust_source=True)
    with pytest.raises(casemap.ConversionError):
        trusting(payload)
