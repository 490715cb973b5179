"""Problems as workflow commands of GitHub Actions, which shows them beside the lines that they concern.

The escapes are those of the toolkit that GitHub publishes for it (actions/toolkit, `packages/core/src/command.ts`).
GitHub shows ten annotations of each type that a step prints, and drops the rest without a word; here the rest is
counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from casemap.problem import Problem, Severity
from casemap.report.characters import encodable, printable
from casemap.report.problems import LineOf, in_order, statement

__all__ = ["github_text"]

_SHOWN = 10
_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def github_text(problems: Sequence[Problem], _line_of: LineOf) -> str:
    """A command for each of the first ten problems of a severity, and a line that counts the others."""
    counts: Counter[Severity] = Counter()
    lines: list[str] = []
    for problem in in_order(problems):
        counts[problem.severity] += 1
        if counts[problem.severity] <= _SHOWN:
            lines.append(_command(problem))
    left = [_counted(counts[severity] - _SHOWN, severity) for severity in _COMMANDS if counts[severity] > _SHOWN]
    if left:
        lines.append(f"and {', '.join(left)} (GitHub shows {_SHOWN} of each; `--output-format concise` lists all)")
    return "\n".join(lines)


def _counted(number: int, severity: Severity) -> str:
    return f"{number:,} more {severity}{'' if number == 1 else 's'}"


def _command(problem: Problem) -> str:
    place = problem.rule if problem.file is None and problem.rule is not None else problem
    properties = {"file": place.file, "line": place.line, "col": place.column, "title": _title(problem)}
    if place.file is None or place.file.startswith("<"):  # not a file that GitHub could show
        properties = {"title": properties["title"]}
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{_COMMANDS[problem.severity]} {shown}::{_data(_message(problem))}"


def _title(problem: Problem) -> str:
    from casemap.codes import CODES

    known = CODES.get(problem.code)
    return f"{problem.code} {known.name}" if known else problem.code


def _message(problem: Problem) -> str:
    lines = [statement(problem), *problem.help.splitlines()]
    if problem.rule is not None and problem.file is not None:
        lines.append(f"The rule: {problem.rule}")
    return "\n".join(printable(line) for line in lines if line)


def _data(text: str) -> str:
    return encodable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
