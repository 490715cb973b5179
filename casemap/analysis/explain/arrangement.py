"""Functions that only arrange or choose among items and members: each part of their result keeps where it came from.

What such a function does with the places of values shows when it is given marks in place of texts and numbers; what
one does that compares values shows in which of the values come back. Either way the result that is put together from
the parts must be the function's own, or else the function counts as any other: its result is made of its arguments.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from casemap.analysis.explain.trace import Trace, below, passed_on
from casemap.errors import Failure
from casemap.mapping.core import Call

__all__ = ["arranged"]

_BY_PLACE = frozenset(
    ("first", "last", "slice", "reverse", "flatten", "compact", "as_list", "map", "values", "entries", "pick", "omit",
     "merge", "zip", "keys", "required")
)  # fmt: skip
_BY_VALUE = frozenset(("sort", "unique", "min", "max", "select", "absent_if"))
_AS_THEY_ARE = frozenset(("as_list", "required"))
"""Those that choose nothing: of what they give there is nothing to say."""
_KINDS = frozenset(("array", "object", "absence", "number"))


def arranged(node: Call, inputs: Sequence[Trace], arguments: Sequence[Any], result: Any) -> Trace | None:
    """The result of a call with what its parts were made of; None where the function makes something new."""
    function = node.function
    if function.kind not in _KINDS:
        return None
    if function.name in _BY_PLACE:
        found = _by_place(node, inputs, arguments, result)
    elif function.name in _BY_VALUE:
        found = _by_value(node, inputs[0], result)
    elif function.name == "from_entries":
        found = _from_entries(node, inputs[0], result)
    else:
        return None
    return found if found is not None and _same(found.value, result) else None


# --- by place -----------------------------------------------------------------------------------------------------


class _Marks:
    """Texts that stand for values, objects and arrays of them, and what each stands for."""

    def __init__(self) -> None:
        self.traces: dict[str, Trace] = {}
        self.wholes: dict[int, tuple[Any, Trace]] = {}
        """Objects and arrays of marks by their ids; a function that hands one on hands on all that it holds."""
        self.numbers = itertools.count()

    def marked(self, trace: Trace) -> Any:
        """The value with a mark in place of each text, number and boolean."""
        value = trace.value
        if isinstance(value, (dict, list)):
            return self.marked_whole(trace, value)
        if value is None:
            return None
        mark = f"\0{next(self.numbers)}"
        self.traces[mark] = trace
        return mark

    def marked_whole(self, trace: Trace, value: dict[str, Any] | list[Any]) -> Any:
        marked: Any
        if isinstance(value, dict):
            marked = {name: self.marked(below(trace, name)) for name in value}
        else:
            marked = [self.marked(below(trace, index)) for index in range(len(value))]
        self.wholes[id(marked)] = (marked, trace)
        return marked

    def stands_for(self, mark: Any) -> Trace | None:
        """What a mark, or an object or array of marks, stands for."""
        if isinstance(mark, str):
            return self.traces.get(mark)
        kept = self.wholes.get(id(mark))
        return None if kept is None else kept[1]


def _by_place(node: Call, inputs: Sequence[Trace], arguments: Sequence[Any], result: Any) -> Trace | None:
    marks = _Marks()
    many = node.function.name in ("merge", "zip")
    given = [
        marks.marked(trace) if argument is not None and (position == 0 or many) else argument
        for position, (trace, argument) in enumerate(zip(inputs, arguments, strict=True))
    ]
    try:
        arrangement = node.function.implementation(*given)
    except Failure:
        return None
    return _put_back(node, arrangement, result, marks, inputs[0])


def _put_back(node: Call, arrangement: Any, result: Any, marks: _Marks, whole: Trace) -> Trace:
    """The arrangement of marks with the values that they stand for."""
    origin = marks.stands_for(arrangement)
    if origin is not None:
        part = node.function.name in _AS_THEY_ARE
        return passed_on(node, origin, taken_from=whole, only_part=part)
    if isinstance(arrangement, dict) and isinstance(result, dict):
        members = {name: _put_back(node, item, result.get(name), marks, whole) for name, item in arrangement.items()}
        return Trace(node, {name: part.value for name, part in members.items()}, (whole,), members=members)
    if isinstance(arrangement, list) and isinstance(result, list):
        items = [_put_back(node, item, value, marks, whole) for item, value in zip(arrangement, result, strict=False)]
        return Trace(node, [part.value for part in items], (whole,), items=items)
    if isinstance(result, str) and isinstance(whole.value, dict) and result in whole.value:
        whole = below(whole, result)
    return Trace(node, result, (whole,), names_only=True)  # the name of a member, or an empty value


# --- by value -----------------------------------------------------------------------------------------------------


def _by_value(node: Call, value: Trace, result: Any) -> Trace | None:
    if node.function.name == "absent_if":
        return passed_on(node, value)
    if not isinstance(value.value, list):
        return None
    left = [below(value, index) for index in range(len(value.value))]
    if not isinstance(result, list) or node.function.name in ("min", "max"):
        return next((passed_on(node, item) for item in left if _same(item.value, result)), None)
    items: list[Trace] = []
    for wanted in result:
        found = next((item for item in left if _same(item.value, wanted)), None)
        if found is None:
            return None
        left.remove(found)
        items.append(passed_on(node, found))
    return Trace(node, [item.value for item in items], (value,), items=items)


def _from_entries(node: Call, value: Trace, result: Any) -> Trace | None:
    if not isinstance(value.value, list) or not isinstance(result, dict):
        return None
    members: dict[str, Trace] = {}
    for index, entry in enumerate(value.value):
        if isinstance(entry, dict) and isinstance(entry.get("key"), str) and entry.get("key") in result:
            item = below(value, index)
            members[entry["key"]] = passed_on(node, below(item, "value"), deciding=(below(item, "key"),))
    if any(not part.present for part in members.values()) or members.keys() != result.keys():
        return None
    members = {name: members[name] for name in result}
    return Trace(node, {name: part.value for name, part in members.items()}, (value,), members=members)


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same to the last detail: types of numbers and order of members as well."""
    return all(_alike(left, right) for left, right in _pairs(one, other))


def _pairs(one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """Each value with the one that stands in its place."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        yield left, right
        if isinstance(left, dict) and isinstance(right, dict):
            waiting += [(value, right.get(name)) for name, value in left.items()]
        elif isinstance(left, list) and isinstance(right, list):
            waiting += zip(left, right, strict=False)


def _alike(left: Any, right: Any) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right)
    if isinstance(left, list):
        return len(left) == len(right)
    return bool(left == right)
