"""What a run over files is asked to do, and what is asked of those around it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from casemap.problem import Problem
from casemap.run.conversion import Conversion
from casemap.run.limits import Limit
from casemap.run.names import InputFormat
from casemap.run.payloads import Reject
from casemap.run.source import CHUNK_SIZE, Source
from casemap.run.tally import Tally

__all__ = ["Chooses", "Report", "RunOptions", "StreamOptions", "Watches"]


class Report(Protocol):
    """Is told of rejects, all of one text at once."""

    def __call__(self, rejects: Sequence[Reject]) -> None: ...


class Watches(Protocol):
    """Is told how far a run has come: of each input that is a stream, and after each chunk of it."""

    def begin(self, source: Source) -> None: ...
    def advance(self, tally: Tally) -> None: ...


class Chooses(Protocol):
    """Chooses the conversion of a payload.

    `given` is the conversion of all payloads, where their type is said. `conversion` raises `ConversionError` for a
    value whose type is not known, `MappingError` for a mapping that is missing or wrong. `is_stream` says whether a
    value is an array of records of the conversion's source type. `of_type` is the conversion of payloads of a type;
    `code` is a text that is the same for conversions that do the same, `schemas` are those of the types.
    """

    @property
    def given(self) -> Conversion | None: ...
    def conversion(self, value: Any) -> Conversion: ...
    def of_type(self, source: str) -> Conversion: ...
    def is_stream(self, value: Any, conversion: Conversion) -> bool: ...
    def code(self, conversion: Conversion) -> str: ...
    @property
    def schemas(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """`jobs` is the number of processes, 0 for as many as there are processors; with `strict`, no member stands twice.

    `observing`: losses and approximations are counted. `chunk` are the bytes of a chunk, `typed_from` those of an input
    for which it pays to make the typed door.
    """

    jobs: int = 1
    strict: bool = False
    observing: bool = False
    chunk: int = CHUNK_SIZE
    typed_from: int = 1 << 24

    def processes(self, size: int) -> int:
        """How many processes convert so many bytes: no more than have something to do."""
        return min(self._most_processes, max(1, size // (2 * self.chunk)))

    @property
    def _most_processes(self) -> int:
        if not hasattr(os, "fork"):
            return 1
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return self.jobs or usable or 1


def _code_and_message(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "message": problem.message}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run does beside converting.

    `rejects` names the file of rejects, `describe` gives a problem as a JSON object for the file beside it. `limit` is
    how many may be rejected: more of them stop the run, and no output is written. With `resume`, the run goes on where
    an interrupted one with the same `identity` has come to.
    """

    rejects: str | None = None
    limit: Limit = field(default_factory=Limit)
    input_format: InputFormat | None = None
    stream: StreamOptions = field(default_factory=StreamOptions)
    resume: bool = False
    identity: str = ""
    describe: Callable[[Problem], dict[str, Any]] = _code_and_message
