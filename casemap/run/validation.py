"""Validates the payloads of files: whole documents, or the records of streams one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from casemap.errors import CasemapError, ConversionError
from casemap.problem import Problem
from casemap.run.detection import Detects, detected_type, is_array_of
from casemap.run.names import InputFormat
from casemap.run.payloads import Payload, Reject, Stream, Text, open_payloads
from casemap.schema.check import Check
from casemap.syntax.json_text import read_json

__all__ = ["FileValidation", "KnowsSchemas", "Options"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class KnowsSchemas(Detects, Protocol):
    """What is asked of a catalog."""

    def check_of(self, type: str) -> Check: ...


@dataclass(frozen=True, slots=True)
class Options:
    """How files are read and what is told beside what is wrong.

    `allow_duplicate_keys` is that of `read_json`. With `warn_unknown`, members that a schema allows without knowing
    them are told as warnings.
    """

    input_format: InputFormat | None = None
    allow_duplicate_keys: bool = False
    warn_unknown: bool = False


@dataclass(slots=True)
class FileValidation:
    """Payloads against schemas. `given` names the check for a file; where it knows none, the type is detected.

    `payloads` and `invalid` count what was read so far, `unreadable` the files that could not be; `detected` are the
    types that nobody gave.
    """

    catalog: KnowsSchemas
    given: Callable[[str], Check | None]
    options: Options = field(default_factory=Options)
    payloads: int = 0
    invalid: int = 0
    unreadable: int = 0
    detected: set[str] = field(default_factory=set)

    def problems(self, path: str) -> Iterator[Sequence[Problem]]:
        """The problems of each payload of a file that has any, in the order of the payloads, or those of the file."""
        try:
            check = self.given(path)
            options = self.options
            source = open_payloads(path, options.input_format, allow_duplicate_keys=options.allow_duplicate_keys)
            if not isinstance(source, Stream):
                yield from self._document(source, check)
            elif source.lines is not None:
                yield from self._lines(source.file, source.lines, check)
            else:
                yield from self._documents(source.records, check)
        except CasemapError as error:
            self.unreadable += 1
            yield error.problems
        except MemoryError:
            self.unreadable += 1
            advice = "Write it as NDJSON, a record a line: that takes the memory of one record."
            yield [Problem("CM101", "cannot be read: it is too large for the memory", advice, file=path)]

    def _lines(self, file: str, lines: Iterator[bytes], check: Check | None) -> Iterator[Sequence[Problem]]:
        """The problems of each record of NDJSON; the first that can be read decides on the type of all."""
        allow, careful = self.options.allow_duplicate_keys, self.options.warn_unknown
        blank = 0
        for number, line in enumerate(lines, start=1):
            try:
                value = read_json(line, allow_duplicate_keys=allow)
                if check is not None and not careful and check.validator.is_valid(value):
                    self.payloads += 1
                    continue
            except CasemapError:
                if _is_blank(line):
                    blank += 1
                else:
                    problems = self._line_problems(line, file, number)
                    self._count(problems)
                    yield _numbered(problems, number - blank)
                continue
            text = Text(file, line, number, unique_keys=not allow)
            try:
                check = check or self._detected(value)
            except ConversionError as error:
                self._count(error.problems)
                yield _undetected(text, error)
                return
            found = self._found(value, check)
            if found:
                yield _numbered(text.placed(found), number - blank)

    def _line_problems(self, line: bytes, file: str, number: int) -> Sequence[Problem]:
        """What is wrong with a line as a JSON text; its line feed is left out, for it would be a line more."""
        try:
            read_json(line.rstrip(b"\n"), file, number, allow_duplicate_keys=self.options.allow_duplicate_keys)
        except CasemapError as error:
            return error.problems
        return ()

    def _documents(self, records: Iterator[Payload | Reject], check: Check | None) -> Iterator[Sequence[Problem]]:
        """The problems of each document of a YAML file; the first decides on the type of all."""
        for number, record in enumerate(records, start=1):
            if isinstance(record, Reject):
                self._count(record.problems)
                yield record.problems
                continue
            try:
                check = check or self._detected(record.value)
            except ConversionError as error:
                self._count(error.problems)
                yield _undetected(record.text, error)
                return
            found = self._found(record.value, check)
            if found:
                yield _numbered(record.text.placed(found), number)

    def _document(self, payload: Payload, check: Check | None) -> Iterator[Sequence[Problem]]:
        """The problems of a document; of an array whose type is that of its items, those of all items at once."""
        items = [payload]
        if check is None:
            try:
                check = self._detected(payload.value)
            except ConversionError as error:
                self._count(error.problems)
                yield _undetected(payload.text, error)
                return
            if is_array_of(self.catalog, payload.value, check.name):
                items = [Payload(item, payload.text, (index,)) for index, item in enumerate(payload.value)]
        problems = [problem for item in items for problem in item.absolute(self._found(item.value, check))]
        if problems:
            yield payload.text.placed(problems)

    def _detected(self, value: Any) -> Check:
        check = self.catalog.check_of(detected_type(self.catalog, value))
        self.detected.add(check.name)
        return check

    def _found(self, value: Any, check: Check) -> list[Problem]:
        problems = check.problems(value)
        if self.options.warn_unknown:
            wrong = {problem.path for problem in problems}
            problems += [problem for problem in check.unknown(value) if problem.path not in wrong]
        self._count(problems)
        return problems

    def _count(self, problems: Sequence[Problem]) -> None:
        self.payloads += 1
        self.invalid += any(problem.severity == "error" for problem in problems)


def _is_blank(line: bytes) -> bool:
    data = line.removeprefix(_BYTE_ORDER_MARK)
    return not data or data.isspace()


def _numbered(problems: Sequence[Problem], number: int) -> list[Problem]:
    """The problems of a record of a stream, with its number in their help: it is not the line's after a blank line."""
    told = f"This is record {number:,} of the stream."
    return [problem.at(help=f"{problem.help}\n{told}" if problem.help else told) for problem in problems]


def _undetected(text: Text, error: ConversionError) -> list[Problem]:
    """The problem of a payload whose type is not known; its help speaks of the option of `convert`."""
    problems = text.placed(error.problems)
    return [problem.at(help=problem.help.replace("--from", "--schema")) for problem in problems]
