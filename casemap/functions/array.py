"""Functions of arrays. The order of the items stays as it was, but for `reverse` and `sort`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casemap.functions.arguments import (
    ARRAY,
    BOOLEAN,
    INTEGER,
    NUMBERS_OR_TEXTS,
    TEXT,
    at_once,
    bound,
    text_for,
    whole_for,
)
from casemap.functions.equality import equal, key_of
from casemap.functions.number import kind_to_order
from casemap.functions.registry import ANY, Example, Function, Parameter, wrong_type

__all__ = ["FUNCTIONS"]


def _first(array: Any) -> Any:
    if isinstance(array, list):
        return array[0] if array else None
    raise wrong_type("first", "an array", array)


def _last(array: Any) -> Any:
    if isinstance(array, list):
        return array[-1] if array else None
    raise wrong_type("last", "an array", array)


def _length(value: Any) -> int:
    if isinstance(value, (list, str, dict)):
        return len(value)
    raise wrong_type("length", "an array, a text or an object", value)


def _reverse(array: Any) -> list[Any]:
    if isinstance(array, list):
        return array[::-1]
    raise wrong_type("reverse", "an array", array)


def _sort(array: Any) -> list[Any]:
    kind_to_order("sort", array)
    return sorted(array)


def _unique(array: Any) -> list[Any]:
    if not isinstance(array, list):
        raise wrong_type("unique", "an array", array)
    firsts: dict[Any, Any] = {}
    for item in array:
        firsts.setdefault(key_of(item), item)
    return list(firsts.values())


def _flatten(array: Any) -> list[Any]:
    if not isinstance(array, list):
        raise wrong_type("flatten", "an array", array)
    flat: list[Any] = []
    for item in array:
        if isinstance(item, list):
            flat.extend(item)
        else:
            flat.append(item)
    return flat


def _compact(array: Any) -> list[Any]:
    if isinstance(array, list):
        return [item for item in array if item is not None]
    raise wrong_type("compact", "an array", array)


def _slice(array: Any, start: Any, stop: Any = None) -> list[Any]:
    if not isinstance(array, list):
        raise wrong_type("slice", "an array", array)
    return array[whole_for("slice", "start", start) : None if stop is None else whole_for("slice", "stop", stop)]


def _member(function: str, attribute: Any) -> Callable[[Any], Any]:
    """What an attribute finds in an item, or None: each part is a member's name or, in an array, an index."""
    steps = text_for(function, "attribute", attribute).split(".")

    def found(item: Any) -> Any:
        for step in steps:
            if isinstance(item, dict):
                item = item.get(step)
            elif isinstance(item, list) and step.isascii() and step.isdigit() and len(step) < 10:
                item = item[int(step)] if int(step) < len(item) else None
            else:
                return None
        return item

    return found


def _settle_map(attribute: Any) -> Callable[[Any], list[Any]]:
    member = _member("map", attribute)

    def mapped(array: Any) -> list[Any]:
        if not isinstance(array, list):
            raise wrong_type("map", "an array", array)
        return [found for item in array if (found := member(item)) is not None]

    return mapped


def _settle_select(attribute: Any, value: Any) -> Callable[[Any], list[Any]]:
    member = _member("select", attribute)

    def selected(array: Any) -> list[Any]:
        if not isinstance(array, list):
            raise wrong_type("select", "an array", array)
        return [item for item in array if (found := member(item)) is not None and equal(found, value)]

    return selected


def _contains(array: Any, value: Any) -> bool:
    if isinstance(array, list):
        return any(equal(item, value) for item in array)
    raise wrong_type("contains", "an array", array)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _zip(array: Any, other: Any) -> list[list[Any]]:
    for side in (array, other):
        if not isinstance(side, list):
            raise wrong_type("zip", "two arrays", side)
    return [list(pair) for pair in zip(array, other, strict=False)]


_ON_ARRAY = Parameter("array", ARRAY, "The array.")
_ATTRIBUTE = Parameter(
    "attribute", TEXT, "The name of a member, or names and indexes with dots between them: `author.name`, `tags.0`."
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "first",
        "array",
        "The first item; absent if the array is empty, or if that item is null.",
        (_ON_ARRAY,),
        ANY,
        _first,
        may_be_absent=True,
        examples=(
            Example("tags | first", {"tags": ["billing", "urgent"]}, "billing"),
            Example("tags | first", {"tags": []}, absent=True),
        ),
    ),
    Function(
        "last",
        "array",
        "The last item; absent if the array is empty, or if that item is null.",
        (_ON_ARRAY,),
        ANY,
        _last,
        may_be_absent=True,
        examples=(
            Example("tags | last", {"tags": ["billing", "urgent"]}, "urgent"),
            Example("tags | last", {"tags": []}, absent=True),
        ),
    ),
    Function(
        "length",
        "array",
        "How many items an array has (nulls count), code points a text, or members an object.",
        (Parameter("value", {"type": ["array", "string", "object"]}, "An array, a text or an object."),),
        {"type": "integer", "minimum": 0},
        _length,
        examples=(
            Example("tags | length", {"tags": ["billing", "urgent"]}, 2),
            Example("title | length", {"title": "Skærm"}, 5),
            Example("custom | length", {"custom": {}}, 0),
        ),
    ),
    Function(
        "reverse",
        "array",
        "The items from the last to the first.",
        (_ON_ARRAY,),
        ARRAY,
        _reverse,
        examples=(
            Example("tags | reverse", {"tags": ["a", "b", "c"]}, ["c", "b", "a"]),
            Example("tags | reverse", {"tags": []}, []),
        ),
    ),
    Function(
        "sort",
        "array",
        "The items in ascending order: all numbers, or all texts, these by code points (`Z` before `a`). Anything "
        "else among them, a null too, rejects.",
        (Parameter("array", NUMBERS_OR_TEXTS, "All numbers, or all texts."),),
        NUMBERS_OR_TEXTS,
        _sort,
        examples=(
            Example("sizes | sort", {"sizes": [10, 9, 1.5]}, [1.5, 9, 10]),
            Example("tags | sort", {"tags": ["b", "a", "B"]}, ["B", "a", "b"]),
            Example("tags | sort", {"tags": ["b", 1]}, fails="CM307"),
        ),
    ),
    Function(
        "unique",
        "array",
        'The first of each set of equal items. Equality is typed and case-sensitive: `"a"` and `"A"` are two, so '
        'are 1, `"1"` and true, but 1 and 1.0 are one.',
        (_ON_ARRAY,),
        ARRAY,
        _unique,
        examples=(
            Example("tags | unique", {"tags": ["a", "b", "a", "A"]}, ["a", "b", "A"]),
            Example("any | unique", {"any": [1, True, "1", 1.0, {"a": 1}, {"a": 1.0}]}, [1, True, "1", {"a": 1}]),
        ),
    ),
    Function(
        "flatten",
        "array",
        "The items of the arrays in the array, one level deep; other items stay as they are.",
        (_ON_ARRAY,),
        ARRAY,
        _flatten,
        examples=(
            Example("tags | flatten", {"tags": [["a"], ["b", "c"], "d"]}, ["a", "b", "c", "d"]),
            Example("tags | flatten", {"tags": [[["a"]], []]}, [["a"]]),
        ),
    ),
    Function(
        "compact",
        "array",
        "The items that are not null. Empty texts, zeros and false stay.",
        (_ON_ARRAY,),
        ARRAY,
        _compact,
        examples=(
            Example("tags | compact", {"tags": ["a", None, ""]}, ["a", ""]),
            Example("any | compact", {"any": [0, False, None]}, [0, False]),
        ),
    ),
    Function(
        "slice",
        "array",
        "The items from position `start` up to, and without, position `stop`; to the end, if there is no `stop`. "
        "Positions count from 0, negative ones from the end; beyond the array there is nothing.",
        (
            _ON_ARRAY,
            Parameter("start", INTEGER, "The position of the first item."),
            Parameter("stop", INTEGER, "The position after the last item.", required=False),
        ),
        ARRAY,
        _slice,
        examples=(
            Example("tags | slice(1, 3)", {"tags": ["a", "b", "c", "d"]}, ["b", "c"]),
            Example("tags | slice(-2)", {"tags": ["a", "b", "c", "d"]}, ["c", "d"]),
            Example("tags | slice(5)", {"tags": ["a"]}, []),
        ),
    ),
    Function(
        "map",
        "array",
        "What each item has under `attribute`. Items without it, or with null there, are skipped.",
        (_ON_ARRAY, _ATTRIBUTE),
        ARRAY,
        at_once(_settle_map),
        bind=bound(_settle_map),
        examples=(
            Example(
                "link | map('rel')", {"link": [{"rel": "self"}, {"href": "/x"}, {"rel": "next"}]}, ["self", "next"]
            ),
            Example("messages | map('author.name')", {"messages": [{"author": {"name": "Ada"}}, {}]}, ["Ada"]),
        ),
    ),
    Function(
        "select",
        "array",
        "The items whose `attribute` equals `value`; equality is typed and case-sensitive.",
        (_ON_ARRAY, _ATTRIBUTE, Parameter("value", ANY, "The value to look for.")),
        ARRAY,
        at_once(_settle_select),
        bind=bound(_settle_select),
        examples=(
            Example(
                "link | select('rel', 'self') | first",
                {"link": [{"rel": "next", "href": "/2"}, {"rel": "self", "href": "/1"}]},
                {"rel": "self", "href": "/1"},
            ),
            Example("messages | select('kind', 'note')", {"messages": [{"kind": "Note"}, {}]}, []),
        ),
    ),
    Function(
        "contains",
        "array",
        "Whether an item of the array equals `value`; equality is typed and case-sensitive.",
        (_ON_ARRAY, Parameter("value", ANY, "The value to look for.")),
        BOOLEAN,
        _contains,
        examples=(
            Example("tags | contains('urgent')", {"tags": ["billing", "urgent"]}, True),
            Example("ids | contains('1')", {"ids": [1, True]}, False),
        ),
    ),
    Function(
        "as_list",
        "array",
        "An array as it is; anything else as the one item of an array.",
        (Parameter("any", ANY, "Any value."),),
        ARRAY,
        _as_list,
        examples=(
            Example("link | as_list", {"link": {"rel": "self"}}, [{"rel": "self"}]),
            Example("link | as_list", {"link": [{"rel": "self"}]}, [{"rel": "self"}]),
        ),
    ),
    Function(
        "zip",
        "array",
        "Pairs, each an array of an item and the item at the same position in `other`, as many as the shorter of the "
        "two arrays has items.",
        (_ON_ARRAY, Parameter("other", ARRAY, "The array with the second items.")),
        {"type": "array", "items": {"type": "array", "minItems": 2, "maxItems": 2}},
        _zip,
        examples=(
            Example("names | zip(values)", {"names": ["a", "b"], "values": [1, 2, 3]}, [["a", 1], ["b", 2]]),
            Example("names | zip([])", {"names": ["a"]}, []),
        ),
    ),
)
