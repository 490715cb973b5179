"""What lies inside of the values of a shape: their members and items.

What is said of a member or an item is true wherever there is one. Alternatives are looked at one by one, `if` without
what follows from it; where a keyword says more than can be told here, less is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from casemap.schema.shapes.algebra import admits
from casemap.schema.shapes.plain import Shape, joined, met, types_of

__all__ = ["always_at", "below", "item_of", "max_items", "min_items", "names_in", "other_members", "required_at"]

_CHOICES = ("anyOf", "oneOf")
_PLAIN = frozenset(("type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"))


def below(shape: Shape, name: str) -> Shape:
    """The shape of the member of a name, where there is one; `False` where there never is."""
    if not isinstance(shape, dict):
        return shape
    if shape.keys() <= _PLAIN and shape.get("type") == "object":  # most are, and this takes no time
        properties = shape.get("properties", {})
        return properties[name] if name in properties else shape.get("additionalProperties", True)
    if "object" not in types_of(shape):
        return False
    values = _constants(shape)
    if values is not None:
        return joined({"const": value[name]} for value in values if isinstance(value, dict) and name in value)
    return met([_own_member(shape, name), *_in_parts(shape, lambda part: below(part, name))])


def _own_member(shape: dict[str, Any], name: str) -> Shape:
    """What `properties` and the keywords beside it say of a member."""
    if "propertyNames" in shape and not admits(shape["propertyNames"], name, unsure=True):
        return False
    parts: list[Shape] = []
    is_additional = name not in shape.get("properties", {})
    if not is_additional:
        parts.append(shape["properties"][name])
    for pattern, part in shape.get("patternProperties", {}).items():
        matches = {admits({"pattern": pattern}, name, unsure) for unsure in (True, False)}
        is_additional = is_additional and matches == {False}
        if matches == {True}:
            parts.append(part)
    return shape.get("additionalProperties", True) if is_additional else met(parts)


def names_in(shape: Shape) -> list[str]:
    """The names of members that a shape speaks of, in their order, whether or not there can be others."""
    if not isinstance(shape, dict):
        return []
    values = _constants(shape)
    if values is not None:
        return list(dict.fromkeys(name for value in values if isinstance(value, dict) for name in value))
    parts = [*shape.get("allOf", ()), *(part for keyword in _CHOICES for part in shape.get(keyword, ()))]
    parts += [shape[keyword] for keyword in ("if", "then", "else") if keyword in shape]
    own = (*shape.get("properties", ()), *shape.get("required", ()))
    return list(dict.fromkeys((*own, *(name for part in parts for name in names_in(part)))))


def other_members(shape: Shape, known: Iterable[str]) -> Shape:
    """The shape of every member whose name is not known."""
    if not isinstance(shape, dict):
        return shape
    if "object" not in types_of(shape):
        return False
    names = frozenset(known)
    values = _constants(shape)
    if values is not None:
        objects = (value for value in values if isinstance(value, dict))
        return joined({"const": member} for value in objects for name, member in value.items() if name not in names)
    more = [value for name, value in shape.get("properties", {}).items() if name not in names]
    own = joined([shape.get("additionalProperties", True), *shape.get("patternProperties", {}).values(), *more])
    return met([own, *_in_parts(shape, lambda part: other_members(part, names))])


def item_of(shape: Shape, index: int | None = None) -> Shape:
    """The shape of an array's items; with an index, from the end where it is negative, of the item there."""
    if not isinstance(shape, dict):
        return shape
    if "array" not in types_of(shape):
        return False
    values = _constants(shape)
    if values is not None:
        return joined({"const": item} for value in values for item in _items(value, index))
    return met([_own_item(shape, index), *_in_parts(shape, lambda part: item_of(part, index))])


def _items(value: Any, index: int | None) -> list[Any]:
    if not isinstance(value, list):
        return []
    if index is None:
        return value
    return [value[index]] if -len(value) <= index < len(value) else []


def _own_item(shape: dict[str, Any], index: int | None) -> Shape:
    first = shape.get("prefixItems", [])
    others = shape.get("items", True)
    most = shape.get("maxItems")
    if index is not None and index >= 0:
        if most is not None and index >= most:
            return False
        return first[index] if index < len(first) else others
    if most is not None and most <= len(first):
        return joined(first[: int(most)])
    return joined([*first, others])


def required_at(shape: Shape, name: str) -> bool:
    """Whether every object of a shape has a member of that name; it can be null."""
    if not isinstance(shape, dict):
        return not shape
    if "object" not in types_of(shape):
        return True
    values = _constants(shape)
    if values is not None:
        return all(name in value for value in values if isinstance(value, dict))
    if name in shape.get("required", ()):
        return True
    if any(_implies(shape, name, pair) for pair in shape.get("dependentRequired", {}).items()):
        return True
    return _in_some_part(shape, lambda part: required_at(part, name))


def _implies(shape: dict[str, Any], name: str, pair: tuple[str, list[str]]) -> bool:
    """Whether another member, which brings the one of that name along, is required."""
    other, brought = pair
    return name in brought and other != name and other in shape.get("required", ())


def min_items(shape: Shape) -> int:
    """How many items an array of a shape has at least."""
    if not isinstance(shape, dict) or "array" not in types_of(shape):
        return 0
    values = _constants(shape)
    if values is not None:
        return min((len(value) for value in values if isinstance(value, list)), default=0)
    held = int(shape.get("minContains", 1)) if "contains" in shape else 0
    return max(int(shape.get("minItems", 0)), held, *_least_in_parts(shape))


def _least_in_parts(shape: dict[str, Any]) -> list[int]:
    found = [min_items(part) for part in shape.get("allOf", ())]
    for keyword in _CHOICES:
        branches = [part for part in shape.get(keyword, ()) if "array" in types_of(part)]
        if branches:
            found.append(min(min_items(part) for part in branches))
    return found


def max_items(shape: Shape) -> int | None:
    """How many items an array of a shape has at most; None where that is not known."""
    if not isinstance(shape, dict):
        return None if shape else 0
    if "array" not in types_of(shape):
        return 0
    values = _constants(shape)
    if values is not None:
        return max((len(value) for value in values if isinstance(value, list)), default=0)
    found = [most for part in shape.get("allOf", ()) if (most := max_items(part)) is not None]
    if "maxItems" in shape:
        found.append(int(shape["maxItems"]))
    for keyword in _CHOICES:
        branches = [max_items(part) for part in shape.get(keyword, ())]
        if branches and None not in branches:
            found.append(max(most for most in branches if most is not None))
    return min(found, default=None)


def always_at(shape: Shape, index: int) -> bool:
    """Whether every array of a shape has an item there; a negative index counts from the end."""
    if not isinstance(shape, dict):
        return not shape
    return "array" not in types_of(shape) or min_items(shape) >= (index + 1 if index >= 0 else -index)


def _constants(shape: dict[str, Any]) -> list[Any] | None:
    if "const" in shape:
        return [shape["const"]]
    return shape.get("enum")


def _in_parts(shape: dict[str, Any], look: Callable[[Shape], Shape]) -> list[Shape]:
    """What the parts of a shape say, all of which is true."""
    found = [look(part) for part in shape.get("allOf", ())]
    found += [joined(look(part) for part in shape[keyword]) for keyword in _CHOICES if keyword in shape]
    if "if" in shape:
        found.append(joined((met((look(shape["if"]), look(shape.get("then", True)))), look(shape.get("else", True)))))
    return found


def _in_some_part(shape: dict[str, Any], holds: Callable[[Shape], bool]) -> bool:
    """Whether something holds by one of the parts of a shape, of which each may hold by all its alternatives."""
    if any(holds(part) for part in shape.get("allOf", ())):
        return True
    if any(keyword in shape and all(holds(part) for part in shape[keyword]) for keyword in _CHOICES):
        return True
    if "if" not in shape:
        return False
    return (holds(shape["if"]) or holds(shape.get("then", True))) and holds(shape.get("else", True))
