"""The function of times: `datetime`, whose arguments but the first are constants."""

from __future__ import annotations

import re
from typing import Any

from casemap.analysis.signatures.given import Given, Signature
from casemap.analysis.signatures.regular import escaped
from casemap.schema.shapes import Shape

__all__ = ["ISO", "PER_UNIT", "SIGNATURES", "possible"]

ISO = ("iso8601", "rfc3339")
PER_UNIT = {"epoch_s": 1, "epoch_ms": 1000}
_TEXT: Shape = {"type": "string"}
_DATE_TIME: Shape = {"type": "string", "format": "date-time"}
_FIRST, _LAST, _DAY = -62167219200, 253402300799, 86400
"""Seconds since 1970 of the beginning of the year 0 and of the end of the year 9999, in UTC."""
_INNER_YEARS = "^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])"
"""The years 0001 to 9998: a time of these is one of the years 0000 to 9999 in every zone."""

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_WRITTEN = {
    "Y": "[0-9]{4}",
    "m": "(0[1-9]|1[0-2])",
    "d": "(0[1-9]|[12][0-9]|3[01])",
    "H": "([01][0-9]|2[0-3])",
    "I": "(0[1-9]|1[0-2])",
    "M": "[0-5][0-9]",
    "S": "[0-5][0-9]",
    "f": "[0-9]{6}",
    "j": "([0-2][0-9]{2}|3[0-5][0-9]|36[0-6])",
    "p": "(AM|PM)",
    "y": "[0-9]{2}",
    "z": "[+-]([01][0-9]|2[0-3])[0-5][0-9]",
    "b": f"({'|'.join(name[:3] for name in _MONTHS)})",
    "B": f"({'|'.join(_MONTHS)})",
    "a": f"({'|'.join(name[:3] for name in _DAYS)})",
    "A": f"({'|'.join(_DAYS)})",
    "%": "%",
}
"""What a directive of an output pattern writes."""


def _forms(given: Given) -> tuple[Any, Any]:
    return given.constant(1, "iso8601"), given.constant(2, "rfc3339")


def _result(given: Given) -> Shape:
    source, output = _forms(given)
    if output in ISO:
        return _DATE_TIME
    if output in PER_UNIT:
        if source in PER_UNIT:
            return {"type": "integer"}
        per = PER_UNIT[output]
        return {"type": "integer", "minimum": (_FIRST - _DAY) * per, "maximum": (_LAST + _DAY + 1) * per}
    return {"type": "string", "pattern": _pattern(output)} if isinstance(output, str) else _TEXT


def _pattern(output: str) -> str:
    """The regular expression of all that an output pattern writes."""
    parts = re.findall(r"%.?|[^%]+", output, re.DOTALL)
    written = (_WRITTEN.get(part[1:], "[\\s\\S]*") if part[0] == "%" else escaped(part) for part in parts)
    return f"^{''.join(written)}$"


def possible(given: Given) -> Shape:
    """Numbers are for the inputs that are counted, texts for all others."""
    source = given.constant(1, "iso8601") if given.constants else ...
    if source is ...:
        return {"type": ["string", "number"]}
    return {"type": "number" if source in PER_UNIT else "string"}


def _total(given: Given) -> Shape:
    source, output = _forms(given)
    if source in PER_UNIT:
        return _numbers(source, output, given.constant(3, "UTC"))
    if source not in ISO:
        return False  # which days a month has, no shape says
    return _DATE_TIME if output in ISO or output in PER_UNIT else {**_DATE_TIME, "pattern": _INNER_YEARS}


def _numbers(source: str, output: Any, zone: Any) -> Shape:
    """The seconds or milliseconds of the years that can be written."""
    if output in PER_UNIT:
        return {"type": "number"}
    margin = 0 if zone == "UTC" else _DAY
    per = PER_UNIT[source]
    return {"type": "number", "minimum": (_FIRST + margin) * per, "maximum": (_LAST - margin) * per}


SIGNATURES: dict[str, Signature] = {"datetime": Signature(_result, _total)}
