"""The files of rejects: the records as they came, which can be converted again once they are mended, and beside them
what is wrong with each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import PurePath
from typing import Any

from casemap.problem import Problem
from casemap.run.names import FileName
from casemap.run.payloads import Reject
from casemap.run.results import packing
from casemap.run.writing import Output, is_replaced
from casemap.syntax.json_text import write_json

__all__ = ["RejectFiles", "problems_name"]


def problems_name(path: str) -> str | None:
    """The file with the problems of the rejects in `path`; None where that is a stream and has no place beside it."""
    if not is_replaced(path):
        return None
    name = FileName.of(path)
    return str(PurePath(path).with_name(f"{name.stem}.problems.ndjson{name.compression_ending}"))


class RejectFiles:
    """Two files: `path` has a record a line, byte for byte; the other an object a line for each of these lines.

    `describe` gives a problem as a JSON object. `starts` are the sizes at which to go on. Methods raise as those of
    `Output` do.
    """

    def __init__(
        self,
        outputs: ExitStack,
        path: str,
        describe: Callable[[Problem], dict[str, Any]],
        starts: tuple[int, int] | None = None,
        count: int = 0,
    ) -> None:
        beside = problems_name(path)
        first, second = starts or (None, None)
        self._describe = describe
        self._lines = outputs.enter_context(Output(path, packed=True, start=first))
        self._problems = None
        if beside is not None:
            self._problems = outputs.enter_context(Output(beside, packed=True, start=second))
        self._pack = packing(path)
        self._count = count

    @property
    def sizes(self) -> tuple[int, int]:
        """The bytes in each file."""
        return self._lines.position, 0 if self._problems is None else self._problems.position

    def write(self, rejects: Sequence[Reject]) -> None:
        """Add rejects."""
        self._lines.write(self._pack(b"".join([reject.line + b"\n" for reject in rejects])))
        if self._problems is not None:
            lines = [write_json(self._entry(reject)) + b"\n" for reject in rejects]
            self._problems.write(self._pack(b"".join(lines)))

    def flush(self, *, durably: bool) -> None:
        """Have everything written in the hands of the system, or on the disk."""
        for output in self._both():
            output.flush(durably=durably)

    def keep(self) -> None:
        """Leave the files for a later run."""
        for output in self._both():
            output.keep()

    def finish(self) -> None:
        """Write what is missing of files to which nothing was added."""
        for output in self._both():
            if not output.position:
                output.write(self._pack(b""))

    def commit(self) -> None:
        """Put both files in their places."""
        self.finish()
        for output in self._both():
            output.commit()

    def _both(self) -> Iterable[Output]:
        return (self._lines,) if self._problems is None else (self._lines, self._problems)

    def _entry(self, reject: Reject) -> dict[str, Any]:
        self._count += 1
        problems = [self._describe(problem) for problem in reject.text.placed(reject.problems)]
        line = reject.text.line or next((problem["line"] for problem in problems), None)
        return {
            "reject": self._count,
            "file": reject.text.file,
            "record": reject.number,
            "line": line,
            "problems": problems,
        }
