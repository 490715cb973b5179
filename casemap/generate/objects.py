"""The shapes of JSON objects: classes where members have names, maps where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casemap.generate.keywords import only, says_nothing, without
from casemap.generate.names import class_name
from casemap.generate.rules import Rule, both
from casemap.generate.shapes import ANYTHING, Definition, Shape, Spot, documentation

if TYPE_CHECKING:
    from casemap.generate.shapes import Shaper

__all__ = ["candidates", "shape"]

_MEMBERS = ("properties", "patternProperties", "additionalProperties")


def shape(shaper: Shaper, schema: Any, own: Mapping[str, Any], spot: Spot, beside: Rule) -> Shape:
    """The shape of an object; `own` are the keywords about objects."""
    if not own.get("properties") and not own.get("required"):
        return _map(shaper, own, spot, beside)
    name = spot.definition or shaper.fresh(candidates(schema, spot))
    definition = Definition(name, {}, documentation(schema), is_class=True)
    shaper.definitions[name] = definition
    definition.schema = _class(shaper, definition, own)
    others = without(own, (*_MEMBERS, "required"))
    for rule in (_pattern_rule(own), others, beside):
        definition.rule = both(definition.rule, rule)
    return Shape({"$ref": f"#/$defs/{name}"})


def candidates(schema: Any, spot: Spot) -> list[str]:
    """Names for what has no name of its own, the best first: its title, or the member that it stands under."""
    title = schema.get("title") if isinstance(schema, dict) else None
    words = [title] if isinstance(title, str) and class_name(title) not in ("", spot.owner) else []
    words.append(spot.member or "value")
    return [words[0], *(f"{spot.owner} {each}" for each in words)] if spot.member else [f"{spot.owner} {words[0]}"]


def _map(shaper: Shaper, own: Mapping[str, Any], spot: Spot, beside: Rule) -> Shape:
    values = own.get("additionalProperties", True)
    if "patternProperties" in own:
        return Shape({"type": "object", "additionalProperties": ANYTHING.schema}, both(own, beside))
    inner = shaper.shape(values, spot.inside("value"))
    rest = without(own, () if inner.rule else ("additionalProperties",))
    return Shape({"type": "object", "additionalProperties": inner.schema}, both(rest, beside))


def _class(shaper: Shaper, definition: Definition, own: Mapping[str, Any]) -> dict[str, Any]:
    """The shape of a class; adds the rules of its fields, and of its other members, to the definition."""
    others = True if "patternProperties" in own else own.get("additionalProperties", True)
    named: dict[str, Any] = dict(own.get("properties", {}))
    for name in own.get("required", ()):
        named.setdefault(name, others)
    members: dict[str, Any] = {}
    for name, schema in named.items():
        found = shaper.shape(schema, Spot(definition.name, name))
        members[name] = found.schema
        definition.field_documentation[name] = documentation(schema)
        definition.field_rules[name] = found.rule
    contents: dict[str, Any] = {"type": "object", "properties": members, "required": list(own.get("required", ()))}
    if others is False:
        contents["additionalProperties"] = False
    elif not says_nothing(others):
        found = shaper.shape(others, Spot(definition.name, "value", alone=False))
        contents["additionalProperties"] = found.schema
        if found.rule:
            definition.rule = {"properties": dict.fromkeys(named, True), "additionalProperties": others}
    return contents


def _pattern_rule(own: Mapping[str, Any]) -> Rule:
    """`additionalProperties` depends on the names and patterns beside it; a field has a rule of its own."""
    if "patternProperties" not in own:
        return None
    names = dict.fromkeys(own.get("properties", {}), True)
    return {**only(own, ("patternProperties", "additionalProperties")), "properties": names}
