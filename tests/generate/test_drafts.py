"""Schemas of older drafts become models that agree with them as much as those of the newest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from casemap.generate.drafts import modern
from tests.generate.agreement import Subjects, differences, measure

DRAFTS = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}
TEXT = {"type": "string"}

# drafts, a schema, payloads
CASES: dict[str, tuple[tuple[int, ...], dict[str, Any], list[Any]]] = {
    "tuple": (
        (4, 6, 7, 2019),
        {"type": "array", "items": [{"type": "integer"}, {"$ref": "#/definitions/s"}], "additionalItems": False,
         "definitions": {"s": TEXT}},
        [[], [1], [1, "a"], ["a"], [1, 2], [1, "a", 3]],
    ),
    "items beside additionalItems": (
        (4, 6, 7, 2019),
        {"type": "array", "items": {"type": "integer"}, "additionalItems": {"type": "string"}},
        [[1, 2], [1, "a"]],
    ),
    "dependencies": (
        (4, 6, 7, 2019, 2020),
        {"type": "object", "properties": {"a": {"type": "integer"}},
         "dependencies": {"a": ["b"], "c": {"$ref": "#/definitions/q"}}, "definitions": {"q": {"required": ["a"]}}},
        [{}, {"a": 1}, {"a": 1, "b": 2}, {"c": 1}, {"c": 1, "a": 1}, {"c": 1, "a": 1, "b": 1}],
    ),
    "both kinds of dependencies": (
        (2019, 2020),
        {"type": "object", "dependencies": {"a": ["b"]}, "dependentRequired": {"a": ["c"]}},
        [{"a": 1, "b": 1}, {"a": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}],
    ),
    "what stands beside a reference": (
        (4, 6, 7, 2019, 2020),
        {"type": "object", "properties": {"a": {"$ref": "#/definitions/s", "maxLength": 1}}, "definitions": {"s": TEXT}},
        [{"a": "x"}, {"a": "xy"}, {"a": 1}],
    ),
    "formats": (
        (4, 6, 7, 2019, 2020),
        {"type": "object", "properties": {
            name: {"type": "string", "format": name} for name in ("uuid", "iri", "json-pointer", "date", "email")
        }},
        [{"uuid": "x"}, {"iri": "x y"}, {"json-pointer": "x"}, {"date": "x"}, {"email": "x"}],
    ),
    "newer keywords": (
        (4, 6, 7, 2019, 2020),
        {"type": "object", "properties": {
            "a": {"const": 1}, "b": {"contains": TEXT, "maxContains": 1, "type": "array"},
            "c": {"if": TEXT, "then": {"minLength": 2}}, "d": {"type": "array", "prefixItems": [TEXT]},
        }, "dependentRequired": {"e": ["f"]}, "unevaluatedProperties": {"type": "boolean"}},
        [{"a": 2}, {"b": [1]}, {"b": ["x", "y"]}, {"c": "x"}, {"d": [1]}, {"e": True}, {"g": 1}],
    ),
    "exclusive bounds": (
        (4,),
        {"type": "object", "properties": {
            "a": {"type": "number", "minimum": 5, "exclusiveMinimum": True},
            "b": {"type": "number", "maximum": 5, "exclusiveMaximum": False},
        }},
        [{"a": 5}, {"a": 5.5}, {"b": 5}, {"b": 6}],
    ),
    "a name for a place, in draft 4": (
        (4,),
        {"type": "object", "properties": {"a": {"$ref": "#q"}}, "definitions": {"x": {"id": "#q", **TEXT}}},
        [{"a": "x"}, {"a": 1}],
    ),
    "a name for a place": (
        (6, 7),
        {"type": "object", "properties": {"a": {"$ref": "#q"}}, "definitions": {"x": {"$id": "#q", **TEXT}}},
        [{"a": "x"}, {"a": 1}],
    ),
    "$recursiveRef": (
        (2019,),
        {"type": "object", "properties": {"a": {"$recursiveRef": "#"}, "b": {"type": "integer"}}, "required": ["b"]},
        [{"b": 1}, {"b": 1, "a": {"b": 2}}, {"b": 1, "a": {}}, {}],
    ),
    "$dynamicRef": (
        (2020,),
        {"$dynamicAnchor": "node", "type": "object",
         "properties": {"a": {"type": "array", "items": {"$dynamicRef": "#node"}}, "b": {"type": "integer"}}},
        [{"a": [{"b": 1}]}, {"a": [{"b": "x"}]}, {"a": [1]}, {"b": "x"}],
    ),
    "$dynamicRef beside $ref": (
        (2020,),
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/s", "$dynamicRef": "#/$defs/t"}},
         "$defs": {"s": TEXT, "t": {"maxLength": 1}}},
        [{"a": "x"}, {"a": "xy"}, {"a": 1}],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "draft"), [(case, draft) for case, (drafts, _, _) in CASES.items() for draft in drafts]
)
def test_a_model_agrees_with_its_schema_of_any_draft(case: str, draft: int, tmp_path: Path) -> None:
    _, contents, payloads = CASES[case]
    schema = {"$schema": DRAFTS[draft], **contents}
    folder = tmp_path / "schemas" / "old"
    folder.mkdir(parents=True)
    (folder / "thing.schema.json").write_text(json.dumps(schema), "utf-8")
    subjects = Subjects(tmp_path)
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    verdicts = [validator.is_valid(payload) for payload in payloads]
    assert [
        differences(payload, subjects.model("old/thing"), valid=valid)
        for payload, valid in zip(payloads, verdicts, strict=True)
    ] == [[]] * len(payloads)
    assert measure(subjects, "old/thing", 30).differences == []


def test_the_cases_tell_valid_from_invalid() -> None:
    for drafts, contents, payloads in CASES.values():
        found = {
            jsonschema_rs.validator_for({"$schema": DRAFTS[draft], **contents}, validate_formats=True).is_valid(payload)
            for draft in drafts
            for payload in payloads
        }
        assert found == {True, False}


def test_values_and_names_are_no_schemas() -> None:
    schema = {
        "$schema": DRAFTS[7],
        "properties": {"items": True, "dependencies": {"enum": [{"items": [1], "dependencies": {}}]}},
        "default": {"$ref": "x", "type": "y"},
    }
    assert modern(schema) == schema
