"""Tables of benchmarks, as the pages of `docs/` have them."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

__all__ = ["measured_with", "ratio", "replaced"]


def replaced(text: str, start: str, end: str, made: str) -> str:
    """A document with tables in the place of those between two lines. `ValueError` where it has no such lines."""
    if start not in text or end not in text:
        raise ValueError(f"the document has no lines {start} and {end}")
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n\n{made}\n\n{end}{after}"


def measured_with(packages: Sequence[str]) -> str:
    """The sentence that says by which Python, on which system, and with which versions of packages."""
    used = ", ".join(f"{name} {_version(name)}" for name in packages)
    system = f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"
    return f"Measured with {system}; {used}."


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def ratio(number: float) -> str:
    """A ratio with three digits, more or less."""
    return f"{number:.2f}" if number < 10 else f"{number:.0f}"
