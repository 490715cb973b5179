"""`casemap check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casemap.cli.completion import MAPPINGS, SOURCES, TARGETS
from casemap.cli.options import project_option, quiet_option, via_option
from casemap.cli.project import open_catalog

if TYPE_CHECKING:
    from casemap.checking import Checked, Checking
    from casemap.problem import Problem

__all__ = ["command"]

_UNREADABLE = ("CM101", "CM102")
"""Files that cannot be read."""


@click.command("check")
@click.argument("mappings", nargs=-1, metavar="[MAPPINGS]", shell_complete=MAPPINGS)
@click.option(
    "--from",
    "source",
    metavar="TYPE",
    shell_complete=SOURCES,
    help="With --to: check the route from this document type.",
)
@click.option(
    "--to", "target", metavar="TYPE", shell_complete=TARGETS, help="With --from: check the route to this document type."
)
@via_option
@click.option("--strict", is_flag=True, help="Guards that no rule acknowledges with `may_reject` are errors.")
@click.option("--guards", is_flag=True, help="List what each mapping may reject, acknowledged guards as well.")
@click.option(
    "--output-format",
    type=click.Choice(("concise", "full", "json", "github", "sarif")),
    default="concise",
    help="How problems are printed: a line each, with the source beside them, for a program, for GitHub, for scanners.",
)
@project_option
@quiet_option
def command(
    *,
    mappings: tuple[str, ...],
    source: str | None,
    target: str | None,
    via: str | None,
    strict: bool,
    guards: bool,
    output_format: str,
    project: str | None,
    quiet: bool,
) -> None:
    """Prove mappings before data flows.

    Says of each mapping whether every valid source gives a valid target (proven), which sources it may reject
    (guarded), or what can never be right (wrong); and what else is doubtful in mappings and schemas. MAPPINGS are ids,
    mapping files, or schema files for the mappings that depend on them; without any, all mappings and schemas of the
    project are checked.

    The exit code is 1 where there is a finding, 2 where a file cannot be read. A guard that no rule acknowledges is a
    finding with --strict alone.

    \b
    Examples:
      casemap check
      casemap check mappings/egain-to-common/case.yaml --strict
      casemap check --from egain/case --to khoros/case --guards
      casemap check --output-format json | jq '.mappings[] | {id, state}'
    """
    import gc

    from casemap.checking import Checking, is_finding

    gc.disable()  # a short run makes little garbage, and looking for it costs a tenth of the time
    if (source is None) != (target is None):
        raise click.UsageError("--from and --to go together: they name a route.")
    if source is not None and mappings:
        raise click.UsageError("Give mappings, or a route with --from and --to, not both.")
    catalog = open_catalog(project)
    checking = Checking(catalog, strict=strict, every=guards or output_format == "json")
    if source is not None and target is not None:
        source = catalog.resolve_type(source)
        checked = [checking.route(source, catalog.resolve_type(target, source), via)]
        problems = list(checked[0].problems)
    else:
        checked, problems = _checked(checking, mappings)
    _print(output_format, checked, problems)
    if guards:
        _print_guards(checked)
    if not quiet:
        click.echo(_summary(checked, problems), err=True)
    if any(is_finding(problem) for problem in problems):
        raise click.exceptions.Exit(2 if any(problem.code in _UNREADABLE for problem in problems) else 1)


def _checked(checking: Checking, names: Sequence[str]) -> tuple[list[Checked], list[Problem]]:
    """What was checked, and all problems, each once."""
    from casemap.checking import problems_once

    schemas = [] if names else checking.schemas()
    entries = checking.chosen(names) if names else checking.own_mappings()
    checked = [checking.mapping(entry) for entry in entries]
    # of a mapping whose schema is wrong there is nothing to say but that
    broken = any(problem.code == "CM613" for problem in schemas)
    of_mappings = (each for each in problems_once(checked) if not (broken and each.code == "CM219" and not each.line))
    return checked, list(dict.fromkeys([*schemas, *of_mappings]))


def _print(style: str, checked: Sequence[Checked], problems: Sequence[Problem]) -> None:
    from casemap.cli.console import put
    from casemap.report import FORMATS
    from casemap.report.problems import relative_to
    from casemap.run.source_lines import SourceLines

    if style == "json":
        from casemap.checking import checked_data
        from casemap.report.problems import as_data, in_order
        from casemap.syntax.json_text import write_json

        data = {
            "mappings": [checked_data(each) for each in checked],
            "problems": [as_data(problem) for problem in in_order(problems)],
        }
        put(write_json(data, indent=True).decode())
        return
    shown = relative_to(str(Path.cwd()), problems)
    if shown or style == "sarif":
        put(FORMATS[style](shown, SourceLines()))


def _print_guards(checked: Sequence[Checked]) -> None:
    from casemap.report.characters import printable

    for each in checked:
        click.echo(f"{each.id}: {each.state}", err=True)
        for guard in each.proof.guards if each.proof is not None else ():
            subject = f"`{guard.field}` " if guard.field else ""
            why = f" ({guard.acknowledged})" if guard.acknowledged else ""
            click.echo(printable(f"  {subject}{guard.condition}{why}"), err=True)


def _summary(checked: Sequence[Checked], problems: Sequence[Problem]) -> str:
    states = [each.state for each in checked]
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("proven", "guarded", "wrong"))
    what = "mapping" if len(checked) == 1 else "mappings"
    found = f"; {len(problems)} {'problem' if len(problems) == 1 else 'problems'}" if problems else ""
    return f"{len(checked)} {what}: {counts}{found}"
