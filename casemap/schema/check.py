"""A schema as payloads are checked against it: fast while they are valid, thorough once one is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casemap.errors import CasemapError
from casemap.problem import Problem, nearest, pointer
from casemap.schema.store import SchemaStore, schema_uri
from casemap.schema.validate import Violation, is_valid, violations

if TYPE_CHECKING:
    import jsonschema_rs

    from casemap.schema.members import Members
    from casemap.schema.places import KeywordPlaces

__all__ = ["Check", "check_of_type", "validate_text"]


@dataclass(slots=True)
class Check:
    """Values against one schema. What only explains problems is loaded with the first of them.

    `name` is the schema's document type or file, `contents` the schema itself, `resolver` gives the resolver of its
    references, and `files` has the files of it and of what it refers to, by URI.
    """

    name: str
    validator: jsonschema_rs.Validator
    contents: Any
    resolver: Callable[[], jsonschema_rs.Resolver]
    files: Mapping[str, str]
    _members: Members | None = field(default=None, init=False)
    _places: KeywordPlaces | None = field(default=None, init=False)

    def problems(self, value: Any) -> list[Problem]:
        """Every way in which a value is not valid (CM401), in the order of the places; empty where it is."""
        if is_valid(value, self.validator):
            return []
        found = [self._problem(each, value) for each in violations(value, self.validator)]
        return sorted(found, key=lambda problem: (problem.path or "", problem.message))

    def unknown(self, value: Any) -> list[Problem]:
        """The members that the schema allows without knowing them, as warnings (CM404)."""
        return [
            Problem(
                "CM404",
                f"the schema of {self.name} does not know the member `{steps[-1]}`{_hint(steps, known)}",
                "Check the name; declare the member in the schema if it is right.",
                severity="warning",
                path=pointer(steps),
            )
            for steps, known in self._member_names().unknown(value)
        ]

    def _problem(self, violation: Violation, value: Any) -> Problem:
        from casemap.schema.places import KeywordPlaces

        if self._places is None:
            self._places = KeywordPlaces(self.files)
        problem = violation.problem(self.name, "CM401", self._places)
        if violation.unexpected:
            known = self._member_names().known(value, violation.steps[:-1])
            problem = problem.at(message=problem.message + _hint(violation.steps, known))
        return problem

    def _member_names(self) -> Members:
        from casemap.schema.members import Members

        if self._members is None:
            self._members = Members(self.contents, self.resolver())
        return self._members


def _hint(steps: tuple[str | int, ...], known: frozenset[str]) -> str:
    near = nearest(str(steps[-1]), known)
    return f"; did you mean `{near}`?" if near else ""


def check_of_type(store: SchemaStore, type_name: str) -> Check:
    """The check by a document type of a catalog. Raises `MappingError` for a schema that is wrong."""
    uri = schema_uri(type_name)
    files = {known: store.files[name] for known, name in store.by_uri.items() if name in store.files}
    return Check(
        type_name, store.validator(type_name), store.schemas[type_name], lambda: store.registry.resolver(uri), files
    )


def validate_text(data: bytes, check: Check) -> list[Problem]:
    """Every way in which a JSON text is not one of a valid value, in the order of the text."""
    from casemap.syntax.json_text import read_json
    from casemap.syntax.positions import locate_pointers

    try:
        problems = check.problems(read_json(data))
    except CasemapError as error:
        return list(error.problems)
    places = locate_pointers(data, [problem.path or "" for problem in problems])
    placed = [
        problem.at(line=places[problem.path or ""][0], column=places[problem.path or ""][1]) for problem in problems
    ]
    return sorted(placed, key=lambda problem: (problem.line or 0, problem.column or 0, problem.message))
