"""Room for passes over deep trees: mappings are nested by hand, but the trees that they become are deeper."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from casemap.errors import MappingError
from casemap.problem import Problem

__all__ = ["deep_trees"]

LIMIT = 6_000
"""Python frames. The passes take three or four a level; Python's own compiler nests a hundred."""


@contextmanager
def deep_trees(file: str, line: int | None = None) -> Iterator[None]:
    """Raises `MappingError` (CM221) at that place where a mapping is nested more deeply than can be handled."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, LIMIT))
    try:
        yield
    except (RecursionError, MemoryError, SyntaxError) as error:
        message = "the mapping is nested too deeply to be compiled"
        help = "Name parts of it with `let` or `definitions`, or split it into mappings that `use` each other."
        if isinstance(error, SyntaxError) and "too many statically nested" in str(error):
            message = "loops are nested more than 20 deep"
        raise MappingError([Problem("CM221", message, help, file=file, line=line, column=1)]) from None
    finally:
        sys.setrecursionlimit(before)
