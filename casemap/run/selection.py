"""Which files of a project are validated, and with which schema: the table `[tool.casemap.validate]`.

In `pyproject.toml`, or as `[validate]` in `casemap.toml`, each key is a pattern of file names, relative to the
project's folder, and its value a document type, a schema file from that folder, or false for files that are not to be
checked. The first pattern that means a file decides.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casemap.errors import MappingError
from casemap.problem import Problem
from casemap.run.globs import compiled, files_below

__all__ = ["Selection", "read_selection"]

_TABLES = (("casemap.toml", ("validate",)), ("pyproject.toml", ("tool", "casemap", "validate")))


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: str
    regex: re.Pattern[str]
    schema: str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules of a project's table, in its order; none where it has no table."""

    folder: Path
    rules: tuple[_Rule, ...] = ()
    file: str | None = None

    def files(self) -> Iterator[str]:
        """The project's files that are to be validated, sorted, named from the current directory if below it.

        Raises `MappingError` (CM513) where there is none.
        """
        hidden = any(name.startswith(".") for rule in self.rules for name in rule.pattern.split("/"))
        found = False
        for path in files_below(self.folder, [rule.regex for rule in self.rules], hidden):
            if self._rule(path).schema is not None:
                found = True
                yield _from_here(self.folder / path)
        if not found:
            message = "no file is meant by the patterns of the configuration"
            raise MappingError([Problem("CM513", message, "Name files, or mend the patterns.", file=self.file)])

    def schema(self, file: str) -> str | bool | None:
        """The document type or schema file for a file; False where it is not to be checked, None where no rule says."""
        try:
            path = Path(os.path.abspath(file)).relative_to(os.path.abspath(self.folder)).as_posix()  # noqa: PTH100
        except ValueError:
            return None
        for rule in self.rules:
            if rule.regex.fullmatch(path):
                return rule.schema if rule.schema is not None else False
        return None

    def _rule(self, path: str) -> _Rule:
        return next(rule for rule in self.rules if rule.regex.fullmatch(path))


def _from_here(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith(os.pardir) else relative


def read_selection(folder: Path) -> Selection:
    """The selection of a project. Raises `MappingError` (CM512) for a table that is wrong."""
    for name, path in _TABLES:
        file = folder / name
        table: Any = _read(file)
        for step in path:
            table = table.get(step) if isinstance(table, dict) else None
        if table is not None:
            return Selection(folder, tuple(_rules(table, str(file), ".".join(path))), str(file))
    return Selection(folder)


def _read(file: Path) -> dict[str, Any]:
    """A file's tables; none where there is no file. A `pyproject.toml` that is no TOML is other tools' to tell."""
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        if file.name == "pyproject.toml":
            return {}
        message = f"the file cannot be read: {str(error).splitlines()[0]}"
        raise MappingError([Problem("CM512", message, "Write it as TOML.", file=str(file))]) from None


def _rules(table: Any, file: str, where: str) -> Iterator[_Rule]:
    problems: list[Problem] = []
    if not isinstance(table, dict):
        problems.append(
            Problem("CM512", f"[{where}] is no table", f"Write [{where}] with patterns as keys.", file=file)
        )
        table = {}
    for pattern, schema in table.items():
        line = _line(file, pattern)
        if not isinstance(schema, str) and schema is not False:
            message = f"the pattern {pattern!r} has {schema!r} as its schema"
            advice = "Write a document type, a schema file, or false for files that are not to be checked."
            problems.append(Problem("CM512", message, advice, file=file, line=line))
            continue
        try:
            yield _Rule(pattern, compiled(pattern), schema if isinstance(schema, str) else None)
        except (ValueError, re.error) as error:
            message = f"{pattern!r} is no pattern of file names"
            problems.append(Problem("CM512", message, str(error), file=file, line=line))
    if problems:
        raise MappingError(problems)


def _line(file: str, pattern: str) -> int | None:
    """The line on which a pattern stands as a key."""
    for number, line in enumerate(Path(file).read_text("utf-8-sig").splitlines(), start=1):
        if line.lstrip().startswith((f'"{pattern}"', f"'{pattern}'", pattern)):
            return number
    return None
