"""Problems as text: concise lines, lines with the source beside them, and JSON.

Takes problems, gives text without a line feed at its end. Texts of payloads stand in problems, so what a terminal
would obey or hide (control characters, direction marks) is shown as an escape.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Literal

from casemap.problem import Problem
from casemap.syntax.json_text import write_json

__all__ = ["Format", "as_data", "concise", "full", "printable", "render"]

Format = Literal["concise", "full", "json"]
LineOf = Callable[[str, int], str | None]
"""Gives a line of a file, without its line feed; None where there is none."""

_EXCERPT = 100
"""Characters of a source line that are shown; the column is kept in the middle of a longer one."""


def render(problems: Iterable[Problem], style: Format, line_of: LineOf) -> str:
    """All problems in one of the formats."""
    match style:
        case "concise":
            return "\n".join(printable(str(problem)) for problem in problems)
        case "full":
            return "\n\n".join(full(problem, line_of) for problem in problems)
        case "json":
            return write_json({"problems": [as_data(problem) for problem in problems]}, indent=True).decode()


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
        "message": _clean(problem.message),
        "help": _clean(problem.help),
        "file": _clean(problem.file),
        "line": problem.line,
        "column": problem.column,
        "path": _clean(problem.path),
        "target_path": _clean(problem.target_path),
        "rule": None if rule is None else {"file": _clean(rule.file), "line": rule.line, "column": rule.column},
    }


def _clean(text: str | None) -> str | None:
    """A text that can be written as UTF-8: names of files can hold bytes that are no characters."""
    return None if text is None else text.encode(errors="backslashreplace").decode()


def printable(text: str) -> str:
    """The text with everything escaped that does not print."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def _excerpt(file: str | None, line: int | None, column: int | None, line_of: LineOf) -> list[str]:
    source = line_of(file, line) if file is not None and line is not None else None
    if source is None or column is None:
        return []
    start = max(0, column - 1 - _EXCERPT // 2) if len(source) > _EXCERPT else 0
    shown = "".join(character if character.isprintable() else " " for character in source[start : start + _EXCERPT])
    indent = sum(_width(character) for character in shown[: column - 1 - start])
    number = str(line)
    return [f"  {number} | {shown}", f"  {' ' * len(number)} | {' ' * indent}^"]


def _width(character: str) -> int:
    """The columns that a character takes on a terminal."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
