"""The fields of a document type, from its schema."""

from __future__ import annotations

from typing import Any

import pytest

from casemap import Catalog
from casemap.schema.fields import OTHERS, Others, field_at, leaves, path_text
from casemap.schema.leaves import field_tree
from casemap.schema.store import SchemaStore

TEXT = {"type": "string"}
LINK = {"type": "object", "properties": {"rel": TEXT, "href": TEXT}}
CASES: tuple[tuple[str, Any, list[str]], ...] = (
    ("a scalar", {"type": "string"}, ["this"]),
    ("anything", {}, ["this"]),
    ("anything", True, ["this"]),
    ("nothing", False, []),
    ("members in their order", {"properties": {"b": TEXT, "a": {}}}, ["b", "a"]),
    ("a member that is never there", {"properties": {"a": False, "b": {"type": "null"}, "c": TEXT}}, ["c"]),
    ("nested", {"properties": {"a": {"properties": {"b": LINK}}}}, ["a.b.rel", "a.b.href"]),
    ("an odd name", {"properties": {"odd.key": {"properties": {"it's": TEXT}}}}, ["this['odd.key']['it\\'s']"]),
    ("items of an array", {"properties": {"links": {"type": "array", "items": LINK}}}, ["links.rel", "links.href"]),
    ("an array of arrays", {"type": "array", "items": {"type": "array", "items": LINK}}, ["rel", "href"]),
    ("an array of scalars", {"properties": {"tags": {"type": "array", "items": TEXT}}}, ["tags"]),
    ("an array of anything", {"properties": {"tags": {"type": "array"}}}, ["tags"]),
    ("prefixItems", {"prefixItems": [LINK, {"properties": {"x": TEXT}}], "type": "array"}, ["rel", "href", "x"]),
    ("an object of anything", {"properties": {"a": {"type": "object"}}}, ["a"]),
    (
        "one or several",
        {"properties": {"link": {"anyOf": [LINK, {"type": "array", "items": LINK}]}}},
        ["link.rel", "link.href"],
    ),
    ("a scalar or an object", {"properties": {"a": {"oneOf": [TEXT, LINK]}}}, ["a", "a.rel", "a.href"]),
    ("allOf", {"allOf": [{"properties": {"a": TEXT}}, {"properties": {"b": LINK}}]}, ["a", "b.rel", "b.href"]),
    (
        "one member in two parts",
        {"allOf": [{"properties": {"a": {}}}, {"properties": {"a": LINK}}]},
        ["a.rel", "a.href"],
    ),
    ("if and then", {"if": {}, "then": {"properties": {"a": TEXT}}, "else": {"properties": {"b": TEXT}}}, ["a", "b"]),
    ("dependentSchemas", {"type": "object", "dependentSchemas": {"a": {"properties": {"b": TEXT}}}}, ["this", "b"]),
    ("additionalProperties", {"properties": {"a": TEXT}, "additionalProperties": LINK}, ["a", "*.rel", "*.href"]),
    ("additionalProperties: true", {"properties": {"a": TEXT}, "additionalProperties": True}, ["a", "*"]),
    (
        "patternProperties",
        {"patternProperties": {"^x": TEXT, "^y": LINK}, "additionalProperties": False},
        ["*", "*.rel", "*.href"],
    ),
    ("unevaluatedProperties", {"properties": {"a": TEXT}, "unevaluatedProperties": TEXT}, ["a", "*"]),
    ("no others", {"properties": {"a": TEXT}, "additionalProperties": False}, ["a"]),
    (
        "a reference",
        {"properties": {"a": {"$ref": "#/$defs/l"}, "b": {"$ref": "#/$defs/l"}}, "$defs": {"l": LINK}},
        ["a.rel", "a.href", "b.rel", "b.href"],
    ),
    ("a reference by anchor", {"$ref": "#l", "$defs": {"x": {"$anchor": "l", "properties": {"x": TEXT}}}}, ["x"]),
    ("a reference into another type", {"$ref": "https://casemap.example/schemas/b/doc#/$defs/l"}, ["inner"]),
    ("the document in itself", {"properties": {"a": TEXT, "parent": {"$ref": "#"}}}, ["a", "parent"]),
    (
        "a tree",
        {
            "$ref": "#/$defs/t",
            "$defs": {
                "t": {"properties": {"name": TEXT, "children": {"type": "array", "items": {"$ref": "#/$defs/t"}}}}
            },
        },
        ["name", "children"],
    ),
    ("a reference to itself alone", {"$ref": "#"}, ["this"]),
    ("number and integer", {"allOf": [{"type": "number"}, {"type": "integer"}]}, ["this"]),
    ("types that exclude each other", {"allOf": [{"type": "number"}, {"type": "string"}]}, []),
)


def store(schema: Any) -> SchemaStore:
    other = {"$defs": {"l": {"type": "object", "properties": {"inner": TEXT}}}}
    return SchemaStore({"a/doc": schema, "b/doc": other}, {})


@pytest.mark.parametrize(("schema", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_leaves(schema: Any, expected: list[str]) -> None:
    assert [path_text(steps) for steps, _ in leaves(field_tree(store(schema), "a/doc"))] == expected


def test_values_of_a_leaf() -> None:
    schema = {
        "properties": {
            "a": {"enum": ["x", None, 1]},
            "b": {"anyOf": [{"const": "x"}, {"enum": ["y"]}]},
            "c": {"anyOf": [{"const": "x"}, {"type": "integer"}]},
            "d": {"allOf": [{"enum": ["x", "y", "z"]}, {"enum": ["x", "y"]}]},
        }
    }
    found = {path_text(steps): field.values for steps, field in leaves(field_tree(store(schema), "a/doc"))}
    assert found == {"a": ("x", 1), "b": ("x", "y"), "c": None, "d": ("x", "y")}


def test_what_steps_lead_to() -> None:
    members = {"a": LINK, "free": {"additionalProperties": LINK}, "any": {}}
    schema = {"properties": members, "additionalProperties": False}
    tree = field_tree(store(schema), "a/doc")
    for steps, there in (
        (("a",), True), (("a", "rel"), True), (("a", "odd"), True), (("b",), False), (("free", "x", "rel"), True),
        (("free", OTHERS, "rel"), True), (("any", "x", "y"), True), (("a", "rel", "x"), False), ((OTHERS,), False),
    ):  # fmt: skip
        assert (field_at(tree, steps) is not None) == there, steps


def test_alternatives_without_end_are_taken_together() -> None:
    """2 to the power of 30 combinations; each of the members is found all the same."""
    parts = [{"anyOf": [{"properties": {f"a{n}": TEXT}}, {"properties": {f"b{n}": TEXT}}]} for n in range(30)]
    found = {path_text(steps) for steps, _ in leaves(field_tree(store({"allOf": parts}), "a/doc"))}
    assert found == {f"{letter}{n}" for letter in "ab" for n in range(30)}


def test_bundled_documents() -> None:
    """Every member that a bundled schema names anywhere is a field, or a part of one."""
    catalog = Catalog()
    for type_name in catalog.types:
        tree = field_tree(catalog.store, type_name)
        names = {step for steps, _ in leaves(tree) for step in steps if not isinstance(step, Others)}
        schema = catalog.store.schemas[type_name]
        declared = {name for part in (schema, *schema.get("$defs", {}).values()) for name in part.get("properties", {})}
        never = {"data"} if type_name == "socialgateway/case" else set()
        assert declared - never <= names
