"""Functions of objects."""

from __future__ import annotations

from typing import Any

from casemap.analysis.signatures.arrays import array_of
from casemap.analysis.signatures.given import Given, Signature
from casemap.schema.shapes import Shape, below, item_of, joined, names_in, other_members, required_at, values_of

__all__ = ["SIGNATURES"]

_TEXT: Shape = {"type": "string"}
_ENTRY = {
    "type": "object",
    "properties": {"key": _TEXT, "value": True},
    "required": ["key", "value"],
    "additionalProperties": False,
}


def _object(properties: dict[str, Shape], required: list[str], others: Shape) -> Shape:
    shape: dict[str, Any] = {"type": "object"}
    if properties:
        shape["properties"] = properties
    if required:
        shape["required"] = required
    return shape if others is True else shape | {"additionalProperties": others}


def _closed_names(shape: Shape) -> list[str] | None:
    """The names that members of a shape can have; None where there may be others."""
    names = names_in(shape)
    if other_members(shape, names) is not False:
        return None
    return [name for name in names if below(shape, name) is not False]


def _name(shape: Shape) -> Shape:
    """The shape of the names of members."""
    names = _closed_names(shape)
    if names is None:
        return _TEXT
    return {"enum": names} if names else False


def _least(shape: Shape) -> int:
    return sum(required_at(shape, name) for name in names_in(shape))


def _most(shape: Shape) -> int | None:
    names = _closed_names(shape)
    return None if names is None else len(names)


def _entries(given: Given) -> Shape:
    members = other_members(given.first, ())
    properties = {"key": _name(given.first), "value": members}
    entry = False if False in properties.values() else {**_ENTRY, "properties": properties}
    return array_of(entry, _least(given.first), _most(given.first))


def _from_entries(given: Given) -> Shape:
    entry = item_of(given.first)
    names = values_of(below(entry, "key"))
    value = below(entry, "value")
    if names is None:
        return _object({}, [], value)
    return _object({name: value for name in names if isinstance(name, str)}, [], False)


def _keys(given: Given) -> Shape:
    return array_of(_name(given.first), _least(given.first), _most(given.first), unique=True)


def _values(given: Given) -> Shape:
    return array_of(other_members(given.first, ()), _least(given.first), _most(given.first))


def _constants(given: Given) -> list[str] | None:
    """The names given as arguments; None where one is computed."""
    names = [name for name in given.constants if name is not None]
    return names if all(isinstance(name, str) for name in names) else None


def _picked(given: Given) -> Shape:
    names = _constants(given)
    if names is None:
        return _object({}, [], other_members(given.first, ()))
    properties = {name: below(given.first, name) for name in names}
    return _object(properties, [name for name in properties if required_at(given.first, name)], False)


def _left(given: Given) -> Shape:
    omitted = _constants(given)
    if omitted is None:
        return _object({}, [], other_members(given.first, ()))
    kept = [name for name in names_in(given.first) if name not in omitted]
    properties = {name: below(given.first, name) for name in kept} | dict.fromkeys(omitted, False)
    required = [name for name in kept if required_at(given.first, name)]
    return _object(properties, required, other_members(given.first, properties))


def _merged(given: Given) -> Shape:
    one, other = given.shape(0), given.shape(1)
    names = list(dict.fromkeys((*names_in(one), *names_in(other))))
    properties = {
        name: below(other, name) if required_at(other, name) else joined((below(one, name), below(other, name)))
        for name in names
    }
    required = [name for name in names if required_at(one, name) or required_at(other, name)]
    return _object(properties, required, joined((other_members(one, names), other_members(other, names))))


SIGNATURES: dict[str, Signature] = {
    "entries": Signature(_entries),
    "from_entries": Signature(_from_entries, lambda _: {"type": "array", "items": _ENTRY, "maxItems": 1}),
    "keys": Signature(_keys),
    "values": Signature(_values),
    "pick": Signature(_picked),
    "omit": Signature(_left),
    "merge": Signature(_merged),
}
