"""Converts files to files: opens what is named, has each payload converted, writes results and rejects.

Problems of single records go to `report`; problems that end the run are raised, and then no file is written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from casemap.errors import CasemapError, ConversionError
from casemap.problem import Problem
from casemap.run.conversion import Conversion
from casemap.run.names import STANDARD, FileName, InputFormat
from casemap.run.payloads import Payload, Reject, Stream, open_payloads
from casemap.run.plan import Plan
from casemap.run.results import Layout, Results
from casemap.run.tally import Tally
from casemap.run.writing import Output

__all__ = ["Chooses", "FileConversion", "Report"]


class Report(Protocol):
    """Is told of rejects, all of one text at once."""

    def __call__(self, rejects: Sequence[Reject]) -> None: ...


class Chooses(Protocol):
    """Chooses the conversion of a payload.

    `given` is the conversion of all payloads, where their type is said. `conversion` raises `ConversionError` for a
    value whose type is not known, `MappingError` for a mapping that is missing or wrong. `is_stream` says whether a
    value is an array of records of the conversion's source type.
    """

    @property
    def given(self) -> Conversion | None: ...
    def conversion(self, value: Any) -> Conversion: ...
    def is_stream(self, value: Any, conversion: Conversion) -> bool: ...


class _TooManyRejectsError(Exception):
    """The run is to stop."""


@dataclass(slots=True)
class FileConversion:
    """A run over files. `max_rejects` is how many may be rejected; one more stops the run, and no output is written.

    The file of rejects is written even then, also where it is empty, lest an older one be taken for this run's.
    """

    plan: Plan
    chooses: Chooses
    tally: Tally
    report: Report
    rejects: str | None = None
    max_rejects: int | None = None
    input_format: InputFormat | None = None
    _rejected: Output | None = None

    def run(self) -> list[CasemapError]:
        """Convert everything. Gives the errors of single inputs, where each input has an output of its own.

        Raises `CasemapError` for what ends the whole run.
        """
        if self.plan.directory is not None:
            _make_directory(self.plan.directory)
        with contextlib.ExitStack() as outputs:
            if self.rejects is not None:
                self._rejected = outputs.enter_context(Output(self.rejects))
            try:
                errors = self._joined() if self.plan.joined else self._separate()
            except _TooManyRejectsError:
                self.tally.stopped = True
                errors = []
            if self._rejected is not None:
                self._rejected.commit()
        return errors

    def _joined(self) -> list[CasemapError]:
        """All inputs to one output."""
        target = self.plan.steps[0][1]
        with Output(target) as output:
            results = Results(output, _layout(target, stream=True))
            if all(self._convert(open_payloads(name, self.input_format), results) for name, _ in self.plan.steps):
                results.finish()
        return []

    def _separate(self) -> list[CasemapError]:
        """Each input to its own output; an input that cannot be read does not keep the others from theirs."""
        errors: list[CasemapError] = []
        for name, target in self.plan.steps:
            try:
                source = open_payloads(name, self.input_format)
                with Output(target) as output:
                    results = Results(output, _layout(target, stream=isinstance(source, Stream)))
                    if self._convert(source, results):
                        results.finish()
            except CasemapError as error:
                if len(self.plan.steps) == 1:
                    raise
                errors.append(error)
        return errors

    def _convert(self, source: Payload | Stream, results: Results) -> bool:
        """Convert one input; false where it was given up, so that the output would not be whole."""
        if isinstance(source, Stream):
            return self._stream(source, results)
        self._document(source, results)
        return True

    def _stream(self, source: Stream, results: Results) -> bool:
        """Convert records as they come; the first that can be read decides on the type of all."""
        conversion = self.chooses.given
        empty = True
        for record in source.records:
            empty = False
            if isinstance(record, Reject):
                self.tally.reject(record.problems)
                self._reject([record])
                continue
            if conversion is None:
                conversion = self._chosen(record)
            if conversion is None:
                self.tally.stopped = True
                return False
            outcome = conversion.convert(record)
            for result in outcome.results:
                results.add(result)
            self._reject(outcome.rejects)
        if empty and conversion is None:
            advice = "Say what type the records would have with --from."
            problem = Problem("CM110", "there is no record, so the type of the records is not known", advice)
            raise CasemapError([problem.at(file=source.file)])
        return True

    def _document(self, payload: Payload, results: Results) -> None:
        """Convert a document, or the records of an array one by one."""
        conversion = self._chosen(payload)
        if conversion is None:
            return
        if not self.chooses.is_stream(payload.value, conversion):
            outcomes = [conversion.convert(payload)]
            converted = outcomes[0].results
        else:
            records = (Payload(item, payload.text, (index,)) for index, item in enumerate(payload.value))
            outcomes = [conversion.convert(record) for record in records]
            converted = tuple(result for outcome in outcomes for result in outcome.results)
            if results.layout == "document":
                converted = (list(converted),)
        self._reject([reject for outcome in outcomes for reject in outcome.rejects])
        for result in converted:
            results.add(result)

    def _chosen(self, payload: Payload) -> Conversion | None:
        """The conversion for a payload; one whose type is not known is rejected."""
        try:
            return self.chooses.conversion(payload.value)
        except ConversionError as error:
            problems = payload.absolute(error.problems)
            self.tally.reject(problems)
            self._reject([Reject(payload.as_line(), problems, payload.text)])
            return None

    def _reject(self, rejects: Sequence[Reject]) -> None:
        if not rejects:
            return
        if self._rejected is not None:
            for reject in rejects:
                self._rejected.write(reject.line + b"\n")
        self.report(rejects)
        if self.max_rejects is not None and self.tally.rejected > self.max_rejects:
            raise _TooManyRejectsError


def _layout(target: str, *, stream: bool) -> Layout:
    """How results are written: as the output's name says, else as they came in."""
    written = None if target == STANDARD else FileName.of(target).format
    if stream:
        return "array" if written == "json" else "lines"
    return "lines" if written == "ndjson" else "document"


def _make_directory(directory: str) -> None:
    try:
        Path(directory).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = Problem("CM509", f"the directory cannot be made: {error.strerror}", file=directory)
        raise CasemapError([problem]) from None
