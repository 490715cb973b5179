"""Runs a command of a page as a reader's shell would.

`casemap` and the programs that are modules of this project run in this process, where the command has nothing of a shell
but `2>&1`, `> file` and `| …` behind it: starting a process for each of them would take most of the time of the tests.
Everything else is given to bash, which knows `casemap`, `python` and `pytest` as this checkout's.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from casemap.cli import casemap as command_line
from tests.samples import ROOT

__all__ = ["Done", "run", "without_comment"]

_PLAIN = re.compile(
    r"casemap(?P<words>(?: [^|<>;&$`*?~]*?)?)(?P<moved>(?: 2>&1| 2> /dev/null| > [\w./-]+)*)(?: \| (?P<rest>.+))?\Z"
)
_MODULE = re.compile(r"python -m (?P<module>(?:benchmarks|tests)\.[\w.]+)(?P<words>[^|<>;&$`*?~]*)\Z")
_WIDTH = "80"
_PYTEST = "-p casemap.pytest_plugin -p no:cacheprovider"


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, results and what is said to people in one, as on a terminal; and its exit code."""

    output: str
    code: int


def without_comment(command: str) -> str:
    """A command without the comment behind it."""
    return re.sub(r"\s+# .*\Z", "", command)


def run(command: str, folder: Path) -> Done:
    """Run a command in a folder."""
    plain = without_comment(command)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", _WIDTH)
        patch.setenv("NO_COLOR", "1")
        patch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(ROOT / "generated"))))
        if found := _PLAIN.match(plain):
            return _casemap(shlex.split(found["words"]), found["moved"], found["rest"])
        if found := _MODULE.match(plain):
            return _module(found["module"], shlex.split(found["words"]))
        return _in_shell(plain)


def _casemap(arguments: Sequence[str], moved: str, rest: str | None) -> Done:
    done = CliRunner().invoke(command_line, arguments, prog_name="casemap")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    if rest is None and not moved:
        return Done(done.output, done.exit_code)
    told = "" if "2>" in moved else done.stderr
    result = done.output if "2>&1" in moved else done.stdout
    if file := re.search(r" > ([\w./-]+)", moved.replace("2> ", "")):
        Path(file[1]).write_text(result, "utf-8")
        result = ""
    if rest is None:
        return Done(told + result, done.exit_code)
    after = _in_shell(rest, result)
    return Done(told + after.output, after.code)


def _module(name: str, arguments: Sequence[str]) -> Done:
    """What `python -m` of a module of this project does: its `main`."""
    output = io.StringIO()
    gc.freeze()  # a measurement collects garbage before each turn: not that of all other tests
    processors = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    try:
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(output):
            patch.setattr(sys, "argv", [name, *arguments])
            code = importlib.import_module(name).main()
    except SystemExit as end:
        print(end.code, file=output)
        code = 1
    finally:
        gc.unfreeze()
        if processors is not None:  # a benchmark keeps to one of them
            os.sched_setaffinity(0, processors)
    return Done(output.getvalue(), code or 0)


def _in_shell(command: str, given: str = "") -> Done:
    python = shlex.quote(sys.executable)
    programs = {
        "casemap": f"{python} -m casemap",
        "python": python,
        "pytest": f"PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 {python} -m pytest {_PYTEST}",
    }
    functions = "".join(f'{name}() {{ {program} "$@"; }}\n' for name, program in programs.items())
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        ["bash", "-c", functions + command],
        env=inherited,
        input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    return Done(done.stdout, done.returncode)
