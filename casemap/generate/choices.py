"""The shapes of choices: `enum`, `const`, `anyOf`, `oneOf`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casemap.generate.keywords import constraints, json_type, types_of, without
from casemap.generate.merging import merged
from casemap.generate.objects import candidates
from casemap.generate.references import References
from casemap.generate.rules import Rule, both
from casemap.generate.shapes import ANYTHING, NO_VALUE, Definition, Shape, Spot, documentation

if TYPE_CHECKING:
    from casemap.generate.shapes import Shaper

__all__ = ["any_of", "listed", "union"]


def any_of(shapes: Iterable[Shape]) -> Mapping[str, Any]:
    """The shape of a value that has one of some shapes."""
    members: list[Mapping[str, Any]] = []
    for shape in shapes:
        members += shape.schema["anyOf"] if shape.schema.keys() == {"anyOf"} else [shape.schema]
    found = [member for index, member in enumerate(members) if member not in members[:index]]
    if ANYTHING.schema in found:
        return ANYTHING.schema
    found = [member for member in found if member != NO_VALUE.schema]
    return found[0] if len(found) == 1 else {"anyOf": found} if found else NO_VALUE.schema


def listed(shaper: Shaper, schema: Any, node: Mapping[str, Any], spot: Spot, beside: Rule) -> Shape:
    """The shape of `enum` or `const`: literals where pydantic compares as JSON Schema does."""
    values = _admitted(node)
    beside = both(beside, without(node, ("enum", "const", "type")))
    texts = [value for value in values if isinstance(value, str)]
    if all(value is None or isinstance(value, str) for value in values):
        whole = spot if len(texts) == len(values) else spot.inside()
        shapes = [_texts(shaper, schema, texts, whole)] if texts else []
        shapes += [Shape({"type": "null"})] if None in values else []
        return Shape(any_of(shapes), beside)
    kinds = list(dict.fromkeys(json_type(value) for value in values))
    rule = both({"enum": values}, beside)  # it keeps True apart from 1
    if spot.alone and kinds in (["integer"], ["boolean"]) and not any(isinstance(value, float) for value in values):
        return Shape({"type": kinds[0], "enum": values}, rule)
    return Shape(any_of(shaper.shape({"type": kind}, spot.inside()) for kind in kinds), rule)


def _admitted(node: Mapping[str, Any]) -> list[Any]:
    """The listed values that `type` and `const` leave, each once."""
    values: list[Any] = node["enum"] if "enum" in node else [node["const"]]
    kinds = types_of(node)
    found: list[Any] = []
    for value in values:
        kind = json_type(value)
        if kinds is not None and kind not in kinds and not (kind == "integer" and "number" in kinds):
            continue
        if "const" in node and not _same(value, node["const"]):
            continue
        if not any(_same(value, other) for other in found):
            found.append(value)
    return found


def _same(one: Any, other: Any) -> bool:
    return json_type(one) == json_type(other) and bool(one == other)


def _texts(shaper: Shaper, schema: Any, texts: list[str], spot: Spot) -> Shape:
    contents = {"type": "string", "enum": texts}
    if not shaper.enum_classes or len(texts) == 1:
        return Shape(contents)
    name = None if spot.is_document else spot.definition
    name = name or shaper.fresh(candidates(schema, spot))
    shaper.definitions[name] = Definition(name, contents, documentation(schema), enum=tuple(texts))
    return Shape({"$ref": f"#/$defs/{name}"})


def union(shaper: Shaper, schema: Any, node: Mapping[str, Any], spot: Spot, beside: Rule) -> Shape:
    """The shape of `anyOf` or `oneOf` that no keyword but `type` stands beside."""
    choice = "oneOf" if "oneOf" in node else "anyOf"
    branches = [_of_type(branch, node.get("type")) for branch in node[choice]]
    kinds = [_kinds(branch, shaper.references) for branch in branches]
    possible: frozenset[str] = frozenset().union(*kinds)
    tag = _tag(branches, shaper.references)
    shapes = [shaper.shape(branch, spot.inside(_told_by(branch, tag, shaper.references))) for branch in branches]
    beside = both(beside, without(node, (choice, "type")))
    allowed = types_of(node)
    if allowed is not None and not possible <= frozenset(allowed):
        beside = both(beside, {"type": list(allowed)})
    exclusive = choice == "anyOf" or tag is not None or _disjoint(kinds)
    if not exclusive or any(shape.rule for shape in shapes):
        beside = both(beside, {choice: branches})
    found = Shape(any_of(shapes), beside)
    if tag is None or not _is_attribute(tag) or len(found.schema.get("anyOf", ())) != len(branches):
        return found
    if shaper.enum_classes and not _is_literal(branches, tag, shaper.references):
        return found
    return _discriminated(shaper, schema, found, tag, spot)


def _of_type(branch: Any, kind: Any) -> Any:
    """A branch with the `type` that stands beside the choice, where it has none."""
    if kind is None or not isinstance(branch, dict) or {"type", "$ref", "allOf"} & branch.keys():
        return branch
    return {"type": kind, **branch}


_ALL = frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))


def _kinds(schema: Any, references: References) -> frozenset[str]:
    """The JSON types that a value may have; too many where it takes more than a look."""
    if not isinstance(schema, dict):
        return _ALL if schema else frozenset()
    flat, _ = merged(constraints(schema), references)
    if "enum" in flat or "const" in flat:
        return frozenset(json_type(value) for value in _admitted(flat))
    kinds = types_of(flat)
    return _ALL if kinds is None else frozenset(kinds)


def _disjoint(all_kinds: Sequence[frozenset[str]]) -> bool:
    seen: set[str] = set()
    for kinds in all_kinds:
        wide = kinds | ({"integer"} if "number" in kinds else set()) | ({"number"} if "integer" in kinds else set())
        if wide & seen:
            return False
        seen |= wide
    return True


def _tag(branches: Sequence[Any], references: References) -> str | None:
    """The member that tells the branches apart: required in each, with texts that no other has."""
    flats = [merged(constraints(branch), references)[0] for branch in branches if isinstance(branch, dict)]
    if len(flats) < 2 or len(flats) < len(branches) or any(types_of(flat) != ("object",) for flat in flats):
        return None
    shared: set[str] = set.intersection(
        *(set(flat.get("required", ())) & flat.get("properties", {}).keys() for flat in flats)
    )
    for name in sorted(shared, key=list(flats[0].get("required", ())).index):
        seen: list[str] = []
        for flat in flats:
            seen += _tag_values(flat["properties"][name], references) or ["", ""]
        if len(set(seen)) == len(seen):
            return name
    return None


def _told_by(branch: Any, tag: str | None, references: References) -> str:
    """A word for a branch of a choice."""
    flat = merged(constraints(branch), references)[0] if isinstance(branch, dict) else {}
    if tag is not None:
        return (_tag_values(flat["properties"][tag], references) or [""])[0]
    members = [*flat.get("required", ()), *flat.get("properties", ())]
    return f"with {members[0]}" if members else "choice"


def _is_attribute(name: str) -> bool:
    """Whether a member's name can stand as it is for its attribute, whatever the options."""
    from pydantic import BaseModel

    plain = re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None
    return plain and not keyword.iskeyword(name) and not hasattr(BaseModel, name)


def _is_literal(branches: Sequence[Any], tag: str, references: References) -> bool:
    """Whether the tag of each branch has one value, so that no enum class is made of it: pydantic wants literals."""
    flats = (merged(constraints(branch), references)[0] for branch in branches)
    return all(len(_tag_values(flat["properties"][tag], references) or ()) == 1 for flat in flats)


def _tag_values(schema: Any, references: References) -> list[str] | None:
    flat = merged(constraints(schema), references)[0] if isinstance(schema, dict) else {}
    values = _admitted(flat) if "enum" in flat or "const" in flat else []
    return values if values and all(isinstance(value, str) for value in values) else None


def _discriminated(shaper: Shaper, schema: Any, shape: Shape, tag: str, spot: Spot) -> Shape:
    """A union that pydantic chooses from by a member's value: an alias, as that stands in one place of a module."""
    name = spot.definition or shaper.fresh(candidates(schema, spot))
    shaper.definitions[name] = Definition(
        name, shape.schema, documentation(schema), is_document=spot.is_document, rule=shape.rule, discriminator=tag
    )
    return Shape({"$ref": f"#/$defs/{name}"})
