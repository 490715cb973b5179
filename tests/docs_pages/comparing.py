"""Whether what was printed is what a page shows.

A line `…` of a page stands for lines that are left out there, none or many. Where figures are another time's or another
machine's, numbers are compared as numbers: any other number will do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["LEFT_OUT", "is_shown", "shape"]

LEFT_OUT = "…"
_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_SYSTEM = re.compile(r"(?<=^Measured with )[^;]+")
_MISSING = {"(not installed)": "#", "not installed": "# µs · # F"}
"""What a benchmark says of a library that is not there, in place of its version and of its time."""


def shape(line: str) -> str:
    """A line with a mark for each number in it, and for the system that figures were measured on."""
    for missing, found in _MISSING.items():
        line = line.replace(missing, found)
    return _NUMBER.sub("#", _SYSTEM.sub("#", line))


def is_shown(printed: str, shown: str, *, figures_differ: bool = False) -> bool:
    """Whether a page shows what was printed."""
    pair = [printed.splitlines(), [LEFT_OUT if line.strip() == LEFT_OUT else line for line in shown.splitlines()]]
    if figures_differ:
        pair = [[shape(line) for line in lines] for lines in pair]
    return _matches(*pair)


def _matches(printed: Sequence[str], shown: Sequence[str]) -> bool:
    if LEFT_OUT not in shown:
        return printed == shown
    at = shown.index(LEFT_OUT)
    if printed[:at] != shown[:at]:
        return False
    rest = shown[at + 1 :]
    return any(_matches(printed[start:], rest) for start in range(at, len(printed) + 1))
