"""Params to run samples with: values that their schemas admit."""

from __future__ import annotations

from collections.abc import Mapping as Table
from typing import Any

import jsonschema_rs

__all__ = ["sample_params"]

_TEXTS = (
    "https://example.com", "https://example.com/", "a", "2024-05-14T08:48:05Z", "2024-05-14", "UTC", "Europe/Berlin",
    "a@example.com", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "", "0", "en",
)  # fmt: skip
_OTHERS: tuple[Any, ...] = (*_TEXTS, 0, 1, 10, 100, 0.5, True, False, [], {}, ["a"])


def sample_params(declared: Table[str, Table[str, Any]]) -> dict[str, Any] | None:
    """A value for each param; None where one is found for none of the usual ones."""
    found: dict[str, Any] = {}
    for name, schema in declared.items():
        validator = jsonschema_rs.Draft202012Validator(dict(schema), offline=True, validate_formats=True)
        own = [*schema.get("examples", ()), *schema.get("enum", ())]
        own += [schema[keyword] for keyword in ("default", "const") if keyword in schema]
        value = next((each for each in (*own, *_OTHERS) if validator.is_valid(each)), ...)
        if value is ...:
            return None
        found[name] = value
    return found
