"""One semantics: on generated mappings and payloads the compiled functions do what the plain evaluator does."""

from __future__ import annotations

import copy
import hashlib
import itertools
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, reject
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
    FUNCTION_ROWS,
    PARAMS,
    MappingText,
    examples,
    loaded,
    mapping_files,
    payloads,
    schema_of,
    write_mapping,
    write_payload,
)  # fmt: skip

pytestmark = pytest.mark.filterwarnings("error::SyntaxWarning")


FORMS = ("as written", "simplified")
KNOWLEDGE = ("nothing", "all")


def compiled(mapping: Mapping, documents: list[Any], form: str, known: str) -> CompiledTree:
    """The mapping's tree in one of two forms, with nothing known of its source or all that the documents share."""
    schema = schema_of(documents) if known == "all" else {}
    source = SourceSchema(SchemaStore({"a/document": schema}, {}), "a/document")
    tree, root = in_turn(mapping) if form == "as written" else compose([mapping], source)
    return CompiledTree(tree, root, copy.deepcopy(PARAMS), "test", Facts(tree, root, source))


@examples(170)
@given(
    mapping_files(), st.lists(payloads(), min_size=1, max_size=4), st.sampled_from(FORMS), st.sampled_from(KNOWLEDGE)
)
def test_compiled_functions_equal_the_evaluator(
    files: MappingText, documents: list[Any], form: str, known: str
) -> None:
    try:
        outcomes = check(files, documents, form, known)
    except MappingError:
        reject()
    for outcome in outcomes:
        event("rejected" if outcome.rejected else "value")


def check(files: MappingText, documents: list[Any], form: str, known: str) -> list[Outcome]:
    """Hold the compiled functions of a mapping equal to the evaluator; gives the outcomes."""
    mapping = loaded(files)
    tree, root = in_turn(mapping)
    expected = [outcome_of(tree, root, document, PARAMS) for document in documents]
    functions = compiled(mapping, documents, form, known)
    for document, outcome in zip(documents, expected, strict=True):
        given_document = copy.deepcopy(document)
        for name, found in outcomes_of(functions, given_document):
            assert found == outcome, f"{name}: {found}, not {outcome}"
            check_problems(found, outcome, document, files)
        assert same(given_document, document), "the payload was modified"
    return expected


ITEMS: list[Any] = [
    {"name": "a", "count": 2, "group": "x"}, None, {"name": "b", "count": 1, "group": "y"}, {"count": 2, "group": "x"},
    {"name": "c", "group": "y"}, {"name": "d", "count": 1}, {"name": "e", "count": 2.0, "group": "x"},
    {"name": "f", "count": 0},
]  # fmt: skip
SELECTIONS = ("", "where: this.count is not defined or count > 0, ")
ORDERS = ("", "sort_by: count, ", "sort_by: count, descending: true, ")
DISTINCT = ("", "unique_by: group, ", "unique_by: count, ")
ENDS = (
    "", "take: first, ", "take: last, ", "key: group, repeated: first, ", "key: group, repeated: last, ",
    "key: group, repeated: collect, ", "key: group, ", "key: name, ",
)  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_every_form_of_each(end: str) -> None:
    """Ties, items without a key, without a value, and null ones, through every combination of what goes with `each`."""
    for where, sort, unique, nulls in itertools.product(SELECTIONS, ORDERS, DISTINCT, ("drop", "keep")):
        text = f"{HEAD}each: items, {where}{sort}{unique}{end}nulls: {nulls}, value: name}}"
        check(
            MappingText(text),
            [{"items": ITEMS}, {"items": []}, {"items": [None]}, {}, {"items": 1}],
            "simplified",
            "nothing",
        )


PARTS = ("a: x", "'*': {from: y}", "'*': {from: y, on_collision: drop}", "'[name]': z", "'*': list")
OBJECTS: list[Any] = [
    {"x": 1, "y": {"a": 2, "b": 3}, "z": 4, "name": "b"}, {"y": {"a": 2}}, {"x": 1, "y": {"b": 1}, "name": "c", "z": 1},
    {"z": 1, "name": "a"}, {}, {"y": {}}, {"x": None, "name": "b", "z": None, "y": {"b": None}}, {"name": 1},
    {"list": [{"b": 1}, {"b": 2}], "y": {"c": 1}}, {"list": [{"c": 1}], "y": {"b": 1}, "name": "c", "z": 3},
    {"list": [1]},
]  # fmt: skip


@pytest.mark.parametrize("form", ["whole: false, ", "whole: true, "])
def test_every_order_of_members(form: str) -> None:
    """Declared, computed and spread members that collide or not, in every order."""
    for count in (1, 2, 3):
        for parts in itertools.permutations(PARTS, count):
            if sum(part.startswith("'*'") for part in parts) < 2:
                text = f"{HEAD}fields: {{o: {{{form}fields: {{{', '.join(parts)}}}}}}}}}"
                check(MappingText(text), OBJECTS, "simplified", "nothing")


HEAD = "{casemap: 1, source: a/document, target: b/document, "
FOUND: dict[str, tuple[str, Any]] = {
    "a null that one branch alone looks at": (
        "{nulls: keep, each: items, fields: {a: {choose: [{from: x, when: parent.open}, {from: x, when: x}]}}}",
        {"items": [{}]},
    ),
    "an item of a template that is looked into and written": (
        "{fields: {a: {template: '{% for x in items %}{% if open %}{{ x.name }}{% endif %}{{ x }}{% endfor %}'}}}",
        {"items": [{}]},
    ),
    "a constant null in a rule that drops nulls": ("{fields: {a: {first_of: [{const: null, nulls: keep}]}}}", {}),
    "a null dropped before the default": (
        "{fields: {a: {first_of: [{const: null, nulls: keep}], default: name}}}",
        {"name": "red"},
    ),
    "a failure under a test": ("{choose: [{when: '(code | int) is none', const: {}}]}", {"code": "x"}),
    "a key that rejects before an item is taken": (
        "{each: tags, unique_by: this.x, take: first, value: this}",
        {"tags": ["red"]},
    ),
    "an absent computed key": ("{fields: {'[name]': title | required}}", {}),
    "an absent key of an item": ("{each: items, key: name, value: title | required}", {"items": [{}]}),
    "a step below something absent": ("{fields: {a: 'extra[code | int]'}}", {"code": "x"}),
    "a body that is never there": (
        "{fields: {a: {each: items, value: {when: 'false', first_of: ['0']}}}}",
        {"items": [{}]},
    ),
    "a template's loop that ends at an absent item": (
        "{fields: {a: {template: '{% for x in items %}{{ x.name }}{% endfor %}'}}}",
        {"items": [{}, -1]},
    ),
    "each over a constant": ("{let: {v: {const: x}}, fields: {a: {each: v, value: this}}}", {}),
}
"""What generated examples found once."""


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_once(name: str) -> None:
    body, document = FOUND[name]
    for form, known in itertools.product(FORMS, KNOWLEDGE):
        check(MappingText(HEAD + body[1:]), [document], form, known)


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


SHARED = (
    "{fields: {a: {const: [1]}}}",
    "{fields: {a: '[1]'}}",
    "{fields: {a: {from: name, map: {red: [1]}}}}",
    "{fields: {a: {from: name, map: {}, else: {const: [1]}}}}",
    "{fields: {a: 'none | default([1])'}}",
    "{fields: {a: '[[1]] | reverse | first'}}",
    "{fields: {a: {each: '[[1]]', take: first, value: this}}}",
    "{params: {limits: {type: object}}, fields: {a: params.limits.names}}",
)


@pytest.mark.parametrize("body", SHARED)
@pytest.mark.parametrize("form", FORMS)
def test_results_share_nothing_with_each_other(body: str, form: str) -> None:
    """What a user does to one result is not seen in the next; only what is copied from a payload is the payload's."""
    functions = compiled(loaded(MappingText(HEAD + body[1:])), [], form, "nothing")
    first = [found.value for _, found in outcomes_of(functions, {"name": "red"})]
    expected = copy.deepcopy(first[0])
    for value in first:
        value["a"].append("more")
    assert [found.value for _, found in outcomes_of(functions, {"name": "red"})] == [expected] * len(first)


# what the examples are worth


def test_the_examples_reach_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most conversions give a value; each node, function, option and policy gives one somewhere."""
    reached: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()

    def traced(node: core.Node, environment: evaluator.Environment) -> Any:
        value = evaluate(node, environment)
        if value is not ABSENT:
            reached.update(_features(node))
        return value

    monkeypatch.setattr(evaluator, "evaluate", traced)
    for seed in range(700):
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
    assert outcomes["value"] >= 0.6 * 700
    assert outcomes["not empty"] >= 0.5 * 700
    assert set(outcomes) >= CODES
    nodes = {node.__name__ for node in core.Node.__args__}
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


@examples(12)
@given(mapping_files())
def test_code_is_the_same_each_time(files: MappingText) -> None:
    try:
        mappings = loaded(files), loaded(files)
    except MappingError:
        reject()
    one, other = map(_sources, mappings)
    assert one == other


def _sources(mapping: Mapping) -> list[str]:
    found: list[str] = []
    for form in FORMS:
        functions = compiled(mapping, [], form, "nothing")
        found += [
            functions.source_code,
            *(functions._build(**kind).source for kind in ({"exact": True}, {"observe": True})),
        ]
    return found


def code_digest(seeds: int) -> str:
    """A digest of the code of some mappings, for comparison between processes."""
    digest = hashlib.sha256()
    for seed in range(seeds):
        below = random.Random(seed).randrange
        for source in _sources(loaded(write_mapping(below))):
            digest.update(source.encode())
    return digest.hexdigest()


def test_code_does_not_depend_on_the_order_of_sets() -> None:
    """Python orders sets of texts by hashes, which differ from process to process."""
    program = "from tests.test_equivalence import code_digest; print(code_digest(10))"
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
