"""Values against compiled schemas: what is wrong, as problems. jsonschema-rs decides."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from casemap.problem import Problem, pointer

__all__ = ["validate_value"]


def validate_value(
    value: Any, validator: jsonschema_rs.Validator, type_name: str, code: str = "CM401", limit: int | None = None
) -> list[Problem]:
    """Every way in which a value is not valid, in the order of its places; at most `limit` of them."""
    try:
        if validator.is_valid(value):
            return []
        problems: list[Problem] = []
        for error in validator.iter_errors(value):
            problems.append(_problem(error, type_name, code))
            if limit is not None and len(problems) >= limit:
                break
    except UnicodeEncodeError:
        help = "A JSON text is a sequence of Unicode characters (RFC 8259, section 8.2); replace the half pair."
        return [Problem("CM108", "a text has half of a surrogate pair", help, path="")]
    except ValueError as error:
        message = f"not a JSON value: {str(error).splitlines()[0]}"
        return [Problem("CM403", message, "Give dicts with text keys, lists, texts, numbers, booleans and None.", path="")]
    return sorted(problems, key=lambda problem: (problem.path or "", problem.message))


def _problem(error: jsonschema_rs.ValidationError, type_name: str, code: str) -> Problem:
    keyword = error.kind.name
    message = error.message if len(error.message) <= 300 else error.message[:297] + "..."
    at = pointer(list(error.schema_path))
    help = f"The schema of {type_name} says so at {at}."
    steps = list(error.instance_path)
    if keyword == "required":
        help = f"Add the member; the schema of {type_name} requires it at {at}."
    return Problem(code, message, help, path=pointer(steps))
