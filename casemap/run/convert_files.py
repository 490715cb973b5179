"""Converts files to files: opens what is named, has each payload converted, writes results and rejects.

Problems of single records go to `report`; problems that end the run are raised, and then no file is written. What such
a run had done is kept for one that resumes it, where its inputs can be read again and its outputs are files.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casemap.errors import CasemapError, ConversionError
from casemap.problem import Problem
from casemap.run.checkpoints import Checkpoints
from casemap.run.conversion import Conversion
from casemap.run.inputs import LargeDocument, Lines, open_input
from casemap.run.journal import Entry
from casemap.run.names import STANDARD, FileName
from casemap.run.options import Chooses, Report, RunOptions, Watches
from casemap.run.payloads import Payload, Reject, Stream, document
from casemap.run.plan import Plan
from casemap.run.rejects import RejectFiles
from casemap.run.results import ARRAY, LINES, Frame, Layout, ResultLines, Results, StreamResults
from casemap.run.signals import InterruptedRunError, Signals
from casemap.run.tally import Tally
from casemap.run.writing import Output

if TYPE_CHECKING:
    from casemap.run.blocks import Place
    from casemap.run.chunks import ChunkOutput

__all__ = ["FileConversion"]


class _TooManyRejectsError(Exception):
    """The run is to stop."""


class FileConversion:
    """A run over files.

    The files of rejects are written even where the run stops, also where they are empty, lest older ones be taken for
    this run's.
    """

    def __init__(
        self,
        plan: Plan,
        chooses: Chooses,
        tally: Tally,
        report: Report,
        *,
        options: RunOptions | None = None,
        watch: Watches | None = None,
        signals: Signals | None = None,
    ) -> None:
        self.plan = plan
        self.chooses = chooses
        self.tally = tally
        self.report = report
        self.options = options or RunOptions()
        self.watch = watch
        self.signals = signals or Signals()
        self._checkpoints = Checkpoints(plan, self.options.rejects, self.options.identity, self._state)
        self._done = Entry()
        self._results: StreamResults | None = None
        self._rejects: RejectFiles | None = None
        self._conversion: Conversion | None = None

    @property
    def resumable(self) -> bool:
        """Whether a run that has ended early has left something to go on with."""
        return self._checkpoints.written

    def run(self) -> list[CasemapError]:
        """Convert everything. Gives the errors of single inputs, where each input has an output of its own.

        Raises `CasemapError` for what ends the whole run, and `InterruptedRunError`.
        """
        if self.plan.directory is not None:
            _make_directory(self.plan.directory)
        start = self._done = self._checkpoints.begin(resume=self.options.resume)
        if start.tally is not None:
            self.tally.restore(start.tally)
        if start.finishing:
            self._checkpoints.remove()
            return []
        try:
            with contextlib.ExitStack() as outputs:
                self._open_rejects(outputs, start)
                try:
                    errors = self._joined(start) if self.plan.joined else self._separate(start)
                    self._finish_rejects()
                except _TooManyRejectsError:
                    self._stop()
                    errors = []
                except (CasemapError, InterruptedRunError):
                    if self._rejects is not None and self._checkpoints.written:
                        self._rejects.keep()
                    raise
            self._checkpoints.remove()
        finally:
            self._checkpoints.close()
        return errors

    def _stop(self) -> None:
        """There is nothing to go on with, only the rejects to be looked at."""
        self.tally.stopped = True
        self._checkpoints.remove()
        if self._rejects is not None:
            self._rejects.commit()

    def _finish_rejects(self) -> None:
        """Put the files of rejects in their places: the last thing to be done."""
        with self.signals.held(), self._checkpoints.finishing():
            self._done = Entry(len(self.plan.steps))
            if self._rejects is not None:
                self._rejects.finish()
                self._checkpoints.finish()
                self._rejects.commit()

    def _open_rejects(self, outputs: contextlib.ExitStack, start: Entry) -> None:
        if self.options.rejects is not None:
            sizes = (start.sizes[1], start.sizes[2]) if self._checkpoints.resumed else None
            self._rejects = RejectFiles(
                outputs, self.options.rejects, self.options.describe, sizes, self.tally.rejected
            )
            self._checkpoints.files.append(self._rejects)

    # --- inputs and outputs ---------------------------------------------------------------------------------------

    def _joined(self, start: Entry) -> list[CasemapError]:
        """All inputs to one output."""
        target = self.plan.steps[0][1]
        with self._streaming(target, start, _stream_frame(target)) as results:
            for number, (name, _) in enumerate(self.plan.steps[start.step :], start=start.step):
                begun = self._begun(number, start)
                with open_input(name, self.options.input_format) as source:
                    if isinstance(source, Lines):
                        whole = self._stream(source, results, begun)
                    else:
                        whole = self._into_lines(source, results, begun)
                    if not whole:
                        return []
            self._finish(results)
        return []

    def _into_lines(self, source: Payload | LargeDocument | Stream, results: StreamResults, begun: Entry) -> bool:
        """One input that is read whole to lines that others share; false where it was given up."""
        from casemap.run.chunks import ChunkOutput  # only for streams

        if isinstance(source, LargeDocument):
            with source.open() as text:
                source = document(source.name, text.rest())
        self._done, self._conversion = begun, None
        lines = ResultLines()
        with self._checkpoints.settling():
            whole = self._records(source, lines) if isinstance(source, Stream) else self._document(source, lines)
            if lines.count:
                data = b"".join(lines.data)
                finish = results.finisher
                results.add(ChunkOutput(finish(data) if finish else data, lines.count))
            self._done = Entry(begun.step + 1, results=results.count)
        self._check_share()
        return whole

    def _separate(self, start: Entry) -> list[CasemapError]:
        """Each input to its own output; an input that cannot be read does not keep the others from theirs."""
        errors: list[CasemapError] = []
        for number, (name, target) in enumerate(self.plan.steps[start.step :], start=start.step):
            try:
                self._step(name, target, self._begun(number, start))
            except CasemapError as error:
                if len(self.plan.steps) == 1:
                    raise
                errors.append(error)
            if number + 1 < len(self.plan.steps):
                with self._checkpoints.settling():
                    self._done = Entry(number + 1)
        return errors

    def _begun(self, number: int, start: Entry) -> Entry:
        """Where to begin with an input: behind what a run that was interrupted has done of it."""
        if number == start.step:
            return start
        if not self.plan.joined:
            return Entry(number)
        return Entry(number, results=self._done.results)

    def _step(self, name: str, target: str, begun: Entry) -> None:
        """One input to its output."""
        with open_input(name, self.options.input_format) as source:
            if isinstance(source, Lines):
                with self._streaming(target, begun, _stream_frame(target)) as results:
                    if self._stream(source, results, begun):
                        self._finish(results)
                return
            if not isinstance(source, LargeDocument):
                self._whole(source, target)
            elif not self._elements(source, target, begun):
                with source.open() as text:
                    self._whole(document(source.name, text.rest()), target)

    def _whole(self, source: Payload | Stream, target: str) -> None:
        """One input that is read whole to its output."""
        with Output(target) as output:
            results = Results(output, _layout(target, stream=isinstance(source, Stream)))
            whole = self._records(source, results) if isinstance(source, Stream) else self._document(source, results)
            self._check_share()
            if whole:
                results.finish()

    @contextlib.contextmanager
    def _streaming(self, target: str, begun: Entry, frame: Frame) -> Iterator[StreamResults]:
        """The output of a stream: new, or that of an interrupted run. It is kept where this one is interrupted, too."""
        start = begun.sizes[0] if self._checkpoints.resumed else None
        with Output(target, packed=True, start=start or None) as output:
            self._results = StreamResults(output, frame, begun.results)
            self._checkpoints.files.append(output)
            try:
                yield self._results
            except (CasemapError, InterruptedRunError) as error:
                if self.plan.joined or len(self.plan.steps) == 1 or isinstance(error, InterruptedRunError):
                    self._save(output)
                raise
            finally:
                self._checkpoints.files.remove(output)
                self._results = None

    def _save(self, output: Output) -> None:
        """Leave what is done for a later run."""
        if self._checkpoints.save():
            output.keep()

    def _finish(self, results: StreamResults, lost: Mapping[tuple[str, str], int] | None = None) -> None:
        """Put an output in its place. `lost` is of the document itself, whose records have been counted."""
        with self.signals.held(), self._checkpoints.finishing():
            if self._conversion is not None:
                self.tally.lose(self._conversion.converter.source, lost or {})
            results.finish()
            if self._rejects is not None:
                self._rejects.finish()
            self._checkpoints.finish()
            results.output.commit()

    # --- records --------------------------------------------------------------------------------------------------

    def _stream(self, lines: Lines, results: StreamResults, begun: Entry) -> bool:
        """Convert lines; false where they were given up, so that the output would not be whole."""
        from casemap.run.streams import Start, stream_records  # only for streams

        if self.watch is not None:
            self.watch.begin(lines.source)
        self._done, self._conversion = begun, self._resumed(begun) or self.chooses.given
        start = Start(begun.place, self._conversion)
        complete = stream_records(
            lines.source, start, self._choice, self._accept, options=self.options.stream, finisher=results.finisher
        )
        self.tally.stopped = self.tally.stopped or not complete
        self._check_share()
        return complete

    def _resumed(self, begun: Entry) -> Conversion | None:
        """The conversion that an interrupted run has used."""
        if begun.source is None:
            return None
        conversion = self.chooses.of_type(begun.source)
        if self.chooses.code(conversion) != begun.code:
            message = "the run cannot be resumed: the mapping or a schema has changed since it was interrupted"
            raise CasemapError([Problem("CM510", message, "Without --resume, it starts at the beginning.")])
        return conversion

    def _elements(self, source: LargeDocument, target: str, begun: Entry) -> bool:
        """Convert the records of a large document one by one; false where they cannot be told apart."""
        from casemap.run.elements import records_of, stream_elements  # only for large documents
        from casemap.run.outline import outline

        given = self._resumed(begun) or self.chooses.given
        with source.open() as text:
            found = outline(text, None if given is None else given.converter.records_path or ())
        lines = _layout(target, stream=False) == "lines"
        records = None if found is None else records_of(found, given, self.chooses, source.name, lines=lines)
        if found is None or records is None:
            return False
        self._done, self._conversion = begun, records.conversion
        with self._streaming(target, begun, records.frame) as results, source.open() as text:
            if self.watch is not None:
                self.watch.begin(text)
            stream_elements(
                text,
                found,
                records.conversion,
                self._accept,
                start=(begun.place, begun.record) if begun.offset else None,
                options=self.options.stream,
                finisher=results.finisher,
            )
            self._check_share()
            self._finish(results, records.lost)
        return True

    def _choice(self, value: Any) -> Conversion:
        self._conversion = self.chooses.conversion(value)
        return self._conversion

    def _accept(self, output: ChunkOutput, behind: Place) -> None:
        """Write what became of a chunk, and remember where the next one begins."""
        done = self._done
        with self.signals.held(), self._checkpoints.settling():
            if self._results is not None:
                self._results.add(output)
            self.tally.add(output.tally)
            self._reject([reject.numbered(done.record - 1 + (reject.number or 0)) for reject in output.rejects])
            results = 0 if self._results is None else self._results.count
            self._done = Entry(done.step, *behind, done.record + output.records, results)
        if self.watch is not None:
            self.watch.advance(self.tally)
        if self.options.limit.exceeded(self.tally):
            raise _TooManyRejectsError

    def _state(self) -> Entry:
        """What is done, for the journal."""
        done, conversion, results = self._done, self._conversion, self._results
        return Entry(
            done.step,
            done.offset,
            done.line,
            done.column,
            done.record,
            done.results,
            (
                0 if results is None else results.output.position,
                *((0, 0) if self._rejects is None else self._rejects.sizes),
            ),
            None if conversion is None or results is None else conversion.converter.source,
            "" if conversion is None else self.chooses.code(conversion),
            self.tally.state(),
        )

    def _records(self, source: Stream, results: Results | ResultLines) -> bool:
        """Convert documents of YAML as they come; the first decides on the type of all."""
        conversion = self.chooses.given
        for record in source.records:
            if isinstance(record, Reject):
                self._reject([record])
                continue
            conversion = conversion or self._chosen(record)
            if conversion is None:
                self.tally.stopped = True
                return False
            outcome = conversion.convert(record)
            for result in outcome.results:
                results.add(result)
            self._reject(outcome.rejects)
        return True

    def _document(self, payload: Payload, results: Results | ResultLines) -> bool:
        """Convert a document, or the records of an array one by one."""
        conversion = self._chosen(payload)
        if conversion is None:
            return True
        if not self.chooses.is_stream(payload.value, conversion):
            path = conversion.converter.records_path or ()
            outcome = conversion.convert(payload)
            converted, rejects = outcome.results, list(outcome.rejects)
        else:
            path = ()
            records = [Payload(item, payload.text, (index,)) for index, item in enumerate(payload.value)]
            outcomes = [conversion.convert(record) for record in records]
            converted = tuple(result for outcome in outcomes for result in outcome.results)
            rejects = [
                reject.numbered(number) for number, outcome in enumerate(outcomes, 1) for reject in outcome.rejects
            ]
            if results.layout == "document":
                converted = (list(converted),)
        if rejects and self._rejects is not None:
            from casemap.run.elements import as_they_came

            rejects = as_they_came(rejects, payload.text, path)
        self._reject(rejects)
        for result in converted:
            results.add(result)
        return True

    def _chosen(self, payload: Payload) -> Conversion | None:
        """The conversion for a payload; one whose type is not known is rejected."""
        try:
            conversion = self.chooses.conversion(payload.value)
        except ConversionError as error:
            self._reject([Reject(payload.as_line(), payload.absolute(error.problems), payload.text)])
            return None
        conversion.tally = self.tally
        return conversion

    def _check_share(self) -> None:
        """Stop at the end of an input where too many were rejected."""
        if self.options.limit.exceeded(self.tally, at_end=True):
            raise _TooManyRejectsError

    def _reject(self, rejects: Sequence[Reject]) -> None:
        """Count, write and tell rejects, up to the one that is one too many."""
        if not rejects:
            return
        taken = len(rejects)
        for number, reject in enumerate(rejects, start=1):
            self.tally.reject(reject.problems)
            if self.options.limit.reached(self.tally):
                taken = number
                break
        if self._rejects is not None:
            self._rejects.write(rejects[:taken])
        self.report(rejects[:taken])
        if self.options.limit.reached(self.tally):
            raise _TooManyRejectsError


def _stream_frame(target: str) -> Frame:
    return ARRAY if _layout(target, stream=True) == "array" else LINES


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
