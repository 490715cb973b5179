"""What is wrong with a schema that the validator refuses, with its place in the schema's file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import jsonschema_rs

from casemap.problem import Problem, pointer

__all__ = ["broken_schema"]

_HELP = "Mend the schema; its references resolve among the project's and the bundled schemas."


def broken_schema(error: Exception, name: str, file: str | None, help: str = _HELP) -> Problem:
    """The problem (CM219) of a schema; `name` is what it is called in the message."""
    message = f"{name} is not usable: {_why(error)}"
    problem = Problem("CM219", message, help, file=file)
    kinds = jsonschema_rs.ValidationErrorKind
    if not isinstance(error, jsonschema_rs.ValidationError) or isinstance(error.kind, kinds.Referencing):
        return problem
    return problem.at(path=pointer(error.instance_path), **_place(file, error.instance_path))


def _why(error: Exception) -> str:
    from casemap.schema.errors import violations_of  # a schema is a document of a schema itself

    if isinstance(error, jsonschema_rs.ValidationError):
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Referencing):
            return str(error).splitlines()[0]
        return "; ".join(violation.message for violation in violations_of(error, error.instance))
    return str(error).splitlines()[0]


def _place(file: str | None, steps: Sequence[str | int]) -> dict[str, int]:
    from casemap.syntax.positions import locate

    if file is None or not file.endswith(".json"):
        return {}
    try:
        line, column = locate(Path(file).read_bytes(), steps)
    except OSError:
        return {}
    return {"line": line, "column": column}
