"""Signals that end a run, held back while it must not be disturbed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

__all__ = ["InterruptedRunError", "Signals"]

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM") if hasattr(signal, name))


class InterruptedRunError(BaseException):
    """A signal has come. No `Exception`: nothing but the end of the run is to catch it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Signals:
    """Turns SIGINT and SIGTERM into `InterruptedRunError`, from entering the context to leaving it.

    One that is ignored stays so, as `nohup` wants it. Outside of the main thread nothing is done: no signal arrives.
    """

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._held = 0
        self._pending: int | None = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            wanted = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
            self._before = {number: signal.signal(number, self._receive) for number in wanted}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """What stands in here is done to its end; a signal that comes meanwhile has its effect afterwards.

        A second one has it at once.
        """
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        if self._pending is not None and not self._held:
            number, self._pending = self._pending, None
            raise InterruptedRunError(number)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if self._held and self._pending is None:
            self._pending = number
            return
        raise InterruptedRunError(number)
