"""`allOf`, and `$ref` beside other keywords, as one flat schema where that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casemap.generate.keywords import constraints, types_of, without
from casemap.generate.references import References
from casemap.generate.rules import SEE_SIBLINGS

__all__ = ["merged", "reference_keys"]

_TIGHTEST = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}


def merged(node: Mapping[str, Any], references: References) -> tuple[dict[str, Any], bool]:
    """One schema without `$ref` and `allOf` at its top, and whether it says all that the given one says.

    Where it does not, it says less: it accepts whatever the given one accepts.
    """
    flat: dict[str, Any] = {}
    exact = True
    parts = _parts(node, references, frozenset())
    for part in parts if parts is not None else []:
        exact = _add(flat, part, alone=len(parts or []) == 1) and exact
    return flat, exact and parts is not None


def reference_keys(node: Mapping[str, Any], references: References) -> frozenset[str]:
    """The keys of all schemas that `merged` writes out."""
    found: set[str] = set()
    pending: list[Any] = [node]
    while pending:
        schema = pending.pop()
        if not isinstance(schema, dict):
            continue
        pending += schema.get("allOf", [])
        if "$ref" in schema and schema["$ref"] not in found:
            found.add(schema["$ref"])
            pending.append(references.schema(schema["$ref"]))
    return frozenset(found)


def _parts(node: Mapping[str, Any], references: References, seen: frozenset[str]) -> list[dict[str, Any]] | None:
    """The schemas that must all hold; None for one that contains itself."""
    own = without(node, ("$ref", "allOf"))
    found = [own] if own else []
    branches = list(node.get("allOf", []))
    if "$ref" in node:
        if node["$ref"] in seen:
            return None
        seen = seen | {node["$ref"]}
        branches.insert(0, references.schema(node["$ref"]))
    for branch in branches:
        if branch is True:
            continue
        parts = [{"enum": []}] if branch is False else _parts(constraints(branch), references, seen)
        if parts is None:
            return None
        found += parts
    return found


def _add(flat: dict[str, Any], part: Mapping[str, Any], *, alone: bool) -> bool:
    """Add a schema's keywords; False where some could not be added and were left out."""
    exact = True
    for keyword, value in part.items():
        if keyword in SEE_SIBLINGS and not alone:
            exact = False
            continue
        if keyword not in flat:
            flat[keyword] = value
        elif flat[keyword] != value:
            exact = _join(flat, keyword, value) and exact
    return exact


def _join(flat: dict[str, Any], keyword: str, value: Any) -> bool:
    mine = flat[keyword]
    if keyword == "properties":
        joined = {name: {"allOf": [mine[name], inner]} if name in mine else inner for name, inner in value.items()}
        flat[keyword] = {**mine, **joined}
    elif keyword == "required":
        flat[keyword] = [*mine, *(name for name in value if name not in mine)]
    elif keyword in _TIGHTEST:
        flat[keyword] = _TIGHTEST[keyword](mine, value)
    elif keyword == "type":
        flat[keyword] = _common_types(mine, value)
    else:
        return False
    return True


def _common_types(one: Any, other: Any) -> list[str]:
    mine, theirs = types_of({"type": one}) or (), types_of({"type": other}) or ()
    found = [kind for kind in mine if kind in theirs or (kind == "integer" and "number" in theirs)]
    return found + [kind for kind in theirs if kind == "integer" and "number" in mine]
