"""Hypothesis strategies: whole mapping files over one vocabulary of members, and payloads that fit them.

Files and payloads share the vocabulary `DOCUMENT`, on both sides: what one generated mapping gives, a second one can
read. Expressions are mostly of the types that their places want, so that most conversions give a value; a few are not.
"""

from __future__ import annotations

import copy
import functools
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from casemap.functions import BUNDLED
from casemap.mapping.file import Mapping
from casemap.mapping.load import load_mapping

__all__ = [
    "DOCUMENT", "FUNCTION_ROWS", "PARAMS", "MappingText", "examples", "loaded", "mapping_files", "open_schema",
    "payloads",
    "schema_of", "write_mapping", "write_payload",
]  # fmt: skip

_MANY = os.environ.get("CASEMAP_EXAMPLES")


def examples(usual: int, properties: int = 1) -> settings:
    """How many examples a property is tried on: the same `usual` ones each time, or `CASEMAP_EXAMPLES` new ones.

    Several properties of one kind share them.
    """
    return settings(
        max_examples=usual if _MANY is None else max(usual, int(_MANY) // properties),
        derandomize=_MANY is None,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


Below = Callable[[int], int]
"""Chooses a number from 0 to below the limit; 0 is the simplest choice."""


# the vocabulary


@dataclass(frozen=True, slots=True)
class Kind:
    """What a place of a document usually holds."""

    name: str
    item: Kind | None = None
    members: tuple[tuple[str, Kind], ...] = ()


TEXT, TIME, LINK, DIGITS, WORD, JSON_TEXT = (Kind(n) for n in ("text", "time", "link", "digits", "word", "json_text"))
NUMBER, INTEGER, BOOLEAN, ANY, FREE = (Kind(name) for name in ("number", "integer", "boolean", "any", "free"))
SCALAR, ARRAY_OF_ANY, OBJECT_OF_ANY = Kind("scalar"), Kind("array"), Kind("object")


def array_of(item: Kind) -> Kind:
    return Kind("array", item)


def object_of(**members: Kind) -> Kind:
    return Kind("object", None, tuple(members.items()))


PART = object_of(name=TEXT, count=INTEGER)
PAIR = object_of(key=TEXT, value=ANY)
ITEM = object_of(
    name=TEXT, count=INTEGER, open=BOOLEAN, status=WORD, when=TIME, tags=array_of(TEXT), parts=array_of(PART), value=ANY
)
OWNER = object_of(
    name=TEXT, count=INTEGER, open=BOOLEAN, address=object_of(city=TEXT, code=DIGITS), tags=array_of(TEXT), best=ITEM
)
_NAMED = object_of(
    name=TEXT, title=TEXT, code=DIGITS, when=TIME, link=LINK, status=WORD, raw=JSON_TEXT, count=INTEGER, size=NUMBER,
    open=BOOLEAN, done=BOOLEAN, index=INTEGER, owner=OWNER, tags=array_of(TEXT), sizes=array_of(NUMBER),
    grid=array_of(array_of(INTEGER)), items=array_of(ITEM), pairs=array_of(PAIR), extra=FREE, value=ANY,
)  # fmt: skip
DOCUMENT = replace(_NAMED, members=(*_NAMED.members, ("odd.key", TEXT)))

_TEXTS = {"text", "time", "link", "digits", "word", "json_text"}
_WANTED: dict[str, Kind] = {
    "text": TEXT, "time": TIME, "link": LINK, "digits": DIGITS, "word": WORD, "json_text": JSON_TEXT, "number": NUMBER,
    "integer": INTEGER, "boolean": BOOLEAN, "any": ANY, "scalar": SCALAR, "array": ARRAY_OF_ANY,
    "object": OBJECT_OF_ANY,
    "free": FREE, "texts": array_of(TEXT), "numbers": array_of(NUMBER), "items": array_of(ITEM),
    "pairs": array_of(PAIR),
    "grid": array_of(array_of(INTEGER)),
}  # fmt: skip
"""Kinds by the names that the table of functions uses."""


def fits(kind: Kind, wanted: Kind) -> bool:
    """Whether a value of a kind is one that a place wants."""
    match wanted.name:
        case "any":
            return True
        case "text":
            return kind.name in _TEXTS
        case "number":
            return kind.name in ("number", "integer")
        case "scalar":
            return kind.name in {*_TEXTS, "number", "integer", "boolean"}
        case "array":
            item, other = wanted.item, kind.item
            return kind.name == "array" and (item is None or (other is not None and fits(other, item)))
        case "object" if not wanted.members:
            return kind.name in ("object", "free")
    return kind == wanted


@functools.cache
def _below(kind: Kind) -> tuple[tuple[str, Kind], ...]:
    """What lies up to three steps below a value: the steps as an expression writes them, and the kind there."""
    found: list[tuple[str, Kind]] = []
    for name, member in kind.members:
        step = f".{name}" if re.fullmatch(r"\w+", name) else f"['{name}']"
        found += [(step, member), *((step + steps, below) for steps, below in _below(member) if steps.count(".") < 2)]
    if kind.item is not None:
        found += [
            ("[0]", kind.item),
            ("[-1]", kind.item),
            *((f"[0]{steps}", below) for steps, below in _below(kind.item)),
        ]
    return tuple(found)


_ANY_KINDS = (
    TEXT, INTEGER, BOOLEAN, ANY, PART, array_of(TEXT), FREE, array_of(PART), NUMBER, ARRAY_OF_ANY, OBJECT_OF_ANY,
    JSON_TEXT,
    LINK, array_of(PAIR),
)  # fmt: skip


# functions: what each is applied to, what it gives, and texts of arguments; `{text}` in them is an expression

FUNCTION_ROWS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("abs", "number", "number", ("",)),
    ("absent_if", "text", "text", ("('')", "({text})", "('open')")),
    ("absent_if", "any", "any", ("(0)", "({any})")),
    ("as_list", "any", "array", ("",)),
    ("as_list", "text", "texts", ("",)),
    ("boolean", "boolean", "boolean", ("",)),
    ("capitalize", "text", "text", ("",)),
    ("compact", "array", "array", ("",)),
    ("contains", "texts", "boolean", ("('red')", "({text})")),
    ("contains", "array", "boolean", ("(1)", "({any})")),
    ("datetime", "time", "time", ("", "(zone='Europe/Copenhagen')", "(precision='s')", "(assume_zone='UTC')")),
    ("datetime", "time", "integer", ("(output='epoch_ms')", "(output='epoch_s')")),
    ("datetime", "time", "text", ("(output='%Y-%m-%d')", "(output='%d %b %y', zone='+02:00')")),
    ("datetime", "integer", "time", ("(input='epoch_s')", "(input='epoch_ms')")),
    ("ends_with", "text", "boolean", ("('e')", "({text})")),
    ("entries", "object", "pairs", ("",)),
    ("escape_html", "text", "text", ("",)),
    ("first", "texts", "text", ("",)),
    ("first", "numbers", "number", ("",)),
    ("first", "items", "object", ("",)),
    ("first", "array", "any", ("",)),
    ("flatten", "grid", "numbers", ("",)),
    ("flatten", "array", "array", ("",)),
    ("float", "number", "number", ("",)),
    ("float", "digits", "number", ("",)),
    ("from_entries", "pairs", "free", ("",)),
    ("from_json", "json_text", "any", ("",)),
    ("from_json", "digits", "integer", ("",)),
    ("int", "digits", "integer", ("",)),
    ("int", "integer", "integer", ("",)),
    ("join", "texts", "text", ("", "(', ')", "({text})")),
    ("join", "numbers", "text", ("('+')",)),
    ("keys", "object", "texts", ("",)),
    ("last", "texts", "text", ("",)),
    ("last", "numbers", "number", ("",)),
    ("length", "array", "integer", ("",)),
    ("length", "text", "integer", ("",)),
    ("length", "object", "integer", ("",)),
    ("lower", "text", "text", ("",)),
    ("map", "items", "texts", ("('name')", "('status')")),
    ("map", "items", "numbers", ("('count')",)),
    ("map", "items", "array", ("('tags')", "({text})")),
    ("max", "numbers", "number", ("",)),
    ("max", "texts", "text", ("",)),
    ("merge", "object", "object", ("({object})",)),
    ("min", "numbers", "number", ("",)),
    ("min", "texts", "text", ("",)),
    ("number", "digits", "number", ("",)),
    ("omit", "object", "object", ("('name', 'open')", "('tags')", "({text})")),
    ("pad", "text", "text", ("(8)", "(6, '*', 'right')", "({integer})")),
    ("pick", "object", "object", ("('name', 'count')", "('none')", "({text}, 'open')")),
    ("query_param", "link", "text", ("('q')", "({text})")),
    ("regex_extract", "text", "text", ("('[a-z]+')", "('(\\\\d)\\\\d*')", "('none')")),
    ("regex_replace", "text", "text", ("('[aeiou]', '.')", "('(\\\\w)(\\\\w)', '\\\\2\\\\1')", "('e', {text})")),
    ("regex_split", "text", "texts", ("('[ -]')",)),
    ("regex_test", "text", "boolean", ("('^[A-Z]')", "('e')")),
    ("remove_prefix", "text", "text", ("('re')", "({text})")),
    ("remove_suffix", "text", "text", ("('d')", "({text})")),
    ("replace", "text", "text", ("('e', 'E')", "('e', '', 1)", "('-', {text})")),
    ("required", "text", "text", ("",)),
    ("required", "any", "any", ("",)),
    ("reverse", "array", "array", ("",)),
    ("reverse", "texts", "texts", ("",)),
    ("round", "number", "integer", ("", "(0)")),
    ("round", "number", "number", ("(1)",)),
    ("select", "items", "items", ("('open', true)", "('status', 'open')", "('name', {text})")),
    ("sha256", "text", "text", ("",)),
    ("slice", "texts", "texts", ("(1)", "(0, 2)", "(0, {integer})", "(-1)")),
    ("slice", "array", "array", ("(0, -1)",)),
    ("sort", "texts", "texts", ("",)),
    ("sort", "numbers", "numbers", ("",)),
    ("split", "text", "texts", ("(' ')", "('-')")),
    ("starts_with", "text", "boolean", ("('re')", "({text})")),
    ("string", "scalar", "text", ("",)),
    ("strip_tags", "text", "text", ("",)),
    ("sum", "numbers", "number", ("",)),
    ("title", "text", "text", ("",)),
    ("to_json", "any", "json_text", ("",)),
    ("trim", "text", "text", ("", "('- ')")),
    ("truncate", "text", "text", ("(10)", "(5, true)", "(6, end='!')")),
    ("unique", "array", "array", ("",)),
    ("unique", "texts", "texts", ("",)),
    ("upper", "text", "text", ("",)),
    ("url_decode", "text", "text", ("",)),
    ("url_encode", "text", "text", ("",)),
    ("url_join", "link", "link", ("('../up')", "('?q=1')", "({link})")),
    ("uuid5", "text", "text", ("('url')",)),
    ("values", "object", "array", ("",)),
    ("zip", "array", "array", ("({array})", "([1, 2])")),
)
_FORMS: dict[str, tuple[str, ...]] = {
    "boolean": (
        "{integer} < {integer}", "{text} <= {text}", "{number} >= 1", "{text} == {text}", "{any} != {any}",
        "status == 'open'", "{boolean} and {boolean}", "{boolean} or {boolean}", "not {boolean}", "{any} is defined",
        "{any} is not defined", "{any} is none", "{any} is not none", "{any} is string", "{any} is number",
        "{any} is integer", "{any} is boolean", "{any} is array", "{any} is object", "{any} is not object",
        "{text} in {texts}", "{any} in {array}", "'e' in {text}", "{text} not in {object}", "0 <= {integer} < 5",
        "{any} == {any}", "{number} > {number}",
    ),
    "number": (
        "{number} + {number}", "{integer} - 1", "{number} * {number}", "{number} / 4", "{number} // 2", "{integer} % 3",
        "-{number}", "+{number}", "{number} / {number}", "{integer} % {integer}",
    ),
    "integer": ("{integer} + {integer}", "{integer} - 1", "{integer} // 2", "{integer} % {integer}", "-{integer}"),
    "text": ("{text} ~ {text}", "{scalar} ~ '-' ~ {scalar}", "tags[{integer}]", "extra[{text}]"),
    "any": ("this[{text}]", "extra[{text}]", "value.name", "{array}[{integer}]", "{object}[{text}]", "{object}.name"),
    "texts": ("[{text}, {text}]", "['red']", "items[{integer}].tags"),
    "numbers": ("[{number}, 2, 0.5]", "[{integer}]", "grid[{integer}]"),
    "array": ("[{any}, {any}]", "[]", "[[1], {array}]"),
    "object": ("{{'name': {any}, 'two': {scalar}}}", "{{}}", "items[{integer}]"),
    "free": ("{{'name': {any}, 'two': {text}}}",),
    "pairs": ("[{{'key': {text}, 'value': {any}}}]",),
    "items": ("[{item}]",),
}  # fmt: skip
"""Forms other than functions, by what they give."""

_LITERALS: dict[str, tuple[str, ...]] = {
    "text": ("'red'", "'Red One'", "''", "'a-b c'", "'é<b>x</b>'"),
    "time": ("'2024-05-14T10:30:00Z'", "'2024-05-14T10:30:00.1234+02:00'"),
    "link": ("'https://example.com/a/b?q=x%20y'",),
    "digits": ("'12'", "'3'"),
    "word": ("'open'", "'closed'"),
    "json_text": ("'[1, null]'", "'null'", "'7'"),
    "number": ("2", "0.5", "1.0", "0"),
    "integer": ("1", "2", "0"),
    "boolean": ("true", "false"),
    "scalar": ("1", "'red'", "true"),
    "any": ("null", "1", "'red'", "false", "[1, 'red']", "{'name': 1}"),
    "array": ("[1, 'red']", "[]"),
    "object": ("{'name': 'red'}", "{}"),
    "free": ("{'one': 1}",),
}
_CONSTANTS: dict[str, tuple[Any, ...]] = {
    "text": ("red", "Red One", ""),
    "time": ("2024-05-14T10:30:00Z",),
    "link": ("https://example.com/",),
    "digits": ("12",),
    "word": ("open",),
    "json_text": ("[]",),
    "number": (2, 0.5),
    "integer": (1, 0),
    "boolean": (True, False),
    "any": (None, 1, [None, {"a": None}], {}),
    "array": ([], [1, None], [{"name": "red"}]),
    "object": ({}, {"name": "red", "none": None}),
    "free": ({"one": 1},),
}


# values and texts of a file

PARAMS: dict[str, Any] = {
    "base": "https://example.com/a/",
    "flag": True,
    "limits": {"count": 2, "names": ["red", "blue"], "nothing": None},
}
_PARAM_SCHEMAS = {"base": {"type": "string"}, "flag": {"type": "boolean"}, "limits": {"type": "object"}}
_PARAM_PATHS = (
    ("params.base", LINK), ("params.flag", BOOLEAN), ("params.limits.count", INTEGER),
    ("params.limits.names", array_of(TEXT)),
    ("params.limits.names[0]", TEXT), ("params.limits.nothing", TEXT), ("params.limits.none", INTEGER),
    ("params.limits", FREE),
)  # fmt: skip
_VALUE_MAPS = {
    "words": {"open": "Open", "closed": "Closed", "new": None, "red": "Red", "": "empty"},
    "any_case": {"OPEN": 1, "Closed": 2, "red": [1]},
    # pairs: in a Python dict 1 and True are one key
    "typed": ((1, "number"), ("1", "text"), (True, "boolean"), (2, "two"), ("12", "twelve"), (0, None)),
}


def yaml_of(value: Any) -> str:
    """A value as YAML in the flow style; a tuple is an object's pairs.

    A lone name stays unquoted: quoted, the loader takes it for a mistake.
    """
    if isinstance(value, (dict, tuple)):
        pairs = value.items() if isinstance(value, dict) else value
        return "{" + ", ".join(f"{yaml_of(key)}: {yaml_of(member)}" for key, member in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(yaml_of(item) for item in value) + "]"
    if isinstance(value, str) and re.fullmatch(r"(?!true$|false$|null$)[A-Za-z_]\w*", value, re.ASCII):
        return value
    return json.dumps(value, ensure_ascii=False)


# scopes


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the names of a place mean, by kind."""

    this: Kind
    root: Kind
    outer: _Scope | None = None
    index: bool = False
    names: tuple[tuple[str, Kind], ...] = ()
    sealed: bool = False
    """In a definition nothing is known of the scopes around."""

    def enter(self, this: Kind, index: bool = False) -> _Scope:
        return replace(self, this=this, outer=self, index=self.index or index, sealed=False)

    def paths(self) -> list[tuple[str, Kind]]:
        """Every path that can be written here, the near ones first."""
        hidden = {"index", *(name for name, _ in self.names)}
        found = [(_shortest(f"this{steps}", hidden), kind) for steps, kind in _below(self.this)]
        found.append(("this", self.this))
        for name, kind in self.names:
            found += [(name, kind), *((name + steps, below) for steps, below in _below(kind))]
        if self.index:
            found.append(("index", INTEGER))
        if self.outer is not None and not self.sealed:
            found += [(f"parent{steps}", kind) for steps, kind in _below(self.outer.this)]
            if self.outer.outer is not None and not self.outer.sealed:
                found += [(f"parent.parent{steps}", kind) for steps, kind in _below(self.outer.outer.this)]
            found += [(f"root{steps}", kind) for steps, kind in _below(self.root)]
        return [*found, *_PARAM_PATHS]


def _shortest(path: str, hidden: set[str]) -> str:
    """A path without its `this.`, where no other name stands in the way."""
    match = re.match(r"this\.(\w+)", path)
    return path.removeprefix("this.") if match and match.group(1) not in hidden else path


# files


@dataclass(slots=True)
class _Writer:
    """Writes one mapping file, choice by choice. The first alternative of each choice is the simplest."""

    below: Below
    neighbour: bool = False
    """Whether there is a mapping `part` to use."""
    definitions: dict[str, tuple[Kind, Kind]] = field(default_factory=dict)
    """By name: the kind of the scope, and of the value."""
    names: int = 0
    """How many names were made up."""

    # choices

    def pick(self, options: Any) -> Any:
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        return self.below(100) >= 100 - percent

    # expressions

    def expression(self, wanted: Kind, scope: _Scope, depth: int) -> str:
        """An expression that usually gives what a place wants."""
        if depth <= 0 or not self.chance(55):
            return self.path(wanted, scope)
        rows = _rows_for(wanted)
        forms = _FORMS.get(_name_of(wanted), ())
        choice = self.below(10)
        if choice < 5 and rows:
            name, first, _, arguments = self.pick(rows)
            value = self.atom(_WANTED[first], scope, depth - 1)
            return f"{value} | {name}{self.filled(self.pick(arguments), scope, depth - 1, argument=True)}"
        if choice < 8 and forms:
            return self.filled(self.pick(forms), scope, depth - 1)
        one, other = self.atom(wanted, scope, depth - 1), self.atom(wanted, scope, depth - 1)
        match self.below(5):
            case 0:
                return f"{one} | default({other})"
            case 1:
                return f"coalesce({one}, {other})"
            case 2:
                return f"{one} if {self.atom(BOOLEAN, scope, depth - 1)} else {other}"
            case 3:
                return f"{one} | coalesce({other}, {self.path(wanted, scope)})"
        return self.literal(wanted)

    def atom(self, wanted: Kind, scope: _Scope, depth: int) -> str:
        """An expression that can stand anywhere in another."""
        text = self.expression(wanted, scope, depth)
        return text if re.fullmatch(r"[\w.]+|'[^']*'", text) else f"({text})"

    def filled(self, form: str, scope: _Scope, depth: int, argument: bool = False) -> str:
        """A form with expressions in its gaps. The gaps of arguments hold no literals: those are checked on loading."""

        def gap(match: re.Match[str]) -> str:
            if match.group() in ("{{", "}}"):
                return match.group()[0]
            kind = ITEM if match.group(1) == "item" else _WANTED[match.group(1)]
            return f"({self.path(kind, scope)})" if argument else self.atom(kind, scope, depth)

        return re.sub(r"\{\{|\}\}|\{(\w+)\}", gap, form)

    def path(self, wanted: Kind, scope: _Scope) -> str:
        paths = scope.paths()
        if self.chance(2):
            return str(self.pick(paths)[0])
        fitting = [path for path, kind in paths if fits(kind, wanted)]
        if not fitting or self.chance(4):
            return self.literal(wanted)
        near = fitting[: self.pick((3, 12, len(fitting)))]
        return str(self.pick(near))

    def literal(self, wanted: Kind) -> str:
        if wanted.item is not None:
            return f"[{self.literal(wanted.item)}, {self.literal(wanted.item)}]"
        if wanted.members:
            names = [name for name, kind in wanted.members if kind.name != "object"][:3]
            kinds = dict(wanted.members)
            return "{" + ", ".join(f"'{name}': {self.literal(kinds[name])}" for name in names) + "}"
        return str(self.pick(_LITERALS[wanted.name]))

    # rules

    def rule(self, wanted: Kind, scope: _Scope, depth: int, plain: bool = False) -> Any:
        """A rule that usually gives what a place wants; `plain` asks for one in the form of an object."""
        if wanted.name == "any":
            wanted = self.pick(_ANY_KINDS)
        if not plain and (depth <= 0 or not self.chance(60)) and not wanted.members:
            return self.lone_expression(wanted, scope)
        rule: dict[str, Any] = {}
        inner = scope
        if self.chance(12):
            rule["let"], inner = self.let(scope, depth - 1)
        if self.chance(10):
            rule["when"] = self.expression(BOOLEAN, scope, 2)
        if self.chance(15):
            rule["nulls"] = self.pick(("keep", "drop"))
        rule |= self.head(wanted, inner, depth)
        if self.chance(12):
            rule["default"] = self.expression(wanted, inner, 1)
        for name in ("approximate", "may_reject", "note"):
            if self.chance(4):
                rule[name] = "For a reason."
        return rule

    def lone_expression(self, wanted: Kind, scope: _Scope) -> Any:
        if wanted.name in ("integer", "boolean", "number") and self.chance(5):
            return self.pick(_CONSTANTS[wanted.name])
        return self.expression(wanted, scope, 3)

    def let(self, scope: _Scope, depth: int) -> tuple[dict[str, Any], _Scope]:
        names: dict[str, Any] = {}
        for _ in range(1 + self.below(2)):
            self.names += 1
            name = "title" if self.chance(10) and "title" not in names else f"v{self.names}"
            kind = self.pick((TEXT, INTEGER, BOOLEAN, ITEM, array_of(TEXT), array_of(ITEM), ANY, FREE, OWNER, TIME))
            names[name] = self.rule(kind, scope, depth)
            others = tuple(pair for pair in scope.names if pair[0] != name)
            scope = replace(scope, names=(*others, (name, kind)))
        return names, scope

    def head(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        """A head for a kind, with the keys that go with it."""
        heads: list[Callable[[Kind, _Scope, int], dict[str, Any]]] = [self.from_]
        if depth > 0:
            heads += [self.first_of, self.choose, self.taken, self.const, self.use]
            if fits(wanted, SCALAR):
                heads += [self.from_, self.mapped, self.mapped, self.from_, self.use]
            if wanted.name in _TEXTS:
                heads += [self.template, self.template]
            if wanted.name == "array":
                heads += [self.each] * 5 + [self.list, self.concat, self.use]
            if wanted.name in ("object", "free"):
                heads += [self.fields] * 7 + [self.keyed, self.rest]
        if wanted.members and depth <= 0:
            return self.fields(wanted, scope, 0)
        head: dict[str, Any] = self.pick(heads)(wanted, scope, depth)
        return head

    def from_(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        if self.chance(25):
            return {"from": self.path(wanted, scope)}
        return {"from": self.expression(wanted, scope, 3)}

    def const(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        if self.chance(20):
            return {"const": None, "nulls": "keep"}
        return {"const": self.pick(_CONSTANTS[wanted.name])}

    def mapped(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        rule: dict[str, Any] = {"from": self.expression(self.pick((WORD, WORD, TEXT, INTEGER, BOOLEAN)), scope, 1)}
        rule["map"] = self.pick(("words", "typed", "any_case", {"open": 1, "closed": [None], "Red One": None}))
        rule["else"] = self.pick(("keep", "drop", {"const": "other"}, {"const": None}, "error"))
        if rule["map"] != "typed" and self.chance(30):
            rule["ignore_case"] = self.chance(90)
        return rule

    def template(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        return {"template": self.template_text(scope, min(depth, 2))}

    def template_text(self, scope: _Scope, depth: int) -> str:
        parts: list[str] = []
        for _ in range(1 + self.below(3)):
            match self.below(5 if depth > 0 else 3):
                case 0:
                    parts.append(self.pick(("Case ", "- ", "\n", "é: ")))
                case 1 | 2:
                    parts.append("{{ " + self.expression(SCALAR, scope, depth) + " }}")
                case 3:
                    parts.append("{% if " + self.atom(BOOLEAN, scope, 1) + " %}" + self.template_text(scope, depth - 1))
                    if self.chance(40):
                        condition = self.atom(BOOLEAN, scope, 1)
                        parts.append("{% elif " + condition + " %}" + self.template_text(scope, depth - 1))
                    if self.chance(60):
                        parts.append("{% else %}" + self.template_text(scope, depth - 1))
                    parts.append("{% endif %}")
                case _:
                    item = self.pick((TEXT, ITEM))
                    self.names += 1
                    name = f"x{self.names}"
                    inner = replace(scope, names=(*scope.names, (name, item)))
                    used = name if item is TEXT else f"{name}.name"
                    parts.append("{% for " + name + " in " + self.atom(array_of(item), scope, 1) + " %}")
                    parts.append(self.template_text(inner, depth - 1) + "{{ " + used + " }}{% endfor %}")
        return "".join(parts)

    def first_of(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        return {"first_of": [self.rule(wanted, scope, depth - 1) for _ in range(1 + self.below(3))]}

    def choose(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        branches: list[Any] = []
        for _ in range(1 + self.below(2)):
            rule = self.rule(wanted, scope, depth - 1, plain=True)
            branches.append({**rule, "when": self.expression(BOOLEAN, scope, 2)})
        if self.chance(60):
            branches.append({"otherwise": self.rule(wanted, scope, depth - 1)})
        return {"choose": branches}

    def list(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        item = wanted.item or ANY
        return {"list": [self.rule(item, scope, depth - 1) for _ in range(self.below(4))]}

    def concat(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        return {"concat": [self.rule(wanted, scope, depth - 1) for _ in range(1 + self.below(3))]}

    def rest(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        objects = [path for path, kind in scope.paths() if kind in (DOCUMENT, OWNER, ITEM, PART)]
        paths = [path for path in objects if path.split(".")[0].split("[")[0] not in dict(scope.names)]
        paths = paths if not scope.sealed else []
        return {"rest": self.pick(paths)} if paths else self.from_(wanted, scope, depth)

    def use(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        fitting = [(name, of) for name, (of, gives) in self.definitions.items() if fits(gives, wanted)]
        if self.neighbour and fits(PART, wanted):
            fitting.append(("part", ITEM))
        if not fitting:
            return self.from_(wanted, scope, depth)
        name, of = self.pick(fitting)
        if scope.this == of and self.chance(50):
            return {"use": name}
        return {"use": name, "of": self.path(of, scope)}

    # objects

    def fields(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        rule: dict[str, Any] = {}
        if depth > 0 and self.chance(15):
            inside = self.pick((OWNER, ITEM))
            rule["within"] = self.expression(inside, scope, 1)
            scope = scope.enter(inside)
        if self.chance(10):
            rule["whole"] = self.chance(85)
        return {"fields": self.members(wanted, scope, depth), **rule}

    def members(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        known = wanted.members or PART.members
        members: dict[str, Any] = {}
        taken: set[str] = set()
        for _ in range(1 + self.below(7 if len(known) > 7 else 3)):
            name, kind = self.pick(known)
            if name in taken:
                continue
            taken.add(name)
            if kind.members and self.chance(50):
                for inner, below in kind.members[: 1 + self.below(2)]:
                    members[f"{name}.{inner}"] = self.rule(below, scope, depth - 1)
            else:
                members[name if "." not in name else f"['{name}']"] = self.rule(kind, scope, depth - 1)
        if self.chance(10):
            key = self.pick(("'x_' ~ {text}", "{text}", "{scalar} | string"))
            members[f"[{self.filled(key, scope, 1)}]"] = self.rule(ANY, scope, min(depth - 1, 1))
        if self.chance(12):
            members["*"] = self.spread(scope, depth - 1)
        if members and self.chance(40):
            # a spread before the declared members counts as well
            order = list(members.items())
            members = dict([order[-1], *order[:-1]])
        return members

    def spread(self, scope: _Scope, depth: int) -> Any:
        kind = self.pick((FREE, FREE, OBJECT_OF_ANY, array_of(PART), array_of(PAIR)))
        if kind is FREE and self.chance(30):
            return self.lone_expression(kind, scope)
        rule = self.rule(replace(kind, members=()) if kind.item is None else kind, scope, depth, plain=True)
        if self.chance(70):
            rule["on_collision"] = self.pick(("drop", "drop", "drop", "error"))
        return rule

    # arrays

    def source(self, scope: _Scope) -> tuple[str, Kind]:
        """An array to go through, and the kind of its items."""
        item = self.pick((ITEM, ITEM, TEXT, PAIR, PART, NUMBER))
        return self.expression(array_of(item), scope, 2), item

    def each(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        return self.loop(wanted.item or ANY, scope, depth, {})

    def taken(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        return self.loop(wanted, scope, depth, {"take": self.pick(("first", "last"))})

    def keyed(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        source, item = self.source(scope)
        inner = scope.enter(item, index=True)
        key = self.expression(TEXT, inner, 2) if self.chance(60) else self.pick(("'k' ~ index % 2", "'k' ~ index"))
        rule = self.loop(ANY, scope, depth, {"key": key}, (source, item))
        if self.chance(75):
            rule["repeated"] = self.pick(("last", "first", "collect", "error"))
        return rule

    def loop(
        self, body: Kind, scope: _Scope, depth: int, more: dict[str, Any], over: tuple[str, Kind] | None = None
    ) -> dict[str, Any]:
        source, item = over or self.source(scope)
        inner = scope.enter(item, index=True)
        rule: dict[str, Any] = {"each": source}
        if self.chance(30):
            rule["where"] = self.expression(BOOLEAN, inner, 2)
        if self.chance(20):
            rule["sort_by"] = self.pick(("index % 2", self.expression(self.pick((TEXT, INTEGER, ANY)), inner, 2)))
            if self.chance(50):
                rule["descending"] = self.chance(80)
        if self.chance(15):
            rule["unique_by"] = self.expression(self.pick((TEXT, INTEGER, ANY)), inner, 2)
        return {**rule, **more, **self.body(body, inner, depth)}

    def body(self, wanted: Kind, scope: _Scope, depth: int) -> dict[str, Any]:
        used = [name for name, (of, gives) in self.definitions.items() if of == scope.this and fits(gives, wanted)]
        if self.neighbour and scope.this == ITEM and fits(PART, wanted):
            used.append("part")
        if used and self.chance(40):
            return {"use": self.pick(used)}
        if wanted.members and self.chance(70):
            whole = {"whole": True} if self.chance(10) else {}
            return {"fields": self.members(wanted, scope, depth - 1), **whole}
        return {"value": self.rule(wanted, scope, depth - 1)}

    # the file

    def file(self, source: str, target: str, this: Kind, wanted: Kind) -> str:
        """The text of a mapping file."""
        content: dict[str, Any] = {"casemap": 1, "source": source, "target": target}
        content["params"] = _PARAM_SCHEMAS
        content["value_maps"] = _VALUE_MAPS
        if self.chance(20):
            content["nulls"] = self.pick(("keep", "drop"))
        scope = _Scope(this, this)
        if self.chance(30):
            content["let"], scope = self.let(scope, 2)
        for name in ("one", "two")[: self.below(3) if self.chance(40) else 0]:
            of, gives = self.pick((ITEM, OWNER)), self.pick((PART, TEXT, ITEM, BOOLEAN))
            rule = self.rule(gives, replace(scope, this=of, sealed=True), 2)
            content.setdefault("definitions", {})[name] = rule
            self.definitions[name] = (of, gives)
        return yaml_of({**content, **self.root_rule(wanted, scope)})

    def root_rule(self, wanted: Kind, scope: _Scope) -> dict[str, Any]:
        if self.chance(80):
            return {"fields": self.members(wanted, scope, 3)}
        rule: dict[str, Any] = {}
        if self.chance(10):
            rule["when"] = self.expression(BOOLEAN, scope, 2)
        if self.chance(15):
            rule["approximate"] = "For a reason."
        if self.chance(30):
            return {**rule, **self.head(array_of(ITEM), scope, 3)}
        return {**rule, **self.head(wanted, scope, 3)}


def _name_of(kind: Kind) -> str:
    other = "object" if kind.name == "object" else "any"
    return next((name for name, wanted in _WANTED.items() if wanted == kind), other)


@functools.cache
def _rows_for(wanted: Kind) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    return tuple(row for row in FUNCTION_ROWS if fits(_WANTED[row[2]], wanted))


@dataclass(frozen=True, slots=True)
class MappingText:
    """A generated mapping file, and the file of the neighbour that it uses, where it uses one."""

    text: str
    neighbour: str | None = None


def write_mapping(below: Below, source: str = "a", target: str = "b") -> MappingText:
    """A mapping file between two formats, over `DOCUMENT` on both sides."""
    neighbour = None
    if below(10) == 9:
        neighbour = _Writer(below).file(f"{source}/item", f"{target}/item", ITEM, PART)
    writer = _Writer(below, neighbour=neighbour is not None)
    return MappingText(writer.file(f"{source}/document", f"{target}/document", DOCUMENT, DOCUMENT), neighbour)


@functools.cache
def _numbers_below(limit: int) -> st.SearchStrategy[int]:
    return st.integers(0, limit - 1)


@st.composite
def mapping_files(draw: Callable[..., Any], source: str = "a", target: str = "b") -> MappingText:
    """`write_mapping` with Hypothesis's choices."""
    return write_mapping(lambda limit: draw(_numbers_below(limit)), source, target)


@st.composite
def payloads(draw: Callable[..., Any]) -> Any:
    """`write_payload` with Hypothesis's choices."""
    return write_payload(lambda limit: draw(_numbers_below(limit)))


@dataclass(slots=True)
class _Surroundings:
    """What a generated file is loaded in: types that accept anything, and declare the vocabulary."""

    neighbour: Mapping | None = None
    source: str = ""

    def types(self) -> tuple[str, ...]:
        return ("a/document", "b/document", "c/document", "a/item", "b/item", "c/item")

    def enter(self, source: str) -> None:
        self.source = source

    def used(self, name: str) -> Mapping | None:
        return self.neighbour if name == "part" else None

    def beside(self) -> list[str]:
        return ["part"]

    def known(self) -> list[str]:
        return ["part"]

    def declared(self, origin: tuple[str, ...]) -> frozenset[str]:
        kind: Kind | None = ITEM if self.source.endswith("item") else DOCUMENT
        for step in origin:
            if kind is not None:
                kind = kind.item if step == "*" else dict(kind.members).get(step)
        return frozenset(name for name, _ in kind.members) if kind is not None else frozenset()


def loaded(files: MappingText, file: str = "document.yaml") -> Mapping:
    """The mapping of a generated file. Raises `MappingError`."""
    neighbour = None
    if files.neighbour is not None:
        neighbour = load_mapping(files.neighbour, f"part-{file}", "neighbour", _Surroundings(), BUNDLED)
    return load_mapping(files.text, file, file, _Surroundings(neighbour), BUNDLED)


# payloads

_ITEM_A = {
    "name": "red", "count": 2, "open": True, "status": "open", "when": "2024-05-14T10:30:00Z", "tags": ["red", "new"],
    "parts": [{"name": "wheel", "count": 4}, {"name": "door", "count": 2, "x_part": 1}], "value": 1, "x_item": [None],
}  # fmt: skip
_ITEM_B = {
    "name": "Blue One", "count": 0, "open": False, "status": "closed", "when": "2023-01-31T23:59:59.123456+02:00",
    "tags": [], "parts": [], "value": {"name": "red", "none": None},
}  # fmt: skip
_ITEM_C = {**_ITEM_A, "name": "green-ish", "count": 7, "status": "new", "value": [1, None, "red"], "tags": ["a-b"]}
_FULL: dict[str, Any] = {
    "name": "red", "title": "Red One-two", "code": "12", "when": "2024-02-29T08:00:00+01:00",
    "link": "https://example.com/a/b?q=x%20y", "status": "open", "raw": "{\"name\": [1, null]}", "count": 1,
    "size": 2.5,
    "open": True, "done": False, "index": 3, "odd.key": "odd",
    "owner": {
        "name": "Ada", "count": 3, "open": True, "address": {"city": "Aarhus", "code": "8000"}, "tags": ["x", "red"],
        "best": _ITEM_A, "x_owner": {"a": None},
    },
    "tags": ["red", "green", "red"], "sizes": [3, 1.5, 1], "grid": [[1, 2], [3]], "items": [_ITEM_A, _ITEM_B, _ITEM_C],
    "pairs": [{"key": "one", "value": 1}, {"key": "two", "value": None}, {"key": "red", "value": "x"}],
    "extra": {"one": 1, "red": "r", "two": [1, 2]}, "value": "red", "x_one": 1, "x_two": {"b": None},
}  # fmt: skip
_OTHER: dict[str, Any] = {
    **_FULL, "name": "Closed", "count": 0, "size": 4, "open": False, "status": "closed", "items": [_ITEM_B, _ITEM_A],
    "value": {"name": "open", "list": [None]}, "tags": [], "extra": {}, "code": "3", "raw": "null",
}  # fmt: skip
_SPARSE: dict[str, Any] = {
    "name": "red", "code": "1", "owner": {"name": "Ada"}, "items": [{"name": "red"}, {"count": 1.0}],
    "status": "new", "count": 4.0,
}  # fmt: skip
_ODD_VALUES: tuple[Any, ...] = ("red", 1, 0, True, [], {}, 1.5, [None], {"name": "red"}, "", "12", [{"name": None}], -1)


def write_payload(below: Below) -> Any:
    """A document of the vocabulary, whole or with a few members missing, null or of another type."""
    if below(50) == 49:
        return copy.deepcopy((None, [], "red", 1, [_ITEM_A, None], {})[below(6)])
    document = copy.deepcopy((_FULL, _OTHER, _SPARSE, _FULL)[below(4)])
    for _ in range(max(0, below(8) - 3)):
        places = list(_places(document))
        if not places:
            break
        container, key = places[below(len(places))]
        match below(8):
            case 0 | 1 | 2:
                del container[key]
            case 3 | 4:
                container[key] = None
            case 5 if isinstance(container, list):
                container.append(copy.deepcopy(container[key]))
            case _:
                container[key] = copy.deepcopy(_ODD_VALUES[below(len(_ODD_VALUES))])
    return document


def _places(value: Any) -> Any:
    """Every member and item of a value, as its container and key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


def open_schema(kind: Kind) -> dict[str, Any]:
    """A JSON Schema that accepts anything and declares the members of a kind."""
    schema: dict[str, Any] = {}
    if kind.members:
        schema["properties"] = {name: open_schema(member) for name, member in kind.members}
    if kind.item is not None:
        schema["items"] = open_schema(kind.item)
    return schema


def schema_of(values: list[Any]) -> dict[str, Any]:
    """A JSON Schema that says of values what is true of all of them: their type, and which members they have."""
    if not values:
        return {}
    if all(isinstance(value, dict) for value in values):
        names = dict.fromkeys(name for value in values for name in value)
        return {
            "type": "object",
            "required": [name for name in names if all(name in value for value in values)],
            "properties": {name: schema_of([value[name] for value in values if name in value]) for name in names},
        }
    if all(isinstance(value, list) for value in values):
        return {"type": "array", "items": schema_of([item for value in values for item in value])}
    return {"type": sorted({_json_type(value) for value in values})}


def _json_type(value: Any) -> str:
    names = {type(None): "null", bool: "boolean", str: "string", int: "integer", list: "array", dict: "object"}
    return names.get(type(value), "number")
