"""What compiled functions call: steps, lookups, objects and arrays that need more than a line of Python.

In compiled code None stands for *absent*. A null that `nulls: keep` keeps is `NULL` until it is put into the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from casemap.errors import Failure
from casemap.functions.equality import key_of
from casemap.functions.registry import shown, type_name

__all__ = [
    "MISSING", "NULL", "UNSET", "array", "assemble", "at_index", "at_step", "collect", "copied", "first_seen",
    "in_order", "joined", "kept_member", "kept_step", "member", "put_first", "put_last", "put_once", "rest",
    "spread", "truth", "typed_key",
    "unlisted",
]  # fmt: skip


class _Mark:
    """A value that is no JSON value."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


NULL: Final = _Mark("NULL")
MISSING: Final = _Mark("MISSING")
UNSET: Final = _Mark("UNSET")


def member(value: Any, name: str) -> Any:
    """A member of an object; absent of absent."""
    if value is None or value is NULL:
        return None
    if isinstance(value, dict):
        return value.get(name)
    raise Failure(
        "CM306", f"`{name}` is a member, and {type_name(value)} has none: {shown(value)}", "Only objects have members."
    )


def kept_member(value: Any, name: str) -> Any:
    """A member of an object, a null one as `NULL`."""
    found = member(value, name)
    return NULL if found is None and isinstance(value, dict) and name in value else found


def at_index(value: Any, index: int) -> Any:
    """An item of an array, from the end where the index is negative; absent outside of it."""
    if value is None or value is NULL:
        return None
    if isinstance(value, list):
        return value[index] if -len(value) <= index < len(value) else None
    raise Failure(
        "CM306", f"[{index}] is an index, and {type_name(value)} has none: {shown(value)}", "Only arrays have indexes."
    )


def at_step(value: Any, step: Any) -> Any:
    """A member or item, by a computed step: a text or a whole number."""
    if step is None:
        return None
    if type(step) is str:
        return member(value, step)
    if type(step) is int or (type(step) is float and step.is_integer()):
        return at_index(value, int(step))
    raise Failure("CM302", f"a step is a text or a whole number, not {type_name(step)}: {shown(step)}")


def kept_step(value: Any, step: Any) -> Any:
    """A member or item by a computed or constant step, a null one as `NULL`."""
    if type(step) is str:
        return kept_member(value, step)
    found = at_step(value, step)
    inside = found is None and isinstance(value, list) and step is not None and -len(value) <= step < len(value)
    return NULL if inside else found


def copied(value: Any) -> Any:
    """A value of the mapping's own, for a result that shares nothing with the next one."""
    if isinstance(value, list):
        return [copied(item) for item in value]
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    return value


def truth(value: Any) -> bool:
    """A condition's value: absent is false, anything but a boolean rejects."""
    if value is True:
        return True
    if value is False or value is None:
        return False
    message = (
        f"a condition is true or false, not {type_name(value)}: {shown(value)}; "
        "for a value in place of a missing one write `a | default(b)`"
    )
    raise Failure("CM302", message, "Compare it, or ask `is defined`.")


def array(value: Any) -> list[Any]:
    """The value, which must be an array."""
    if isinstance(value, list):
        return value
    help = "`| as_list` makes an array of a single value."
    raise Failure("CM302", f"an array is needed here, not {type_name(value)}: {shown(value)}", help)


def typed_key(value: Any) -> Any:
    """The key of a value in a value map whose keys are not all texts; `MISSING` for what no map lists."""
    if type(value) is bool:
        return ("boolean", value)
    return value if isinstance(value, (str, int, float)) else MISSING


def unlisted(value: Any, name: str) -> Any:
    """Rejects a value that a value map does not list."""
    help = "Add it to the value map, or say with `else:` what becomes of such values."
    title = f"the value map `{name}`" if name != "this map" else name
    raise Failure("CM301", f"{title} has no entry for {shown(value)}", help)


def rest(value: Any, declared: frozenset[str]) -> Any:
    """The members that are not declared; absent if there are none."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Failure("CM302", f"`rest` takes an object, not {type_name(value)}: {shown(value)}")
    if value.keys() <= declared:
        return None
    return {name: item for name, item in value.items() if name not in declared}


def joined(parts: Iterable[Any]) -> list[Any] | None:
    """Arrays joined; absent parts are skipped; absent if all are."""
    found = [array(None if part is NULL else part) for part in parts if part is not None]
    return [item for part in found for item in part] if found else None


def _collision(name: str) -> Failure:
    help = "Rename one of them, or leave the spread one out with `on_collision: drop`."
    return Failure("CM305", f"two members of the result are named {shown(name)}", help)


def _spread_parts(value: Any) -> list[dict[str, Any]]:
    parts = value if isinstance(value, list) else [value]
    for part in parts:
        if not isinstance(part, dict):
            found = None if part is NULL else part
            message = f"only an object, or an array of objects, is spread, not {type_name(found)}: {shown(found)}"
            raise Failure("CM302", message)
    return parts


def spread(result: dict[str, Any], value: Any, declared: frozenset[str], drop: bool) -> None:
    """Put the members of an object, or of an array of objects, into the result; two of one name reject or drop."""
    for part in (value,) if type(value) is dict else _spread_parts(value):
        for name, item in part.items():
            if name not in declared and name not in result:
                result[name] = item
            elif not drop:
                raise _collision(name)


def assemble(parts: Iterable[tuple[str, Any, Any]], declared: frozenset[str]) -> dict[str, Any] | None:
    """An object with computed names, from `(kind, name or policy, value)`; absent if every part is.

    The kinds are `member`, `computed` and `spread`.
    """
    parts = list(parts)
    taken = set(declared)
    for kind, name, value in parts:
        if kind != "computed" or name is None:
            continue
        if type(name) is not str:
            raise Failure("CM308", f"the name of a member is a text, not {type_name(name)}: {shown(name)}")
        if value is not None:
            if name in taken:
                raise _collision(name)
            taken.add(name)
    result: dict[str, Any] = {}
    present = False
    for kind, name, value in parts:
        if value is None or (kind == "computed" and name is None):
            continue
        present = True
        if kind == "spread":
            # of a spread and a computed member of one name, the spread one is left out or rejects
            spread(result, value, frozenset(taken), name)
            continue
        result[name] = None if value is NULL else value
    return result if present else None


def _text_key(name: Any) -> str:
    if type(name) is not str:
        raise Failure("CM308", f"a key is a text, not {type_name(name)}: {shown(name)}", "Write `| string` after it.")
    return name


def put_once(result: dict[str, Any], name: Any, value: Any) -> None:
    """Add a member; a second of the same name rejects."""
    if _text_key(name) in result:
        help = "Say with `repeated: first`, `last` or `collect` what becomes of them."
        raise Failure("CM308", f"two items have the key {shown(name)}", help)
    result[name] = value


def put_first(result: dict[str, Any], name: Any, value: Any) -> None:
    """Add a member; the first of one name stays."""
    result.setdefault(_text_key(name), value)


def put_last(result: dict[str, Any], name: Any, value: Any) -> None:
    """Add a member; the last of one name stays, in the place of the first."""
    result[_text_key(name)] = value


def collect(result: dict[str, Any], name: Any, value: Any) -> None:
    """Add a value to the array of its name."""
    result.setdefault(_text_key(name), []).append(value)


def first_seen(seen: set[Any], value: Any) -> bool:
    """Whether a value is absent or was not seen before; remembers it."""
    if value is None:
        return True
    key = key_of(value)
    if key in seen:
        return False
    seen.add(key)
    return True


def in_order(entries: list[tuple[Any, int, Any]], descending: bool) -> list[tuple[Any, int, Any]]:
    """`(key, index, item)` sorted by key, stable; absent keys last; all numbers or all texts."""
    keyed = [entry for entry in entries if entry[0] is not None]
    kinds = {"number" if type(key) in (int, float) else type(key).__name__ for key, _, _ in keyed}
    if kinds - {"number", "str"} or len(kinds) > 1:
        names = " and ".join(sorted({type_name(key) for key, _, _ in keyed}))
        raise Failure("CM307", f"the keys of a sort are all numbers or all texts, not {names}")
    keyed.sort(key=lambda entry: entry[0], reverse=descending)
    return keyed + [entry for entry in entries if entry[0] is None]
