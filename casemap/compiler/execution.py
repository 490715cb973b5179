"""Compiled functions at work: what runs them, and what happens where a fast one stops.

Takes the code of a module and what its globals stand for. It knows nothing of trees: a conversion that comes from the
cache loads neither the compiler nor the mappings unless something goes wrong. What such a conversion needs are named
tuples, which are made in a quarter of the time that a dataclass takes at each start.
"""

from __future__ import annotations

import ast
import linecache
import weakref
from collections.abc import Callable, Iterable, Mapping
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from casemap.compiler import runtime
from casemap.compiler.globals import Recipe, made_global
from casemap.errors import Failure
from casemap.span import Span

__all__ = [
    "FAILURES",
    "Approximation",
    "FunctionCode",
    "by_field",
    "calling",
    "compiled",
    "executed",
    "made",
    "noted_as_data",
    "noted_of_data",
    "observed",
    "shown_in_tracebacks",
]

# what functions raise on Python values that are none of JSON's
_NOT_JSON = (AttributeError, KeyError, OverflowError, TypeError, ValueError)

FAILURES = (Failure, *_NOT_JSON, RecursionError)
"""What compiled functions raise on a document that they cannot convert."""


class Approximation(NamedTuple):
    """A value that stands in for another: the target field (`*` for any item), why, and the place of the rule.

    With `fallback` it is a further option of its rule that nobody calls approximate; `why` is the option in words.
    """

    target: str
    why: str
    span: Span
    fallback: bool = False


def by_field(noted: Iterable[Approximation | None]) -> tuple[dict[str, str], dict[str, str]]:
    """Approximations, and fallbacks: of each target field why, and where there are several the last of the tree."""
    approximations: dict[str, str] = {}
    fallbacks: dict[str, str] = {}
    for each in noted:
        if each is not None:
            (fallbacks if each.fallback else approximations)[each.target] = each.why
    return approximations, fallbacks


def noted_as_data(noted: Iterable[Approximation | None]) -> list[Any]:
    """What observing code notes by number, as plain values."""
    return [
        each and (each.target, each.why, each.span.file, each.span.line, each.span.column, each.fallback)
        for each in noted
    ]


def noted_of_data(data: Iterable[Any]) -> tuple[Approximation | None, ...]:
    """What `noted_as_data` has given. Raises `TypeError` or `ValueError` for anything else."""
    return tuple(each and _approximation(each) for each in data)


def _approximation(data: tuple[Any, ...]) -> Approximation:
    target, why, file, line, column, fallback = data
    return Approximation(target, why, Span(file, line, column), fallback)


class FunctionCode(NamedTuple):
    """A generated module with a function `convert`: its text, its code, and the recipes of its globals."""

    text: str
    filename: str
    code: CodeType
    recipes: Mapping[str, Recipe]

    def made(self, params: Mapping[str, Any], own: Mapping[str, Any] | None = None) -> Callable[..., Any]:
        """The function, with the params' values and its own objects bound.

        Raises `LookupError` where a recipe is of another casemap.
        """
        namespace = {name: made_global(recipe, params, own or {}) for name, recipe in self.recipes.items()}
        function: FunctionType = executed(self.code, "convert", namespace)
        shown_in_tracebacks(self.text, self.filename, function)
        return function


def made(module: ast.Module, name: str, namespace: dict[str, Any], filename: str) -> Any:
    """What a module of our own making defines under a name."""
    return executed(compiled(module, filename), name, namespace)


def compiled(module: ast.Module, filename: str) -> CodeType:
    """The code of a module of our own making."""
    code: CodeType = compile(module, filename, "exec")
    return code


def executed(code: CodeType, name: str, namespace: dict[str, Any]) -> Any:
    """What the code of a module defines under a name."""
    exec(code, namespace)  # noqa: S102 - of a tree of our own making
    return namespace[name]


_SHOWN: dict[str, list[None]] = {}
"""One item for each function whose code has a file name: the same code has the same name."""


def shown_in_tracebacks(text: str, filename: str, function: FunctionType) -> None:
    """Let tracebacks show the lines of generated code, as long as a function or a traceback has it."""
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    _SHOWN.setdefault(filename, []).append(None)
    weakref.finalize(function.__code__, _shown_no_more, filename).atexit = False


def _shown_no_more(filename: str) -> None:
    left = _SHOWN[filename]
    left.pop()
    if not left:
        del _SHOWN[filename]
        linecache.cache.pop(filename, None)


def calling(fast: Callable[[Any], Any], explained: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The fast function; what it cannot do is done, or said to be wrong, by the exact one."""

    def convert(document: Any) -> Any:
        try:
            result = fast(document)
        except FAILURES:
            return explained(document)
        return result if result is not runtime.MISSING else explained(document)

    return convert


def observed(
    observing: Callable[[Any, set[int]], Any],
    noted: tuple[Approximation | None, ...],
    explained: Callable[[Any], Any],
    document: Any,
) -> tuple[Any, list[Approximation]]:
    """What the observing function gives, with what it has noted of `noted`; where it stops, what the exact one says."""
    numbers: set[int] = set()
    try:
        result = observing(document, numbers)
    except FAILURES:
        result = runtime.MISSING
    if result is runtime.MISSING:
        # without the counts: what the fast function cannot do is rare
        return explained(document), []
    told = (noted[number] for number in sorted(numbers))
    return result, list(dict.fromkeys(each for each in told if each is not None))
