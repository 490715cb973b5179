"""Values against compiled schemas: what is wrong, as data. jsonschema-rs decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from casemap.problem import Problem, pointer

__all__ = ["Violation", "is_valid", "validate_value", "violations"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value is not valid: where, and what the schema says.

    `missing` is the name of a required member that is not there.
    """

    steps: tuple[str | int, ...]
    message: str
    schema_path: tuple[str | int, ...]
    missing: str | None = None
    code: str | None = None
    help: str = ""

    def problem(self, type_name: str, code: str) -> Problem:
        """As a problem of a payload of that document type."""
        help = self.help or f"The schema of {type_name} says so at {pointer(self.schema_path)}."
        if self.missing is not None:
            help = f"Add the member `{self.missing}`: the schema of {type_name} requires it."
        return Problem(self.code or code, self.message, help, path=pointer(self.steps))


def is_valid(value: Any, validator: jsonschema_rs.Validator) -> bool:
    """Whether a value is valid; what is no JSON value is not."""
    try:
        return validator.is_valid(value)
    except ValueError:
        return False


def violations(value: Any, validator: jsonschema_rs.Validator) -> Iterator[Violation]:
    """Every way in which a value is not valid."""
    try:
        for error in validator.iter_errors(value):
            kind = error.kind
            message = error.message if len(error.message) <= 300 else error.message[:297] + "..."
            missing = kind.property if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required) else None
            yield Violation(tuple(error.instance_path), message, tuple(error.schema_path), missing)
    except UnicodeEncodeError:
        help = "A JSON text is a sequence of Unicode characters (RFC 8259, section 8.2); replace the half pair."
        yield Violation((), "a text has half of a surrogate pair", (), code="CM108", help=help)
    except ValueError as error:
        message = f"not a JSON value: {str(error).splitlines()[0]}"
        help = "Give dicts with text keys, lists, texts, numbers, booleans and None."
        yield Violation((), message, (), code="CM403", help=help)


def validate_value(
    value: Any, validator: jsonschema_rs.Validator, type_name: str, code: str = "CM401"
) -> list[Problem]:
    """Every way in which a value is not of a document type, as problems in the order of their places."""
    if is_valid(value, validator):
        return []
    problems = [violation.problem(type_name, code) for violation in violations(value, validator)]
    return sorted(problems, key=lambda problem: (problem.path or "", problem.message))
