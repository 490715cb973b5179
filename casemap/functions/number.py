"""Functions of numbers. A boolean is no number, and no result is infinite.

A text is read as JSON reads a number (RFC 8259, section 6), after JSON's white space around it is trimmed:
`+1`, `007`, `.5`, `1,5`, `1_000` and `NaN` are none.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

from casemap.errors import Failure
from casemap.functions.arguments import ARRAY, INTEGER, NUMBER, NUMBERS_OR_TEXTS, at_once, bound, cannot, whole_for
from casemap.functions.registry import Example, Function, Parameter, shown, type_name, wrong_type

__all__ = ["FUNCTIONS", "kind_to_order", "number_text"]

MOST_DIGITS = 4300
"""As many digits as Python reads and writes without a word; a longer number is not read from a text."""


def number_text(function: str, number: int | float) -> str:
    """The JSON text of a number: a whole one has its exact digits and nothing else, so 4.0 is `4`, 1e16 too.

    Equal numbers have equal texts (-0.0 is `0`). `Failure` for what JSON cannot write.
    """
    if isinstance(number, float):
        if not math.isfinite(number):
            raise cannot(function, "is no number that JSON can write", number)
        if not number.is_integer():
            return repr(float(number))
        number = int(number)
    try:
        return str(int(number))
    except ValueError:  # longer than MOST_DIGITS
        return _long_text(number)


def _long_text(number: int) -> str:
    """The digits of an integer of any length."""
    size = 10**MOST_DIGITS
    rest, chunks = abs(number), []
    while rest >= size:
        rest, chunk = divmod(rest, size)
        chunks.append(str(chunk).zfill(MOST_DIGITS))
    return ("-" if number < 0 else "") + str(rest) + "".join(reversed(chunks))


@cache
def _json_number() -> re.Pattern[str]:
    return re.compile(r"(-?(?:0|[1-9][0-9]*))(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")


def _matched(function: str, text: str) -> re.Match[str]:
    match = _json_number().fullmatch(text.strip(" \t\n\r"))
    if match is None:
        raise cannot(function, "is no number", text, "A number is written as JSON writes it: 12, -0.5, 1e3.")
    return match


def _from_text(function: str, text: str) -> int | float:
    match = _matched(function, text)
    if match[2] is None and match[3] is None:
        return _integer(function, match[0], text)
    number = float(match[0])
    if math.isinf(number):
        raise cannot(function, "is too large for a number with a fraction or an exponent", text)
    if number == 0 and (match[1] + (match[2] or "")).strip("-0"):
        raise cannot(function, "is too close to zero", text)
    return number


def _integer(function: str, digits: str, text: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise cannot(function, f"has more than {MOST_DIGITS} digits", text)
    return int(digits)


def _whole_from_text(text: str) -> int:
    """Exact also where a float would round: `12345678901234567890.0`, `1e30`."""
    match = _matched("int", text)
    whole, fraction = match[1], (match[2] or "").rstrip("0")
    if not (whole + fraction).strip("-0"):
        return 0
    if match[3] is None and not fraction:
        return _integer("int", whole, text)
    sign, whole = ("-", whole[1:]) if whole[0] == "-" else ("", whole)
    digits, exponent = whole + fraction, _exponent(match[3] or "0")
    zeros = exponent - len(fraction)  # to put after the digits, or to take away from them
    if zeros < 0:
        kept = digits.rstrip("0")
        if len(digits) - len(kept) < -zeros:
            raise cannot("int", "is no whole number", text)
        return _integer("int", sign + digits[:zeros], text)
    if len(digits) + zeros > MOST_DIGITS:
        raise cannot("int", f"has more than {MOST_DIGITS} digits", text)
    return int(sign + digits + "0" * zeros)


def _exponent(written: str) -> int:
    """The exponent, where it is so great that the number cannot be written out another one that great."""
    digits = written.lstrip("+-").lstrip("0")
    size = int(digits or "0") if len(digits) < 20 else 10**20
    return -size if written[0] == "-" else size


def _int(value: Any) -> int:
    # plain digits are what there mostly is
    if (
        type(value) is str
        and value.isascii()
        and value.isdigit()
        and len(value) < 19
        and (value[0] != "0" or value == "0")
    ):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float):
        if value.is_integer():
            return int(value)
        raise cannot("int", "is no whole number", value, "`round` makes one of it.")
    if isinstance(value, str):
        return _whole_from_text(value)
    raise wrong_type("int", "a number or a text", value)


def _float(value: Any) -> float:
    number = _number_of("float", value)
    if isinstance(number, float):
        return number
    try:
        result = float(number)
    except OverflowError:
        raise cannot("float", "is too large for a float", value) from None
    if result != number:
        raise cannot("float", "has no float that is equal to it", value, "`number` and `int` keep every digit.")
    return result


def _is_finite(number: int | float) -> bool:
    return not isinstance(number, float) or math.isfinite(number)


def _number(value: Any) -> int | float:
    return _number_of("number", value)


def _number_of(function: str, value: Any) -> int | float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not _is_finite(value):
            raise cannot(function, "is no number that JSON can write", value)
        return value
    if isinstance(value, str):
        return _from_text(function, value)
    raise wrong_type(function, "a number or a text", value)


def _settle_round(digits: Any = 0) -> Any:
    places = min(whole_for("round", "digits", digits), 400)  # no float has a digit beyond

    def rounded(number: Any) -> int | float:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise wrong_type("round", "a number", number)
        if not _is_finite(number):
            raise cannot("round", "is no number that JSON can write", number)
        if places > 0:
            return number if isinstance(number, int) else round(number, places)
        return round(number) if places == 0 else _round_to_power(number, -places)

    return rounded


def _round_to_power(number: int | float, places: int) -> int:
    """To tens, hundreds, …: half to even, in exact integers."""
    top, bottom = number.as_integer_ratio()
    if places > abs(top).bit_length():  # 10**places is more than twice the number: no need to compute it
        return 0
    unit: int = 10**places
    quotient, rest = divmod(top, bottom * unit)
    over_half = 2 * rest - bottom * unit
    if over_half > 0 or (over_half == 0 and quotient % 2):
        quotient += 1
    return quotient * unit


def _abs(number: Any) -> int | float:
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise wrong_type("abs", "a number", number)
    if not _is_finite(number):
        raise cannot("abs", "is no number that JSON can write", number)
    return abs(number)


def kind_to_order(function: str, array: Any) -> None:
    """Nothing, if all items are numbers or all are texts; `Failure` CM307 for anything else in the array."""
    if not isinstance(array, list):
        raise wrong_type(function, "an array", array)
    kinds = {_kind(item) for item in array}
    if len(kinds) > 1 or not kinds <= {"number", "text"}:
        odd = next(item for item in array if _kind(item) != _kind(array[0]) or _kind(item) == "other")
        message = f"{function} takes all numbers or all texts; among them is {type_name(odd)}: {shown(odd)}"
        raise Failure("CM307", message, "`compact` leaves nulls out, `map` takes one member of each object.")


def _kind(item: Any) -> str:
    if isinstance(item, str):
        return "text"
    return "number" if isinstance(item, (int, float)) and not isinstance(item, bool) else "other"


def _all_texts(array: Any) -> bool:
    """Whether a value is an array of texts alone, told at the speed of C."""
    return type(array) is list and set(map(type, array)) == _TEXTS


_TEXTS = {str}


def _min(array: Any) -> Any:
    if not _all_texts(array):
        kind_to_order("min", array)
    return min(array, default=None)


def _max(array: Any) -> Any:
    if not _all_texts(array):
        kind_to_order("max", array)
    return max(array, default=None)


def _sum(array: Any) -> int | float:
    if not isinstance(array, list):
        raise wrong_type("sum", "an array", array)
    for item in array:
        if isinstance(item, bool) or not isinstance(item, (int, float)):
            raise wrong_type("sum", "an array of numbers", item)
        if not _is_finite(item):
            raise cannot("sum", "is no number that JSON can write", item)
    if all(isinstance(item, int) for item in array):
        return sum(array)
    # every float is a whole number of the smallest one, 2**-1074: added as integers, then rounded once
    total: int = sum(top * (_SMALLEST // bottom) for top, bottom in (item.as_integer_ratio() for item in array))
    try:
        return total / _SMALLEST
    except OverflowError:
        raise cannot("sum", "has a sum beyond all floats", array) from None


_SMALLEST: int = 2**1074

_TEXT_OR_NUMBER = {"type": ["string", "number"]}
_NO_NUMBER = "a text that is no number in JSON's syntax"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "int",
        "number",
        'A whole number: of a number that is one (4.0 gives 4), or of the text of one (`"4"`, `"4.0"`, `"1e2"`), '
        "with every digit kept. A number with a fraction rejects, `round` is for those; so does a text that is not a "
        'number in JSON\'s syntax, such as `"007"` or the empty text. White space around it is trimmed.',
        (Parameter("value", _TEXT_OR_NUMBER, "A number, or the text of one."),),
        INTEGER,
        _int,
        fails=f"a number with a fraction, {_NO_NUMBER}, or the text of one with a fraction",
        examples=(
            Example("id | int", {"id": " 42 "}, 42),
            Example("count | int", {"count": 4.0}, 4),
            Example("count | int", {"count": 4.5}, fails="CM303"),
            Example("id | int", {"id": "007"}, fails="CM303"),
        ),
    ),
    Function(
        "float",
        "number",
        "A number with a fraction, which may be `.0`: of a number, or of the text of one in JSON's syntax. A whole "
        "number that no float equals (9007199254740993 is the first) rejects.",
        (Parameter("value", _TEXT_OR_NUMBER, "A number, or the text of one."),),
        NUMBER,
        _float,
        fails=f"{_NO_NUMBER}, or a whole number that no float equals",
        examples=(
            Example("price | float", {"price": "12.50"}, 12.5),
            Example("price | float", {"price": 12}, 12.0),
            Example("price | float", {"price": "12,50"}, fails="CM303"),
        ),
    ),
    Function(
        "number",
        "number",
        "A number as it is, or read from a text in JSON's syntax: without fraction and exponent it is a whole number "
        "with every digit kept. White space around it is trimmed; anything else rejects, and never gives 0.",
        (Parameter("value", _TEXT_OR_NUMBER, "A number, or the text of one."),),
        NUMBER,
        _number,
        fails=_NO_NUMBER,
        examples=(
            Example("price | number", {"price": "12.5"}, 12.5),
            Example("id | number", {"id": "12345678901234567890"}, 12345678901234567890),
            Example("price | number", {"price": ""}, fails="CM303"),
            Example("price | number", {"price": "1.234,50"}, fails="CM303"),
        ),
    ),
    Function(
        "round",
        "number",
        "The number rounded to `digits` digits after the point, a half to the even neighbour. With 0 digits, and with "
        "a negative number of them for tens, hundreds and so on, the result is a whole number.",
        (Parameter("number", NUMBER, "The number."), Parameter("digits", INTEGER, "How many digits.", False, 0)),
        NUMBER,
        at_once(_settle_round),
        bind=bound(_settle_round),
        examples=(
            Example("price | round", {"price": 2.5}, 2),
            Example("price | round", {"price": 3.5}, 4),
            Example("price | round(1)", {"price": 42.55}, 42.5),
            Example("total | round(-2)", {"total": 1250}, 1200),
        ),
    ),
    Function(
        "abs",
        "number",
        "The number without its sign.",
        (Parameter("number", NUMBER, "The number."),),
        {"type": "number", "minimum": 0},
        _abs,
        examples=(Example("delta | abs", {"delta": -3}, 3), Example("delta | abs", {"delta": 2.5}, 2.5)),
    ),
    Function(
        "min",
        "number",
        "The least item of an array of numbers, or the first by code points in one of texts. Absent if the array is "
        "empty.",
        (Parameter("array", NUMBERS_OR_TEXTS, "All numbers, or all texts."),),
        {"type": ["number", "string"]},
        _min,
        may_be_absent=True,
        examples=(
            Example("sizes | min", {"sizes": [3, 1.5, 2]}, 1.5),
            Example("dates | min", {"dates": ["2024-05-14", "2023-01-01"]}, "2023-01-01"),
            Example("sizes | min", {"sizes": []}, absent=True),
            Example("sizes | min", {"sizes": [1, "2"]}, fails="CM307"),
        ),
    ),
    Function(
        "max",
        "number",
        "The greatest item of an array of numbers, or the last by code points in one of texts. Absent if the array is "
        "empty.",
        (Parameter("array", NUMBERS_OR_TEXTS, "All numbers, or all texts."),),
        {"type": ["number", "string"]},
        _max,
        may_be_absent=True,
        examples=(
            Example("sizes | max", {"sizes": [3, 1.5, 2]}, 3),
            Example("names | max", {"names": ["Zoe", "ada"]}, "ada"),
            Example("sizes | max", {"sizes": []}, absent=True),
            Example("sizes | max", {"sizes": [1, None]}, fails="CM307"),
        ),
    ),
    Function(
        "sum",
        "number",
        "The sum of an array of numbers; of none it is 0. Whole numbers are added exactly; with fractions among them "
        "the sum is rounded once, at the end, so that the order of the items does not matter.",
        (Parameter("array", {**ARRAY, "items": NUMBER}, "The numbers."),),
        NUMBER,
        _sum,
        fails="numbers whose sum is beyond the floats",
        examples=(
            Example("credits | sum", {"credits": [1, 2, 3]}, 6),
            Example("prices | sum", {"prices": [0.1, 0.2, 0.3]}, 0.6),
            Example("credits | sum", {"credits": []}, 0),
            Example("credits | sum", {"credits": [1, "2"]}, fails="CM302"),
        ),
    ),
)
