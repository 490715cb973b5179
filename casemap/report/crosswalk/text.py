"""Crosswalks as tables for terminals. Three columns where there is room for them, else two."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console, RenderableType
from rich.console import Group as Together
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from casemap.analysis.crosswalk import Crosswalk, Group, Row
from casemap.analysis.crosswalk.spans import parts, path_code
from casemap.report.characters import printable
from casemap.report.crosswalk.sentences import (
    Line,
    Reasoned,
    dropped,
    heading,
    lines,
    made_of,
    remarks,
    says_more,
    unset,
)

__all__ = ["crosswalk_text"]

WIDE = 110
"""Columns from which on sources have a column of their own."""
NARROWEST = 40

_STATES = {"proven": "green", "guarded": "yellow", "wrong": "bold red"}
_FILLINGS = {"approximate": "magenta", "constant": "blue"}


def crosswalk_text(crosswalk: Crosswalk, width: int = 80, *, coloured: bool = False) -> str:
    """The crosswalk as lines of no more than `width` columns, without a line feed at the end.

    In colour, code is told by its colour; else it stands between backticks.
    """
    width = max(width, NARROWEST)
    told = _Teller(coloured, width >= WIDE)
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=coloured, color_system="standard" if coloured else None, highlight=False,
        legacy_windows=False, emoji=False, markup=False,
    )  # fmt: skip
    console.print(Together(*told.everything(crosswalk)))
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().split("\n"))


class _Teller:
    """Makes the parts of the output. Nothing of a mapping or schema reaches the terminal but through `words`."""

    def __init__(self, coloured: bool, wide: bool) -> None:
        self.coloured = coloured
        self.wide = wide

    def everything(self, crosswalk: Crosswalk) -> Iterator[RenderableType]:
        head = Text(printable(heading(crosswalk)), "bold")
        if crosswalk.state:
            head.append("  ").append(crosswalk.state, _STATES[crosswalk.state])
        yield head
        for text in (crosswalk.summary, made_of(crosswalk)):
            if text:
                yield self.words(text)
        if crosswalk.route:
            yield self.words(f"By way of {', '.join(map(path_code, crosswalk.route))}.")
        for param in crosswalk.params:
            yield self.words(f"Param {path_code(param.name)}: {param.about}".rstrip(": "))
        yield Text()
        if crosswalk.rows:
            yield self.table(crosswalk.rows)
        for guard in crosswalk.guards:
            yield self.words(guard, "guarded: ", "yellow")
        yield from self.reasons("Left behind", "source field", dropped(crosswalk))
        yield from self.reasons("Without a value", "target field", unset(crosswalk))

    # rows

    def table(self, rows: Iterable[Row | Group]) -> Table:
        table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
        table.add_column("target", ratio=3 if self.wide else 4, overflow="fold")
        if self.wide:
            table.add_column("source", ratio=3, overflow="fold")
        table.add_column(
            "what happens" if self.wide else "source: what happens", ratio=6 if self.wide else 11, overflow="fold"
        )
        for row in rows:
            if isinstance(row, Group):
                self.group(table, row)
            else:
                self.row(table, row)
        return table

    def group(self, table: Table, group: Group) -> None:
        words = [self.words(text) for text in group.words]
        words += [self.words(why, "≈ ", "magenta") for why in group.approximate]
        words += [self.words(note, "note: ", "dim") for note in group.notes]
        name = Text(printable(group.path if group.path != "this" else "(all)"), "bold")
        self.cells(table, name, Text(), Together(*words), last=True)

    def row(self, table: Table, row: Row) -> None:
        name: RenderableType = self.name(row)
        more = [self.words(text, f"{kind}: ", _KINDS.get(kind, "dim")) for kind, text in remarks(row)]
        found = list(lines(row))
        for number, line in enumerate(found):
            last = number == len(found) - 1
            self.line(table, name, line, more if last else [], last=last)
            name = Text()

    def name(self, row: Row) -> RenderableType:
        path = Text(printable(row.path), _FILLINGS.get(row.filling, ""))
        told = [Text(row.state, _STATES[row.state])] if row.state not in ("", "proven") else []
        title = [Text(printable(row.title), "dim")] if says_more(row) else []
        return Together(path, *title, *told)

    def line(self, table: Table, name: RenderableType, line: Line, more: list[Text], *, last: bool) -> None:
        sources = "\n".join(map(printable, line.sources))
        shown: list[RenderableType] = []
        if line.part:
            shown.append(self.words(f"{line.part}:", style="italic"))
        if self.wide or not line.sources:
            shown.append(self.words(line.words))
        else:
            named = ", ".join(map(path_code, line.sources))
            shown.append(self.words(f"{named}: {line.words}"))
        shown += [self.words(why, "≈ ", "magenta") for why in line.approximate]
        self.cells(table, name, Text(sources, "cyan"), Together(*shown, *more), last=last)

    def cells(self, table: Table, name: RenderableType, sources: Text, words: RenderableType, *, last: bool) -> None:
        """Add a line; the `last` one of a row has an empty one below it."""
        if self.wide:
            table.add_row(name, sources, words, end_section=last)
        else:
            table.add_row(name, words, end_section=last)

    # reasons

    def reasons(self, title: str, what: str, found: list[Reasoned]) -> Iterator[RenderableType]:
        if not found:
            return
        count = sum(len(reasoned.paths) for reasoned in found)
        yield Text()
        yield Text(f"{title}: {count} {what}{'' if count == 1 else 's'}", "bold")
        for reasoned in found:
            yield self.words(reasoned.why)
            yield Padding(self.words(", ".join(map(path_code, reasoned.paths))), (0, 0, 0, 4))

    # words

    def words(self, text: str, lead: str = "", style: str = "") -> Text:
        """A sentence; its code in colour, or else between backticks."""
        found = Text(lead, style)
        for is_code, piece in parts(text):
            if not is_code:
                found.append(printable(piece), style if style in ("dim", "italic") else "")
            elif self.coloured:
                found.append(printable(piece), "cyan")
            else:
                found.append(f"`{printable(piece)}`")
        return found


_KINDS = {"guarded": "yellow"}
