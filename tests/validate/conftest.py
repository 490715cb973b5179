"""Runs `casemap validate` as users do: as a process of its own, in an empty directory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """What a process left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def validate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Runs `casemap validate` with arguments; keywords are those of `subprocess.run`."""
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}

    def run(*arguments: str, stdin: bytes = b"", **options: Any) -> Done:
        command = [sys.executable, "-m", "casemap", "validate", *arguments]
        done = subprocess.run(
            command, input=stdin, env=environment, check=False, timeout=120, capture_output=True, **options
        )
        out, err = (text.decode().replace(str(ROOT), "ROOT") for text in (done.stdout, done.stderr))
        assert "Traceback" not in err, err
        return Done(done.returncode, out, err)

    return run
