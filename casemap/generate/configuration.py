"""The table `[tool.casemap.generate]` of a project, in `pyproject.toml`, or `[generate]` in `casemap.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casemap.errors import MappingError
from casemap.generate.options import ENUM_STYLES, PYTHON_VERSIONS, Options
from casemap.problem import Problem, nearest

__all__ = ["KEYS", "Configuration", "configuration"]

KEYS = ("types", "output", "class-prefix", "enums", "python", "snake-case")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a project says about its models. `output` is relative to the project's folder; `types` empty is all."""

    types: tuple[str, ...] = ()
    output: str | None = None
    options: Options = field(default_factory=Options)


def configuration(project: Path) -> Configuration:
    """The project's table; its defaults where there is none. Raises `MappingError` (CM701) for what is wrong in it."""
    for name, path in (("casemap.toml", ("generate",)), ("pyproject.toml", ("tool", "casemap", "generate"))):
        file = project / name
        if file.is_file():
            table = _table(file, path)
            if table is not None:
                return _read(table, str(file), ".".join(path))
    return Configuration()


def _table(file: Path, path: tuple[str, ...]) -> Any:
    try:
        found: Any = tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        message = f"the file cannot be read: {str(error).splitlines()[0]}"
        raise MappingError([Problem("CM701", message, "Write it as TOML.", file=str(file))]) from None
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _read(table: Any, file: str, where: str) -> Configuration:
    problems: list[Problem] = []

    def wrong(message: str, help: str) -> None:
        problems.append(Problem("CM701", f"[{where}]: {message}", help, file=file))

    if not isinstance(table, dict):
        wrong("is no table", f"Write [{where}] with keys of its own.")
        table = {}
    for key in table:
        if key not in KEYS:
            near = nearest(key, KEYS)
            hint = f"; did you mean `{near}`?" if near else ""
            wrong(f"there is no key `{key}`{hint}", f"There are {', '.join(KEYS)}.")
    _check_values(table, wrong)
    if problems:
        raise MappingError(problems)
    options = Options(
        class_prefix=table.get("class-prefix", ""),
        enums=table.get("enums", "literal"),
        python=table.get("python", PYTHON_VERSIONS[0]),
        snake_case=table.get("snake-case", False),
    )
    return Configuration(tuple(table.get("types", ())), table.get("output"), options)


def _check_values(table: Mapping[str, Any], wrong: Any) -> None:
    for key, kind, words in (
        ("output", str, "a text: a folder, or a file that ends in .py"),
        ("class-prefix", str, "a text: letters that class names begin with"),
        ("snake-case", bool, "true or false"),
    ):
        if key in table and not isinstance(table[key], kind):
            wrong(f"`{key}` is {table[key]!r}", f"Write {words}.")
    types = table.get("types", [])
    if not isinstance(types, list) or not all(isinstance(each, str) for each in types):
        wrong(f"`types` is {types!r}", 'Write a list of texts, such as ["khoros", "egain/case"].')
    for key, choices in (("enums", ENUM_STYLES), ("python", PYTHON_VERSIONS)):
        if key in table and table[key] not in choices:
            wrong(f"`{key}` is {table[key]!r}", f"Write one of {', '.join(choices)}.")
    prefix = table.get("class-prefix", "")
    if isinstance(prefix, str) and prefix and not prefix.isidentifier():
        wrong(f"`class-prefix` is {prefix!r}, with which no class name can begin", "Use letters, such as Our.")
