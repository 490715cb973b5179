"""Worker processes: chunks out to them, what became of the chunks back, in order.

A worker is a fork of the run, so it has the compiled route from the start. It reads chunks of a plain file itself;
others are sent to it. Nothing that was decoded goes from one process to another, results are bytes to be written, in
memory that is shared. Each worker has at most two chunks, and no more than a few results wait for an earlier one, so
memory stays as it is however long the input. A worker ends when the pipe that brings its chunks is closed, which the
system does when the run dies.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import struct
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import NoReturn, Self

from casemap.errors import CasemapError
from casemap.problem import Problem
from casemap.run.blocks import Block
from casemap.run.chunks import ChunkOutput
from casemap.run.extents import Extent
from casemap.run.shared_results import SharedResults

__all__ = ["Pool", "can_fork"]

_QUEUED = 2
"""Chunks that a worker has at once: one that it converts, one that it can begin with."""

_WINDOW = 4
"""Results for each worker that may be on their way: while one chunk takes long, the others go on for a while."""

_TASK = struct.Struct("<QqQQQ")
"""The slot for the result, the descriptor to read a chunk by or -1 where its bytes follow, where it starts, how many
bytes it has, and its first line."""

_RESULT = struct.Struct("<QQ?")
"""The lengths of the pickled counts and rejects, and of the bytes to write; whether these are in the slot."""

_PIPE_SIZE = 1 << 20
_HELD = frozenset({signal.SIGINT, signal.SIGTERM})
"""Signals that must not reach a worker before it has said what they do to it."""

Convert = Callable[[Block], ChunkOutput]
Chunk = Block | Extent


def can_fork() -> bool:
    """Whether the system can split a process in two."""
    return hasattr(os, "fork")


class _DiedError(Exception):
    """A worker is no more."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A chunk that a worker has: the how manieth it is, the chunk without its bytes, and the slot for its result."""

    number: int
    chunk: Chunk
    slot: int


@dataclass(slots=True, eq=False)
class _Worker:
    """A worker as the run sees it: its process, the pipes to and from it, and what it has to do."""

    process: int
    tasks: int
    results: int
    queue: deque[_Task] = field(default_factory=deque)
    outbox: deque[memoryview] = field(default_factory=deque)


class Pool:
    """Converts chunks in `jobs` processes. Leaving the context ends them."""

    def __init__(self, convert: Convert, jobs: int) -> None:
        self._convert = convert
        self._workers: list[_Worker] = []
        self._poll = select.poll()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        try:
            self._shared = SharedResults(_WINDOW * jobs)
            for _ in range(jobs):
                self._start()
        except OSError as error:
            self._end()
            advice = "Give --jobs a smaller number."
            problem = Problem("CM514", f"a process cannot be started: {error.strerror}", advice)
            raise CasemapError([problem]) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def processes(self) -> list[int]:
        """The ids of the processes."""
        return [worker.process for worker in self._workers]

    def outputs(self, chunks: Iterator[Chunk]) -> Iterator[tuple[Chunk, ChunkOutput]]:
        """What becomes of each chunk, in order; the chunks come without their bytes.

        The bytes of an output are to be used before the next one is asked for, and are not there afterwards. Raises
        `CasemapError`, after everything before: what the chunks raise, or CM514 where a worker has died, with 1 for
        the line, which is the chunk's first.
        """
        ready: dict[int, tuple[_Task, ChunkOutput | CasemapError]] = {}
        following = sent = 0
        end: int | None = None
        failure: CasemapError | None = None
        while end is None or following < end:
            while end is None and sent - following < _WINDOW * len(self._workers) and (free := self._free()):
                try:
                    chunk = next(chunks, None)
                except CasemapError as error:
                    chunk, failure = None, error
                if chunk is None:
                    end = sent
                else:
                    self._send(free, sent, chunk)
                    sent += 1
            if end is None or following < end:
                for task, output in self._received():
                    ready[task.number] = task, output
                    if isinstance(output, CasemapError):
                        end = min(task.number + 1, sent if end is None else end)
            while following in ready:
                task, found = ready.pop(following)
                if isinstance(found, CasemapError):
                    raise found
                following += 1
                data = found.data
                yield task.chunk, found
                if isinstance(data, memoryview):
                    data.release()
                self._shared.give_back(task.slot)
        if failure is not None:
            raise failure

    # --- to the workers -------------------------------------------------------------------------------------------

    def _free(self) -> _Worker | None:
        """The worker with the fewest chunks, if it may have another one."""
        if not self._workers:
            return None
        worker = min(self._workers, key=lambda worker: len(worker.queue))
        return worker if len(worker.queue) < _QUEUED else None

    def _send(self, worker: _Worker, number: int, chunk: Chunk) -> None:
        slot = self._shared.take()
        if isinstance(chunk, Extent):
            worker.outbox.append(memoryview(_TASK.pack(slot, chunk.descriptor, chunk.offset, chunk.size, 1)))
        else:
            data = chunk.data
            worker.outbox.append(memoryview(_TASK.pack(slot, -1, chunk.offset, len(data), chunk.first_line)))
            worker.outbox.append(memoryview(data))
            chunk = Block(b"", chunk.first_line, chunk.offset, chunk.behind)
        worker.queue.append(_Task(number, chunk, slot))
        self._watch(worker)

    def _watch(self, worker: _Worker) -> None:
        """Write what the pipe takes; have the rest written once it takes more."""
        with suppress(BlockingIOError, BrokenPipeError):  # a broken pipe also ends the results, which says more
            while worker.outbox:
                data = worker.outbox[0]
                written = os.write(worker.tasks, data)
                if written < len(data):
                    worker.outbox[0] = data[written:]
                else:
                    worker.outbox.popleft()
        if worker.outbox:
            self._poll.register(worker.tasks, select.POLLOUT)
        else:
            with suppress(KeyError):
                self._poll.unregister(worker.tasks)

    # --- from the workers -----------------------------------------------------------------------------------------

    def _received(self) -> Iterator[tuple[_Task, ChunkOutput | CasemapError]]:
        """The results that are there, at least one."""
        found = False
        while not found:
            events = dict(self._poll.poll())
            for worker in list(self._workers):
                if events.get(worker.tasks, 0) & select.POLLOUT:
                    self._watch(worker)
                if events.get(worker.results):
                    found = True
                    output = self._receive(worker)
                    if worker.queue:
                        yield worker.queue.popleft(), output
                    elif isinstance(output, CasemapError):
                        raise output  # it died while it had nothing to do

    def _receive(self, worker: _Worker) -> ChunkOutput | CasemapError:
        """What became of the first chunk that a worker has."""
        pipe = worker.results
        try:
            counts, size, in_slot = _RESULT.unpack(_read(pipe, _RESULT.size))
            output: ChunkOutput | CasemapError = pickle.loads(_read(pipe, counts))  # noqa: S301 - of a fork of this
            data = self._shared.look(worker.queue[0].slot, size) if in_slot else memoryview(_read(pipe, size))
        except (_DiedError, OSError):
            return self._died(worker)
        if isinstance(output, ChunkOutput):
            output.data = data
        return output

    def _died(self, worker: _Worker) -> CasemapError:
        self._forget(worker)
        _, status = os.waitpid(worker.process, 0)
        code = os.waitstatus_to_exitcode(status)
        how = f"by the signal {_signal_name(-code)}" if code < 0 else f"with the code {code}"
        message = f"a process was ended {how}, so the chunk that starts at this line is not converted"
        advice = "What was complete before is kept: --resume goes on from there. Fewer --jobs take less memory."
        return CasemapError([Problem("CM514", message, advice, line=1)])

    # --- processes ------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        task_end, tasks = os.pipe()
        results, result_end = os.pipe()
        for pipe in (tasks, results):
            _enlarge(pipe)
        held = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
        process = os.fork()
        if process == 0:
            for fd in (tasks, results, *(fd for worker in self._workers for fd in (worker.tasks, worker.results))):
                os.close(fd)
            _serve(self._convert, task_end, result_end, self._shared)
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        os.close(task_end)
        os.close(result_end)
        os.set_blocking(tasks, False)
        self._workers.append(_Worker(process, tasks, results))
        self._poll.register(results, select.POLLIN)

    def _forget(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        for pipe in (worker.tasks, worker.results):
            with suppress(KeyError):
                self._poll.unregister(pipe)
            os.close(pipe)

    def _end(self) -> None:
        """End the processes at once: what they still do is not wanted."""
        for worker in list(self._workers):
            self._forget(worker)
            with suppress(ProcessLookupError):
                os.kill(worker.process, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(worker.process, 0)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _enlarge(pipe: int) -> None:
    """Let a pipe take a whole result, where the system can do so."""
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)


def _read(pipe: int, size: int) -> bytearray:
    """So many bytes of a pipe."""
    data = bytearray(size)
    view = memoryview(data)
    done = 0
    while done < size:
        count = os.readv(pipe, [view[done:]])
        if not count:
            raise _DiedError
        done += count
    return data


def _write(pipe: int, *parts: bytes | memoryview) -> None:
    for part in parts:
        view = memoryview(part)
        while view:
            view = view[os.write(pipe, view) :]


# --- the worker's side --------------------------------------------------------------------------------------------


def _serve(convert: Convert, tasks: int, results: int, shared: SharedResults) -> NoReturn:
    """The life of a worker: chunks in, results out, until the pipe ends. An interrupt is for the run to deal with."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)
        _converse(convert, tasks, results, shared)
        code = 0
    except (_DiedError, BrokenPipeError):
        code = 0
    except BaseException:  # noqa: BLE001 - a fault of the program itself: its trace is told, and the run says where
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _converse(convert: Convert, tasks: int, results: int, shared: SharedResults) -> None:
    while True:
        slot, descriptor, offset, size, first_line = _TASK.unpack(_read(tasks, _TASK.size))
        output: ChunkOutput | CasemapError
        try:
            if descriptor < 0:
                output = convert(Block(bytes(_read(tasks, size)), first_line, offset))
            else:
                output = Extent(descriptor, offset, size).converted(convert)
        except CasemapError as error:
            output = error
        data: bytes | memoryview = b""
        if isinstance(output, ChunkOutput):
            data, output.data = output.data, b""
        counts = pickle.dumps(output, pickle.HIGHEST_PROTOCOL)
        in_slot = shared.put(slot, data)
        _write(results, _RESULT.pack(len(counts), len(data), in_slot), counts, b"" if in_slot else data)
        gc.collect(1)  # of what was made since: the collector does not run by itself here
