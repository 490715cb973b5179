"""What a shell completes: document types, routes, params, mappings. click asks these functions while somebody types.

Nothing here fails: where the project cannot be read, nothing is completed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from casemap.errors import CasemapError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from casemap.api import Catalog

__all__ = ["CODES", "FORMATS", "MAPPINGS", "PARAMS", "SOURCES", "TARGETS", "TYPES"]

Completion = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def _completion(find: Callable[[Catalog, click.Context, str], Iterable[tuple[str, str]]]) -> Completion:
    """A completion of the names that a function finds, each with a help; of those that start with what is typed."""

    @functools.wraps(find)
    def complete(context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from casemap.cli.project import open_catalog

        try:
            found = list(find(open_catalog(context.params.get("project")), context, typed))
        except (CasemapError, OSError):
            return []
        return [CompletionItem(name, help=help or None) for name, help in found if name.startswith(typed)]

    return complete


@_completion
def TYPES(catalog: Catalog, _context: click.Context, _typed: str) -> Iterable[tuple[str, str]]:  # noqa: N802
    """Document types."""
    return ((name, "") for name in catalog.types)


@_completion
def SOURCES(catalog: Catalog, _context: click.Context, _typed: str) -> Iterable[tuple[str, str]]:  # noqa: N802
    """Document types that a route starts from."""
    return ((name, "") for name in dict.fromkeys(route.source for route in catalog.routes()))


@_completion
def TARGETS(catalog: Catalog, context: click.Context, _typed: str) -> Iterable[tuple[str, str]]:  # noqa: N802
    """Document types that a route leads to, from the source where it is given, and the formats of these."""
    source = context.params.get("source")
    targets = sorted({route.target for route in catalog.routes() if source in (None, route.source)})
    formats = dict.fromkeys(name.split("/")[0] for name in targets)
    return [*((name, "the type of the source's name") for name in formats), *((name, "") for name in targets)]


@_completion
def FORMATS(catalog: Catalog, _context: click.Context, _typed: str) -> Iterable[tuple[str, str]]:  # noqa: N802
    """Formats."""
    return ((name, "") for name in dict.fromkeys(name.split("/")[0] for name in catalog.types))


@_completion
def PARAMS(catalog: Catalog, context: click.Context, _typed: str) -> Iterable[tuple[str, str]]:  # noqa: N802
    """Params, as `name=`: those of the route where both its types are given, else those of all mappings."""
    source, target = context.params.get("source"), context.params.get("target")
    if source and target:
        declared: Any = catalog.parameters(source, target)
    else:
        declared = {}
        for entry in catalog.mappings:
            declared.update(catalog.mapping(entry.id).params)
    return ((f"{name}=", str(schema.get("description", ""))) for name, schema in declared.items())


def MAPPINGS(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:  # noqa: N802
    """Mappings by id; files too, once what is typed is the start of a path."""
    from click.shell_completion import CompletionItem

    found = _ids(context, parameter, typed)
    return found or [CompletionItem(typed, type="file")]


@_completion
def _ids(catalog: Catalog, _context: click.Context, _typed: str) -> Iterable[tuple[str, str]]:
    return ((entry.id, f"{entry.source} to {entry.target}") for entry in catalog.mappings)


def CODES(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:  # noqa: N802
    """Codes of problems."""
    from click.shell_completion import CompletionItem

    from casemap import codes

    return [
        CompletionItem(code.code, help=code.title)
        for code in codes.CODES.values()
        if code.code.startswith(typed.upper())
    ]
