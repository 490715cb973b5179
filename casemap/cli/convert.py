"""`casemap convert`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from casemap.cli.console import tell, tell_problems
from casemap.cli.options import (
    files_argument,
    input_format_option,
    params_option,
    project_option,
    quiet_option,
    via_option,
)
from casemap.cli.project import open_catalog
from casemap.errors import ConversionError
from casemap.run.names import STANDARD, InputFormat
from casemap.run.payloads import Reject
from casemap.run.tally import Tally

__all__ = ["command"]

_TOLD = 20
"""Problems of rejects that are printed; the rest is counted."""


@click.command("convert")
@files_argument
@click.option("--to", "target", required=True, metavar="TYPE", help="The type to convert to: khoros/case, or khoros.")
@click.option("--from", "source", metavar="TYPE", help="The type of the input. Without it, the type is detected.")
@click.option("-o", "--output", default=STANDARD, metavar="OUT", help="The output file, or a directory that ends in /.")
@params_option
@via_option
@click.option("--rejects", metavar="FILE", help="Where records go that cannot be converted, as they came, one a line.")
@click.option("--max-rejects", type=click.IntRange(0), metavar="N", help="Stop when more than N records are rejected.")
@click.option("--summary", metavar="FILE", help="Write what was converted, rejected and lost, as JSON.")
@input_format_option
@project_option
@quiet_option
def command(
    *,
    files: tuple[str, ...],
    target: str,
    source: str | None,
    output: str,
    params: dict[str, str],
    via: str | None,
    rejects: str | None,
    max_rejects: int | None,
    summary: str | None,
    input_format: InputFormat | None,
    project: str | None,
    quiet: bool,
) -> None:
    """Convert payloads to another type.

    TYPE is a document type, khoros/case, or a format, khoros, for the type with the name of the input's. JSON gives
    JSON, NDJSON gives NDJSON, YAML gives JSON; .gz and .zst are read and written by the files' endings. A record that
    cannot be converted is left out, and the exit code is 1.

    \b
    Examples:
      casemap convert export.json --to khoros -p base_url=https://egain.example.com
      casemap convert export.ndjson.gz --to khoros/case -o cases.ndjson --rejects bad.ndjson
      casemap convert *.json --from telecomx/case --to egain -o converted/
      curl -s https://api.example.com/cases | casemap convert --to common -
    """
    from casemap.run.choice import Choice, Wanted
    from casemap.run.convert_files import FileConversion
    from casemap.run.plan import make_plan

    plan = make_plan(files, output, input_format, [name for name in (rejects, summary) if name is not None])
    tally = Tally()
    observing = summary is not None or not quiet
    choice = Choice(open_catalog(project), Wanted(source, target, params, via), tally, observing=observing)
    report = _Report()
    errors = FileConversion(plan, choice, tally, report, rejects, max_rejects, input_format).run()
    report.finish()
    for error in errors:
        tell_problems(error.problems)
    if summary is not None:
        _write_summary(summary, tally)
    if not quiet:
        _tell_summary(tally)
    if any(not isinstance(error, ConversionError) for error in errors):
        raise click.exceptions.Exit(2)
    if tally.rejected or errors:
        raise click.exceptions.Exit(1)


class _Report:
    """Tells the first problems of rejects and counts the others."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, rejects: Sequence[Reject]) -> None:
        left = max(0, _TOLD - self.count)
        problems = [problem for reject in rejects for problem in reject.problems]
        self.count += len(problems)
        if left:
            tell_problems(rejects[0].text.placed(problems[:left]))

    def finish(self) -> None:
        if self.count > _TOLD:
            tell(f"and {self.count - _TOLD:,} more problems")


def _write_summary(path: str, tally: Tally) -> None:
    from casemap.run.writing import Output
    from casemap.syntax.json_text import write_json

    with Output(path) as output:
        output.write(write_json(tally.as_json(), indent=True) + b"\n")
        output.commit()


def _tell_summary(tally: Tally) -> None:
    from casemap.report.summary import summary_text

    tell(summary_text(tally))
