"""The library's verbs: converters, validation and detection over a catalog."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from casemap.catalog import Library, MappingEntry, Route
from casemap.errors import MappingError
from casemap.problem import Problem, nearest
from casemap.schema.check import Check, check_of_type, validate_text

if TYPE_CHECKING:
    from casemap.conversion import Converter
    from casemap.functions.registry import Function, Registry
    from casemap.mapping.file import Mapping
    from casemap.models import Model, ModelConverter
    from casemap.proving import Prover
    from casemap.routes import RouteCache
    from casemap.run.line_converter import ConvertedLine, LineConverter
    from casemap.schema.store import SchemaStore

__all__ = ["Catalog", "convert", "convert_lines", "converter", "detect", "line_converter", "validate"]


class Catalog:
    """The document types, mappings and functions of a project, together with the bundled ones.

    `project` is a folder with `schemas/` and `mappings/`; without it there are only the bundled ones.
    Raises `MappingError` for a project that cannot be read.
    """

    def __init__(self, project: str | os.PathLike[str] | None = None) -> None:
        self._project = project
        self._registered: list[Function] = []
        self._checks: dict[str, Check] = {}
        self._library = Library(None if project is None else Path(project), lambda: self._functions)

    @functools.cached_property
    def _functions(self) -> Registry:
        from casemap.functions import BUNDLED

        functions = BUNDLED.copy()
        for function in _installed_functions():
            try:
                functions.add(function)
            except ValueError as error:
                message = f"the entry point group casemap.functions: {error}"
                raise MappingError([Problem("CM508", message, "Mend or uninstall the package that has it.")]) from None
        return functions

    @functools.cached_property
    def prover(self) -> Prover:
        """Proves the catalog's mappings and routes, see `Converter.check`."""
        from casemap.proving import Prover

        return Prover(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt_catalog, (self._project, tuple(self._registered))

    def register(self, function: Function) -> None:
        """Add a function to the expression language of this catalog's mappings. `ValueError` if its name is taken."""
        self._functions.add(function)
        self._registered.append(function)

    @property
    def store(self) -> SchemaStore:
        """The schemas of the catalog. Raises `MappingError`."""
        return self._library.store

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
        from casemap.conversion import shared_params

        route = self.route(source, target, via).mappings
        stored = self.cache.route(route, trusted=False) or self.cache.route(route, trusted=True)
        return stored.params if stored is not None else shared_params([self.mapping(id) for id in route])

    @overload
    def converter(
        self,
        source: str,
        target: str,
        params: Table[str, Any] | None = None,
        via: str | None = None,
        *,
        trust_source: bool = False,
    ) -> Converter: ...

    @overload
    def converter(
        self,
        source: str,
        target: str,
        params: Table[str, Any] | None = None,
        via: str | None = None,
        *,
        target_model: type[Model],
        trust_source: bool = False,
    ) -> ModelConverter[Model]: ...

    def converter(
        self,
        source: str,
        target: str,
        params: Table[str, Any] | None = None,
        via: str | None = None,
        *,
        target_model: type[Model] | None = None,
        trust_source: bool = False,
    ) -> Converter | ModelConverter[Model]:
        """The function from a source type to a target type; `params` are JSON values by name.

        With a pydantic model as `target_model` it takes payloads and models, and gives such models. With
        `trust_source` payloads are not validated: who says so vouches that they are valid, for of results only that is
        asked then which is not proven of valid payloads.

        Raises `MappingError`: an unknown type (CM501), no route (CM502) or more than one (CM503), a param that is
        missing (CM504), undeclared (CM505) or invalid (CM506), or a mapping that is wrong.
        """
        from casemap.conversion import Converter

        found = Converter(self, source, target, params, via, trust_source=trust_source)
        if target_model is None:
            return found
        from casemap.models import ModelConverter

        return ModelConverter(found, target_model)

    def convert(self, payload: Any, source: str, target: str, params: Table[str, Any] | None = None) -> Any:
        """One payload converted. Raises `ConversionError` and `MappingError`."""
        return self.converter(source, target, params)(payload)

    def line_converter(
        self,
        source: str,
        target: str,
        params: Table[str, Any] | None = None,
        via: str | None = None,
        *,
        strict_json: bool = False,
    ) -> LineConverter:
        """The function from blocks of NDJSON to blocks, for pools of processes: see `LineConverter`.

        With `strict_json`, records in which a member stands twice are rejected; else the last one counts.
        Raises `MappingError` as `converter` does.
        """
        from casemap.run.line_converter import LineConverter

        return LineConverter(self.converter(source, target, params, via), strict_json=strict_json)

    def convert_lines(
        self,
        source: str,
        target: str,
        lines: Iterable[bytes],
        params: Table[str, Any] | None = None,
        via: str | None = None,
        *,
        strict_json: bool = False,
    ) -> Iterator[ConvertedLine]:
        """What becomes of each line of NDJSON, in order: a result or problems. A file that is open for bytes is lines.

        Blank lines are passed over. Some lines are read ahead. Raises `MappingError` at once, nothing for a record.
        """
        return self.line_converter(source, target, params, via, strict_json=strict_json).each(lines)

    def validate(self, payload: Any, type: str) -> list[Problem]:
        """Every way in which a payload is not of a document type; empty when it is. Raises `MappingError`.

        The payload is a JSON value, or the bytes of a JSON text: then problems have lines and columns, and what is
        wrong with the text itself is a problem as well.
        """
        check = self.check_of(self.resolve_type(type))
        if isinstance(payload, bytes | bytearray | memoryview):
            return validate_text(bytes(payload), check)
        return check.problems(payload)

    def check_of(self, type: str) -> Check:
        """What `validate` does with values of one document type. Raises `MappingError`."""
        if type not in self._checks:
            self._checks[type] = check_of_type(self._library.store, type)
        return self._checks[type]

    def detect(self, payload: Any) -> str:
        """The document type of a payload: the only one that it is valid for, or the one that declares most of it.

        Raises `ConversionError` (CM507) with the candidates, or with what is wrong for the nearest types.
        """
        from casemap.schema.detection import detect

        return detect(payload, self.types, self._library.store)

    def route(self, source: str, target: str, via: str | None = None) -> Route:
        """The mappings that lead from one type to another, by their ids. Raises `MappingError`."""
        source = self.resolve_type(source)
        target = self.resolve_type(target, like=source)
        return self._library.route(source, target, via)

    def chain(self, source: str, target: str, via: str | None = None) -> list[Mapping]:
        """The mappings of a route, loaded, in order. Raises `MappingError`."""
        return [self._library.mapping(id) for id in self.route(source, target, via).mappings]

    @functools.cached_property
    def cache(self) -> RouteCache:
        """The routes that were compiled before, here or by another process."""
        from casemap.routes import RouteCache

        return RouteCache(self._library.cache, lambda: not self._registered)


def _rebuilt_catalog(project: str | None, functions: tuple[Function, ...]) -> Catalog:
    catalog = Catalog(project)
    for function in functions:
        catalog.register(function)
    return catalog


@functools.cache
def _installed_functions() -> tuple[Function, ...]:
    """Functions of the entry point group `casemap.functions`: each entry point is a `Function`."""
    from importlib.metadata import entry_points

    from casemap.functions.registry import Function

    found: list[Function] = []
    for entry in entry_points(group="casemap.functions"):
        function = entry.load()
        if not isinstance(function, Function):
            message = f"the entry point `{entry.name}` of casemap.functions is no casemap function"
            raise MappingError([Problem("CM508", message, "Let it name a `casemap.Function`.")])
        found.append(function)
    return tuple(found)


@functools.cache
def _bundled() -> Catalog:
    return Catalog()


@overload
def converter(
    source: str,
    target: str,
    params: Table[str, Any] | None = None,
    via: str | None = None,
    *,
    trust_source: bool = False,
) -> Converter: ...


@overload
def converter(
    source: str,
    target: str,
    params: Table[str, Any] | None = None,
    via: str | None = None,
    *,
    target_model: type[Model],
    trust_source: bool = False,
) -> ModelConverter[Model]: ...


def converter(
    source: str,
    target: str,
    params: Table[str, Any] | None = None,
    via: str | None = None,
    *,
    target_model: type[Model] | None = None,
    trust_source: bool = False,
) -> Converter | ModelConverter[Model]:
    """`Catalog.converter` over the bundled formats."""
    if target_model is None:
        return _bundled().converter(source, target, params, via, trust_source=trust_source)
    return _bundled().converter(source, target, params, via, target_model=target_model, trust_source=trust_source)


def convert(payload: Any, source: str, target: str, params: Table[str, Any] | None = None) -> Any:
    """`Catalog.convert` over the bundled formats."""
    return _bundled().convert(payload, source, target, params)


def line_converter(
    source: str,
    target: str,
    params: Table[str, Any] | None = None,
    via: str | None = None,
    *,
    strict_json: bool = False,
) -> LineConverter:
    """`Catalog.line_converter` over the bundled formats."""
    return _bundled().line_converter(source, target, params, via, strict_json=strict_json)


def convert_lines(
    source: str,
    target: str,
    lines: Iterable[bytes],
    params: Table[str, Any] | None = None,
    via: str | None = None,
    *,
    strict_json: bool = False,
) -> Iterator[ConvertedLine]:
    """`Catalog.convert_lines` over the bundled formats."""
    return _bundled().convert_lines(source, target, lines, params, via, strict_json=strict_json)


def validate(payload: Any, type: str) -> list[Problem]:
    """`Catalog.validate` over the bundled formats."""
    return _bundled().validate(payload, type)


def detect(payload: Any) -> str:
    """`Catalog.detect` over the bundled formats."""
    return _bundled().detect(payload)
