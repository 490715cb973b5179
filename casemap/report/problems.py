"""Problems as text: concise lines, lines with the source beside them, and JSON.

Takes problems, gives text without a line feed at its end. What a payload's text could do to a terminal is shown as an
escape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import Any

from casemap.problem import Problem
from casemap.report.characters import encodable, printable, width
from casemap.span import Span
from casemap.syntax.json_text import write_json

__all__ = [
    "LineOf",
    "as_data",
    "concise",
    "concise_text",
    "full",
    "full_text",
    "in_order",
    "json_text",
    "relative_to",
    "statement",
]

LineOf = Callable[[str, int], str | None]
"""Gives a line of a file, without its line feed; None where there is none."""

_EXCERPT = 100
"""Characters of a source line that are shown; the column is kept in the middle of a longer one."""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file, line and column; the same problems always give the same list."""
    return sorted(problems, key=_order)


def _order(problem: Problem) -> tuple[Any, ...]:
    rule = problem.rule
    return (
        problem.file or "",
        problem.line or 0,
        problem.column or 0,
        problem.code,
        problem.path or "",
        problem.target_path or "",
        problem.message,
        problem.help,
        (rule.file, rule.line, rule.column) if rule is not None else ("", 0, 0),
    )


def relative_to(folder: str, problems: Iterable[Problem]) -> list[Problem]:
    """The problems with the files below a folder named from there: what code hosts know files by."""
    return [_relative(problem, folder) for problem in problems]


def _relative(problem: Problem, folder: str) -> Problem:
    rule = problem.rule
    if rule is not None:
        problem = problem.at(rule=Span(_below(rule.file, folder), rule.line, rule.column))
    return problem if problem.file is None else problem.at(file=_below(problem.file, folder))


def _below(file: str, folder: str) -> str:
    path = PurePath(file)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else file


def concise_text(problems: Sequence[Problem], _line_of: LineOf) -> str:
    """A line for each problem."""
    return "\n".join(printable(str(problem)) for problem in in_order(problems))


def full_text(problems: Sequence[Problem], line_of: LineOf) -> str:
    """Each problem with its source, an empty line between two."""
    return "\n\n".join(full(problem, line_of) for problem in in_order(problems))


def json_text(problems: Sequence[Problem], _line_of: LineOf) -> str:
    """A JSON document, `{"problems": […]}`."""
    return write_json({"problems": [as_data(problem) for problem in in_order(problems)]}, indent=True).decode()


def statement(problem: Problem) -> str:
    """What is wrong with which value, without the places in files: `/payload/path: message`."""
    value = problem.path or (f"target {problem.target_path}" if problem.target_path else "")
    return f"{value}: {problem.message}" if value else problem.message


def concise(problem: Problem) -> str:
    """The concise line, and a line that says what to do where the problem knows."""
    lines = [printable(str(problem))]
    lines += [f"help: {printable(line)}" for line in problem.help.splitlines()[:1]]
    lines += [f"      {printable(line)}" for line in problem.help.splitlines()[1:]]
    return "\n".join(lines)


def full(problem: Problem, line_of: LineOf) -> str:
    """The concise line, the source line with a mark under the place, and the help."""
    lines = [printable(str(problem))]
    lines += _excerpt(problem.file, problem.line, problem.column, line_of)
    if problem.rule is not None:
        lines.append(f"  the rule, {printable(str(problem.rule))}:")
        lines += _excerpt(problem.rule.file, problem.rule.line, problem.rule.column, line_of)
    lines += [f"  help: {printable(line)}" for line in problem.help.splitlines()[:1]]
    lines += [f"        {printable(line)}" for line in problem.help.splitlines()[1:]]
    return "\n".join(lines)


def as_data(problem: Problem) -> dict[str, Any]:
    """The problem as a JSON object, with a member for each of its fields."""
    rule = problem.rule
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": encodable(problem.message),
        "help": encodable(problem.help),
        "file": _encodable(problem.file),
        "line": problem.line,
        "column": problem.column,
        "path": _encodable(problem.path),
        "target_path": _encodable(problem.target_path),
        "rule": None if rule is None else {"file": encodable(rule.file), "line": rule.line, "column": rule.column},
    }


def _encodable(text: str | None) -> str | None:
    return None if text is None else encodable(text)


def _excerpt(file: str | None, line: int | None, column: int | None, line_of: LineOf) -> list[str]:
    source = line_of(file, line) if file is not None and line is not None else None
    if source is None or column is None:
        return []
    start = max(0, column - 1 - _EXCERPT // 2) if len(source) > _EXCERPT else 0
    shown = "".join(character if character.isprintable() else " " for character in source[start : start + _EXCERPT])
    indent = sum(width(character) for character in shown[: column - 1 - start])
    number = str(line)
    return [f"  {number} | {shown}", f"  {' ' * len(number)} | {' ' * indent}^"]
