"""Schema files of users: read with all that they refer to, from the files beside them, and never from the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import jsonschema_rs

from casemap.errors import CasemapError, MappingError
from casemap.problem import Problem
from casemap.run.payloads import Stream, open_payloads
from casemap.schema.broken import broken_schema
from casemap.schema.check import Check
from casemap.schema.formats import strict
from casemap.schema.store import SchemaStore

__all__ = ["check_of_file"]

_DRAFTS = (
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema",
    "http://json-schema.org/draft-06/schema",
    "http://json-schema.org/draft-04/schema",
)


def check_of_file(file: str, store: SchemaStore) -> Check:
    """The check by a schema file, JSON or YAML, of any draft from 4 to 2020-12; 2020-12 where it does not say.

    References find the catalog's schemas by their URIs, and files by their names from the file's own folder; also where
    the schema has an `$id`: a URI beside it is the file beside it. Raises `CasemapError` (CM101 to CM111, CM219).
    """
    contents = _read(file)
    _check_draft(file, contents)
    return _Loader(file, contents, store).check()


def _check_draft(file: str, contents: Any) -> None:
    draft = contents.get("$schema") if isinstance(contents, dict) else None
    if isinstance(draft, str) and draft.rstrip("#") not in _DRAFTS:
        advice = f"Give one of {', '.join(_DRAFTS)}."
        raise MappingError([Problem("CM219", f"the draft {draft} is not known", advice, file=file, path="/$schema")])


def _read(file: str) -> Any:
    read = open_payloads(file)
    if isinstance(read, Stream) or not isinstance(read.value, dict | bool):
        message = "a schema is one document, an object or a boolean"
        raise MappingError([Problem("CM219", message, "Give a file with a JSON Schema.", file=file)])
    return read.value


class _Loader:
    """Compiles one schema file; keeps what it read on the way."""

    def __init__(self, file: str, contents: Any, store: SchemaStore) -> None:
        self.file = file
        self.contents = contents
        self.store = store
        self.file_uri = Path(file).absolute().as_uri()
        self.uri = _own_uri(contents, self.file_uri)
        self.resources: dict[str, Any] = {self.uri: contents, self.file_uri: contents}
        self.files: dict[str, str] = {self.uri: file, self.file_uri: file}
        self.failure: CasemapError | None = None

    def check(self) -> Check:
        known = [(uri, strict(self.store.schemas[name])) for uri, name in self.store.by_uri.items()]
        try:
            validator = jsonschema_rs.validator_for(
                strict(self.contents),
                registry=jsonschema_rs.Registry(known),
                retriever=self.retrieve,
                validate_formats=True,
                base_uri=self.uri,
            )
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            if self.failure is not None:
                raise self.failure from None
            advice = "Mend the schema. References find files beside it and the catalog's schemas; nothing is fetched."
            raise MappingError([broken_schema(error, "the schema", self.file, advice)]) from None
        files = {uri: self.store.files[name] for uri, name in self.store.by_uri.items() if name in self.store.files}
        return Check(self.file, validator, self.contents, self.resolver, {**files, **self.files})

    def resolver(self) -> jsonschema_rs.Resolver:
        known = {uri: self.store.schemas[name] for uri, name in self.store.by_uri.items()}
        return jsonschema_rs.Registry([*{**known, **self.resources}.items()]).resolver(self.uri)

    def retrieve(self, uri: str) -> Any:
        """The schema at a URI; called by the validator for what it does not know."""
        file = self._file_of(uri)
        if file is None:
            raise ValueError(f"nothing is fetched, and no file beside {self.file} has this URI")
        try:
            self.resources[uri] = _read(file)
        except CasemapError as error:
            self.failure = error
            raise ValueError(str(error)) from None
        self.files[uri] = file
        return strict(self.resources[uri])

    def _file_of(self, uri: str) -> str | None:
        """The file that a URI means: itself, or the one that stands to the schema's file as the URI to the schema's."""
        folder = urljoin(self.uri, ".")
        if not uri.startswith("file:") and uri.startswith(folder):
            uri = urljoin(self.file_uri, uri.removeprefix(folder))
        if not uri.startswith("file:"):
            return None
        path = Path(unquote(urlsplit(uri).path))
        try:
            return str(path.relative_to(Path.cwd()))
        except (OSError, ValueError):
            return str(path)


def _own_uri(contents: Any, file_uri: str) -> str:
    """The schema's own URI, from its `$id` (`id` in draft 4), else that of its file."""
    own = None
    if isinstance(contents, dict):
        own = contents.get("id" if "draft-04" in str(contents.get("$schema", "")) else "$id")
    return urldefrag(urljoin(file_uri, own)).url if isinstance(own, str) else file_uri
