"""Schemas as shapes: the part of JSON Schema that the generator turns into exact types, with rules for the rest.

A *shape* is a schema of a few forms: a reference to a definition, an object with members, a map, an array with one
schema for its items, `anyOf` of shapes, a list of texts, and the scalar types. Numbers, formats and values of any type
name classes of `casemap.generate.support` by `customTypePath`, for the generator's own types are laxer or stricter
than JSON Schema. A shape accepts whatever its schema accepts. What it accepts beyond that, its *rule* refuses; a
shape without a rule is exact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.generate.keywords import ARRAY, NUMBER, OBJECT, STRING, constraints, only, says_nothing, types_of, without
from casemap.generate.merging import merged, reference_keys
from casemap.generate.names import format_class
from casemap.generate.references import References
from casemap.generate.rules import Rule, both

__all__ = [
    "ANYTHING", "NO_VALUE", "SUPPORT", "Definition", "Shape", "Shaper", "Spot", "documentation", "sole_reference",
]  # fmt: skip

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
NO_VALUE = Shape(_custom("NoValue"))

_SCALARS: Mapping[str, Mapping[str, Any]] = {
    "null": {"type": "null"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer", **_custom("JsonInteger")},
    "number": {"type": "number", **_custom("JsonNumber")},
    "string": {"type": "string"},
}
_BOUNDS = NUMBER - {"multipleOf"}
_NATIVE: Mapping[str, frozenset[str]] = {
    "string": frozenset(("minLength", "maxLength")),
    "integer": _BOUNDS,
    "number": _BOUNDS,
    "array": frozenset(("minItems", "maxItems")),
}
"""Keywords that the generator writes beside the type of a field or alias, and that pydantic obeys to the letter."""

_EXACT = 2**53
"""The last integer up to which a float is the number that was written: bounds beyond it are jsonschema-rs's to read."""

_OWN: Mapping[str, frozenset[str]] = {
    "string": STRING, "integer": NUMBER, "number": NUMBER, "array": ARRAY, "object": OBJECT,
    "boolean": frozenset(), "null": frozenset(),
}  # fmt: skip
_CHOICES = frozenset(("anyOf", "oneOf"))
_UNEVALUATED = frozenset(("unevaluatedProperties", "unevaluatedItems"))
_LOGIC = _CHOICES | {"not", "if", "then", "else"}


@dataclass(slots=True)
class Definition:
    """A class or a type alias of a module.

    A document that is no object becomes a class that holds it. `field_rules` and `field_documentation` are by the
    member names of the schema. `enum` has the texts of a class that lists them.
    """

    name: str
    schema: Mapping[str, Any]
    documentation: str = ""
    is_document: bool = False
    is_class: bool = False
    rule: Rule = None
    field_rules: dict[str, Rule] = field(default_factory=dict)
    field_documentation: dict[str, str] = field(default_factory=dict)
    discriminator: str | None = None
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a schema stands: in which class, under which member; `alone` where its type is all of a field's or alias's.

    `definition` is the name that the schema itself is to have, if it has one.
    """

    owner: str
    member: str = ""
    alone: bool = True
    definition: str | None = None
    is_document: bool = False

    def inside(self, suffix: str = "") -> Spot:
        """Within a type: an item, a value of a map, a choice."""
        return replace(self, member=f"{self.member} {suffix}".strip(), alone=False, definition=None, is_document=False)


def documentation(schema: Any) -> str:
    """What a schema says of itself, in words; empty where it says nothing."""
    if not isinstance(schema, dict):
        return ""
    paragraphs = [text.strip()] if isinstance(text := schema.get("description"), str) else []
    if "default" in schema:
        default = json.dumps(schema["default"], ensure_ascii=False)
        paragraphs.append(f"Where it is absent, {default} is meant.")
    if schema.get("deprecated") is True:
        paragraphs.append("Deprecated.")
    return "\n\n".join(paragraphs)


class Shaper:
    """Makes the definitions of one module.

    `definitions` has them by name, in the order of finding. `notes` has, by class, where a model differs from its
    schema, in words. `reference` gives the `$ref` to the definition that a key stands for; `fresh` gives a free class
    name, the first of some candidates that is one.
    """

    def __init__(
        self,
        references: References,
        reference: Callable[[str], str],
        fresh: Callable[[list[str]], str],
        *,
        enum_classes: bool,
    ) -> None:
        self.references = references
        self.reference = reference
        self.fresh = fresh
        self.enum_classes = enum_classes
        self.definitions: dict[str, Definition] = {}
        self.notes: dict[str, list[str]] = {}
        self._written_out: frozenset[str] = frozenset()  # keys of what is being written out, maybe within itself

    def define(self, name: str, key: str, *, is_document: bool) -> None:
        """Add the definition of a document type, or of what references lead to."""
        schema = self.references.schema(key)
        spot = Spot(owner=name, definition=name, is_document=is_document)
        node = constraints(schema) if isinstance(schema, dict) else {}
        self._written_out = frozenset((key,))
        if is_document and sole_reference(node) is not None:  # a class of its own, though all is said elsewhere
            shape = self._flattened(schema, node, spot)
        else:
            shape = self.shape(schema, spot)
        if shape.schema.keys() == {"$ref"} and name not in self.definitions:  # of which the generator makes nothing
            shape = Shape({"anyOf": [shape.schema, NO_VALUE.schema]}, shape.rule)
        if _is_list_of_itself(shape.schema, name):  # of which the generator makes any list
            bounds = only(shape.schema, _NATIVE["array"])
            shape = Shape({"anyOf": [without(shape.schema, bounds), NO_VALUE.schema]}, both(shape.rule, bounds))
        if name not in self.definitions:  # classes add themselves
            self.definitions[name] = Definition(
                name, shape.schema, documentation(schema), is_document=is_document, rule=shape.rule
            )

    def shape(self, schema: Any, spot: Spot) -> Shape:
        """The shape of a schema."""
        if schema is False:
            return NO_VALUE
        if says_nothing(schema):
            return ANYTHING
        node = constraints(schema)
        key = sole_reference(node)
        if key is not None:
            return Shape({"$ref": self.reference(key)})
        if "$ref" in node or "allOf" in node:
            return self._flattened(schema, node, spot)
        return self._of(schema, node, spot, None)

    def _flattened(self, schema: Any, node: Mapping[str, Any], spot: Spot) -> Shape:
        """The shape of a schema with `$ref` or `allOf`, written out; or one of those it refers to, with a rule."""
        keys = reference_keys(node, self.references)
        if keys and (keys & self._written_out or not (spot.definition or _adds_members(node))):
            reference = next(iter(_references(node)), None)
            if reference is not None:
                return Shape({"$ref": self.reference(reference)}, _without_reference(node, reference))
            return Shape(ANYTHING.schema, node)
        flat, exact = merged(node, self.references)
        before = self._written_out
        self._written_out = before | keys
        shape = self._of(schema, flat, spot, None if exact else node)
        self._written_out = before
        return shape

    def _of(self, schema: Any, node: Mapping[str, Any], spot: Spot, beside: Rule) -> Shape:
        """The shape of a schema whose keywords, `$ref` and `allOf` resolved, are `node`; `beside` holds as well."""
        from casemap.generate import choices

        if _UNEVALUATED & node.keys():
            beside = both(beside, node)
            node = without(node, _UNEVALUATED)
        if "enum" in node or "const" in node:
            return choices.listed(self, schema, node, spot, beside)
        if _CHOICES & node.keys() and not (OBJECT | ARRAY | STRING | NUMBER) & node.keys():
            return choices.union(self, schema, node, spot, beside)
        kinds = types_of(node)
        kind = next((kind for keyword, kind in _TELLING.items() if keyword in node), None)
        if kinds is None and kind is None:
            return Shape(ANYTHING.schema, both(beside, node))
        beside = both(beside, only(node, _LOGIC))
        if kinds is None:
            self._note(spot, f"{kind}s only; the schema has no `type` and so takes all that is no {kind} as well")
            kinds = (str(kind),)
        if len(kinds) == 1:
            return self._typed(kinds[0], schema, node, spot, beside)
        shapes = [self._typed(kind, schema, node, spot.inside(), None) for kind in kinds]
        for shape in shapes:
            beside = both(beside, shape.rule)
        return Shape(choices.any_of(shapes), beside)

    def _note(self, spot: Spot, text: str) -> None:
        where = f"`{spot.member}`: " if spot.member else ""
        self.notes.setdefault(spot.owner, []).append(where + text)

    def _typed(self, kind: str, schema: Any, node: Mapping[str, Any], spot: Spot, beside: Rule) -> Shape:
        from casemap.generate import objects

        own = only(node, _OWN[kind])
        if kind == "object":
            return objects.shape(self, schema, own, spot, beside)
        if kind == "array":
            return self._array(own, spot, beside)
        contents = dict(_SCALARS[kind])
        if "format" in own:
            contents.update(_custom(format_class(own.pop("format"))))
        return _with_bounds(kind, contents, own, spot, beside)

    def _array(self, own: Mapping[str, Any], spot: Spot, beside: Rule) -> Shape:
        items = own.get("items", True)
        if "prefixItems" in own:
            return _with_bounds("array", {"type": "array", "items": ANYTHING.schema}, own, spot, beside)
        inner = self.shape(items, spot.inside("item"))
        others = without(own, () if inner.rule else ("items",))
        return _with_bounds("array", {"type": "array", "items": inner.schema}, others, spot, beside)


def _is_list_of_itself(shape: Mapping[str, Any], name: str) -> bool:
    return shape.get("type") == "array" and f'"#/$defs/{name}"' in json.dumps(shape, ensure_ascii=False)


_TELLING = {"properties": "object", "items": "array", "prefixItems": "array"}
"""Keywords by which people mean a type that they do not write."""


def sole_reference(schema: Any) -> str | None:
    """The key that a schema refers to, where it says nothing else."""
    node = constraints(schema) if isinstance(schema, dict) else {}
    if node.keys() == {"$ref"}:
        return str(node["$ref"])
    if node.keys() == {"allOf"} and len(node["allOf"]) == 1:
        return sole_reference(node["allOf"][0])
    return None


def _references(node: Mapping[str, Any]) -> Iterator[str]:
    """The keys that must hold, of those that a schema names at its top."""
    if "$ref" in node:
        yield node["$ref"]
    for branch in node.get("allOf", []):
        if isinstance(branch, dict):
            yield from _references(constraints(branch))


def _without_reference(node: Mapping[str, Any], key: str) -> Rule:
    """What a schema says beside a reference of `_references`."""
    if node.get("$ref") == key:
        return without(node, ("$ref",))
    branches = [without(branch, ("$ref",)) if branch == {"$ref": key} else branch for branch in node["allOf"]]
    kept = [branch for branch in branches if branch != {}]
    return {**without(node, ("allOf",)), **({"allOf": kept} if kept else {})}


def _adds_members(node: Mapping[str, Any]) -> bool:
    """Whether a schema with references names further members or items, at its top."""
    branches = [constraints(branch) for branch in node.get("allOf", []) if isinstance(branch, dict)]
    return bool({"properties", "items", "prefixItems"} & node.keys()) or any(_adds_members(each) for each in branches)


def _with_bounds(kind: str, contents: Mapping[str, Any], own: Mapping[str, Any], spot: Spot, beside: Rule) -> Shape:
    """A shape with the keywords that can stand beside its type, and a rule for the others."""
    native = only(own, _NATIVE.get(kind, ())) if spot.alone else {}
    native = {keyword: value for keyword, value in native.items() if -_EXACT <= value <= _EXACT}
    return Shape({**contents, **native}, both(without(own, native), beside))
