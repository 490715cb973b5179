"""What an interrupted run leaves, and what the next one finds: where the journal is, and when it is written."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from casemap.cache.digest import sha256
from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.journal import Entry, Journal, last_entry
from casemap.run.names import STANDARD
from casemap.run.plan import Plan
from casemap.run.rejects import problems_name
from casemap.run.writing import is_replaced, place_of, unfinished_name

__all__ = ["Checkpoints"]

_AGAIN = "Without --resume, the run starts at the beginning."


class Flushes(Protocol):
    """A file that is being written."""

    def flush(self, *, durably: bool) -> None: ...


class Checkpoints:
    """The journal of a run over files, if it can have one: its inputs can be read again, its outputs are files.

    `state` gives the entry for what is done now. `files` are those that it speaks of; they are flushed before.
    `identity` is the same for runs that are given the same to do. Methods raise `CasemapError` (CM509, CM510).
    """

    def __init__(self, plan: Plan, rejects: str | None, identity: str, state: Callable[[], Entry]) -> None:
        self.files: list[Flushes] = []
        self.resumed = False
        self.written = False
        self._plan = plan
        self._rejects = rejects
        self._state = state
        self._journal: Journal | None = None
        self._unsettled = False
        if self._refusal() is None:
            self._journal = Journal(_journal_name(plan), _key(plan, identity))

    def begin(self, *, resume: bool) -> Entry:
        """Where to begin: after what an interrupted run has done if `resume`, and it has left something."""
        if resume and (why := self._refusal()) is not None:
            raise CasemapError([Problem("CM510", f"the run cannot be resumed: {why}", _AGAIN)])
        journal = self._journal
        if journal is None:
            return Entry()
        with self._problems_of(journal.path):
            entry = self._found(journal) if resume else None
            self.resumed = self.written = entry is not None
            journal.claim(resumed=self.resumed)
        return self._placed(entry) if entry is not None and entry.finishing else entry or Entry()

    @contextlib.contextmanager
    def settling(self) -> Iterator[None]:
        """What is done in here is done whole or not at all, so far as the journal knows; then it may be written."""
        self._unsettled = True
        yield
        self._unsettled = False
        if self._journal is not None and self._journal.due:
            self._write(durable=self._journal.due_durably)

    def save(self) -> bool:
        """Write down what is done, as the run ends before its end. False where nothing is left to go on with."""
        done = self._state()
        if not self._unsettled and (done.offset or done.step):
            with contextlib.suppress(CasemapError):
                self._write(durable=False)
        return self.written

    @contextlib.contextmanager
    def finishing(self) -> Iterator[None]:
        """In here, what stands behind the last record is written, and `finish` called: nothing to be gone on with."""
        self._unsettled = True
        yield

    def finish(self) -> None:
        """Everything of this step is written; what follows is only to put its files in their places."""
        if self.written:
            self._write(durable=False, finishing=True)

    def close(self) -> None:
        """Leave the journal, if there is one, for a later run."""
        if self._journal is not None:
            if not self.written:
                self._journal.remove()
            self._journal.close()

    def remove(self) -> None:
        """The run is over."""
        if self._journal is not None:
            self._journal.remove()

    # --- the journal ----------------------------------------------------------------------------------------------

    def _refusal(self) -> str | None:
        """Why a run of this plan cannot be resumed."""
        outputs = [target for _, target in self._plan.steps] + ([] if self._rejects is None else [self._rejects])
        for name, _ in self._plan.steps:
            if name == STANDARD or (Path(name).exists() and not Path(name).is_file()):
                return f"{'standard input' if name == STANDARD else name} cannot be read a second time"
        for name in outputs:
            if not is_replaced(name):
                return f"{'standard output' if name == STANDARD else name} is no file that could be gone on with"
        return None

    def _found(self, journal: Journal) -> Entry | None:
        try:
            return last_entry(journal.path, journal.key)
        except ValueError:
            message = "the interrupted run was another one: its files, their contents or the options have changed"
            raise CasemapError([Problem("CM510", message, _AGAIN, file=str(journal.path))]) from None

    def _write(self, *, durable: bool, finishing: bool = False) -> None:
        if self._journal is None:
            return
        with self._problems_of(self._journal.path):
            for file in self.files:
                file.flush(durably=durable)
            self._journal.write(self._state(), durable=durable, finishing=finishing)
        self.written = True

    def _placed(self, entry: Entry) -> Entry:
        """Put files in their places that an interrupted run has written whole. Gives the state after that."""
        steps = self._plan.steps
        last = entry.step >= len(steps) - 1 or self._plan.joined
        paths = [target for _, target in steps[entry.step : entry.step + 1]]
        if last and self._rejects is not None:
            paths += [path for path in (self._rejects, problems_name(self._rejects)) if path is not None]
        for path in paths:
            final = place_of(path)
            with self._problems_of(final), contextlib.suppress(FileNotFoundError):
                unfinished_name(final).replace(final)
        return Entry(
            len(steps) if last else entry.step + 1, sizes=(0, *entry.sizes[1:]), tally=entry.tally, finishing=last
        )

    @contextlib.contextmanager
    def _problems_of(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            advice = "Wait for that run to end." if error.errno == errno.EBUSY else ""
            raise CasemapError([Problem("CM509", f"cannot be written: {why}", advice, file=str(path))]) from None


def _journal_name(plan: Plan) -> Path:
    if plan.directory is not None:
        return Path(plan.directory) / ".casemap.journal"
    return unfinished_name(place_of(plan.steps[0][1]), "journal")


def _key(plan: Plan, identity: str) -> str:
    """What a run is known by: what it is to do, and its inputs as they are."""
    parts: Sequence[object] = [identity, *((name, target, _version(name)) for name, target in plan.steps)]
    return sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _version(name: str) -> tuple[int, int] | None:
    """What changes with a file's content."""
    try:
        status = Path(name).stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
