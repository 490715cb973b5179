"""The fields of documents: a tree of names, in which the items of an array stand where the array does.

So `link.rel` is the `rel` of a link, or of each of several, as it is everywhere where a mapping names a field.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ANYTHING", "OTHERS", "Field", "Others", "Steps", "field_at", "leaves", "path_text"]


class Others(enum.Enum):
    """The step to the members of an object that its schema does not name."""

    OTHERS = "*"


OTHERS = Others.OTHERS

Steps = tuple[str | Others, ...]
"""The way to a field: member names, items of arrays left out."""


@dataclass(frozen=True, slots=True)
class Field:
    """A place in a document.

    `members` are those that the schema names, `others` stands for the rest where there can be any; they are
    `described` if the schema speaks of them (`additionalProperties`, `patternProperties`), and not if it merely does
    not forbid them. It is a `leaf` if a value here can be something else than an object or array whose content the
    schema describes; an `opaque` one can be an object or array all the same. `values` are all that the leaf can be,
    null left out; None where the schema does not list them.
    """

    members: Mapping[str, Field] = field(default_factory=dict)
    others: Field | None = None
    described: bool = False
    leaf: bool = False
    opaque: bool = False
    values: tuple[Any, ...] | None = None


ANYTHING = Field(leaf=True, opaque=True)
"""A place of which nothing is known."""


def leaves(tree: Field, steps: Steps = ()) -> Iterator[tuple[Steps, Field]]:
    """The leaves that the schema describes, in its order."""
    if tree.leaf:
        yield steps, tree
    for name, member in tree.members.items():
        yield from leaves(member, (*steps, name))
    if tree.others is not None and tree.described:
        yield from leaves(tree.others, (*steps, OTHERS))


def field_at(tree: Field, steps: Sequence[str | Others]) -> Field | None:
    """The field that steps lead to; None where the schema allows none."""
    for step in steps:
        found = tree.others if isinstance(step, Others) else tree.members.get(step, tree.others)
        if found is None:
            return ANYTHING if tree.opaque else None
        tree = found
    return tree


def path_text(steps: Sequence[str | Others]) -> str:
    """A field's path as a mapping writes it: `customer.link.rel`, `custom.*`, `this['odd.key']`."""
    text = ""
    for step in steps:
        if isinstance(step, Others) or step.replace("-", "_").isidentifier():
            name = step.value if isinstance(step, Others) else step
            text += f".{name}" if text else name
        else:
            quoted = step.replace("\\", "\\\\").replace("'", "\\'")
            text += f"['{quoted}']" if text else f"this['{quoted}']"
    return text or "this"
