"""The fields of a document type, from its JSON Schema.

`$ref`, `allOf`, `anyOf`, `oneOf`, `if` and `dependentSchemas` are followed; what may hold for some documents is
described. Conditions between values are not seen, nor are names that `propertyNames` rules out. A reference to a
schema around is a leaf.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import jsonschema_rs

from casemap.schema.fields import ANYTHING, Field
from casemap.schema.store import SchemaStore, schema_uri

__all__ = ["field_tree"]

_SCALARS = frozenset(["string", "number", "integer", "boolean"])
_ALL = _SCALARS | {"object", "array", "null"}
_CONTENT = ("properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "items", "prefixItems")
MOST_ALTERNATIVES = 64
"""Combinations of alternatives are told apart up to here; beyond, each alternative is taken by itself."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A schema without what it refers to. `base` is the URI that its references are relative to, `refs` those that
    led to it, from the document down.
    """

    schema: Mapping[str, Any]
    base: str
    refs: frozenset[str]


_Alternative = tuple[_Part, ...]
"""Schemas that hold together."""


class _RecursionError(Exception):
    """A schema that lies inside of itself."""


def field_tree(store: SchemaStore, type_name: str) -> Field:
    """The fields of a document type."""
    uri = schema_uri(type_name)
    return _Reader(store).field([(store.schemas.get(type_name, True), uri, frozenset([uri]))])


_Place = tuple[Any, str, frozenset[str]]
"""A schema, the URI that its references are relative to, and those that led to it."""


class _Reader:
    def __init__(self, store: SchemaStore) -> None:
        self.store = store

    def field(self, *places: Sequence[_Place]) -> Field:
        """The field of alternatives, each of which is schemas that hold together."""
        try:
            alternatives = [each for together in places for each in self.together(together)]
        except _RecursionError:
            return ANYTHING
        members: dict[str, list[list[_Place]]] = {}
        others: list[list[_Place]] = []
        leaf, opaque, is_open = False, False, False
        values: list[Any] | None = []
        # items stand where their array does
        pending = [(alternative, types) for alternative in alternatives if (types := _types(alternative))]
        while pending:
            alternative, types = pending.pop(0)
            if "object" in types:
                for name, below in _members(alternative).items():
                    members.setdefault(name, []).append(below)
                found, open_here = _others(alternative)
                others += found
                is_open = is_open or open_here
            if "array" in types:
                for below in _items(alternative):
                    try:
                        pending += [(each, kinds) for each in self.together(below) if (kinds := _types(each))]
                    except _RecursionError:
                        leaf, opaque, values = True, True, None
            opaque_here = _is_opaque(alternative, types)
            opaque = opaque or opaque_here
            if opaque_here or (types != _ALL and types & _SCALARS):
                leaf = True
                known = _values(alternative)
                values = None if values is None or known is None else [*values, *known]
        return Field(
            {name: self.field(*below) for name, below in members.items()},
            self.field(*others) if others else ANYTHING if is_open else None,
            bool(others),
            leaf,
            opaque,
            tuple(values) if leaf and values else None,
        )

    def together(self, places: Sequence[_Place]) -> list[_Alternative]:
        """What schemas that hold together mean: alternatives of plain ones."""
        return self.product([self.alternatives(*place) for place in places])

    def product(self, factors: Sequence[list[_Alternative]]) -> list[_Alternative]:
        number = 1
        for factor in factors:
            number *= len(factor)
        if number > MOST_ALTERNATIVES:
            always = tuple(part for factor in factors if len(factor) == 1 for part in factor[0])
            return [(*always, *each) for factor in factors if len(factor) > 1 for each in factor]
        return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*factors)]

    def alternatives(self, schema: Any, base: str, refs: frozenset[str]) -> list[_Alternative]:
        if schema is False:
            return []
        if not isinstance(schema, dict):
            return [()]
        if isinstance(schema.get("$id"), str):
            base = urljoin(base, schema["$id"])
        factors: list[list[_Alternative]] = [[(_Part(schema, base, refs),)]]
        if isinstance(schema.get("$ref"), str):
            factors.append(self.referred(schema["$ref"], base, refs))
        factors += [self.alternatives(part, base, refs) for part in _list(schema, "allOf")]
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                factors.append([a for branch in _list(schema, keyword) for a in self.alternatives(branch, base, refs)])
        if "if" in schema:
            factors.append([a for n in ("then", "else") for a in self.alternatives(schema.get(n, True), base, refs)])
        factors += [[(), *self.alternatives(each, base, refs)] for each in _dict(schema, "dependentSchemas").values()]
        return self.product(factors)

    def referred(self, reference: str, base: str, refs: frozenset[str]) -> list[_Alternative]:
        """What a reference leads to. A reference to a schema around is where the fields end."""
        uri = urljoin(base, reference).removesuffix("#")
        if uri in refs:
            raise _RecursionError
        document, fragment = urldefrag(uri)
        name = self.store.by_uri.get(document)
        if name is not None and (not fragment or fragment.startswith("/")):
            # as it stands: the registry gives the members of a schema in the order of their names
            found = _pointed(self.store.schemas[name], fragment)
            return self.alternatives(found, document, refs | {uri})
        try:
            resolved = self.store.registry.resolver(base).lookup(reference)
        except (ValueError, jsonschema_rs.ReferencingError):
            return [()]
        return self.alternatives(resolved.contents, resolved.resolver.base_uri, refs | {uri})


def _pointed(document: Any, fragment: str) -> Any:
    """What a JSON Pointer in the fragment of a URI leads to; a schema that allows anything where it leads nowhere."""
    found = document
    for step in unquote(fragment).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            return True
    return found


def _dict(schema: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    value = schema.get(keyword)
    return value if isinstance(value, dict) else {}


def _list(schema: Mapping[str, Any], keyword: str) -> list[Any]:
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def _types(alternative: _Alternative) -> frozenset[str]:
    """The JSON types of the values that fit schemas that hold together."""
    types = _ALL
    for part in alternative:
        kind = part.schema.get("type")
        if kind is not None:
            names = frozenset([kind] if isinstance(kind, str) else kind)
            types &= names | {"integer"} if "number" in names else names
        known = _listed(part)
        if known is not None:
            types &= {name for value in known for name in _types_of(value)}
    return types


def _types_of(value: Any) -> tuple[str, ...]:
    match value:
        case None:
            return ("null",)
        case bool():
            return ("boolean",)
        case str():
            return ("string",)
        case int() | float():
            return ("integer", "number") if value == int(value) else ("number",)
        case list():
            return ("array",)
    return ("object",)


def _listed(part: _Part) -> list[Any] | None:
    if "const" in part.schema:
        return [part.schema["const"]]
    found = part.schema.get("enum")
    return found if isinstance(found, list) else None


def _values(alternative: _Alternative) -> list[Any] | None:
    """The values of which one has to be it, null left out."""
    known = [found for part in alternative if (found := _listed(part)) is not None]
    return [value for value in min(known, key=len) if value is not None] if known else None


def _is_opaque(alternative: _Alternative, types: frozenset[str]) -> bool:
    """Whether a value can be an object or array of whose content nothing is said."""
    keywords = {keyword for part in alternative for keyword in _CONTENT if keyword in part.schema}
    if types == _ALL:
        return not keywords
    of_arrays = {"items", "prefixItems"}
    return ("object" in types and not keywords - of_arrays) or ("array" in types and not keywords & of_arrays)


def _members(alternative: _Alternative) -> dict[str, list[_Place]]:
    found: dict[str, list[_Place]] = {}
    for part in alternative:
        for name, schema in _dict(part.schema, "properties").items():
            found.setdefault(name, []).append((schema, part.base, part.refs))
    return found


def _others(alternative: _Alternative) -> tuple[list[list[_Place]], bool]:
    """What is said of members without a name, as alternatives, and whether there may be more of them."""
    found: list[list[_Place]] = []
    # an object of which nothing is said is a leaf, members and all
    is_open = any(keyword in part.schema for part in alternative for keyword in _CONTENT[:2])
    for part in alternative:
        found += [[(schema, part.base, part.refs)] for schema in _dict(part.schema, "patternProperties").values()]
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            schema = part.schema.get(keyword)
            if schema is not None:
                is_open = False
            if schema is not None and schema is not False:
                found.append([(schema, part.base, part.refs)])
    return found, is_open


def _items(alternative: _Alternative) -> Iterator[list[_Place]]:
    for part in alternative:
        for keyword in ("prefixItems", "items", "unevaluatedItems"):
            schema = part.schema.get(keyword)
            for each in schema if isinstance(schema, list) else [schema] if schema is not None else []:
                yield [(each, part.base, part.refs)]
