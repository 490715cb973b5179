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
    types_options,
    via_option,
)
from casemap.cli.project import open_catalog
from casemap.errors import CasemapError, ConversionError
from casemap.run.limits import Limit
from casemap.run.names import STANDARD, InputFormat
from casemap.run.payloads import Reject
from casemap.run.tally import Tally

__all__ = ["command"]

_TOLD = 20
"""Problems of rejects that are printed; the rest is counted."""

_BY_SIGNAL = 128
"""What shells add to the number of the signal that has ended a command."""

_KEPT = "what has been converted is kept: the same command with --resume goes on from there"


def _limit(context: click.Context, _parameter: click.Parameter, text: str | None) -> Limit:
    if text is None:
        return Limit()
    try:
        return Limit.of(text)
    except ValueError:
        message = f"{text!r} is neither a number of records, such as 20, nor a share of them, such as 0.5%."
        raise click.BadParameter(message, context) from None


@click.command("convert")
@files_argument
@types_options("input")
@click.option("-o", "--output", default=STANDARD, metavar="OUT", help="The output file, or a directory that ends in /.")
@params_option
@via_option
@click.option(
    "--rejects",
    metavar="FILE",
    help="Where records go that cannot be converted, as they came, one a line. What is wrong with each goes into a file"
    " beside it: of bad.ndjson, bad.problems.ndjson.",
)
@click.option(
    "--max-rejects", "limit", callback=_limit, metavar="N|P%", help="Stop when more records than that are rejected."
)
@click.option("--summary", metavar="FILE", help="Write what was converted, rejected and lost, as JSON.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="How many processes convert the records of a stream. Without it, or with 0: as many as there are processors.",
)
@click.option("--resume", is_flag=True, help="Go on where the same run was interrupted before.")
@click.option("--strict-json", "strict", is_flag=True, help="Reject records of streams in which a member stands twice.")
@click.option(
    "--trust-source", is_flag=True, help="Do not validate the input: you vouch that it is valid, or results may not be."
)
@input_format_option
@project_option
@click.option("-v", "--verbose", is_flag=True, help="Say a line a while how far the run has come.")
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
    limit: Limit,
    summary: str | None,
    jobs: int,
    resume: bool,
    strict: bool,
    trust_source: bool,
    input_format: InputFormat | None,
    project: str | None,
    verbose: bool,
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
      casemap convert export.ndjson.gz --to khoros/case -o cases.ndjson --rejects bad.ndjson --resume
      casemap convert *.json --from telecomx/case --to egain -o converted/
      curl -s https://api.example.com/cases | casemap convert --to common -
    """
    from casemap.cli.progress import watching
    from casemap.report.problems import as_data
    from casemap.run.choice import Choice, Wanted
    from casemap.run.convert_files import FileConversion
    from casemap.run.options import RunOptions, StreamOptions
    from casemap.run.plan import make_plan
    from casemap.run.rejects import problems_name
    from casemap.run.signals import InterruptedRunError, Signals

    problems = problems_name(rejects) if rejects is not None else None
    plan = make_plan(files, output, input_format, [name for name in (rejects, problems, summary) if name is not None])
    tally = Tally()
    observing = summary is not None or not quiet
    wanted = Wanted(source, target, params, via, trust_source)
    choice = Choice(open_catalog(project), wanted, tally, observing=observing, collapsing=summary is not None)
    options = RunOptions(
        rejects=rejects,
        limit=limit,
        input_format=input_format,
        stream=StreamOptions(jobs, strict=strict, observing=observing),
        resume=resume,
        identity=repr((wanted, project, rejects, input_format, strict)),
        describe=as_data,
    )
    watch = watching(quiet=quiet, verbose=verbose)
    report = _Report()
    interrupt = None
    with Signals() as signals:
        run = FileConversion(plan, choice, tally, report, options=options, watch=watch, signals=signals)
        try:
            errors = run.run()
        except InterruptedRunError as interruption:
            interrupt, errors, tally.interrupted = interruption.number, [], True
        except CasemapError:
            if run.resumable:
                tell(_KEPT)
            raise
        finally:
            if watch is not None:
                watch.end()
    report.finish()
    for error in errors:
        tell_problems(error.problems)
    if summary is not None:
        _write_summary(summary, tally)
    if not quiet:
        _tell_summary(tally)
    if interrupt is not None:
        tell(f"interrupted: no output file was written{f'; {_KEPT}' if run.resumable else ''}")
        raise click.exceptions.Exit(_BY_SIGNAL + interrupt)
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
