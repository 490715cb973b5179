"""Validates the payloads of files: whole documents, or the records of streams one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casemap.errors import CasemapError, ConversionError
from casemap.problem import Problem
from casemap.run.choice import KnowsTypes, detected_type, is_array_of
from casemap.run.names import InputFormat
from casemap.run.payloads import Payload, Reject, Stream, open_payloads

__all__ = ["FileValidation"]

Check = Callable[[Any], Sequence[Problem]]


@dataclass(slots=True)
class FileValidation:
    """Payloads against a schema. `check` validates a value; without it, the type is detected.

    `payloads` and `invalid` count what was read so far, `unreadable` the files that could not be.
    """

    catalog: KnowsTypes
    check: Check | None = None
    input_format: InputFormat | None = None
    payloads: int = 0
    invalid: int = 0
    unreadable: int = 0

    def problems(self, path: str) -> Iterator[Sequence[Problem]]:
        """The problems of each payload of a file that has any, in the order of the payloads, or those of the file."""
        try:
            source = open_payloads(path, self.input_format)
            for problems in self._stream(source) if isinstance(source, Stream) else self._document(source):
                self.payloads += 1
                if problems:
                    self.invalid += 1
                    yield problems
        except CasemapError as error:
            self.unreadable += 1
            yield error.problems

    def _stream(self, source: Stream) -> Iterator[list[Problem]]:
        """The problems of each record; the first that can be read decides on the type of all."""
        check = self.check
        for record in source.records:
            if isinstance(record, Reject):
                yield list(record.problems)
                continue
            if check is None:
                try:
                    check = self._check_of(detected_type(self.catalog, record.value))
                except ConversionError as error:
                    yield _undetected(record, error)
                    return
            yield _placed(record, check)

    def _document(self, payload: Payload) -> Iterator[list[Problem]]:
        if self.check is not None:
            yield _placed(payload, self.check)
            return
        try:
            type_name = detected_type(self.catalog, payload.value)
        except ConversionError as error:
            yield _undetected(payload, error)
            return
        check = self._check_of(type_name)
        if not is_array_of(self.catalog, payload.value, type_name):
            yield _placed(payload, check)
            return
        for index, item in enumerate(payload.value):
            yield _placed(Payload(item, payload.text, (index,)), check)

    def _check_of(self, type_name: str) -> Check:
        return lambda value: self.catalog.validate(value, type_name)


def _undetected(payload: Payload, error: ConversionError) -> list[Problem]:
    """The problem of a payload whose type is not known; its help speaks of the option of `convert`."""
    problems = payload.text.placed(error.problems)
    return [problem.at(help=problem.help.replace("--from", "--schema")) for problem in problems]


def _placed(payload: Payload, check: Check) -> list[Problem]:
    problems = check(payload.value)
    return payload.text.placed(payload.absolute(problems)) if problems else []
