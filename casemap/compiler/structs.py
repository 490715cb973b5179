"""Shapes as types of msgspec, which decode, check and pick in one pass of C.

Takes a `Shape` and gives a type. A member that is not there is None, which no such member can be otherwise: null is
refused where the schema does not allow it, and where it does the member that is not there is `UNSET`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

import msgspec

from casemap.compiler.others import Others
from casemap.compiler.shape import Shape

__all__ = ["document_type"]

_NEVER = Annotated[int, msgspec.Meta(gt=1, lt=0)]
"""What no value is."""
_KINDS: dict[str, Any] = {"boolean": bool, "integer": int, "null": None}


def document_type(shape: Shape, others: Others, *, strict: bool) -> Any:
    """What a document of this shape is decoded to; it has the `others` beside its members.

    With `strict`, objects inside of it take no members that the shape lacks. The document itself never does.
    """
    return _struct(shape, strict, others)


def _type_of(shape: Shape, strict: bool) -> Any:
    if shape.anything:
        return Any
    if shape.never:
        return _NEVER
    options = [_KINDS[kind] for kind in sorted(shape.kinds) if kind != "string"]
    if "string" in shape.kinds:
        options.append(_text(shape))
    if shape.items is not None:
        options.append(list[_type_of(shape.items, strict)])  # type: ignore[misc]
    if shape.members is not None:
        options.append(_struct(shape, strict))
    return Union[tuple(options)]  # noqa: UP007 - of a number that is known at run time


def _text(shape: Shape) -> Any:
    if shape.texts is not None:
        return Literal[shape.texts]
    if shape.shortest is None and shape.longest is None:
        return str
    return Annotated[str, msgspec.Meta(min_length=shape.shortest, max_length=shape.longest)]


def _struct(shape: Shape, strict: bool, others: Others | None = None) -> type[msgspec.Struct]:
    members = shape.members or {}
    more = [] if others is None else others.fields
    fields: list[Any] = [(attribute, Any, msgspec.UNSET) for attribute, _ in more]
    for member in members.values():
        kind = _type_of(member.shape, strict)
        if member.required:
            fields.append((member.attribute, kind))
        elif member.unset:
            fields.append((member.attribute, Union[kind, msgspec.UnsetType], msgspec.UNSET))  # noqa: UP007
        else:
            fields.append((member.attribute, kind, None))
    return msgspec.defstruct(
        "Record",
        fields,
        rename={**{member.attribute: name for name, member in members.items()}, **dict(more)},
        forbid_unknown_fields=strict or shape.closed or others is not None,
        kw_only=True,
        gc=False,
    )
