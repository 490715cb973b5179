"""Mapping files to `Mapping`: reads one file's text, reports everything that is wrong with it at once.

It asks the catalog for the document types, the mappings that `use` names and the members that schemas declare, and
reads no file itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from typing import Any, Protocol

import jsonschema_rs

from casemap.errors import CasemapError, MappingError
from casemap.functions.registry import Registry
from casemap.mapping.core import (
    ABSENT_NODE,
    Approximate,
    If,
    Let,
    Node,
    Object,
    Param,
    Path,
    Symbol,
    ValueMap,
    children,
)  # fmt: skip
from casemap.mapping.file import Example, Mapping, Reason, Unused
from casemap.mapping.jinja_syntax import SyntaxProblem
from casemap.mapping.keys import PathKey, SpreadKey, parse_key
from casemap.mapping.rules import BODY_KEYS, Neighbours, RuleReader, read_value_map
from casemap.mapping.scope import Place, Report, Scope
from casemap.problem import Problem
from casemap.schema.fields import OTHERS, Steps
from casemap.span import Span
from casemap.syntax.yaml_text import YamlMapping, YamlNode, YamlScalar, YamlSequence, parse_yaml, to_value

__all__ = ["FILE_KEYS", "Surroundings", "document_body", "load_mapping"]

FILE_KEYS = (
    "casemap", "source", "target", "summary", "params", "value_maps", "definitions", "unmapped", "unset", "examples",
)  # fmt: skip
VERSION = 1


class Surroundings(Neighbours, Protocol):
    """What a file is loaded in: the catalog, seen from that file."""

    def types(self) -> tuple[str, ...]:
        """The document types that there are."""

    def beside(self) -> list[str]:
        """The names of the mappings in the same folder."""

    def enter(self, source: str) -> None:
        """The source type is known: `declared` answers for its schema from now on."""


def load_mapping(text: str, file: str, id: str, around: Surroundings, functions: Registry) -> Mapping:
    """The mapping of a file's text. Raises `MappingError` with every problem of the file.

    `id` is its name in the catalog, `egain-to-common/case`.
    """
    report = Report()
    odd: list[Problem] = []
    try:
        documents = parse_yaml(text, file, problems=odd)
    except CasemapError as error:
        raise MappingError([_with_trap(problem) for problem in error.problems]) from None
    report.take(map(_with_trap, odd), Span(file, 1, 1))
    if len(documents) != 1 or not isinstance(documents[0], YamlMapping):
        message = "a mapping file holds one object" if documents else "the file is empty"
        report.add("CM202", message, Span(file, 1, 1), "Start it with `casemap: 1`.")
        raise MappingError(report.problems)
    mapping = _FileReader(documents[0], file, id, around, functions, report).read()
    if report.failed:
        raise MappingError(sorted(report.problems, key=lambda problem: (problem.line or 0, problem.column or 0)))
    return mapping


def document_body(body: Node) -> Node:
    """A mapping's body as the rule of a whole document: an object without fields is `{}` there, not absent."""
    match body:
        case Object(absent="every"):
            return replace(body, absent="never")
        case Let() | Approximate():
            inner = body.body if isinstance(body, Let) else body.value
            changed = document_body(inner)
            return replace(body, body=changed) if isinstance(body, Let) else replace(body, value=changed)
        case If():
            return replace(body, then=document_body(body.then), otherwise=document_body(body.otherwise))
    return body


def _with_trap(problem: Problem) -> Problem:
    """A YAML problem with the trap that most often causes it in a mapping."""
    if problem.code == "CM111" and "key must be a scalar" in problem.message:
        return problem.at(help="Put an odd name in quotes: `\"['odd.key']\": rule`.")
    if problem.code == "CM104":
        help = "Put an expression that starts with a quote or a bracket, or has ` #` or `: ` in it, in quotes."
        return problem.at(help=help)
    return problem


@dataclass(slots=True)
class _FileReader:
    node: YamlMapping
    file: str
    id: str
    around: Surroundings
    functions: Registry
    report: Report

    def read(self) -> Mapping:
        self.known_keys()
        self.version()
        source, target = self.document_type("source"), self.document_type("target")
        if source:
            self.around.enter(source)
        value_maps = self.value_maps()
        root = Symbol("document")
        reader = RuleReader(
            self.report, self.functions, dict(self.params()), value_maps, self.definitions(), self.around
        )
        reader.origins[root] = ()
        reader.declare_params(self.node)
        self.check_names(reader)
        reader.keep_nulls = reader.nulls(self.node, False)
        body = self.body(reader, root)
        self.check_definitions(reader)
        return Mapping(
            self.id,
            self.file,
            source,
            target,
            self.optional_text("summary"),
            reader.params,
            root,
            body,
            (*self.reasons("unmapped"), *reader.inherited),
            self.reasons("unset"),
            self.examples(),
            value_maps,
            tuple(dict.fromkeys(reader.uses)),
            tuple(dict.fromkeys(reader.remarks)),
            tuple(self.unused(reader, body)),
            (self.place_of("source"), self.place_of("target")),
        )

    def place_of(self, name: str) -> Span:
        node = self.node.get(name)
        return node.span if node is not None else self.node.span

    def unused(self, reader: RuleReader, body: Node) -> Iterator[Unused]:
        """The names of the file that nothing in its rules uses."""
        params: set[str] = set()
        symbols: set[Symbol] = set()
        pending = [body]
        while pending:
            node = pending.pop()
            if isinstance(node, Param):
                params.add(node.name)
            elif isinstance(node, Path):
                symbols.add(node.scope)
            pending.extend(children(node))
        used = {"params": params, "value_maps": reader.used_maps, "definitions": reader.used_definitions}
        kinds = {"params": "param", "value_maps": "value map", "definitions": "definition"}
        for section, names in used.items():
            for key, _ in self.named(section):
                if key.text not in names:
                    yield Unused(kinds[section], key.text, key.span)
        # a definition that is used in several places binds its names in each of them
        read = {span for symbol, span in reader.let_names if symbol in symbols}
        for span, name in {span: symbol.name for symbol, span in reader.let_names}.items():
            if span not in read:
                yield Unused("let", name, span)

    def body(self, reader: RuleReader, root: Symbol) -> Node:
        """The file's one rule; its `let` names are seen in definitions as well."""
        place = Place(root)
        scope = Scope(place, place)
        bindings: list[tuple[Symbol, Node, Span]] = []
        let = self.node.get("let")
        if let is not None:
            scope = self.file_let(reader, let, scope, bindings)
        entries = tuple((key, value) for key, value in self.node.entries if key.text not in (*FILE_KEYS, "let"))
        rule = replace(self.node, entries=entries)
        body = reader.object_rule(rule, scope, None) if entries else self.no_body()
        for symbol, value, span in reversed(bindings):
            body = Let(symbol, value, body, span)
        return body

    def file_let(self, reader: RuleReader, node: YamlNode, scope: Scope, bindings: Any) -> Scope:
        """Name by name, so that a definition used in one of them sees those before it."""
        if not isinstance(node, YamlMapping):
            return reader.let(node, scope, bindings)
        for entry in node.entries:
            reader.file_names = scope.names
            scope = reader.let(replace(node, entries=(entry,)), scope, bindings)
        reader.file_names = scope.names
        return scope

    def no_body(self) -> Node:
        self.report.add("CM203", "the file has no rule", self.node.span, "Add `fields:`.")
        return ABSENT_NODE(self.node.span)

    def check_names(self, reader: RuleReader) -> None:
        """A name that is both a definition and a mapping beside this file is an error."""
        section = self.node.get("definitions")
        for key, _ in section.entries if isinstance(section, YamlMapping) else ():
            if key.text in self.around.beside():
                message = f"`{key.text}` is both a definition of this file and a mapping beside it"
                self.report.add("CM208", message, key.span, "Rename the definition.")

    def check_definitions(self, reader: RuleReader) -> None:
        """Problems of a definition show even where nothing uses it."""
        for name in reader.definitions:
            if name in reader.used_definitions:
                continue
            place = Place(Symbol("document"))
            scope = Scope(place, place, index=Symbol("index"))
            for _ in range(8):
                scope = scope.enter(Place(Symbol("scope")))
            reader.standalone_definition(name, replace(scope, names=reader.file_names))

    # keys of the file

    def known_keys(self) -> None:
        for key, _ in self.node.entries:
            if key.text not in FILE_KEYS and key.text not in BODY_KEYS:
                near = self.report.nearest(key.text, {*FILE_KEYS, *BODY_KEYS})
                hint = f"; did you mean `{near}`?" if near else ""
                message = f"a mapping file has no key `{key.text}`{hint}"
                self.report.add("CM201", message, key.span, "Target fields stand under `fields:`.")
        unknown = {key.text for key, _ in self.node.entries} - {*FILE_KEYS} - BODY_KEYS
        self.node = replace(self.node, entries=tuple(e for e in self.node.entries if e[0].text not in unknown))

    def version(self) -> None:
        node = self.node.get("casemap")
        if node is None:
            help = "Add `casemap: 1` as the first line."
            self.report.add("CM201", "the key `casemap`, the language's version, is missing", self.node.span, help)
        elif not (isinstance(node, YamlScalar) and type(node.value) is int and node.value == VERSION):
            self.report.add("CM202", "this casemap reads version 1 of the language", node.span, "Write `casemap: 1`.")

    def document_type(self, name: str) -> str:
        node = self.node.get(name)
        types = self.around.types()
        if node is None:
            help = "Add a document type such as `egain/case`."
            self.report.add("CM201", f"the key `{name}` is missing", self.node.span, help)
            return ""
        if isinstance(node, YamlScalar) and node.text in types:
            return node.text
        text = node.text if isinstance(node, YamlScalar) else ""
        near = self.report.nearest(text, list(types))
        hint = f"; did you mean `{near}`?" if near else ""
        help = "`casemap formats` lists the document types."
        self.report.add("CM219", f"there is no document type `{text}`{hint}", node.span, help)
        return ""

    def optional_text(self, name: str) -> str:
        node = self.node.get(name)
        if node is None:
            return ""
        if isinstance(node, YamlScalar) and isinstance(node.value, str):
            return node.text
        self.report.add("CM202", f"`{name}` takes a text", node.span, "Put it in quotes.")
        return ""

    def section(self, name: str) -> YamlMapping | None:
        node = self.node.get(name)
        if node is None or isinstance(node, YamlMapping):
            return node
        self.report.add("CM202", f"`{name}` takes an object", node.span, f"Write `{name}: {{name: …}}`.")
        return None

    def named(self, name: str) -> list[tuple[YamlScalar, YamlNode]]:
        section = self.section(name)
        found: list[tuple[YamlScalar, YamlNode]] = []
        for key, value in section.entries if section is not None else ():
            if isinstance(key.value, str):
                found.append((key, value))
            else:
                self.report.add("CM202", f"a name under `{name}` is a text", key.span, "Put it in quotes.")
        return found

    def params(self) -> Table[str, Table[str, Any]]:
        params: dict[str, Table[str, Any]] = {}
        for key, value in self.named("params"):
            schema = to_value(value, self.report.problems)
            try:
                jsonschema_rs.Draft202012Validator(schema, offline=True, validate_formats=True)
                if not isinstance(schema, dict):
                    raise ValueError("not an object")  # noqa: TRY004, TRY301 - one way out for all wrong schemas
            except ValueError as error:
                message = f"the param `{key.text}` has no JSON Schema: {str(error).splitlines()[0]}"
                self.report.add("CM209", message, value.span, "Write `{type: string, description: …}`.")
                schema = {}
            params[key.text] = schema
        return params

    def value_maps(self) -> dict[str, ValueMap]:
        maps: dict[str, ValueMap] = {}
        for key, value in self.named("value_maps"):
            if isinstance(value, YamlMapping):
                maps[key.text] = replace(read_value_map(key.text, value, self.report), span=key.span)
            else:
                self.report.add("CM202", "a value map is a table", value.span, "Write `{from: to}`.")
                maps[key.text] = ValueMap(key.text, (), False, key.span)
        return maps

    def definitions(self) -> dict[str, YamlNode]:
        return {key.text: value for key, value in self.named("definitions")}

    def reasons(self, name: str) -> tuple[Reason, ...]:
        found: list[Reason] = []
        for key, value in self.named(name):
            try:
                parsed = parse_key(key.text)
            except SyntaxProblem as problem:
                self.report.add(problem.code, problem.message, key.locate(problem.offset), problem.help)
                continue
            path: Steps = parsed.names if isinstance(parsed, PathKey) else (OTHERS,)
            if not isinstance(parsed, PathKey | SpreadKey):
                self.report.add("CM202", f"`{key.text}` is not a path", key.span, "Write a path such as `link.rel`.")
            elif not (isinstance(value, YamlScalar) and isinstance(value.value, str) and value.text.strip()):
                self.report.add("CM202", f"`{name}` takes a reason for each path", value.span, "Write a sentence.")
            else:
                found.append(Reason(path, value.text, key.span))
        return tuple(found)

    # examples

    def examples(self) -> tuple[Example, ...]:
        node = self.node.get("examples")
        if node is None:
            return ()
        if not isinstance(node, YamlSequence):
            self.report.add("CM202", "`examples` takes a list", node.span, "Write `- source: …`.")
            return ()
        return tuple(example for item in node.items if (example := self.example(item)) is not None)

    def example(self, node: YamlNode) -> Example | None:
        if not isinstance(node, YamlMapping):
            self.report.add("CM220", "an example is an object", node.span, "Write `{source: …, target: …}`.")
            return None
        for key, _ in node.entries:
            if key.text not in ("source", "params", "target", "reject", "note"):
                message = f"an example has no key `{key.text}`"
                self.report.add("CM201", message, key.span, "The keys are source, params, target, reject and note.")
        source, target, reject = node.get("source"), node.get("target"), node.get("reject")
        if source is None or (target is None) == (reject is None):
            message = "an example has `source`, and either `target` or `reject`"
            self.report.add("CM220", message, node.span, "Add what is missing.")
            return None
        source_value, source_file = self.payload(source, "source")
        target_value, target_file = self.payload(target, "target") if target is not None else (None, None)
        params = node.get("params")
        if params is not None and not isinstance(params, YamlMapping):
            self.report.add(
                "CM220", "`params` of an example takes names with values", params.span, "Write `{name: value}`."
            )
        if reject is not None and not (isinstance(reject, YamlScalar) and re.fullmatch(r"CM\d{3}", reject.text)):
            self.report.add("CM220", "`reject` takes a problem code", reject.span, "Write a code such as `CM301`.")
        return Example(
            source_value,
            source_file,
            to_value(params, self.report.problems) if isinstance(params, YamlMapping) else {},
            target_value,
            target_file,
            reject.text if isinstance(reject, YamlScalar) else None,
            node.span,
        )

    def payload(self, node: YamlNode, name: str) -> tuple[Any, str | None]:
        """The value of `{value: …}`, or the path of `{file: …}`."""
        if isinstance(node, YamlMapping) and len(node.entries) == 1:
            value, file = node.get("value"), node.get("file")
            if value is not None:
                return to_value(value, self.report.problems), None
            if isinstance(file, YamlScalar) and isinstance(file.value, str):
                return None, file.text
        self.report.add("CM220", f"`{name}` is `{{value: …}}` or `{{file: …}}`", node.span, "Write one of the two.")
        return None, None
