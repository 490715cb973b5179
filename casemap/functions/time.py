"""The function of times: `datetime`.

All its parameters are constants, so it is settled once: a reader gives the instant of a value, the precision cuts
it, a writer gives the result. The usual case, ISO 8601 to RFC 3339 in UTC, has a short cut through `whenever`, for
the forms on which that library does exactly the same; every other text takes the long way.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from casemap.errors import Failure
from casemap.functions.arguments import TEXT, bound, cannot, text_for
from casemap.functions.instants import MICRO, is_rfc3339, iso_reader, iso_writer
from casemap.functions.registry import Example, Function, Parameter, wrong_type
from casemap.functions.time_patterns import pattern_reader, pattern_writer
from casemap.functions.zones import UTC, Zone, zone_of

__all__ = ["FUNCTIONS"]

_DIGITS = {"s": 0, "ms": 3, "us": 6}
_UNITS = {"s": "second", "ms": "millisecond", "us": "microsecond"}
_PER_UNIT = {"epoch_s": 1, "epoch_ms": 1000}
_ISO = ("iso8601", "rfc3339")


@dataclass(frozen=True, slots=True)
class _Settings:
    """The arguments of `datetime`, checked. `input` and `output` are names or patterns."""

    input: str
    output: str
    zone: Zone
    precision: str
    assumed: Zone | None


def _settings(
    input: Any = "iso8601",
    output: Any = "rfc3339",
    zone: Any = "UTC",
    precision: Any = "ms",
    assume_zone: Any = None,
) -> _Settings:
    for name, value in (("input", input), ("output", output)):
        if text_for("datetime", name, value) not in (*_ISO, *_PER_UNIT) and "%" not in value:
            from casemap.problem import nearest

            near = nearest(value, [*_ISO, *_PER_UNIT])
            advice = (f"Did you mean {near}? " if near else "") + "A pattern has directives, like %Y-%m-%d."
            raise Failure("CM303", f"datetime: {name} is {value!r}, neither a known form nor a pattern", advice)
    if text_for("datetime", "precision", precision) not in _DIGITS:
        raise Failure("CM303", f"datetime: precision is {precision!r}; it must be 's', 'ms' or 'us'")
    return _Settings(
        input,
        output,
        zone_of(text_for("datetime", "zone", zone)),
        precision,
        None if assume_zone is None else zone_of(text_for("datetime", "assume_zone", assume_zone)),
    )


def _converter(settings: _Settings) -> Callable[[Any], Any]:
    read, write = _reader(settings), _writer(settings)
    step = 10 ** (6 - _DIGITS[settings.precision])

    def convert(value: Any) -> Any:
        instant = read(value)
        result = write(instant - instant % step)
        if result is not None:
            return result
        if settings.output in _ISO and isinstance(value, str) and settings.input in _ISO and is_rfc3339(value):
            return value  # no date-time can say it in this zone, and this one says it already
        raise cannot("datetime", "is beyond the years 0000 to 9999", value)

    return _short_cut(settings, convert)


def _reader(settings: _Settings) -> Callable[[Any], int]:
    if settings.input in _PER_UNIT:
        return _epoch_reader(_PER_UNIT[settings.input])
    if settings.input in _ISO:
        read = iso_reader(settings.assumed, strict=settings.input == "rfc3339")
    else:
        read = pattern_reader(settings.input, settings.assumed)

    def read_text(value: Any) -> int:
        if isinstance(value, str):
            return read(value)
        failure = wrong_type("datetime", "a text", value)
        failure.help = "epoch_s and epoch_ms as input are for numbers."
        raise failure

    return read_text


def _epoch_reader(per_second: int) -> Callable[[Any], int]:
    micros = MICRO // per_second

    def read_number(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise wrong_type("datetime", "a number", value)
        if isinstance(value, int):
            return value * micros
        if not math.isfinite(value):
            raise cannot("datetime", "is no number that JSON can write", value)
        from decimal import ROUND_FLOOR, Context, Decimal

        # the digits of the float's text, not of its binary value: 0.123 has 123 milliseconds
        exact = Context(prec=400, rounding=ROUND_FLOOR)
        return int(exact.multiply(Decimal(repr(value)), Decimal(micros)).to_integral_value(context=exact))

    return read_number


def _writer(settings: _Settings) -> Callable[[int], Any]:
    if settings.output in _PER_UNIT:
        micros = MICRO // _PER_UNIT[settings.output]
        return lambda instant: instant // micros
    if settings.output in _ISO:
        return iso_writer(settings.zone, _DIGITS[settings.precision])
    return pattern_writer(settings.output, settings.zone)


def _short_cut(settings: _Settings, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`convert`, with a faster way for the usual forms where the result is RFC 3339 in UTC."""
    if settings.output not in _ISO or settings.zone != UTC:
        return convert
    if settings.input == "epoch_ms":
        return _epoch_short_cut(settings, convert)
    if settings.input not in _ISO:
        return convert
    return _iso_short_cut(settings, convert)


def _iso_short_cut(settings: _Settings, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    from whenever import Instant

    parse, unit, is_ms = Instant.parse_iso, _UNITS[settings.precision], settings.precision == "ms"
    strict = settings.input == "rfc3339"
    # Where this matches, `whenever` reads what it says: it checks the numbers, but takes a second 60 for 59.
    day, second = "[0-9]{4}-[0-9]{2}-[0-9]{2}", r":[0-5][0-9](?:\.[0-9]{1,9})?"
    if strict:
        shape = f"{day}[Tt][0-9]{{2}}:[0-9]{{2}}{second}(?:[Zz]|[+-][0-9]{{2}}:[0-9]{{2}})"
    else:
        shape = f"{day}[Tt ][0-9]{{2}}:[0-9]{{2}}(?:{second})?(?:[Zz]|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)"
    matches = re.compile(shape).fullmatch

    def convert_text(text: Any) -> Any:
        if type(text) is str:
            try:
                # The commonest forms are told by their length and marks, in half the time: with a `T` there, the
                # date has its dashes, and with its last `:` there, the time has the other.
                size = len(text)
                if size >= 20 and text[10] == "T" and text[16] == ":" and text[17] != "6":
                    if size == 24 and text[23] == "Z" and text[19] == "." and is_ms:
                        parse(text)  # 2021-08-25T13:18:25.000Z is its own result, if it is a time at all
                        return text
                    mark = text[19]
                    if (
                        (size == 20 and mark == "Z")
                        or (size == 25 and mark in "+-" and text[22] == ":")
                        or (size == 24 and mark in "+-" and not strict)
                    ):
                        return parse(text).format_iso(unit=unit)  # type: ignore[arg-type]  # one of its three names
                if matches(text):
                    return parse(text).format_iso(unit=unit)  # type: ignore[arg-type]  # one of its three names
            except ValueError:
                pass  # wrong, or beyond what the library computes with: the long way tells
        return convert(text)

    return convert_text


def _epoch_short_cut(settings: _Settings, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    from whenever import Instant

    of, unit = Instant.from_timestamp, _UNITS[settings.precision]

    def convert_number(value: Any) -> Any:
        if type(value) is int:
            try:
                return of(value, unit="millisecond").format_iso(unit=unit)  # type: ignore[arg-type]  # as above
            except (ValueError, OverflowError):
                pass  # beyond what the library computes with: the long way tells
        return convert(value)

    return convert_number


@lru_cache(maxsize=256)
def _settled(*arguments: Any) -> Callable[[Any], Any]:
    return _converter(_settings(*arguments))


def _datetime(value: Any, *arguments: Any) -> Any:
    try:
        convert = _settled(*arguments)
    except TypeError:  # an argument that cannot be hashed is none of the texts that they must be: this says so
        convert = _converter(_settings(*arguments))
    return convert(value)


_bind = bound(lambda **arguments: _converter(_settings(**arguments)))


_VALUE = Parameter("value", {"type": ["string", "number"]}, "A text; for `epoch_s` and `epoch_ms` a number.")
_PARAMETERS = (
    _VALUE,
    Parameter("input", TEXT, "How the time is written.", False, "iso8601", constant=True),
    Parameter("output", TEXT, "How to write it.", False, "rfc3339", constant=True),
    Parameter(
        "zone", TEXT, "The zone to write it in: an IANA name or an offset like `+02:00`.", False, "UTC", constant=True
    ),
    Parameter(
        "precision", {"enum": ["s", "ms", "us"]}, "Seconds, milliseconds or microseconds.", False, "ms", constant=True
    ),
    Parameter(
        "assume_zone",
        TEXT,
        "The zone of a time that is written without an offset: an IANA name or an offset.",
        False,
        constant=True,
    ),
)

_DOC = """
A date and time in another form. `input` and `output` are one of these, or a pattern:

- `iso8601`: a date and a time with `T`, `t` or a space between them, the seconds and their fraction optional, and an
  offset: `Z`, `z`, `+01:00`, `-0300` or `+01`. Without one, `assume_zone` says it, else the time rejects. As output it
  is the same as `rfc3339`.
- `rfc3339`: what JSON Schema calls `date-time`, such as `2021-08-25T13:18:25.000Z`. The offset is that of `zone`, zero
  is written `Z`, and the fraction has as many digits as `precision` says: 0, 3 or 6.
- `epoch_s`, `epoch_ms`: the number of seconds or milliseconds since 1970. As output it is a whole number.

A pattern has the directives `%Y %m %d %H %I %M %S %f %j %p %y %z %b %B %a %A` and `%%`, with English names and ASCII
digits. It is read exactly, save that names may be in upper or lower case, and that a leading zero may be missing where
no other digit stands beside the number; `%f` reads any number of digits, or six where others stand beside it. An input
pattern says the date, and an hour with `%H` or with `%I` and `%p`; what it does not say about the time is zero.
It says nothing twice (but a day of the week, which must fit the date). `%y` is 1969 to 2068. `%f` writes six digits.

A fraction finer than the precision is cut, never rounded. A local time that comes twice, as clocks go back, is the
first of the two; one that the clocks skip rejects. The second 60 is read at 23:59:60 UTC alone, and becomes the second
after. With output `rfc3339`, a time that no year from 0000 to 9999 can express in the zone is passed on as it is; with
a pattern it rejects. Offsets of old local mean times, which have seconds, are written without them, the time being
moved by as much, so that the instant is exact. The rules of zones are those of the tzdata package.
""".strip()

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "datetime",
        "time",
        _DOC,
        _PARAMETERS,
        {"type": ["string", "integer"]},
        _datetime,
        fails="a text that is not a time in the form of `input`, a time without an offset where `assume_zone` is not "
        "given, a local time that the clocks skipped, a second 60 that is no leap second",
        bind=_bind,
        idempotent=lambda constants: all(form in ("iso8601", "rfc3339") for form in constants[:2]),
        examples=(
            Example("at | datetime", {"at": "2015-03-16T22:13:03-0300"}, "2015-03-17T01:13:03.000Z"),
            Example(
                "at | datetime(input='epoch_ms', zone='-03:00')", {"at": 1431371012000}, "2015-05-11T16:03:32.000-03:00"
            ),
            Example(
                "at | datetime('%d/%m/%Y %I:%M %p', assume_zone='Europe/Copenhagen', precision='s')",
                {"at": "5/7/2021 3:05 pm"},
                "2021-07-05T13:05:00Z",
            ),
            Example(
                "at | datetime(output='%A, %d %B %Y')", {"at": "2021-08-25T13:18:25Z"}, "Wednesday, 25 August 2021"
            ),
            Example("at | datetime", {"at": "2021-08-25 13:18"}, fails="CM303"),
        ),
    ),
)
