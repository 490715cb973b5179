"""One semantics: on generated mappings and payloads the compiled functions do what the plain evaluator does."""

from __future__ import annotations

import copy
import hashlib
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from casemap.analysis.compose import compose, in_turn
from casemap.analysis.presence import Facts
from casemap.compiler.function import CompiledTree
from casemap.errors import MappingError
from casemap.functions import BUNDLED
from casemap.functions.operators import OPERATORS, TESTS
from casemap.mapping import core
from casemap.mapping.file import Mapping
from casemap.problem import Problem
from casemap.schema.store import SchemaStore, SourceSchema
from tests import evaluator
from tests.evaluator import ABSENT, CODES, Outcome, evaluate, outcome_of, outcomes_of, same
from tests.trees import (
    FUNCTION_ROWS, PARAMS, MappingText, examples, loaded, mapping_files, payloads, schema_of, write_mapping, write_payload,
)  # fmt: skip


def compiled_trees(mapping: Mapping, documents: list[Any]) -> Iterator[tuple[str, CompiledTree]]:
    """The mapping's tree as written and simplified; nothing known of the source, and all that holds of the documents."""
    for knowledge, schema in (("nothing known", {}), ("all known", schema_of(documents))):
        source = SourceSchema(SchemaStore({"a/document": schema}, {}), "a/document")
        for form, (tree, root) in (("as written", in_turn(mapping)), ("simplified", compose([mapping], source))):
            yield f"{form}, {knowledge}", CompiledTree(tree, root, PARAMS, "test", Facts(tree, root, source))


@examples(110)
@given(mapping_files(), st.lists(payloads(), min_size=1, max_size=3))
def test_compiled_functions_equal_the_evaluator(files: MappingText, documents: list[Any]) -> None:
    mapping = _loaded(files)
    tree, root = in_turn(mapping)
    expected = [outcome_of(tree, root, document, PARAMS) for document in documents]
    for outcome in expected:
        event("rejected" if outcome.rejected else "value")
    for form, compiled in compiled_trees(mapping, documents):
        for document, outcome in zip(documents, expected, strict=True):
            given_document = copy.deepcopy(document)
            for name, found in outcomes_of(compiled, given_document):
                assert found == outcome, f"{form}, {name}: {found}, not {outcome}"
                check_problems(found, outcome, document, files)
            assert same(given_document, document), f"{form}: the payload was modified"


def check_problems(found: Outcome, expected: Outcome, document: Any, files: MappingText) -> None:
    """Rejected for what the evaluator found, with places that are there."""
    codes = {problem.code for problem in found.problems}
    assert codes <= CODES
    assert expected.rejected is None or expected.rejected in codes
    for problem in found.problems:
        rule = problem.rule
        assert rule is not None
        text = {"document.yaml": files.text, "part-document.yaml": files.neighbour}[rule.file]
        assert text is not None
        assert 1 <= rule.column <= len(text.splitlines()[rule.line - 1])
        check_path(problem, document)


def check_path(problem: Problem, document: Any) -> None:
    """The path leads to a value of the payload, or to where one is missing in a value that is there."""
    if not problem.path:
        return
    *parents, _ = (step.replace("~1", "/").replace("~0", "~") for step in problem.path.split("/")[1:])
    value = document
    for step in parents:
        value = value[step if isinstance(value, dict) else int(step)]


def _loaded(files: MappingText) -> Mapping:
    try:
        return loaded(files)
    except MappingError:
        assume(False)
        raise


# what the examples are worth


def test_the_examples_reach_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most conversions give a value; each node, function, option and policy is computed, and gives a value, somewhere."""
    reached: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()

    def traced(node: core.Node, environment: evaluator.Environment) -> Any:
        value = evaluate(node, environment)
        if value is not ABSENT:
            reached.update(_features(node))
        return value

    monkeypatch.setattr(evaluator, "evaluate", traced)
    for seed in range(800):
        below = random.Random(seed).randrange
        files = write_mapping(below)
        try:
            tree, root = in_turn(loaded(files))
        except MappingError:
            outcomes["not loaded"] += 1
            continue
        outcome = outcome_of(tree, root, write_payload(below), PARAMS)
        outcomes[outcome.rejected or "value"] += 1
        outcomes["not empty"] += outcome.value not in (None, {}, [])
    assert outcomes["not loaded"] <= 8
    assert outcomes["value"] >= 0.6 * 800
    assert outcomes["not empty"] >= 0.5 * 800
    assert set(outcomes) >= CODES
    nodes = {node.__name__ for node in core.Node.__args__}  # type: ignore[attr-defined]
    functions = {*OPERATORS, *(f"is {name}" for name in TESTS), *BUNDLED.names()} - {"default", "coalesce"}
    parts = {"Computed", "Spread", "drop_on_collision", "every", "any", "never", "computed step", "keep_null"}
    arrays = {"where", "sort", "descending", "unique", "first", "last", "keyed error", "keyed first", "keyed last",
              "keyed collect", "strict"}  # fmt: skip
    policies = {"error", "drop", "keep", "const", "ignore_case"}
    assert {*nodes, *functions, *parts, *arrays, *policies} - set(reached) == set()


def test_every_function_is_in_the_generator() -> None:
    assert {row[0] for row in FUNCTION_ROWS} | {"default", "coalesce"} == set(BUNDLED.names())


def _features(node: Any) -> Iterator[str]:
    yield type(node).__name__
    match node:
        case core.Call():
            yield node.function.name
        case core.Path():
            yield from ("computed step" for step in node.steps if core.is_node(step))
            yield from ("keep_null" for _ in range(node.keep_null))
        case core.Object():
            yield node.absent
            yield from (type(part).__name__ for part in node.parts)
            yield from ("drop_on_collision" for part in node.parts if getattr(part, "drop_on_collision", False))
        case core.Each():
            yield from (name for name in ("where", "sort", "descending", "unique", "strict") if getattr(node, name))
            yield node.take or (f"keyed {node.repeated}" if node.key is not None else "array")
        case core.Lookup():
            yield node.otherwise if isinstance(node.otherwise, str) else "const"
            yield from ("ignore_case" for _ in range(node.table.ignore_case))


# generated code


@examples(25)
@given(mapping_files())
def test_code_is_the_same_each_time(files: MappingText) -> None:
    one, other = _sources(_loaded(files)), _sources(_loaded(files))
    assert one == other


def _sources(mapping: Mapping) -> list[str]:
    found: list[str] = []
    for _, compiled in compiled_trees(mapping, []):
        found += [
            compiled.source_code,
            compiled._build(exact=True).source,
            compiled._build(observe=True).source,
        ]
    return found


def code_digest(seeds: int) -> str:
    """A digest of the code of some mappings, for comparison between processes."""
    digest = hashlib.sha256()
    for seed in range(seeds):
        for source in _sources(loaded(write_mapping(random.Random(seed).randrange))):
            digest.update(source.encode())
    return digest.hexdigest()


def test_code_does_not_depend_on_the_order_of_sets() -> None:
    """Python orders sets of texts by hashes, which differ from process to process."""
    program = "from tests.test_equivalence import code_digest; print(code_digest(15))"
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(digests) == 1
