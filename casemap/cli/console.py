"""What commands say: results on standard output, everything for people on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from casemap.problem import Problem
from casemap.report.problems import concise
from casemap.run.names import STANDARD
from casemap.run.writing import Output

__all__ = ["put", "tell", "tell_problems"]

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def put(text: str) -> None:
    """Write a command's result to standard output. Raises `CasemapError` (CM509) where the system refuses."""
    with Output(STANDARD) as output:
        output.write(f"{text}\n".encode(errors="backslashreplace"))
        output.commit()


def tell(text: str) -> None:
    """Write lines to standard error."""
    click.echo(text, err=True)


def tell_problems(problems: Iterable[Problem]) -> None:
    """Write problems to standard error, each with what to do about it."""
    coloured = _is_coloured()
    for problem in problems:
        text = concise(problem)
        if coloured:
            text = text.replace(problem.code, click.style(problem.code, fg=_COLOURS[problem.severity]), 1)
        tell(text)


def _is_coloured() -> bool:
    """Only on a terminal, and never where NO_COLOR or CI is set."""
    terminal = sys.stderr is not None and sys.stderr.isatty()
    return terminal and not os.environ.get("NO_COLOR") and not os.environ.get("CI")
