"""`datetime`: against a slow oracle over the language's whole grammar, and its forms, zones and patterns by example."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
from calls import call, fails, outcome, settled, wrong_constant
from datetime_oracle import REJECT, converted, read
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casemap.functions import BUNDLED
from casemap.functions.zones import NamedZone, zone_of

DIGITS = {"s": 0, "ms": 3, "us": 6}
DATE_TIME = jsonschema_rs.Draft202012Validator({"type": "string", "format": "date-time"}, validate_formats=True)


def bound(**named: Any) -> Any:
    return BUNDLED.get("datetime").bind(settled("datetime", **named))


TOTAL = [bound(**named) for named in ({}, {"zone": "Europe/Copenhagen"}, {"zone": "-23:59", "precision": "us"})]
STRICT = bound(input="rfc3339")


def is_date_time(text: str) -> bool:
    """Whether both the oracle and the validator say so: the validator alone takes `2021-08-25T1+:18:25Z` for one."""
    try:
        return read(text, None)[1] and DATE_TIME.is_valid(text)
    except (ValueError, KeyError, IndexError):
        return False


def two(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[str]:
    return numbers.map(lambda number: f"{number:02}")


YEARS = st.one_of(st.integers(0, 9999), st.sampled_from([0, 1, 4, 1900, 1969, 1970, 2000, 2016, 9999]))
DAYS = st.tuples(
    YEARS.map(lambda year: f"{year:04}"),
    two(st.one_of(st.integers(1, 12), st.sampled_from([1, 2, 12, 0, 13]))),
    two(st.one_of(st.integers(1, 28), st.sampled_from([1, 29, 30, 31, 0, 32]))),
).map("-".join)
HOURS = two(st.one_of(st.integers(0, 23), st.sampled_from([0, 23, 24])))
MINUTES = two(st.one_of(st.integers(0, 59), st.sampled_from([0, 29, 59, 60])))
FRACTIONS = st.one_of(
    st.just(""),
    st.text("0123456789", min_size=1, max_size=12).map(".{}".format),
    st.sampled_from([".", ".000", ".9999999999", ",5", ".123" + "0" * 400]),
)
SECONDS = st.one_of(
    st.just(""),
    st.tuples(two(st.one_of(st.integers(0, 59), st.sampled_from([59, 60, 60, 61]))), FRACTIONS).map(
        lambda parts: ":" + "".join(parts)
    ),
)
OFFSETS = st.one_of(
    st.sampled_from(
        ["Z", "z", "", "+00:00", "-00:00", "+23:59", "-23:59", "+24:00", "-05:30", "+1", "+01:00:00", "[UTC]"]
    ),
    st.tuples(st.sampled_from("+-"), HOURS, st.sampled_from(["", ":"]), MINUTES).map("".join),
    st.tuples(st.sampled_from("+-"), HOURS).map("".join),
)
ISO = st.tuples(DAYS, st.sampled_from("TTTt _"), HOURS, st.just(":"), MINUTES, SECONDS, OFFSETS).map("".join)
LEAPS = st.sampled_from(
    [
        "2016-12-31T23:59:60Z",
        "2016-12-31T18:29:60-05:30",
        "2017-01-01T00:59:60+01:00",
        "9999-12-31T23:59:60.5Z",
        "0000-01-01T00:00:60+00:01",
    ]
)
CANONICAL = st.datetimes().map(
    lambda at: at.strftime("%Y").zfill(4) + at.strftime("-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
)


@st.composite
def nearly(draw: st.DrawFn) -> str:
    """A proper text with one character changed, added or taken away."""
    text = draw(st.one_of(ISO, CANONICAL, CANONICAL.map(lambda text: text[:19] + "Z")))
    at = draw(st.integers(0, len(text)))
    put = draw(st.one_of(st.sampled_from([*"0123456789-+:.,TtZz W[]", ""]), st.characters()))
    return text[:at] + put + text[at + draw(st.integers(0, 1)) :]


@settings(max_examples=400, deadline=None)
@given(st.one_of(ISO, LEAPS, CANONICAL, nearly()), st.sampled_from(["s", "ms", "us"]))
@example("0000-01-01T00:00:00+00:01", "ms")
@example("2021-08-25T13:18:60.000Z", "ms")
@example("2021-08-25T13:18:60Z", "ms")
@example("20210825T131825Z", "s")
@example("2021-08-25T131825.12345Z", "ms")
@example("2021-08-25T13:18:25,000Z", "ms")
@example("2021-08-25T13:18:25.٣٣٣Z", "ms")
def test_to_utc_it_is_the_oracle(text: str, precision: str) -> None:
    kind, result = outcome(bound(precision=precision), text)
    wanted = converted(text, digits=DIGITS[precision])
    assert (REJECT if kind == "failure" else result) == wanted
    assert kind == "value" or result == "CM303"


OFFSET_MINUTES = st.one_of(st.integers(-1439, 1439), st.sampled_from([0, 120, -210]))


def offset(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@settings(max_examples=150, deadline=None)
@given(st.one_of(ISO, LEAPS, nearly()), OFFSET_MINUTES, OFFSET_MINUTES)
def test_to_and_from_an_offset_it_is_the_oracle(text: str, minutes: int, assumed: int) -> None:
    kind, result = outcome(bound(zone=offset(minutes), assume_zone=offset(assumed)), text)
    assert (REJECT if kind == "failure" else result) == converted(text, minutes, 3, assumed)


@settings(max_examples=200, deadline=None)
@given(st.one_of(ISO, LEAPS, CANONICAL, nearly()))
def test_it_is_total_on_date_times(text: str) -> None:
    valid = is_date_time(text)
    for convert in TOTAL:
        kind, result = outcome(convert, text)
        assert kind == "value" or not valid, text
        assert kind == "failure" or is_date_time(result), result
    assert (outcome(STRICT, text)[0] == "value") == valid


NAMES = [
    "Europe/Copenhagen",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Monrovia",
    "Pacific/Apia",
    "Etc/UTC",
]
# The same rules as the implementation's: those of the system may differ in the years before 1970.
ZONES = {name: zone.rules for name in NAMES if isinstance(zone := zone_of(name), NamedZone)}


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1850, 1, 1), datetime(2200, 1, 1)), st.sampled_from(NAMES))  # noqa: DTZ001 - made UTC below
def test_in_a_named_zone_the_instant_stays_and_the_standard_library_agrees(naive: datetime, zone: str) -> None:
    at = naive.replace(tzinfo=UTC)
    text = at.isoformat(timespec="microseconds")
    result = call("datetime", text, zone=zone, precision="us")
    local = at.astimezone(ZONES[zone])
    read = datetime.fromisoformat(result)
    assert read == at
    offsets = [abs(one.utcoffset().total_seconds()) for one in (read, local)]
    assert offsets[0] == offsets[1] - offsets[1] % 60  # seconds of old mean times are cut
    if not offsets[1] % 60:
        assert result.removesuffix("Z") + ("+00:00" if result[-1] == "Z" else "") == local.isoformat(
            timespec="microseconds"
        )


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1850, 1, 1), datetime(2200, 1, 1)), st.sampled_from(NAMES))  # noqa: DTZ001 - local times
def test_a_local_time_is_the_first_of_its_instants_or_rejects(naive: datetime, zone: str) -> None:
    kind, result = outcome(bound(assume_zone=zone, precision="us"), naive.isoformat(timespec="microseconds"))
    local = naive.replace(tzinfo=ZONES[zone], fold=0)
    there = local.astimezone(UTC).astimezone(ZONES[zone]).replace(tzinfo=None) == naive
    assert (kind == "value") == there
    if there:
        assert datetime.fromisoformat(result) == local.astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "zone", "wanted"),
    [
        ("2021-10-31T02:30:00", "Europe/Copenhagen", "2021-10-31T00:30:00.000Z"),  # comes twice: the first
        ("2021-03-28T02:30:00", "Europe/Copenhagen", None),  # never came
        ("2021-03-28T02:00:00", "Europe/Copenhagen", None),
        ("2021-03-28T03:00:00", "Europe/Copenhagen", "2021-03-28T01:00:00.000Z"),
        ("1850-01-01T00:00:00", "Europe/Copenhagen", "1849-12-31T23:06:32.000Z"),  # at +00:53:28
        ("0000-06-01T00:00:00", "Europe/Copenhagen", "0000-05-31T23:06:32.000Z"),
        ("9999-12-31T23:30:00", "Europe/Copenhagen", "9999-12-31T22:30:00.000Z"),
        ("2017-01-01T00:59:60", "Europe/Copenhagen", "2017-01-01T00:00:00.000Z"),
        ("2011-12-30T12:00:00", "Pacific/Apia", None),  # a day that Samoa skipped
    ],
)
def test_local_times(text: str, zone: str, wanted: str | None) -> None:
    if wanted is None:
        assert "skipped" in fails("CM303", "datetime", text, assume_zone=zone).message
    else:
        assert call("datetime", text, assume_zone=zone) == wanted


@pytest.mark.parametrize(
    ("text", "zone", "wanted"),
    [
        ("2021-08-25T13:18:25.000Z", "Europe/Copenhagen", "2021-08-25T15:18:25.000+02:00"),
        ("2021-01-25T13:18:25Z", "Europe/London", "2021-01-25T13:18:25.000Z"),
        ("2021-08-25T13:18:25Z", "-0330", "2021-08-25T09:48:25.000-03:30"),
        ("2021-08-25T13:18:25Z", "+02", "2021-08-25T15:18:25.000+02:00"),
        ("2021-08-25T13:18:25Z", "Z", "2021-08-25T13:18:25.000Z"),
        ("1850-01-01T00:00:00Z", "Europe/Copenhagen", "1850-01-01T00:53:00.000+00:53"),
        ("1850-01-01T00:00:00Z", "America/New_York", "1849-12-31T19:04:00.000-04:56"),
        ("0000-01-01T00:00:00Z", "America/New_York", "0000-01-01T00:00:00Z"),  # there it is the year before 0
        ("0000-01-02T00:00:00Z", "America/New_York", "0000-01-01T19:04:00.000-04:56"),
        ("9999-12-31T23:30:00.1234567Z", "Europe/Copenhagen", "9999-12-31T23:30:00.1234567Z"),
        ("9999-12-31T23:30:00-00:00", "UTC", "9999-12-31T23:30:00.000Z"),
        ("9999-12-31T23:59:60Z", "UTC", "9999-12-31T23:59:60Z"),
    ],
)
def test_zones(text: str, zone: str, wanted: str) -> None:
    assert call("datetime", text, zone=zone) == wanted


def test_what_cannot_be_passed_on_as_a_date_time_rejects() -> None:
    fails("CM303", "datetime", "9999-12-31T23:59:59-01")  # no RFC 3339 text: its offset lacks the minutes
    fails("CM303", "datetime", "9999-12-31T23:59:59-01:00", output="%Y")
    fails("CM303", "datetime", 253402300800, input="epoch_s")
    fails("CM303", "datetime", "31.12.9999 23:59 -0100", input="%d.%m.%Y %H:%M %z")


@pytest.mark.parametrize(
    "value",
    [
        "2021-08-25", "2021-08-25T13Z", "2021-08-25T13:18.5Z", "2021-W34-3T13:18Z", "2021-237T13:18Z", "", "now", "\0",
        " 2021-08-25T13:18:25Z", "2021-08-25T13:18:25Z\n", "-001-08-25T13:18:25Z", "+2021-08-25T13:18:25Z",
        "2021-08-25T13:18:25\ud800", "２021-08-25T13:18:25Z",
    ],
)  # fmt: skip
def test_texts_that_are_no_times(value: str) -> None:
    fails("CM303", "datetime", value)


def test_other_types() -> None:
    for value in (1, 1.5, True, [], {}):
        fails("CM302", "datetime", value)
    for value in ("1431371012", True, [], {}):
        fails("CM302", "datetime", value, input="epoch_s")
    assert "epoch" in fails("CM302", "datetime", 1431371012).help


@pytest.mark.parametrize(
    ("value", "named", "wanted"),
    [
        (1431371012000, {"input": "epoch_ms"}, "2015-05-11T19:03:32.000Z"),
        (1431371012, {"input": "epoch_s", "precision": "s"}, "2015-05-11T19:03:32Z"),
        (1431371012.123, {"input": "epoch_s"}, "2015-05-11T19:03:32.123Z"),  # whose binary value is a little less
        (1431371012.9999, {"input": "epoch_s"}, "2015-05-11T19:03:32.999Z"),
        (-0.5, {"input": "epoch_s"}, "1969-12-31T23:59:59.500Z"),
        (-0.0001, {"input": "epoch_s"}, "1969-12-31T23:59:59.999Z"),
        (5e-05, {"input": "epoch_s", "precision": "us"}, "1970-01-01T00:00:00.000050Z"),
        (0.5, {"input": "epoch_ms", "precision": "us"}, "1970-01-01T00:00:00.000500Z"),
        (-62167219200, {"input": "epoch_s"}, "0000-01-01T00:00:00.000Z"),
        (-62167219200000, {"input": "epoch_ms"}, "0000-01-01T00:00:00.000Z"),
        (253402300799999, {"input": "epoch_ms"}, "9999-12-31T23:59:59.999Z"),
        ("2015-05-11T19:03:32.999Z", {"output": "epoch_s"}, 1431371012),
        ("2015-05-11T19:03:32.999Z", {"output": "epoch_ms"}, 1431371012999),
        ("2015-05-11T19:03:32.999Z", {"output": "epoch_ms", "precision": "s"}, 1431371012000),
        ("1969-12-31T23:59:59.9999Z", {"output": "epoch_ms"}, -1),
        ("1969-12-31T23:59:59.5Z", {"output": "epoch_s"}, -1),
        ("9999-12-31T23:59:59-23:59", {"output": "epoch_s"}, 253402387139),
        (10**30, {"input": "epoch_s", "output": "epoch_ms"}, 10**33),
        (1e300, {"input": "epoch_s", "output": "epoch_s"}, 10**300),
    ],
)
def test_epochs(value: Any, named: dict[str, str], wanted: Any) -> None:
    assert call("datetime", value, **named) == wanted


def test_epochs_beyond_the_years_reject() -> None:
    for value in (253402300800000, -62167219200001, 10**5000, -(10**30), 1e300):
        fails("CM303", "datetime", value, input="epoch_ms")


@settings(max_examples=150, deadline=None)
@given(st.integers(-62167219200000, 253402300799999))
def test_epochs_round_trip(number: int) -> None:
    text = call("datetime", number, input="epoch_ms")
    assert call("datetime", text, output="epoch_ms") == number
    assert DATE_TIME.is_valid(text)


AT = "2021-08-05T15:08:05.012345Z"


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("%Y-%m-%d %H:%M:%S.%f", "2021-08-05 15:08:05.012345"),
        ("%I:%M %p", "03:08 PM"),
        ("%a %A %b %B", "Thu Thursday Aug August"),
        ("%j %y %% %z", "217 21 % +0000"),
        ("%%Y", "%Y"),
        ("é%dé", "é05é"),
    ],
)
def test_patterns_write(pattern: str, wanted: str) -> None:
    assert call("datetime", AT, output=pattern, precision="us") == wanted


def test_patterns_write_in_the_zone_and_cut_to_the_precision() -> None:
    assert call("datetime", AT, output="%H:%M:%S.%f %z", zone="-03:30") == "11:38:05.012000 -0330"
    assert call("datetime", "0000-02-29T00:00:00Z", output="%Y %j %A") == "0000 060 Tuesday"
    assert [call("datetime", f"2021-01-01T{hour}:00Z", output="%I %p") for hour in ("00", "11", "12", "23")] == [
        "12 AM", "11 AM", "12 PM", "11 PM",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pattern", "wanted"),
    [
        ("5/8/2021 15:08", "%d/%m/%Y %H:%M", "2021-08-05T15:08:00.000Z"),
        ("05/08/2021 15:08", "%d/%m/%Y %H:%M", "2021-08-05T15:08:00.000Z"),
        ("20210805150805", "%Y%m%d%H%M%S", "2021-08-05T15:08:05.000Z"),
        ("20210805", "%Y%m%d", "2021-08-05T00:00:00.000Z"),
        ("Thu, 05 Aug 2021 15:08:05 +0200", "%a, %d %b %Y %H:%M:%S %z", "2021-08-05T13:08:05.000Z"),
        ("thursday 5 AUGUST 2021, 3 pm", "%A %d %B %Y, %I %p", "2021-08-05T15:00:00.000Z"),
        ("12:30 AM 2021-217", "%I:%M %p %Y-%j", "2021-08-05T00:30:00.000Z"),
        ("2021-366", "%Y-%j", None),
        ("2020-366", "%Y-%j", "2020-12-31T00:00:00.000Z"),
        ("0000-366", "%Y-%j", "0000-12-31T00:00:00.000Z"),
        ("68-12-31", "%y-%m-%d", "2068-12-31T00:00:00.000Z"),
        ("69-01-01", "%y-%m-%d", "1969-01-01T00:00:00.000Z"),
        ("2021-08-05 15:08:05.5", "%Y-%m-%d %H:%M:%S.%f", "2021-08-05T15:08:05.500Z"),
        ("2021-08-05 15:08:05.123456789", "%Y-%m-%d %H:%M:%S.%f", "2021-08-05T15:08:05.123Z"),
        ("20210805150805123456", "%Y%m%d%H%M%S%f", "2021-08-05T15:08:05.123Z"),
        ("20210805150805123", "%Y%m%d%H%M%S%f", None),
        ("2016-12-31 23:59:60 Z", "%Y-%m-%d %H:%M:%S %z", "2017-01-01T00:00:00.000Z"),
        ("2016-12-31 23:58:60 Z", "%Y-%m-%d %H:%M:%S %z", None),
        ("2021-02-29", "%Y-%m-%d", None),
        ("2021-08-05 24:00", "%Y-%m-%d %H:%M", None),
        ("2021-08-05 13:00 PM", "%Y-%m-%d %I:%M %p", None),
        ("2021-08-05 00:00 PM", "%Y-%m-%d %I:%M %p", None),
        ("Fri 2021-08-05", "%a %Y-%m-%d", None),  # it was a Thursday
        ("2021-8-5 ", "%Y-%m-%d", None),
        ("2021-٨-05", "%Y-%m-%d", None),
        ("2021  08 05", "%Y %m %d", None),
        ("1112021", "%d%m%Y", None),  # the 1st of November, or the 11th of a month that lacks a digit?
        ("100% 2021-08-05", "100%% %Y-%m-%d", "2021-08-05T00:00:00.000Z"),
    ],
)
def test_patterns_read(text: str, pattern: str, wanted: str | None) -> None:
    if wanted is None:
        fails("CM303", "datetime", text, input=pattern, assume_zone="UTC")
    else:
        assert call("datetime", text, input=pattern, assume_zone="UTC") == wanted


FULL_PATTERNS = [
    "%Y-%m-%dT%H:%M:%S.%f%z", "%d %B %Y %I:%M:%S.%f %p %z", "%A, %b %d %Y %H%M%S%f %z", "%j/%Y %H:%M:%S.%f %z",
    "%Y%m%d%H%M%S%f%z",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.datetimes(), st.sampled_from(FULL_PATTERNS), st.sampled_from(["UTC", "+05:45", "-11:00"]))
def test_patterns_read_what_they_write_as_the_standard_library_does(naive: datetime, pattern: str, zone: str) -> None:
    at = naive.replace(tzinfo=UTC)
    text = at.isoformat(timespec="microseconds")
    kind, written = outcome(bound(output=pattern, precision="us", zone=zone), text)
    if kind == "failure":
        assert at.year in (1, 9999)
        return
    back = call("datetime", written, input=pattern, precision="us")
    assert back == call("datetime", text, precision="us")
    if naive.year >= 1000 and "%Y%m" not in pattern:
        assert datetime.strptime(written, pattern) == at  # noqa: DTZ007 - every pattern has its %z


@pytest.mark.parametrize(
    ("named", "word"),
    [
        ({"input": "iso"}, "iso8601"),
        ({"input": "%Q"}, "%Q"),
        ({"input": "%-d.%m.%Y"}, "%-"),
        ({"input": "%Y-%m-%d%"}, "directive"),
        ({"output": "rfc3393"}, "rfc3339"),
        ({"output": "%"}, "directive"),
        ({"output": ""}, "pattern"),
        ({"input": "%Y-%m"}, "day"),
        ({"input": "%d.%m."}, "year"),
        ({"input": "%Y-%d"}, "month"),
        ({"input": "%Y-%m-%d"}, "assume_zone"),
        ({"input": "%Y-%m-%d %I %z"}, "%p"),
        ({"input": "%Y-%m-%d %p %z"}, "%I"),
        ({"input": "%Y-%m-%d %M %z"}, "hour"),
        ({"input": "%Y-%m-%d %H %S %z"}, "%M"),
        ({"input": "%Y-%m-%d %H %M %f %z"}, "%S"),
        ({"input": "%Y-%m-%d %H %p %I %z"}, "twice"),
        ({"input": "%Y-%Y-%m-%d %z"}, "twice"),
        ({"input": "%Y-%y-%m-%d %z"}, "twice"),
        ({"input": "%j %d %Y %z"}, "twice"),
        ({"input": "%b %m %d %Y %z"}, "twice"),
        ({"precision": "ns"}, "precision"),
        ({"zone": "Europe/Kopenhagen"}, "Europe/Copenhagen"),
        ({"zone": "../UTC"}, "zone"),
        ({"zone": "Europe"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"zone": "\ud800"}, "zone"),
        ({"zone": "+24:00"}, "zone"),
        ({"zone": "right/UTC"}, "zone"),
        ({"assume_zone": "localtime"}, "zone"),
        ({"zone": 1}, "text"),
        ({"input": None}, "text"),
        ({"input": ["%Y"]}, "text"),
    ],
)
def test_wrong_constants(named: dict[str, Any], word: str) -> None:
    failure = wrong_constant("datetime", **named)
    assert word in failure.message + failure.help


def test_percent_signs_beside_directives() -> None:
    assert call("datetime", AT, output="%%%d%%") == "%05%"
