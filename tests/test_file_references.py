"""Schemas may refer to the files beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import casemap
from casemap.schema.file_references import by_type

CUSTOMER: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "$defs": {"Id": {"type": "integer"}},
}


@pytest.mark.parametrize(
    "reference", ["customer.schema.json", "./customer.schema.json", "../acme/customer.schema.json", "customer"]
)
def test_a_file_is_found_by_its_name(reference: str, tmp_path: Path) -> None:
    order = {
        "type": "object",
        "properties": {"customer": {"$ref": reference}, "id": {"$ref": f"{reference}#/$defs/Id"}},
        "default": {"$ref": "customer.schema.json"},
    }
    folder = tmp_path / "schemas" / "acme"
    folder.mkdir(parents=True)
    (folder / "order.schema.json").write_text(json.dumps(order))
    (folder / "customer.schema.json").write_text(json.dumps(CUSTOMER))
    catalog = casemap.Catalog(tmp_path)
    assert catalog.validate({"customer": {"name": "a"}, "id": 1}, "acme/order") == []
    problems = catalog.validate({"customer": {"name": 1}, "id": "1"}, "acme/order")
    assert [problem.path for problem in problems] == ["/customer/name", "/id"]


def test_other_references_and_values_stay() -> None:
    known = {"https://a.example/b", "https://a.example/c.schema.json"}
    for schema in ({"$ref": "c.schema.json"}, {"$ref": "d.schema.json"}, {"const": {"$ref": "b.schema.json"}}):
        assert by_type(schema, "https://a.example/x", known) is schema
    moved = by_type({"$id": "https://a.example/y", "items": [{"$ref": "b.schema.json#z"}]}, "https://b.example/", known)
    assert moved["items"] == [{"$ref": "https://a.example/b#z"}]
