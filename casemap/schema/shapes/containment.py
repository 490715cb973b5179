"""Whether a shape admits every value of another."""

from __future__ import annotations

from typing import Any

from casemap.schema.shapes.algebra import admits, contains
from casemap.schema.shapes.inside import below, item_of, max_items, min_items, other_members, required_at
from casemap.schema.shapes.languages import texts_covered
from casemap.schema.shapes.plain import TYPES, Shape, alternatives, key_of, met, of_types, only_types, types_of
from casemap.schema.shapes.values import values_of

__all__ = ["covers"]

_MOST_KEPT = 50_000
_DEEPEST = 24
_answers: dict[tuple[bytes, bytes], bool] = {}


def covers(wide: Shape, narrow: Shape) -> bool:
    """Whether it is certain that every value of the narrow shape is one of the wide shape.

    `wide` must be all that is asked: a schema that was widened as it was written out proves nothing here.
    """
    if wide is narrow or wide is True or wide == {} or narrow is False:
        return True
    if wide is False:
        return not types_of(narrow)
    return _known(wide, narrow, 0)


def _known(wide: Shape, narrow: Shape, depth: int) -> bool:
    keys = key_of(wide), key_of(narrow)
    if keys[0] == keys[1]:
        return True
    found = _answers.get(keys)
    if found is None:
        found = _decided(wide, narrow, depth)
        if len(_answers) >= _MOST_KEPT:
            _answers.clear()
        _answers[keys] = found
    return found


def _decided(wide: Shape, narrow: Shape, depth: int) -> bool:
    types = types_of(narrow)
    if not types:
        return True
    if only_types(wide) and types <= types_of(wide):
        return True
    values = values_of(narrow)
    if values is not None:
        return all(admits(wide, value, unsure=False) for value in values)
    if depth <= _DEEPEST and _is_plain(wide):
        # members and items one by one: the algebra takes long where it does not know about one of them
        answer: bool | None = _by_parts(wide, narrow, depth + 1)
        if answer or all(map(_is_plain, alternatives(narrow))):
            return bool(answer)
    answer = contains(wide, narrow)
    if answer is not None or depth > _DEEPEST:
        return bool(answer)
    return _by_parts(wide, narrow, depth + 1)


def _is_plain(shape: Shape) -> bool:
    """Whether a shape says of each member and item what it is, and nothing of several together."""
    return (
        isinstance(shape, dict)
        and shape.keys() <= _PLAIN
        and not shape.keys().isdisjoint(("properties", "required", "additionalProperties", "items"))
    )


_PLAIN = frozenset(("type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems"))


def _by_parts(wide: Shape, narrow: Shape, depth: int) -> bool:
    """Where the algebra does not know: each alternative of the narrow shape, each keyword of the wide one."""
    if not isinstance(wide, dict):
        return bool(wide)
    branches = alternatives(narrow)
    if len(branches) > 1:
        return all(_known(wide, branch, depth) for branch in branches)
    types = types_of(narrow)
    if len(types) > 1 and types not in (TYPES, {"integer", "number"}):
        kinds = [types & {"integer", "number"}, *({name} for name in types - {"integer", "number"})]
        return all(_known(wide, met((narrow, of_types(kind))), depth) for kind in kinds if kind)
    return all(_keyword(keyword, wide, narrow, depth) for keyword in wide)


def _keyword(keyword: str, wide: dict[str, Any], narrow: Shape, depth: int) -> bool:
    """Whether what one keyword of the wide shape asks holds for every value of the narrow one."""
    value, types = wide[keyword], types_of(narrow)
    match keyword:
        case "type" if types <= types_of({"type": value}):
            return True
        case "allOf":
            return all(_known(part, narrow, depth) for part in value)
        case "anyOf":
            return any(_known(part, narrow, depth) for part in value)
        case "required":
            return all(required_at(narrow, name) for name in value)
        case "properties":
            return all(_known(part, below(narrow, name), depth) for name, part in value.items())
        case "items" if "prefixItems" not in wide:
            return _known(value, item_of(narrow), depth)
        case "additionalProperties":
            # more than asked: members that a pattern takes away from this keyword are held to it as well
            return _known(value, other_members(narrow, wide.get("properties", {})), depth)
        case "minItems":
            return "array" not in types or min_items(narrow) >= value
        case "maxItems":
            most = max_items(narrow)
            return "array" not in types or (most is not None and most <= value)
        case "pattern" | "format" | "minLength" | "maxLength" if "string" in types:
            return texts_covered(keyword, value, narrow)
    # what only the algebra can tell is asked of a keyword together with those that it depends on
    together = _TOGETHER.get(keyword, (keyword,))
    return not together or contains({name: wide[name] for name in together if name in wide}, narrow) is True


_TOGETHER: dict[str, tuple[str, ...]] = {
    "if": ("if", "then", "else"),
    "contains": ("contains", "minContains", "maxContains"),
    "prefixItems": ("prefixItems", "items"),
    **dict.fromkeys(("then", "else", "minContains", "maxContains", "items"), ()),
}
"""Keywords with those that they are asked with; none, where another asks them."""
