"""Rules: the part of a schema that types cannot say, as a JSON Schema of its own for jsonschema-rs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casemap.generate.keywords import constraints
from casemap.generate.references import References, subschemas

__all__ = ["Rule", "both", "self_contained"]

Rule = Mapping[str, Any] | None
"""A schema, or None where types say all."""


def both(one: Rule, other: Rule) -> Rule:
    """The rule that both rules hold."""
    if not one or not other:
        return one or other
    return {"allOf": [one, other]} if one.keys() & other.keys() else {**one, **other}


def self_contained(rule: Mapping[str, Any], references: References) -> dict[str, Any]:
    """A rule with the schemas that it refers to under `$defs`, and without annotations."""
    names: dict[str, str] = {}
    definitions: dict[str, Any] = {}

    def bare(schema: Any) -> Any:
        if not isinstance(schema, dict):
            return schema
        found = constraints(schema)
        for steps, inner in subschemas(found):
            keyword = str(steps[0])
            if len(steps) == 1:
                found[keyword] = bare(inner)
                continue
            if found[keyword] is schema[keyword]:
                found[keyword] = schema[keyword].copy()
            found[keyword][steps[1]] = bare(inner)
        if "$ref" in found:
            found["$ref"] = f"#/$defs/{name_of(found['$ref'])}"
        return found

    def name_of(key: str) -> str:
        if key not in names:
            last = key.rpartition("/")[2] if "/" in key.partition("#")[2] else key.partition("#")[0]
            plain = "".join(letter if letter.isalnum() else "_" for letter in last)
            while plain in names.values():
                plain += "_"
            names[key] = plain
            definitions[plain] = True  # a schema that refers to itself finds its name
            definitions[plain] = bare(references.schema(key))
        return names[key]

    found = bare(rule)
    return {**found, "$defs": definitions} if definitions else dict(found)
