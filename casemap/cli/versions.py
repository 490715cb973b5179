"""`casemap --version`: the versions that matter in a bug report."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

import click

from casemap._version import __version__

__all__ = ["show_version", "versions_text"]

_LIBRARIES = (
    "click", "google-re2", "jinja2", "jsonschema", "jsonschema-rs", "msgspec", "orjson", "pyyaml", "rich", "tzdata",
    "whenever", "zstandard", "datamodel-code-generator", "pydantic",
)  # fmt: skip
"""The libraries whose behaviour shows in that of casemap; the last ones are optional."""


def versions_text() -> str:
    """casemap's version on the first line, then Python's and the system's, then the libraries'."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return "\n".join((f"casemap {__version__}", f"{python} on {system}", *_libraries()))


def _libraries() -> Iterator[str]:
    for name in _LIBRARIES:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} is not installed"


def show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """Print the versions and end."""
    if wanted and not context.resilient_parsing:
        from casemap.cli.console import put

        put(versions_text())
        context.exit()
