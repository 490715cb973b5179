"""Room for passes over deep trees: mappings are nested by hand, but the trees that they become are deeper."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from casemap.errors import MappingError
from casemap.problem import Problem

__all__ = ["deep_trees"]

LIMIT = 6_000
"""Python frames. The passes take three or four a level; Python's own compiler nests a hundred."""


_lock = Lock()
_within: list[int] = []
"""What the limit was for each that is inside, in any thread: it is one for all of them."""


def _entered() -> None:
    with _lock:
        _within.append(_within[0] if _within else sys.getrecursionlimit())
        sys.setrecursionlimit(max(_within[0], LIMIT))


def _left() -> None:
    """The last one of all threads puts the limit back."""
    with _lock:
        before = _within.pop()
        if not _within:
            sys.setrecursionlimit(before)


@contextmanager
def deep_trees(file: str, line: int | None = None) -> Iterator[None]:
    """Raises `MappingError` (CM221) at that place where a mapping is nested more deeply than can be handled."""
    _entered()
    try:
        yield
    except (RecursionError, MemoryError, SyntaxError) as error:
        message = "the mapping is nested too deeply to be compiled"
        help = "Name parts of it with `let` or `definitions`, or split it into mappings that `use` each other."
        if isinstance(error, SyntaxError) and "too many statically nested" in str(error):
            message = "loops are nested more than 20 deep"
        raise MappingError([Problem("CM221", message, help, file=file, line=line, column=1)]) from None
    finally:
        _left()
