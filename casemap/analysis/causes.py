"""Why a value is absent, as data and in words: `without customer.id, customer.email and title`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["ALWAYS", "AllOf", "AnyOf", "Cause", "Missing", "Unmet", "all_of", "any_of", "listed", "words"]

MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Missing:
    """A source field is not there, or null."""

    path: str


@dataclass(frozen=True, slots=True)
class Unmet:
    """Something else; `words` follow on "a case", as in "for which `x == 1` does not hold"."""

    words: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these at once. Of none: always."""

    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any of these alone."""

    causes: tuple[Cause, ...]


Cause = Missing | Unmet | AllOf | AnyOf

ALWAYS = AllOf(())
"""Of a value that is never there."""


def all_of(causes: Iterable[Cause | None]) -> Cause | None:
    """All of these at once; None if one of them never is."""
    found: dict[Cause, None] = {}
    for cause in causes:
        if cause is None:
            return None
        found.update(dict.fromkeys(cause.causes if isinstance(cause, AllOf) else (cause,)))
    return next(iter(found)) if len(found) == 1 else AllOf(tuple(found))


def any_of(causes: Iterable[Cause | None]) -> Cause | None:
    """Any of these; None if none ever is."""
    found: dict[Cause, None] = {}
    for cause in causes:
        if cause == ALWAYS:
            return ALWAYS
        if cause is not None:
            found.update(dict.fromkeys(cause.causes if isinstance(cause, AnyOf) else (cause,)))
    if not found:
        return None
    return next(iter(found)) if len(found) == 1 else AnyOf(tuple(found))


def words(cause: Cause) -> str:
    """The cause in words that follow on "a case"."""
    match cause:
        case Missing():
            return f"without `{cause.path}`"
        case Unmet():
            return cause.words
        case AnyOf():
            return _alternatives(cause)
    paths = [each.path for each in cause.causes if isinstance(each, Missing)]
    others = [words(each) for each in cause.causes if not isinstance(each, Missing)]
    parts = ([f"without {listed(paths, 'and')}"] if paths else []) + others
    if not parts:
        return "of any kind"
    more = f", and {len(parts) - MOST_NAMED} more" if len(parts) > MOST_NAMED else ""
    return ", and ".join(parts[:MOST_NAMED]) + more


def _alternatives(cause: AnyOf) -> str:
    paths = [each.path for each in cause.causes if isinstance(each, Missing)]
    others = [words(each) for each in cause.causes if not isinstance(each, Missing)]
    parts = ([f"without {listed(paths, 'or')}"] if paths else []) + others
    more = f", or {len(parts) - MOST_NAMED} more" if len(parts) > MOST_NAMED else ""
    return ", or ".join(parts[:MOST_NAMED]) + more


def listed(paths: Iterable[str], last: str) -> str:
    """Paths in words: "`a`, `b` and `c`"; of many the first, with how many more there are."""
    quoted = [f"`{path}`" for path in dict.fromkeys(paths)]
    if len(quoted) > MOST_NAMED:
        quoted = [*quoted[: MOST_NAMED - 1], f"{len(quoted) - MOST_NAMED + 1} more"]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
