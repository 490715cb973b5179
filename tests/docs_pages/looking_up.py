"""Whether a command within a paragraph, which may be the beginning of one, names a program and options that are there."""

from __future__ import annotations

import re
import shlex

from casemap.cli import casemap as command_line
from tests.samples import ROOT

__all__ = ["look_up"]


def look_up(command: str) -> None:
    """Raises `AssertionError` where a program or an option is not there."""
    words = shlex.split(command, comments=True)
    options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    match words:
        case ["python", "-m", module, *_]:
            path = ROOT / module.replace(".", "/")
            file = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
            assert file.exists(), f"there is no `{module}`"
            source = file.read_text("utf-8")
            known = {option for option in options if f'"{option}"' in source} | {"-m"}
        case ["casemap", name, *_]:
            with command_line.make_context("casemap", ["rule"]) as context:
                found = command_line.get_command(context, name)
            assert found is not None, f"there is no `casemap {name}`"
            known = {option for each in found.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
        case _:
            raise AssertionError(f"`{command}` cannot be looked up")
    assert options <= known, f"`{command}`: {options - known}"
