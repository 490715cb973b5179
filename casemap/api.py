"""The library's verbs: converters, validation and detection over a catalog."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casemap.analysis.compose import compose
from casemap.analysis.presence import Facts
from casemap.analysis.reads import Reads
from casemap.catalog import Library, MappingEntry, Route
from casemap.compiler.function import CompiledTree
from casemap.errors import ConversionError, MappingError
from casemap.functions import BUNDLED
from casemap.functions.registry import Function
from casemap.mapping.file import Mapping
from casemap.problem import Problem, nearest
from casemap.schema.store import SourceSchema
from casemap.schema.validate import Violation, is_valid, validate_value, violations
from casemap.span import Span

__all__ = ["Catalog", "Converter", "Observed", "convert", "converter", "detect", "validate"]


@dataclass(frozen=True, slots=True)
class Observed:
    """A conversion with what it lost.

    `lost` maps source fields (`customer.link.rel`, items without an index) that have a value and are not in the
    result to the mapping's reason, or to an empty text. `approximations` maps target fields to why their value
    stands in for another.
    """

    result: Any
    lost: Table[str, str]
    approximations: Table[str, str]


class Catalog:
    """The document types, mappings and functions of a project, together with the bundled ones.

    `project` is a folder with `schemas/` and `mappings/`; without it there are only the bundled ones.
    Raises `MappingError` for a project that cannot be read.
    """

    def __init__(self, project: str | os.PathLike[str] | None = None) -> None:
        self._functions = BUNDLED.copy()
        self._registered: list[Function] = []
        for function in _installed_functions():
            self._functions.add(function)
        self._library = Library(None if project is None else Path(project), self._functions)
        self._project = project

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt_catalog, (self._project, tuple(self._registered))

    def register(self, function: Function) -> None:
        """Add a function to the expression language of this catalog's mappings. `ValueError` if its name is taken."""
        self._functions.add(function)
        self._registered.append(function)

    @property
    def types(self) -> tuple[str, ...]:
        """The document types, such as `egain/case`, sorted."""
        return self._library.types()

    @property
    def mappings(self) -> tuple[MappingEntry, ...]:
        """The mapping files, sorted by id."""
        return tuple(sorted(self._library.entries.values(), key=lambda entry: entry.id))

    def routes(self) -> tuple[Route, ...]:
        """Every pair of types with a route, sorted."""
        return self._library.routes()

    def resolve_type(self, text: str, like: str | None = None) -> str:
        """A document type by its name, or by its format: `khoros` is `khoros/case` where `like` is `egain/case`.

        Raises `MappingError` (CM501), which lists what there is.
        """
        return self._library.resolve_type(text, like)

    def mapping(self, id: str) -> Mapping:
        """A mapping of the catalog, loaded. Raises `MappingError`."""
        if id not in self._library.entries:
            near = nearest(id, list(self._library.entries))
            hint = f"; did you mean `{near}`?" if near else ""
            raise MappingError([Problem("CM208", f"there is no mapping `{id}`{hint}", "`casemap formats` lists them.")])
        return self._library.mapping(id)

    def parameters(self, source: str, target: str, via: str | None = None) -> Table[str, Table[str, Any]]:
        """The params of a route with their JSON Schemas. Raises `MappingError`."""
        return _shared_params(self._chain(source, target, via))

    def converter(
        self, source: str, target: str, params: Table[str, Any] | None = None, via: str | None = None
    ) -> Converter:
        """The function from a source type to a target type; `params` are JSON values by name.

        Raises `MappingError`: an unknown type (CM501), no route (CM502) or more than one (CM503), a param that is
        missing (CM504), undeclared (CM505) or invalid (CM506), or a mapping that is wrong.
        """
        return Converter(self, source, target, params, via)

    def convert(self, payload: Any, source: str, target: str, params: Table[str, Any] | None = None) -> Any:
        """One payload converted. Raises `ConversionError` and `MappingError`."""
        return self.converter(source, target, params)(payload)

    def validate(self, payload: Any, type: str) -> list[Problem]:
        """Every way in which a payload is not of a document type; empty when it is. Raises `MappingError`."""
        return validate_value(payload, self._library.store.validator(self.resolve_type(type)), type)

    def detect(self, payload: Any) -> str:
        """The document type of a payload: the only one that it is valid for, or the one that declares most of it.

        Raises `ConversionError` (CM507), which lists the candidates.
        """
        store = self._library.store
        valid = [name for name in self.types if is_valid(payload, store.validator(name))]
        if len(valid) > 1:
            scores = {name: _declared_members(payload, functools.partial(store.declared, name)) for name in valid}
            best = max(scores.values())
            valid = [name for name in valid if scores[name] == best]
        if len(valid) == 1:
            return valid[0]
        if valid:
            message = f"the payload can be {' or '.join(valid)}"
            raise ConversionError([Problem("CM507", message, "Say which with `--from TYPE`.", path="")])
        message = "the payload is valid for no document type"
        help = f"Name its type with `--from` to see why. There are {', '.join(self.types)}."
        raise ConversionError([Problem("CM507", message, help, path="")])

    def _chain(self, source: str, target: str, via: str | None) -> list[Mapping]:
        source = self.resolve_type(source)
        target = self.resolve_type(target, like=source)
        route = self._library.route(source, target, via)
        return [self._library.mapping(id) for id in route.mappings]


class Converter:
    """A function from payloads of one document type to another; made by `Catalog.converter`.

    Calling it takes a JSON value and gives one that is valid for the target type. What is copied whole is shared with
    the payload. It is safe to pickle and to use from many threads.
    """

    def __init__(
        self,
        catalog: Catalog,
        source: str,
        target: str,
        params: Table[str, Any] | None = None,
        via: str | None = None,
    ) -> None:
        chain = catalog._chain(source, target, via)
        self._catalog = catalog
        self._via = via
        self._params = dict(params or {})
        self.source = chain[0].source
        self.target = chain[-1].target
        self.route: tuple[str, ...] = tuple(mapping.id for mapping in chain)
        self._chain = chain
        _check_params(_shared_params(chain), self._params)
        self._source_validator = catalog._library.store.validator(self.source)
        self._target_validator = catalog._library.store.validator(self.target)
        store = catalog._library.store
        known = SourceSchema(store, self.source)
        self._tree, self._root = compose(chain, known)
        facts = Facts(self._tree, self._root, known)
        self._compiled = CompiledTree(self._tree, self._root, self._params, " → ".join(self.route), facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return Converter, (self._catalog, self.source, self.target, self._params, self._via)

    def __repr__(self) -> str:
        return f"<casemap.Converter {self.source} to {self.target}>"

    @property
    def source_code(self) -> str:
        """The Python code of the compiled function."""
        return self._compiled.source_code

    @functools.cached_property
    def _reads(self) -> Reads:
        return Reads(self._tree, self._root, self._chain)

    @property
    def records_path(self) -> tuple[str, ...] | None:
        """The member names that lead to the array of a list document's records; None where there are no records."""
        return self._reads.records_path

    def __call__(self, payload: Any) -> Any:
        """The converted payload. Raises `ConversionError` with every problem of it."""
        self._check_source(payload)
        result = self._compiled(payload)
        self._check_target(result)
        return result

    def observe(self, payload: Any) -> Observed:
        """The converted payload with what was lost on the way. Raises `ConversionError`."""
        self._check_source(payload)
        result, approximations = self._compiled.observe(payload)
        self._check_target(result)
        used = {found.target: found.why for found in approximations}
        return Observed(result, self._reads.lost(payload), used)

    def _check_source(self, payload: Any) -> None:
        if not is_valid(payload, self._source_validator):
            found = violations(payload, self._source_validator)
            raise ConversionError(_in_order(self._unreadable(violation) for violation in found))

    def _check_target(self, result: Any) -> None:
        if not is_valid(result, self._target_validator):
            found = violations(result, self._target_validator)
            raise ConversionError(_in_order(self._unwritable(violation) for violation in found))

    def _unreadable(self, violation: Violation) -> Problem:
        """A problem of the payload, with the rule that would have read the value."""
        rule = self._reads.reader([*violation.steps, *([violation.missing] if violation.missing else [])])
        return violation.problem(self.source, "CM401").at(rule=rule)

    def _unwritable(self, violation: Violation) -> Problem:
        """A problem of the result, with the rule that made the value, and the payload's value that it came from."""
        steps = [*violation.steps, *([violation.missing] if violation.missing else [])]
        rule, source = self._reads.writer(steps)
        problem = violation.problem(self.target, "CM402")
        return problem.at(path=source, target_path=problem.path, rule=rule or Span(self._chain[-1].file, 1, 1))


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.path or "", problem.target_path or "", problem.message))


def _rebuilt_catalog(project: str | None, functions: tuple[Function, ...]) -> Catalog:
    catalog = Catalog(project)
    for function in functions:
        catalog.register(function)
    return catalog


def _installed_functions() -> list[Function]:
    """Functions of the entry point group `casemap.functions`: each entry point is a `Function`."""
    from importlib.metadata import entry_points

    found: list[Function] = []
    for entry in entry_points(group="casemap.functions"):
        function = entry.load()
        if not isinstance(function, Function):
            message = f"the entry point `{entry.name}` of casemap.functions is no casemap function"
            raise MappingError([Problem("CM508", message, "Let it name a `casemap.Function`.")])
        found.append(function)
    return found


def _shared_params(chain: list[Mapping]) -> dict[str, Table[str, Any]]:
    """The params of a route: those of its mappings, shared by name."""
    shared: dict[str, Table[str, Any]] = {}
    for mapping in chain:
        for name, schema in mapping.params.items():
            if shared.setdefault(name, schema) != schema:
                message = f"the param `{name}` of {mapping.id} differs from that of another mapping on the route"
                raise MappingError([Problem("CM506", message, "Give both the same schema.", file=mapping.file)])
    return shared


def _check_params(declared: Table[str, Table[str, Any]], given: Table[str, Any]) -> None:
    """Raise `MappingError` for params that are missing, undeclared or invalid."""
    import jsonschema_rs

    problems: list[Problem] = []
    for name, schema in declared.items():
        if name not in given:
            why = str(schema.get("description", "")).strip()
            message = f"the param `{name}` is missing" + (f": {why}" if why else "")
            problems.append(Problem("CM504", message, f"Give it with `-p {name}=VALUE`, or `params={{{name!r}: …}}`."))
            continue
        validator = jsonschema_rs.Draft202012Validator(dict(schema), offline=True, validate_formats=True)
        problems += [
            problem.at(message=f"the param `{name}` is not valid: {problem.message}", path=None)
            for problem in validate_value(given[name], validator, name, code="CM506")
        ]
    for name in given:
        if name not in declared:
            near = nearest(name, list(declared))
            known = f"The route has {', '.join(declared)}." if declared else "The route has no params."
            hint = f"; did you mean `{near}`?" if near else ""
            problems.append(Problem("CM505", f"the route has no param `{name}`{hint}", known))
    if problems:
        raise MappingError(problems)


def _declared_members(payload: Any, declared: Callable[[tuple[str, ...]], frozenset[str] | None]) -> int:
    """How many members of a payload, or of an array's first object, a schema declares."""
    if isinstance(payload, list):
        return _members_of(payload[0], declared(("*",))) if payload else 0
    members = _members_of(payload, declared(()))
    for name, value in payload.items() if isinstance(payload, dict) else ():
        if isinstance(value, dict):
            members += _members_of(value, declared((name,)))
        elif isinstance(value, list) and value:
            members += _members_of(value[0], declared((name, "*")))
    return members


def _members_of(value: Any, names: frozenset[str] | None) -> int:
    return sum(name in names for name in value) if isinstance(value, dict) and names else 0


@functools.cache
def _bundled() -> Catalog:
    return Catalog()


def converter(source: str, target: str, params: Table[str, Any] | None = None, via: str | None = None) -> Converter:
    """`Catalog.converter` over the bundled formats."""
    return _bundled().converter(source, target, params, via)


def convert(payload: Any, source: str, target: str, params: Table[str, Any] | None = None) -> Any:
    """`Catalog.convert` over the bundled formats."""
    return _bundled().convert(payload, source, target, params)


def validate(payload: Any, type: str) -> list[Problem]:
    """`Catalog.validate` over the bundled formats."""
    return _bundled().validate(payload, type)


def detect(payload: Any) -> str:
    """`Catalog.detect` over the bundled formats."""
    return _bundled().detect(payload)
