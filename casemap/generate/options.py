"""What a user can choose about generated models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["ENUM_STYLES", "PYTHON_VERSIONS", "EnumStyle", "Options"]

PYTHON_VERSIONS = ("3.11", "3.12", "3.13", "3.14")

ENUM_STYLES = ("literal", "enum")

EnumStyle = Literal["literal", "enum"]


@dataclass(frozen=True, slots=True)
class Options:
    """Choices about generated models.

    `class_prefix` stands before each class name. `enums` writes a list of texts as a `Literal` or as a `StrEnum`.
    `python` is the oldest Python that the models must run on. `snake_case` names attributes `last_updated` for a
    member `lastUpdated`; the JSON keeps its names.
    """

    class_prefix: str = ""
    enums: EnumStyle = "literal"
    python: str = "3.11"
    snake_case: bool = False
