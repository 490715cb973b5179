"""Which of a schema's alternatives a value was meant to be, so that only what is wrong with that one is told.

Takes the errors of each alternative of an `anyOf` or `oneOf`, ranks them, and gives those of the one that fits best.
As in the `best_match` of the jsonschema package, an alternative whose errors lie deeper in the value is closer than one
that fails at the value itself, and one whose type is the value's comes before any other. In addition, a member with a
fixed value (`const`, `enum`) says which alternative an object claims to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsonschema_rs import ValidationError
from jsonschema_rs import ValidationErrorKind as Kind

__all__ = ["Choice", "choose", "leaves"]

_WHOLE = (Kind.Type, Kind.Enum, Kind.Constant, Kind.FalseSchema)
"""Errors that say that the value is of another kind altogether."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The alternative that fits best: its index among `count`, and its errors, which are no alternatives themselves.

    `contenders` is the number of alternatives that admit the value's type. None does where it is 0: then the errors are
    those that all alternatives have with the value as a whole.
    """

    index: int
    count: int
    contenders: int
    errors: tuple[ValidationError, ...]


def choose(context: Sequence[Sequence[ValidationError]], depth: int) -> Choice:
    """The choice among alternatives, each given by its errors; `depth` is the length of the path to the value."""
    branches = [leaves(branch) for branch in context]
    contenders = [index for index, errors in enumerate(branches) if not _is_of_another_kind(errors, depth)]
    if not contenders:
        return Choice(
            0, len(branches), 0, tuple(error for errors in branches for error in errors if _is_whole(error, depth))
        )
    best = min(contenders, key=lambda index: _distance(branches[index], depth))
    return Choice(best, len(branches), len(contenders), tuple(branches[best]))


def leaves(errors: Sequence[ValidationError]) -> list[ValidationError]:
    """The errors, with those of alternatives replaced by those of the alternative that fits best."""
    flat: list[ValidationError] = []
    for error in errors:
        match error.kind:
            case Kind.AnyOf(context=context) | Kind.OneOfNotValid(context=context):
                flat += choose(context, len(error.instance_path)).errors
            case _:
                flat.append(error)
    return flat


def _is_whole(error: ValidationError, depth: int) -> bool:
    return len(error.instance_path) == depth and isinstance(error.kind, _WHOLE)


def _is_of_another_kind(errors: Sequence[ValidationError], depth: int) -> bool:
    return any(_is_whole(error, depth) for error in errors)


def _distance(errors: Sequence[ValidationError], depth: int) -> tuple[int, int, int]:
    """How far the value is from an alternative: tags that differ, errors at the value itself, all errors."""
    tags = sum(
        isinstance(error.kind, Kind.Enum | Kind.Constant) and len(error.instance_path) == depth + 1 for error in errors
    )
    here = sum(_weight(error) for error in errors if len(error.instance_path) == depth)
    return tags, here, len(errors)


def _weight(error: ValidationError) -> int:
    """How many members an error is about."""
    match error.kind:
        case Kind.AdditionalProperties(unexpected=names) | Kind.UnevaluatedProperties(unexpected=names):
            return len(names)
    return 1
