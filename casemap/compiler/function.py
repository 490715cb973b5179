"""Compiled functions: generated code made runnable, with a map from its lines to the mapping's rules.

Each tree is compiled up to three times, on demand: the fast function, the exact one that explains what the fast one
could not do, and the observing one that says which approximations and fallbacks were used.
"""

from __future__ import annotations

import ast
import functools
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, TracebackType
from typing import Any

from casemap.analysis.noting import with_notes
from casemap.analysis.presence import Facts
from casemap.compiler import runtime
from casemap.compiler.codegen import Generated, generate
from casemap.compiler.emitter import Origin, statements_below
from casemap.compiler.execution import (
    FAILURES,
    Approximation,
    FunctionCode,
    calling,
    compiled,
    executed,
    observed,
    shown_in_tracebacks,
)
from casemap.compiler.pointers import Index, Length, Pointer
from casemap.compiler.stored import ObservingCode
from casemap.errors import ConversionError, Failure
from casemap.mapping.core import Approximate, Each, Node, Symbol, children
from casemap.problem import Problem, pointer

__all__ = ["CompiledTree", "Runnable", "approximations_of", "runnable"]

DEEP_NODES, DEEP_LOOPS = 30, 3


@dataclass(slots=True)
class Runnable:
    """One compiled function with its source, the code of its module, and the origin of each line."""

    function: Callable[..., Any]
    source: str
    filename: str
    origins: dict[int, Origin]
    generated: Generated
    code: CodeType


class CompiledTree:
    """A tree as a function from a document to a document.

    `title` heads the source code. Raises nothing but `ConversionError` on a JSON value.
    """

    def __init__(self, tree: Node, document: Symbol, params: Mapping[str, Any], title: str, facts: Facts) -> None:
        self._tree = tree
        self._document = document
        self._params = dict(params)
        self._title = title
        self._facts = facts
        if _is_deep(tree):
            # what cannot be compiled is said before any record
            _ = self._exact, self._observing

    @functools.cached_property
    def convert(self) -> Callable[[Any], Any]:
        """The function: a document in, the converted one out. Raises `ConversionError` with every problem of it."""
        return calling(self._fast.function, self.explained)

    @functools.cached_property
    def _fast(self) -> Runnable:
        return self._build()

    @functools.cached_property
    def _exact(self) -> Runnable:
        return self._build(exact=True)

    @functools.cached_property
    def _observing(self) -> tuple[Runnable, tuple[Approximation | None, ...]]:
        built = self._build(observe=True)
        return built, approximations_of(built.generated)

    def _build(self, *, exact: bool = False, observe: bool = False) -> Runnable:
        tree, facts = self._tree, self._facts
        if observe:
            tree = with_notes(tree, self._document)
            facts = Facts(tree, self._document, facts.source)
        generated = generate(tree, self._document, self._params, facts, exact=exact, observe=observe)
        return runnable(generated, self._title)

    @property
    def source_code(self) -> str:
        """The Python code of the fast function."""
        return self._fast.source

    @property
    def fast_code(self) -> FunctionCode | None:
        """The code of the fast function; None where it calls a function of the user's own."""
        return portable(self._fast)

    @property
    def observing_code(self) -> ObservingCode | None:
        """The code of the observing function; None where it calls a function of the user's own."""
        built, noted = self._observing
        code = portable(built)
        return None if code is None else ObservingCode(code, noted)

    def observe(self, document: Any) -> tuple[Any, list[Approximation]]:
        """The converted document, and the approximations and fallbacks that it holds. Raises `ConversionError`."""
        built, noted = self._observing
        return observed(built.function, noted, self.explained, document)

    def explained(self, document: Any) -> Any:
        """The converted document by the exact function. Raises `ConversionError` with everything wrong with it."""
        noted = _Notes(self._exact)
        try:
            result = self._exact.function(document, noted)
        except RecursionError:
            raise ConversionError([_too_deep()]) from None
        if noted.problems:
            raise ConversionError(noted.problems)
        if result is runtime.MISSING:
            help = "The mapping's top rule gave no value; add a `default` or an `otherwise`."
            raise ConversionError([Problem("CM311", "the result is absent", help, path="", rule=self._tree.span)])
        return result


def approximations_of(generated: Generated) -> tuple[Approximation | None, ...]:
    """The approximations and fallbacks that observing code notes, by number; None for what is noted of a name."""
    return tuple(None if target is None else _approximation(each, target) for each, target in generated.noted)


def _approximation(node: Approximate, target: Pointer) -> Approximation:
    field_ = ".".join(step if isinstance(step, str) else "*" for step in target)
    return Approximation(field_, node.why, node.span, node.kind == "fallback")


def _is_deep(tree: Node) -> bool:
    """Whether a tree is nested so deeply that its code may not compile."""
    stack = [(tree, 0, 0)]
    while stack:
        node, depth, loops = stack.pop()
        loops += isinstance(node, Each)
        if depth > DEEP_NODES or loops > DEEP_LOOPS:
            return True
        stack.extend((child, depth + 1, loops) for child in children(node))
    return False


@dataclass(slots=True)
class _Notes:
    """The problems of one run of an exact function."""

    runnable: Runnable
    problems: list[Problem] = field(default_factory=list)

    def note(self, failure: BaseException) -> None:
        found = _origin(self.runnable, failure.__traceback__)
        if isinstance(failure, Failure):
            problem = Problem(failure.code, failure.message, failure.help)
        elif isinstance(failure, RecursionError):
            problem = _too_deep()
        else:
            message = f"a value that is no JSON value: {failure}"
            problem = Problem("CM403", message, "Give dicts with text keys, lists, texts, numbers, booleans and None.")
        if found is not None:
            origin, variables = found
            problem = problem.at(
                rule=origin.span,
                path=None if origin.source is None else pointer(_in_payload(origin.source, variables)),
                target_path=pointer(_resolved(origin.target, variables)),
            )
        if problem not in self.problems:
            self.problems.append(problem)


def note(problems: _Notes, failure: BaseException) -> None:
    """What exact code calls with a failure."""
    problems.note(failure)


def _too_deep() -> Problem:
    help = "Values this deep cannot be compared or written; flatten them before."
    return Problem("CM312", "a value is nested too deeply", help, path="")


def _origin(runnable: Runnable, traceback: TracebackType | None) -> tuple[Origin, Mapping[str, Any]] | None:
    """The origin of the statement of generated code that a traceback went through."""
    found = None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code.co_filename == runnable.filename and traceback.tb_lineno in runnable.origins:
            found = runnable.origins[traceback.tb_lineno], frame.f_locals
        traceback = traceback.tb_next
    return found


def _resolved(steps: Pointer, variables: Mapping[str, Any]) -> list[str | int]:
    resolved: list[str | int] = []
    for step in steps:
        if isinstance(step, Index):
            value = variables.get(step.variable)
            if not isinstance(value, int):
                break
            resolved.append(value)
        elif isinstance(step, Length):
            resolved.append(len(variables.get(step.variable) or ()))
        else:
            resolved.append(step)
    return resolved


def _in_payload(steps: Pointer, variables: Mapping[str, Any]) -> list[str | int]:
    """The steps as they lead through the payload, indexes from the end as plain ones; to the first that is missing."""
    value: Any = variables.get("document")
    found: list[str | int] = []
    for step in _resolved(steps, variables):
        if isinstance(step, int) and isinstance(value, list):
            step = step + len(value) if step < 0 else step  # noqa: PLW2901 - the same step, counted from the start
            there = 0 <= step < len(value)
        else:
            there = isinstance(step, str) and isinstance(value, dict) and step in value
        if not there:
            return [*found, step] if isinstance(step, str) and isinstance(value, dict) else found
        found.append(step)
        value = value[step]
    return found


def runnable(generated: Generated, title: str) -> Runnable:
    """Compile a module. Its lines are those of the readable source, so that tracebacks and origins agree."""
    header = "".join(f"# {line}\n" for line in (title, *generated.comments))
    source = f"{header}\n{ast.unparse(generated.module)}\n"
    parsed = ast.parse(source)
    origins: dict[int, Origin] = {}
    for built, read in zip(statements_below(generated.module), statements_below(parsed), strict=True):
        origin = getattr(built, "origin", None)
        if origin is not None:
            for line in range(read.lineno, _head_end(read) + 1):
                origins[line] = origin
    # of the text alone: the same code has the same name in every process
    number = zlib.crc32(source.encode(errors="backslashreplace"))
    filename = f"<casemap {title} {number:08x}>"
    code = compiled(parsed, filename)
    function = executed(code, "convert", {**generated.namespace, "note": note, "FAILURES": FAILURES})
    shown_in_tracebacks(source, filename, function)
    return Runnable(function, source, filename, origins, generated, code)


def portable(built: Runnable) -> FunctionCode | None:
    """The code of a function with all that it names; None where some of that is in this process alone."""
    recipes = built.generated.recipes
    if recipes.keys() != built.generated.namespace.keys():
        return None
    return FunctionCode(built.source, built.filename, built.code, recipes)


def _head_end(statement: ast.stmt) -> int:
    """The last line of a statement before its body."""
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        first: ast.stmt = body[0]
        return max(statement.lineno, first.lineno - 1)
    return statement.end_lineno or statement.lineno
