"""casemap converts customer-support cases between vendors' formats, from declarative mappings."""

from casemap._version import __version__
from casemap.api import Catalog, Converter, Observed, convert, converter, detect, validate
from casemap.errors import CasemapError, ConversionError, Failure, MappingError
from casemap.functions.registry import Example, Function, Parameter
from casemap.problem import Problem
from casemap.span import Span

__all__ = [
    "CasemapError", "Catalog", "ConversionError", "Converter", "Example", "Failure", "Function", "MappingError",
    "Observed", "Parameter", "Problem", "Span", "__version__", "convert", "converter", "detect", "validate",
]  # fmt: skip
