"""Functions that turn values of one JSON type into another, and JSON into text and back."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from typing import Any

from casemap.errors import Failure
from casemap.functions.arguments import BOOLEAN, SCALAR, TEXT, cannot, utf8
from casemap.functions.number import MOST_DIGITS, number_text
from casemap.functions.registry import ANY, Example, Function, Parameter, wrong_type

__all__ = ["FUNCTIONS", "string"]


def string(value: Any) -> str:
    """A text as it is, a number or a boolean as JSON writes it; `~`, `join` and `{{ }}` write scalars by it too."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        try:
            return str(value)
        except ValueError:  # longer than Python writes without a word
            return number_text("string", value)
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (int, float)):
        return number_text("string", value)
    failure = wrong_type("string", "a text, a number or a boolean", value)
    failure.help = "`to_json` writes arrays and objects too."
    raise failure


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and value in (0, 1):
        return value == 1
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    if isinstance(value, (int, float, str)):
        raise cannot("boolean", "stands for neither true nor false", value)
    raise wrong_type("boolean", 'true, false, "true", "false", 1 or 0', value)


MOST_PIECES = 5_000_000


@cache
def _encoder() -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _to_json(value: Any) -> str:
    try:
        return _encoder().encode(value)
    except (RecursionError, ValueError):  # deeply nested, a number of very many digits, or no number at all
        return "".join(_json_pieces(value))


def _json_pieces(value: Any) -> list[str]:
    """The same text as the encoder's, without recursion and with every digit."""
    pieces: list[str] = []
    waiting: list[tuple[bool, Any]] = [(False, value)]  # (a piece of text already?, the piece or a value)
    while waiting:
        is_text, item = waiting.pop()
        if len(pieces) > MOST_PIECES:
            raise Failure("CM312", "to_json: the value is too large to be written", "Write a part of it.")
        if is_text:
            pieces.append(item)
        elif isinstance(item, dict):
            inner = [part for name, member in item.items() for part in (_comma, (True, _name(name)), (False, member))]
            waiting += [(True, "}"), *reversed(inner[1:]), (True, "{")]
        elif isinstance(item, list):
            inner = [part for member in item for part in (_comma, (False, member))]
            waiting += [(True, "]"), *reversed(inner[1:]), (True, "[")]
        elif isinstance(item, int) and not isinstance(item, bool):
            pieces.append(number_text("to_json", item))
        elif isinstance(item, float) and not math.isfinite(item):
            raise cannot("to_json", "is no number that JSON can write", item)
        else:
            pieces.append(_encoder().encode(item))
    return pieces


_comma = (True, ",")


def _name(name: str) -> str:
    return _encoder().encode(name) + ":"


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_members, parse_float=_finite, parse_int=_digits, parse_constant=_no_constant
    )


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    for name, _ in pairs:
        if name not in members:
            raise ValueError(f"has two members named {name!r}")
        del members[name]
    raise AssertionError("unreachable: fewer names than pairs, and none of them twice")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("holds a number beyond all floats")
    return number


def _digits(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"holds a number of more than {MOST_DIGITS} digits")
    return int(text)


def _no_constant(text: str) -> Any:
    raise ValueError(f"holds {text}, which JSON does not have")


def _from_json(text: Any) -> Any:
    if not isinstance(text, str):
        raise wrong_type("from_json", "a text", text)
    try:
        value = _decoder().decode(text)
    except json.JSONDecodeError as error:
        why = f"is no JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise cannot("from_json", why, text) from None
    except ValueError as error:
        raise cannot("from_json", str(error), text) from None
    except RecursionError:
        raise cannot("from_json", "is nested too deeply", text) from None
    if not text.isascii() or re.search(r"\\u[dD][89a-fA-F]", text):
        utf8("from_json", _to_json(value))  # half of a surrogate pair could not be written again
    return value


_VALUE = Parameter("any", ANY, "Any value.")

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "string",
        "convert",
        "A text as it is; a number or a boolean as JSON writes it. A whole number has all its digits and no `.0`, "
        "however it was written: 4.0 gives `4`, 1e16 gives `10000000000000000`. Arrays and objects reject; for those "
        "there is `to_json`.",
        (Parameter("value", SCALAR, "A text, a number or a boolean."),),
        TEXT,
        string,
        examples=(
            Example("id | string", {"id": 1000}, "1000"),
            Example("price | string", {"price": 4.0}, "4"),
            Example("price | string", {"price": 0.5}, "0.5"),
            Example("open | string", {"open": True}, "true"),
        ),
    ),
    Function(
        "boolean",
        "convert",
        "true or false: of a boolean, of the texts `true` and `false` in this spelling, of 1 and 0. Anything else "
        "rejects, the texts `1`, `yes` and `True` too.",
        (Parameter("value", SCALAR, "A boolean, or a text or number that stands for one."),),
        BOOLEAN,
        _boolean,
        fails="a text other than true and false, a number other than 1 and 0",
        examples=(
            Example("private | boolean", {"private": "true"}, True),
            Example("private | boolean", {"private": 0}, False),
            Example("private | boolean", {"private": "yes"}, fails="CM303"),
        ),
    ),
    Function(
        "to_json",
        "convert",
        "The value as compact JSON text: no white space, members in their order, characters as they are, every digit "
        "of a whole number.",
        (_VALUE,),
        TEXT,
        _to_json,
        examples=(
            Example("custom | to_json", {"custom": {"b": [1, None], "a": "æ"}}, '{"b":[1,null],"a":"æ"}'),
            Example("title | to_json", {"title": 'say "hi"'}, '"say \\"hi\\""'),
        ),
    ),
    Function(
        "from_json",
        "convert",
        "The value that a JSON text writes. Strict (RFC 8259): a member that is repeated, `NaN`, a comma too many, a "
        "number beyond the floats or of more than 4300 digits, half of a surrogate pair and very deep nesting all "
        "reject. The text `null` gives no value: absent.",
        (Parameter("text", TEXT, "JSON text."),),
        ANY,
        _from_json,
        fails="a text that is not JSON",
        may_be_absent=True,
        examples=(
            Example("payload | from_json", {"payload": '{"id": 12345678901234567890}'}, {"id": 12345678901234567890}),
            Example("payload | from_json", {"payload": "null"}, absent=True),
            Example("payload | from_json", {"payload": '{"a": 1, "a": 2}'}, fails="CM303"),
        ),
    ),
)
