"""What is said of each kind of error, and of which alternative."""

from __future__ import annotations

from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from casemap.problem import pointer
from casemap.schema.validate import MOST_VALUES, Violation, violations

KINDS: list[tuple[Any, Any]] = [
    ({"type": "string"}, 5),
    ({"type": ["null", "integer", "string"]}, [1]),
    ({"type": "object"}, "x" * 200),
    ({"enum": ["open", "closed", None]}, "Open"),
    ({"enum": ["open", "closed"]}, "opne"),
    ({"enum": list(range(40))}, 41),
    ({"const": {"a": [1]}}, {}),
    ({"required": ["subject", "id"]}, {"subjekt": 1}),
    ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1, "c": 2}),
    ({"properties": {"a": {}}, "unevaluatedProperties": False}, {"b": 1}),
    ({"patternProperties": {"^x": False}}, {"x1": 1}),
    ({"propertyNames": {"maxLength": 2}}, {"abc": 1}),
    ({"dependentRequired": {"a": ["b"]}}, {"a": 1}),
    ({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": False}, {"c": 1}),
    ({"not": {"type": "string"}}, "x"),
    ({"minimum": 3}, 2.5),
    ({"maximum": 3}, 4),
    ({"exclusiveMinimum": 3}, 3),
    ({"exclusiveMaximum": 3}, 3),
    ({"multipleOf": 3}, 4),
    ({"minLength": 1}, ""),
    ({"maxLength": 2}, "abc"),
    ({"pattern": "^a+$"}, "b"),
    ({"minItems": 2}, [1]),
    ({"maxItems": 1}, [1, 2, 3]),
    ({"prefixItems": [{}], "items": False}, [1, 2]),
    ({"prefixItems": [{}], "unevaluatedItems": False}, [1, 2]),
    ({"uniqueItems": True}, [1, {"a": 1}, {"a": 1}]),
    ({"uniqueItems": True}, [1, 1.0]),
    ({"contains": {"type": "string"}}, [1]),
    ({"contains": {"type": "string"}, "maxContains": 1}, ["a", "b"]),
    ({"minProperties": 1}, {}),
    ({"maxProperties": 1}, {"a": 1, "b": 2}),
    ({"format": "date-time"}, "2021-08-25T13:18:25"),
    ({"format": "date-time"}, "2021-08-25T1+:18:25Z"),
    ({"format": "date", "pattern": "^2"}, "2021-0/-25"),
    ({"format": "idn-email"}, "x"),
    ({"oneOf": [{"type": "integer"}, {"minimum": 3}, {"type": "string"}]}, 5),
    ({"contentMediaType": "application/json", "contentEncoding": "base64"}, "{"),
    (False, 1),
]


def found(schema: Any, value: Any) -> list[Violation]:
    from casemap.schema.formats import strict

    validator = jsonschema_rs.validator_for(strict(schema), offline=True, validate_formats=True)
    return list(violations(value, validator))


def test_what_is_said_of_each_kind_of_error(snapshot: Any) -> None:
    said = []
    for schema, value in KINDS:
        said.append(f"{schema} {value!r}"[:100])
        for each in found(schema, value):
            said.append(f"    {pointer(each.steps) or 'the value'} ({pointer(each.schema_path)}): {each.message}")
            said += [f"        {each.help}"] if each.help else []
    assert "\n".join(said) == snapshot


PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name"],
}
DOG = {"properties": {"kind": {"const": "dog"}, "barks": {"type": "boolean"}}, "required": ["kind"]}
CAT = {"properties": {"kind": {"const": "cat"}, "lives": {"maximum": 9}}, "required": ["kind", "lives"]}

ALTERNATIVES: dict[str, tuple[Any, Any, list[str]]] = {
    "the alternative of the value's type": (
        {"anyOf": [{"type": "string"}, PERSON]},
        {"name": 5},
        ["/name: expected a string, found 5"],
    ),
    "null as the other alternative is not told of": (
        {"anyOf": [{"type": "null"}, PERSON]},
        {"age": "x"},
        [": the member `name` is missing", '/age: expected an integer, found "x"'],
    ),
    "no alternative of the value's type": (
        {"oneOf": [{"type": "string"}, {"type": ["integer", "null"]}, {"enum": ["a"]}]},
        {"a": 1},
        [': expected an integer, a string, null or "a", found an object'],
    ),
    "values alone": (
        {"anyOf": [{"const": "open"}, {"const": "closed"}]},
        "opened",
        [': expected "open" or "closed", found "opened"; did you mean "open"?'],
    ),
    "a member with a fixed value tells which is meant": (
        {"oneOf": [DOG, CAT]},
        {"kind": "cat", "lives": 10, "barks": 1},
        ["/lives: expected 9 or less, found 10"],
    ),
    "a wrong fixed value": (
        {"oneOf": [DOG, {**CAT, "required": ["kind", "lives", "fur"]}]},
        {"kind": "cow", "barks": True},
        ['/kind: expected "dog", found "cow"'],
    ),
    "the one whose faults lie deeper": (
        {"anyOf": [{"required": ["x"]}, {"properties": {"a": {"properties": {"b": {"type": "string"}}}}}]},
        {"a": {"b": 1}},
        ["/a/b: expected a string, found 1"],
    ),
    "fewer members too many": (
        {
            "anyOf": [
                {"properties": {"a": {}}, "additionalProperties": False},
                {"properties": {"a": {}, "b": {}}, "additionalProperties": False},
            ]
        },
        {"a": 1, "b": 2, "c": 3},
        ["/c: the member `c` is not allowed here"],
    ),
    "alternatives in an alternative": (
        {"anyOf": [{"type": "array"}, {"oneOf": [{"type": "string"}, PERSON]}]},
        {"name": 1},
        ["/name: expected a string, found 1"],
    ),
    "alternatives of a member": (
        {"properties": {"who": {"anyOf": [PERSON, {"type": "string", "minLength": 3}]}}},
        {"who": "ab"},
        ['/who: expected 3 characters or more, found 2: "ab"'],
    ),
}


@pytest.mark.parametrize("name", ALTERNATIVES)
def test_the_alternative_that_fits_best(name: str) -> None:
    schema, value, expected = ALTERNATIVES[name]
    assert [f"{pointer(each.steps)}: {each.message}" for each in found(schema, value)] == expected


OTHERWISE = {"a member with a fixed value tells which is meant"}
"""Where the reference takes the fixed value for the fault."""


@pytest.mark.parametrize("name", [name for name in ALTERNATIVES if name not in OTHERWISE])
def test_the_reference_finds_the_same_place(name: str) -> None:
    """The `best_match` of jsonschema is about one of the values that are told of, or about one above or below it."""
    schema, value, _ = ALTERNATIVES[name]
    best = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(value))
    assert best is not None
    path = tuple(best.absolute_path)
    told = [each.steps for each in found(schema, value)]
    assert any(path[: len(steps)] == steps or steps[: len(path)] == path for steps in told)


def test_it_is_said_how_many_alternatives_there_are() -> None:
    (violation,) = found({"oneOf": [DOG, CAT]}, {"kind": "cat", "lives": 10})
    assert violation.help == "Of 2 alternatives, the one that fits best is number 2."
    (violation,) = found({"anyOf": [{"type": "null"}, PERSON]}, {"name": 5})
    assert violation.help == ""


def test_members_without_a_name_and_with_names_of_digits_are_found() -> None:
    schema = {"additionalProperties": {"additionalProperties": {"type": "string"}}}
    value = {"": {"": 1, "0": 2, "a": ""}, "0": {"": 3}, "a": {"": {}}}
    assert [each.steps for each in found(schema, value)] == [("", ""), ("", "0"), ("0", ""), ("a", "")]


def test_of_a_large_document_the_first_problem_is_told() -> None:
    (violation,) = found({"items": {"type": "string"}}, ["x"] * MOST_VALUES + [1])
    assert violation.steps == (MOST_VALUES,)
    assert "only its first problem" in violation.help
