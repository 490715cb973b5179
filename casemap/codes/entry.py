"""What an entry of the table of problem codes holds, and short ways to write its example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from casemap.problem import Severity

__all__ = ["Code", "Example", "File", "check", "command", "conversion", "library", "mapping", "payload"]


@dataclass(frozen=True, slots=True)
class File:
    """A file of an example: its path in the project's folder, and its text."""

    name: str
    text: str
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Example:
    """A smallest case in which a problem is reported.

    `run` is a command that is given in the folder of `files`, or, for what only the library can be given, a Python
    expression. `line` is the concise line of the problem, with paths from that folder.
    """

    files: tuple[File, ...]
    run: str
    line: str
    language: Literal["console", "python"] = "console"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem: its number and short name, what it is called, and what is to be said of it.

    `what` says when it is reported, `why` what goes wrong otherwise, `instead` what to do.
    """

    code: str
    name: str
    title: str
    what: str
    why: str
    example: Example
    instead: str
    severity: Severity = "error"


MAPPING = "mappings/telecomx-to-common/case.yaml"
HEAD = "casemap: 1\nsource: telecomx/case\ntarget: common/case\n"
LOADING = "casemap check"
CONVERTING = "casemap convert case.json --from telecomx/case --to common"
CHECKING = "casemap check"
CHECKED = "mappings/shop-to-desk/order.yaml"
CHECKED_HEAD = "casemap: 1\nsource: shop/order\ntarget: desk/ticket\n"


def mapping(rules: str, line: str) -> Example:
    """A mapping file that is wrong; `line` starts with line and column of the file."""
    return Example((File(MAPPING, HEAD + rules),), LOADING, f"{MAPPING}:{line}")


def check(rules: str, line: str, order: str = "", ticket: str = "") -> Example:
    """A mapping file in which `casemap check` finds something; `line` starts with line and column of the file.

    `order` and `ticket` are the members that its schemas have beside an `id`.
    """
    return Example(
        (
            File("schemas/shop/order.schema.json", _schema(order)),
            File("schemas/desk/ticket.schema.json", _schema(ticket)),
            File(CHECKED, CHECKED_HEAD + rules),
        ),
        CHECKING,
        f"{CHECKED}:{line}",
    )


def _schema(members: str) -> str:
    more = f", {members}" if members else ""
    return f'{{"type": "object", "required": ["id"], "properties": {{"id": {{"type": "string"}}{more}}}}}\n'


def conversion(rules: str, case: str, line: str) -> Example:
    """A payload that a mapping cannot convert; in `line`, `@` stands for the mapping's file."""
    files = (File(MAPPING, HEAD + rules), File("case.json", case + "\n"))
    return Example(files, CONVERTING, line.replace("@", MAPPING))


def payload(
    text: str, line: str, name: str = "case.json", encoding: str = "utf-8", options: str = "--schema telecomx/case"
) -> Example:
    """A payload that cannot be read or is not valid; `line` starts with line and column of the file."""
    run = f"casemap validate {name} {options}"
    return Example((File(name, text, encoding),), run, f"{name}:{line}")


def command(run: str, line: str, **files: str) -> Example:
    """A command that cannot be carried out; `files` are JSON payloads by their names without the ending."""
    return Example(tuple(File(f"{name}.json", text + "\n") for name, text in files.items()), run, line)


def library(run: str, line: str, rules: str = "") -> Example:
    """A Python expression that gives the problem, or raises an error that has it; `rules` are those of a mapping."""
    files = (File(MAPPING, HEAD + rules),) if rules else ()
    return Example(files, run, line.replace("@", MAPPING), "python")
