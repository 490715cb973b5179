"""What compiled code depends on beside the files of a catalog: Python, casemap itself and the libraries it uses."""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from casemap._version import __version__

__all__ = ["program"]

_ABOVE = ("__pycache__", "cli", "codes", "generate", "report", "run")
"""Folders of casemap that have no part in what is kept: those above the catalog, and texts on problems."""
_OF_PACKAGES = ("site-packages", "dist-packages")
_METADATA = (".dist-info", ".egg-info")

_LOADED = time.time_ns()
"""When this process began to read casemap's modules, or soon after."""


@functools.cache
def program() -> str:
    """A text that changes with Python, with casemap's own files, and with what is installed beside it.

    Files and packages are told by when they were changed: to read them all would take longer than to compile.
    Raises `OSError` where casemap's files cannot be listed, or are others than those that this process runs.
    """
    modules = sorted(_modules(str(Path(__file__).parent.parent)))
    if any(changed > _LOADED for _, _, changed in modules):
        raise OSError("casemap's own files were changed while it runs")
    python = sys.version, sys.implementation.name, sys.implementation.cache_tag, sys.platform, sys.flags.optimize
    return repr((python, __version__, modules, list(_installed())))


def _modules(folder: str) -> Iterator[tuple[str, int, int]]:
    """The modules in a folder and below it, each with its size and when it was changed."""
    with os.scandir(folder) as found:
        for entry in found:
            if entry.name.endswith((".py", ".pyc")):
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns
            elif entry.name not in _ABOVE and entry.is_dir():
                yield from _modules(entry.path)


def _installed() -> Iterator[tuple[str, int]]:
    """The places of packages; of others the packages' metadata. Each with when it was changed.

    Whatever is installed or removed changes the folder that it is in.
    """
    of_python = os.path.dirname(os.__file__)  # noqa: PTH120 - changes with Python alone
    # the first place is the program's own folder, which can be any
    for place in sys.path[not sys.flags.safe_path :]:
        try:
            if place.endswith(_OF_PACKAGES):
                yield place, os.stat(place).st_mtime_ns  # noqa: PTH116 - of each start
                continue
            if place.startswith(of_python):
                continue
            with os.scandir(place) as found:
                for entry in found:
                    if entry.name.endswith(_METADATA):
                        yield entry.path, entry.stat().st_mtime_ns
        except OSError:
            continue
