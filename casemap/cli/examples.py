"""`casemap test`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casemap.cli.completion import MAPPINGS
from casemap.cli.console import put, tell, tell_problems
from casemap.cli.options import project_option
from casemap.cli.project import open_catalog

if TYPE_CHECKING:
    from casemap.run.example_suites import Suite

__all__ = ["command"]


@click.command("test")
@click.argument("mappings", nargs=-1, metavar="[MAPPINGS]", shell_complete=MAPPINGS)
@click.option("--update", is_flag=True, help="Take what examples give now for what they should give, and write it.")
@click.option("--junit", metavar="FILE", help="Write the results as JUnit XML, for CI.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 if the examples reach less of the mappings.",
)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to show the results.")
@project_option
def command(
    *,
    mappings: tuple[str, ...],
    update: bool,
    junit: str | None,
    fail_under: float | None,
    output_format: str,
    project: str | None,
) -> None:
    """Run the examples of mappings, and show what of the mappings they reach.

    MAPPINGS are ids (egain-to-common/case), folders (egain-to-common) or files; without any, all of the project. An
    example that gives something else than the mapping says is shown with both places, and the exit code is 1.

    \b
    Examples:
      casemap test
      casemap test egain-to-common/case --update
      casemap test --fail-under 90 --junit report.xml
    """
    from casemap.report.examples import summary_text
    from casemap.run.example_suites import chosen_mappings, run_suites, share

    catalog = open_catalog(project)
    suites = list(run_suites(catalog, chosen_mappings(catalog, mappings)))
    if update and any(suite.failed for suite in suites):
        _update(suites)
        catalog = open_catalog(project)
        suites = list(run_suites(catalog, [suite.entry for suite in suites]))
    if junit is not None:
        _write_junit(suites, junit)
    put(_coloured(_shown(suites, output_format)))
    for suite in suites:
        tell_problems(suite.problems)
    tell(summary_text(suites))
    reached = share(suites)
    missing = fail_under is not None and reached < fail_under
    if missing:
        tell(f"the examples reach {int(reached * 10) / 10} % of the mappings, less than {fail_under:g} %")
    if any(suite.problems for suite in suites):
        raise click.exceptions.Exit(2)
    if missing or any(suite.failed for suite in suites):
        raise click.exceptions.Exit(1)


def _update(suites: Sequence[Suite]) -> None:
    from casemap.run.example_updates import update_examples

    updates = update_examples(run for suite in suites for run in suite.failed)
    for file in updates.files:
        tell(f"written: {file}")
    for run in updates.left:
        span = run.example.span
        tell(f"not written, change it by hand: {span.file}:{span.line}:{span.column}")


def _write_junit(suites: Sequence[Suite], path: str) -> None:
    from casemap.report.junit import junit_xml
    from casemap.run.writing import Output

    with Output(path) as output:
        output.write(junit_xml(suites, _folder()))
        output.commit()


def _shown(suites: Sequence[Suite], output_format: str) -> str:
    from casemap.report.examples import coverage_text, examples_json, failures_text

    if output_format == "json":
        return examples_json(suites)
    return "\n\n".join(text for text in (failures_text(suites, _folder()), coverage_text(suites, _folder())) if text)


def _coloured(text: str) -> str:
    """The lines of differences in colours: on a terminal, and never where NO_COLOR or CI is set."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    if not terminal or os.environ.get("NO_COLOR") or os.environ.get("CI"):
        return text
    colours = {"    - ": "red", "    + ": "green"}
    lines = text.split("\n")
    return "\n".join(click.style(line, fg=colours[line[:6]]) if line[:6] in colours else line for line in lines)


def _folder() -> str:
    """The current directory, from which files are named; empty where there is none."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""
