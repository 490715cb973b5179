
"""Temporary projects made from the text of a mapping, and questions to ask them.

The tests state what the mapping language demands: each quotes or paraphrases a sentence of its specification.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import casemap
from casemap import ConversionError, MappingError
from casemap.problem import Problem
from tests.standalone import standalone

HEAD = "casemap: 1\nsource: a/doc\ntarget: b/doc\n"


class _Absent:
    """Stands for a member that is not there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


def same(one: Any, other: Any) -> bool:
    """JSON equality that tells 1 from 1.0 and from true, and looks at the order of members."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    if isinstance(one, float) and one == 0:
        return bool(one == other) and math.copysign(1, one) == math.copysign(1, other)
    return bool(one == other)


def check_places(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """What holds for every problem of a mapping file: a code, a message, and a place counted from 1."""
    assert problems
    for problem in problems:
        assert problem.code.startswith("CM"), problem
        assert problem.code[2:].isdigit(), problem
        assert problem.message, problem
        assert problem.file, problem
        assert (problem.line or 0) >= 1, problem
        assert (problem.column or 0) >= 1, problem
        assert str(problem), problem
    return problems


class Project:
    """Folders with schemas and mappings; a type whose schema is not given accepts anything.

    Its catalog is the project alone, unless a test asks for the bundled files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bundled = False
        folder.mkdir(parents=True, exist_ok=True)

    def schema(self, type: str, schema: Any) -> Project:
        """Write a document type's schema."""
        file = self.folder / "schemas" / f"{type}.schema.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(schema), "utf-8")
        return self

    def mapping(self, id: str, text: str | bytes, *, head: bool = True) -> Project:
        """Write the mapping file `id`; with `head` the keys casemap, source and target are put before the text.

        The types are read off the id: `a-to-b/doc` leads from `a/doc` to `b/doc`. They get a schema `{}`.
        """
        folder, name = id.split("/")
        source, target = (f"{part}/{name}" for part in folder.split("-to-"))
        for type in (source, target):
            if not (self.folder / "schemas" / f"{type}.schema.json").exists():
                self.schema(type, {})
        file = self.folder / "mappings" / f"{id}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            file.write_bytes(text)
        elif head:
            file.write_text(f"casemap: 1\nsource: {source}\ntarget: {target}\n{dedent(text)}", "utf-8")
        else:
            file.write_text(dedent(text), "utf-8")
        return self

    def with_bundled(self) -> Project:
        """Let the bundled files be in the project's catalog too."""
        self.bundled = True
        return self

    def catalog(self) -> casemap.Catalog:
        """The project's catalog."""
        return casemap.Catalog(self.folder) if self.bundled else standalone(self.folder)

    def converter(
        self, source: str = "a/doc", target: str = "b/doc", params: Mapping[str, Any] | None = None, via: str | None = None
    ) -> casemap.Converter:
        """The converter between two types."""
        return self.catalog().converter(source, target, params, via)

    def convert(self, payload: Any, source: str = "a/doc", target: str = "b/doc", **params: Any) -> Any:
        """The converted payload."""
        return self.converter(source, target, params)(payload)

    def rejects(self, payload: Any, source: str = "a/doc", target: str = "b/doc", **params: Any) -> tuple[Problem, ...]:
        """The problems of a payload that must be rejected."""
        convert = self.converter(source, target, params)
        with pytest.raises(ConversionError) as caught:
            convert(payload)
        assert caught.value.problems
        return caught.value.problems

    def errors(self, source: str = "a/doc", target: str = "b/doc", **params: Any) -> tuple[Problem, ...]:
        """The problems of a project that must not give a converter."""
        with pytest.raises(MappingError) as caught:
            self.converter(source, target, params)
        assert caught.value.problems
        return caught.value.problems


class Language:
    """Makes projects, and asks for the value of one rule or expression."""

    MappingError = MappingError
    ConversionError = ConversionError

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count()

    def project(self) -> Project:
        """An empty project."""
        return Project(self.folder / f"p{next(self.numbers)}")

    def of(self, text: str | bytes, *, head: bool = True, source: Any = None, target: Any = None) -> Project:
        """A project with the one mapping `a-to-b/doc`; `source` and `target` are schemas, `{}` by default."""
        project = self.project()
        if source is not None:
            project.schema("a/doc", source)
        if target is not None:
            project.schema("b/doc", target)
        return project.mapping("a-to-b/doc", text, head=head)

    def convert(self, text: str, payload: Any, **params: Any) -> Any:
        """The payload converted with a mapping's text (without its first three keys)."""
        return self.of(text).convert(payload, **params)

    def rejects(self, text: str, payload: Any, **params: Any) -> tuple[Problem, ...]:
        """The problems of the rejected payload."""
        return self.of(text).rejects(payload, **params)

    def errors(self, text: str | bytes, *, head: bool = True) -> tuple[Problem, ...]:
        """The problems of the mapping's file, each with a place."""
        return check_places(self.of(text, head=head).errors())

    def error(self, text: str | bytes, *, head: bool = True) -> Problem:
        """The only problem of the mapping's file."""
        problems = self.errors(text, head=head)
        assert len(problems) == 1, [str(problem) for problem in problems]
        return problems[0]

    # one rule, as YAML's flow or a JSON value; the target field is `x`

    def rule_text(self, rule: Any, more: str = "") -> str:
        """The mapping whose one field `x` has the rule; JSON is YAML, so the rule can be any JSON value."""
        return f"{dedent(more)}fields:\n  x: {rule if isinstance(rule, _Raw) else json.dumps(rule)}\n"

    def value(self, rule: Any, payload: Any, more: str = "", **params: Any) -> Any:
        """The value of a rule, given as JSON value or `raw` text; `more` is text of the file before `fields`."""
        # a text in quotes is an expression all the same, but for the traps: those are asked for with `raw`
        text = self.rule_text({"from": rule} if isinstance(rule, str) and not isinstance(rule, _Raw) else rule, more)
        result = self.convert(text.replace('{"from": ', "{from: ", 1), payload, **params)
        assert isinstance(result, dict), result
        assert list(result) in ([], ["x"]), result
        return result.get("x", ABSENT)

    def expr(self, expression: str, payload: Any, more: str = "", **params: Any) -> Any:
        """The value of an expression, written as a block scalar, so that YAML reads nothing of it."""
        return self.value(block(expression), payload, more, **params)

    def expr_rejects(self, expression: str, payload: Any, more: str = "", **params: Any) -> Problem:
        """The only problem of a payload that an expression rejects; its places are right."""
        problems = self.rejects(self.rule_text(block(expression), more), payload, **params)
        assert len(problems) == 1, problems
        problem = problems[0]
        assert problem.target_path == "/x", problem
        assert problem.rule is not None, problem
        return problem

    def expr_error(self, expression: str, more: str = "") -> Problem:
        """The only problem of the file that has the expression."""
        return self.error(self.rule_text(block(expression), more))

    def rule_rejects(self, rule: Any, payload: Any, more: str = "", **params: Any) -> tuple[Problem, ...]:
        """The problems of a payload that a rule rejects."""
        return self.rejects(self.rule_text(rule, more), payload, **params)

    def rule_error(self, rule: Any, more: str = "") -> Problem:
        """The only problem of the file that has the rule."""
        return self.error(self.rule_text(rule, more))


class _Raw(str):
    """A rule as it stands in the file."""

    __slots__ = ()


def raw(text: str) -> _Raw:
    """A rule as it stands in the file after `x: `; further lines are indented by it."""
    lines = dedent(text).split("\n")
    return _Raw("\n".join([lines[0], *("    " + line for line in lines[1:])]))


def block(expression: str) -> _Raw:
    """An expression as a literal block scalar."""
    lines = expression.split("\n")
    return _Raw("|-\n" + "\n".join("    " + line for line in lines))
