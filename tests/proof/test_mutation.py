"""Mutants that payloads show wrong are reported; a few here, all of them with `python -m tests.proof.mutation`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from casemap.catalog import MappingEntry
from tests.proof import mutation
from tests.proof.mutants import Mutant, mapping_mutants, schema_mutants
from tests.proof.mutation import KINDS, Score, Verdict, judged, mutants_of, original, originals

CHOSEN = (
    "egain-to-common/case",
    "egain-to-common/case-query",
    "telecomx-to-common/error",
    "common-to-telecomx/case-query",
)


def entry(id: str) -> MappingEntry:
    return next(found for found in originals(id) if found.id == id)


@pytest.mark.parametrize("id", CHOSEN)
def test_what_payloads_show_wrong_is_reported(id: str) -> None:
    score = Score()
    for mutant in mutants_of(entry(id), sample=1):
        verdict = judged(entry(id), mutant)
        assert not verdict.missed, f"{mutant.kind}: {mutant.what}: {verdict.why}\n{verdict.payload}"
        assert not verdict.false, f"{mutant.kind}: {mutant.what}: {verdict.state}"
        score.add(verdict)
    assert score.mutants > 5
    assert score.shown > 1
    assert score.examples >= score.shown - 1


@pytest.mark.parametrize("id", CHOSEN)
def test_an_unchanged_mapping_gives_no_false_finding(id: str) -> None:
    found = original(entry(id))
    assert not found.proof.problems
    assert not found.unshown


def test_a_mutant_that_is_not_reported_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = next(each for each in mutants_of(entry("telecomx-to-common/error")) if each.kind == "narrow the target")
    monkeypatch.setattr(mutation, "foreseen", lambda problem, guard: False)
    shown = [
        judged(entry("telecomx-to-common/error"), each)
        for each in mutants_of(entry("telecomx-to-common/error"), sample=3)
        if each.kind == mutant.kind
    ]
    assert any(verdict.shown for verdict in shown)
    assert all(verdict.reported == (verdict.state == "wrong") for verdict in shown)


# --- mutants ---------------------------------------------------------------------------------------------------------


def test_there_are_mutants_of_every_kind() -> None:
    counts = Counter(mutant.kind for found in originals() for mutant in mutants_of(found))
    assert set(counts) == set(KINDS)
    assert counts["misspell a path"] > 500
    assert sum(counts.values()) > 2000


def test_a_mutant_differs_in_one_thing() -> None:
    """Nearly every mutant is still YAML, and its file has one line that differs, or fewer lines."""
    for found in originals("egain"):
        text = Path(found.file).read_text("utf-8")
        texts = [mutant.text for mutant in mapping_mutants(text, lambda one, other: True)]
        assert len(set(texts)) == len(texts)
        assert text not in texts
        for changed in texts:
            before, after = text.splitlines(), changed.splitlines()
            if len(before) == len(after):
                assert 1 <= sum(one != other for one, other in zip(before, after, strict=True)) <= 2
            else:
                assert len(after) < len(before)


MAPPING = """\
casemap: 1
value_maps:
  states: {a: open, 'b c': closed}
fields:
  one: {from: state.value, map: states}
  two: opened | datetime(input='epoch_s')
  three:
    first_of:
      - {const: 7, when: "kind == 'note' and not is_odd"}
      - three
"""


def _kinds(kind: str) -> list[Mutant]:
    return [mutant for mutant in mapping_mutants(MAPPING, lambda one, other: one != other) if mutant.kind == kind]


def _rules(mutant: Mutant) -> Any:
    return yaml.safe_load(mutant.text)["fields"]


def test_mutants_of_a_mapping() -> None:
    assert [sorted(_rules(mutant)) for mutant in _kinds("drop a field")] == [
        ["three", "two"],
        ["one", "three"],
        ["one", "two"],
    ]
    assert [mutant.what for mutant in _kinds("remove an entry")] == ["entry `a` removed", "entry `b c` removed"]
    assert [mutant.what for mutant in _kinds("drop a datetime")] == [
        "`opened | datetime(input='epoch_s')` without datetime"
    ]
    assert _rules(_kinds("drop a datetime")[0])["two"] == "opened"
    misspelt = [mutant.what for mutant in _kinds("misspell a path")]
    assert misspelt == [
        "`state` is `staet`", "`value` is `valeu`", "`opened` is `opende`", "`kind` is `kidn`", "`is_odd` is `is_oddx`",
        "`three` is `threex`",
    ]  # fmt: skip
    constants = [mutant.what for mutant in _kinds("wrong constant")]
    assert constants[:2] == ["entry `open` is shut", "entry `open` is 7"]
    assert constants[-1] == "constant `7` is []"
    (swapped,) = _kinds("swap two fields")
    assert _rules(swapped)["two"] == {"from": "state.value", "map": "states"}


def test_mutants_of_a_schema() -> None:
    schema = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string", "maxLength": 5}, "kind": {"type": "string", "enum": ["a", "b"]}},
    }
    found = {(mutant.kind, mutant.what): mutant.schema for mutant in schema_mutants(schema, "a/doc", "source")}
    assert found["widen the source", ": `id` not required"]["required"] == []
    assert found["widen the source", "properties/id: no maxLength"]["properties"]["id"] == {"type": "string"}
    assert found["narrow the source", ": `kind` required"]["required"] == ["id", "kind"]
    assert found["narrow the source", "properties/kind: no 'b'"]["properties"]["kind"]["enum"] == ["a"]
    assert found["retype the source", "properties/kind: an integer"]["properties"]["kind"] == {"type": "integer"}
    assert schema["required"] == ["id"]
    assert all(changed != schema for changed in found.values())


def test_scores_add_up() -> None:
    score = Score()
    mutant = Mutant("drop a field", "`id` dropped")
    score.add(Verdict("a/b", mutant, shown=True, reported=True, example=True))
    score.add(Verdict("a/b", mutant, shown=True))
    score.add(Verdict("a/b", mutant, changed=True, told=True))
    score.add(Verdict("a/b", mutant, refused=True, reported=True))
    assert score.row("all") == ["all", "4", "1", "2", "1", "1", "1", "1"]
    assert len(score.missed) == 1
