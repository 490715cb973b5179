"""Functions of texts: of their case, their parts, patterns, URLs, and what writes other values as texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casemap.analysis.signatures.given import Given, Signature
from casemap.analysis.signatures.limits import limits_of
from casemap.analysis.signatures.regular import as_schema_pattern, matched_body, written_as
from casemap.functions.number import number_text
from casemap.schema.shapes import (
    Shape,
    covers,
    item_of,
    joined,
    max_items,
    min_items,
    narrowed,
    text_lengths,
    types_of,
)  # fmt: skip

__all__ = ["OPERATORS", "SIGNATURES"]

_TEXT: Shape = {"type": "string"}
_SCALAR: Shape = {"type": ["string", "number", "boolean"]}
_WHOLE, _NATURAL = "^-?(0|[1-9][0-9]*)$", "^(0|[1-9][0-9]*)$"
_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?(e-[0-9]+)?$"
_URI: Shape = {"type": "string", "format": "uri"}
_WITH_SCHEME: Shape = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:"}
_LONGEST_PATTERN = 2_000


def _of_lengths(least: int, most: int | None, more: dict[str, Any] | None = None) -> Shape:
    shape: dict[str, Any] = {"type": "string", **(more or {})}
    if least > 0:
        shape["minLength"] = least
    if most is not None:
        shape["maxLength"] = max(most, 0)
    return shape


def _never_shorter(given: Given) -> Shape:
    """Each character becomes one or more."""
    return _of_lengths(text_lengths(given.first)[0], None)


def _never_longer(given: Given) -> Shape:
    return _of_lengths(0, text_lengths(given.first)[1])


def _replaced(given: Given) -> Shape:
    old, new = given.text(1), given.text(2)
    if not old or new is None or len(new) > len(old):
        return _TEXT
    return _of_lengths(0, text_lengths(given.first)[1])


def _truncated(given: Given) -> Shape:
    most, end = given.whole(1), given.text(3, "...")
    if most is None or end is None:
        return _TEXT
    least, longest = text_lengths(given.first)
    if longest is not None and longest <= most:
        return given.first  # every text fits, and stays as it is
    return _of_lengths(min(least, len(end)), most)


def _padded(given: Given) -> Shape:
    width = given.whole(1)
    least, most = text_lengths(given.first)
    if width is None:
        return _of_lengths(least, None)
    return _of_lengths(max(least, width), None if most is None else max(most, width))


def _split(given: Given) -> Shape:
    return {"type": "array", "items": _never_longer(given), "minItems": 1}


def _joined(given: Given) -> Shape:
    count, items = min_items(given.first), item_of(given.first)
    separator = given.text(1, "")
    if types_of(items) <= {"string"} and count:
        most, longest = max_items(given.first), text_lengths(items)[1]
        least = count * text_lengths(items)[0] + (count - 1) * len(separator or "")
        if most is None or longest is None or separator is None:
            return _of_lengths(least, None)
        return _of_lengths(least, most * longest + max(most - 1, 0) * len(separator))
    return _TEXT


def _string(given: Given) -> Shape:
    """Texts as they are, numbers as JSON writes them."""
    types = types_of(given.first)
    if types <= {"string"}:
        return given.first
    parts = [narrowed(given.first, _TEXT)] if "string" in types else []
    if types & {"integer", "number"}:
        parts.append(_digits(narrowed(given.first, {"type": "number"})))
    if "boolean" in types:
        parts.append({"enum": ["true", "false"]})
    return joined(parts)


def _digits(shape: Shape) -> Shape:
    """How the numbers of a shape are written."""
    if "number" in types_of(shape):
        return {"type": "string", "pattern": _NUMBER}
    low, high = limits_of(shape)
    is_natural = low is not None and low >= 0
    written: dict[str, Any] = {"type": "string", "pattern": _NATURAL if is_natural else _WHOLE}
    if low is not None and high is not None:
        written["maxLength"] = max(len(number_text("string", int(limit))) for limit in (low, high))
    return written


def _concatenated(given: Given) -> Shape:
    """Piece after piece, as far as they are known."""
    pieces = [written_as(shape) for shape in given.shapes]
    lengths = [_written_lengths(shape) for shape in given.shapes]
    most = [length for _, length in lengths]
    longest = None if None in most else sum(length for length in most if length is not None)
    least = sum(length for length, _ in lengths)
    if all(piece is None or piece.startswith("[\\s\\S]") for piece in pieces):
        return _of_lengths(least, longest)
    pattern = "".join("[\\s\\S]*" if piece is None else piece for piece in pieces)
    return _of_lengths(least, longest, {"pattern": f"^{pattern}$"} if len(pattern) <= _LONGEST_PATTERN else None)


def _written_lengths(shape: Shape) -> tuple[int, int | None]:
    written = _string(Given([shape], []))
    return text_lengths(written) if written is not False else (0, None)


def _extracted(given: Given) -> Shape:
    """What a pattern matches, or what its first group does."""
    longest = text_lengths(given.first)[1]
    pattern = as_schema_pattern(given.text(1) or "")
    body = None if pattern is None else matched_body(pattern)
    return _of_lengths(0, longest, None if body is None else {"pattern": f"^(?:{body})$"})


def _joined_url(given: Given) -> Shape:
    """RFC 3986, section 5.2: a reference resolved against a URI gives a URI."""
    certain = covers(_URI, given.first) and covers({"type": "string", "format": "uri-reference"}, given.shape(1))
    return _URI if certain else _WITH_SCHEME


def _accepts(*accepted: Callable[[Given], Shape] | None) -> Callable[[int, Given], Shape | None]:
    """What later arguments must be, in their order; None for what their parameters say."""

    def accepts(position: int, given: Given) -> Shape | None:
        own = accepted[position - 1] if position <= len(accepted) else None
        return None if own is None else own(given)

    return accepts


def _end(given: Given) -> Shape:
    most = given.whole(1)
    return False if most is None or most < 0 else {"type": "string", "maxLength": most}


def _least(given: Given) -> Shape:
    end = given.text(3, "...")
    return False if end is None else {"type": "integer", "minimum": len(end)}


def _pattern(given: Given) -> Shape:
    """A constant has been read by RE2 as the mapping was compiled."""
    pattern = given.constant(1)
    return {"const": pattern} if isinstance(pattern, str) else False


def _replacement(given: Given) -> Shape:
    """A constant has been read; a text without a backslash stands for itself."""
    to = given.constant(2)
    return {"const": to} if isinstance(to, str) else {"type": "string", "pattern": "^[^\\\\]*$"}


SIGNATURES: dict[str, Signature] = {
    **dict.fromkeys(("lower", "upper", "capitalize", "title", "escape_html"), Signature(_never_shorter)),
    **dict.fromkeys(("trim", "remove_prefix", "remove_suffix"), Signature(_never_longer)),
    "replace": Signature(_replaced),
    "truncate": Signature(_truncated, accepts=_accepts(_least, None, _end)),
    "pad": Signature(_padded),
    "split": Signature(_split),
    "join": Signature(_joined),
    "regex_test": Signature(accepts=_accepts(_pattern)),
    "regex_extract": Signature(_extracted, accepts=_accepts(_pattern)),
    "regex_replace": Signature(accepts=_accepts(_pattern, _replacement)),
    "regex_split": Signature(_split, accepts=_accepts(_pattern)),
    "url_join": Signature(_joined_url, lambda _: _WITH_SCHEME),
    "url_encode": Signature(
        lambda given: _of_lengths(
            text_lengths(given.first)[0], None, {"pattern": "^(?:[A-Za-z0-9._~-]|%[0-9A-F][0-9A-F])*$"}
        )
    ),
    "url_decode": Signature(_never_longer, lambda _: {"type": "string", "pattern": "^[^%]*$"}),
    "query_param": Signature(_never_longer, lambda _: {"type": "string", "pattern": "^[^%]*$"}),
    "string": Signature(_string),
    "boolean": Signature(total=lambda _: {"enum": [True, False, "true", "false", 0, 1]}),
    "to_json": Signature(lambda _: {"type": "string", "minLength": 1}),
    "from_json": Signature(lambda _: {"not": {"type": "null"}}),
}

OPERATORS: dict[str, Signature] = {
    "~": Signature(_concatenated, lambda _: _SCALAR, lambda *_: _SCALAR),
}
