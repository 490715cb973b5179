"""`casemap validate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casemap.cli.console import put, tell
from casemap.cli.options import files_argument, input_format_option, project_option, quiet_option
from casemap.cli.project import open_catalog, project_folder
from casemap.errors import MappingError
from casemap.problem import Problem
from casemap.report.problems import Format, render
from casemap.run.names import FileName, InputFormat
from casemap.run.source_lines import SourceLines

if TYPE_CHECKING:
    from casemap.api import Catalog

__all__ = ["command"]


@click.command("validate")
@files_argument
@click.option("--schema", metavar="TYPE-OR-FILE", help="A document type, or a file with a JSON Schema.")
@click.option(
    "--output-format",
    type=click.Choice(["concise", "full", "json"]),
    default="concise",
    help="How problems are printed: a line each, with the source beside them, or as JSON.",
)
@input_format_option
@project_option
@quiet_option
def command(
    *,
    files: tuple[str, ...],
    schema: str | None,
    output_format: Format,
    input_format: InputFormat | None,
    project: str | None,
    quiet: bool,
) -> None:
    """Validate payloads against schemas.

    Without --schema, the type of each file is detected. An NDJSON file is validated record by record. The exit code is
    1 where a payload is not valid, 2 where a file cannot be read.

    \b
    Examples:
      casemap validate export.json
      casemap validate cases.ndjson.gz --schema khoros/case
      casemap validate *.json --schema our.schema.json --output-format full
    """
    from casemap.run.validation import FileValidation

    catalog = open_catalog(project)
    check = None if schema is None else _check(catalog, schema, project)
    validation = FileValidation(catalog, check, input_format)
    printer = _Printer(output_format)
    for file in files:
        for problems in validation.problems(file):
            printer.print(problems)
    printer.finish()
    if not quiet:
        valid = validation.payloads - validation.invalid
        tell(f"{valid:,} of {validation.payloads:,} {'payload' if validation.payloads == 1 else 'payloads'} valid")
    if validation.unreadable or validation.invalid:
        raise click.exceptions.Exit(2 if validation.unreadable else 1)


class _Printer:
    """Prints problems as they are found; as JSON, all at the end."""

    def __init__(self, style: Format) -> None:
        self.style = style
        self.lines = SourceLines()
        self.kept: list[Problem] = []
        self.printed = False

    def print(self, problems: Sequence[Problem]) -> None:
        if self.style == "json":
            self.kept.extend(problems)
        else:
            before = "\n" if self.style == "full" and self.printed else ""
            put(before + render(problems, self.style, self.lines))
            self.printed = True

    def finish(self) -> None:
        if self.style == "json":
            put(render(self.kept, "json", self.lines))


def _check(catalog: Catalog, schema: str, project: str | None) -> Callable[[Any], Sequence[Problem]]:
    """The check of a value by `--schema`: a file if it looks or is like one, else a type."""
    if FileName.of(schema).format is None and not Path(schema).is_file():
        type_name = catalog.resolve_type(schema)
        return lambda value: catalog.validate(value, type_name)
    return _check_of_file(schema, project)


def _check_of_file(file: str, project: str | None) -> Callable[[Any], Sequence[Problem]]:
    """The check by a schema file; its references find the catalog's schemas, and nothing is fetched."""
    from casemap.api import Catalog
    from casemap.run.payloads import Stream, open_payloads
    from casemap.schema.store import SchemaStore
    from casemap.schema.validate import validate_value

    read = open_payloads(file)
    if isinstance(read, Stream) or not isinstance(read.value, dict | bool):
        message = "a schema is one document, an object or a boolean"
        raise MappingError([Problem("CM219", message, "Give a file with a JSON Schema.", file=file)])
    known = Catalog(project_folder(project)).store
    store = SchemaStore({**known.schemas, file: read.value}, {**known.files, file: file})
    validator = store.validator(file)
    return lambda value: validate_value(value, validator, file)
