"""Outlines: what the valid values of a schema look like, as a tree of places with the options that each has.

References and alternatives are followed, also where a schema lies inside of itself: there the outline ends after the
second time round. A value built from an outline is meant to be valid; a validator decides.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote, urldefrag, urljoin

import jsonschema_rs

from casemap.analysis.candidates import ANY_VALUES, candidates, distinct, fitting
from casemap.analysis.patterns import texts_matching
from casemap.schema.store import SchemaStore

__all__ = ["ITEM", "Hints", "Option", "Outline", "Place", "Steps"]

ITEM = "*"
"""The step to any item of an array."""

Steps = tuple[str, ...]

_SCALARS = frozenset(("string", "number", "integer", "boolean", "null"))
_ALL = _SCALARS | {"object", "array"}
_MOST_ALTERNATIVES = 24
_MOST_PLACES = 2000
_DEEPEST = 24
_LONGEST = 200
_OTHER_NAME = "other"
_OTHERS = frozenset(("additionalProperties", "patternProperties", "unevaluatedProperties"))


@dataclass(frozen=True, slots=True)
class Hints:
    """What a mapping is about, so that samples come to it.

    `values` are constants that it compares with a field, or looks up, by the field's steps; a field that it reads and
    does not compare has none. `open` are the objects of which it takes members that it does not name; `names` are
    what such a member may clash with.
    """

    values: Mapping[Steps, tuple[Any, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    open: frozenset[Steps] = frozenset()


@dataclass(frozen=True, slots=True)
class _Part:
    """A schema without what it refers to; `base` is the URI that its references are relative to."""

    schema: Mapping[str, Any]
    base: str
    refs: tuple[str, ...]
    """The references that led here, with repetitions."""


_Below = tuple[tuple[Any, str, tuple[str, ...]], ...]
"""Schemas that hold together for one value, each with its base and the references that led to it."""


class Outline:
    """The outline of a document. `schemas` all hold for it; references resolve in the store, relative to `base`."""

    def __init__(self, store: SchemaStore, schemas: Sequence[Any], base: str, hints: Hints) -> None:
        self.store = store
        self.hints = hints
        self.made = 0
        below: dict[Steps, dict[str, None]] = {}
        for steps in hints.values:
            for count, step in enumerate(steps):
                below.setdefault(steps[:count], {})[step] = None
        self.hinted_below = {steps: tuple(names) for steps, names in below.items()}
        self.root = Place(self, tuple((schema, base, ()) for schema in schemas), ())

    def alternatives(self, below: _Below) -> list[tuple[_Part, ...]]:
        """What schemas that hold together mean: alternatives of plain ones."""
        return self._product([self._alternatives(*each) for each in below])

    def _product(self, factors: Sequence[list[tuple[_Part, ...]]]) -> list[tuple[_Part, ...]]:
        chosen = itertools.islice(itertools.product(*factors), _MOST_ALTERNATIVES)
        return [tuple(itertools.chain(*each)) for each in chosen]

    def _alternatives(self, schema: Any, base: str, refs: tuple[str, ...]) -> list[tuple[_Part, ...]]:
        if schema is False:
            return []
        if not isinstance(schema, dict):
            return [()]
        if isinstance(schema.get("$id"), str):
            base = urljoin(base, schema["$id"])
        factors: list[list[tuple[_Part, ...]]] = [[(_Part(schema, base, refs),)]]
        if isinstance(schema.get("$ref"), str) and len(refs) < _DEEPEST:
            factors.append(self._referred(schema["$ref"], base, refs))
        factors += [self._alternatives(part, base, refs) for part in schema.get("allOf", ())]
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                factors.append([each for part in schema[keyword] for each in self._alternatives(part, base, refs)])
        if "if" in schema:
            factors.append(self._conditional(schema, base, refs))
        return self._product(factors)

    def _conditional(self, schema: Any, base: str, refs: tuple[str, ...]) -> list[tuple[_Part, ...]]:
        holds = [({"allOf": [schema["if"], schema.get("then", True)]}, base, refs)]
        fails = [({"allOf": [{"not": schema["if"]}, schema.get("else", True)]}, base, refs)]
        return [*self.alternatives(tuple(holds)), *self.alternatives(tuple(fails))]

    def _referred(self, reference: str, base: str, refs: tuple[str, ...]) -> list[tuple[_Part, ...]]:
        uri = urljoin(base, reference).removesuffix("#")
        document, fragment = urldefrag(uri)
        refs = (*refs, uri)
        name = self.store.by_uri.get(document)
        if name is not None and (not fragment or fragment.startswith("/")):
            # the registry would give the members in the order of their names
            return self._alternatives(_pointed(self.store.schemas[name], fragment), document, refs)
        try:
            found = self.store.registry.resolver(base).lookup(reference)
        except (ValueError, jsonschema_rs.ReferencingError):
            return [()]
        return self._alternatives(found.contents, found.resolver.base_uri, refs)


def _pointed(document: Any, fragment: str) -> Any:
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


class Place:
    """The place of a value: `steps` lead to it, `parent` and `key` say of what it is a part.

    An extra one is a member that the schema merely does not forbid: a whole value does without it.
    """

    def __init__(
        self,
        outline: Outline,
        below: _Below,
        steps: Steps,
        parent: Option | None = None,
        key: str | int = "",
        *,
        is_extra: bool = False,
    ) -> None:
        self.outline = outline
        self.below = below
        self.steps = steps
        self.parent = parent
        self.key = key
        self.is_extra = is_extra
        self.is_repeated = max((refs.count(uri) for _, _, refs in below for uri in refs), default=0) > 1
        outline.made += 1

    @property
    def deep(self) -> bool:
        """Whether only what is required is looked at from here on."""
        return self.is_repeated or self.outline.made > _MOST_PLACES

    @property
    def is_optional(self) -> bool:
        """Whether the value may be left out."""
        if self.parent is None:
            return False
        return not (isinstance(self.key, str) and self.key in self.parent.required)

    @functools.cached_property
    def options(self) -> tuple[Option, ...]:
        """The alternatives, by the kind of value: scalars, an object, an array. Empty where no value is allowed."""
        found: list[Option] = []
        if len(self.steps) > _DEEPEST or self.outline.made > 2 * _MOST_PLACES:
            return ()
        for parts in self.outline.alternatives(self.below):
            kinds = _kinds(parts)
            listed = any({"enum", "const"} & part.schema.keys() for part in parts)
            free = kinds == _ALL and not _speaks(parts) and self.steps not in self.outline.hinted_below
            if listed or free or kinds & _SCALARS:
                found.append(Option(self, parts, kinds, "scalar"))
            if not listed and not free:
                found += [Option(self, parts, kinds, form) for form in _STRUCTURED if form in kinds]
        return tuple(option for option in found if option.form != "scalar" or option.values)

    @functools.cached_property
    def simple(self) -> Any:
        """The smallest value that the outline knows."""
        return min((option.simple for option in self.options), key=_size, default=None)

    @functools.cached_property
    def whole(self) -> Any:
        """The value with every part that the first option allows."""
        return self.options[0].whole if self.options else None


Form = Literal["scalar", "object", "array"]
_STRUCTURED: tuple[Form, ...] = ("object", "array")


class Option:
    """One alternative of a place: scalars with their candidates, an object with its members, or an array."""

    def __init__(self, place: Place, parts: tuple[_Part, ...], kinds: frozenset[str], form: Form) -> None:
        self.place = place
        self.parts = parts
        self.kinds = kinds
        self.form = form
        names = dict.fromkeys(name for part in parts for name in part.schema.get("required", ()))
        self.required = names if form == "object" else {}

    @property
    def outline(self) -> Outline:
        return self.place.outline

    @functools.cached_property
    def schemas(self) -> list[Mapping[str, Any]]:
        return [part.schema for part in self.parts]

    @functools.cached_property
    def values(self) -> tuple[Any, ...]:
        """What to try here: scalars, or arrays of different lengths; an object has none but `simple` and `whole`."""
        hints = self.outline.hints.values.get(self.place.steps, ())
        if self.form == "array":
            return tuple(distinct(self._arrays(hints)))
        if self.form == "object":
            return (self.simple, self.whole)
        if self.kinds == _ALL and not any({"enum", "const"} & part.schema.keys() for part in self.parts):
            return tuple(fitting(self.schemas, distinct([*hints, *ANY_VALUES])))
        return candidates(self.schemas, self.kinds & _SCALARS, hints)

    @functools.cached_property
    def told(self) -> tuple[Any, ...]:
        """The values of hints that may stand here; else the one for every day."""
        return tuple(fitting(self.schemas, self.outline.hints.values.get(self.place.steps, ()))) or self.values[:1]

    def _arrays(self, hints: Iterable[Any]) -> Iterator[list[Any]]:
        yield self.simple
        yield self.whole
        if self.item is not None and self.item.options:
            one, other = self.item.whole, self.item.simple
            values = [value for option in self.item.options for value in option.values if value != one]
            another = values[0] if values else other
            yield from ([], [one], [other], [one, one], [one, other], [other, one], [one, another], [another, one])
            yield [*values[:6], one]
        yield from (hint for hint in hints if isinstance(hint, list))

    @functools.cached_property
    def simple(self) -> Any:
        """The value with what it cannot be without."""
        match self.form:
            case "object":
                return self._filled({name: self.members[name].simple for name in self.required if name in self.members})
            case "array":
                return self._counted([place.simple for place in self.first], lambda item: item.simple)
        return self.values[0]

    @functools.cached_property
    def whole(self) -> Any:
        """The value with every part."""
        match self.form:
            case "object":
                most = self._least("maxProperties", len(self.members))
                there = [name for name, place in self.members.items() if place.options and not place.is_extra]
                ordered = sorted(there, key=lambda name: name not in self.required)[:most]
                return self._filled({name: self.members[name].whole for name in there if name in ordered})
            case "array":
                return self._counted([place.whole for place in self.first], lambda item: item.whole, 1)
        return self.values[0]

    def _filled(self, members: dict[str, Any]) -> dict[str, Any]:
        """With optional members until there are enough."""
        least = self._most("minProperties")
        for name, place in self.members.items():
            if len(members) >= least:
                break
            if place.options:
                members.setdefault(name, place.simple)
        return members

    def _counted(self, first: list[Any], make: Callable[[Place], Any], wish: int = 0) -> list[Any]:
        least, most = self._most("minItems"), self._least("maxItems", _LONGEST)
        wish = 0 if self.place.deep else wish
        count = max(min(max(wish, least - len(first)), most - len(first)), 0)
        if self.item is None or not self.item.options:
            return first
        values = [value for option in self.item.options for value in option.values]
        # further ones differ as long as they can, in case that equal items are not allowed
        others = itertools.cycle([*values[1:], *values[:1]])
        return [*first, *([make(self.item)] if count else []), *itertools.islice(others, max(0, count - 1))]

    def _most(self, keyword: str) -> int:
        """The greatest of the lower bounds that the schemas set; no more than is worth building."""
        return min(max((int(part.schema.get(keyword, 0)) for part in self.parts), default=0), _LONGEST)

    def _least(self, keyword: str, without: int) -> int:
        """The least of the upper bounds that the schemas set."""
        return min((int(part.schema.get(keyword, without)) for part in self.parts), default=without)

    def holding(self, key: str | int, value: Any, whole: bool) -> Any:
        """The option's value with a part of it set."""
        base = self.whole if whole else self.simple
        if isinstance(key, str):
            return {**base, key: value}
        return [*base[:key], value, *base[key + 1 :]]

    # objects

    @functools.cached_property
    def members(self) -> Mapping[str, Place]:
        """The members: those of `properties`, what is required, what the mapping reads, and some of any other name."""
        names = dict.fromkeys(name for part in self.parts for name in _dict(part.schema, "properties"))
        if self.place.deep:
            names = dict.fromkeys(name for name in names if name in self.required)
        names |= self.required
        found: dict[str, Place] = {}
        for name in names:
            found[name] = self._place(name)
        if not self.place.deep:
            described = any(_OTHERS & part.schema.keys() for part in self.parts)
            for number, name in enumerate(name for name in self._other_names() if name not in found):
                # the first stands for all members of other names, where the schema speaks of them
                place = self._place(name, is_extra=number > 0 or not described)
                if place.options:
                    found[name] = place
        return found

    def _other_names(self) -> Iterator[str]:
        """Names that no schema declares: those of patterns, any one, those that are read, those that may clash."""
        patterns = (pattern for part in self.parts for pattern in _dict(part.schema, "patternProperties"))
        yield from (text for pattern in patterns for text in texts_matching(pattern)[:2])
        yield _OTHER_NAME
        yield from (name for name in self.outline.hinted_below.get(self.place.steps, ()) if name != ITEM)
        if self.place.steps in self.outline.hints.open:
            yield from ("", *self.outline.hints.names)

    def _place(self, name: str, is_extra: bool = False) -> Place:
        below: list[tuple[Any, str, tuple[str, ...]]] = []
        for part in self.parts:
            below += [(schema, part.base, part.refs) for schema in _member_schemas(part.schema, name)]
        return Place(self.outline, tuple(below), (*self.place.steps, name), self, name, is_extra=is_extra)

    # arrays

    @functools.cached_property
    def first(self) -> tuple[Place, ...]:
        """The places of the items that have schemas of their own."""
        count = max((len(part.schema.get("prefixItems", ())) for part in self.parts), default=0)
        return tuple(self._item(i) for i in range(min(count, self._most("minItems")) if self.place.deep else count))

    @functools.cached_property
    def item(self) -> Place | None:
        """The place of the items after those; None where there are none."""
        return self._item(len(self.first)) if self.form == "array" else None

    def _item(self, index: int) -> Place:
        below: list[tuple[Any, str, tuple[str, ...]]] = []
        for part in self.parts:
            own = part.schema.get("prefixItems", ())
            below.append((own[index] if index < len(own) else part.schema.get("items", True), part.base, part.refs))
            if "contains" in part.schema and index >= len(own):
                below.append((part.schema["contains"], part.base, part.refs))
        return Place(self.outline, tuple(below), (*self.place.steps, ITEM), self, index)

    def places(self) -> Iterator[Place]:
        """The places of its parts."""
        if self.form == "object":
            yield from self.members.values()
        elif self.form == "array":
            yield from self.first
            if self.item is not None:
                yield self.item


def _size(value: Any) -> int:
    match value:
        case dict():
            return 2 + sum(len(name) + _size(member) for name, member in value.items())
        case list():
            return 2 + sum(map(_size, value))
        case str():
            return len(value)
    return 1


def _kinds(parts: Sequence[_Part]) -> frozenset[str]:
    kinds = _ALL
    for part in parts:
        kind = part.schema.get("type")
        if isinstance(kind, str | list):
            named = frozenset([kind] if isinstance(kind, str) else kind)
            kinds &= named | {"integer"} if "number" in named else named
    return kinds


def _speaks(parts: Sequence[_Part]) -> bool:
    """Whether the content of objects or arrays is described."""
    words = {"properties", "additionalProperties", "patternProperties", "required", "items", "prefixItems", "contains"}
    return any(words & part.schema.keys() for part in parts)


def _dict(schema: Mapping[str, Any], keyword: str) -> dict[str, Any]:
    found = schema.get(keyword)
    return found if isinstance(found, dict) else {}


def _member_schemas(schema: Mapping[str, Any], name: str) -> Iterator[Any]:
    known = False
    if name in _dict(schema, "properties"):
        known = True
        yield schema["properties"][name]
    for pattern, inner in _dict(schema, "patternProperties").items():
        try:
            fits = re.search(pattern, name) is not None
        except re.error:  # JavaScript's patterns are not quite Python's
            fits = True
        if fits:
            known = True
            yield inner
    names = schema.get("propertyNames")
    if isinstance(names, dict) and isinstance(names.get("enum"), list) and name not in names["enum"]:
        yield False
    if not known:
        yield from (schema[word] for word in ("additionalProperties", "unevaluatedProperties") if word in schema)
