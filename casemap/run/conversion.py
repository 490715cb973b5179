"""Converts payloads, and sorts out the records of a list document that cannot be converted.

Takes a payload and a converter, gives the result and the rejects, and counts what was converted. Touches no files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from casemap.errors import ConversionError
from casemap.problem import Problem, pointer
from casemap.run.payloads import Payload, Reject
from casemap.run.tally import Tally

if TYPE_CHECKING:
    from casemap.run.collapsing import Collapsing

__all__ = ["Conversion", "Converts", "LeftOutError", "Observed", "OfDocument", "Outcome", "with_items"]


class Observed(Protocol):
    """A result, the source fields that had a value and are not in it, and the target fields that are approximate or
    have the value of a fallback."""

    @property
    def result(self) -> Any: ...
    @property
    def lost(self) -> Mapping[str, str]: ...
    @property
    def approximations(self) -> Mapping[str, str]: ...
    @property
    def fallbacks(self) -> Mapping[str, str]: ...


class Converts(Protocol):
    """What is asked of a converter; `records_path` leads to the array of records of a list document."""

    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def route(self) -> tuple[str, ...]: ...
    @property
    def records_path(self) -> tuple[str, ...] | None: ...
    def __call__(self, payload: Any) -> Any: ...
    def observe(self, payload: Any) -> Observed: ...


@runtime_checkable
class OfDocument(Protocol):
    """A converter of the records of a document: `document` is a record as the only one of its document."""

    def document(self, record: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Result:
    """A result of which nothing else is known."""

    result: Any
    lost: Mapping[str, str] = field(default_factory=dict)
    approximations: Mapping[str, str] = field(default_factory=dict)
    fallbacks: Mapping[str, str] = field(default_factory=dict)


class LeftOutError(ConversionError):
    """The mapping leaves this record out, which is no fault of it. `observed` has no result, only what is lost."""

    def __init__(self, observed: Observed) -> None:
        super().__init__(())
        self.observed = observed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one payload: results (none or one) and rejects."""

    results: tuple[Any, ...] = ()
    rejects: tuple[Reject, ...] = ()


class Conversion:
    """Converts payloads of one source type with `converter` and counts results in `tally`; losses only if `observing`.

    `collapsing`, where given, finds the fields of a document that are collapsed: they are counted as well.
    Rejects are counted by who takes them: a run may stop among them. `tally` may be replaced between two payloads.
    """

    def __init__(
        self,
        converter: Converts,
        tally: Tally,
        *,
        observing: bool,
        collapsing: Collapsing | None = None,
    ) -> None:
        self.collapsing = collapsing
        self.converter = converter
        self.tally = tally
        self.observing = observing
        tally.uses(converter.source, converter.target, converter.route)

    def convert(self, payload: Payload) -> Outcome:
        """Convert one payload; a list document's records are rejected one by one."""
        path = self.converter.records_path
        items = None if path is None else _items(payload.value, path)
        try:
            observed = self._run(payload.value)
        except LeftOutError as left_out:
            self._count(left_out.observed)
            return Outcome()
        except ConversionError as error:
            if items is None or path is None:
                return self._rejected(payload, error.problems)
            return _Sorting(self, payload, path, items).outcome(error)
        if items is None or path is None:
            self._count(observed)
            self.examine(payload.value)
        else:
            self._count_list(observed, payload.value, path, items)
        return Outcome((observed.result,))

    def examine(self, value: Any) -> None:
        """Count the fields of a converted payload that are collapsed, where that is asked for."""
        if self.collapsing is not None:
            document = self.converter.document(value) if isinstance(self.converter, OfDocument) else value
            self.tally.collapse(self.converter.source, self.collapsing(document))

    def _run(self, value: Any) -> Observed:
        return self.converter.observe(value) if self.observing else _Result(self.converter(value))

    def _rejected(self, payload: Payload, problems: Iterable[Problem]) -> Outcome:
        return Outcome(rejects=(Reject(payload.as_line(), payload.absolute(problems), payload.text),))

    def _count(self, observed: Observed) -> None:
        self.tally.convert(self.converter.source, self.converter.target)
        self.tally.lose(self.converter.source, _once(observed.lost))
        self._count_used(observed)

    def _count_used(self, observed: Observed) -> None:
        """Count what stands in for something else."""
        self.tally.approximate(self.converter.target, _once(observed.approximations))
        self.tally.fall_back(self.converter.target, _once(observed.fallbacks))

    def _count_list(self, observed: Observed, value: Any, path: tuple[str, ...], items: Sequence[Any]) -> None:
        """Count the losses of a converted list document: its own once, and its records' one by one."""
        self.tally.convert(self.converter.source, self.converter.target, len(items))
        if self.collapsing is not None:
            for item in items:
                self.examine(with_items(value, path, [item]))
        below = ".".join((*path, ""))
        own = {name: reason for name, reason in observed.lost.items() if not name.startswith(below)}
        self.tally.lose(self.converter.source, _once(own))
        if len(items) <= 1:
            records = [observed]
        elif len(own) < len(observed.lost) or observed.approximations or observed.fallbacks:
            records = [each for each in (self._alone(value, path, item) for item in items) if each is not None]
        else:
            records = []
        for record in records:
            theirs = {name: reason for name, reason in record.lost.items() if name not in own}
            self.tally.lose(self.converter.source, _once(theirs))
            self._count_used(record)

    def _alone(self, value: Any, path: tuple[str, ...], item: Any) -> Observed | None:
        """The record observed as the only one of its document; None where the document needs the others."""
        try:
            return self.converter.observe(with_items(value, path, [item]))
        except ConversionError:
            return None


def _once(fields: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """The fields with their reasons, as of one record."""
    return dict.fromkeys(fields.items(), 1)


class _Sorting:
    """Finds the records of a list document that cannot be converted, by trying each alone in the document."""

    def __init__(self, conversion: Conversion, payload: Payload, path: tuple[str, ...], items: Sequence[Any]) -> None:
        self.conversion = conversion
        self.payload = payload
        self.path = path
        self.items = items
        self.before = pointer(path)

    def outcome(self, failed: ConversionError) -> Outcome:
        """The document without its bad records, and these; the whole document where it is itself what is wrong."""
        whole = self.conversion._rejected
        faults = self._faults()
        if not faults or any(self._is_outside(problem) for problems in faults.values() for problem in problems):
            return whole(self.payload, failed.problems)
        good = [item for index, item in enumerate(self.items) if index not in faults]
        remaining = with_items(self.payload.value, self.path, good)
        try:
            observed = self.conversion._run(remaining)
        except ConversionError:
            return whole(self.payload, failed.problems)
        self.conversion._count_list(observed, remaining, self.path, good)
        return Outcome((observed.result,), tuple(self._reject(index, faults[index]) for index in faults))

    def _faults(self) -> dict[int, tuple[Problem, ...]]:
        """The problems of each record that cannot be converted, by its index, with its own index in their paths."""
        faults: dict[int, tuple[Problem, ...]] = {}
        for index, item in enumerate(self.items):
            try:
                self.conversion.converter(with_items(self.payload.value, self.path, [item]))
            except ConversionError as error:
                faults[index] = tuple(self._renumbered(problem, index) for problem in error.problems)
        return faults

    def _is_outside(self, problem: Problem) -> bool:
        """Whether the problem concerns the document and not one of its records."""
        return problem.path is not None and not problem.path.startswith(self.before + "/")

    def _renumbered(self, problem: Problem, index: int) -> Problem:
        first = f"{self.before}/0"
        if problem.path is None:
            return problem.at(path=f"{self.before}/{index}")
        if not (problem.path + "/").startswith(first + "/"):
            return problem
        return problem.at(path=f"{self.before}/{index}{problem.path.removeprefix(first)}")

    def _reject(self, index: int, problems: tuple[Problem, ...]) -> Reject:
        record = Payload(self.items[index], self.payload.text, (*self.payload.at, *self.path, index))
        return Reject(record.as_line(), self.payload.absolute(problems), self.payload.text, index + 1)


def _items(value: Any, path: tuple[str, ...]) -> list[Any] | None:
    """The records of a list document; None where there is no array at the path."""
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value if isinstance(value, list) else None


def with_items(value: Any, path: tuple[str, ...], items: list[Any]) -> Any:
    """The document with other records."""
    if not path:
        return items
    return {**value, path[0]: with_items(value[path[0]], path[1:], items)}
