"""Which JSON numbers survive being read and written.

Integers do, up to the number of digits that Python converts. A number with a fraction or an exponent is read as the
nearest double (RFC 8259, section 6). A double holds any 15 significant digits and is itself written with at most 17,
so a number of up to 17 digits is taken for what the sender's double was. One with more digits is refused, unless
nothing is lost: silently dropping digits would change data without a word.
"""

from __future__ import annotations

import math
import sys
from decimal import Decimal

__all__ = ["MAX_INTEGER_DIGITS", "number_fault"]

MAX_INTEGER_DIGITS = 4300
"""Python's own default limit, against texts that take quadratic time."""

_DOUBLE_DIGITS = 17
_MAX_EXPONENT_DIGITS = 6


def number_fault(literal: str) -> str | None:
    """What would be lost of a JSON number; None where nothing is."""
    if not set(literal) & set(".eE"):
        digits = len(literal.lstrip("-"))
        limit = min(sys.get_int_max_str_digits() or MAX_INTEGER_DIGITS, MAX_INTEGER_DIGITS)
        return f"the integer has {digits:,} digits; {limit:,} are the most" if digits > limit else None
    return _fraction_fault(literal)


def _fraction_fault(literal: str) -> str | None:
    mantissa, _, exponent = literal.lower().partition("e")
    digits = mantissa.lstrip("-").replace(".", "").lstrip("0")
    if not digits:
        return None
    number = float(literal)
    if math.isinf(number):
        return f"{shortened(literal)} is greater than any number of 64 bits"
    if len(exponent.lstrip("+-")) > _MAX_EXPONENT_DIGITS:
        return f"{shortened(literal)} is smaller than any number of 64 bits"  # and Decimal could not take it
    if len(digits) <= _DOUBLE_DIGITS and abs(number) >= sys.float_info.min:
        return None
    if Decimal(literal) == Decimal(repr(number)):
        return None
    return f"{shortened(literal)} cannot be kept exactly: it would become {number!r}"


def shortened(literal: str) -> str:
    """A number as a message shows it."""
    return literal if len(literal) <= 40 else f"{literal[:37]}..."
