"""The table of problem codes: what each code means, why it matters, an example, and what to do.

`casemap rule`, the page `docs/problems.md` and the SARIF reports are made of it. Who reports a new
code adds its entry: the tests hold that the table has what the code uses, and run the examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from casemap.codes.checks import CHECKS
from casemap.codes.conversion import CONVERSION
from casemap.codes.entry import Code, Example, File
from casemap.codes.generation import GENERATION
from casemap.codes.mapping import MAPPINGS
from casemap.codes.reading import READING
from casemap.codes.usage import USAGE
from casemap.codes.validation import VALIDATION

__all__ = ["CODES", "GROUPS", "Code", "Example", "File"]

GROUPS: Mapping[str, tuple[Code, ...]] = MappingProxyType(
    {
        "Reading files": READING,
        "Mapping files and schemas": MAPPINGS,
        "Conversion": CONVERSION,
        "Validation": VALIDATION,
        "Catalog and usage": USAGE,
        "Checking": CHECKS,
        "Generated models": GENERATION,
    }
)
"""The codes by the first digit of their numbers, with what a digit stands for."""

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for group in GROUPS.values() for code in group})
"""Every code by its number."""
