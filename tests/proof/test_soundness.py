"""The bundled routes keep what is proven of them, on a few payloads each; `python -m tests.proof.soundness` takes many."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casemap import Converter
from casemap.analysis.compose import in_turn
from casemap.catalog import Route, bundled_folder
from tests.proof import soundness, tables
from tests.proof.coverage import Coverage, told
from tests.proof.generator import MappingPayloads
from tests.proof.oracle import Oracle, schema_files
from tests.proof.soundness import MOST_COVERED, PARAMS, UNREACHABLE, Outcome, check_payload, check_route, routes

ROUTES = [pytest.param(route, id=f"{route.source} to {route.target}") for route in routes()]
MAPPINGS = [pytest.param(route, id=route.mappings[0]) for route in routes() if len(route.mappings) == 1]
PAYLOADS = 30


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_proven_of_a_route_holds(route: Route) -> None:
    outcome = check_route(route, PAYLOADS, seed=7, cover=False)
    assert not outcome.violations, "\n".join(outcome.shown)
    assert not outcome.unshown, "a guard that neither its counterexample nor a payload shows"
    assert outcome.payloads == PAYLOADS
    assert outcome.converted or outcome.state != "proven"


@pytest.mark.parametrize("route", MAPPINGS)
def test_payloads_reach_every_part_of_a_mapping(route: Route) -> None:
    converter = soundness.converter_of(route)
    tree, root = in_turn(soundness.catalog().mapping(route.mappings[0]))
    coverage = Coverage(tree, root, PARAMS)
    made = MappingPayloads(soundness.catalog().store, route.source, converter.tree, converter.root, route.target)
    coverage.run(itertools.islice(made, MOST_COVERED), UNREACHABLE)
    missing = {told(part) for part in coverage.missing}
    assert missing <= set(UNREACHABLE), missing - set(UNREACHABLE)
    assert len(coverage.parts) > 4


def test_every_bundled_mapping_is_a_route() -> None:
    of_one = {route.mappings[0] for route in routes() if len(route.mappings) == 1}
    assert of_one == {entry.id for entry in soundness.catalog().mappings}
    assert len(of_one) == 23


def test_what_is_called_unreachable_stands_in_a_mapping() -> None:
    lines = {
        line.strip()
        for file in bundled_folder().glob("mappings/*/*.yaml")
        for line in file.read_text("utf-8").splitlines()
    }
    assert {key.partition(": ")[2] for key in UNREACHABLE} <= lines
    assert all(UNREACHABLE.values())


# --- the harness itself can fail -------------------------------------------------------------------------------------


def _checked(change: Callable[[Any], Any], payload: Any) -> Outcome:
    """The outcome for one payload of a guarded mapping, with a proof that was tampered with."""
    route = next(route for route in routes("common/case-query → telecomx/case-query"))
    converter = soundness.converter_of(route)
    proof = change(converter.check())
    outcome = Outcome(route, proof.state, len(proof.guards))
    check_payload(outcome, converter, proof, payload)
    return outcome


def test_a_rejection_by_a_proven_mapping_is_a_violation() -> None:
    outcome = _checked(lambda proof: replace(proof, state="proven", guards=()), {"limit": 0})
    assert outcome.violations == {"proven and rejected": 1, "not foreseen": 1}
    assert '"limit": 0' in outcome.shown[0]


def test_a_rejection_that_no_guard_foresees_is_a_violation() -> None:
    without = _checked(
        lambda proof: replace(proof, guards=tuple(g for g in proof.guards if g.field != "limit")), {"limit": 0}
    )
    assert without.violations == {"not foreseen": 1}
    assert not _checked(lambda proof: proof, {"limit": 0}).violations


def test_an_invalid_result_is_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Converter, "__call__", lambda self, payload: {"limit": 0})
    assert _checked(lambda proof: proof, {}).violations == {"invalid result": 1}


def test_anything_else_that_is_raised_is_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Converter, payload: Any) -> Any:
        raise KeyError("id")

    monkeypatch.setattr(Converter, "__call__", broken)
    assert _checked(lambda proof: proof, {}).violations == {"raised": 1}


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_prints_a_table_and_writes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "proof.md"
    page.write_text(tables.DOCUMENT.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(tables, "DOCUMENT", page)
    command = ["--payloads", "20", "--only", "khoros/error", "--write"]
    assert soundness.main(command) == 0
    row = "| khoros/error → common/error | proven | 0 | 20 | 20 | 0 | 6 of 6 | 0 |"
    assert row in capsys.readouterr().out
    written = page.read_text("utf-8")
    assert written.count(row) == 1
    assert soundness.main(command) == 0
    assert page.read_text("utf-8") == written
    with pytest.raises(ValueError, match="no place for other"):
        tables.write_section("other", "", page)


def test_the_command_fails_on_a_violation(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Oracle, "is_valid", lambda self, value, type_name: False)
    assert soundness.main(["--payloads", "5", "--only", "khoros/error"]) == 1
    captured = capsys.readouterr()
    assert "| 5 |\n" in captured.out
    assert "khoros/error → common/error: invalid result" in captured.err


# --- the oracle ----------------------------------------------------------------------------------------------------

ORACLE = Oracle(
    schema_files(bundled_folder())
    | {"a/time": {"format": "date-time"}, "a/text": {"pattern": "^a$"}, "a/uri": {"format": "uri"}}
)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2024-05-14T08:48:05Z", True),
        ("2024-05-14t08:48:05.123456789z", True),
        ("1990-12-31T23:59:60Z", True),
        ("1990-12-31T15:59:60-08:00", True),
        ("1991-01-01T08:44:60.5+08:45", True),
        ("1990-12-31T22:59:60Z", False),
        ("1990-12-31T23:59:60+08:00", False),
        ("1990-12-31T23:59:61Z", False),
        ("0000-02-29T00:00:00Z", True),
        ("0000-02-30T00:00:00Z", False),
        ("2023-02-29T00:00:00Z", False),
        ("2024-05-14T08:48:05Z\n", False),
        ("2024-05-14T08:48:05", False),
        ("2024-05-14 08:48:05Z", False),
    ],
)
def test_the_oracle_knows_times(text: str, valid: bool) -> None:
    assert ORACLE.is_valid(text, "a/time") == valid


def test_the_oracle_knows_the_end_of_a_text() -> None:
    assert ORACLE.is_valid("a", "a/text")
    assert not ORACLE.is_valid("a\n", "a/text")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("http://[::1]:8080/", True),
        ("http://[::1::2]/", False),
        ("a:", True),
        ("/a", False),
        ("https://a/ü", False),
        ("a b:", False),
    ],
)
def test_the_oracle_knows_addresses(text: str, valid: bool) -> None:
    assert ORACLE.is_valid(text, "a/uri") == valid
