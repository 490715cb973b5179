"""The languages of texts: whether every text of some patterns is found by another, what formats and lengths imply.

The algebra of schemas compares patterns by their text alone. Here they are run side by side, as automata.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from casemap.schema.formats import PATTERNS
from casemap.schema.shapes.lengths import lengths_of
from casemap.schema.shapes.patterns import Automaton, CharacterSet, automaton_of
from casemap.schema.shapes.plain import Shape, types_of
from casemap.schema.shapes.values import values_of

__all__ = ["included", "text_lengths", "texts_covered"]

_UUID = "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"
_WRITTEN = {**PATTERNS, "uuid": _UUID, "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:[!-~]*$", "uri-reference": "^[!-~]*$"}
"""Patterns that every text of a format has."""
_EXACT = {"uuid": _UUID}
"""Formats that are nothing but their pattern."""
_IMPLIED = {
    "uri": ("uri-reference", "iri", "iri-reference"),
    "uri-reference": ("iri-reference",),
    "iri": ("iri-reference",),
}
"""Formats of which every text of a format is one too (RFC 3986, section 4.1; RFC 3987, section 2.2)."""

_SCHEME = "^[A-Za-z][A-Za-z0-9+.-]*:"

_MOST_PAIRS = 8_000
_LONGEST = 100


def texts_covered(keyword: str, value: Any, narrow: Shape) -> bool:
    """Whether `pattern`, `format`, `minLength` or `maxLength` with a value surely hold for every text of a shape."""
    if keyword in ("minLength", "maxLength"):
        least, most = text_lengths(narrow)
        return bool(least >= value if keyword == "minLength" else most is not None and most <= value)
    texts = _texts(narrow)
    if keyword == "format" and (value in texts.formats or _is_absolute(value, texts)):
        return True
    wide = value if keyword == "pattern" else _EXACT.get(value)
    if wide is None:
        return False
    if included(tuple(sorted(texts.patterns)), wide):
        return True
    length = _length_pattern(texts)
    return length is not None and included((*sorted(texts.patterns), length), wide)


def text_lengths(shape: Shape) -> tuple[int, int | None]:
    """The least and the greatest length of the texts of a shape, as far as they are known: in code points."""
    if not isinstance(shape, dict):
        return 0, None
    values = values_of(shape)
    if values is not None:
        lengths = [len(value) for value in values if isinstance(value, str)]
        return min(lengths, default=0), max(lengths, default=None)
    texts = _texts(shape)
    found = [(texts.least, texts.most), *(lengths_of(pattern) for pattern in texts.patterns)]
    branches = [text_lengths(part) for part in shape.get("anyOf", ()) if "string" in types_of(part)]
    if branches:
        most = [length for _, length in branches]
        greatest = None if None in most else max(length for length in most if length is not None)
        found.append((min(least for least, _ in branches), greatest))
    return max(least for least, _ in found), min((most for _, most in found if most is not None), default=None)


def _is_absolute(form: str, texts: _Texts) -> bool:
    """A reference that begins with a scheme is a URI: RFC 3986, section 4.1; for IRIs RFC 3987, section 2.2."""
    return f"{form}-reference" in texts.formats and included(tuple(sorted(texts.patterns)), _SCHEME)


@dataclass(slots=True)
class _Texts:
    """What every text of a shape has."""

    patterns: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)
    least: int = 0
    most: int | None = None


def _texts(shape: Shape) -> _Texts:
    found = _Texts()
    parts = [shape]
    while parts:
        part = parts.pop()
        if not isinstance(part, dict):
            continue
        if "pattern" in part:
            found.patterns.add(part["pattern"])
        if "format" in part:
            found.formats |= {part["format"], *_IMPLIED.get(part["format"], ())}
        found.least = max(found.least, int(part.get("minLength", 0)))
        if "maxLength" in part:
            found.most = int(part["maxLength"]) if found.most is None else min(found.most, int(part["maxLength"]))
        parts += part.get("allOf", ())
    found.patterns |= {_WRITTEN[name] for name in found.formats & _WRITTEN.keys()}
    return found


def _length_pattern(texts: _Texts) -> str | None:
    """The lengths as a pattern, where they say something and it is short."""
    if (not texts.least and texts.most is None) or max(texts.least, texts.most or 0) > _LONGEST:
        return None
    return f"^[\\s\\S]{{{texts.least},{'' if texts.most is None else texts.most}}}$"


@lru_cache(maxsize=4096)
def included(patterns: tuple[str, ...], wide: str) -> bool:
    """Whether it is certain that the wide pattern is found in every text in which all of the patterns are found."""
    if wide in patterns:
        return True
    target = automaton_of(wide, dot=False)
    # a pattern that cannot be read is left out: without it there are more texts, and never fewer
    narrow = [found for pattern in patterns if (found := automaton_of(pattern, dot=True)) is not None]
    return target is not None and _none_left([*narrow, target])


def _none_left(automata: list[Automaton]) -> bool:
    """Whether no text is in the language of all automata but the last; False also where the search grows too large."""
    alphabet = _letters(automata)
    runs = [_Run(automaton, alphabet) for automaton in automata]
    if all(run.accepts_nothing for run in runs[:-1]) and not runs[-1].accepts_nothing:
        return False
    first = tuple(run.first for run in runs)
    waiting, seen = [first], {first}
    while waiting:
        states = waiting.pop()
        for letter in range(len(alphabet)):
            after = tuple(run.after(state, letter) for run, state in zip(runs, states, strict=True))
            if after in seen or runs[-1].is_found(after[-1]) or not all(after[:-1]):
                continue
            accepting = [run.accepts(state) for run, state in zip(runs, after, strict=True)]
            if len(seen) > _MOST_PAIRS or (all(accepting[:-1]) and not accepting[-1]):
                return False
            seen.add(after)
            waiting.append(after)
    return True


def _letters(automata: list[Automaton]) -> list[frozenset[CharacterSet]]:
    """The alphabet: characters that no set tells apart are one letter, which is the sets that it is in."""
    sets = {characters for automaton in automata for steps in automaton.steps for characters, _ in steps}
    bounds = {0, 0xD800, 0xE000}
    for characters in sets:
        for first, last in characters:
            bounds |= {first, last + 1}
    surrogates = range(0xD800, 0xE000)
    letters = {
        frozenset(each for each in sets if any(low <= point <= high for low, high in each))
        for point in bounds
        if point <= 0x10FFFF and point not in surrogates
    }
    return sorted(letters, key=sorted)


class _Run:
    """An automaton made deterministic on the way: a state is the set of the automaton's own that it can be in.

    The pattern is searched for: it may begin at each character, and what follows its end does not count.
    """

    def __init__(self, automaton: Automaton, alphabet: list[frozenset[CharacterSet]]) -> None:
        self.automaton = automaton
        self.alphabet = alphabet
        self.accepts_nothing = automaton.end in self._closed({automaton.start}, start=True, end=True)
        self.first = self._closed({automaton.start}, start=True)
        self.again = self._closed({automaton.start}, start=False)
        self._after: dict[tuple[frozenset[int], int], frozenset[int]] = {}
        self._accepting: dict[frozenset[int], bool] = {}

    def is_found(self, state: frozenset[int]) -> bool:
        """Whether the pattern has been found, whatever follows."""
        return self.automaton.end in state

    def accepts(self, state: frozenset[int]) -> bool:
        """Whether the pattern is found if the text ends here."""
        found = self._accepting.get(state)
        if found is None:
            found = self._accepting[state] = self.automaton.end in self._closed(set(state), start=False, end=True)
        return found

    def after(self, state: frozenset[int], letter: int) -> frozenset[int]:
        """The state after one more character."""
        if self.automaton.end in state:
            return state
        found = self._after.get((state, letter))
        if found is None:
            sets = self.alphabet[letter]
            reached = {to for one in state for characters, to in self.automaton.steps[one] if characters in sets}
            found = self._after[state, letter] = self._closed(reached, start=False) | self.again
        return found

    def _closed(self, states: set[int], start: bool, end: bool = False) -> frozenset[int]:
        """With all states that are reached without a character, and without those from which nothing more leads."""
        automaton = self.automaton
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            reached = automaton.free[state]
            if start:
                reached = reached + automaton.at_start[state]
            if end:
                reached = reached + automaton.at_end[state]
            new = [one for one in reached if one not in states]
            states.update(new)
            waiting += new
        return frozenset(one for one in states if automaton.steps[one] or automaton.at_end[one] or one == automaton.end)
