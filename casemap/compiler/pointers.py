"""Places in a payload or a result as generated code knows them: steps, some of which are known at run time alone."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Index", "Length", "Pointer"]


@dataclass(frozen=True, slots=True)
class Index:
    """A step of a payload path that is known at run time: the value of a local variable."""

    variable: str


@dataclass(frozen=True, slots=True)
class Length:
    """A step of a target path that is known at run time: the length of a local array."""

    variable: str


Pointer = tuple[str | int | Index | Length, ...]
