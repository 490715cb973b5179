"""The command line. Each command has a module of its own, which is imported only when it runs or its help is shown.

Exit codes: 0 all is well; 1 findings; 2 wrong usage, a file that cannot be read, a mapping that is wrong.
"""

from __future__ import annotations

import gc
import importlib
import io
import sys
from typing import Any

import click

from casemap.errors import CasemapError, ConversionError

__all__ = ["main"]

_COMMANDS = {
    "check": "casemap.cli.check",
    "convert": "casemap.cli.convert",
    "explain": "casemap.cli.explain",
    "formats": "casemap.cli.formats",
    "generate": "casemap.cli.generate",
    "rule": "casemap.cli.rule",
    "show": "casemap.cli.show",
    "test": "casemap.cli.examples",
    "validate": "casemap.cli.validate",
}


class _Commands(click.Group):
    """Finds commands by name and turns errors that carry problems into lines on standard error."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(module).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CasemapError as error:
            from casemap.cli.console import tell_problems

            tell_problems(error.problems)
            ctx.exit(1 if isinstance(error, ConversionError) else 2)


def _show_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from casemap.cli.versions import show_version

        show_version(context, parameter, wanted)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the versions of casemap, of Python and of the libraries, and exit.",
)
def casemap() -> None:
    """Convert support cases between vendors' formats.

    \b
    Examples:
      casemap formats
      casemap convert export.json --to khoros
      casemap validate export.json
    """


def main() -> None:
    """The entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names of files can hold bytes that are no characters
    try:
        casemap(prog_name="casemap")
    finally:
        if hasattr(gc, "freeze"):
            gc.freeze()  # it all goes with the process: to look for circles in it first takes a tenth of a short run
