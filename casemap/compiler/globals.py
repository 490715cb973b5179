"""The globals of generated code as recipes, by which another process has the same ones.

A recipe is a tuple of plain values that says what a name stands for: a function of the language, with or without the
constants that are bound into it; a function or mark of the runtime; a way to make an instant; a param of the
conversion, or what is known of it beforehand; an object that each function has for itself. Recipes never hold a param's
value, and code does not depend on it beyond its trait.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casemap.compiler import runtime
from casemap.errors import Failure

if TYPE_CHECKING:
    from casemap.functions.registry import Function

__all__ = ["Recipe", "made_global", "origin_of", "recipe_of", "traits"]

Recipe = tuple[Any, ...]

_MODULES = {
    **{kind: kind for kind in ("absence", "array", "convert", "identity", "number", "object", "pattern", "text")},
    **{kind: kind for kind in ("time", "url")},
    "operator": "operators",
}
"""The modules of the bundled functions by kind: only those that a route uses are loaded for it."""


def _bundled(kind: str, name: str) -> Function | None:
    """A bundled function, operator or test."""
    if kind not in _MODULES:
        return None
    module = importlib.import_module(f"casemap.functions.{_MODULES[kind]}")
    if kind == "operator":
        found: Function | None = module.OPERATORS.get(name) or module.TESTS.get(name.removeprefix("is "))
        return found
    return next((function for function in module.FUNCTIONS if function.name == name), None)


def recipe_of(function: Function, values: Mapping[str, Any] | None = None) -> Recipe | None:
    """The recipe of a function's implementation, or of what its `bind` gives for constants.

    None for a function of the user's own: what it is depends on more than its name.
    """
    if _bundled(function.kind, function.name) is not function:
        return None
    if values is None:
        return "function", function.kind, function.name
    return "bound", function.kind, function.name, dict(values)


def made_global(recipe: Recipe, params: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
    """What a recipe says; `own` are a function's own objects.

    Raises `LookupError`, `TypeError` or `Failure` for one that nobody has written.
    """
    match recipe:
        case ("runtime", str(name)):
            return getattr(runtime, name)
        case ("own", str(name)):
            return own[name]
        case ("instant", "from_timestamp" | "parse_iso" as name):
            from whenever import Instant

            return getattr(Instant, name)
        case ("param", str(name)):
            return params[name]
        case ("origin", str(name)):
            return origin_of(params[name])
        case ("function", str(kind), str(name)) if (found := _bundled(kind, name)) is not None:
            return found.implementation
        case ("bound", str(kind), str(name), dict(values)) if (found := _bundled(kind, name)) is not None:
            if found.bind is not None:
                return found.bind(values)
    raise LookupError(recipe)


def origin_of(url: Any) -> str | None:
    """Scheme and authority of a URL, `https://example.com`; None for what has none."""
    from casemap.functions.url import _base as base_of

    if not isinstance(url, str):
        return None
    try:
        parts, origin = base_of(url)
    except Failure:
        return None
    return None if parts.authority is None else origin


def traits(params: Mapping[str, Any]) -> dict[str, str]:
    """Of each param all that code depends on."""
    return {name: _trait(value) for name, value in sorted(params.items())}


def _trait(value: Any) -> str:
    match value:
        case None:
            return "null"
        case dict() | list():
            return "container"
    return "plain" if origin_of(value) is None else "url"
