"""`casemap formats`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casemap.cli.console import put
from casemap.cli.options import project_option
from casemap.cli.project import open_catalog
from casemap.errors import MappingError

if TYPE_CHECKING:
    from casemap.api import Catalog
    from casemap.catalog import Route

__all__ = ["command"]


@click.command("formats")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to list them.")
@project_option
def command(output_format: str, project: str | None) -> None:
    """List document types, mappings and routes.

    A route is proven if every valid source gives a valid target, guarded if some may be rejected, and wrong if a
    mapping of it is.

    \b
    Examples:
      casemap formats
      casemap formats --output-format json | jq '.routes[] | select(.target == "khoros/case")'
      casemap formats --project ~/our-mappings
    """
    from casemap.report.formats import formats_json, formats_text

    catalog = open_catalog(project)
    listed = formats_json if output_format == "json" else formats_text
    routes = [(route, _state(catalog, route)) for route in catalog.routes()]
    put(listed(catalog.types, catalog.mappings, routes))


def _state(catalog: Catalog, route: Route) -> str:
    """What is proven of a route; `casemap check` says more of one that is wrong."""
    try:
        return catalog.prover.state([catalog.mapping(id) for id in route.mappings])
    except MappingError:
        return "wrong"
