"""Regular expressions in JSON Schema's dialect: of literal texts, of shapes, and of patterns in RE2's dialect."""

from __future__ import annotations

import re
from functools import lru_cache

from casemap.schema.formats import PATTERNS
from casemap.schema.shapes import Shape, text_lengths, types_of, values_of

__all__ = ["as_schema_pattern", "body_of", "escaped", "matched_body", "written_as"]

_SPECIAL = frozenset("^$\\.*+?()[]{}|/")
_ANY = "[\\s\\S]"
_WHITE = "\\t\\n\\f\\r "
"""What `\\s` is in RE2; in a schema it is more."""
_WHOLE, _FRACTION = "(?:0|[1-9][0-9]*)", "(?:\\.[0-9]+)?(?:e-[0-9]+)?"
_MOST_VALUES = 24
_LONGEST = 200

_TOKEN = re.compile(
    r"""
    \\[dDwW^$\\.*+?()\[\]{}|/-] | \\[tnfr]        # escapes that mean the same in both
  | \\[sS]
  | \[ \^? (?: \\[dDwWs^$\\.*+?()\[\]{}|/-] | \\[tnfr] | [^\[\]\\] )+ \]
  | \(\?: | [()|^$] | [*+?]\?? | \{[0-9]{1,3}(?:,[0-9]{0,3})?\}\??
  | [^\\\[\](){}|^$*+?]
    """,
    re.VERBOSE | re.DOTALL,
)


def escaped(text: str) -> str:
    """A text as a regular expression that finds just that text."""
    return "".join("\\" + character if character in _SPECIAL else character for character in text)


@lru_cache(maxsize=1024)
def as_schema_pattern(pattern: str) -> str | None:
    """RE2's pattern as JSON Schema's dialect writes it, found in the same texts; None where that is not certain."""
    if re.search(r"\(\?(?!:)|&&|--|~~|\[\^?\]|\[:|[*+?}][*+{]|[?][?][?]", pattern):
        return None  # read otherwise by some, or not at all
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        if found is None:
            return None
        parts.append(_translated(found[0]))
        at = found.end()
    return "".join(parts)


def _translated(part: str) -> str:
    if part == ".":
        return "[^\\n]"
    if part == "\\s":
        return f"[{_WHITE}]"
    if part == "\\S":
        return f"[^{_WHITE}]"
    if part[0] == "[":
        return re.sub(r"\\(.)", lambda escape: _WHITE if escape[1] == "s" else escape[0], part)
    return "-" if part == "\\-" else "\\/" if part == "/" else part


def matched_body(pattern: str) -> str | None:
    """The regular expression, without anchors, of what a pattern of `as_schema_pattern` matches; of its first group,
    if it has one. None where it has anchors elsewhere than at its ends.
    """
    tokens = _TOKEN.findall(pattern)
    if "(" in tokens:
        start = tokens.index("(")
        depth, end = 1, start
        while depth:
            end += 1
            depth += {"(": 1, "(?:": 1, ")": -1}.get(tokens[end], 0)
        tokens = tokens[start + 1 : end]
    if tokens[:1] == ["^"]:
        tokens = tokens[1:]
    if tokens[-1:] == ["$"]:
        tokens = tokens[:-1]
    return None if "^" in tokens or "$" in tokens else "".join(tokens)


def body_of(pattern: str) -> str | None:
    """What stands between the `^` and the `$` of a pattern that says all of a text; None for another one."""
    tokens = _TOKEN.findall(pattern)
    if "".join(tokens) != pattern or len(tokens) < 2 or tokens[0] != "^" or tokens[-1] != "$":
        return None
    depth = 0
    for part in tokens[1:-1]:
        depth += {"(": 1, "(?:": 1, ")": -1}.get(part, 0)
        if part in ("^", "$") or (part == "|" and depth == 0):
            return None
    return "".join(tokens[1:-1])


def written_as(shape: Shape) -> str | None:
    """The regular expression, without anchors, of how `string` writes the scalars of a shape; None for any text."""
    from casemap.functions.convert import string

    values = values_of(shape)
    if values is not None and 0 < len(values) <= _MOST_VALUES and all(isinstance(v, str | int | float) for v in values):
        texts = list(dict.fromkeys(string(value) for value in values))
        if sum(map(len, texts)) <= _LONGEST * 4:
            return escaped(texts[0]) if len(texts) == 1 else f"(?:{'|'.join(map(escaped, texts))})"
    parts: list[str] = []
    types = types_of(shape)
    if "string" in types:
        parts.append(_text(shape))
    if types & {"integer", "number"}:
        parts.append(f"-?{_WHOLE}{_FRACTION}" if "number" in types else f"-?{_WHOLE}")
    if "boolean" in types:
        parts.append("true|false")
    if not parts:
        return None
    return parts[0] if len(parts) == 1 and "|" not in parts[0] else f"(?:{'|'.join(parts)})"


def _text(shape: Shape) -> str:
    """The regular expression of the texts of a shape."""
    pending = [shape]
    while pending:
        part = pending.pop()
        if not isinstance(part, dict):
            continue
        pattern = part.get("pattern") or PATTERNS.get(part.get("format", ""))
        body = None if pattern is None else body_of(pattern)
        if body is not None:
            return f"(?:{body})"
        pending += part.get("allOf", ())
    least, most = text_lengths(shape)
    least = min(least, _LONGEST)
    if most is None or most > _LONGEST:
        return f"{_ANY}*" if not least else f"{_ANY}{{{least},}}"
    return f"{_ANY}{{{least},{most}}}"
