"""Options that several commands have."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from casemap.cli.completion import FORMATS, PARAMS, SOURCES, TARGETS
from casemap.run.names import STANDARD

__all__ = [
    "files_argument",
    "input_format_option",
    "params_option",
    "project_option",
    "quiet_option",
    "types_options",
    "via_option",
]

Command = TypeVar("Command", bound=Callable[..., Any])


def project_option(command: Command) -> Command:
    """`--project`: where the project's own schemas and mappings are."""
    return click.option(
        "--project",
        metavar="DIR",
        help="The folder with the project's own schemas/ and mappings/. Without it: the nearest folder upwards that has"
        " a casemap.toml, or a pyproject.toml with [tool.casemap]; else the current one.",
    )(command)


def input_format_option(command: Command) -> Command:
    """`--input-format`: what the files' endings do not say."""
    return click.option(
        "--input-format",
        type=click.Choice(["json", "ndjson", "yaml"]),
        help="The format of the input, where its name does not say it.",
    )(command)


def types_options(what: str) -> Callable[[Command], Command]:
    """`--to` and `--from`: the types of the route, and of `what` is converted."""

    def options(command: Command) -> Command:
        source = click.option(
            "--from",
            "source",
            metavar="TYPE",
            shell_complete=SOURCES,
            help=f"The type of the {what}. Without it, the type is detected.",
        )
        target = click.option(
            "--to",
            "target",
            required=True,
            metavar="TYPE",
            shell_complete=TARGETS,
            help="The type to convert to: khoros/case, or khoros.",
        )
        return target(source(command))

    return options


def via_option(command: Command) -> Command:
    """`--via`: which of several routes."""
    return click.option(
        "--via",
        metavar="FORMAT",
        shell_complete=FORMATS,
        help="The format that the route goes through, where there are several routes.",
    )(command)


def params_option(command: Command) -> Command:
    """`-p`: the params of the route, as texts by name."""
    return click.option(
        "-p",
        "--param",
        "params",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_params,
        shell_complete=PARAMS,
        help="A param of the route.",
    )(command)


def _params(context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    params: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE.", context)
        if name in params:
            raise click.BadParameter(f"{name!r} is given twice.", context)
        params[name] = value
    return params


def quiet_option(command: Command) -> Command:
    """`--quiet`: no summary."""
    return click.option("-q", "--quiet", is_flag=True, help="Do not print the summary to standard error.")(command)


def files_argument(command: Command) -> Command:
    """The input files; without any, standard input, unless that is a terminal."""
    return click.argument("files", nargs=-1, metavar="[FILES]", callback=_files)(command)


def _files(context: click.Context, _parameter: click.Parameter, files: tuple[str, ...]) -> tuple[str, ...]:
    if files or context.resilient_parsing:
        return files
    if sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("No input: name a file, or give - and type.", context)
    return (STANDARD,)
