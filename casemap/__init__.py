"""casemap converts customer-support cases between vendors' formats, from declarative mappings.

The names below are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casemap._version import __version__

if TYPE_CHECKING:
    from casemap.analysis.explain.explanation import Explanation
    from casemap.analysis.fates import Ledger
    from casemap.analysis.proof import Counterexample, Guard, Proof
    from casemap.api import Catalog, convert, convert_lines, converter, detect, line_converter, validate
    from casemap.conversion import Converter, Observed
    from casemap.errors import CasemapError, ConversionError, Failure, MappingError
    from casemap.functions.registry import Example, Function, Parameter
    from casemap.problem import Problem
    from casemap.run.line_converter import ConvertedBlock, ConvertedLine, LineConverter, RejectedLine
    from casemap.span import Span

__all__ = [
    "CasemapError",
    "Catalog",
    "ConversionError",
    "ConvertedBlock",
    "ConvertedLine",
    "Converter",
    "Counterexample",
    "Example",
    "Explanation",
    "Failure",
    "Function",
    "Guard",
    "Ledger",
    "LineConverter",
    "MappingError",
    "Observed",
    "Parameter",
    "Problem",
    "Proof",
    "RejectedLine",
    "Span",
    "__version__",
    "convert",
    "convert_lines",
    "converter",
    "detect",
    "line_converter",
    "validate",
]

_HOMES = {
    "casemap.analysis.explain.explanation": ("Explanation",),
    "casemap.analysis.fates": ("Ledger",),
    "casemap.analysis.proof": ("Counterexample", "Guard", "Proof"),
    "casemap.api": ("Catalog", "convert", "convert_lines", "converter", "detect", "line_converter", "validate"),
    "casemap.conversion": ("Converter", "Observed"),
    "casemap.errors": ("CasemapError", "ConversionError", "Failure", "MappingError"),
    "casemap.functions.registry": ("Example", "Function", "Parameter"),
    "casemap.problem": ("Problem",),
    "casemap.run.line_converter": ("ConvertedBlock", "ConvertedLine", "LineConverter", "RejectedLine"),
    "casemap.span": ("Span",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    import importlib

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
