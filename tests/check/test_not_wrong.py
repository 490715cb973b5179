"""What some valid source turns into a valid target is not called wrong: unreachable values, members that may come along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.check.projects import object_of, proof_of

TEXT = {"type": "string"}
ONE_OR_TWO = {"enum": ["p", "q"]}
STATES = "value_maps: {states: {p: P, q: Q}}\n"
OPEN = {"type": "object"}
CLOSED = object_of(known=TEXT)


@pytest.mark.parametrize(
    ("rules", "order", "ticket"),
    [
        # a comparison is never absent: nothing stands in for it
        ("fields: {x: {from: a == 'open', default: \"'z'\"}}", object_of(a=TEXT), object_of(x={"type": "boolean"})),
        (
            "fields: {x: {first_of: [a, {const: Z}, {const: Y}]}}",
            object_of("a", a={"const": 1}),
            object_of(x={"const": 1}),
        ),
        # the map lists all that is asked for
        (
            "fields: {x: {from: a, map: {p: P, q: Q}, else: {const: Z}, note: Never.}}",
            object_of(a=ONE_OR_TWO),
            object_of(x={"enum": ["P", "Q"]}),
        ),
        # each rule asks for another entry of the same map
        (
            STATES + "fields: {x: {from: a, map: states}, y: {from: b, map: states}}",
            object_of(a={"const": "p"}, b={"const": "q"}),
            object_of(x={"const": "P"}, y={"const": "Q"}),
        ),
        (
            STATES + "definitions: {state: {from: this, map: states}}\n"
            "fields: {x: {use: state, of: a}, y: {use: state, of: b}}",
            object_of(a={"const": "p"}, b={"const": "q"}),
            object_of(x={"const": "P"}, y={"const": "Q"}),
        ),
        # a number is none of the texts of a map, whatever their case
        (
            "fields: {x: {from: a, map: {p: P, 1: one}, ignore_case: true, else: drop}}",
            object_of(a={"type": "integer"}),
            object_of(x={"const": "one"}),
        ),
    ],
)
def test_values_that_never_come_up(rules: str, order: Any, ticket: Any, tmp_path: Path) -> None:
    """A constant or an entry that cannot be reached does not make a mapping wrong, whatever the target takes."""
    proof = proof_of(tmp_path, rules, order, ticket)
    assert proof.state == "proven", [str(problem) for problem in proof.problems]


@pytest.mark.parametrize(
    ("rules", "order", "ticket"),
    [
        (STATES + "fields: {x: {from: a, map: states}}", object_of(a=ONE_OR_TWO), object_of(x={"const": "P"})),
        (
            STATES + "let: {k: {from: a, map: states}}\nfields: {x: k}",
            object_of(a=ONE_OR_TWO),
            object_of(x={"const": "P"}),
        ),
        ("fields: {x: {from: a, default: \"'z'\"}}", object_of(a={"const": "p"}), object_of(x={"const": "p"})),
        ("fields: {x: {from: a, map: {P: 1}, ignore_case: true}}", object_of(a=TEXT), object_of(x={"const": 2})),
    ],
)
def test_values_that_come_up(rules: str, order: Any, ticket: Any, tmp_path: Path) -> None:
    """The same where they can be reached: wrong."""
    assert proof_of(tmp_path, rules, order, ticket).state == "wrong"


@pytest.mark.parametrize(
    ("rules", "order", "ticket", "field"),
    [
        ("fields: {x: a}", object_of("a", a=OPEN), object_of(x=CLOSED), "`x`"),
        ("fields: {x: a}", object_of("a", a=OPEN | {"additionalProperties": TEXT}), object_of(x=CLOSED), "`x`"),
        (
            "fields: {x: a, '*': {rest: this, on_collision: drop}}",
            OPEN | {"properties": {"a": TEXT}},
            object_of(x=TEXT),
            "result",
        ),
        ("fields: {'[k]': a}", object_of(k=TEXT, a=TEXT), object_of(x=TEXT), "result"),
        ("fields: {x: a}", object_of(a={"type": "array"}), object_of(x={"type": "array", "maxItems": 0}), "`x`"),
    ],
)
def test_what_may_come_along(rules: str, order: Any, ticket: Any, field: str, tmp_path: Path) -> None:
    """An object that may have members that the target does not take is right as long as it has none: a guard."""
    proof = proof_of(tmp_path, rules, order, ticket)
    assert proof.state == "guarded", [str(problem) for problem in proof.problems]
    assert f"whose {field} has more in it than the target takes" in [
        guard.condition.removeprefix("rejects an order ") for guard in proof.guards
    ]
