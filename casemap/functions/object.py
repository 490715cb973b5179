"""Functions of objects. Members keep their order, and members that are null stay."""

from __future__ import annotations

from typing import Any

from casemap.errors import Failure
from casemap.functions.arguments import ARRAY, OBJECT, TEXT, cannot, text_for
from casemap.functions.registry import Example, Function, Parameter, shown, wrong_type

__all__ = ["FUNCTIONS"]


def _entries(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [{"key": name, "value": member} for name, member in value.items()]
    raise wrong_type("entries", "an object", value)


def _from_entries(array: Any) -> dict[str, Any]:
    if not isinstance(array, list):
        raise wrong_type("from_entries", "an array", array)
    result: dict[str, Any] = {}
    for entry in array:
        if not isinstance(entry, dict):
            raise wrong_type("from_entries", "an array of objects", entry)
        name = entry.get("key")
        if not isinstance(name, str):
            raise Failure("CM308", f"from_entries: a key is {shown(name)}, not a text")
        if name in result:
            raise Failure(
                "CM308",
                f"from_entries: the key {shown(name)} is there twice",
                "`each` with `key` and `repeated` says what becomes of the others.",
            )
        if entry.keys() != {"key", "value"}:
            raise cannot("from_entries", "does not have the members key and value alone", entry)
        result[name] = entry["value"]
    return result


def _keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return list(value)
    raise wrong_type("keys", "an object", value)


def _values(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    raise wrong_type("values", "an object", value)


def _pick(value: Any, *names: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wrong_type("pick", "an object", value)
    wanted = {text_for("pick", "name", name) for name in names}
    return {name: member for name, member in value.items() if name in wanted}


def _omit(value: Any, *names: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wrong_type("omit", "an object", value)
    unwanted = {text_for("omit", "name", name) for name in names}
    return {name: member for name, member in value.items() if name not in unwanted}


def _merge(value: Any, other: Any) -> dict[str, Any]:
    for side in (value, other):
        if not isinstance(side, dict):
            raise wrong_type("merge", "two objects", side)
    return {**value, **other}


_ON_OBJECT = Parameter("object", OBJECT, "The object.")
_ENTRY = {
    "type": "object",
    "properties": {"key": {"type": "string"}, "value": {}},
    "required": ["key", "value"],
    "additionalProperties": False,
}

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "entries",
        "object",
        "An array with an object `{key, value}` for each member.",
        (_ON_OBJECT,),
        {"type": "array", "items": _ENTRY},
        _entries,
        examples=(
            Example(
                "custom | entries",
                {"custom": {"a": 1, "b": None}},
                [{"key": "a", "value": 1}, {"key": "b", "value": None}],
            ),
            Example("custom | entries", {"custom": {}}, []),
        ),
    ),
    Function(
        "from_entries",
        "object",
        "The object whose members an array of `{key, value}` lists; the reverse of `entries`. Nothing is lost without "
        "a word: a key that is not a text or that is there twice rejects, and so does an entry with other members.",
        (Parameter("array", {**ARRAY, "items": _ENTRY}, "The entries."),),
        OBJECT,
        _from_entries,
        fails="two entries with the same key",
        examples=(
            Example(
                "list | from_entries",
                {"list": [{"key": "a", "value": 1}, {"key": "b", "value": None}]},
                {"a": 1, "b": None},
            ),
            Example(
                "list | from_entries", {"list": [{"key": "a", "value": 1}, {"key": "a", "value": 2}]}, fails="CM308"
            ),
            Example("list | from_entries", {"list": [{"key": 1, "value": 1}]}, fails="CM308"),
        ),
    ),
    Function(
        "keys",
        "object",
        "The names of the members.",
        (_ON_OBJECT,),
        {"type": "array", "items": TEXT, "uniqueItems": True},
        _keys,
        examples=(
            Example("custom | keys", {"custom": {"b": 1, "a": 2}}, ["b", "a"]),
            Example("custom | keys", {"custom": {}}, []),
        ),
    ),
    Function(
        "values",
        "object",
        "The values of the members.",
        (_ON_OBJECT,),
        ARRAY,
        _values,
        examples=(
            Example("custom | values", {"custom": {"b": 1, "a": None}}, [1, None]),
            Example("custom | values", {"custom": {}}, []),
        ),
    ),
    Function(
        "pick",
        "object",
        "The members with the given names, in the order of the object; a name that it does not have adds nothing.",
        (_ON_OBJECT, Parameter("name", TEXT, "The name of a member to keep; more may follow.")),
        OBJECT,
        _pick,
        variadic=True,
        examples=(
            Example(
                "author | pick('id', 'name')", {"author": {"name": "Ada", "age": 36, "id": 1}}, {"name": "Ada", "id": 1}
            ),
            Example("author | pick('id')", {"author": {"name": "Ada"}}, {}),
        ),
    ),
    Function(
        "omit",
        "object",
        "The members without those of the given names.",
        (_ON_OBJECT, Parameter("name", TEXT, "The name of a member to leave out; more may follow.")),
        OBJECT,
        _omit,
        variadic=True,
        examples=(
            Example("author | omit('age')", {"author": {"name": "Ada", "age": 36, "id": 1}}, {"name": "Ada", "id": 1}),
            Example("author | omit('a', 'b')", {"author": {"a": 1, "b": 2}}, {}),
        ),
    ),
    Function(
        "merge",
        "object",
        "The members of both objects. Where both have one of the same name, the value of `other` stands, in the place "
        "of the first; objects inside are not merged.",
        (_ON_OBJECT, Parameter("other", OBJECT, "The object whose members win.")),
        OBJECT,
        _merge,
        examples=(
            Example("a | merge(b)", {"a": {"x": 1, "y": 2}, "b": {"y": 3, "z": 4}}, {"x": 1, "y": 3, "z": 4}),
            Example("a | merge({'source': 'egain'})", {"a": {}}, {"source": "egain"}),
        ),
    ),
)
