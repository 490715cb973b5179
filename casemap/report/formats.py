"""The catalog as a list: document types, mappings and routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from casemap.catalog import MappingEntry, Route
from casemap.report.characters import printable
from casemap.syntax.json_text import write_json

__all__ = ["formats_json", "formats_text"]


RouteState = tuple[Route, str]
"""A route, and whether it is proven, guarded or wrong."""


def formats_text(types: Sequence[str], mappings: Sequence[MappingEntry], routes: Sequence[RouteState]) -> str:
    """Three tables, for people."""
    by_format: dict[str, list[str]] = {}
    for name in types:
        by_format.setdefault(name.split("/")[0], []).append(name.split("/")[1])
    sections = [
        (f"Document types ({len(types)})", [(name, ", ".join(documents)) for name, documents in by_format.items()]),
        (
            f"Mappings ({len(mappings)})",
            [(entry.id, "" if entry.bundled else f"of this project: {entry.file}") for entry in mappings],
        ),
        (
            f"Routes ({len(routes)})",
            [
                (f"{route.source} to {route.target}", f"{state:<7}  {' → '.join(route.mappings)}")
                for route, state in routes
            ],
        ),
    ]
    return "\n\n".join(_section(title, rows) for title, rows in sections)


def _section(title: str, rows: list[tuple[str, str]]) -> str:
    width = max((len(left) for left, _ in rows), default=0)
    return "\n".join([title, *(printable(f"  {left:<{width}}  {right}".rstrip()) for left, right in rows)])


def formats_json(types: Sequence[str], mappings: Sequence[MappingEntry], routes: Sequence[RouteState]) -> str:
    """One JSON document, for programs: `types`, `mappings`, `routes`."""
    document = {
        "types": list(types),
        "mappings": [asdict(entry) for entry in mappings],
        "routes": [{**asdict(route), "state": state} for route, state in routes],
    }
    return write_json(document, indent=True).decode()
