"""What archives need of a route: its tree as functions of documents that are decoded line by line.

A route that comes from the cache loads neither the mappings nor the compiler for them. `casemap.compiler.typed` makes
them where they are not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casemap.analysis.losses import Losses
from casemap.compiler.execution import Approximation, FunctionCode, noted_as_data, noted_of_data
from casemap.compiler.others import Others
from casemap.compiler.shape import Shape

__all__ = ["Gathered", "LineTrees", "PlainTree", "TypedTree", "objects_of"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The values of documents that a schema is left to decide on.

    A None is a null, or, where the schema was made to allow it, a member that is not there.
    """

    schema: Any
    values: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TypedTree:
    """A tree as a function of decoded documents.

    Documents of the source type are decoded to `shape`, with `others` beside its members. What of them the validator
    has yet to look at, `convert` puts into the lists `gathered`. It raises anything at all for a document that the
    exact function has to decide on. Of an observed tree with `approximations` it takes
    a set as well, and adds the numbers of those that the result holds. For the rest of a document it looks into the
    line of the others. Without `code` it is known in this process alone.
    """

    shape: Shape
    others: Others
    gathered: tuple[Gathered, ...]
    convert: Callable[..., Any]
    approximations: tuple[Approximation | None, ...]
    source_code: str
    code: FunctionCode | None

    def as_data(self) -> tuple[Any, ...]:
        """As plain values and code."""
        schemas = tuple(gathered.schema for gathered in self.gathered)
        return self.shape.as_data(), schemas, self.code and tuple(self.code), noted_as_data(self.approximations)

    @classmethod
    def of_data(cls, data: Any, params: Mapping[str, Any]) -> TypedTree:
        """What `as_data` has given, with values for the params."""
        shape, schemas, code, noted = data
        function, others, gathered = FunctionCode(*code), Others(), tuple(map(Gathered, schemas))
        convert = function.made(params, objects_of(others, gathered))
        return cls(Shape.of_data(shape), others, gathered, convert, noted_of_data(noted), function.text, function)


@dataclass(frozen=True, slots=True)
class PlainTree:
    """A tree as a function of plain values, like `TypedTree.convert` otherwise."""

    convert: Callable[..., Any]
    approximations: tuple[Approximation | None, ...]
    code: FunctionCode | None

    def as_data(self) -> tuple[Any, ...]:
        """As plain values and code."""
        return self.code and tuple(self.code), noted_as_data(self.approximations)

    @classmethod
    def of_data(cls, data: Any, params: Mapping[str, Any]) -> PlainTree:
        """What `as_data` has given, with values for the params."""
        code, noted = data
        function = FunctionCode(*code)
        return cls(function.made(params), noted_of_data(noted), function)


@dataclass(frozen=True, slots=True)
class LineTrees:
    """The typed trees of a route, one for each alternative of the source's schema, its plain tree, and its losses.

    There are no typed ones where no types can stand for the schema; losses only where these are observed.
    """

    typed: tuple[TypedTree, ...]
    plain: PlainTree
    losses: Losses | None

    @property
    def is_portable(self) -> bool:
        """Whether another process can have them too."""
        return self.plain.code is not None and all(tree.code is not None for tree in self.typed)

    def as_data(self) -> tuple[Any, ...]:
        """As plain values and code, if they are portable."""
        typed = [tree.as_data() for tree in self.typed]
        return typed, self.plain.as_data(), None if self.losses is None else (self.losses.as_data(),)

    @classmethod
    def of_data(cls, data: Any, params: Mapping[str, Any]) -> LineTrees:
        """What `as_data` has given, with values for the params. Raises anything for what it has not."""
        typed, plain, losses = data
        trees = tuple(TypedTree.of_data(each, params) for each in typed)
        return cls(trees, PlainTree.of_data(plain, params), None if losses is None else Losses.of_data(*losses))


def objects_of(others: Others, gathered: Sequence[Gathered]) -> dict[str, Any]:
    """What the code of a typed tree names beside the objects of any tree."""
    from msgspec import UNSET, Struct

    found: dict[str, Any] = {"UNSET": UNSET, "Struct": Struct, "rest_of": others.rest_of}
    for number, each in enumerate(gathered):
        found[f"extend_{number}"] = each.values.extend
        found[f"append_{number}"] = each.values.append
    return found
