"""The fenced blocks of a page of Markdown: what stands in them, and what the text around says of them.

A block is a file of the reader's where the line above it ends in the file's name as code and a colon:
"Save this as `schemas/acme/ticket.schema.json`:".
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Block", "Shown", "anchors", "blocks", "commands", "mentioned", "said"]

_FENCE = re.compile(r"( *)(`{3,})(\w*)\Z")
_WHOLE = re.compile(r"casemap (?:(?:convert|validate|explain|show) [^-]|(?!convert|validate|explain|show)\w+ .)")
"""A command that needs files, or a source, has them; any other has at least an option."""
_FILE = re.compile(r"`([\w./-]+\.\w+)`:\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `line` is that of its first fence; `file` is what the text above says."""

    line: int
    language: str
    text: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A command of a block, with its output as the block shows it. `line` is that of the command in the page."""

    line: int
    command: str
    output: str


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page, in order."""
    lines = page.split("\n")
    at, above = 0, ""
    while at < len(lines):
        line, start = lines[at], at
        at += 1
        fence = _FENCE.match(line)
        if fence is None:
            above = line.strip() or above
            continue
        indent, marks, language = fence.groups()
        at = lines.index(indent + marks, at) + 1
        inside = [each.removeprefix(indent) + "\n" for each in lines[start + 1 : at - 1]]
        file = _FILE.search(above)
        yield Block(start + 1, language, "".join(inside), file and file.group(1))
        above = ""


def commands(block: Block) -> list[Shown]:
    """The commands of a block: the lines after `$ `, each with the output below it; without any `$`, every line.

    A backslash at the end of a line joins the next one.
    """
    lines = block.text.splitlines()
    prompted = any(line.startswith("$ ") for line in lines)
    shown: list[Shown] = []
    at = 0
    while at < len(lines):
        start = at
        command = lines[at].removeprefix("$ ")
        while command.endswith("\\"):
            at += 1
            command = command[:-1].rstrip() + " " + lines[at].strip()
        at += 1
        output = []
        while prompted and at < len(lines) and not lines[at].startswith("$ "):
            output.append(lines[at])
            at += 1
        if command.strip():
            shown.append(Shown(block.line + 1 + start, command, "".join(line + "\n" for line in output)))
    return shown


def said(page: str) -> list[str]:
    """Each `casemap …` and `python -m …` within a paragraph or a table: a command, or the beginning of one."""
    text = re.sub(r"^ *(`{3,}).*?^ *\1$", "", page, flags=re.MULTILINE | re.DOTALL).replace("\n", " ")
    found = re.findall(r"`((?:casemap|python -m) [a-z][^`]*)`", text)
    return [command.replace("\\|", "|").partition(" | ")[0] for command in found]


def mentioned(page: str) -> list[str]:
    """The commands within paragraphs and tables that are whole: with their arguments, and no word to be replaced."""
    whole = (command for command in said(page) if not re.search(r"…|\b[A-Z]{2,}\b", command))
    return [command for command in dict.fromkeys(whole) if _WHOLE.match(command)]


@functools.cache
def anchors(page: str) -> frozenset[str]:
    """The names of the headings of a page as GitHub makes them: a second one of the same name ends in `-1`."""
    counts: Counter[str] = Counter()
    found: set[str] = set()
    inside = False
    for line in page.split("\n"):
        inside ^= bool(_FENCE.match(line))
        heading = re.match(r"#{1,6} (.+)$", line)
        if heading is not None and not inside:
            name = re.sub(r"[^\w\- ]", "", heading.group(1).lower()).replace(" ", "-")
            found.add(f"{name}-{counts[name]}" if counts[name] else name)
            counts[name] += 1
    return frozenset(found)
