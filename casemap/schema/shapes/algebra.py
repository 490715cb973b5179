"""The algebra of jsonschema-rs on shapes, each shape read once.

What the library cannot read or decide is never an error here: the answer is then the one that claims nothing.
Formats are taken as strictly as the validators of documents take them.
"""

from __future__ import annotations

from math import prod
from typing import Any

import jsonschema_rs

from casemap.schema.formats import PATTERNS, strict
from casemap.schema.shapes.plain import Shape, key_of

__all__ = ["admits", "canonical", "contains", "is_empty", "simplified"]

_Yes = jsonschema_rs.canonical.Containment.YES
_No = jsonschema_rs.canonical.Containment.NO
_Empty = jsonschema_rs.canonical.Satisfiability.NO
_REFUSALS = (ValueError, OverflowError, jsonschema_rs.ReferencingError)

_MOST_KEPT = 20_000
_MOST_CASES = 256
"""The algebra multiplies alternatives out: of more cases it takes seconds."""
_FORMATS = tuple(f'"format":"{name}"'.encode() for name in PATTERNS)

_canonical: dict[bytes, Any] = {}
_validators: dict[bytes, Any] = {}
_empty: dict[bytes, bool] = {}
_simplified: dict[bytes, Shape] = {}
_SATISFIABLE = frozenset(("type", "const", "format", "minLength", "required"))
"""Keywords of which each alone admits something."""


def canonical(shape: Shape) -> Any:
    """The canonical form of a shape, a `jsonschema_rs.CanonicalSchema`, or None where the library has none."""
    return _canonical_of(shape, key_of(shape))


def _canonical_of(shape: Shape, key: bytes) -> Any:
    found = _canonical.get(key, ...)
    if found is ...:
        found = _canonicalized(shape, key)
        _keep(_canonical, key, found)
    return found


def _canonicalized(shape: Shape, key: bytes) -> Any:
    if b'"allOf"' in key and _cases(shape) > _MOST_CASES:
        return None
    exact = strict(shape) if any(name in key for name in _FORMATS) else shape
    try:
        return jsonschema_rs.canonicalize(exact, draft=jsonschema_rs.Draft202012, validate_formats=True, offline=True)
    except _REFUSALS:
        return None


def _cases(shape: Shape) -> int:
    """Into how many cases a shape, or the greatest of its parts, falls when its alternatives are multiplied out."""
    if not isinstance(shape, dict):
        return 1
    own = prod(_cases(part) for part in shape.get("allOf", ()))
    for keyword in ("anyOf", "oneOf"):
        if keyword in shape:
            own *= sum(_cases(part) for part in shape[keyword])
    if "if" in shape:
        own *= _cases(shape.get("then", True)) + _cases(shape.get("else", True))
    inner = [*shape.get("properties", {}).values(), *(shape[name] for name in ("items", "not") if name in shape)]
    return max(own, *map(_cases, inner), 1)


def _keep(cache: dict[bytes, Any], key: bytes, value: object) -> None:
    if len(cache) >= _MOST_KEPT:
        cache.clear()
    cache[key] = value


def contains(wide: Shape, narrow: Shape) -> bool | None:
    """Whether every value of the narrow shape is one of the wide shape; None where the algebra does not know."""
    one, other = canonical(wide), canonical(narrow)
    if one is None or other is None:
        return None
    try:
        answer = one.covers(other)
    except _REFUSALS:
        return None
    return True if answer == _Yes else False if answer == _No else None


def is_empty(shape: Shape) -> bool:
    """Whether it is certain that a shape has no value."""
    if not isinstance(shape, dict):
        return not shape
    if len(shape) <= 1 and shape.keys() <= _SATISFIABLE:
        return False
    key = key_of(shape)
    empty = _empty.get(key)
    if empty is None:
        found = _canonical_of(shape, key)
        empty = found is not None and bool(found.satisfiability() == _Empty)
        _keep(_empty, key, empty)
    return empty


def simplified(shape: Shape) -> Shape:
    """The same shape as the algebra writes it, `False` if it has no value; as it was, where that has references."""
    if not isinstance(shape, dict):
        return shape
    key = key_of(shape)
    simple = _simplified.get(key)
    if simple is None:
        simple = False if is_empty(shape) else _written(_canonical_of(shape, key), shape)
        _keep(_simplified, key, simple)
    return simple


def _written(found: Any, shape: Shape) -> Shape:
    if found is None:
        return shape
    try:
        simple = found.to_json_schema()
    except _REFUSALS:
        return shape
    if not isinstance(simple, dict):
        return bool(simple)
    simple.pop("$schema", None)
    if not simple:
        return True
    return shape if b'"$ref"' in key_of(simple) else simple


def admits(shape: Shape, value: Any, unsure: bool) -> bool:
    """Whether a value is of a shape; `unsure` where the library cannot tell, for want of Unicode or of digits."""
    if isinstance(shape, bool):
        return shape
    key = key_of(shape)
    validator = _validators.get(key)
    try:
        if validator is None:
            validator = jsonschema_rs.validator_for(strict(shape), validate_formats=True, offline=True)
            _keep(_validators, key, validator)
        return bool(validator.is_valid(value))
    except _REFUSALS:
        return unsure
