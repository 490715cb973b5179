"""What functions and value maps do to the data that they are given: whether it can be undone, and what is lost.

One table, by the function's name; a function that is not in it, such as a team's own, counts as one that cannot be
undone. Functions that only choose among items or members have no row: the flows follow them step by step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casemap.mapping.core import Const, Lookup

__all__ = ["Effect", "Types", "effect_of", "map_effect", "word", "words"]

Types = frozenset[str] | None
"""The JSON types of the first argument, where they are known."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of a value.

    `name` is empty where the value stays what it is. `losses` say which different values become one; without any, a
    function that cannot be undone merely does not tell how. `shape` effects concern an array and not what its items
    hold.
    """

    name: str
    undoable: bool = False
    losses: tuple[str, ...] = ()
    shape: bool = False


_NUMERIC = frozenset(["integer", "number"])
_UNCHANGED = Effect("")


def effect_of(name: str, types: Types, constants: Sequence[Any], settled: bool) -> Effect:
    """What a function does to its first argument.

    `constants` are the values of the others, None for those that are not given; they are all there if `settled`.
    """
    own_type = _OWN_TYPES.get(name)
    if own_type is not None and types is not None and types <= own_type:
        return _UNCHANGED
    special = _SPECIAL.get(name)
    if special is not None:
        return special(name, types, constants) if settled else Effect(name)
    return Effect(name, name in _UNDOABLE and settled, shape=name in _SHAPES)


_OWN_TYPES: Mapping[str, frozenset[str]] = {
    "string": frozenset(["string"]),
    "int": frozenset(["integer"]),
    "number": _NUMERIC,
    "float": _NUMERIC,
    "boolean": frozenset(["boolean"]),
    "as_list": frozenset(["array"]),
    "plus": _NUMERIC,
}
"""Functions that leave values of these types as they are; 4 and 4.0 are one number."""

_UNDOABLE = frozenset(["to_json", "url_encode", "escape_html", "negate", "reverse"])
_SHAPES = frozenset(["as_list", "reverse", "sort", "flatten", "compact"])


def _string(name: str, types: Types, constants: Sequence[Any]) -> Effect:
    """The text of a number and a text of digits look alike, so the type has to be known."""
    one_type = types is not None and (types <= _NUMERIC or len(types) == 1) and bool(types)
    return Effect(name, undoable=one_type)


def _int(name: str, types: Types, constants: Sequence[Any]) -> Effect:
    """A number that is whole stays the same number; of a text, spaces and the way to write it are gone."""
    return _UNCHANGED if types is not None and types <= _NUMERIC else Effect(name)


def _split(name: str, types: Types, constants: Sequence[Any]) -> Effect:
    return Effect(name, undoable=bool(constants and constants[0]))


def _truncate(name: str, types: Types, constants: Sequence[Any]) -> Effect:
    return Effect(name, losses=(f"a text of more than {constants[0]} characters is cut",))


_FINEST = {"s": "a second", "ms": "a millisecond", "us": "a microsecond"}
_ISO = ("iso8601", "rfc3339")


def _datetime(name: str, types: Types, constants: Sequence[Any]) -> Effect:
    given, output, zone, precision = constants[:4]
    losses: list[str] = []
    if given in _ISO or ("%" in given and "%z" in given):
        kept = f"times are written in {zone}" if output in _ISO or "%" in output else "a number has none"
        losses.append(f"the offset from UTC is not kept: {kept}")
    if output not in _ISO and "%" in output:
        losses.append(f"only what `{output}` writes is kept")
    elif given != "epoch_s" and not (given == "epoch_ms" and precision != "s" and output != "epoch_s"):
        finest = {"epoch_s": "s", "epoch_ms": "s" if precision == "s" else "ms"}.get(output, precision)
        losses.append(f"a fraction finer than {_FINEST[finest]} is cut")
    return Effect(name, not losses, tuple(losses))


_SPECIAL: Mapping[str, Callable[[str, Types, Sequence[Any]], Effect]] = {
    "string": _string,
    "int": _int,
    "split": _split,
    "truncate": _truncate,
    "datetime": _datetime,
}


# --- value maps ---------------------------------------------------------------------------------------------------


def map_effect(node: Lookup, possible: Sequence[Any] | None) -> Effect:
    """What a value map does; `possible` are all the values that it can be asked for, None where that is not known."""
    table = node.table
    entries = list(table.entries)
    unlisted: list[Any] | None = None
    if possible is not None:
        keys = {_folded(value, table.ignore_case) for value in possible}
        entries = [(key, value) for key, value in entries if _key(key) in keys]
        listed = {_key(key) for key, _ in entries}
        unlisted = [value for value in possible if _folded(value, table.ignore_case) not in listed]
    losses = [*_merged(entries), *_of_others(node, entries, unlisted)]
    if table.ignore_case and not _differ(entries, possible):
        losses.append("upper and lower case are not told apart")
    replaced = isinstance(node.otherwise, Const) and unlisted != []
    if not losses and not table.ignore_case and not replaced and all(_key(key) == _key(to) for key, to in entries):
        return _UNCHANGED
    return Effect(f"map {table.name}" if table.name.isidentifier() else "map", not losses, tuple(losses))


def _differ(entries: Sequence[tuple[Any, Any]], possible: Sequence[Any] | None) -> bool:
    """Whether no two of the possible values are listed as one because their case is ignored."""
    if possible is None:
        return not any(isinstance(key, str) for key, _ in entries)
    listed = {_key(key) for key, _ in entries}
    asked = [folded for value in possible if (folded := _folded(value, True)) in listed]
    return len(asked) == len(set(asked))


def _merged(entries: Sequence[tuple[Any, Any]]) -> list[str]:
    """The keys that have one value between them, and those that have none."""
    groups: dict[str, list[Any]] = {}
    for key, value in entries:
        groups.setdefault(_key(value), []).append(key)
    losses: list[str] = []
    for text, keys in groups.items():
        if text == "null":
            losses.append(f"{words(keys)} {'is' if len(keys) == 1 else 'are'} left out")
        elif len(keys) > 1:
            losses.append(f"{words(keys)} become `{_shown(text)}`")
    return losses


def _of_others(node: Lookup, entries: Sequence[tuple[Any, Any]], unlisted: Sequence[Any] | None) -> list[str]:
    """What the values that a map does not list lose; `unlisted` are all of them, None where that is not known."""
    if unlisted is not None and not unlisted:
        return []
    single = unlisted is not None and len(unlisted) == 1
    others = f"other values than {words([key for key, _ in entries])}" if unlisted is None else words(unlisted)
    constant = node.otherwise.value if isinstance(node.otherwise, Const) else None
    if node.otherwise == "drop" or (isinstance(node.otherwise, Const) and constant is None):
        return [f"{others} {'is' if single else 'are'} left out"]
    if isinstance(node.otherwise, Const):
        own = single and _key(constant) not in [_key(value) for _, value in entries]
        return [] if own else [f"{others} {'becomes' if single else 'become'} {word(constant)}"]
    if node.otherwise == "keep":
        keys = {_key(key) for key, _ in entries}
        kept = None if unlisted is None else {_key(value) for value in unlisted}
        return [
            f"{word(value)} stands for itself and for {word(key)}"
            for key, value in entries
            if value is not None and _key(value) not in keys and (kept is None or _key(value) in kept)
        ]
    return []


def _key(value: Any) -> str:
    """A text that two JSON values share if they are equal in a mapping: 1 and 1.0 are one number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _folded(value: Any, ignore_case: bool) -> str:
    return _key(value.casefold() if ignore_case and isinstance(value, str) else value)


def _shown(text: str) -> str:
    value = json.loads(text)
    return value if isinstance(value, str) and value else text


def word(value: Any) -> str:
    """A JSON value for a sentence."""
    return f"`{_shown(_key(value))}`"


def words(values: Sequence[Any]) -> str:
    """JSON values for a sentence; of many the first ones."""
    shown = [word(value) for value in values[:5]]
    if len(values) > len(shown):
        shown.append(f"{len(values) - len(shown)} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown) or "none"
