"""The most memory that a command takes, measured from a process that is small itself.

The system counts what a process had when it was split off as the child's own, so one with much in it measures itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["most_memory"]

_ROOT = Path(__file__).parent.parent
_PROGRAM = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def most_memory(command: Sequence[str]) -> float:
    """The peak of resident memory in MB. Raises `CalledProcessError` where the command fails."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _PROGRAM, *command], cwd=_ROOT, env=environment, check=True, capture_output=True
    )
    return int(done.stdout) / 1024
