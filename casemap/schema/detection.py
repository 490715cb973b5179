"""Which document type a payload is of, and where it is of none, how far it is from each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casemap.errors import ConversionError
from casemap.problem import Problem
from casemap.schema.store import SchemaStore
from casemap.schema.validate import is_valid, violations

__all__ = ["detect"]

_NEAREST = 3
"""Types that are told of where none fits."""

_MUCH_MORE = 4
"""So many times as many members a type declares that a payload was probably meant to be of, and is not valid for."""


def detect(payload: Any, types: Sequence[str], store: SchemaStore) -> str:
    """The only type that a payload is valid for, or of several the one that declares most of it.

    A type that demands nothing takes nearly everything, broken payloads of other types as well: it is no answer where
    it hardly knows the payload, and another type does.

    Raises `ConversionError` (CM507) with the candidates, or with the types that are nearest and what keeps the payload
    from being of each.
    """
    valid = [
        name for name in types if _may_be(payload, store.schemas[name]) and is_valid(payload, store.validator(name))
    ]
    scores = {name: _declared_members(payload, store, name) for name in valid}
    best = max(scores.values(), default=0)
    valid = [name for name in valid if scores[name] == best]
    if valid and isinstance(payload, dict) and 2 * best < len(payload):
        others = [name for name in types if name not in scores]
        known = max((_declared_members(payload, store, name) for name in others), default=0)
        if known > _MUCH_MORE * max(best, 1):
            problem = _of_no_type(payload, others, store)
            message = f"the payload is valid only for {' and '.join(valid)}, where hardly any of its members is known"
            raise ConversionError([problem.at(message=message)])
    if len(valid) == 1:
        return valid[0]
    if valid:
        message = f"the payload can be {' or '.join(valid)}"
        raise ConversionError([Problem("CM507", message, "Say which with `--from TYPE`.", path="")])
    raise ConversionError([_of_no_type(payload, types, store)])


def _may_be(payload: Any, schema: Any) -> bool:
    """False where the schema's own first words already exclude the payload, which spares compiling it."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return True
    if schema.get("type") == "object" and not isinstance(payload, dict):
        return False
    if schema.get("type") == "array" and not isinstance(payload, list):
        return False
    required = schema.get("required", []) if isinstance(payload, dict) else []
    return not isinstance(required, list) or all(name in payload for name in required)


def _of_no_type(payload: Any, types: Sequence[str], store: SchemaStore) -> Problem:
    faults = {name: list(violations(payload, store.validator(name))) for name in types}
    shares = {name: _declared_members(payload, store, name) for name in types}
    order = sorted(types, key=lambda name: (-shares[name], len(faults[name]), name))
    told = [name for name in order if shares[name]][:_NEAREST] or order[:_NEAREST]
    lines = []
    for name in told:
        first = min(faults[name], key=lambda violation: (len(violation.steps), str(violation.steps)), default=None)
        why = f": {first.problem(name, 'CM401').path or 'the payload'}: {first.message}" if first else ""
        count = len(faults[name])
        lines.append(f"{name}, {count} {'problem' if count == 1 else 'problems'}{why}")
    others = [name for name in order if name not in told]
    help = "Name its type with `--from` to see all that is wrong. Nearest first:\n" + "\n".join(lines)
    if others:
        help += f"\nThere are also {', '.join(sorted(others))}."
    return Problem("CM507", "the payload is valid for no document type", help, path="")


def _declared_members(payload: Any, store: SchemaStore, name: str) -> int:
    """How many members of a payload, or of an array's first object, a schema declares."""
    if isinstance(payload, list):
        return _members_of(payload[0], store, name, ("*",)) if payload else 0
    members = _members_of(payload, store, name, ())
    for key, value in payload.items() if isinstance(payload, dict) else ():
        if isinstance(value, dict):
            members += _members_of(value, store, name, (key,))
        elif isinstance(value, list) and value:
            members += _members_of(value[0], store, name, (key, "*"))
    return members


def _members_of(value: Any, store: SchemaStore, name: str, origin: tuple[str, ...]) -> int:
    if not isinstance(value, dict):
        return 0
    names = store.declared(name, origin)
    return sum(key in names for key in value)
