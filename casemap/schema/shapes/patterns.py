"""Patterns as automata: as much of the regular expressions of JSON Schema as most patterns need.

Read are literals, classes, groups, alternatives, repetitions and both anchors. For anything else (look-around,
references to groups, flags, `\\b`, …) there is no automaton, and nothing is claimed of the pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["ALL", "Automaton", "CharacterSet", "automaton_of"]

CharacterSet = tuple[tuple[int, int], ...]
"""Ranges of code points, both ends included, in order and apart."""

_LAST = 0x10FFFF
ALL: CharacterSet = ((0, _LAST),)
_LINE_ENDS: CharacterSet = ((10, 10), (13, 13), (0x2028, 0x2029))
_DIGITS: CharacterSet = ((48, 57),)
_WORD: CharacterSet = ((48, 57), (65, 90), (95, 95), (97, 122))
_WHITE: CharacterSet = (
    *((9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": _WHITE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}

_MOST_STATES = 20_000
_DEEPEST = 60
_TIMES = re.compile(r"\{([0-9]{1,5})(?:(,)([0-9]{1,5})?)?\}")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")


class _UnreadError(Exception):
    """The pattern has something that is not read here."""


@dataclass(slots=True)
class Automaton:
    """States are numbers, `start` and `end` among them; a text is in the language if one way through it leads to `end`.

    Of a state: `steps` are the sets of characters and where they lead, `free` the states that need no character,
    `at_start` and `at_end` those that need none at the start and at the end of the text.
    """

    start: int = 0
    end: int = 0
    steps: list[list[tuple[CharacterSet, int]]] = field(default_factory=list)
    free: list[list[int]] = field(default_factory=list)
    at_start: list[list[int]] = field(default_factory=list)
    at_end: list[list[int]] = field(default_factory=list)

    def state(self) -> int:
        """A new state."""
        if len(self.steps) >= _MOST_STATES:
            raise _UnreadError
        self.steps.append([])
        for table in (self.free, self.at_start, self.at_end):
            table.append([])
        return len(self.steps) - 1


def automaton_of(pattern: str, dot: bool) -> Automaton | None:
    """The automaton of a pattern that is searched in a text, from where it begins to where it ends; None if unread.

    `dot` says whether `.` is taken for every character, else for those that end no line in any dialect.
    """
    reader = _Reader(pattern, complement(_LINE_ENDS) if not dot else ALL)
    try:
        automaton = reader.automaton
        automaton.start, automaton.end = reader.choice(0)
        return automaton if reader.at == len(pattern) else None
    except _UnreadError:
        return None


def complement(characters: CharacterSet) -> CharacterSet:
    """All characters but these."""
    ranges: list[tuple[int, int]] = []
    following = 0
    for first, last in characters:
        if first > following:
            ranges.append((following, first - 1))
        following = last + 1
    return (*ranges, (following, _LAST)) if following <= _LAST else tuple(ranges)


def _united(characters: list[tuple[int, int]]) -> CharacterSet:
    ranges: list[tuple[int, int]] = []
    for first, last in sorted(characters):
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], max(last, ranges[-1][1])
        else:
            ranges.append((first, last))
    return tuple(ranges)


_Piece = tuple[int, int]
"""A part of the automaton: its first and its last state."""


class _Reader:
    """One walk through a pattern, which builds the automaton as it goes."""

    def __init__(self, pattern: str, dot: CharacterSet) -> None:
        self.pattern = pattern
        self.dot = dot
        self.at = 0
        self.automaton = Automaton()
        self._classes: dict[int, tuple[CharacterSet, int]] = {}

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def choice(self, depth: int) -> _Piece:
        """Alternatives, up to the end or to the `)` of the group."""
        if depth > _DEEPEST:
            raise _UnreadError
        first, last = self.automaton.state(), self.automaton.state()
        while True:
            start, end = self._sequence(depth)
            self.automaton.free[first].append(start)
            self.automaton.free[end].append(last)
            if not self._take("|"):
                return first, last

    def _sequence(self, depth: int) -> _Piece:
        first = last = self.automaton.state()
        while self._next() not in ("", "|", ")"):
            began = self.at
            start, end = self._atom(depth)
            start, end = self._repeated(began, (start, end), depth)
            self.automaton.free[last].append(start)
            last = end
        return first, last

    def _atom(self, depth: int) -> _Piece:
        character = self._next()
        self.at += 1
        match character:
            case "(":
                return self._group(depth)
            case "[":
                return self._characters(self._class_here())
            case ".":
                return self._characters(self.dot)
            case "\\":
                return self._characters(self._escape())
            case "^" | "$":
                first, last = self.automaton.state(), self.automaton.state()
                (self.automaton.at_start if character == "^" else self.automaton.at_end)[first].append(last)
                return first, last
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise _UnreadError
        return self._characters(((ord(character), ord(character)),))

    def _group(self, depth: int) -> _Piece:
        if self._next() == "?" and not self._take("?:"):
            raise _UnreadError
        piece = self.choice(depth + 1)
        if not self._take(")"):
            raise _UnreadError
        return piece

    def _characters(self, characters: CharacterSet) -> _Piece:
        first, last = self.automaton.state(), self.automaton.state()
        self.automaton.steps[first].append((characters, last))
        return first, last

    def _escape(self) -> CharacterSet:
        character = self._next()
        self.at += 1
        if character.lower() in _CLASSES and character:
            found = _CLASSES[character.lower()]
            return found if character.islower() else complement(found)
        if character in _CONTROLS:
            return ((_CONTROLS[character], _CONTROLS[character]),)
        code = _CODE.match(self.pattern, self.at - 1)
        if code is not None:
            self.at = code.end()
            number = int(code[1] or code[2], 16)
            return ((number, number),)
        if not character or character.isalnum() or not character.isascii() or character.isspace():
            raise _UnreadError
        return ((ord(character), ord(character)),)

    def _class_here(self) -> CharacterSet:
        """A class, which is read once however often it is repeated."""
        began = self.at
        if began not in self._classes:
            self._classes[began] = self._class(), self.at
        found, self.at = self._classes[began]
        return found

    def _class(self) -> CharacterSet:
        negated = self._take("^")
        found: list[tuple[int, int]] = []
        while not self._take("]"):
            one = self._in_class()
            if self._next() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                other = self._in_class()
                if one[0][0] != one[-1][1] or other[0][0] != other[-1][1] or one[0][0] > other[0][0]:
                    raise _UnreadError
                one = ((one[0][0], other[0][0]),)
            found += one
        if not found:
            raise _UnreadError
        return complement(_united(found)) if negated else _united(found)

    def _in_class(self) -> CharacterSet:
        # engines differ on what these mean in a class: operators on sets, or themselves
        if self.pattern.startswith(("[", "&&", "--", "~~"), self.at) or not self._next():
            raise _UnreadError
        character = self._next()
        self.at += 1
        return self._escape() if character == "\\" else ((ord(character), ord(character)),)

    def _repeated(self, began: int, piece: _Piece, depth: int) -> _Piece:
        """The piece, or what the repetition after it makes of it: more pieces are read from the same text."""
        least, most, ended = self._times()
        if ended == self.at:
            return piece
        if self.pattern[ended : ended + 1] == "?":  # lazy: another way to the same texts
            ended += 1
        if self.pattern[ended : ended + 1] in ("*", "+", "?", "{"):
            raise _UnreadError
        automaton = self.automaton
        first = last = automaton.state()
        copies = [piece]
        for _ in range(max(least, most if most is not None else 1, 1) - 1):
            self.at = began
            copies.append(self._atom(depth))
        final = automaton.state()
        for number, (start, end) in enumerate(copies):
            if number >= least:
                automaton.free[last].append(final)
            if most == 0:
                break
            automaton.free[last].append(start)
            last = end
        automaton.free[last].append(final)
        if most is None:
            automaton.free[copies[-1][1]].append(copies[-1][0])
        self.at = ended
        return first, final

    def _times(self) -> tuple[int, int | None, int]:
        """How often at least and at most, and where that ends; where nothing is said, it ends where it begins."""
        match self._next():
            case "*":
                return 0, None, self.at + 1
            case "+":
                return 1, None, self.at + 1
            case "?":
                return 0, 1, self.at + 1
            case "{":
                times = _TIMES.match(self.pattern, self.at)
                if times is None:
                    raise _UnreadError
                least = int(times[1])
                most = least if times[2] is None else int(times[3]) if times[3] else None
                if most is not None and most < least:
                    raise _UnreadError
                return least, most, times.end()
        return 1, 1, self.at
