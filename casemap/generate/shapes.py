"""Schemas as shapes: the part of JSON Schema that the generator turns into exact types, with rules for the rest.

A *shape* is a schema of a few forms: a reference to a definition of the module, an object with members, a map, an
array with one schema for its items, `anyOf` of shapes, texts of a list, and the scalar types. Numbers, formats and
values of any type name classes of `casemap.generate.support` by `customTypePath`, for the generator's own types are
laxer or stricter than JSON Schema. A shape accepts whatever its schema accepts. What it accepts beyond that, its
*rule* refuses; a shape without a rule is exact.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.generate.keywords import (
    ARRAY,
    NUMBER,
    OBJECT,
    STRING,
    constraints,
    has_object_members,
    json_type,
    only,
    says_nothing,
    types_of,
    without,
)
from casemap.generate.merging import merged
from casemap.generate.names import class_name
from casemap.generate.references import References
from casemap.generate.rules import Rule, both

__all__ = ["ANYTHING", "SUPPORT", "Definition", "Naming", "Shape", "Shaper", "Spot"]

SUPPORT = "casemap_support"
"""Stands for the support module until the modules are written."""


def _custom(name: str) -> dict[str, Any]:
    return {"customTypePath": f"{SUPPORT}.{name}"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the generator is given for a schema, and the rule for what that does not say."""

    schema: Mapping[str, Any]
    rule: Rule = None


ANYTHING = Shape(_custom("JsonValue"))
_NO_VALUE = Shape(_custom("NoValue"))
_SCALARS = {
    "null": Shape({"type": "null"}),
    "boolean": Shape({"type": "boolean"}),
    "integer": Shape({"type": "integer", **_custom("JsonInteger")}),
    "number": Shape({"type": "number", **_custom("JsonNumber")}),
    "string": Shape({"type": "string"}),
}
_NATIVE = {
    "string": frozenset(("minLength", "maxLength")),
    "integer": NUMBER - {"multipleOf"},
    "number": NUMBER - {"multipleOf"},
    "array": frozenset(("minItems", "maxItems")),
}
"""The keywords that the generator writes beside the type of a field or alias, and pydantic obeys to the letter."""

_KEYWORDS = {
    "string": STRING,
    "integer": NUMBER,
    "number": NUMBER,
    "array": ARRAY,
    "object": OBJECT,
    "boolean": frozenset[str](),
    "null": frozenset[str](),
}
_CHOICES = ("anyOf", "oneOf")
_CONDITIONS = ("not", "if", "then", "else")


@dataclass(slots=True)
class Definition:
    """A class or a type alias of a module.

    `field_rules` are by the member names of the schema. `notes` say in words where the model is not its schema.
    """

    name: str
    key: str
    schema: Mapping[str, Any]
    is_document: bool = False
    is_class: bool = False
    rule: Rule = None
    field_rules: dict[str, Rule] = field(default_factory=dict)
    discriminator: str | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a schema stands: within which class, under which member; `alone` where its type is a field's or alias's."""

    owner: str
    member: str = ""
    alone: bool = True

    def inside(self, suffix: str = "") -> Spot:
        """Within a type: an item, a value of a map, a choice."""
        return replace(self, member=f"{self.member} {suffix}".strip(), alone=False)


class Naming:
    """Names definitions; `Shaper` asks it."""

    def reference(self, key: str) -> str:
        """The `$ref` to the definition that a key stands for."""
        raise NotImplementedError

    def fresh(self, candidates: Iterable[str]) -> str:
        """A name for a definition that has no key of its own."""
        raise NotImplementedError


class Shaper:
    """Shapes of one module's schemas. `definitions` holds what was found, by name, in the order of finding."""

    def __init__(self, references: References, naming: Naming, *, enum_classes: bool = False) -> None:
        self.references = references
        self.naming = naming
        self.enum_classes = enum_classes
        self.definitions: dict[str, Definition] = {}
        self._notes: list[str] = []

    def define(self, name: str, key: str, *, is_document: bool) -> None:
        """Add the definition of a document type or of a schema under `$defs`."""
        schema = self.references.schema(key)
        node = constraints(schema) if isinstance(schema, dict) else {}
        if is_document and "$ref" in node:
            node = {**without(node, ("$ref",)), "allOf": [{"$ref": node["$ref"]}, *node.get("allOf", [])]}
        self._notes = []
        spot = Spot(name)
        if self._is_class(node, is_document=is_document):
            self._define_class(name, key, schema, node)
        else:
            shape = self._shape(node) if False else self._of(schema, node, spot, named=True)
            described = {**shape.schema, **_described(schema)}
            definition = Definition(name, key, described, is_document=is_document, rule=shape.rule)
            definition.discriminator = self._discriminator(node)
            self.definitions[name] = definition
        self.definitions[name].notes += self._notes
