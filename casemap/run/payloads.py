"""Payloads of files: one document, or a stream of records, each knowing where it stands.

Takes a file's name and, where it says nothing, looks at its first lines. Gives a `Payload` for what could be read and a
`Reject` for a record that could not, so that one broken line does not end a stream.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from casemap.errors import CasemapError
from casemap.problem import Problem, pointer
from casemap.run.names import STANDARD, FileName, InputFormat
from casemap.run.reading import read_bytes, read_lines, shown_name
from casemap.syntax.json_text import decode, read_json, write_json

if TYPE_CHECKING:
    from casemap.syntax.yaml_payloads import YamlDocument

__all__ = ["Payload", "Reject", "Stream", "Text", "document", "is_document", "open_payloads"]


@dataclass(frozen=True, slots=True)
class Text:
    """The text that a payload was read from: a whole file, or one line of NDJSON.

    `json` is the JSON text, `yaml` what knows the places in a YAML document. `line` is the line's number in the file,
    None for a whole file. `unique_keys` says that no object of a JSON text has two members of one name.
    """

    file: str
    json: bytes | None = field(repr=False)
    line: int | None = None
    yaml: YamlDocument | None = field(default=None, repr=False)
    unique_keys: bool = True

    def placed(self, problems: Sequence[Problem]) -> list[Problem]:
        """The problems with this file, and the line and column of the value that each concerns, in that order."""
        paths = [problem.path for problem in problems if problem.path is not None and problem.file is None]
        places = self._places(paths) if paths else {}
        placed = [self._at(problem, places) for problem in problems]
        return sorted(
            placed, key=lambda problem: (problem.line or 0, problem.column or 0, problem.code, problem.message)
        )

    def _places(self, pointers: Sequence[str]) -> dict[str, tuple[int, int]]:
        if self.yaml is not None:
            return self.yaml.locate_pointers(pointers)
        if self.json is None:
            return {}
        from casemap.syntax.positions import locate_pointers

        return locate_pointers(self.json, pointers, unique_keys=self.unique_keys)

    def _at(self, problem: Problem, places: dict[str, tuple[int, int]]) -> Problem:
        if problem.file is not None:
            return problem
        if problem.path is None or problem.path not in places:
            return problem.at(file=self.file, line=self.line)
        line, column = places[problem.path]
        return problem.at(file=self.file, line=line + (self.line or 1) - 1, column=column)


@dataclass(frozen=True, slots=True)
class Payload:
    """A value to convert, and where it stands: `at` leads to it in its text, for a record of an array."""

    value: Any
    text: Text
    at: tuple[str | int, ...] = ()

    def as_line(self) -> bytes:
        """The payload on a line, without a line feed: a whole text as it came, with spaces for line breaks."""
        if self.text.json is not None and not self.at:
            return self.text.json.removeprefix(b"\xef\xbb\xbf").strip(b"\n").replace(b"\n", b" ")
        return write_json(self.value)

    def absolute(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems of the payload with paths from the start of its text."""
        before = pointer(self.at)
        return tuple(
            problem if problem.path is None or not before else problem.at(path=before + problem.path)
            for problem in problems
        )


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be converted: the line it came as, without a line feed, and why, with paths into `text`.

    `number` is the record's in its stream, from 1; None for a record of a document.
    """

    line: bytes
    problems: tuple[Problem, ...]
    text: Text
    number: int | None = None

    def numbered(self, number: int) -> Reject:
        """The same with a number."""
        return Reject(self.line, self.problems, self.text, number)

    def moved(self, lines: int) -> Reject:
        """The same, so many lines further on in its file."""
        text = replace(self.text, line=(self.text.line or 1) + lines)
        problems = (
            problem.at(line=problem.line + lines) if problem.line is not None and problem.file == text.file else problem
            for problem in self.problems
        )
        return Reject(self.line, tuple(problems), text, self.number)


@dataclass(frozen=True, slots=True)
class Stream:
    """The records of an NDJSON file, or the documents of a YAML file.

    `lines` are the lines of NDJSON as they came, for who reads these instead of `records`: both come from one source.
    """

    file: str
    records: Iterator[Payload | Reject]
    lines: Iterator[bytes] | None = None


def open_payloads(
    path: str, input_format: InputFormat | None = None, *, allow_duplicate_keys: bool = False
) -> Payload | Stream:
    """The payloads of a file or of standard input. Raises `CasemapError`: CM101 to CM110, or YAML's problems.

    The format is what the caller says, else what the name's ending says; standard input is NDJSON where a second
    document follows the first. Of a file whose ending says nothing, JSON is expected.
    """
    name = shown_name(path)
    match input_format or FileName.of(path).format:
        case "ndjson":
            return _stream(name, read_lines(path))
        case "yaml":
            return _yaml(name, read_bytes(path))
        case None if path == STANDARD:
            return _sniffed(name, read_lines(path), allow_duplicate_keys)
        case _:
            return document(name, read_bytes(path), allow_duplicate_keys)


def document(file: str, data: bytes, allow_duplicate_keys: bool = False) -> Payload:
    """The payload of a JSON text. Raises `CasemapError`: CM102 to CM110."""
    value = read_json(data, file, allow_duplicate_keys=allow_duplicate_keys)
    return Payload(value, Text(file, data, unique_keys=not allow_duplicate_keys))


def _stream(file: str, lines: Iterator[bytes]) -> Stream:
    return Stream(file, _records(file, lines), lines)


def _sniffed(file: str, lines: Iterator[bytes], allow_duplicate_keys: bool) -> Payload | Stream:
    """A stream where the first line that is not blank is a whole document and more text follows."""
    start: list[bytes] = []
    filled: list[bytes] = []
    for line in lines:
        start.append(line)
        if not line.isspace():
            filled.append(line)
        if len(filled) == 2:
            break
    everything = itertools.chain(start, lines)
    if len(filled) == 2 and is_document(filled[0]):
        return _stream(file, everything)
    return document(file, b"".join(everything), allow_duplicate_keys)


def is_document(line: bytes) -> bool:
    """Whether a line is a document of JSON, be it one that is refused for what it says."""
    try:
        read_json(line)
    except CasemapError as error:
        return not any(problem.code in {"CM102", "CM103", "CM110"} for problem in error.problems)
    return True


def _records(file: str, lines: Iterable[bytes]) -> Iterator[Payload | Reject]:
    for number, line in enumerate(lines, start=1):
        data = line.rstrip(b"\n")
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        if data and not data.isspace():
            yield _record(Text(file, data, number))


def _record(text: Text) -> Payload | Reject:
    data = text.json or b""
    try:
        return Payload(read_json(data, text.file, text.line or 1), text)
    except CasemapError as error:
        return Reject(data, error.problems, text)


def _yaml(file: str, data: bytes) -> Payload | Stream:
    from casemap.syntax.yaml_payloads import read_yaml_documents

    documents = read_yaml_documents(decode(data, file), file)
    payloads = [Payload(document.value, Text(file, None, yaml=document)) for document in documents]
    return payloads[0] if len(payloads) == 1 else Stream(file, iter(payloads))
