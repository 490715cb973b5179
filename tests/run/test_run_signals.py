"""Signals that end a run, and moments at which they must not."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from casemap.run.signals import InterruptedRunError, Signals


def interrupt(number: int) -> None:
    """Send this process a signal, and give it the time to arrive."""
    os.kill(os.getpid(), number)
    time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run(number: int) -> None:
    before = signal.getsignal(number)
    with pytest.raises(InterruptedRunError) as caught, Signals():
        interrupt(number)
    assert caught.value.number == number
    assert signal.getsignal(number) == before


def test_what_is_held_is_done_to_its_end() -> None:
    done: list[str] = []
    with pytest.raises(InterruptedRunError), Signals() as signals, signals.held():  # noqa: PT012 - in its middle
        interrupt(signal.SIGINT)
        with signals.held():
            done.append("inner")
        done.append("outer")
    assert done == ["inner", "outer"]


def test_a_second_signal_does_not_wait() -> None:
    done: list[str] = []
    with pytest.raises(InterruptedRunError), Signals() as signals, signals.held():  # noqa: PT012 - in its middle
        interrupt(signal.SIGTERM)
        done.append("first")
        interrupt(signal.SIGINT)
        done.append("second")
    assert done == ["first"]


def test_an_error_of_what_is_held_counts_more_than_the_signal() -> None:
    with pytest.raises(OSError, match="full"), Signals() as signals, signals.held():  # noqa: PT012 - in its middle
        interrupt(signal.SIGINT)
        raise OSError("full")


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Signals():
            interrupt(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_have_no_signals() -> None:
    failures: list[BaseException] = []

    def use() -> None:
        try:
            with Signals() as signals, signals.held():
                pass
        except BaseException as error:  # noqa: BLE001 - to be looked at in the main thread
            failures.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert failures == []
