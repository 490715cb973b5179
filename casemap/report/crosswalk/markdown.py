"""Crosswalks as Markdown, in the form of GitHub: a table of the target's fields, and lists of what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casemap.analysis.crosswalk import Crosswalk, Group, Row
from casemap.analysis.crosswalk.spans import parts, path_code
from casemap.report.characters import printable
from casemap.report.crosswalk.sentences import Reasoned, dropped, heading, lines, made_of, remarks, says_more, unset

__all__ = ["crosswalk_markdown"]

_SPECIAL = re.compile(r"[\\`*\[\]<>#|~&]|(?<!\w)_|_(?!\w)")
BREAK = "<br>"


def crosswalk_markdown(crosswalk: Crosswalk) -> str:
    """The crosswalk as a Markdown document, without a line feed at the end. The same crosswalk gives the same text."""
    return "\n\n".join(_sections(crosswalk))


def _sections(crosswalk: Crosswalk) -> Iterator[str]:
    yield f"# {_text(heading(crosswalk))}"
    if crosswalk.summary:
        yield words(crosswalk.summary)
    yield words(made_of(crosswalk)) + (f" State: {crosswalk.state}." if crosswalk.state else "")
    if crosswalk.route:
        yield words(f"By way of {', '.join(map(path_code, crosswalk.route))}.")
    if crosswalk.params:
        shown = [f"- {_code(param.name)}: {words(param.about)}".rstrip(": ") for param in crosswalk.params]
        yield "\n".join(["Params:", "", *shown])
    if crosswalk.rows:
        yield "\n".join(_table(crosswalk))
    if crosswalk.guards:
        yield "\n".join(["## Rejected", "", *(f"- {words(guard)}" for guard in crosswalk.guards)])
    yield from _reasons("Left behind", "source", dropped(crosswalk))
    yield from _reasons("Without a value", "target", unset(crosswalk))


# --- the table ----------------------------------------------------------------------------------------------------


def _table(crosswalk: Crosswalk) -> Iterator[str]:
    yield "| target | source | what happens |"
    yield "|---|---|---|"
    for row in crosswalk.rows:
        if isinstance(row, Group):
            yield from _group(row)
        else:
            yield from _row(row)


def _group(group: Group) -> Iterator[str]:
    said = [words(text) for text in group.words]
    said += [f"≈ {words(why)}" for why in group.approximate]
    said += [f"*{words(note)}*" for note in group.notes]
    name = _code(group.path) if group.path != "this" else "all"
    yield _cells(f"**{name}**", "", BREAK.join(said))


def _row(row: Row) -> Iterator[str]:
    name = _code(row.path) + (f"{BREAK}{_text(row.title)}" if says_more(row) else "")
    if row.state not in ("", "proven"):
        name += f"{BREAK}**{row.state}**"
    found = list(lines(row))
    for number, line in enumerate(found):
        said = [f"{words(line.part)}:"] if line.part else []
        said.append(words(line.words))
        said += [f"≈ {words(why)}" for why in line.approximate]
        if number == len(found) - 1:
            said += [_remark(kind, text) for kind, text in remarks(row)]
        yield _cells(name if number == 0 else "", BREAK.join(map(_code, line.sources)), BREAK.join(said))


def _remark(kind: str, text: str) -> str:
    return f"*{words(text)}*" if kind == "note" else f"{kind}: {words(text)}"


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


# --- lists --------------------------------------------------------------------------------------------------------


def _reasons(title: str, what: str, found: list[Reasoned]) -> Iterator[str]:
    if not found:
        return
    rows = [_cells(BREAK.join(map(_code, reasoned.paths)), words(reasoned.why)) for reasoned in found]
    yield "\n".join([f"## {title}", "", f"| {what} | why |", "|---|---|", *rows])


# --- texts --------------------------------------------------------------------------------------------------------


def words(text: str) -> str:
    """A sentence, in which nothing but its code spans is markup."""
    return "".join(_code(piece) if is_code else _text(piece) for is_code, piece in parts(text))


def _text(text: str) -> str:
    return _SPECIAL.sub(lambda found: _escape(found.group()), printable(" ".join(text.split("\n"))))


def _escape(character: str) -> str:
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(character, f"\\{character}")


def _code(text: str) -> str:
    """A code span in a table: a bar would end the cell there as well."""
    text = printable(text)
    inside = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (inside + 1)
    space = " " if inside or (text[:1] == text[-1:] == " " and text.strip()) else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")
