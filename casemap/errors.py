"""The exceptions of casemap. Each carries its problems as data; all derive from `CasemapError`."""

from __future__ import annotations

from collections.abc import Iterable

from casemap.problem import Problem

__all__ = ["CasemapError", "ConversionError", "Failure", "MappingError"]


class CasemapError(Exception):
    """Something that a user can cause went wrong; `problems` says what, where, and what to do next."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class ConversionError(CasemapError):
    """One payload cannot be converted."""


class MappingError(CasemapError):
    """A mapping, schema, param or project is wrong: nothing can be converted with it."""


class Failure(Exception):
    """A function or operator cannot do its work on this value: the record is rejected.

    Internal: raised by the implementations of functions, caught by the converter, which adds the places and makes
    a `Problem` of it.
    """

    def __init__(self, code: str, message: str, help: str = "") -> None:
        super().__init__(code, message, help)
        self.code = code
        self.message = message
        self.help = help
