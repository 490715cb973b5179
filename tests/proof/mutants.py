"""Mutants of mappings and schemas: one thing changed each, as people get things wrong.

Mapping files are changed as text, at the places that YAML's own parser gives, so that a mutant is the file with one
slip in it. What YAML or the loader refuses is a mutant as well: it is reported when it is loaded.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

__all__ = ["Mutant", "mapping_mutants", "schema_mutants"]

_KEYWORDS = frozenset(
    ("and", "or", "not", "in", "is", "if", "else", "true", "false", "null", "none", "this", "root", "parent", "index", "params",
     "defined", "string", "number", "integer", "boolean", "array", "object", "coalesce", "for", "endfor", "endif", "elif")
)  # fmt: skip
_EXPRESSIONS = ("from", "each", "within", "of", "rest", "when", "where", "key", "sort_by", "unique_by", "default")
_RULES = ("value", "otherwise")
_LISTS = ("list", "first_of", "concat", "choose")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one change: `kind` of which sort, `what` was changed; `text` of a mapping, or `schema`."""

    kind: str
    what: str
    line: int = 0
    text: str = ""
    schema: Any = None
    type_name: str = ""


# --- mapping files ---------------------------------------------------------------------------------------------------


def mapping_mutants(text: str, differ: Callable[[tuple[str, ...], tuple[str, ...]], bool]) -> Iterator[Mutant]:
    """The mutants of a mapping's text. `differ` says of the paths of two target fields whether their types do."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    seen: set[str] = {text}
    for mutant in _File(text, differ).of(root):
        if mutant.text not in seen:
            seen.add(mutant.text)
            yield mutant


@dataclass(slots=True)
class _File:
    text: str
    differ: Callable[[tuple[str, ...], tuple[str, ...]], bool]

    def of(self, root: yaml.MappingNode) -> Iterator[Mutant]:
        for key, value in root.value:
            if key.value == "value_maps":
                for _, table in value.value:
                    yield from self.table(table)
            elif key.value == "definitions":
                for _, rule in value.value:
                    yield from self.rule(rule, None)
        yield from self.rule(root, ())

    def rule(self, node: yaml.Node, target: tuple[str, ...] | None) -> Iterator[Mutant]:
        """The mutants of a rule that fills a target field; None where it is not known which."""
        if isinstance(node, yaml.ScalarNode):
            yield from self.expression(node)
        if not isinstance(node, yaml.MappingNode):
            return
        heads = {key.value for key, _ in node.value}
        inside = (*target, "*") if target is not None and "each" in heads and not {"take", "key"} & heads else target
        for key, value in node.value:
            match key.value:
                case word if word in _EXPRESSIONS and isinstance(value, yaml.ScalarNode):
                    yield from self.expression(value)
                case "template":
                    yield from self.expression(value)
                case "const":
                    yield from self.constant(value, "constant")
                case "else" if isinstance(value, yaml.MappingNode):
                    yield from self.rule(value, target)
                case "map" if isinstance(value, yaml.MappingNode):
                    yield from self.table(value)
                case "fields" | "let" if isinstance(value, yaml.MappingNode):
                    yield from self.fields(value, inside if key.value == "fields" else None, key.value)
                case word if word in _RULES:
                    yield from self.rule(value, inside)
                case word if word in _LISTS and isinstance(value, yaml.SequenceNode):
                    for item in value.value:
                        yield from self.rule(item, (*target, "*") if target is not None and word == "list" else target)

    def fields(self, node: yaml.MappingNode, target: tuple[str, ...] | None, section: str) -> Iterator[Mutant]:
        plain: list[tuple[tuple[str, ...], yaml.Node]] = []
        for key, value in node.value:
            steps = tuple(str(key.value).split("."))
            below = (*target, *steps) if target is not None and re.fullmatch(r"[\w.]+", str(key.value)) else None
            if section == "fields":
                yield self.mutant("drop a field", self.cut(node, key, value), f"`{key.value}` dropped", key)
            if below is not None and self.on_one_line(value):
                plain.append((below, value))
            yield from self.rule(value, below)
        for (one, first), (other, second) in itertools.pairwise(plain):
            if self.differ(one, other):
                what = f"`{'.'.join(one)}` and `{'.'.join(other)}` swapped"
                yield self.mutant("swap two fields", self.swapped(first, second), what, first)

    def table(self, node: yaml.Node) -> Iterator[Mutant]:
        if not isinstance(node, yaml.MappingNode):
            return
        for key, value in node.value:
            yield self.mutant("remove an entry", self.cut(node, key, value), f"entry `{key.value}` removed", key)
            yield from self.constant(value, "entry")

    def constant(self, node: yaml.Node, what: str) -> Iterator[Mutant]:
        if not isinstance(node, yaml.ScalarNode):
            return
        is_text = node.tag.endswith(":str")
        for wrong in ("shut", "7") if is_text else ('"shut"', "[]"):
            told = f"{what} `{node.value}` is {wrong}"
            yield self.mutant("wrong constant", self.put(node, wrong), told, node)

    def expression(self, node: yaml.ScalarNode) -> Iterator[Mutant]:
        raw = self.text[node.start_mark.index : node.end_mark.index]
        for found in re.finditer(r"\s*\|\s*datetime(\([^()]*\))?", raw):
            changed = raw[: found.start()] + raw[found.end() :]
            yield self.mutant("drop a datetime", self.put(node, changed), f"`{raw}` without datetime", node)
        for start, end in _names(raw, quoted=node.style in ("'", '"')):
            word = raw[start:end]
            wrong = _misspelt(word)
            changed = raw[:start] + wrong + raw[end:]
            yield self.mutant("misspell a path", self.put(node, changed), f"`{word}` is `{wrong}`", node)

    # text

    def mutant(self, kind: str, text: str, what: str, node: yaml.Node) -> Mutant:
        return Mutant(kind, what, node.start_mark.line + 1, text)

    def end(self, node: yaml.Node) -> int:
        """Where a node ends; the parser has blocks reach to whatever comes next."""
        index: int = node.end_mark.index
        if not isinstance(node, yaml.ScalarNode) and not node.flow_style:
            index = len(self.text[:index].rstrip())
        return index

    def put(self, node: yaml.Node, text: str) -> str:
        return self.text[: node.start_mark.index] + text + self.text[self.end(node) :]

    def cut(self, parent: yaml.MappingNode, key: yaml.Node, value: yaml.Node) -> str:
        start, end = key.start_mark.index, self.end(value)
        before, after = self.text[:start], self.text[end:]
        if parent.flow_style:
            if after.lstrip().startswith(","):
                after = after.lstrip()[1:]
            elif before.rstrip().endswith(","):
                before = before.rstrip()[:-1]
        return before + after

    def on_one_line(self, node: yaml.Node) -> bool:
        is_flow = isinstance(node, yaml.ScalarNode) or bool(node.flow_style)
        return is_flow and node.start_mark.line == node.end_mark.line

    def swapped(self, first: yaml.Node, second: yaml.Node) -> str:
        one = self.text[first.start_mark.index : self.end(first)]
        other = self.text[second.start_mark.index : self.end(second)]
        between = self.text[self.end(first) : second.start_mark.index]
        return self.text[: first.start_mark.index] + other + between + one + self.text[self.end(second) :]


def _names(raw: str, quoted: bool) -> Iterator[tuple[int, int]]:
    """Where the names of fields stand in an expression."""
    body = range(1, len(raw) - 1) if quoted else range(len(raw))
    for found in re.finditer(r"'(?:[^'\\]|\\.|'')*'|(\|\s*\w+)|(?<![\w])([A-Za-z_]\w*)(?!\s*\(|\w|\s*=[^=])", raw):
        if found[2] and found.start() in body and found[2] not in _KEYWORDS and len(found[2]) > 1:
            yield found.start(2), found.end(2)


def _misspelt(word: str) -> str:
    swapped = word[:-2] + word[-1] + word[-2]
    return swapped if swapped != word else f"{word}x"


# --- schemas ---------------------------------------------------------------------------------------------------------


def schema_mutants(schema: Any, type_name: str, role: str) -> Iterator[Mutant]:
    """The mutants of a document type's schema; `role` is that of the type in the mapping: source or target.

    To widen the source, or to narrow the target, can make the mapping wrong; the other way round it cannot.
    """
    wider, narrower, retyped = f"widen the {role}", f"narrow the {role}", f"retype the {role}"
    for path, place in _places(schema, ()):
        for kind, changes in ((wider, _wider(place)), (narrower, _narrower(place)), (retyped, _retyped(place))):
            for what, changed in changes:
                mutated = _put(schema, path, changed)
                yield Mutant(kind, f"{'/'.join(map(str, path))}: {what}", schema=mutated, type_name=type_name)


def _places(schema: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if not isinstance(schema, dict):
        return
    yield path, schema
    for word in ("properties", "$defs"):
        for name, inner in schema.get(word, {}).items():
            yield from _places(inner, (*path, word, name))
    for word in ("items", "additionalProperties"):
        yield from _places(schema.get(word), (*path, word))
    for word in ("anyOf", "oneOf", "allOf"):
        for index, inner in enumerate(schema.get(word, ())):
            yield from _places(inner, (*path, word, index))


def _put(schema: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.copy(schema)
    changed[path[0]] = _put(schema[path[0]], path[1:], value)
    return changed


def _without(place: Any, word: str) -> Any:
    return {key: value for key, value in place.items() if key != word}


def _wider(place: Any) -> Iterator[tuple[str, Any]]:
    for name in place.get("required", ()):
        yield f"`{name}` not required", {**place, "required": [each for each in place["required"] if each != name]}
    for word in ("format", "enum", "maxLength", "minLength", "minimum", "maximum", "pattern", "minProperties"):
        if word in place:
            yield f"no {word}", _without(place, word)
    kind = place.get("type")
    if isinstance(kind, str) and kind != "null":
        yield "null as well", {**_without(place, "enum"), "type": [kind, "null"]}
        other = "integer" if kind != "integer" else "string"
        yield f"{other} as well", {**_without(place, "enum"), "type": [kind, other]}
    if place.get("additionalProperties") is False:
        yield "other members", _without(place, "additionalProperties")


def _narrower(place: Any) -> Iterator[tuple[str, Any]]:
    kind = place.get("type")
    for name in place.get("properties", {}):
        if name not in place.get("required", ()) and kind == "object":
            yield f"`{name}` required", {**place, "required": [*place.get("required", ()), name]}
    if kind == "object" and "properties" in place and place.get("additionalProperties", True) is not False:
        yield "no other members", {**place, "additionalProperties": False}
    if len(place.get("enum", ())) > 1:
        yield f"no {place['enum'][-1]!r}", {**place, "enum": place["enum"][:-1]}
    if kind == "string" and "enum" not in place:
        if "format" not in place:
            yield "a date-time", {**place, "format": "date-time"}
            yield "maxLength 3", {**place, "maxLength": 3}
            yield "one of two", {**place, "enum": ["open", "closed"]}
        yield "minLength 30", {**place, "minLength": 30}
    if kind in ("integer", "number"):
        yield "minimum 3", {**place, "minimum": 3}
    if kind == "array":
        yield "one item", {**place, "minItems": 1}
    if kind == "boolean":
        yield "true", {**place, "const": True}


def _retyped(place: Any) -> Iterator[tuple[str, Any]]:
    kind = place.get("type")
    if kind == "string":
        yield "an integer", {**_without(_without(place, "format"), "enum"), "type": "integer"}
    if kind in ("integer", "number", "boolean"):
        yield "a text", {**place, "type": "string"}
