"""How short and how long the texts of a pattern are."""

from __future__ import annotations

from collections import deque
from functools import lru_cache

from casemap.schema.shapes.patterns import Automaton, automaton_of

__all__ = ["lengths_of"]


@lru_cache(maxsize=4096)
def lengths_of(pattern: str) -> tuple[int, int | None]:
    """The least and the greatest length that a text in which the pattern is found can have, as far as it is known.

    No text is shorter or longer; None where there is no greatest length, or none is known.
    """
    automaton = automaton_of(pattern, dot=True)
    if automaton is None:
        return 0, None
    return _least(automaton), _greatest(automaton)


def _least(automaton: Automaton) -> int:
    """The fewest characters on a way from the start to the end."""
    waiting, seen = deque([(automaton.start, 0)]), set[int]()
    while waiting:
        state, length = waiting.popleft()
        if state == automaton.end:
            return length
        if state in seen:
            continue
        seen.add(state)
        waiting.extendleft((after, length) for after in _without_character(automaton, state))
        waiting.extend((after, length + 1) for _, after in automaton.steps[state])
    return 0  # there is no way: nothing is claimed of no text


def _greatest(automaton: Automaton) -> int | None:
    """The most characters on a way, where each way begins at the start of the text and ends at its end."""
    if automaton.end in _reached(automaton, bounds=(False, True)):
        return None
    if automaton.end in _reached(automaton, bounds=(True, False)):
        return None
    before = _before(automaton, _reached(automaton, bounds=(True, True)))
    useful = {automaton.end}
    waiting = [automaton.end]
    while waiting:
        new = {state for state, _ in before.get(waiting.pop(), ())} - useful
        useful |= new
        waiting += new
    return _longest(
        automaton, {state: [pair for pair in before.get(state, ()) if pair[0] in useful] for state in useful}
    )


def _longest(automaton: Automaton, before: dict[int, list[tuple[int, int]]]) -> int | None:
    """The longest way to the end; None if a circle leads there. `before` has the states before one, and the weights."""
    after: dict[int, list[int]] = {}
    for state, pairs in before.items():
        for one, _ in pairs:
            after.setdefault(one, []).append(state)
    missing = {state: len(pairs) for state, pairs in before.items()}
    ready = [state for state, count in missing.items() if not count]
    longest: dict[int, int] = {}
    while ready:
        state = ready.pop()
        longest[state] = max((longest[one] + weight for one, weight in before[state]), default=0)
        for one in after.get(state, ()):
            missing[one] -= 1
            if not missing[one]:
                ready.append(one)
    return longest.get(automaton.end) if len(longest) == len(before) else None


def _without_character(automaton: Automaton, state: int, bounds: tuple[bool, bool] = (True, True)) -> list[int]:
    found = automaton.free[state]
    if bounds[0]:
        found = found + automaton.at_start[state]
    return found + automaton.at_end[state] if bounds[1] else found


def _reached(automaton: Automaton, bounds: tuple[bool, bool]) -> set[int]:
    """The states on ways from the start, with or without those through `^` and `$`."""
    seen, waiting = {automaton.start}, [automaton.start]
    while waiting:
        state = waiting.pop()
        new = {*_without_character(automaton, state, bounds), *(after for _, after in automaton.steps[state])} - seen
        seen |= new
        waiting += new
    return seen


def _before(automaton: Automaton, states: set[int]) -> dict[int, list[tuple[int, int]]]:
    """Of each state those before it, with the number of characters in between."""
    found: dict[int, list[tuple[int, int]]] = {}
    for state in states:
        for after in _without_character(automaton, state):
            found.setdefault(after, []).append((state, 0))
        for _, after in automaton.steps[state]:
            found.setdefault(after, []).append((state, 1))
    return found
