"""Runs over archives inside of the test's process."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casemap.api import Catalog
from casemap.report.problems import as_data
from casemap.run.choice import Choice, Wanted
from casemap.run.convert_files import FileConversion
from casemap.run.options import RunOptions
from casemap.run.payloads import Reject
from casemap.run.plan import make_plan
from casemap.run.streams import StreamOptions
from casemap.run.tally import Tally

__all__ = ["PARAMS", "PROJECT", "ROOT", "Reported", "leftovers", "new_run"]

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "tests" / "cli" / "project"
PARAMS = {"site": "https://shop.example", "rank": "3"}


class Reported:
    """Keeps the rejects that are told."""

    def __init__(self) -> None:
        self.rejects: list[Reject] = []

    def __call__(self, rejects: Sequence[Reject]) -> None:
        self.rejects += rejects


@functools.cache
def _catalog() -> Catalog:
    """The test project's catalog, which the runs of all tests share."""
    return Catalog(PROJECT)


def new_run(
    inputs: Sequence[str],
    output: str,
    *,
    source: str | None = "shop/ticket",
    target: str = "desk",
    stream: StreamOptions | None = None,
    params: Mapping[str, str] = PARAMS,
    project: Path | None = PROJECT,
    **options: Any,
) -> tuple[FileConversion, Tally]:
    """A run over files of the test project, and its tally."""
    tally = Tally()
    stream = stream or StreamOptions()
    catalog = _catalog() if project == PROJECT else Catalog(project)
    choice = Choice(catalog, Wanted(source, target, params), tally, observing=stream.observing)
    plan = make_plan(inputs, output, options.get("input_format"))
    chosen = RunOptions(stream=stream, describe=as_data, **options)
    return FileConversion(plan, choice, tally, Reported(), options=chosen), tally


def leftovers(folder: Path) -> list[str]:
    """What an interrupted run has left in a folder."""
    return sorted(path.name for path in folder.iterdir() if "casemap." in path.name and path.name.startswith("."))
