"""The source schema as shapes: what one pass of a typed decoder can check, and what is left to the validator.

Takes a schema and what a tree picks of its documents; gives a tree of `Shape`. A shape may refuse what the schema
takes, never the other way round. What it cannot say (a pattern, a format, a range, alternatives of objects) it leaves
as `left`, a schema for the decoded value itself. Of alternatives at the root it takes one at a time.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urljoin

from casemap.analysis.presence import Facts, Source
from casemap.compiler.others import Others, is_nameable
from casemap.compiler.picking import Origin, Picks
from casemap.compiler.shape import DIALECT, Kind, Member, Shape
from casemap.mapping.core import Each, Node, Path, Symbol
from casemap.schema.store import SchemaStore, schema_uri

__all__ = ["DecodedFacts", "DecodedSource", "Shapes", "UnservedError", "shapes_of"]

_SILENT = frozenset(
    (
        "$comment", "$defs", "$id", "$ref", "$schema", "allOf", "default", "deprecated", "description", "examples",
        "definitions", "readOnly", "title", "writeOnly",
    )
)  # fmt: skip
"""Keywords that say nothing of a value, or are followed."""
_MOVING = ("$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef")
"""Keywords that a schema cannot be taken out of its document with."""
_SCALARS = frozenset(("boolean", "integer", "null", "number", "string"))
_OBJECT = frozenset(("type", "properties", "required", "additionalProperties"))
_ARRAY = frozenset(("type", "items"))
_TEXT = frozenset(("type", "enum", "const", "minLength", "maxLength"))

_Place = tuple[Any, str]
"""A schema, and the URI of the document that it stands in."""


class UnservedError(Exception):
    """The schema is one that no shape can stand for."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shape of a document, and where paths lead in it; `others` are its members that the schema does not name."""

    root: Shape
    picks: Picks
    others: Others

    def at(self, origin: Origin) -> Shape | None:
        """The shape at a place; None below a plain value."""
        shape: Shape | None = self.root
        for step in origin:
            if shape is None:
                return None
            if step == "*":
                shape = shape.items
            else:
                member = None if shape.members is None else shape.members.get(step)
                shape = None if member is None else member.shape
        return shape

    def member(self, path: Path, position: int) -> tuple[Member | None, bool]:
        """The member that a step of a path leads to, and whether the value before it is an object of members.

        An object of members without the one that is asked for never has it.
        """
        step = path.steps[position]
        found = [self.at(origin) for origin in self.picks.origins(path, position)]
        objects = [shape for shape in found if shape is not None and shape.members is not None]
        if not objects or not isinstance(step, str):
            return None, False
        members = [member for shape in objects if shape.members and (member := shape.members.get(step)) is not None]
        unset = [member for member in members if member.unset]
        return next(iter(unset or members), None), True

    def is_record(self, node: Node) -> bool:
        """Whether a node is a path to an object of members."""
        if not isinstance(node, Path):
            return False
        found = [self.at(origin) for origin in self.picks.origins(node, len(node.steps))]
        return bool(found) and all(shape is not None and shape.members is not None for shape in found)

    def has_format(self, path: Path, form: str) -> bool:
        """Whether what a path leads to is always a text of a format."""
        found = [self.at(origin) for origin in self.picks.origins(path, len(path.steps))]
        return bool(found) and all(
            shape is not None
            and shape.kinds == {"string"}
            and isinstance(shape.left, dict)
            and shape.left.get("format") == form
            for shape in found
        )

    def always_there(self, base: Origin, steps: Origin) -> bool:
        """Whether each decoded value at `base` has a value, and no null, `steps` of names below."""
        shape = self.at(base)
        for step in steps:
            member = None if shape is None or shape.members is None else shape.members.get(step)
            if member is None or not member.required or (shape is not None and shape.is_mixed):
                return False
            shape = member.shape
        return shape is not None and not shape.nullable

    def types_of(self, origin: Origin) -> frozenset[str] | None:
        """The JSON types, null left out, that the decoded values at a place have; None where that is not known."""
        shape = self.at(origin)
        if shape is None or shape.anything:
            return None
        arrays = ["array"] if shape.items is not None else []
        objects = ["object"] if shape.members is not None else []
        return frozenset([*(kind for kind in shape.kinds if kind != "null"), *arrays, *objects])


@dataclass(frozen=True, slots=True)
class DecodedSource:
    """What is known of decoded documents: what their shapes say, and the schema itself where these do not."""

    shapes: Shapes
    schema: Source

    def always_there(self, base: Origin, steps: Origin) -> bool:
        """As `Source.always_there`."""
        return self.shapes.always_there(base, steps) or self.schema.always_there(base, steps)

    def types_of(self, origin: Origin) -> frozenset[str] | None:
        """As `Source.types_of`."""
        found = self.shapes.types_of(origin)
        return self.schema.types_of(origin) if found is None else found

    def values_of(self, origin: Origin) -> tuple[object, ...] | None:
        """As `Source.values_of`."""
        shape = self.shapes.at(origin)
        return shape.texts if shape is not None and shape.texts is not None else self.schema.values_of(origin)


class DecodedFacts(Facts):
    """What is known of a tree over decoded documents, also where a name stands for several places."""

    def __init__(self, tree: Node, root: Symbol, source: DecodedSource) -> None:
        self._shapes = source.shapes
        super().__init__(tree, root, source)

    def types(self, node: Node) -> frozenset[str] | None:
        """As `Facts.types`."""
        found = super().types(node)
        if found is not None or not isinstance(node, Path):
            return found
        places = [self._shapes.types_of(origin) for origin in self._shapes.picks.origins(node, len(node.steps))]
        known = [types for types in places if types is not None]
        return frozenset().union(*known) if places and len(known) == len(places) else None

    def present(self, node: Node) -> bool:
        """As `Facts.present`."""
        if super().present(node):
            return True
        if not isinstance(node, Path) or node.scope not in self.known:
            return False
        names = tuple(step for step in node.steps if isinstance(step, str))
        places = self._shapes.picks.symbols.get(node.scope, ())
        there = all(self._shapes.always_there(origin, names) for origin in places)
        return bool(places) and len(names) == len(node.steps) and there

    def never_null(self, node: Each) -> bool:
        """As `Facts.never_null`."""
        shapes = [self._shapes.at(origin) for origin in self._shapes.picks.symbols.get(node.item, ())]
        return super().never_null(node) or (bool(shapes) and all(shape and not shape.nullable for shape in shapes))


def shapes_of(store: SchemaStore, type_name: str, picks: Picks, others: Others, alternative: int = 0) -> Shapes:
    """The shapes of a document type's values, of those that are valid for one of the schema's alternatives.

    Raises `UnservedError` where these are no objects of members, and for an alternative that is not there.
    """
    while True:
        builder = _Builder(store, picks, alternative)
        shapes = Shapes(builder.shape([(builder.document(type_name), schema_uri(type_name))], ()), picks, others)
        if shapes.root.members is None or alternative >= builder.alternatives_found:
            raise UnservedError
        mixed = _mixed(shapes)
        if not mixed:
            return shapes
        picks.whole.update(mixed)


def _mixed(shapes: Shapes) -> set[Origin]:
    """Places of objects of members, where one name stands for them and for plain objects."""
    found: set[Origin] = set()
    for origins in shapes.picks.symbols.values():
        known = {origin: shape for origin in origins if (shape := shapes.at(origin)) is not None}
        if any(shape.anything for shape in known.values()):
            found.update(origin for origin, shape in known.items() if shape.members is not None)
    return found


class _Builder:
    """Shapes of places; `following` are the references that lead to the place at work."""

    def __init__(self, store: SchemaStore, picks: Picks, alternative: int) -> None:
        self.store = store
        self.picks = picks
        self.alternative = alternative
        self.alternatives_found = 1
        self.following: frozenset[str] = frozenset()

    def shape(self, places: Sequence[_Place], origin: Origin) -> Shape:
        """The shape of values that are valid for all the schemas of a place."""
        parts, references = self.parts(places)
        if any(part is False for part, _ in parts):
            return Shape(never=True)
        said = _Said([(part, base) for part, base in parts if isinstance(part, dict) and part.keys() - _SILENT])
        if not said.keywords:
            return Shape(anything=True)
        if references & self.following:
            return _plain(places)  # a schema within itself
        before, self.following = self.following, self.following | references
        try:
            return self.of(said, places, origin)
        finally:
            self.following = before

    def of(self, said: _Said, places: Sequence[_Place], origin: Origin) -> Shape:
        if "anyOf" in said.keywords or "oneOf" in said.keywords:
            return self.alternatives(said, places, origin)
        types = said.types
        if types is not None and types <= _SCALARS:
            return _scalar(said, types, places)
        if types is None or origin in self.picks.whole:
            return _plain(places)
        null: frozenset[Kind] = frozenset(["null"] if "null" in types else [])
        found: Shape | None = None
        if types - {"null"} == {"object"} and said.keywords <= _OBJECT:
            found = self.object(said, null, origin)
        elif types - {"null"} == {"array"} and said.keywords <= _ARRAY:
            found = self.array(said, null, origin)
        return found or _plain(places)

    def object(self, said: _Said, null: frozenset[Kind], origin: Origin) -> Shape | None:
        """An object of members; None where the schema says more of their names than `properties`."""
        if not all(others in (None, True, False) or not others.keys() - _SILENT for others in said.others):
            return None
        closed = any(others is False for others in said.others)
        if closed and len(said.parts) > 1:
            return None  # each part closes the object to its own members
        members = said.members
        read = [steps[-1] for steps in sorted(self.picks.reached) if steps[:-1] == origin and steps[-1] != "*"]
        for name in (*said.required, *([] if closed else read)):
            members.setdefault(name, [])
        if not all(is_nameable(name) for name in members):
            return None
        if origin in self.picks.rests:
            if not members.keys() <= self.picks.rests[origin]:
                return None
            closed = closed or bool(origin)  # what has no other members has no rest
        names = _attributes(list(members))
        found = {
            name: Member(names[name], self.shape(places, (*origin, name)), name in said.required)
            for name, places in members.items()
        }
        return Shape(members=found, closed=closed, kinds=null)

    def array(self, said: _Said, null: frozenset[Kind], origin: Origin) -> Shape | None:
        items = self.shape(said.items, (*origin, "*"))
        return None if items.never else Shape(items=items, kinds=null)

    def alternatives(self, said: _Said, places: Sequence[_Place], origin: Origin) -> Shape:
        """One shape for alternatives that differ in kind; of others at the root the first."""
        found = [(part, base, word) for part, base in said.parts for word in ("anyOf", "oneOf") if word in part]
        if len(found) != 1:
            return _plain(places)
        part, base, word = found[0]
        others = [(_without(each, word if each is part else ""), at) for each, at in said.parts]
        options = [self.shape([*others, (option, base)], origin) for option in part[word]]
        options = [option for option in options if not option.never]
        joined = _joined(options)
        if joined is not None and (joined.is_scalar or origin not in self.picks.whole):
            return joined
        if options and all(option.is_scalar for option in options):
            kinds = frozenset().union(*(option.kinds for option in options))
            return Shape(kinds=kinds, left=_left(places))
        if origin or not options or word != "anyOf":
            return _plain(places)
        # what is valid for one alternative is valid
        self.alternatives_found = len(options)
        return options[min(self.alternative, len(options) - 1)]

    def parts(self, places: Sequence[_Place]) -> tuple[list[_Place], frozenset[str]]:
        """The schemas of a place with what they refer to by `$ref` and `allOf`, and these references."""
        found: list[_Place] = []
        references: set[str] = set()
        pending = list(places)
        while pending:
            schema, base = pending.pop(0)
            found.append((schema, base))
            if not isinstance(schema, dict):
                continue
            if any(word in schema for word in _MOVING):
                raise UnservedError
            reference = schema.get("$ref")
            if isinstance(reference, str) and (uri := urljoin(base, reference)) not in references:
                references.add(uri)
                pending.append(self.referred(uri))
            pending += [(each, base) for each in schema.get("allOf", [])]
        return found, frozenset(references)

    def referred(self, uri: str) -> _Place:
        """The schema that a reference leads to."""
        document, _, fragment = uri.partition("#")
        found = self.document(self.store.by_uri.get(document))
        if fragment and not fragment.startswith("/"):
            raise UnservedError
        for token in fragment.split("/")[1:]:
            name = unquote(token).replace("~1", "/").replace("~0", "~")
            found = found[int(name)] if isinstance(found, list) else found[name]
            if isinstance(found, dict) and "$id" in found:
                raise UnservedError
        return found, document

    def document(self, type_name: str | None) -> Any:
        """The schema of a document type. Raises `UnservedError` for one of another dialect."""
        found = None if type_name is None else self.store.strict_schemas[type_name]
        if not isinstance(found, dict) or found.get("$schema", DIALECT) != DIALECT:
            raise UnservedError
        return found


def _plain(places: Sequence[_Place]) -> Shape:
    return Shape(anything=True, left=_left(places))


def _scalar(said: _Said, types: frozenset[str], places: Sequence[_Place]) -> Shape:
    if "number" in types:
        # how many digits its text has is seen only where it is read as anything
        return _plain(places)
    if not types:
        return Shape(never=True)
    shortest, longest = said.bound("minLength", max), said.bound("maxLength", min)
    texts = said.texts if types <= {"string", "null"} else None
    if texts is None:
        left = None if said.keywords <= _TEXT - {"enum", "const"} else _left(places)
        return Shape(kinds=types, shortest=shortest, longest=longest, left=left)  # type: ignore[arg-type]
    kinds: Any = types if None in said.listed else types - {"null"}
    bounded = shortest is not None or longest is not None
    return Shape(kinds=kinds, texts=texts, left=None if said.keywords <= _TEXT and not bounded else _left(places))


def _left(places: Sequence[_Place]) -> Any:
    """What a place says, as a schema that means the same wherever it stands."""
    found = [_moved(schema, base) for schema, base in places if schema not in (True, {})]
    return found[0] if len(found) == 1 else {"allOf": found}


def _without(schema: Any, word: str) -> Any:
    """A schema without an alternative, and without the references that were followed."""
    return {name: value for name, value in schema.items() if name not in (word, "$ref", "allOf")}


@dataclass(frozen=True)
class _Said:
    """What the schemas of one place say together."""

    parts: list[tuple[dict[str, Any], str]]

    @cached_property
    def keywords(self) -> frozenset[str]:
        return frozenset(word for part, _ in self.parts for word in part) - _SILENT

    @cached_property
    def types(self) -> frozenset[str] | None:
        """The JSON types that a value can have; None where no part says."""
        kinds = [part["type"] for part, _ in self.parts if "type" in part]
        if not kinds:
            return frozenset(["string"]) if self.texts and None not in self.listed else None
        sets = [frozenset([kind] if isinstance(kind, str) else kind) for kind in kinds]
        # an integer is a number: of the two together, the integer
        wide = [each | {"integer"} if "number" in each else each for each in sets]
        common = frozenset.intersection(*wide)
        return common - {"integer"} if "number" in common else common

    @cached_property
    def listed(self) -> list[Any]:
        """The values of which each has to be one; all of them, where there are no lists."""
        lists = [part["enum"] if "enum" in part else [part["const"]] for part, _ in self.parts if _lists(part)]
        return [value for value in lists[0] if all(value in other for other in lists[1:])] if lists else []

    @property
    def texts(self) -> tuple[str, ...] | None:
        """The texts of which a value has to be one, where no part lists anything else but null."""
        plain = [part for part, _ in self.parts if _lists(part)]
        if not plain or any("enum" in part and "const" in part for part in plain):
            return None
        texts = tuple(value for value in self.listed if isinstance(value, str))
        others = [value for value in self.listed if not isinstance(value, str) and value is not None]
        return texts if texts and not others else None

    def bound(self, word: str, choose: Callable[[Iterable[int]], int]) -> int | None:
        found = [int(part[word]) for part, _ in self.parts if word in part]
        return choose(found) if found else None

    @property
    def members(self) -> dict[str, list[_Place]]:
        found: dict[str, list[_Place]] = {}
        for part, resolver in self.parts:
            for name, schema in part.get("properties", {}).items():
                found.setdefault(name, []).append((schema, resolver))
        return found

    @property
    def required(self) -> list[str]:
        return list(dict.fromkeys(name for part, _ in self.parts for name in part.get("required", [])))

    @property
    def others(self) -> list[Any]:
        return [part.get("additionalProperties") for part, _ in self.parts]

    @property
    def items(self) -> list[_Place]:
        return [(part["items"], resolver) for part, resolver in self.parts if "items" in part]


def _lists(part: dict[str, Any]) -> bool:
    return "enum" in part or "const" in part


def _joined(options: Sequence[Shape]) -> Shape | None:
    """Alternatives as one shape; None where two are of a kind, or the validator has a word on one of them."""
    objects = [option for option in options if option.members is not None]
    arrays = [option for option in options if option.items is not None]
    scalars = [kind for option in options for kind in option.kinds]
    if len(objects) > 1 or len(arrays) > 1 or len(scalars) > len(set(scalars)):
        return None
    if any(option.anything or option.never or option.left is not None for option in options):
        return None
    if any(option.texts is not None or option.shortest or option.longest is not None for option in options):
        return None
    return Shape(
        members=objects[0].members if objects else None,
        closed=bool(objects) and objects[0].closed,
        items=arrays[0].items if arrays else None,
        kinds=frozenset(scalars),
    )


def _attributes(names: Sequence[str]) -> dict[str, str]:
    """Attributes for members: their own names where these can be."""
    found: dict[str, str] = {}
    for number, name in enumerate(names):
        plain = name.isascii() and name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")
        attribute = name if plain else f"member_{number}"
        while attribute != name and attribute in names:
            attribute += "_"
        found[name] = attribute
    return found


def _moved(schema: Any, base: str) -> Any:
    """A schema whose references are absolute."""
    if isinstance(schema, list):
        return [_moved(item, base) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for word, value in schema.items():
        if word in _MOVING:
            raise UnservedError
        if word == "$ref":
            found[word] = urljoin(base, value)
        elif word in ("properties", "patternProperties", "dependentSchemas"):
            found[word] = {name: _moved(part, base) for name, part in value.items()}
        elif word in ("enum", "const"):
            found[word] = value
        elif word not in _SILENT or word == "allOf":
            found[word] = _moved(value, base)
    return found
