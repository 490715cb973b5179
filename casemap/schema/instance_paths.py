"""The path of the value that an error of the validator is about.

jsonschema-rs 0.60 leaves members without a name out of its paths, and takes names of digits for indexes. The value
itself says which is which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jsonschema_rs import ValidationError

__all__ = ["instance_steps"]

Steps = tuple[str | int, ...]


def instance_steps(error: ValidationError, document: Any) -> Steps:
    """The steps from the document to the value that the error is about."""
    found = list(_paths(document, error.instance_path, ()))
    if len(found) > 1:  # there are members without a name on the way
        found = [steps for steps in found if _at(document, steps) == error.instance] or found
    return found[0] if found else tuple(error.instance_path)


def _paths(value: Any, path: Sequence[str | int], before: Steps) -> Iterator[Steps]:
    """The paths that are written so, the one without nameless members first."""
    if not path:
        yield before
    elif isinstance(value, list) and isinstance(path[0], int) and path[0] < len(value):
        yield from _paths(value[path[0]], path[1:], (*before, path[0]))
    elif isinstance(value, dict) and str(path[0]) in value:
        yield from _paths(value[str(path[0])], path[1:], (*before, str(path[0])))
    if isinstance(value, dict) and "" in value:
        yield from _paths(value[""], path, (*before, ""))


def _at(value: Any, steps: Steps) -> Any:
    for step in steps:
        value = value[step]
    return value
