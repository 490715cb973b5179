"""docs/library.md has every public name of the package with every member, and signatures as they are."""

from __future__ import annotations

import inspect
import re

import pytest

import casemap
from tests.samples import ROOT

PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")
NAMES = [name for name in casemap.__all__ if name != "__version__"]
VERBS = (
    "Catalog",
    "Failure",
    "LineConverter",
    "convert",
    "convert_lines",
    "converter",
    "detect",
    "line_converter",
    "validate",
)


def section_of(name: str) -> str:
    """What stands below the heading of a name, up to the next heading."""
    found = re.search(rf"^##+ {name}\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, f"no heading for {name}"
    return found.group(1)


def members(name: str) -> set[str]:
    """The public members of a class that an exception does not have anyway."""
    kind = getattr(casemap, name)
    if not inspect.isclass(kind):
        return set()
    return {each for each in dir(kind) if not each.startswith("_")} - set(dir(Exception))


def test_the_version_is_there() -> None:
    assert "`casemap.__version__`" in PAGE


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_a_section_with_its_members(name: str) -> None:
    section = section_of(name)
    assert len(section.split()) >= 8
    missing = {each for each in members(name) if not re.search(rf"`\.?{each}\b[^`]*`", section)}
    assert missing <= INTERNAL.get(name, set())


INTERNAL = {"Converter": {"line_trees", "losses", "root", "store", "tree"}}
"""Members that other parts of casemap use, and that are not for programs."""


@pytest.mark.parametrize("name", VERBS)
def test_signatures_are_as_they_are(name: str) -> None:
    shown = re.search(rf"`casemap\.{name}(\([^`]*\))`", section_of(name))
    assert shown is not None, f"{name} has no signature"
    parameters = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in inspect.signature(getattr(casemap, name)).parameters.values()
    ]
    assert shown.group(1) == str(inspect.Signature(parameters))


def test_no_section_is_of_a_name_that_is_not_there() -> None:
    headings = re.findall(r"^### (\S+)$", PAGE, re.MULTILINE)
    assert set(headings) <= set(casemap.__all__)
