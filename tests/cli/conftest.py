"""Runs the command as users do: as a process of its own, in an empty directory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from processes import PARAMS, PROJECT, ROOT, Done, Run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `casemap` with arguments over the test project; `stdin` is bytes, other keywords are of `subprocess.run`."""
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}

    def run(*arguments: str, stdin: bytes = b"", project: Path | None = PROJECT, **options: Any) -> Done:
        where = () if project is None else ("--project", str(project))
        command = [sys.executable, "-m", "casemap", *arguments, *where]
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        done = subprocess.run(command, input=stdin, env=environment, check=False, timeout=60, **output)
        err = (done.stderr or b"").decode().replace(str(PROJECT), "PROJECT")
        assert "Traceback" not in err, err
        return Done(done.returncode, (done.stdout or b"").decode().replace(str(PROJECT), "PROJECT"), err)

    return run


@pytest.fixture
def convert(run: Run) -> Run:
    """Runs `casemap convert` to the desk's types, with the params that its mappings ask for."""
    return lambda *arguments, **options: run("convert", *arguments, "--to", "desk", *PARAMS, **options)
