"""Functions that see or make absence. `default` and `coalesce` are forms of the language: the loader expands them,
so that their later arguments are computed only when needed.
"""

from __future__ import annotations

from typing import Any

from casemap.errors import Failure
from casemap.functions.equality import equal
from casemap.functions.registry import ANY, Example, Function, Parameter

__all__ = ["FUNCTIONS"]


def _coalesce(*options: Any) -> Any:
    return next((option for option in options if option is not None), None)


def _required(value: Any) -> Any:
    if value is None:
        raise Failure("CM304", "a required value is absent", "`default` gives a value in its place.")
    return value


def _absent_if(given: Any, value: Any) -> Any:
    return None if equal(given, value) else given


_FIRST = Parameter("any", ANY, "Any value, or none.")

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "default",
        "absence",
        "The value, or `value` in place of an absent one, which is computed only then. A null counts as absent; an "
        "empty text, an empty array, 0 and false are values, and stay.",
        (_FIRST, Parameter("value", ANY, "What stands in for an absent value.")),
        ANY,
        _coalesce,
        examples=(
            Example("title | default('(none)')", {}, "(none)"),
            Example("title | default('(none)')", {"title": None}, "(none)"),
            Example("title | default('(none)')", {"title": ""}, ""),
        ),
        sees_absent=True,
        special=True,
        may_be_absent=True,
    ),
    Function(
        "coalesce",
        "absence",
        "The first of the values that is not absent; later ones are not computed. It may also be written as a call, "
        "`coalesce(a, b)`.",
        (_FIRST, Parameter("b", ANY, "The value to take if those before it are absent; more may follow.")),
        ANY,
        _coalesce,
        examples=(
            Example("coalesce(name, email, 'unknown')", {"email": "ada@example.com"}, "ada@example.com"),
            Example("name | coalesce(email)", {"name": "Ada", "email": "ada@example.com"}, "Ada"),
            Example("coalesce(name, email)", {}, absent=True),
        ),
        sees_absent=True,
        variadic=True,
        special=True,
        may_be_absent=True,
    ),
    Function(
        "required",
        "absence",
        "The value; an absent one rejects the record.",
        (_FIRST,),
        ANY,
        _required,
        fails="an absent value",
        examples=(
            Example("id | required", {"id": "1000"}, "1000"),
            Example("id | required", {}, fails="CM304"),
        ),
        sees_absent=True,
    ),
    Function(
        "absent_if",
        "absence",
        "The value, or absence if it equals `value`; equality is typed and case-sensitive.",
        (Parameter("any", ANY, "Any value."), Parameter("value", ANY, "The value that means that there is none.")),
        ANY,
        _absent_if,
        examples=(
            Example("phone | absent_if('')", {"phone": ""}, absent=True),
            Example("phone | absent_if('')", {"phone": "+4588888888"}, "+4588888888"),
            Example("count | absent_if(0)", {"count": "0"}, "0"),
        ),
        may_be_absent=True,
    ),
)
