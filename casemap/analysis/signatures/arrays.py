"""Functions of arrays."""

from __future__ import annotations

from typing import Any

from casemap.analysis.signatures.given import Given, Signature
from casemap.schema.shapes import (
    Shape,
    below,
    covers,
    item_of,
    joined,
    max_items,
    may_be_null,
    min_items,
    narrowed,
    required_at,
    text_lengths,
    types_of,
    without,
    without_null,
)  # fmt: skip

__all__ = ["SIGNATURES", "array_of"]

_ARRAY: Shape = {"type": "array"}


def array_of(items: Shape, least: int = 0, most: int | None = None, unique: bool = False) -> Shape:
    """The shape of arrays of such items, of some lengths."""
    shape: dict[str, Any] = {"type": "array"}
    if items is not True:
        shape["items"] = items
    if items is False:
        least, most = 0, 0
    if least > 0:
        shape["minItems"] = least
    if most is not None:
        shape["maxItems"] = most
    return shape | {"uniqueItems": True} if unique else shape


def _end(index: int) -> Signature:
    """The first or the last item."""

    def there(given: Given) -> bool:
        return min_items(given.first) > 0 and not may_be_null(item_of(given.first, index))

    return Signature(lambda given: without_null(item_of(given.first, index)), there=there)


def _length(given: Given) -> Shape:
    ranges: list[tuple[int, int | None]] = []
    types = types_of(given.first)
    if "array" in types:
        ranges.append((min_items(given.first), max_items(given.first)))
    if "string" in types:
        ranges.append(text_lengths(narrowed(given.first, {"type": "string"})))
    if "object" in types:
        ranges.append((0, None))
    shape: dict[str, Any] = {"type": "integer", "minimum": min((least for least, _ in ranges), default=0)}
    most = [length for _, length in ranges]
    return (
        shape if None in most or not most else shape | {"maximum": max(length for length in most if length is not None)}
    )


def _same_items(given: Given) -> Shape:
    """The items in another order."""
    return array_of(item_of(given.first), min_items(given.first), max_items(given.first))


def _unique(given: Given) -> Shape:
    items = item_of(given.first)
    # for jsonschema-rs, two whole numbers beyond 2**53 can be one: nothing is claimed of numbers
    told_apart = not types_of(items) & {"number", "integer", "array", "object"}
    return array_of(items, min(1, min_items(given.first)), max_items(given.first), unique=told_apart)


def _flat(given: Given) -> Shape:
    items = item_of(given.first)
    types = types_of(items)
    others = types - {"array"}
    inner = narrowed(items, _ARRAY) if "array" in types else False
    plain = narrowed(items, {"not": _ARRAY}) if others else False
    least = min([*([min_items(inner)] if inner is not False else []), *([1] if plain is not False else [])], default=0)
    longest = max_items(inner) if inner is not False else 1
    most = max_items(given.first)
    greatest = None if most is None or longest is None else most * max(longest, 1)
    return array_of(joined((item_of(inner), plain)), min_items(given.first) * least, greatest)


def _compact(given: Given) -> Shape:
    items = item_of(given.first)
    least = 0 if may_be_null(items) else min_items(given.first)
    return array_of(without_null(items), least, max_items(given.first))


def _slice(given: Given) -> Shape:
    start, stop = given.whole(1), given.whole(2)
    most = max_items(given.first)
    if start is not None and stop is not None and (start < 0) == (stop < 0):
        most = min(max(stop - start, 0), most if most is not None else max(stop - start, 0))
    return array_of(item_of(given.first), 0, most)


def _found(shape: Shape, attribute: str) -> tuple[Shape, bool]:
    """What an attribute finds in the values of a shape, and whether it is always there."""
    always = True
    for step in attribute.split("."):
        parts = [below(shape, step)]
        always = always and types_of(shape) <= {"object"} and required_at(shape, step)
        if step.isascii() and step.isdigit() and len(step) < 10:
            parts.append(item_of(shape, int(step)))
        shape = joined(parts)
        always = always and not may_be_null(shape)
        shape = without_null(shape)
    return shape, always


def _mapped(given: Given) -> Shape:
    attribute = given.text(1)
    if attribute is None:
        return array_of({"not": {"type": "null"}}, 0, max_items(given.first))
    found, always = _found(item_of(given.first), attribute)
    return array_of(found, min_items(given.first) if always else 0, max_items(given.first))


def _selected(given: Given) -> Shape:
    items, attribute, value = item_of(given.first), given.text(1), given.constant(2, ...)
    if attribute is not None and value is not ... and "." not in attribute and not attribute.isdigit():
        items = narrowed(
            items, {"type": "object", "properties": {attribute: {"const": value}}, "required": [attribute]}
        )
    return array_of(items, 0, max_items(given.first))


def _as_list(given: Given) -> Shape:
    arrays = narrowed(given.first, _ARRAY)
    others = without(given.first, _ARRAY)
    return joined((arrays, False if others is False else array_of(others, 1, 1)))


def _pairs(given: Given) -> Shape:
    sides = [given.shape(0), given.shape(1)]
    longest = [most for most in map(max_items, sides) if most is not None]
    items = [item_of(side) for side in sides]
    pair = {"type": "array", "prefixItems": items, "minItems": 2, "maxItems": 2}
    return array_of(False if False in items else pair, min(map(min_items, sides)), min(longest, default=None))


def _in(given: Given) -> Shape:
    """Anything can be looked for in an array, texts alone in a text or in an object's names."""
    return True if covers(_ARRAY, given.shape(1)) else {"type": "string"}


SIGNATURES: dict[str, Signature] = {
    "first": _end(0),
    "last": _end(-1),
    "length": Signature(_length),
    "reverse": Signature(_same_items),
    "sort": Signature(_same_items),
    "unique": Signature(_unique),
    "flatten": Signature(_flat),
    "compact": Signature(_compact),
    "slice": Signature(_slice),
    "map": Signature(_mapped),
    "select": Signature(_selected),
    "as_list": Signature(_as_list),
    "zip": Signature(_pairs),
}


def _beside(position: int, given: Given) -> Shape:
    """What can be ordered with the other side: numbers with numbers, texts with texts."""
    if len(given.shapes) < 2:
        return {"type": ["number", "string"]}
    return next((kind for kind in _ORDERED if covers(kind, given.shape(1 - position))), False)


_ORDERED: tuple[Shape, ...] = ({"type": "string"}, {"type": "number"})

OPERATORS: dict[str, Signature] = {
    **dict.fromkeys(("<", "<=", ">", ">="), Signature(total=lambda given: _beside(0, given), accepts=_beside)),
    **dict.fromkeys(("in", "not in"), Signature(total=_in, accepts=lambda *_: {"type": ["array", "object", "string"]})),
}
