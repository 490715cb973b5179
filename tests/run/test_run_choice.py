"""Params from the command line's texts."""

from __future__ import annotations

from typing import Any

import pytest

from casemap.run.choice import param_value


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({}, "5", "5"),
        ({"type": "string"}, "true", "true"),
        ({"type": "string", "format": "uri"}, "https://x.example/?a=b", "https://x.example/?a=b"),
        ({"type": ["integer", "string"]}, "5", "5"),
        ({"enum": ["a", 5]}, "5", "5"),
        ({"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^a"}]}, "5", "5"),
        ({"type": "integer"}, "5", 5),
        ({"type": "integer"}, "18446744073709551617", 18446744073709551617),
        ({"type": "boolean"}, "true", True),
        ({"enum": [1, None]}, "null", None),
        ({"type": "array", "items": {"type": "string"}}, '["a"]', ["a"]),
        ({"type": "integer"}, "five", "five"),
        ({"type": "number"}, "NaN", "NaN"),
        ({"type": "object"}, '{"a": 1, "a": 2}', '{"a": 1, "a": 2}'),
    ],
)
def test_a_text_is_used_as_it_is_where_the_schema_admits_one(schema: Any, text: str, value: Any) -> None:
    found = param_value(text, schema)
    assert (found, type(found)) == (value, type(value))
