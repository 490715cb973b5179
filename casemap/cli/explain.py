"""`casemap explain`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casemap.cli.console import tell_problems
from casemap.cli.options import input_format_option, params_option, project_option, types_options, via_option
from casemap.cli.project import open_catalog
from casemap.errors import ConversionError, MappingError
from casemap.problem import Problem
from casemap.run.names import STANDARD, InputFormat
from casemap.run.writing import Output

if TYPE_CHECKING:
    from casemap.analysis.explain.explanation import Explanation
    from casemap.api import Catalog
    from casemap.run.one_payload import OnePayload

__all__ = ["command"]


@click.command("explain")
@click.argument("file", metavar="FILE")
@types_options("payload")
@click.option("--field", metavar="POINTER", help="Only this value of the result, or those below it: /customer/name.")
@click.option(
    "--record", type=click.IntRange(1), default=1, metavar="N", help="Which record of a file of several, from 1."
)
@click.option("--output-format", type=click.Choice(["text", "json", "html"]), default="text", help="How to show it.")
@click.option("-o", "--output", metavar="FILE", default=STANDARD, help="Write to a file.")
@params_option
@via_option
@input_format_option
@project_option
def command(
    *,
    file: str,
    target: str,
    source: str | None,
    field: str | None,
    record: int,
    output_format: str,
    output: str,
    params: dict[str, str],
    via: str | None,
    input_format: InputFormat | None,
    project: str | None,
) -> None:
    """Explain where each value of a converted payload came from.

    Each value of the result is shown with its rule, the values of the payload that it was made of, what was done on
    the way, and the fallbacks and approximations that were taken; then the values of the payload that went nowhere.
    As HTML it is the page of `casemap show` with this payload's values in it.

    A payload that is rejected is explained as far as it goes, and the exit code is 1.

    \b
    Examples:
      casemap explain case.json --to khoros
      casemap explain case.json --to khoros --field /customerId
      casemap explain export.ndjson --record 17 --from telecomx/case --to egain
      casemap explain case.json --to common --output-format json | jq '.unused[].path'
      casemap explain case.json --to common --output-format html -o case.html
    """
    from casemap.run.one_payload import OnePayload

    _keep_input(file, output)
    catalog = open_catalog(project)
    source = None if source is None else catalog.resolve_type(source, target if "/" in target else None)
    found = OnePayload(file, catalog, source, record, input_format)
    explanation = _explained(catalog, found, target, params, via)
    if field is not None:
        explanation = _only(explanation, field)
    if output_format == "html":
        text = _page(catalog, explanation, via)
    else:
        text = _shown(explanation, output_format, one_field=field is not None, to_file=output != STANDARD)
    with Output(output) as written:
        written.write(f"{text}\n".encode(errors="backslashreplace"))
        written.commit()
    if explanation.problems:
        payload = found.payload
        tell_problems(payload.text.placed(payload.absolute(explanation.problems)))
        raise click.exceptions.Exit(1)


def _keep_input(file: str, output: str) -> None:
    """Raises `MappingError` (CM510) where the output would be written over the input."""
    if STANDARD not in (file, output) and Path(output).exists() and Path(file).exists() and Path(output).samefile(file):
        message = f"{output} would be written over the input {file}"
        raise MappingError([Problem("CM510", message, "Write to another file.")])


def _explained(
    catalog: Catalog, found: OnePayload, target: str, params: dict[str, str], via: str | None
) -> Explanation:
    from casemap.run.choice import param_value

    target = catalog.resolve_type(target, found.source)
    schemas = catalog.parameters(found.source, target, via)
    values: dict[str, Any] = {name: param_value(text, schemas.get(name, {})) for name, text in params.items()}
    payload = found.payload
    try:
        return catalog.converter(found.source, target, values, via).explain(payload.value)
    except ConversionError as error:
        raise ConversionError(payload.text.placed(payload.absolute(error.problems))) from None


def _only(explanation: Explanation, path: str) -> Explanation:
    """The explanation of one field. Raises `MappingError` (CM518) for one that no rule of the route stands for."""
    found = explanation.at(path)
    if found.fields or found.missing:
        return found
    from casemap.problem import nearest

    near = nearest(path, [*(each.path for each in explanation.fields), *(each.path for each in explanation.missing)])
    hint = f"; did you mean {near}?" if near else ""
    help = "Without --field the whole result is explained."
    raise MappingError([Problem("CM518", f"the result has no field {path!r}{hint}", help)])


def _page(catalog: Catalog, explanation: Explanation, via: str | None) -> str:
    from casemap.analysis.crosswalk import crosswalk_of
    from casemap.report.explanation_page import explanation_html

    chain = catalog.chain(explanation.source, explanation.target, via)
    crosswalk = crosswalk_of(chain, catalog.store, catalog.mapping, via=via is not None)
    return explanation_html(explanation, crosswalk)


def _shown(explanation: Explanation, output_format: str, *, one_field: bool, to_file: bool) -> str:
    from casemap.report.explanation import explanation_json, explanation_text

    if output_format == "json":
        return explanation_json(explanation)
    terminal = not to_file and sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else 80
    return explanation_text(explanation, str(Path.cwd()), width, one_field=one_field)
