"""The doors of archives: ways to read a line as a document that one function converts.

A typed door decodes to objects of its own types, the plain one to dicts and lists. Both leave to the
validator, for many documents at once, what decoding does not check; and both refuse what they are not sure of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from operator import add
from typing import Any

import jsonschema_rs
import msgspec
import orjson

from casemap.analysis.losses import Losses
from casemap.compiler.execution import by_field
from casemap.compiler.line_trees import Gathered, PlainTree, TypedTree
from casemap.compiler.losing import losing_of
from casemap.compiler.others import Others, is_nameable
from casemap.compiler.shape import DIALECT
from casemap.compiler.structs import document_type
from casemap.errors import Failure
from casemap.run.blocks import Counts, add_counts
from casemap.schema.store import SchemaStore
from casemap.schema.validate import is_valid
from casemap.syntax.json_numbers import number_fault
from casemap.syntax.json_text import DIGIT_SHAPE, may_lose_digits

__all__ = ["REFUSALS", "Door", "PlainDoor", "Reading", "TypedDoor", "validator_of_all"]

MOST_OTHERS = 64
"""Members that a schema does not name and archives have all the same; with more of them, a line is read otherwise."""

REFUSALS = (Failure, AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError)
"""What decoding and converting raise; msgspec's own exceptions and orjson's are `ValueError`."""


class Door:
    """What all doors have.

    `others` is told of each `line` before it is read. `count` counts what a document loses that was just converted; it
    raises what is in `REFUSALS`.
    """

    convert: Callable[[Any], Any]
    count: Callable[[Any], Any]

    def __init__(
        self, tree: TypedTree | PlainTree, gathered: Sequence[Gathered], store: SchemaStore, losses: Losses | None
    ) -> None:
        self.count = _nothing
        self._noted: list[frozenset[int]] = []
        self._seen: Counter[frozenset[int]] = Counter()
        self.others = tree.others if isinstance(tree, TypedTree) else Others()
        self.observing = losses is not None
        self._approximations = tree.approximations
        self._function = tree.convert
        self._checks = [(each.values, validator_of_all(each.schema, store)) for each in gathered]

    @property
    def readings(self) -> list[Reading]:
        """The ways to decode a line for this door, the stricter ones first."""
        raise NotImplementedError

    def begin(self) -> None:
        """Begin to count what the documents of a block lose, with `count`, and what stands in for something else."""
        self._noted.clear()

    def keep(self) -> None:
        """Let the counts since `begin` be ones: the documents are converted."""
        self._seen.update(self._noted)

    def counted(self) -> Counts:
        """The counts that were kept since this was last asked."""
        counts = Counts()
        for numbers, count in self._seen.items():
            found = by_field(self._approximations[number] for number in sorted(numbers))
            for counted, used in zip((counts.approximations, counts.fallbacks), found, strict=True):
                add_counts(counted, dict.fromkeys(used.items(), count))
        self._seen.clear()
        return counts

    def refused(self, line: bytes, error: Exception) -> None:
        """Told of a line that it refused."""

    def learn(self) -> None:
        """Told that a block begins."""

    def holds(self) -> bool:
        """Whether the validator takes what was gathered; nothing is gathered afterwards."""
        holds = all(is_valid(values, validator) for values, validator in self._checks)
        for values, _ in self._checks:
            values.clear()
        return holds

    def observe(self, document: Any) -> Any:
        """Convert, and remember which approximations and fallbacks the result holds."""
        numbers: set[int] = set()
        result = self._function(document, numbers)
        self._noted.append(frozenset(numbers))
        return result


class Reading:
    """A way to decode a line for a door, for data that it `takes`. `taken` counts the lines of a block read so."""

    def __init__(
        self, door: Door, decoder: Callable[[], Callable[[bytes], Any]], takes: Callable[[bytes], bool]
    ) -> None:
        self.door = door
        self._decoder = decoder
        self.takes = takes
        self.taken = 0

    @property
    def decode(self) -> Callable[[bytes], Any]:
        """From a line to a document. Raises what is in `REFUSALS`."""
        return self._decoder()


class TypedDoor(Door):
    """Lines as objects of the route's own types, which refuse what the source's schema refuses."""

    def __init__(self, tree: TypedTree, store: SchemaStore, losses: Losses | None) -> None:
        super().__init__(tree, tree.gathered, store, losses)
        self._tree = tree
        self._losing = None if losses is None else losing_of(losses, tree.shape, self.others)
        self._lost = [0] * (0 if self._losing is None else len(self._losing.fields))
        self._others: dict[tuple[str, str], int] = {}
        self._unknown: dict[str, None] = {}
        self.convert = self.observe if tree.approximations else tree.convert
        self._make_decoders()

    def _make_decoders(self) -> None:
        self._strict = _decoder(document_type(self._tree.shape, self.others, strict=True))
        self._tolerant = _decoder(document_type(self._tree.shape, self.others, strict=False))

    @property
    def readings(self) -> list[Reading]:
        """Strict, and passing over members inside a document that the schema does not name and no count asks for."""
        strict = Reading(self, lambda: self._strict, _always)
        tolerant = Reading(self, lambda: self._tolerant, _is_sound)
        return [strict, tolerant] if self._losing is None or self._losing.sees_all else [strict]

    def begin(self) -> None:
        """As `Door.begin`."""
        super().begin()
        if self._losing is not None:
            self.count = self._losing.start()

    def keep(self) -> None:
        """As `Door.keep`."""
        super().keep()
        if self._losing is not None:
            numbers, others = self.count(None)
            self._lost = [*map(add, self._lost, numbers)]
            add_counts(self._others, others)

    def counted(self) -> Counts:
        """As `Door.counted`."""
        counts = super().counted()
        if self._losing is not None:
            known = zip(self._losing.fields, self._lost, strict=True)
            counts.lost = {each: number for each, number in known if number}
            add_counts(counts.lost, self._others)
            self._lost = [0] * len(self._lost)
            self._others.clear()
        return counts

    def refused(self, line: bytes, error: Exception) -> None:
        """Remember the members of the document that its type does not name, for the next blocks."""
        if self._tree.shape.closed or "unknown field" not in str(error):
            return
        members, known = self._tree.shape.members or {}, self.others.names
        try:
            found = orjson.loads(line).keys()
        except orjson.JSONDecodeError:
            return
        if not all(name in found for name, member in members.items() if member.required):
            return
        names = found - members.keys() - set(known)
        if len(known) + len(self._unknown) + len(names) <= MOST_OTHERS and all(map(is_nameable, names)):
            self._unknown.update(dict.fromkeys(sorted(names)))

    def learn(self) -> None:
        """Name the members that were not known."""
        if self._unknown:
            self.others.learn(self._unknown)
            self._unknown.clear()
            self._make_decoders()


class PlainDoor(Door):
    """Lines as plain values, the whole of which is left to the validator."""

    def __init__(self, tree: PlainTree, source: str, store: SchemaStore, losses: Losses | None) -> None:
        self._documents: list[Any] = []
        super().__init__(tree, [Gathered({"$ref": source}, self._documents)], store, losses)
        self._losses = losses
        self._losing: list[tuple[str, str]] = []
        self._lost: Counter[tuple[str, str]] = Counter()
        self.count = self._count
        convert = self.observe if tree.approximations else tree.convert
        gather = self._documents.append

        def gathering(document: Any) -> Any:
            result = convert(document)
            gather(document)
            return result

        self.convert = gathering

    @property
    def readings(self) -> list[Reading]:
        """One, which reads numbers exactly."""
        decode = _decoder(Any)
        return [Reading(self, lambda: decode, _always)]

    def begin(self) -> None:
        """As `Door.begin`."""
        super().begin()
        self._losing.clear()

    def _count(self, document: Any) -> None:
        if self._losses is not None:
            self._losing += self._losses.of(document).items()

    def keep(self) -> None:
        """As `Door.keep`."""
        super().keep()
        self._lost.update(self._losing)

    def counted(self) -> Counts:
        """As `Door.counted`."""
        counts = super().counted()
        counts.lost = dict(self._lost)
        self._lost.clear()
        return counts


def _nothing(_: Any) -> None:
    pass


def validator_of_all(schema: Any, store: SchemaStore) -> jsonschema_rs.Validator:
    """The validator of arrays whose items each fulfil a schema."""
    return jsonschema_rs.validator_for(
        {"$schema": DIALECT, "type": "array", "items": schema},
        registry=store.strict_registry,
        offline=True,
        validate_formats=True,
    )


def _decoder(kind: Any) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(kind, float_hook=_float).decode


def _float(literal: str) -> float:
    """A number that is no integer; one that would lose digits is refused."""
    if len(literal) <= _FEW_DIGITS and "e" not in literal and "E" not in literal:
        return float(literal)
    if number_fault(literal) is not None:
        raise ValueError(literal)
    return float(literal)


_FEW_DIGITS = 17
"""A double holds any number of so many characters that has no exponent as its sender's double held it."""
_HUGE_NUMBERS = (b"0e000", b"0e+000")


def _always(_: bytes) -> bool:
    return True


def _is_sound(data: bytes) -> bool:
    """Whether what is not looked at while decoding can be passed over: UTF-8, and numbers that any reader takes."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    shape = data.translate(DIGIT_SHAPE)
    return not may_lose_digits(data) and not any(huge in shape for huge in _HUGE_NUMBERS)
