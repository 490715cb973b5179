"""The command and the library with a cache that a test has to itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casemap import Catalog

__all__ = ["PARAMS", "ROOT", "Done", "catalog", "entries", "environment", "own_project", "run"]

ROOT = Path(__file__).parents[2]
PARAMS = ("-p", "base_url=https://egain.example.com")


@dataclass(frozen=True, slots=True)
class Done:
    """What a process has left."""

    code: int
    out: bytes
    err: str


def environment(cache: Path | str) -> dict[str, str]:
    """The environment of a process with its cache in a folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "CASEMAP_CACHE_DIR": str(cache), "COLUMNS": "100"}


def run(cache: Path | str, *arguments: str, options: Sequence[str] = (), cwd: Path = ROOT) -> Done:
    """`casemap` with arguments, Python with options."""
    command = [sys.executable, *options, "-m", "casemap", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment(cache), capture_output=True, check=False, timeout=60)
    return Done(done.returncode, done.stdout, done.stderr.decode())


def catalog(cache: Path | str, project: Path | None = None) -> Catalog:
    """A new catalog with its cache in a folder; an empty text is no cache."""
    before = os.environ["CASEMAP_CACHE_DIR"]
    os.environ["CASEMAP_CACHE_DIR"] = str(cache)
    try:
        return Catalog(project)
    finally:
        os.environ["CASEMAP_CACHE_DIR"] = before


def entries(cache: Path) -> dict[str, bytes]:
    """The files of a cache by name."""
    return {file.name: file.read_bytes() for file in sorted(cache.iterdir())} if cache.is_dir() else {}


def own_project(folder: Path) -> Path:
    """A small project to be changed: tickets of a shop become those of a desk."""
    return Path(shutil.copytree(ROOT / "tests" / "cli" / "project", folder / "project"))
