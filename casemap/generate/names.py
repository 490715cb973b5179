"""Names of classes: from titles, without numbers, and the same whatever else is generated."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable, Sequence

from casemap.generate.keywords import FORMATS

__all__ = [
    "SUPPORT_CLASSES", "SUPPORT_MODULE", "ClassNames", "class_name", "format_class", "member_names", "module_name",
]  # fmt: skip

SUPPORT_MODULE = "_support"
"""The name of the copy of `casemap.generate.support` in a package of models."""

SUPPORT_CLASSES = (
    "JsonInteger", "JsonNumber", "JsonValue", "NoValue", "ObjectModel", "RuledModel", "SchemaRule", "ValueModel",
)  # fmt: skip
"""What `casemap.generate.support` has, beside a class for each format."""


def format_class(format: str) -> str:
    """The class of the support module for texts of a format: `DateTimeText` for `date-time`."""
    return "".join(word.capitalize() for word in format.split("-")) + "Text"


_RESERVED = frozenset((
    "Annotated", "Any", "BaseModel", "ClassVar", "ConfigDict", "Dict", "Enum", "False", "Field", "GetCoreSchemaHandler",
    "GetJsonSchemaHandler", "GetPydanticSchema", "List", "Literal", "MISSING", "Mapping", "Never", "None", "Optional",
    "PydanticCustomError", "Root", "RootModel", "Self", "StrEnum", "StrictBool", "StrictStr", "True", "TypeAliasType",
    "TypeVar", "Union", *SUPPORT_CLASSES, *map(format_class, FORMATS),
))  # fmt: skip
"""Names that generated modules use themselves."""


def class_name(text: str) -> str:
    """`Case list` as `CaseList`; empty where the text has nothing that a name can begin with."""
    words = re.split(r"[\W_]+", unicodedata.normalize("NFKC", text))
    name = "".join(word[0].upper() + word[1:] for word in words if word).lstrip("0123456789")
    return name[:1].upper() + name[1:] if name.isidentifier() else ""


def module_name(format: str) -> str:
    """The module of a format: `our-crm` as `our_crm`."""
    name = re.sub(r"\W", "_", unicodedata.normalize("NFKC", format))
    name = name if name.isidentifier() else f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in ("__init__", SUPPORT_MODULE) else name


def member_names(texts: Sequence[str]) -> list[str]:
    """Names for the members of an enum class: `OPEN` for `open`; by number where texts differ in signs alone."""
    names: list[str] = []
    for text in texts:
        plain = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", text)).strip("_").upper() or "EMPTY"
        name = plain if plain.isidentifier() else f"VALUE_{plain}"
        found, number = name, 2
        while found in names or found in ("MRO", "NAME", "VALUE"):
            found, number = f"{name}_{number}", number + 1
        names.append(found)
    return names


class ClassNames:
    """Gives each definition of a module a name of its own."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._taken: set[str] = set(_RESERVED)

    def take(self, candidates: Iterable[str]) -> str:
        """The first candidate that is free, as a class name; failing that, the last one with words added."""
        last = f"{self._prefix}Value"
        for candidate in candidates:
            name = class_name(candidate)
            if not name:
                continue
            last = self._prefix + name
            if last not in self._taken:
                self._taken.add(last)
                return last
        while last in self._taken:
            last += "Model"
        self._taken.add(last)
        return last
