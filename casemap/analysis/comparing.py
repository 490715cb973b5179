"""What a result can be against what the target takes: field by field, which are proven, and what is left to ask.

The verdicts come from the schema algebra. What is left to ask is a schema of its own, and it is proven that a result
which obeys it is valid; where that cannot be proven, it is the whole target schema.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from casemap.schema.shapes import (
    NEVER,
    Shape,
    below,
    covers,
    item_of,
    joined,
    names_in,
    narrowed,
    other_members,
    required_at,
    types_of,
)

__all__ = ["Doubt", "compared", "doubts_and_left"]

Target = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A target field that is not proven: it may be missing though it is required, or its value may not be taken.

    `expected` is what the target takes there, `found` what it can be. `never` is set where it is never right.
    `asked` is the schema that decides it, asked of the value at `place`.
    """

    target: Target
    kind: Literal["missing", "value"]
    expected: Shape
    found: Shape
    never: bool
    place: Target
    asked: Shape


def compared(target: Shape, found: Shape, at: Target = ()) -> list[Doubt]:
    """The fields of a result that are not proven."""
    if found is NEVER or covers(target, found):
        return []
    alternatives = _alternatives(found)
    if len(alternatives) > 1:
        return _of_alternatives(target, alternatives, at)
    kinds, wanted = types_of(found), types_of(target)
    doubts: list[Doubt] = []
    if kinds == {"object"} and "object" in wanted:
        doubts = _of_object(target, found, at)
    elif kinds == {"array"} and "array" in wanted:
        doubts = _of_array(target, found, at)
    if doubts:
        return doubts
    return [Doubt(at, "value", target, found, narrowed(found, target) is NEVER, at, target)]


def _alternatives(shape: Shape) -> list[Shape]:
    if isinstance(shape, dict) and set(shape) == {"anyOf"}:
        return list(shape["anyOf"])
    return [shape]


def _of_alternatives(target: Shape, alternatives: list[Shape], at: Target) -> list[Doubt]:
    """A field is never right if it is so in every alternative."""
    each = [compared(target, alternative, at) for alternative in alternatives]
    found: dict[tuple[Target, str], list[Doubt]] = {}
    for doubts in each:
        for doubt in doubts:
            found.setdefault((doubt.target, doubt.kind), []).append(doubt)
    return [
        replace(
            doubts[0],
            found=joined(doubt.found for doubt in doubts),
            never=len(doubts) == len(alternatives) and all(doubt.never for doubt in doubts),
        )
        for doubts in found.values()
    ]


def _of_object(target: Shape, found: Shape, at: Target) -> list[Doubt]:
    doubts: list[Doubt] = []
    names = [name for name in names_in(found) if below(found, name) is not NEVER]
    for name in names:
        doubts += compared(below(target, name), below(found, name), (*at, name))
    others = other_members(found, frozenset(names))
    for name in _required(target):
        if not required_at(found, name):
            never = name not in names and others is NEVER
            asked = {"required": [name]}
            doubts.append(Doubt((*at, name), "missing", asked, found, never, at, asked))
    if others is not NEVER:
        # what the result does not name may still be a member that the target names
        wanted = names_in(target)
        for name in wanted:
            if name not in names:
                doubts += compared(below(target, name), below(found, name), (*at, name))
        known = frozenset((*names, *wanted))
        wanted_of_others = other_members(target, known)
        more = compared(wanted_of_others, others, (*at, "*"))
        # which members are others depends on all that are named: the object is asked as a whole;
        # where the target takes no others, an object without any is right nevertheless
        closed = wanted_of_others is NEVER
        doubts += [replace(doubt, place=at, asked=target, never=doubt.never and not closed) for doubt in more]
    return doubts


def _of_array(target: Shape, found: Shape, at: Target) -> list[Doubt]:
    items, wanted = item_of(found), item_of(target)
    if items is NEVER:
        return []
    return [replace(doubt, never=doubt.never and wanted is not NEVER) for doubt in compared(wanted, items, (*at, "*"))]


def _required(shape: Shape) -> list[str]:
    """The members that every object of a shape has."""
    if not isinstance(shape, dict):
        return []
    names: dict[str, None] = dict.fromkeys(shape.get("required", ()))
    for part in shape.get("allOf", ()):
        names |= dict.fromkeys(_required(part))
    return list(names)


def doubts_and_left(target: Shape, found: Shape) -> tuple[list[Doubt], Shape]:
    """The fields that are not proven, and the schema that results have to obey beside what is proven of them."""
    doubts = compared(target, found)
    schema: Any = True
    for doubt in doubts:
        schema = _merged(schema, _at(doubt.place, doubt.asked))
    if covers(target, {"allOf": [found, schema]} if schema is not True else found):
        return doubts, schema
    # what the document has to obey as a whole
    return [*doubts, Doubt((), "value", target, found, never=False, place=(), asked=target)], target


def _at(place: Target, schema: Shape) -> Shape:
    """The schema that asks of a whole document what another one asks of a part of it."""
    for step in reversed(place):
        schema = {"items": schema} if step == "*" else {"properties": {step: schema}}
    return schema


def _merged(one: Any, other: Any) -> Any:
    """A schema that asks what both ask."""
    if one is True or other is True:
        return other if one is True else one
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return {"allOf": [one, other]}
    result = dict(one)
    for keyword, value in other.items():
        if keyword not in result:
            result[keyword] = value
        elif keyword == "properties":
            result[keyword] = {
                name: _merged(result[keyword][name], value[name])
                if name in result[keyword] and name in value
                else (result[keyword] | value)[name]
                for name in result[keyword] | value
            }
        elif keyword == "required":
            result[keyword] = [*result[keyword], *(name for name in value if name not in result[keyword])]
        elif keyword == "items":
            result[keyword] = _merged(result[keyword], value)
        elif result[keyword] != value:
            return {"allOf": [one, other]}
    return result
