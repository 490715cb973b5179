"""`casemap --version`: what a bug report needs."""

from __future__ import annotations

import platform
from importlib import metadata

import jsonschema_rs
import pytest
from click.testing import CliRunner

from casemap._version import __version__
from casemap.cli import casemap as command_line


def test_the_versions() -> None:
    done = CliRunner().invoke(command_line, ["--version"])
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == f"casemap {__version__}"
    assert lines[1].startswith(
        f"{platform.python_implementation()} {platform.python_version()} on {platform.system()} "
    )
    assert f"jsonschema-rs {metadata.version(jsonschema_rs.__name__)}" in lines
    assert any(line.startswith("orjson ") for line in lines)


def test_a_library_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    assert "pydantic is not installed" in CliRunner().invoke(command_line, ["--version"]).stdout
