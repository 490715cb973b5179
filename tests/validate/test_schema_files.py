"""Schema files of users: every draft, what they refer to, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casemap import Catalog
from casemap.errors import CasemapError
from casemap.run.schema_files import check_of_file
from casemap.schema.store import SchemaStore


def written(file: str, schema: Any) -> str:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(schema if isinstance(schema, str) else json.dumps(schema))
    return file


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def said(file: str, value: Any) -> list[str]:
    return [f"{problem} | {problem.help}" for problem in check_of_file(file, Catalog().store).problems(value)]


EXCLUSIVE = {
    "http://json-schema.org/draft-04/schema#": {"minimum": 3, "exclusiveMinimum": True},
    "http://json-schema.org/draft-06/schema#": {"exclusiveMinimum": 3},
    "http://json-schema.org/draft-07/schema#": {"exclusiveMinimum": 3, "$ref": "#/definitions/any"},
    "https://json-schema.org/draft/2019-09/schema": {"$ref": "#/$defs/any", "exclusiveMinimum": 3},
    "https://json-schema.org/draft/2020-12/schema": {"$ref": "#/$defs/any", "exclusiveMinimum": 3},
}


@pytest.mark.parametrize("draft", EXCLUSIVE)
def test_every_draft(draft: str) -> None:
    schema = {"$schema": draft, "definitions": {"any": {}}, "$defs": {"any": {}}, **EXCLUSIVE[draft]}
    problems = said(written("s.json", schema), 3)
    if draft.endswith("draft-07/schema#"):
        assert problems == []  # up to draft 7, nothing beside `$ref` counts
    else:
        assert problems[0].startswith("CM401 expected more than 3, found 3 | The schema of s.json says so at s.json:1:")


def test_a_schema_in_yaml() -> None:
    written("s.yaml", "properties:\n  a:\n    type: integer\n")
    assert said("s.yaml", {"a": "x"}) == [
        'CM401 /a: expected an integer, found "x" | The schema of s.yaml says so at s.yaml:3:11 (#/properties/a/type).'
    ]


ADDRESS = {"type": "object", "properties": {"street": {"$ref": "text.json"}}}


@pytest.mark.parametrize("own", [None, "https://example.com/schemas/order.json", "urn:x:order"])
def test_files_beside_it(own: str | None) -> None:
    written("s/parts/address.json", ADDRESS)
    written("s/parts/text.json", {"type": "string"})
    schema = {"properties": {"to": {"$ref": "parts/address.json"}}, **({"$id": own} if own else {})}
    written("s/order.json", schema)
    if own == "urn:x:order":
        with pytest.raises(CasemapError, match="CM219"):
            said("s/order.json", {})
        return
    (problem,) = said("s/order.json", {"to": {"street": 5}})
    assert problem.startswith("CM401 /to/street: expected a string, found 5 | ")
    assert problem.endswith(" says so at s/parts/text.json:1:10 (#/type).")
    assert said("s/order.json", {"to": {"street": "x"}}) == []


def test_schemas_of_the_catalog() -> None:
    written("s.json", {"items": {"$ref": "https://casemap.example/schemas/khoros/error"}})
    (problem,) = said("s.json", [{"fields": 5}])
    assert problem.startswith("CM401 /0/fields: expected an array, found 5 | ")
    assert "khoros/error.schema.json:" in problem


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            '{\n "properties": {"a": {"type": "strin"}}}',
            "s.json:2:31: CM219 /properties/a/type: the schema is not usable",
        ),
        ('{"pattern": "("}', "s.json:1:13: CM219 /pattern: the schema is not usable"),
        ('{"$ref": "http://127.0.0.1:1/x"}', "s.json: CM219 the schema is not usable: Resource 'http://127.0.0.1:1/x'"),
        ('{"$ref": "#/nowhere"}', "s.json: CM219 the schema is not usable: Pointer '/nowhere' does not exist"),
        ('{"$ref": "missing.json"}', "missing.json: CM101 cannot be read"),
        ('{"$ref": "broken.json"}', "broken.json:1:2: CM103 "),
        (
            '{"$schema": "http://json-schema.org/draft-03/schema#"}',
            "s.json: CM219 /$schema: the draft http://json-schema.org/draft-03/schema# is not known",
        ),
        ("[]", "s.json: CM219 a schema is one document"),
        ("{", "s.json:1:2: CM103 "),
    ],
)
def test_what_is_wrong_with_a_schema(schema: str, expected: str) -> None:
    written("broken.json", "{")
    written("s.json", schema)
    with pytest.raises(CasemapError) as caught:
        check_of_file("s.json", SchemaStore({}, {}))
    assert str(caught.value.problems[0]).startswith(expected)
    assert caught.value.problems[0].help


def test_a_schema_of_the_project_that_is_wrong_is_told_with_its_place() -> None:
    file = written("schemas/own/thing.schema.json", '{\n "minimum": "x"}')
    with pytest.raises(CasemapError) as caught:
        Catalog(Path()).validate(5, "own/thing")
    problem = caught.value.problems[0]
    assert (problem.code, problem.file, problem.line, problem.column) == ("CM219", file, 2, 13)
    assert problem.message == 'the schema of own/thing is not usable: expected a number, found "x"'


# --- members that a schema does not know --------------------------------------------------------------------------

KNOWN = {
    "type": "object",
    "properties": {
        "subject": {"type": "string"},
        "custom": {"type": "object"},
        "labels": {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
        "list": {"items": {"$ref": "#/$defs/item"}, "prefixItems": [{"properties": {"first": {}}}]},
        "either": {"anyOf": [{"properties": {"x": {}}}, {"properties": {"y": {}}, "required": ["y"]}]},
    },
    "patternProperties": {"^x-": {"properties": {"known": {}}}},
    "allOf": [{"if": {"required": ["a"]}, "then": {"properties": {"b": {}}}}],
    "$defs": {"item": {"properties": {"deep": {"$ref": "#/$defs/item"}}, "additionalProperties": True}},
}


@pytest.mark.parametrize(
    ("value", "unknown"),
    [
        ({"subject": "x", "custom": {"any": {"thing": 1}}, "labels": {"b": "x"}}, []),
        ({"subjct": 1}, ["/subjct: the schema of s.json does not know the member `subjct`; did you mean `subject`?"]),
        ({"list": [{"first": 1, "deep": 1}, {"deep": {"dep": 1}}]}, ["/list/0/deep", "/list/1/deep/dep"]),
        ({"either": {"x": 1, "y": 1, "z": 1}, "b": 1}, ["/either/z"]),
        ({"x-1": {"known": 1, "other": 1}}, ["/x-1/other"]),
        ({"": 1, "0": {}}, ["/", "/0"]),
        ([{"subject": 1}], []),
    ],
)
def test_members_that_the_schema_does_not_know(value: Any, unknown: list[str]) -> None:
    found = check_of_file(written("s.json", KNOWN), SchemaStore({}, {})).unknown(value)
    assert {problem.code for problem in found} <= {"CM404"}
    assert {problem.severity for problem in found} <= {"warning"}
    told = sorted(f"{problem.path}: {problem.message}" for problem in found)
    assert len(told) == len(unknown)
    assert all(
        line.startswith(start)
        for line, start in zip(told, sorted(f"{each}:" if ":" not in each else each for each in unknown), strict=True)
    )


def test_the_nearest_name_of_a_member_that_is_not_allowed() -> None:
    written(
        "s.json", {"properties": {"to": {"allOf": [{"properties": {"street": {}}}], "unevaluatedProperties": False}}}
    )
    (problem,) = said("s.json", {"to": {"stret": 1}})
    assert problem.startswith("CM401 /to/stret: the member `stret` is not allowed here; did you mean `street`? | ")
