"""What all forms of a crosswalk say alike: sentences made of its rows, with code spans between backticks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from casemap.analysis.crosswalk import Crosswalk, Left, Row, Unset, Way
from casemap.analysis.crosswalk.spans import listed, path_code
from casemap.schema.fields import path_text

__all__ = ["Line", "Reasoned", "dropped", "heading", "lines", "made_of", "remarks", "says_more", "unset"]

FILLINGS = {
    "filled": "filled from fields of the source",
    "approximate": "filled with what stands in for something else",
    "constant": "a constant",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One way of a row: the names of its sources, and what happens; `part` is said where another part begins."""

    sources: tuple[str, ...]
    words: str
    part: str
    approximate: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Fields for which the same is said."""

    paths: tuple[str, ...]
    why: str


def heading(crosswalk: Crosswalk) -> str:
    """The name of a crosswalk."""
    return f"{crosswalk.source} → {crosswalk.target}"


def lines(row: Row) -> Iterator[Line]:
    """The ways of a row in words."""
    part = ""
    for way in row.ways:
        sources = tuple(dict.fromkeys(path_text(steps) for steps in way.sources))
        yield Line(sources, _said(way), way.part if way.part != part else "", way.approximate)
        part = way.part


def _said(way: Way) -> str:
    when = [f"if {way.when}"] if way.when else []
    if way.otherwise:
        return f"otherwise, {when[0]}: {way.words}" if when else f"otherwise {way.words}"
    return f"{way.words}, {when[0]}" if when else way.words


def remarks(row: Row) -> Iterator[tuple[str, str]]:
    """What is to be said of a row beside its ways, each with its kind."""
    yield from (("guarded", guard) for guard in row.guards)
    yield from (("note", note) for note in row.notes)
    if row.via:
        yield "via", listed(path_code(path) for path in row.via)
    if row.span is not None:
        yield "rule", path_code(f"{'/'.join(PurePath(row.span.file).parts[-2:])}:{row.span.line}")


def says_more(row: Row) -> bool:
    """Whether the title of a field says more than its name."""
    name = row.steps[-1] if row.steps and isinstance(row.steps[-1], str) else ""
    return bool(row.title) and _letters(row.title) != _letters(name)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def made_of(crosswalk: Crosswalk) -> str:
    """How many fields of the target are filled, and how."""
    counts = {filling: sum(row.filling == filling for row in crosswalk.fields) for filling in FILLINGS}
    shown = [f"{count} {filling}" for filling, count in counts.items() if count]
    if crosswalk.unset:
        shown.append(f"{len(crosswalk.unset)} without a value")
    fates: dict[str, int] = {}
    for _, fate in crosswalk.fates:
        fates[fate] = fates.get(fate, 0) + 1
    came = [f"{count} {fate}" for fate, count in fates.items()]
    return f"Target fields: {', '.join(shown) or 'none'}. Source fields: {', '.join(came) or 'none'}."


def dropped(crosswalk: Crosswalk) -> list[Reasoned]:
    """The source fields that are left behind, those of one reason together."""
    return _together((left.path, _why_left(left)) for left in crosswalk.dropped)


def _why_left(left: Left) -> str:
    """The mapping's word, and what the field is read for."""
    decides = f"Only decides about {listed(map(path_code, left.decides))}." if left.decides else ""
    why = left.why or ("" if decides else "Nothing is said of it.")
    return " ".join(text for text in (decides, why) if text)


def unset(crosswalk: Crosswalk) -> list[Reasoned]:
    """The target fields without a value, those of one reason together."""
    return _together((field.path, _why_unset(field)) for field in crosswalk.unset)


def _why_unset(field: Unset) -> str:
    return field.why or "Nothing is said of it."


def _together(pairs: Iterable[tuple[str, str]]) -> list[Reasoned]:
    found: dict[str, list[str]] = {}
    for path, why in pairs:
        found.setdefault(why, []).append(path)
    return [Reasoned(tuple(paths), why) for why, paths in found.items()]
