"""Value maps in words: which value becomes which, one map after the other taken as one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from casemap.analysis.crosswalk.spans import MOST, listed, value_code
from casemap.mapping.core import Const, Lookup, Policy

__all__ = ["LookedUp", "looked_up", "lookup_phrase"]

REJECTED: Literal["rejected"] = "rejected"
MOST_PAIRS = 12


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What becomes of values. `pairs` are those that are listed, each with its value, None where it is left out.

    `others` says what becomes of all else: a policy, or the constant in its place; None where there is nothing else.
    A value that is `rejected` is listed nowhere.
    """

    pairs: tuple[tuple[Any, Any], ...]
    rejected: tuple[Any, ...]
    others: Policy | Const | None
    ignore_case: bool

    def then(self, node: Lookup) -> LookedUp:
        """The same with a second map applied to what comes out."""
        pairs: list[tuple[Any, Any]] = []
        rejected = list(self.rejected)
        for key, value in self.pairs:
            given = None if value is None else _one(node, value)
            if given is REJECTED:
                rejected.append(key)
            else:
                pairs.append((key, given))
        others = self.others
        if isinstance(others, Const):
            given = None if others.value is None else _one(node, others.value)
            others = "error" if given is REJECTED else Const(given, others.span, keep_null=True)
        elif others == "keep":
            known = {_key(key) for key, _ in (*self.pairs, *((key, None) for key in self.rejected))}
            pairs += [(key, value) for key, value in node.table.entries if _key(key) not in known]
            others = node.otherwise
        return LookedUp(tuple(pairs), tuple(rejected), others, self.ignore_case or node.table.ignore_case)

    def keys_of(self, value: Any) -> list[Any] | None:
        """The values that become one value; None where it may come from others than those listed."""
        wanted = _key(value)
        constant = isinstance(self.others, Const) and _key(self.others.value) == wanted
        if constant or self.ignore_case or self.others == "keep":
            return None
        return [key for key, found in self.pairs if found is not None and _key(found) == wanted]


def looked_up(node: Lookup, possible: Sequence[Any] | None) -> LookedUp:
    """What a value map makes of values; `possible` are all that there can be, None where that is not known."""
    entries = node.table.entries
    if possible is None or node.table.ignore_case:
        return LookedUp(tuple(entries), (), node.otherwise, node.table.ignore_case)
    pairs: list[tuple[Any, Any]] = []
    rejected: list[Any] = []
    for value in possible:
        given = _one(node, value)
        if given is REJECTED:
            rejected.append(value)
        else:
            pairs.append((value, given))
    return LookedUp(tuple(pairs), tuple(rejected), None, False)


def _one(node: Lookup, value: Any) -> Any:
    """What a map makes of one value."""
    folded = value.casefold() if node.table.ignore_case and isinstance(value, str) else value
    for key, found in node.table.entries:
        if _key(key) == _key(folded):
            return found
    if isinstance(node.otherwise, Const):
        return node.otherwise.value
    return {"error": REJECTED, "drop": None, "keep": value}[node.otherwise]


def lookup_phrase(found: LookedUp) -> tuple[str, tuple[Any, ...] | None]:
    """A phrase for what becomes of values, empty where all stay; and all that can come out, None where not known."""
    values = [value for _, value in found.pairs if value is not None]
    same = [key for key, value in found.pairs if value is not None and _key(key) == _key(value)]
    phrases = [*_changes(found), *([f"{listed(map(value_code, same))} {_stay(same)}"] if same else [])]
    dropped = [key for key, value in found.pairs if value is None]
    if dropped:
        phrases.append(f"{listed(map(value_code, dropped))} left out")
    if found.rejected:
        phrases.append(f"{listed(map(value_code, found.rejected))} rejected")
    if found.others is None and len(same) == len(found.pairs) and not found.rejected:
        return "", None
    if found.others is not None:
        phrases.append(_of_others(found.others))
        if isinstance(found.others, Const) and found.others.value is not None:
            values.append(found.others.value)
    if found.ignore_case:
        phrases.append("upper and lower case alike")
    outcomes = None if found.others == "keep" else tuple(values)
    return "; ".join(phrases), outcomes


def _stay(values: Sequence[Any]) -> str:
    return "stays" if len(values) == 1 else "stay"


def _changes(found: LookedUp) -> list[str]:
    """`a`, `b` → `c`, for each value that comes out."""
    groups: dict[str, list[Any]] = {}
    for key, value in found.pairs:
        if value is not None and _key(key) != _key(value):
            groups.setdefault(_key(value), []).append(key)
    phrases = [f"{_keys(keys)} → {value_code(json.loads(text))}" for text, keys in groups.items()]
    if len(phrases) > MOST_PAIRS:
        phrases = [*phrases[:MOST_PAIRS], f"{len(phrases) - MOST_PAIRS} more values"]
    return phrases


def _keys(keys: Sequence[Any]) -> str:
    shown = [value_code(key) for key in keys]
    return ", ".join(shown) if len(shown) <= MOST else listed(shown)


def _of_others(others: Policy | Const) -> str:
    if isinstance(others, Const):
        return "any other left out" if others.value is None else f"any other → {value_code(others.value)}"
    return {"error": "any other rejected", "drop": "any other left out", "keep": "any other stays"}[others]


def _key(value: Any) -> str:
    """A text that two JSON values share if they are equal in a mapping: 1 and 1.0 are one number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
