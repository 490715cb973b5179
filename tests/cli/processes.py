"""The command as a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = Path(__file__).parent / "project"
PARAMS = ("-p", "site=https://shop.example", "-p", "rank=3")


@dataclass(frozen=True)
class Done:
    """A finished process; texts with the project's folder shortened."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]
