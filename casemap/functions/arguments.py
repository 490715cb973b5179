"""What the functions share about their arguments: schemas, checks, and constants that are settled once.

A function whose arguments allow work beforehand is written as a *settler*: it takes all arguments but the first,
checks them, and gives the function of the first alone. `at_once` makes an implementation of it, `bound` a `bind`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from casemap.errors import Failure
from casemap.functions.registry import Schema, shown, wrong_type

__all__ = [
    "ARRAY",
    "BOOLEAN",
    "INTEGER",
    "LONGEST",
    "NUMBER",
    "NUMBERS_OR_TEXTS",
    "OBJECT",
    "SCALAR",
    "TEXT",
    "at_once",
    "bound",
    "cannot",
    "text_for",
    "too_long",
    "utf8",
    "whole_for",
]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
ARRAY: Schema = {"type": "array"}
OBJECT: Schema = {"type": "object"}
NUMBERS_OR_TEXTS: Schema = {
    "anyOf": [{"type": "array", "items": {"type": "number"}}, {"type": "array", "items": {"type": "string"}}]
}

LONGEST = 100_000_000
"""Code points. A text longer than this is not built: a short payload must not be able to fill the memory."""

Settler = Callable[..., Callable[[Any], Any]]


def cannot(function: str, why: str, value: Any, help: str = "") -> Failure:
    """The failure of a conversion that cannot be done: `why` reads like `is no number`."""
    return Failure("CM303", f"{function}: {shown(value)} {why}", help)


def too_long(function: str) -> Failure:
    """The failure of a function whose result would exceed `LONGEST`."""
    return Failure("CM303", f"{function}: the result would have more than {LONGEST} characters")


def text_for(function: str, parameter: str, value: Any) -> str:
    """The argument, which must be a text."""
    if isinstance(value, str):
        return value
    raise wrong_type(function, f"a text as {parameter}", value)


def whole_for(function: str, parameter: str, value: Any) -> int:
    """The argument, which must be a whole number (4.0 is one)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise wrong_type(function, f"a whole number as {parameter}", value)


def utf8(function: str, text: str) -> bytes:
    """The text in UTF-8, which half of a surrogate pair alone does not have."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise cannot(
            function, "holds half of a surrogate pair, which is no character", text.encode("utf-8", "replace").decode()
        ) from None


def at_once(settle: Settler) -> Callable[..., Any]:
    """The implementation of a function that is written as a settler."""

    def implementation(value: Any, *arguments: Any) -> Any:
        return settle(*arguments)(value)

    return implementation


def bound(settle: Settler) -> Callable[[Mapping[str, Any]], Callable[[Any], Any]]:
    """The `bind` of a function that is written as a settler; a wrong constant is an error of the mapping, CM205."""

    def bind(arguments: Mapping[str, Any]) -> Callable[[Any], Any]:
        try:
            return settle(**arguments)
        except Failure as failure:
            raise Failure("CM205", failure.message, failure.help) from None

    return bind
