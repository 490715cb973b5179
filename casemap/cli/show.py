"""`casemap show`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from casemap.cli.completion import FORMATS, SOURCES, TARGETS
from casemap.cli.console import tell
from casemap.cli.options import params_option, project_option
from casemap.cli.project import open_catalog
from casemap.run.names import STANDARD
from casemap.run.writing import Output

if TYPE_CHECKING:
    from casemap.analysis.crosswalk import Crosswalk
    from casemap.api import Catalog

__all__ = ["command"]

OUTPUT_FORMATS = ("text", "markdown", "html", "code")


@click.command("show")
@click.argument("source", metavar="SOURCE", shell_complete=SOURCES)
@click.argument("target", metavar="TARGET", shell_complete=TARGETS)
@click.option(
    "--output-format",
    type=click.Choice(OUTPUT_FORMATS),
    default="text",
    help="How it is shown: a table, Markdown, a page for a browser; or the Python code that it is compiled to.",
)
@click.option("-o", "--output", metavar="FILE", default=STANDARD, help="Write to a file.")
@params_option
@click.option(
    "--via",
    metavar="FORMAT",
    shell_complete=FORMATS,
    help="The format that the route goes through, where there are several routes. The crosswalk tells of it then.",
)
@project_option
def command(
    *,
    source: str,
    target: str,
    output_format: str,
    output: str,
    params: dict[str, str],
    via: str | None,
    project: str | None,
) -> None:
    """Show the crosswalk of a mapping or route: what fills each field of the target, and what is left behind.

    A route reads as if there were a mapping from SOURCE to TARGET. With --via it names what lies between.

    With --output-format code, a param that is not given is shown with a stand-in, for params are constants of the
    function.

    \b
    Examples:
      casemap show egain/case khoros/case
      casemap show egain/case khoros/case --output-format html -o crosswalk.html
      casemap show egain/case khoros/case --output-format markdown --via common
      casemap show egain/case common/case --output-format code -p base_url=https://egain.example.com
    """
    catalog = open_catalog(project)
    source = catalog.resolve_type(source, target if "/" in target else None)
    target = catalog.resolve_type(target, source)
    if output_format == "code":
        values = _values(catalog, source, target, params, via, tell_of=True)
        text = catalog.converter(source, target, values, via).source_code.rstrip("\n")
    else:
        values = _values(catalog, source, target, params, via, tell_of=False)
        text = _rendered(_crosswalk(catalog, source, target, values, via), output_format, output)
    with Output(output) as file:
        file.write(f"{text}\n".encode(errors="backslashreplace"))
        file.commit()


# --- the crosswalk ------------------------------------------------------------------------------------------------


def _crosswalk(catalog: Catalog, source: str, target: str, values: dict[str, Any], via: str | None) -> Crosswalk:
    from casemap.analysis.crosswalk import crosswalk_of

    check = getattr(catalog.converter(source, target, values, via), "check", None)
    proof = None if check is None else check()
    chain = catalog.chain(source, target, via)
    return crosswalk_of(chain, catalog.store, catalog.mapping, proof=proof, via=via is not None)


def _rendered(crosswalk: Crosswalk, output_format: str, output: str) -> str:
    match output_format:
        case "html":
            from casemap.report.crosswalk.page import page

            return page(crosswalk)
        case "markdown":
            from casemap.report.crosswalk.markdown import crosswalk_markdown

            return crosswalk_markdown(crosswalk)
    from casemap.report.crosswalk.text import crosswalk_text

    width = shutil.get_terminal_size((80, 24)).columns
    return crosswalk_text(crosswalk, width, coloured=output == STANDARD and _is_coloured())


def _is_coloured() -> bool:
    """Only on a terminal, and never where NO_COLOR or CI is set."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    return terminal and not os.environ.get("NO_COLOR") and not os.environ.get("CI")


# --- params -------------------------------------------------------------------------------------------------------


def _values(
    catalog: Catalog, source: str, target: str, params: dict[str, str], via: str | None, *, tell_of: bool
) -> dict[str, Any]:
    """The params of a route, with stand-ins for those that are not given."""
    from casemap.run.choice import param_value

    schemas = catalog.parameters(source, target, via)
    values = {name: param_value(text, schemas.get(name, {})) for name, text in params.items()}
    for name, schema in schemas.items():
        if name not in values:
            values.update(_stand_in(name, schema, tell_of=tell_of))
    return values


def _stand_in(name: str, schema: Mapping[str, Any], *, tell_of: bool) -> dict[str, Any]:
    """A value that the schema of a param admits; none where none of the usual ones is."""
    import jsonschema_rs

    from casemap.syntax.json_text import write_json

    validator = jsonschema_rs.Draft202012Validator(dict(schema), offline=True, validate_formats=True)
    for value in _candidates(schema):
        if validator.is_valid(value):
            shown = write_json(value).decode()
            if tell_of:
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
