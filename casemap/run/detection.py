"""The document type of a payload whose type nobody said."""

from __future__ import annotations

from typing import Any, Protocol

from casemap.errors import ConversionError
from casemap.problem import Problem

__all__ = ["Detects", "detected_type", "is_array_of"]


class Detects(Protocol):
    """What is asked of a catalog."""

    def detect(self, payload: Any) -> str: ...
    def validate(self, payload: Any, type: str) -> list[Problem]: ...


def is_array_of(catalog: Detects, value: Any, type_name: str) -> bool:
    """Whether a value is an array while its type, that of its items, is not."""
    if not isinstance(value, list):
        return False
    samples: tuple[list[Any], ...] = (
        [],
        value[:1],
        value[:100],
    )  # a type of arrays may refuse some of them for their length
    return all(any(problem.path == "" for problem in catalog.validate(sample, type_name)) for sample in samples)


def detected_type(catalog: Detects, value: Any) -> str:
    """The type of a payload; an array that is of no type has that of itself with its first item, else of this item.

    So one bad record does not hide the type of the others. Raises `ConversionError` (CM507).
    """
    try:
        return catalog.detect(value)
    except ConversionError:
        if not isinstance(value, list) or not value:
            raise
        first = value[0]
    try:
        return catalog.detect([first])
    except ConversionError:
        return catalog.detect(first)
