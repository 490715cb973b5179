"""The validator's errors as violations: one for each member or alternative that is wrong, in casemap's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jsonschema_rs import ValidationError
from jsonschema_rs import ValidationErrorKind as Kind

from casemap.problem import nearest
from casemap.schema.alternatives import Choice, choose
from casemap.schema.formats import PATTERNS
from casemap.schema.instance_paths import instance_steps
from casemap.schema.validate import Violation
from casemap.schema.wording import either, expectation, found, options_words, shown, type_words

__all__ = ["violations_of"]


def violations_of(error: ValidationError, document: Any) -> Iterator[Violation]:
    """The violations that an error stands for; `document` is all that was validated."""
    match error.kind:
        case Kind.AnyOf(context=context) | Kind.OneOfNotValid(context=context):
            yield from _of_alternatives(error, document, choose(context, len(error.instance_path)))
        case Kind.OneOfMultipleValid(context=context):
            numbers = [str(number) for number, errors in enumerate(context, start=1) if not errors]
            yield _violation(error, document, f"fits alternatives {' and '.join(numbers)}, of which only one may fit")
        case Kind.Required(property=name):
            message = f"the member `{name}` is missing"
            yield _violation(error, document, message, missing=name, help=_misspelt(name, error.instance))
        case Kind.AdditionalProperties(unexpected=names) | Kind.UnevaluatedProperties(unexpected=names):
            for name in names:
                violation = _violation(error, document, f"the member `{name}` is not allowed here", below=(name,))
                yield replace(violation, unexpected=True)
        case Kind.PropertyNames(error=inner):
            expected, hint = expectation(inner)
            why = f"expected {expected}{hint}" if expected else _cut(inner.message)
            message = f"the member name {shown(inner.instance)} is not allowed: {why}"
            yield _violation(error, document, message, below=(str(inner.instance),))
        case Kind.FalseSchema():
            yield _violation(error, document, f"no value may stand here, found {shown(error.instance)}")
        case Kind.UnevaluatedItems():
            yield _violation(error, document, "some items are not allowed here")
        case Kind.Contains():
            yield _violation(error, document, "too few or too many items are as the schema's `contains` says")
        case _:
            expected, hint = expectation(error)
            yield _violation(error, document, _expected(error, expected) + hint)


def _expected(error: ValidationError, expected: str) -> str:
    if not expected:
        return _cut(error.message)
    if isinstance(error.kind, Kind.UniqueItems):
        return f"expected {expected}{_equal_items(error.instance)}"
    return f"expected {expected}, found {found(error)}"


def _violation(
    error: ValidationError,
    document: Any,
    message: str,
    *,
    below: tuple[str | int, ...] = (),
    missing: str | None = None,
    help: str = "",
) -> Violation:
    path = tuple(error.schema_path)
    location = error.absolute_keyword_location
    if isinstance(error.kind, Kind.Pattern) and error.kind.pattern in PATTERNS.values():
        path, location = _of_format(path), _uri_of_format(location)
    return Violation((*instance_steps(error, document), *below), message, path, missing, None, help, location)


def _of_format(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where the format stands that a pattern was put beside, see `casemap.schema.formats`."""
    if path[-3:-2] == ("allOf",):
        path = path[:-2]
    return (*path[:-1], "format")


def _uri_of_format(location: str | None) -> str | None:
    if location is None:
        return None
    base, _, fragment = location.partition("#")
    steps = _of_format(tuple(fragment.split("/")))
    return f"{base}#{'/'.join(str(step) for step in steps)}"


def _misspelt(name: str, value: Any) -> str:
    """A hint at a member that may be the missing one with another spelling."""
    near = nearest(name, [other for other in value if isinstance(other, str)]) if isinstance(value, dict) else None
    return f"There is a member `{near}`: is it meant?" if near else ""


def _equal_items(items: Any) -> str:
    """Which items are equal; those that are equal as numbers of two spellings alone are not named."""
    first: dict[str, int] = {}
    for index, item in enumerate(items if isinstance(items, list) else []):
        known = first.setdefault(repr(item), index)
        if known != index:
            return f", found {shown(item)} at {known} and {index}"
    return ""


def _of_alternatives(error: ValidationError, document: Any, choice: Choice) -> Iterator[Violation]:
    """What is wrong with the alternative that fits best; where none is of the value's kind, what would be."""
    if not choice.contenders:
        yield _of_another_kind(error, document, choice)
        return
    help = ""
    if choice.contenders > 1:
        help = f"Of {choice.count} alternatives, the one that fits best is number {choice.index + 1}."
    for inner in choice.errors:
        for violation in violations_of(inner, document):
            yield replace(violation, help="\n".join(part for part in (violation.help, help) if part))


def _of_another_kind(error: ValidationError, document: Any, choice: Choice) -> Violation:
    types: list[str] = []
    values: list[Any] = []
    for inner in choice.errors:
        match inner.kind:
            case Kind.Type(types=names):
                types += names
            case Kind.Enum(options=options):
                values += options
            case Kind.Constant(expected_value=value):
                values.append(value)
    words = type_words(list(dict.fromkeys(types)))
    hint = ""
    if values:
        listed, hint = options_words(values, error.instance)
        words.append(listed)
    if not words:
        return _violation(error, document, f"no value may stand here, found {shown(error.instance)}")
    return _violation(error, document, f"expected {either(words)}, found {shown(error.instance)}{hint}")


def _cut(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:297]}..."
