"""Chooses the conversion for a payload: its type said or detected, its params read from the command line's texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from casemap._version import __version__
from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.conversion import Conversion, Converts
from casemap.run.detection import detected_type, is_array_of
from casemap.run.tally import Tally
from casemap.syntax.json_text import read_json

__all__ = ["Choice", "KnowsTypes", "Wanted", "param_value"]


class HasFile(Protocol):
    """A mapping as a catalog lists it."""

    @property
    def file(self) -> Any: ...


class HasSchemas(Protocol):
    """Schemas by document type."""

    @property
    def schemas(self) -> Mapping[str, Any]: ...


class KnowsTypes(Protocol):
    """What is asked of a catalog."""

    @property
    def store(self) -> HasSchemas: ...
    @property
    def mappings(self) -> Iterable[HasFile]: ...
    def resolve_type(self, text: str, like: str | None = None) -> str: ...
    def detect(self, payload: Any) -> str: ...
    def parameters(self, source: str, target: str, via: str | None = None) -> Mapping[str, Any]: ...
    def converter(
        self,
        source: str,
        target: str,
        params: Mapping[str, Any] | None = None,
        via: str | None = None,
        *,
        trust_source: bool = False,
    ) -> Converts: ...
    def validate(self, payload: Any, type: str) -> list[Problem]: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """The conversion that the user asks for: types as written, `source` None to detect it; `params` are texts."""

    source: str | None
    target: str
    params: Mapping[str, str] = field(default_factory=dict)
    via: str | None = None
    trust_source: bool = False


class Choice:
    """The conversions of one run, made once for each source type.

    Raises `MappingError` (CM501 to CM506) at once for whatever does not depend on a payload.
    """

    def __init__(
        self, catalog: KnowsTypes, wanted: Wanted, tally: Tally, *, observing: bool, collapsing: bool = False
    ) -> None:
        self.collapsing = collapsing
        self.catalog = catalog
        self.wanted = wanted
        self.tally = tally
        self.observing = observing
        self._conversions: dict[str, Conversion] = {}
        self._codes: dict[Conversion, str] = {}
        self.given: Conversion | None = None
        full_target = wanted.target if "/" in wanted.target else None
        if wanted.source is not None:
            self.given = self.of_type(catalog.resolve_type(wanted.source, full_target))
        elif full_target is not None:
            catalog.resolve_type(full_target)

    def conversion(self, value: Any) -> Conversion:
        """The conversion of a payload. Raises `ConversionError` (CM507) where its type cannot be detected."""
        return self.given or self.of_type(detected_type(self.catalog, value))

    def is_stream(self, value: Any, conversion: Conversion) -> bool:
        """Whether a value is an array of records: one that the source type itself is not."""
        converter = conversion.converter
        return converter.records_path != () and is_array_of(self.catalog, value, converter.source)

    @property
    def schemas(self) -> Mapping[str, Any]:
        """The JSON Schemas of the document types."""
        return self.catalog.store.schemas

    def code(self, conversion: Conversion) -> str:
        """A text that is the same for conversions that do the same: of types, params, all mappings and schemas."""
        if conversion not in self._codes:
            import hashlib  # only for runs that take long

            converter = conversion.converter
            files = [Path(entry.file).read_bytes() for entry in self.catalog.mappings]
            schemas = sorted(self.schemas.items())
            params = sorted(self.wanted.params.items())
            parts = (__version__, converter.source, converter.target, converter.route, params, files, schemas)
            self._codes[conversion] = hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()
        return self._codes[conversion]

    def of_type(self, source: str) -> Conversion:
        """The conversion of payloads of a type. Raises `MappingError`."""
        found = self._conversions.get(source)
        if found is None:
            wanted = self.wanted
            target = self.catalog.resolve_type(wanted.target, source)
            schemas = self.catalog.parameters(source, target, wanted.via)
            params = {name: param_value(text, schemas.get(name, {})) for name, text in wanted.params.items()}
            trust = wanted.trust_source
            converter = self.catalog.converter(source, target, params, wanted.via, trust_source=trust)
            found = self._conversions[source] = self._conversion_of(converter)
        return found

    def _conversion_of(self, converter: Any) -> Conversion:
        find = None
        if self.collapsing:
            from casemap.run.collapsing import collapsing, fates

            find = collapsing(converter.ledger)
            self.tally.fates.update(fates(converter.source, converter.ledger))
        return Conversion(converter, self.tally, observing=self.observing, collapsing=find)


def param_value(text: str, schema: Any) -> Any:
    """A param's value: the text as it is if the schema admits a text, else what it is as JSON.

    A text that is no JSON stays a text: the check of the params says what is wrong with it.
    """
    if _admits_text(schema):
        return text
    try:
        return read_json(text.encode(errors="surrogateescape"))
    except CasemapError:
        return text


def _admits_text(schema: Any) -> bool:
    import jsonschema_rs
    from jsonschema_rs.canonical import Satisfiability

    try:
        texts = jsonschema_rs.canonicalize({"type": "string"})
        return jsonschema_rs.canonicalize(schema).intersect(texts).satisfiability() != Satisfiability.NO
    except ValueError:
        return True  # a schema that is wrong is reported by who reads the mapping
