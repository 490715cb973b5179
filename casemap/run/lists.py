"""The records of a list document one by one: each converted as if it were the only one of its document.

That is the same as converting the document where nothing of the mapping but the records' own rule looks at the records,
and no schema says anything of all of them together. `record_conversion` tells whether that is so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.errors import ConversionError
from casemap.mapping.core import Each, Let, Member, Node, Object, Path, Symbol, children
from casemap.problem import Problem, pointer
from casemap.run.conversion import Conversion, Converts, LeftOutError, Observed, with_items

__all__ = ["ListRecords", "record_conversion"]

_OF_EACH = frozenset({"type", "items", "title", "description", "examples", "default", "deprecated"})
"""Keywords of an array's schema that do not speak of all items together; others may."""

_WIDER = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef", "const", "enum", "dependentSchemas"}
    | {"patternProperties", "unevaluatedProperties"}
)
"""Keywords of an object's schema that may speak of an array in it beside the array's own schema."""


@dataclass(frozen=True, slots=True)
class _Record:
    """A record converted, with what was lost of it."""

    result: Any
    lost: Mapping[str, str] = field(default_factory=dict)
    approximations: Mapping[str, str] = field(default_factory=dict)
    fallbacks: Mapping[str, str] = field(default_factory=dict)


class ListRecords:
    """Converts records of the list document `envelope`, in which the records are left out.

    Raises `LeftOutError` for a record that the mapping leaves out. Problems have paths from the record on.
    """

    records_path = None

    def __init__(self, converter: Converts, path: tuple[str, ...], target: tuple[str, ...], envelope: Any) -> None:
        self.source = converter.source
        self.target = converter.target
        self.route = converter.route
        self._converter = converter
        self._path = path
        self._target = target
        self._envelope = envelope
        self._before = pointer((*path, 0))
        self._own = ".".join((*path, ""))

    def __call__(self, payload: Any) -> Any:
        """The converted record."""
        return self._only(_Record(self._run(self._converter, payload))).result

    def observe(self, payload: Any) -> Observed:
        """The converted record with what was lost of it alone; the document's own losses are told of the document."""
        observed: Observed = self._run(self._converter.observe, payload)
        lost = {name: why for name, why in observed.lost.items() if name.startswith(self._own)}
        return self._only(_Record(observed.result, lost, observed.approximations, observed.fallbacks))

    def document(self, record: Any) -> Any:
        """A record as the only one of its document."""
        return with_items(self._envelope, self._path, [record])

    def _run(self, convert: Any, record: Any) -> Any:
        try:
            return convert(self.document(record))
        except ConversionError as error:
            raise ConversionError(self._below(problem) for problem in error.problems) from None

    def _below(self, problem: Problem) -> Problem:
        path = problem.path
        if path is None or not (path + "/").startswith(self._before + "/"):
            return problem.at(path="")
        return problem.at(path=path.removeprefix(self._before))

    def _only(self, observed: _Record) -> _Record:
        """The record out of its document."""
        found = observed.result
        for step in self._target:
            found = found[step]
        if not found:
            raise LeftOutError(observed)
        return replace(observed, result=found[0])


def record_conversion(
    conversion: Conversion, path: tuple[str, ...], envelope: Any, schemas: Mapping[str, Any]
) -> tuple[Conversion, tuple[str, ...], Any] | None:
    """The conversion of a list document's records, the way to them in the result, and the result without any.

    None where the records cannot be converted one by one. Raises `ConversionError` for what is wrong with the document
    whatever its records are.
    """
    converter = conversion.converter
    tree, root = getattr(converter, "tree", None), getattr(converter, "root", None)
    if converter.records_path != path or tree is None or root is None:
        return None
    target = _written_to(tree)
    if target is None or not _alone(tree, root, path):
        return None
    if not _of_each(schemas[converter.source], path) or not _of_each(schemas[converter.target], target):
        return None
    result = converter(envelope)
    if not _is_empty_at(result, target):
        return None
    records = ListRecords(converter, path, target, envelope)
    tally, collapsing = conversion.tally, conversion.collapsing
    alone = Conversion(records, tally, observing=conversion.observing, collapsing=collapsing)
    return alone, target, result


def _is_empty_at(result: Any, path: tuple[str, ...]) -> bool:
    """Whether a result has an empty array at a path; an object around it can be absent for other reasons."""
    for step in path:
        if not isinstance(result, dict) or step not in result:
            return False
        result = result[step]
    return bool(result == [])


def _written_to(tree: Node) -> tuple[str, ...] | None:
    """The way to the records in the result, where it is one through plain members."""
    steps: tuple[str, ...] = ()
    pending: list[tuple[Node, tuple[str, ...]]] = [(tree, steps)]
    while pending:
        node, steps = pending.pop()
        match node:
            case Each(records=True, sort=None, unique=None, take=None, key=None):
                return steps
            case Let(body=body):
                pending.append((body, steps))
            case Object(parts=parts):
                pending += [(part.value, (*steps, part.key)) for part in parts if isinstance(part, Member)]
    return None


def _alone(tree: Node, root: Symbol, path: tuple[str, ...]) -> bool:
    """Whether only the source of the records' rule looks at them, and none of them knows its position."""
    every = list(_nodes(tree))
    eaches = [node for node in every if isinstance(node, Each) and node.records]
    if len(eaches) != 1:
        return False
    (each,) = eaches
    source = each.source
    if not isinstance(source, Path) or source.scope is not root or source.steps != path:
        return False
    for node in every:
        if isinstance(node, Path):
            if node.scope is each.index:
                return False
            if node is not source and node.scope is root and _meets(node.steps, path):
                return False
    return True


def _meets(steps: tuple[Any, ...], path: tuple[str, ...]) -> bool:
    """Whether one leads to or through the other."""
    return all(not isinstance(step, str) or step == wanted for step, wanted in zip(steps, path, strict=False))


def _nodes(tree: Node) -> Iterator[Node]:
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(children(node))


def _of_each(schema: Any, path: tuple[str, ...]) -> bool:
    """Whether the schema says of the array at a path only what holds for each item alone."""
    for step in path:
        if not isinstance(schema, dict) or _WIDER & schema.keys():
            return False
        schema = schema.get("properties", {}).get(step)
    if not isinstance(schema, dict):
        return False
    return all(key in _OF_EACH or key in {"$schema", "$id", "$comment", "$defs"} for key in schema)
