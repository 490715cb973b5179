"""Names of classes: from titles, without numbers, and the same whatever else is generated."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable

__all__ = ["ClassNames", "class_name", "module_name"]

_RESERVED = frozenset(
    [
        "Annotated",
        "Any",
        "BaseModel",
        "ClassVar",
        "ConfigDict",
        "Dict",
        "Document",
        "Enum",
        "Field",
        "Generic",
        "Integer",
        "Json",
        "List",
        "Literal",
        "MISSING",
        "Model",
        "Never",
        "None",
        "Nothing",
        "Number",
        "Optional",
        "Root",
        "RootModel",
        "Rule",
        "StrEnum",
        "StrictBool",
        "StrictStr",
        "True",
        "False",
        "Type",
        "TypeAlias",
        "TypeAliasType",
        "Union",
    ]
)
"""Names that a generated module uses itself."""


def class_name(text: str) -> str:
    """`Case list` as `CaseList`; empty where the text has nothing that a name can begin with."""
    words = re.split(r"[\W_]+", unicodedata.normalize("NFKC", text))
    name = "".join(word[0].upper() + word[1:] for word in words if word).lstrip("0123456789")
    return name[:1].upper() + name[1:] if name.isidentifier() else ""


def module_name(format: str) -> str:
    """The module of a format: `our-crm` as `our_crm`."""
    name = re.sub(r"\W", "_", unicodedata.normalize("NFKC", format))
    name = name if name.isidentifier() else f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


class ClassNames:
    """Gives each definition of a module a name of its own."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._taken: set[str] = set(_RESERVED)

    def take(self, candidates: Iterable[str]) -> str:
        """The first candidate that is free, as a class name; failing that, the last one with words added."""
        last = "Value"
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
