"""Inference: what the values of a rule can be, given the schema of the source."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from casemap.errors import MappingError
from casemap.schema.shapes import covers
from tests.check.inferring import KNOWLEDGE, Knowledge, check_inference
from tests.check.projects import object_of, proof_of
from tests.trees import MappingText, examples, loaded, mapping_files, payloads

TEXT = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}
ORDER = object_of(
    "id state opened",
    id={"type": "string", "minLength": 1},
    state={"enum": ["NEW", "SENT", "LOST"]},
    opened=TIME,
    closed=TIME,
    subject=TEXT,
    count={"type": "integer", "minimum": 0},
    amount={"type": "number"},
    urgent={"type": "boolean"},
    note={"type": ["string", "null"]},
    lines={"type": "array", "items": object_of("sku", sku=TEXT, price={"type": "number"}), "minItems": 1},
    tags={"type": "array", "items": {"enum": ["a", "b"]}},
    customer={
        "anyOf": [
            object_of("kind name", kind={"const": "person"}, name=TEXT),
            object_of("kind company", kind={"const": "firm"}, company={"type": "string", "maxLength": 40}),
        ]
    },
    extra={"type": "object", "patternProperties": {"^x_": {"type": "integer"}}, "additionalProperties": TEXT},
    pair={"type": "array", "prefixItems": [TEXT, {"type": "integer"}], "items": False, "minItems": 2},
    child={"$ref": "#"},
)

PROVEN: list[tuple[str, Any, bool]] = [
    # a rule, what its values are, whether there always is one
    ("id", {"type": "string", "minLength": 1}, True),
    ("subject", TEXT, False),
    ("subject | default('none')", TEXT, True),
    ("note | default('none')", TEXT, True),
    ("state", {"enum": ["NEW", "SENT", "LOST"]}, True),
    ("state | lower", {"enum": ["new", "sent", "lost"]}, True),
    ("id | truncate(80)", {"type": "string", "maxLength": 80}, True),
    ("opened | datetime", TIME, True),
    ("closed | datetime", TIME, False),
    ("coalesce(closed, opened) | datetime", TIME, True),
    ("count + 1", {"type": "integer"}, False),
    ("count | string", {"type": "string", "minLength": 1}, False),
    ("lines | length", {"type": "integer", "minimum": 0}, False),
    ("lines[0].sku", TEXT, False),
    ("tags | first", {"enum": ["a", "b"]}, False),
    ("pair[1]", {"type": "integer"}, False),
    ("extra['x_rank']", {"type": "integer"}, False),
    ("extra.word", TEXT, False),
    ("state == 'NEW'", {"type": "boolean"}, True),
    ("urgent | default(false)", {"type": "boolean"}, True),
    ("{from: state, map: {NEW: open, SENT: open, LOST: closed}}", {"enum": ["open", "closed"]}, True),
    ("{from: state, map: {NEW: open}, else: drop}", {"const": "open"}, False),
    ("{from: state, map: {NEW: open}, else: keep}", {"enum": ["open", "SENT", "LOST"]}, True),
    ("{from: state, map: {NEW: open}, else: {const: other}, note: x}", {"enum": ["open", "other"]}, True),
    ("{from: state, when: state == 'NEW'}", {"const": "NEW"}, False),
    ("{from: state, when: state != 'NEW'}", {"enum": ["SENT", "LOST"]}, False),
    ("{from: state, when: \"state in ['NEW', 'LOST']\"}", {"enum": ["NEW", "LOST"]}, False),
    ("{from: state, when: not (state == 'NEW' or state == 'LOST')}", {"const": "SENT"}, False),
    ("{choose: [{when: closed is defined, from: closed}, {otherwise: opened}]}", TIME, True),
    ("{choose: [{when: subject is not defined, from: id}, {otherwise: subject}]}", TEXT, True),
    ("{choose: [{when: note is string, from: note}, {otherwise: id}]}", TEXT, True),
    ("{choose: [{when: customer.kind == 'person', from: customer.name}]}", TEXT, False),
    ("{choose: [{when: customer.kind == 'firm', from: customer.company}]}", {"type": "string", "maxLength": 40}, False),
    ("{from: count, when: count > 5}", {"type": "integer", "exclusiveMinimum": 5}, False),
    ("{first_of: [subject, id]}", TEXT, True),
    ("{each: lines, value: sku}", {"type": "array", "items": TEXT, "minItems": 1}, False),
    ("{each: lines, take: first, value: sku}", TEXT, False),
    ("{each: tags, where: this == 'a', value: this}", {"type": "array", "items": {"const": "a"}}, False),
    ("{list: [id, subject]}", {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 2}, True),
    ("{concat: [tags, {list: [id]}]}", {"type": "array", "items": TEXT, "minItems": 1}, True),
    ("{each: lines, key: sku, value: price, repeated: last}", {"additionalProperties": {"type": "number"}}, False),
    ("{each: lines, key: sku, value: price, repeated: collect}",
     {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}}, False),
    ("{fields: {a: id, b: subject}}", object_of("a", a=TEXT, b=TEXT), True),
    ("{fields: {a: subject, b: subject}, whole: true}", object_of("a b", a=TEXT, b=TEXT), False),
    ("{template: '{{ id }}-{{ state }}'}", {"type": "string", "minLength": 1}, True),
    ("{rest: extra}", {"type": "object"}, False),
    ("{let: {x: closed}, when: x is defined, from: x}", TIME, False),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "values", "always"), PROVEN, ids=[rule for rule, _, _ in PROVEN])
def test_a_rule_is_proven(rule: str, values: Any, always: bool, tmp_path: Path) -> None:
    """A target that takes just these values is proven; one that also requires them where there may be none is not."""
    rules = f"fields:\n  x: {rule}\n"
    assert proof_of(tmp_path, rules, ORDER, object_of(x=values)).left is True
    required = proof_of(tmp_path, rules, ORDER, object_of("x", x=values)).left
    assert required is True if always else required == {"required": ["x"]}


NARROW: list[tuple[str, Any]] = [
    # a rule, and a schema that not all of its values obey
    ("id", {"type": "string", "minLength": 2}),
    ("state", {"enum": ["NEW", "SENT"]}),
    ("subject", {"type": "string", "minLength": 1}),
    ("note | default('none')", {"type": "string", "maxLength": 1000}),
    ("opened | datetime", {"type": "string", "format": "email"}),
    ("id | truncate(80)", {"type": "string", "maxLength": 79}),
    ("amount", {"type": "integer"}),
    ("{from: state, map: {NEW: open}, else: keep}", {"enum": ["open", "SENT"]}),
    ("{each: tags, value: this}", {"type": "array", "minItems": 1}),
    ("{choose: [{when: customer.kind == 'firm', from: customer.company}]}", {"type": "string", "maxLength": 39}),
    ("child.child.child.id", {"type": "string", "minLength": 1}),  # a schema inside of itself is not followed far
]


@pytest.mark.parametrize(("rule", "values"), NARROW, ids=[rule for rule, _ in NARROW])
def test_what_does_not_hold_is_left_to_ask(rule: str, values: Any, tmp_path: Path) -> None:
    left = proof_of(tmp_path, f"fields:\n  x: {rule}\n", ORDER, object_of(x=values)).left
    assert left is not True
    assert covers(object_of(x=values), {"allOf": [object_of(x={}), left]})


@examples(60)
@given(
    mapping_files(),
    st.lists(payloads(), min_size=1, max_size=3),
    st.sampled_from(KNOWLEDGE),
    st.booleans(),
)
def test_results_are_what_was_inferred(
    files: MappingText, documents: list[Any], known: Knowledge, simplified: bool
) -> None:
    """Of any mapping: its results are of the shape, a missing one and each rejection were foreseen."""
    try:
        mapping = loaded(files)
    except MappingError:
        reject()
    check_inference(mapping, documents, known, simplified)


def test_what_would_not_hold_is_seen() -> None:
    """The property above can fail: documents that the schema did not know give other results."""
    chance = random.Random(0)
    failed = 0
    for _ in range(40):
        number = chance.randrange(1000)
        text = (
            '{casemap: 1, source: "a/document", target: "b/document", '
            f"fields: {{x: {{from: count, map: {{{number}: a}}, else: drop}}}}}}"
        )
        mapping = loaded(MappingText(text, None))
        try:
            check_inference(mapping, [{"count": number}], "values", simplified=False)
            _check_other(mapping, {"count": number + 1}, {"count": number})
        except AssertionError:
            failed += 1
    assert failed == 40


def _check_other(mapping: Any, shown: Any, run: Any) -> None:
    from casemap.analysis.compose import in_turn
    from tests.check.inferring import check_tree, exact_schema_of

    tree, root = in_turn(mapping)
    check_tree(tree, root, exact_schema_of([shown]), [run])


def test_a_target_that_takes_nothing_is_told_in_words(tmp_path: Path) -> None:
    ticket = object_of(x={"allOf": [{"type": "string"}, {"enum": [1, 2]}]})
    (guard,) = proof_of(tmp_path, "fields:\n  x: subject\n", ORDER, ticket).guards
    assert guard.wrong
    assert guard.condition == "rejects an order whose `x` comes out as anything but nothing"
