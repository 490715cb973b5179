"""Rules: the part of a schema that types cannot say, as a JSON Schema of its own for jsonschema-rs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from casemap.generate.keywords import constraints
from casemap.generate.references import References, subschemas

__all__ = ["SEE_SIBLINGS", "Definitions", "Rule", "both", "rule_keywords"]

SEE_SIBLINGS = frozenset((
    "additionalProperties", "unevaluatedProperties", "items", "unevaluatedItems", "contains", "minContains",
    "maxContains", "if", "then", "else",
))  # fmt: skip
"""Keywords that mean something else beside others: they cannot be moved into another schema."""

Rule = Mapping[str, Any] | None
"""A schema, or None where types say all."""


def both(one: Rule, other: Rule) -> Rule:
    """The rule that both rules hold."""
    if not one or not other:
        return one or other
    if one.keys() & other.keys() or SEE_SIBLINGS & (one.keys() | other.keys()):
        return {"allOf": [one, other]}
    return {**one, **other}


_COMMON = frozenset((
    "$ref", "additionalProperties", "allOf", "const", "else", "enum", "items", "properties", "required", "then", "type",
))  # fmt: skip
"""Keywords that a rule has on the way to what it is there for."""


def rule_keywords(rule: Rule) -> list[str]:
    """The keywords that a rule is there for, sorted: those that say most of what it says."""
    found: set[str] = set()
    pending: list[Any] = [rule]
    while pending:
        schema = pending.pop()
        if isinstance(schema, dict):
            kept = constraints(schema)
            found |= kept.keys()
            pending += [inner for _, inner in subschemas(kept)]
    return sorted(found - _COMMON) or sorted(found)


def _plain(text: str) -> str:
    """A text with letters and digits alone, so that it stands in a reference as it is."""
    return re.sub(r"[^0-9A-Za-z]", "_", text)


class Definitions:
    """The schemas that the rules of a module refer to, under names; `schemas` grows as rules are made."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._names: dict[str, str] = {}
        self.schemas: dict[str, Any] = {}

    def rule(self, schema: Any) -> Any:
        """A schema without annotations, its references leading to `#/$defs/...` by the names here."""
        if not isinstance(schema, dict):
            return schema
        found = constraints(schema)
        copied: set[str] = set()
        for steps, inner in subschemas(found):
            keyword = str(steps[0])
            if len(steps) == 1:
                found[keyword] = self.rule(inner)
                continue
            if keyword not in copied:
                found[keyword] = found[keyword].copy()
                copied.add(keyword)
            found[keyword][steps[1]] = self.rule(inner)
        if "$ref" in found:
            found["$ref"] = f"#/$defs/{self._name(found['$ref'])}"
        return found

    def _name(self, key: str) -> str:
        if key not in self._names:
            document, _, place = key.partition("#")
            last = place.rpartition("/")[2] if place else document.rpartition("/")[2]
            name = _plain(last)
            while name in self.schemas:
                name = f"{_plain(document)}_{name}"
            self._names[key] = name
            self.schemas[name] = True  # a schema that refers to itself finds its name
            self.schemas[name] = self.rule(self._references.schema(key))
        return self._names[key]
