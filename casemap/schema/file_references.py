"""References to the file beside a schema, `"$ref": "customer.schema.json"`, as people write them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urldefrag, urljoin

__all__ = ["by_type"]

_SUFFIX = ".schema.json"
_VALUES = frozenset({"const", "default", "enum", "example", "examples"})
"""Keywords that hold values and no schemas."""


def by_type(schema: Any, base: str, known: Collection[str]) -> Any:
    """The schema with references to files of document types turned into references to the types' URIs.

    `base` is the URI that its references are relative to, `known` the URIs of all schemas. Parts without any such
    reference are shared with the original.
    """
    if isinstance(schema, list):
        items = [by_type(item, base, known) for item in schema]
        return items if any(new is not old for new, old in zip(items, schema, strict=True)) else schema
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$id"), str):
        base = urljoin(base, schema["$id"])
    changed = {
        keyword: new
        for keyword, value in schema.items()
        if keyword not in _VALUES and (new := by_type(value, base, known)) is not value
    }
    reference = schema.get("$ref")
    if isinstance(reference, str):
        uri, fragment = urldefrag(urljoin(base, reference))
        if uri not in known and uri.removesuffix(_SUFFIX) in known:
            changed["$ref"] = f"{uri.removesuffix(_SUFFIX)}#{fragment}"
    return {**schema, **changed} if changed else schema
