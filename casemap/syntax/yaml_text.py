"""YAML texts to nodes with positions, and to values.

YAML 1.2 core types as the mapping language narrows them: `true`, `false`, `null`, `~`, nothing and decimal numbers are
not texts, every other plain scalar is. Duplicate keys, tags other than the standard ones and aliases that expand to
more than 10,000 nodes are problems. The parser is libyaml's; nodes are built here, without recursion.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.span import Span

__all__ = [
    "NoValue",
    "YamlMapping",
    "YamlNode",
    "YamlScalar",
    "YamlSequence",
    "parse_yaml",
    "plain_value",
    "to_value",
]

MAX_ALIAS_NODES = 10_000
MAX_DEPTH = 254
MOST_DIGITS = 4_000
EXACT_DIGITS = 17
"""A decimal number of so many digits is its nearest double's own text."""

_INTEGER = re.compile(r"[-+]?[0-9]+\Z", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_STANDARD_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "!"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name and text, shared by its nodes."""

    file: str
    text: str = field(repr=False)

    def span(self, mark: Any) -> Span:
        """The place of a libyaml mark."""
        return Span(self.file, mark.line + 1, mark.column + 1)


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """A scalar: its JSON value, and the text that it was read from."""

    value: Any
    text: str
    plain: bool
    span: Span
    source: Source = field(repr=False, compare=False)
    start: int
    end: int
    size: int = 1

    def locate(self, offset: int) -> Span:
        """The place of a character of the text; the scalar's own place where its lines were folded or escaped."""
        raw = self.source.text[self.start : self.end]
        if raw.startswith("|"):
            return self._locate_in_block(raw, offset)
        shift = 0 if self.plain else 1
        if raw[shift : shift + len(self.text)] != self.text or "\n" in self.text[:offset]:
            return self.span
        return Span(self.span.file, self.span.line, self.span.column + shift + offset)

    def _locate_in_block(self, raw: str, offset: int) -> Span:
        before = self.text[:offset]
        row = before.count("\n")
        lines, content = raw.split("\n")[1:], self.text.split("\n")
        if row >= len(lines) or row >= len(content) or not lines[row].endswith(content[row]):
            return self.span
        indent = len(lines[row]) - len(content[row])
        column = len(before) - (before.rfind("\n") + 1)
        return Span(self.span.file, self.span.line + 1 + row, indent + column + 1)


@dataclass(frozen=True, slots=True)
class YamlSequence:
    """A sequence of nodes."""

    items: tuple[YamlNode, ...]
    span: Span
    size: int


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Keys and values in the order of the text; no key stands twice."""

    entries: tuple[tuple[YamlScalar, YamlNode], ...]
    span: Span
    size: int

    def get(self, name: str) -> YamlNode | None:
        """The value of a text key, or None."""
        for key, value in self.entries:
            if key.value == name and isinstance(key.value, str):
                return value
        return None

    def key(self, name: str) -> YamlScalar | None:
        """The key node of that text, or None."""
        for key, _ in self.entries:
            if key.value == name and isinstance(key.value, str):
                return key
        return None


YamlNode = YamlScalar | YamlSequence | YamlMapping


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    mapping: bool
    span: Span
    anchor: str | None
    items: list[YamlNode]


class _Builder:
    """Builds the nodes of one text from libyaml's events; `resolve` gives the values of plain scalars."""

    def __init__(self, source: Source, resolve: Callable[[str], Any]) -> None:
        self.source = source
        self.resolve = resolve
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, YamlNode] = {}
        self.alias_nodes = 0
        self.root: YamlNode | None = None

    def documents(self) -> Iterator[YamlNode]:
        """One node a document, without what is wrong in it; raises `CasemapError` for a text that is no YAML."""
        try:
            for event in yaml.parse(self.source.text, Loader=yaml.CSafeLoader):
                match event:
                    case yaml.DocumentStartEvent():
                        self.anchors, self.alias_nodes, self.root = {}, 0, None
                    case yaml.DocumentEndEvent():
                        assert self.root is not None  # noqa: S101 - libyaml gives an empty scalar for an empty document
                        yield self.root
                    case yaml.ScalarEvent():
                        self.add(self.scalar(event), event.anchor)
                    case yaml.AliasEvent():
                        self.alias(event)
                    case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                        self.open(event)
                    case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                        self.close()
        except yaml.MarkedYAMLError as error:
            raise self.syntax(error) from None
        except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
            raise self.unreadable(error) from None

    def problem(self, code: str, message: str, span: Span, help: str = "") -> None:
        self.problems.append(Problem(code, message, help, file=span.file, line=span.line, column=span.column))

    def syntax(self, error: yaml.MarkedYAMLError) -> CasemapError:
        mark = error.problem_mark or error.context_mark
        span = self.source.span(mark) if mark else Span(self.source.file, 1, 1)
        text = " ".join(part for part in (error.context, error.problem) if part)
        help = "Indent with spaces; put a text that has `: `, ` #`, or starts with one of `[{&*!|>@%'\"`, in quotes."
        self.problem("CM104", f"not YAML: {text}", span, help)
        return CasemapError(self.problems)

    def unreadable(self, error: Exception) -> CasemapError:
        position = getattr(error, "position", getattr(error, "start", 0))
        before = self.source.text[:position]
        span = Span(self.source.file, before.count("\n") + 1, position - before.rfind("\n"))
        self.problem("CM104", "not YAML: a character that YAML does not allow", span, "Remove or escape the character.")
        return CasemapError(self.problems)

    def scalar(self, event: Any) -> YamlScalar:
        span = self.source.span(event.start_mark)
        plain = event.style in (None, "")
        if event.tag is not None and event.tag not in _STANDARD_TAGS:
            self.problem("CM111", f"the tag {event.tag} is not allowed", span, "Write the value without a tag.")
        value = event.value
        if plain and event.tag is None:
            value = self.plain(event.value, span)
        return YamlScalar(value, event.value, plain, span, self.source, event.start_mark.index, event.end_mark.index)

    def plain(self, text: str, span: Span) -> Any:
        """The value of a plain scalar; a number that cannot be kept as it is, is a problem."""
        value = self.resolve(text)
        if isinstance(value, NoValue):
            self.problem(value.code, value.why, span, "Put it in quotes to keep it as a text.")
            return text
        return value

    def open(self, event: Any) -> None:
        span = self.source.span(event.start_mark)
        if event.tag is not None and event.tag not in _STANDARD_TAGS:
            self.problem("CM111", f"the tag {event.tag} is not allowed", span, "Write the value without a tag.")
        if len(self.stack) >= MAX_DEPTH:
            self.problem("CM107", f"nested deeper than {MAX_DEPTH} levels", span, "Flatten the document.")
            raise CasemapError(self.problems)
        self.stack.append(_Open(isinstance(event, yaml.MappingStartEvent), span, event.anchor, []))

    def close(self) -> None:
        opened = self.stack.pop()
        node: YamlNode
        size = 1 + sum(item.size for item in opened.items)
        if opened.mapping:
            pairs = list(zip(opened.items[::2], opened.items[1::2], strict=True))
            node = YamlMapping(tuple(self.unique_keys(pairs)), opened.span, size)
        else:
            node = YamlSequence(tuple(opened.items), opened.span, size)
        self.add(node, opened.anchor)

    def unique_keys(self, pairs: list[tuple[YamlNode, YamlNode]]) -> Iterator[tuple[YamlScalar, YamlNode]]:
        seen: dict[tuple[bool, Any], Span] = {}
        for key, value in pairs:
            if not isinstance(key, YamlScalar):
                self.problem("CM111", "a key must be a scalar", key.span, "Write the key as a text.")
                continue
            identity = (isinstance(key.value, bool), key.value)
            if identity in seen:
                first = seen[identity]
                self.problem(
                    "CM105",
                    f"the key {key.text!r} stands twice (first at line {first.line})",
                    key.span,
                    "Remove one of the two, or join their values.",
                )
                continue
            seen[identity] = key.span
            yield key, value

    def alias(self, event: Any) -> None:
        span = self.source.span(event.start_mark)
        node = self.anchors.get(event.anchor)
        if node is None:
            self.problem("CM111", f"there is no anchor `&{event.anchor}` before this alias", span)
            raise CasemapError(self.problems)
        self.alias_nodes += node.size
        if self.alias_nodes > MAX_ALIAS_NODES:
            message = f"anchors expand to more than {MAX_ALIAS_NODES:,} nodes"
            self.problem("CM111", message, span, "Write the values out, or use fewer aliases.")
            raise CasemapError(self.problems)
        self.add(node, None)

    def add(self, node: YamlNode, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if self.stack:
            self.stack[-1].items.append(node)
        else:
            self.root = node


def plain_value(text: str) -> Any:
    """The value of a plain scalar, by the narrowed YAML 1.2 core types."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text) if len(text) <= MOST_DIGITS else NoValue(f"a number of more than {MOST_DIGITS:,} digits")
    if _FLOAT.match(text):
        number = float(text)
        if not math.isfinite(number):
            return NoValue("a number that is too large")
        digits = text.lower().split("e")[0].replace(".", "").lstrip("+-0")
        if len(digits) > EXACT_DIGITS and Decimal(text) != Decimal(repr(number)):
            return NoValue("a number with more digits than can be kept")
        return number
    return text


@dataclass(frozen=True, slots=True)
class NoValue:
    """A number that cannot be kept as it is written, and why."""

    why: str
    code: str = "CM109"


def parse_yaml(
    text: str, file: str, resolve: Callable[[str], Any] = plain_value, problems: list[Problem] | None = None
) -> list[YamlNode]:
    """The documents of a text, as nodes. Raises `CasemapError` with every problem of the text.

    `resolve` gives the value of a plain scalar, or `NoValue`; it is the mapping language's unless another is given.
    With `problems`, those that leave something to read, such as a key that stands twice, are added there instead.
    """
    builder = _Builder(Source(file, text), resolve)
    documents = list(builder.documents())
    if problems is not None:
        problems += builder.problems
    elif builder.problems:
        raise CasemapError(builder.problems)
    return documents


def to_value(node: YamlNode, problems: list[Problem] | None = None) -> Any:
    """The JSON value of a node. A key that is no text is a problem: it is added to `problems` or raised."""
    match node:
        case YamlScalar():
            return node.value
        case YamlSequence():
            return [to_value(item, problems) for item in node.items]
        case YamlMapping():
            result: dict[str, Any] = {}
            for key, value in node.entries:
                if not isinstance(key.value, str):
                    _report(_key_problem(key), problems)
                result[key.text] = to_value(value, problems)
            return result


def _key_problem(key: YamlScalar) -> Problem:
    span = key.span
    return Problem(
        "CM111",
        f"the key {key.text or 'null'} is not a text",
        "JSON's keys are texts: put it in quotes.",
        file=span.file,
        line=span.line,
        column=span.column,
    )


def _report(problem: Problem, problems: list[Problem] | None) -> None:
    if problems is None:
        raise CasemapError([problem])
    problems.append(problem)
