"""`casemap validate`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casemap.cli.completion import TYPES
from casemap.cli.options import input_format_option, project_option, quiet_option
from casemap.cli.project import open_catalog, project_folder
from casemap.errors import CasemapError, MappingError
from casemap.run.names import STANDARD, FileName, InputFormat

if TYPE_CHECKING:
    from casemap.api import Catalog
    from casemap.problem import Problem
    from casemap.run.selection import Selection
    from casemap.schema.check import Check

__all__ = ["OUTPUT_FORMATS", "command"]

OUTPUT_FORMATS = ("concise", "full", "json", "github", "sarif")
"""The names of `casemap.report.FORMATS`, which is loaded with the first problem."""


@click.command("validate")
@click.argument("files", nargs=-1, metavar="[FILES]")
@click.option(
    "--schema", metavar="TYPE-OR-FILE", shell_complete=TYPES, help="A document type, or a file with a JSON Schema."
)
@click.option(
    "--output-format",
    type=click.Choice(OUTPUT_FORMATS),
    default="concise",
    help="How problems are printed: a line each, with the source beside them, for a program, for GitHub, for scanners.",
)
@click.option("--statistics", is_flag=True, help="Print how many problems of each code there are, instead of them.")
@click.option("--warn-unknown", is_flag=True, help="Warn of members that the schema allows but does not know.")
@click.option(
    "--allow-duplicate-keys",
    is_flag=True,
    help="Read JSON as most programs do, and faster: the last of two members of one name counts.",
)
@input_format_option
@project_option
@quiet_option
def command(
    *,
    files: tuple[str, ...],
    schema: str | None,
    output_format: str,
    statistics: bool,
    warn_unknown: bool,
    allow_duplicate_keys: bool,
    input_format: InputFormat | None,
    project: str | None,
    quiet: bool,
) -> None:
    """Validate payloads against schemas.

    Which schema: that of --schema; else that of the first pattern of the table [tool.casemap.validate] in
    pyproject.toml that means the file; else the document type is detected. Without FILES, all files are validated that
    the table means, or standard input where there is no table. An NDJSON file is validated record by record.

    The exit code is 1 where a payload is not valid, 2 where a file cannot be read.

    \b
    Examples:
      casemap validate export.json
      casemap validate cases.ndjson.gz --schema khoros/case
      casemap validate *.json --schema our.schema.json --output-format full
      casemap validate
    """
    from casemap.run.selection import read_selection
    from casemap.run.validation import FileValidation, Options

    if statistics and output_format not in ("concise", "json"):
        raise click.UsageError(f"--statistics is printed as text or JSON, not as {output_format}.")
    selection = read_selection(project_folder(project))
    schemas = _Schemas(open_catalog(project), schema, selection)
    options = Options(input_format, allow_duplicate_keys, warn_unknown)
    validation = FileValidation(schemas.catalog, schemas.check, options)
    printer = _Printer(output_format, counts=statistics)
    for file in sorted(set(files)) or _default_files(schema, selection):
        if schema is not None or selection.schema(file) is not False:
            for problems in validation.problems(file):
                printer.print(problems)
    printer.finish()
    if not quiet:
        click.echo(_summary(validation.payloads, validation.invalid, sorted(validation.detected)), err=True)
    if validation.unreadable or validation.invalid:
        raise click.exceptions.Exit(2 if validation.unreadable else 1)


def _default_files(schema: str | None, selection: Selection) -> Sequence[str]:
    """The files of the configuration; standard input where there is none, unless that is a terminal."""
    if selection.rules and schema is None:
        return list(selection.files())
    if sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("No input: name a file, or give - and type.")
    return [STANDARD]


class _Schemas:
    """The schema of each file: that of `--schema`, else that of the configuration."""

    def __init__(self, catalog: Catalog, given: str | None, selection: Selection) -> None:
        self.catalog = catalog
        self.selection = selection
        self._checks: dict[str, Check] = {}
        self.given = None if given is None else self._check(given, Path())

    def check(self, file: str) -> Check | None:
        """The check for a file; None where its type is to be detected. Raises `CasemapError`."""
        configured = None if self.given else self.selection.schema(file)
        if not isinstance(configured, str):
            return self.given
        try:
            return self._check(configured, self.selection.folder)
        except CasemapError as error:
            place = self.selection.file
            raise MappingError(each if each.file else each.at(file=place) for each in error.problems) from None

    def _check(self, schema: str, folder: Path) -> Check:
        """The check by a schema: a file if it looks or is like one, else a document type."""
        found = self._checks.get(schema)
        if found is None:
            if FileName.of(schema).format is None and not (folder / schema).is_file():
                found = self.catalog.check_of(self.catalog.resolve_type(schema))
            else:
                from casemap.run.schema_files import check_of_file

                found = check_of_file(str(folder / schema), self.catalog.store)
            self._checks[schema] = found
        return found


class _Printer:
    """Prints problems as they are found; in a format that is made of all of them, at the end. Or counts them."""

    def __init__(self, style: str, *, counts: bool) -> None:
        self.style = style
        self.counts: dict[str, int] | None = {} if counts else None
        self.kept: list[Problem] = []
        self.put: Callable[[Sequence[Problem]], None] | None = None

    def print(self, problems: Sequence[Problem]) -> None:
        if self.counts is not None:
            for problem in problems:
                self.counts[problem.code] = self.counts.get(problem.code, 0) + 1
            return
        from casemap.report import WHOLE

        if self.style in WHOLE:
            self.kept += problems
        else:
            self._put(problems)

    def finish(self) -> None:
        if self.counts is not None:
            from casemap.cli.console import put
            from casemap.report.statistics import statistics_text

            text = statistics_text(self.counts, json=self.style == "json")
            if text:
                put(text)
        elif self.kept or self.style in ("json", "sarif"):
            self._put(self.kept)

    def _put(self, problems: Sequence[Problem]) -> None:
        if self.put is None:
            self.put = _putter(self.style)
        self.put(problems)


def _putter(style: str) -> Callable[[Sequence[Problem]], None]:
    """What prints problems, with an empty line between the parts of the full format."""
    from casemap.cli.console import put
    from casemap.report import FORMATS
    from casemap.report.problems import relative_to
    from casemap.run.source_lines import SourceLines

    lines, report = SourceLines(), FORMATS[style]
    parts = 0

    def put_problems(problems: Sequence[Problem]) -> None:
        nonlocal parts
        if style in ("github", "sarif"):
            problems = relative_to(str(Path.cwd()), problems)
        text = report(problems, lines)
        if text:
            put(f"\n{text}" if style == "full" and parts else text)
        parts += 1

    return put_problems


def _summary(payloads: int, invalid: int, detected: Sequence[str]) -> str:
    valid = f"{payloads - invalid:,} of {payloads:,} {'payload' if payloads == 1 else 'payloads'} valid"
    return f"{valid} (detected: {', '.join(detected)})" if detected else valid
