"""Processes of the command that are killed at any moment: what is there afterwards is whole, and can be gone on with.

The environment variable CASEMAP_KILLS says how often; `CASEMAP_KILLS=50 pytest tests/archives/test_killed.py`.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from faulty import archive
from running import PARAMS, PROJECT, ROOT, leftovers

KILLS = int(os.environ.get("CASEMAP_KILLS", "8"))
RECORDS = 40_000
SMALL_CHUNKS = (
    "import functools, casemap.run.streams as streams\n"
    "streams.StreamOptions = functools.partial(streams.StreamOptions, chunk=1 << 16)\n"
    "from casemap.cli import main\nmain()"
)
"""The command, with more moments at which something is complete than an archive of this size would have."""

FILES = ("out.ndjson.zst", "bad.ndjson", "bad.problems.ndjson")
HOW = ("the run", "a worker", "SIGTERM", "SIGINT")

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")


class Run:
    """A process of `casemap convert`. It and its workers are known by a mark in their environment."""

    def __init__(self, folder: Path, *options: str, limit: int | None = None) -> None:
        self.mark = f"CASEMAP_TEST={uuid.uuid4()}"
        name, value = self.mark.split("=")
        params = [part for item in PARAMS.items() for part in ("-p", "=".join(item))]
        command = [
            *(sys.executable, "-c", SMALL_CHUNKS, "convert", "in.ndjson", "-o", FILES[0], "--rejects", FILES[1]),
            *("--to", "desk", "--from", "shop/ticket", "--project", str(PROJECT), *params, *options),
        ]

        def limited() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), name: value},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=limited if limit is not None else None,  # noqa: PLW1509 - there are no threads here
        )

    def workers(self) -> list[int]:
        """The processes of the run without the first, each that is no longer a zombie."""
        return [process for process in _marked(self.mark) if process != self.process.pid]

    def end(self) -> tuple[int, str]:
        """The exit code and what was said; no process is left of the run."""
        said = self.process.communicate(timeout=60)[1].decode()
        deadline = time.monotonic() + 5
        while self.workers() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.workers() == []
        # an interrupt while Python itself is starting is Python's to tell
        assert "Traceback" not in said or "KeyboardInterrupt" in said, said
        return self.process.returncode, said


def _marked(mark: str) -> list[int]:
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if mark.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def kill(run: Run, how: str) -> None:
    """End a run in one of four ways; it may be over already."""
    try:
        match how:
            case "the run":
                run.process.kill()
            case "a worker":
                workers = run.workers()
                os.kill(random.choice(workers) if workers else run.process.pid, signal.SIGKILL)
            case _:
                run.process.send_signal(signal.Signals[how])
    except ProcessLookupError:
        pass


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def source() -> bytes:
    return archive(RECORDS, share=0.01)[0]


@pytest.fixture(scope="module")
def wanted(source: bytes, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float]:
    """What an undisturbed run gives, and how long it takes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "in.ndjson").write_bytes(source)
    began = time.monotonic()
    code, _ = Run(folder, "--jobs", "2").end()
    assert code == 1
    return content(folder), time.monotonic() - began


@pytest.fixture
def folder(tmp_path: Path, source: bytes) -> Path:
    (tmp_path / "in.ndjson").write_bytes(source)
    return tmp_path


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_at_any_moment(folder: Path, wanted: tuple[dict[str, bytes], float], number: int) -> None:
    how = HOW[number % len(HOW)]
    chance = random.Random(number)
    result, seconds = wanted
    run = Run(folder, "--jobs", str(chance.choice([1, 2, 3])), *(["--resume"] if number % 3 else []))
    time.sleep(chance.uniform(0, seconds))
    kill(run, how)
    code, said = run.end()
    if (folder / FILES[0]).exists():
        assert (folder / FILES[0]).read_bytes() == result[FILES[0]]
    elif how in {"SIGTERM", "SIGINT"} and "records converted" in said:
        assert code == 128 + signal.Signals[how]
        assert "interrupted: no output file was written" in said
    elif "CM514" in said:
        assert code == 2
        assert "was ended by the signal SIGKILL" in said
    resume = number % 2 == 0
    assert Run(folder, "--jobs", "2", *(["--resume"] if resume else [])).end()[0] == 1
    assert content(folder) == result
    assert leftovers(folder) == []


def test_killed_again_and_again(folder: Path, wanted: tuple[dict[str, bytes], float]) -> None:
    result, seconds = wanted
    for number in range(4):
        run = Run(folder, "--resume", "--jobs", "2")
        time.sleep(seconds * 0.7)
        kill(run, HOW[number % 2])
        run.end()
    assert Run(folder, "--resume").end()[0] == 1
    assert content(folder) == result
    assert leftovers(folder) == []


@pytest.mark.parametrize("limit", [1000, 30_000, 80_000])
def test_no_space_is_left(folder: Path, wanted: tuple[dict[str, bytes], float], limit: int) -> None:
    code, said = Run(folder, "--jobs", "2", limit=limit).end()
    assert code == 2
    assert "CM509 cannot be written: File too large" in said
    assert not (folder / FILES[0]).exists()
    assert Run(folder, "--jobs", "2", "--resume").end()[0] == 1
    assert content(folder) == wanted[0]
    assert leftovers(folder) == []


def test_small_inputs_start_no_processes(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_bytes(archive(5000)[0])
    trace = (
        "import os, sys\nfork = os.fork\ndef counted():\n    sys.stderr.write('forked')\n    return fork()\n"
        "os.fork = counted\nfrom casemap.cli import main\nmain()"
    )
    params = [part for item in PARAMS.items() for part in ("-p", "=".join(item))]
    command = [sys.executable, "-c", trace, "convert", "in.ndjson", "--to", "desk", "--project", str(PROJECT), *params]
    done = subprocess.run(
        [*command, "--jobs", "7"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"forked" not in done.stderr
    assert done.stdout.count(b"\n") > 4000
