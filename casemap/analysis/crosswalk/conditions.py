"""Conditions as data: what must hold, in words, with what follows from each other left out.

A condition that is absent counts as false, so each is either true or not, and its negation is exactly that.
"""

from __future__ import annotations

from dataclasses import dataclass

from casemap.analysis.crosswalk.spans import listed

__all__ = [
    "ALWAYS",
    "NEVER",
    "All",
    "Condition",
    "Either",
    "Statement",
    "all_of",
    "any_of",
    "given",
    "negated",
    "words_of",
]


MOST_STATEMENTS = 24


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement about a subject, and its contrary. It `shows` the subject if it holds only of one that is there.

    `value` is what the subject is said to be, where it is one value: it is no other then. `contrary_value` is that of
    the contrary.
    """

    words: str
    contrary: str
    subject: str = ""
    shows: bool = False
    value: str = ""
    contrary_value: str = ""

    @property
    def presence(self) -> bool:
        """Whether it says no more than that the subject is there."""
        return self.words == f"{self.subject} is there"


@dataclass(frozen=True, slots=True)
class All:
    """Each of them; without any it always holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of them; without any it never holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Unsaid:
    """A condition that is too long to be told. No two are known to be the same."""


Condition = Statement | All | Either | Unsaid
ALWAYS = All(())
NEVER = Either(())


def all_of(*conditions: Condition) -> Condition:
    """What holds if each of them does."""
    parts: list[Condition] = []
    for condition in conditions:
        parts += condition.parts if isinstance(condition, All) else [condition]
    shown = {part.subject for part in parts if isinstance(part, Statement) and part.shows and not part.presence}
    parts = [part for part in dict.fromkeys(_settled(parts)) if not _follows(part, shown)]
    if NEVER in parts or any(_excluded(part, parts) for part in parts):
        return NEVER
    return parts[0] if len(parts) == 1 else _told(All(tuple(parts)))


def _settled(conditions: list[Condition]) -> list[Condition]:
    """Conditions that hold together: alternatives that others deny are left out, and what others state."""
    stated = {condition.words for condition in conditions if isinstance(condition, Statement)}
    found: list[Condition] = []
    for condition in conditions:
        if isinstance(condition, Either):
            if not any(isinstance(part, Statement) and part.words in stated for part in condition.parts):
                kept = any_of(*(part for part in condition.parts if not _excluded(part, conditions)))
                found += kept.parts if isinstance(kept, All) else [kept]
        else:
            found.append(condition)
    return found


def _excluded(condition: Condition, others: list[Condition]) -> bool:
    """Whether a statement cannot hold beside others."""
    return isinstance(condition, Statement) and any(
        isinstance(other, Statement)
        and (
            condition.contrary == other.words
            or (condition.subject == other.subject and "" != condition.value != other.value != "")
        )
        for other in others
    )


def _without_contraries(conditions: list[Condition]) -> list[Condition]:
    """Alternatives: what holds only without one of the others need not say so."""
    stated = {condition.words for condition in conditions if isinstance(condition, Statement)}
    found: list[Condition] = []
    for condition in conditions:
        if isinstance(condition, All) and any(_denies(part, stated) for part in condition.parts):
            kept = any_of(all_of(*(part for part in condition.parts if not _denies(part, stated))))
            found += kept.parts if isinstance(kept, Either) else [kept]
        else:
            found.append(condition)
    return found


def _denies(condition: Condition, stated: set[str]) -> bool:
    return isinstance(condition, Statement) and condition.contrary in stated


def _exhaust(conditions: list[Condition]) -> bool:
    """Whether there is a statement beside its contrary: one of them holds."""
    stated = {condition.words for condition in conditions if isinstance(condition, Statement)}
    return any(_denies(condition, stated) for condition in conditions)


def _follows(condition: Condition, shown: set[str]) -> bool:
    """Whether a condition holds as soon as all of these are there."""
    if isinstance(condition, Statement):
        return condition.presence and condition.subject in shown
    if isinstance(condition, Unsaid):
        return False
    if isinstance(condition, Either):
        return any(_follows(part, shown) for part in condition.parts)
    return all(_follows(part, shown) for part in condition.parts)


def any_of(*conditions: Condition) -> Condition:
    """What holds if one of them does."""
    parts: list[Condition] = []
    for condition in conditions:
        parts += condition.parts if isinstance(condition, Either) else [condition]
    parts = list(dict.fromkeys(_without_contraries(parts)))
    if ALWAYS in parts or _exhaust(parts):
        return ALWAYS
    return parts[0] if len(parts) == 1 else _told(Either(tuple(parts)))


def _told(condition: All | Either) -> Condition:
    return condition if _size(condition) <= MOST_STATEMENTS else Unsaid()


def _size(condition: Condition) -> int:
    return sum(map(_size, condition.parts)) if isinstance(condition, All | Either) else 1


def given(condition: Condition, there: set[str]) -> Condition:
    """What is left of a condition where it is known that these subjects are there."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    return all_of(*(part for part in parts if not _follows(part, there)))


def negated(condition: Condition) -> Condition:
    """What holds exactly if the condition does not."""
    match condition:
        case Statement():
            shows = condition.contrary == f"{condition.subject} is there"
            return Statement(
                condition.contrary, condition.words, condition.subject, shows, condition.contrary_value, condition.value
            )
        case Unsaid():
            return Unsaid()
        case All():
            return any_of(*(negated(part) for part in condition.parts))
    return all_of(*(negated(part) for part in condition.parts))


def words_of(condition: Condition) -> str:
    """The condition in words; empty where it always holds."""
    match condition:
        case Statement():
            return condition.words
        case Unsaid():
            return "a condition holds that is too long to be told"
        case All():
            return listed(_inner(part) for part in condition.parts)
    return listed((_inner(part) for part in condition.parts), "or") or "never"


def _inner(condition: Condition) -> str:
    words = words_of(condition)
    return words if isinstance(condition, Statement | Unsaid) else f"({words})"
