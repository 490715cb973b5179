"""Shapes of decoded documents: what of a schema one pass of a typed decoder checks, and what it leaves.

`casemap.compiler.shapes` makes them of schemas.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["DIALECT", "Kind", "Member", "Shape"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of the schemas that shapes stand for, and of what they leave."""

Kind = Literal["boolean", "integer", "null", "string"]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: the attribute that holds it, and its value.

    It is `unset` where absence needs a mark of its own, for None is null.
    """

    attribute: str
    shape: Shape
    required: bool

    @property
    def unset(self) -> bool:
        return not self.required and self.shape.nullable

    def as_data(self) -> tuple[Any, ...]:
        """As plain values."""
        return self.attribute, self.shape.as_data(), self.required

    @classmethod
    def of_data(cls, data: Any) -> Member:
        """What `as_data` has given. Raises `TypeError` or `ValueError` for anything else."""
        attribute, shape, required = data
        return cls(attribute, Shape.of_data(shape), required)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value is decoded: to an object with `members`, an array of `items`, scalars of `kinds`, or `anything`.

    Alternatives that differ in kind stand beside each other. `texts` are all that a text can be, `shortest` and
    `longest` its bounds in code points. `left` is what the validator has to say of the decoded value. A `never` shape
    has no value. A `closed` object has no members but these.
    """

    anything: bool = False
    never: bool = False
    members: dict[str, Member] | None = None
    closed: bool = False
    items: Shape | None = None
    kinds: frozenset[Kind] = frozenset()
    texts: tuple[str, ...] | None = None
    shortest: int | None = None
    longest: int | None = None
    left: Any = field(default=None, compare=False)

    @property
    def nullable(self) -> bool:
        """Whether a null can be decoded."""
        return self.anything or "null" in self.kinds

    @property
    def is_mixed(self) -> bool:
        """Whether alternatives of different kinds stand beside each other."""
        return (self.members is not None) + (self.items is not None) + bool(self.kinds - {"null"}) > 1

    @property
    def is_scalar(self) -> bool:
        """Whether a value is neither object nor array."""
        return bool(self.kinds) and self.members is None and self.items is None

    def as_data(self) -> tuple[Any, ...]:
        """As plain values."""
        members = None if self.members is None else {name: each.as_data() for name, each in self.members.items()}
        items = None if self.items is None else self.items.as_data()
        texts = self.texts, self.shortest, self.longest
        return self.anything, self.never, members, self.closed, items, sorted(self.kinds), *texts, self.left

    @classmethod
    def of_data(cls, data: Any) -> Shape:
        """What `as_data` has given. Raises `TypeError` or `ValueError` for anything else."""
        anything, never, members, closed, items, kinds, *rest = data
        found = None if members is None else {name: Member.of_data(each) for name, each in members.items()}
        item = None if items is None else cls.of_data(items)
        return cls(anything, never, found, closed, item, frozenset(kinds), *rest)
