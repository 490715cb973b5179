"""Names of attributes: a member whose name can stand as it is keeps it, the others find names beside those."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from casemap.generate.options import Options
from casemap.generate.shapes import Definition

__all__ = ["attribute_names", "attributes"]


_HIDDEN = {"SchemaRule": "SchemaRule_"}
"""What the rules of a class need and an attribute would hide; the generator knows of the other such names."""


def attributes(definitions: Sequence[Definition], options: Options) -> dict[str, str]:
    """For the generator: the attributes of all members that do not give theirs the name, by class and member."""
    found: dict[str, str] = {}
    for definition in definitions:
        if definition.is_class:
            names = attribute_names(definition.schema["properties"], options)
            found |= {f"{definition.name}.{member}": name for member, name in names.items() if member != name}
    return found


def attribute_names(members: Iterable[str], options: Options) -> dict[str, str]:
    """The attributes of the members of an object, no two the same.

    Python reads a name in its NFKC form (PEP 3131): a name in another form gives its attribute that form.
    """
    from datamodel_code_generator.format import PythonVersion
    from datamodel_code_generator.reference import ModelResolver

    resolver = ModelResolver(
        remove_special_field_name_prefix=True,
        snake_case_field=options.snake_case,
        target_python_version=PythonVersion(options.python),
    )
    pending = list(members)
    usable = {member: _normal(resolver.get_valid_field_name(_HIDDEN.get(member, member))) for member in pending}
    found = {member: member for member in pending if usable[member] == member}
    taken = {*_HIDDEN, *found}
    for member in pending:
        if member not in found:
            name, number = usable[member], 0
            while name in taken:
                number += 1
                name = f"{usable[member]}_{number}"
            found[member] = name
            taken.add(name)
    return {member: found[member] for member in pending}


def _normal(name: str) -> str:
    return unicodedata.normalize("NFKC", name)
