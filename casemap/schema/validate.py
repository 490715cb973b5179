"""Values against compiled schemas: what is wrong, as data. jsonschema-rs decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from casemap.problem import Problem, pointer

if TYPE_CHECKING:
    from casemap.schema.places import KeywordPlaces

__all__ = ["MOST_VALUES", "Violation", "is_valid", "validate_value", "violations"]

MOST_VALUES = 200_000
"""Values in a payload all of whose problems are looked for. Each problem takes the validator about 30 µs and 1 kB."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value is not valid: where, and what the schema says.

    `missing` is the name of a required member that is not there; `unexpected` says that the value is a member that may
    not be there. `location` is the absolute URI of the keyword that is
    not fulfilled, with a JSON Pointer as its fragment; None where the schema has no URI.
    """

    steps: tuple[str | int, ...]
    message: str
    schema_path: tuple[str | int, ...]
    missing: str | None = None
    code: str | None = None
    help: str = ""
    location: str | None = None
    unexpected: bool = False

    def problem(self, type_name: str, code: str, places: KeywordPlaces | None = None) -> Problem:
        """As a problem of a payload of that document type; `places` knows where the schema's keywords stand."""
        if self.code is not None:
            return Problem(self.code, self.message, self.help, path=pointer(self.steps))
        where = places.of(self.location) if places is not None and self.location is not None else ""
        says = f"The schema of {type_name} says so at {where or pointer(self.schema_path)}."
        if self.missing is not None:
            at = f" at {where}" if where else ""
            says = f"Add the member `{self.missing}`: the schema of {type_name} requires it{at}."
        return Problem(code, self.message, f"{self.help}\n{says}" if self.help else says, path=pointer(self.steps))


def is_valid(value: Any, validator: jsonschema_rs.Validator) -> bool:
    """Whether a value is valid; what is no JSON value is not."""
    try:
        return validator.is_valid(value)
    except ValueError:
        return False


def violations(value: Any, validator: jsonschema_rs.Validator) -> Iterator[Violation]:
    """Every way in which a value is not valid; of a value with more than `MOST_VALUES` values in it, the first."""
    from casemap.schema.errors import violations_of

    try:
        if _is_large(value):
            found = [replace(each, help=_LARGE) for each in violations_of(_first_error(value, validator), value)]
        else:
            found = [each for error in validator.iter_errors(value) for each in violations_of(error, value)]
    except UnicodeEncodeError:
        help = "A JSON text is a sequence of Unicode characters (RFC 8259, section 8.2); replace the half pair."
        found = [Violation((), "a text has half of a surrogate pair", (), code="CM108", help=help)]
    except ValueError as error:
        message = f"not a JSON value: {str(error).splitlines()[0]}"
        help = "Give dicts with text keys, lists, texts, numbers, booleans and None."
        found = [Violation((), message, (), code="CM403", help=help)]
    yield from dict.fromkeys(found)


_LARGE = "The document is large: only its first problem is told. In NDJSON, each record is told apart."


def _first_error(value: Any, validator: jsonschema_rs.Validator) -> jsonschema_rs.ValidationError:
    try:
        validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        return error
    raise ValueError("it is valid")


def _is_large(value: Any) -> bool:
    """Whether there are more than `MOST_VALUES` values in a value; looks at no more than those."""
    left = MOST_VALUES
    pending = [value]
    while pending and left > 0:
        item = pending.pop()
        if isinstance(item, dict | list):
            left -= len(item)
            if left > 0:
                pending.extend(item.values() if isinstance(item, dict) else item)
    return left <= 0


def validate_value(
    value: Any, validator: jsonschema_rs.Validator, type_name: str, code: str = "CM401"
) -> list[Problem]:
    """Every way in which a value is not of a document type, as problems in the order of their places."""
    if is_valid(value, validator):
        return []
    problems = [violation.problem(type_name, code) for violation in violations(value, validator)]
    return sorted(problems, key=lambda problem: (problem.path or "", problem.message))
