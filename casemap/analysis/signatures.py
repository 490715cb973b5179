"""What functions give and refuse, as narrow as their arguments allow: the part of a signature that a table cannot say.

For each function: the shape of its result from the shapes and constants of its arguments, and the shape of first
arguments on which it never fails. Where nothing is said here, the registry's result stands, and a function whose
entry says that it can fail is taken to fail on anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from casemap.functions.registry import Function
from casemap.schema.shapes import Shape, covers, item_of, joined, met, types_of

__all__ = ["result_shape", "total_shape"]

Constants = Sequence[Any]
"""The arguments after the first, as constants; `...` for one that is computed."""

_TEXT: Shape = {"type": "string"}
_DATE_TIME: Shape = {"type": "string", "format": "date-time"}
_NUMBER: Shape = {"type": "number"}
_SCALAR: Shape = {"type": ["string", "number", "boolean"]}
_WHOLE_TEXT: Shape = {"type": "string", "pattern": "^-?(0|[1-9][0-9]*)$", "maxLength": 4000}
_NUMBER_TEXT: Shape = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,200})(\.[0-9]{1,15})?$"}

_DIRECTIVES = {
    "Y": "[0-9]{4}", "m": "(0[1-9]|1[0-2])", "d": "(0[1-9]|[12][0-9]|3[01])", "H": "([01][0-9]|2[0-3])", "M": "[0-5][0-9]",
    "S": "[0-5][0-9]", "f": "[0-9]{6}", "z": "[+-]([01][0-9]|2[0-3])[0-5][0-9]", "I": "(0[1-9]|1[0-2])", "p": "(AM|PM)",
    "y": "[0-9]{2}", "j": "[0-3][0-9]{2}", "%": "%",
}  # fmt: skip


def result_shape(function: Function, shapes: Sequence[Shape], constants: Constants) -> Shape:
    """The shape of a function's results."""
    own = _RESULTS.get(function.name)
    first = shapes[0] if shapes else True
    if own is None:
        return dict(function.result)
    return own(first, constants, shapes)


def total_shape(function: Function, constants: Constants) -> Shape:
    """First arguments on which a function never fails; False where that is not known."""
    own = _TOTAL.get(function.name)
    if own is not None:
        return own(constants)
    if function.fails:
        return False
    return dict(function.parameters[0].schema) if function.parameters else True


def _mapped(change: Callable[[str], str]) -> Callable[..., Shape]:
    """Of a text among few, what it becomes; of any other, a text."""

    def shape(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
        values = _values(first)
        if values is None or not all(isinstance(value, str) for value in values):
            return _TEXT
        return {"enum": sorted({change(value) for value in values})}

    return shape


def _values(shape: Shape) -> list[Any] | None:
    """The values of a shape that has few."""
    if not isinstance(shape, dict):
        return None
    if "const" in shape:
        return [shape["const"]]
    if "enum" in shape:
        return list(shape["enum"])
    return None


def _string(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    kinds = types_of(first) - {"null"}
    if kinds <= {"string"}:
        return first
    texts = [met((first, _TEXT))] if "string" in kinds else []
    if kinds & {"integer", "number"}:
        texts.append(_WHOLE_TEXT_RESULT if "number" not in kinds else {"type": "string", "minLength": 1})
    if "boolean" in kinds:
        texts.append({"enum": ["true", "false"]})
    return joined(texts) if texts else _TEXT


_WHOLE_TEXT_RESULT: Shape = {"type": "string", "pattern": "^-?(0|[1-9][0-9]*)$", "minLength": 1}


def _datetime(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    output = constants[1]
    if output in ("rfc3339", "iso8601"):
        return {"type": "string", "format": "date-time", "minLength": 20}
    if output in ("epoch_s", "epoch_ms"):
        return {"type": "integer"}
    pattern = _pattern_of(output) if isinstance(output, str) else None
    return _TEXT if pattern is None else {"type": "string", "pattern": f"^{pattern}$"}


def _pattern_of(output: str) -> str | None:
    """A regular expression of what an output pattern writes."""
    parts: list[str] = []
    position = 0
    while position < len(output):
        if output[position] != "%":
            character = output[position]
            parts.append(character if character.isalnum() or character in "-: _,/" else re.escape(character))
            position += 1
            continue
        directive = _DIRECTIVES.get(output[position + 1 : position + 2])
        if directive is None:
            return None
        parts.append(directive)
        position += 2
    return "".join(parts)


def _datetime_total(constants: Constants) -> Shape:
    source, output = constants[0], constants[1]
    if source == "iso8601" and output in ("rfc3339", "iso8601"):
        return _DATE_TIME
    if source == "epoch_ms":
        return {"type": "integer", "minimum": -62135596800000, "maximum": 253402300799999}
    if source == "epoch_s":
        return {"type": "integer", "minimum": -62135596800, "maximum": 253402300799}
    return False


def _truncate(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    length = constants[0]
    return {"type": "string", "maxLength": length} if isinstance(length, int) else _TEXT


def _same(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    return first


def _item(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    return item_of(first)


def _as_list(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    kinds = types_of(first) - {"null"}
    items: list[Shape] = []
    if "array" in kinds:
        items.append(item_of(first))
    others = sorted(kinds - {"array"})
    if others:
        items.append(met((first, {"type": others})))
    return {"type": "array", "items": joined(items)}


def _absent_if(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    unwanted = constants[0] if constants else ...
    if isinstance(unwanted, str) and types_of(first) <= {"string"}:
        if unwanted == "":
            return met((first, {"minLength": 1}))
        return met((first, {"not": {"const": unwanted}}))
    return first


def _int(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    return {"type": "integer"}


def _url_join_total(constants: Constants) -> Shape:
    return {"type": "string", "format": "uri"}


def _url_join(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    # with a base that is a URI and a reference that is one, RFC 3986 section 5.3 composes a URI
    sound = len(shapes) > 1 and covers({"type": "string", "format": "uri-reference"}, shapes[1])
    return {"type": "string", "format": "uri"} if sound else _TEXT


def _regex_extract(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    return _TEXT


def _array_of_items(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    return {"type": "array", "items": item_of(first)}


def _round(first: Shape, constants: Constants, shapes: Sequence[Shape]) -> Shape:
    return {"type": "integer"} if constants and constants[0] == 0 else _NUMBER


_RESULTS: dict[str, Callable[..., Shape]] = {
    "string": _string,
    "datetime": _datetime,
    "truncate": _truncate,
    "lower": _mapped(str.lower),
    "upper": _mapped(str.upper),
    "trim": _mapped(str.strip),
    "required": _same,
    "absent_if": _absent_if,
    "first": _item,
    "last": _item,
    "min": _item,
    "max": _item,
    "reverse": _array_of_items,
    "sort": _array_of_items,
    "unique": _array_of_items,
    "compact": _array_of_items,
    "slice": _array_of_items,
    "as_list": _as_list,
    "int": _int,
    "round": _round,
    "url_join": _url_join,
    "regex_extract": _regex_extract,
}

_TOTAL: dict[str, Callable[[Constants], Shape]] = {
    "datetime": _datetime_total,
    "string": lambda _: _SCALAR,
    "~": lambda _: _SCALAR,
    "int": lambda _: {"anyOf": [{"type": "integer"}, _WHOLE_TEXT]},
    "number": lambda _: {"anyOf": [_NUMBER, _NUMBER_TEXT]},
    "boolean": lambda _: {"enum": [True, False, "true", "false", 0, 1]},
    "url_join": _url_join_total,
    "min": lambda _: {"anyOf": [{"type": "array", "items": {"type": kind}} for kind in ("string", "number")]},
    "max": lambda _: {"anyOf": [{"type": "array", "items": {"type": kind}} for kind in ("string", "number")]},
    "sort": lambda _: {"anyOf": [{"type": "array", "items": {"type": kind}} for kind in ("string", "number")]},
    "sum": lambda _: {"type": "array", "items": {"type": "integer"}},
    "join": lambda _: {"type": "array", "items": _SCALAR},
    "==": lambda _: True,
    "!=": lambda _: True,
    "to_json": lambda _: True,
    "required": lambda _: True,
}
