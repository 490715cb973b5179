"""`casemap formats`."""

from __future__ import annotations

import click

from casemap.cli.console import put
from casemap.cli.options import project_option
from casemap.cli.project import open_catalog

__all__ = ["command"]


@click.command("formats")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to list them.")
@project_option
def command(output_format: str, project: str | None) -> None:
    """List document types, mappings and routes.

    \b
    Examples:
      casemap formats
      casemap formats --output-format json | jq '.routes[] | select(.target == "khoros/case")'
      casemap formats --project ~/our-mappings
    """
    from casemap.report.formats import formats_json, formats_text

    catalog = open_catalog(project)
    listed = formats_json if output_format == "json" else formats_text
    put(listed(catalog.types, catalog.mappings, catalog.routes()))
