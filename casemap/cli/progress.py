"""How far a long run has come, on standard error: a bar on a terminal, a line a while with `--verbose` elsewhere."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from casemap.cli.console import tell
from casemap.run.source import Source
from casemap.run.tally import Tally

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Bar", "Watching", "watching"]

_SOON = 0.5
"""Seconds after which a bar appears: a short run is over before it would be read."""

_REFRESH = 0.1
_FIRST_LINE, _LAST_LINE = 2.0, 30.0
"""Seconds between two lines: few at first, for it may be short, and more and more."""


def watching(*, quiet: bool, verbose: bool) -> Watching | None:
    """What is shown of a run: nothing where `quiet`, or where CI is set."""
    if quiet or os.environ.get("CI") or sys.stderr is None:
        return None
    if sys.stderr.isatty():
        return Bar()
    return Watching() if verbose else None


class Watching:
    """Says a line a while: records, rejects, megabytes a second of the input as it is stored, and the time left."""

    def __init__(self) -> None:
        self._source: Source | None = None
        self._began = self._last = time.monotonic()
        self._pause = _FIRST_LINE

    def begin(self, source: Source) -> None:
        """Another input."""
        self._source = source
        self._began = time.monotonic()

    def advance(self, tally: Tally) -> None:
        """More of it is done."""
        now = time.monotonic()
        if now - self._last >= self._pause:
            self._last, self._pause = now, min(self._pause * 2, _LAST_LINE)
            tell(self._text(tally, now - self._began))

    def end(self) -> None:
        """The run is over."""

    def _text(self, tally: Tally, seconds: float) -> str:
        parts = [f"{tally.records:,} records", f"{tally.rejected:,} rejected"]
        source = self._source
        done = None if source is None else source.consumed
        if source is not None and source.total and done and seconds > 0:
            left = (source.total - done) * seconds / done
            parts.append(f"{done / seconds / 1e6:,.1f} MB/s, {done / source.total:.0%} of {source.name}")
            parts.append(f"{_time(left)} left")
        return ", ".join(parts)


class Bar(Watching):
    """A bar, which goes away at the end. rich is loaded once a run has taken a while."""

    def __init__(self) -> None:
        super().__init__()
        self._pause = _SOON
        self._shown: tuple[Progress, TaskID] | None = None

    def advance(self, tally: Tally) -> None:
        """More of it is done."""
        now = time.monotonic()
        if now - self._last < self._pause:
            return
        self._last, self._pause = now, _REFRESH
        progress, task = self._shown or self._show()
        source = self._source
        total = None if source is None else source.total
        done = None if source is None else source.consumed
        progress.update(task, total=total, completed=done or 0, counts=self._text(tally, now - self._began))
        progress.refresh()

    def end(self) -> None:
        """Take the bar away."""
        if self._shown is not None:
            self._shown[0].stop()
            self._shown = None

    def _show(self) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        # not refreshed by a thread: the run may still be split into processes
        progress = Progress(
            BarColumn(bar_width=30),
            TextColumn("{task.fields[counts]}"),
            console=Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")) or None),
            transient=True,
            auto_refresh=False,
        )
        progress.start()
        self._shown = progress, progress.add_task("", total=None, counts="")
        return self._shown


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
