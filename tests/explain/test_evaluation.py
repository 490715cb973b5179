"""The tracing evaluation means what the plain evaluator means, and its traces lead to where values came from."""

from __future__ import annotations

import random
from typing import Any

import pytest

from casemap.analysis.compose import compose, in_turn
from casemap.analysis.explain.evaluate import Evaluation
from casemap.analysis.explain.explain import Explainable, explain
from casemap.analysis.explain.explanation import Explanation
from casemap.analysis.explain.trace import Trace
from casemap.analysis.fates import Ledger
from casemap.errors import Failure, MappingError
from casemap.mapping.core import Node, Symbol
from casemap.mapping.file import Mapping
from casemap.problem import Problem
from casemap.schema.store import SchemaStore, SourceSchema
from tests.evaluator import Outcome, outcome_of, same
from tests.trees import PARAMS, MappingText, loaded, schema_of, write_mapping, write_payload

HEAD = "{casemap: 1, source: a/document, target: b/document, "
SEEDS = 400


def traced(tree: Node, root: Symbol, document: Any) -> tuple[Outcome, Trace | None]:
    """The outcome of the tracing evaluation, and the trace of the result."""
    try:
        trace = Evaluation(PARAMS).document(tree, root, document)
    except Failure as failure:
        return Outcome(rejected=failure.code), None
    return Outcome(trace.value), trace


def trees_of(mapping: Mapping, document: Any) -> list[tuple[Node, Symbol]]:
    """A mapping's tree as it was written, and simplified with what the document shows."""
    source = SourceSchema(SchemaStore({"a/document": schema_of([document])}, {}), "a/document")
    return [in_turn(mapping), compose([mapping], source)]


@pytest.mark.parametrize("start", range(0, SEEDS, 100))
def test_the_values_are_those_of_the_evaluator(start: int) -> None:
    compared = 0
    for seed in range(start, start + 100):
        below = random.Random(seed).randrange
        files = write_mapping(below)
        document = write_payload(below)
        try:
            mapping = loaded(files)
        except MappingError:
            continue
        expected = outcome_of(*in_turn(mapping), document, PARAMS)
        for tree, root in trees_of(mapping, document):
            found, trace = traced(tree, root, document)
            assert found == expected, f"seed {seed}: {found}, not {expected}\n{files.text}"
            if trace is not None:
                check_places(trace, document)
                compared += 1
    assert compared > 100


def check_places(trace: Trace, document: Any) -> None:
    """A value with a place is the payload's own; a part of an object or array that was built is that of its trace."""
    waiting, seen = [trace], set()
    while waiting:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        if found.place is not None and found.present:
            value = document
            for step in found.place:
                value = value[step]
            assert same(value, found.value)
        if found.present and found.members is not None:
            assert {name: part.value for name, part in found.members.items()} == found.value
        if found.present and found.items is not None:
            assert [part.value for part in found.items] == found.value
        waiting += [*found.inputs, *found.deciding, *found.passed_over, *(found.members or {}).values()]
        waiting += found.items or []


ARRANGEMENTS: tuple[tuple[str, Any, Any, str], ...] = (
    ("tags | last", {"tags": ["a", "b", "a"]}, "a", "/tags/2"),
    ("tags | reverse | first", {"tags": ["a", "b", "a"]}, "a", "/tags/2"),
    ("tags | slice(1, 3) | last", {"tags": ["a", "a", "a"]}, "a", "/tags/2"),
    ("tags | sort | first", {"tags": ["b", "a"]}, "a", "/tags/1"),
    ("tags | unique | last", {"tags": ["b", "a", "b"]}, "a", "/tags/1"),
    ("counts | max", {"counts": [1, 3, 2]}, 3, "/counts/1"),
    ("items | map('name') | last", {"items": [{"name": "x"}, {}, {"name": "y"}]}, "y", "/items/2/name"),
    ("(items | select('kind', 'b') | first).name", {"items": [{"kind": "a"}, {"kind": "b", "name": "n"}]}, "n", "/items/1/name"),
    ("(extra | pick('b')).b", {"extra": {"a": 1, "b": 2}}, 2, "/extra/b"),
    ("(extra | omit('a')).b", {"extra": {"a": 1, "b": 2}}, 2, "/extra/b"),
    ("(extra | merge(more)).b", {"extra": {"a": 1, "b": 2}, "more": {"b": 3}}, 3, "/more/b"),
    ("(extra | entries)[1].value", {"extra": {"a": 1, "b": 2}}, 2, "/extra/b"),
    ("extra | values | last", {"extra": {"a": 1, "b": 2}}, 2, "/extra/b"),
    ("(pairs | from_entries).b", {"pairs": [{"key": "a", "value": 1}, {"key": "b", "value": 2}]}, 2, "/pairs/1/value"),
    ("(tags | zip(counts))[1][1]", {"tags": ["a", "b"], "counts": [1, 2]}, 2, "/counts/1"),
    ("nested | flatten | last", {"nested": [[1], [2, 1]]}, 1, "/nested/1/1"),
    ("tags | compact | last", {"tags": ["a", None, "b"]}, "b", "/tags/2"),
    ("one | as_list | first", {"one": "x"}, "x", "/one"),
    ("one | absent_if('')", {"one": "x"}, "x", "/one"),
    ("tags[-1]", {"tags": ["a", "b"]}, "b", "/tags/1"),
)  # fmt: skip


@pytest.mark.parametrize(("expression", "document", "value", "place"), ARRANGEMENTS)
def test_what_is_arranged_keeps_its_place(expression: str, document: Any, value: Any, place: str) -> None:
    mapping = loaded(MappingText(f'{HEAD}fields: {{a: "{expression}"}}}}'))
    _, trace = traced(*in_turn(mapping), document)
    assert trace is not None
    assert trace.members is not None
    found = trace.members["a"]
    assert found.value == value
    assert found.place is not None
    assert "".join(f"/{step}" for step in found.place) == place


# --- explanations -------------------------------------------------------------------------------------------------


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """The leaves of a document by their JSON Pointers."""
    if isinstance(value, dict) and value:
        steps = [(name.replace("~", "~0").replace("/", "~1"), item) for name, item in value.items()]
    elif isinstance(value, list) and value:
        steps = [(str(index), item) for index, item in enumerate(value)]
    else:
        return {path: value}
    return {below: leaf for step, item in steps for below, leaf in leaves(item, f"{path}/{step}").items()}


@pytest.mark.parametrize("start", range(1000, 1000 + SEEDS // 2, 50))
def test_explanations_of_generated_mappings(start: int) -> None:
    explained = 0
    for seed in range(start, start + 50):
        below = random.Random(seed).randrange
        files = write_mapping(below)
        document = write_payload(below)
        try:
            mapping = loaded(files)
        except MappingError:
            continue
        expected = outcome_of(*in_turn(mapping), document, PARAMS)
        problems = () if expected.rejected is None else (Problem(expected.rejected, ""),)
        for tree, root in trees_of(mapping, document):
            route = Explainable("a/document", "b/document", ("a",), tree, root, PARAMS, Ledger((), ()))
            check_explanation(explain(route, document, problems), document, expected)
            explained += not problems
    assert explained > 30


def check_explanation(explanation: Explanation, document: Any, expected: Outcome) -> None:
    parts = [*explanation.used, *explanation.unused]
    assert len(parts) == len({part.path for part in parts})
    found = {part.path: part.value for part in parts}
    assert same({path: found.get(path, found) for path in leaves(document)}, leaves(document))
    assert len(found) == len(leaves(document))
    for field in explanation.fields:
        if field.sources and not field.steps:  # nothing was done to it, so it is that value or a part of it
            (source,) = field.sources
            assert same(source.value, field.value) or isinstance(source.value, dict | list)
    if expected.rejected is None:
        assert same(explanation.result, expected.value)
        assert same({field.path: field.value for field in explanation.fields}, leaves(expected.value))
        absent = {field.path for field in explanation.missing}
        assert absent.isdisjoint(leaves(expected.value))
