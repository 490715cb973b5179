"""YAML texts as payloads: JSON values with the places of everything in them.

Plain scalars are read by the core schema of YAML 1.2.2 (section 10.3.2), which has more spellings than the mapping
language: `True`, `NULL`, `0x1F`, `0o17`. The infinities and not-a-number, which JSON cannot hold, are problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.syntax.json_numbers import number_fault
from casemap.syntax.positions import pointer_steps
from casemap.syntax.yaml_text import NoValue, YamlMapping, YamlNode, YamlSequence, parse_yaml, to_value

__all__ = ["YamlDocument", "core_value", "read_yaml_documents"]

_WORDS: dict[str, Any] = {"": None, "~": None}
for _word, _value in (("null", None), ("true", True), ("false", False)):
    _WORDS |= dict.fromkeys((_word, _word.capitalize(), _word.upper()), _value)
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]+", re.ASCII)
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+", re.ASCII)
_LONGEST = 1000
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A document: its JSON value, and the node that knows where each value stands."""

    value: Any
    node: YamlNode

    def locate_pointers(self, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Line and column of the values at JSON Pointers; of the last one on the way where a pointer leads nowhere."""
        return {pointer: self._locate(pointer) for pointer in pointers}

    def _locate(self, pointer: str) -> tuple[int, int]:
        node = self.node
        for step in pointer_steps(pointer):
            below = _below(node, step)
            if below is None:
                break
            node = below
        return node.span.line, node.span.column


def _below(node: YamlNode, step: str) -> YamlNode | None:
    match node:
        case YamlMapping():
            return next((value for key, value in node.entries if key.text == step), None)
        case YamlSequence(items=items) if step.isdecimal() and int(step) < len(items):
            return items[int(step)]
    return None


def core_value(text: str) -> Any:
    """The value of a plain scalar, or `NoValue` for a number that JSON cannot hold or that would lose digits."""
    if text in _WORDS:
        return _WORDS[text]
    if _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return int(text, 0) if len(text) <= _LONGEST else NoValue(f"the integer has {len(text) - 2:,} digits")
    if _NOT_FINITE.fullmatch(text):
        return NoValue(f"{text} is not a JSON number", "CM106")
    is_integer = _INTEGER.fullmatch(text) is not None
    if not is_integer and not _FLOAT.fullmatch(text):
        return text
    fault = number_fault(text.lstrip("+"))
    if fault is not None:
        return NoValue(fault)
    return int(text) if is_integer else float(text)


def read_yaml_documents(text: str, file: str) -> list[YamlDocument]:
    """The documents of a text, in order. Raises `CasemapError`: CM104 to CM109, CM110 where there is none, CM111.

    A document with nothing in it is null (YAML 1.2.2, section 9.2).
    """
    problems: list[Problem] = []
    documents = [YamlDocument(to_value(node, problems), node) for node in parse_yaml(text, file, core_value)]
    if not documents:
        advice = "Write a document; null is one."
        problems.append(Problem("CM110", "the text has no document", advice, file=file, line=1, column=1))
    if problems:
        raise CasemapError(problems)
    return documents
