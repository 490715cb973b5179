"""`casemap show`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from casemap.cli.console import put, tell
from casemap.cli.options import params_option, project_option, via_option
from casemap.cli.project import open_catalog

__all__ = ["command"]


@click.command("show")
@click.argument("source", metavar="SOURCE")
@click.argument("target", metavar="TARGET")
@click.option("--output-format", type=click.Choice(["code"]), default="code", help="What to show: the Python code.")
@params_option
@via_option
@project_option
def command(
    *, source: str, target: str, output_format: str, params: dict[str, str], via: str | None, project: str | None
) -> None:
    """Show the function that a mapping or route is compiled to.

    A param that is not given is shown with a stand-in, for params are constants of the function.

    \b
    Examples:
      casemap show egain/case khoros/case --output-format code
      casemap show egain/case common/case -p base_url=https://egain.example.com
    """
    from casemap.run.choice import param_value

    catalog = open_catalog(project)
    source = catalog.resolve_type(source, target if "/" in target else None)
    target = catalog.resolve_type(target, source)
    schemas = catalog.parameters(source, target, via)
    values = {name: param_value(text, schemas.get(name, {})) for name, text in params.items()}
    for name, schema in schemas.items():
        if name not in values:
            values.update(_stand_in(name, schema))
    put(catalog.converter(source, target, values, via).source_code.rstrip("\n"))


def _stand_in(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A value that the schema of a param admits; none where none of the usual ones is."""
    import jsonschema_rs

    from casemap.syntax.json_text import write_json

    validator = jsonschema_rs.Draft202012Validator(dict(schema), offline=True, validate_formats=True)
    for value in _candidates(schema):
        if validator.is_valid(value):
            shown = write_json(value).decode()
            tell(f"the param {name} is not given: shown with {shown} (-p {name}=VALUE for another)")
            return {name: value}
    return {}


def _candidates(schema: Mapping[str, Any]) -> Iterator[Any]:
    for keyword in ("default", "const"):
        if keyword in schema:
            yield schema[keyword]
    for keyword in ("examples", "enum"):
        if isinstance(schema.get(keyword), list):
            yield from schema[keyword]
    yield from ("https://example.com", "example", "2000-01-01T00:00:00Z", "UTC", 1, 0, True, [], {})
