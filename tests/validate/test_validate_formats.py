"""Dates and times are those of RFC 3339, digit by digit, in every draft."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemap.schema.formats import PATTERNS, strict

DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([-+])([0-9]{2}):([0-9]{2}))")


def is_date(text: str) -> bool:
    """RFC 3339, section 5.7; the year 0000 is a leap year, which Python does not have."""
    match = DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """RFC 3339, section 5.6; a leap second is the last of a day in UTC."""
    match = TIME.fullmatch(text)
    if match is None:
        return False
    hour, minute, second = (int(part) for part in match.groups()[:3])
    sign, hours, minutes = match.groups()[3:]
    if hour > 23 or minute > 59 or second > 60 or int(hours or 0) > 23 or int(minutes or 0) > 59:
        return False
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    there = datetime(2000, 1, 2, hour, minute, tzinfo=UTC) - offset
    return second < 60 or (there.hour, there.minute) == (23, 59)


def is_date_time(text: str) -> bool:
    return len(text) > 10 and text[10] in "Tt" and is_date(text[:10]) and is_time(text[11:])


ORACLES = {"date": is_date, "time": is_time, "date-time": is_date_time}
GOOD = {
    "date": ["2021-08-25", "2020-02-29", "0000-02-29", "9999-12-31"],
    "time": ["13:18:25Z", "23:59:60Z", "15:59:60.5-08:00", "00:29:60+00:30", "13:18:25.123456789+23:59"],
}
GOOD["date-time"] = [f"{day}{t}{time}" for day in GOOD["date"] for time in GOOD["time"] for t in "Tt"]
VALIDATORS = {
    name: jsonschema_rs.validator_for(strict({"format": name}), offline=True, validate_formats=True)
    for name in PATTERNS
}


@pytest.mark.parametrize("name", PATTERNS)
def test_good_texts(name: str) -> None:
    for text in GOOD[name]:
        assert ORACLES[name](text)
        assert VALIDATORS[name].is_valid(text), text


@pytest.mark.parametrize("name", PATTERNS)
def test_every_character_at_every_place(name: str) -> None:
    characters = [chr(code) for code in range(0x20, 0x7F)] + ["\n", "\0", "\u0660", "\uff11", "\u2212"]
    for text in GOOD[name][:4]:
        for position in range(len(text)):
            for character in characters:
                changed = text[:position] + character + text[position + 1 :]
                assert VALIDATORS[name].is_valid(changed) == ORACLES[name](changed), changed
                inserted = text[:position] + character + text[position:]
                assert VALIDATORS[name].is_valid(inserted) == ORACLES[name](inserted), inserted
        assert not VALIDATORS[name].is_valid(text + "\n")


@given(st.sampled_from(sorted(PATTERNS)), st.data())
def test_any_numbers(name: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(GOOD[name]))
    for _ in range(3):
        digits = [match.start() for match in re.finditer(r"\d\d", text)]
        position = data.draw(st.sampled_from(digits))
        text = text[:position] + f"{data.draw(st.integers(0, 61)):02}" + text[position + 2 :]
    assert VALIDATORS[name].is_valid(text) == ORACLES[name](text), text


DRAFTS = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
]


@pytest.mark.parametrize("draft", DRAFTS)
def test_every_draft(draft: str) -> None:
    schema = {"$schema": draft, "properties": {"format": {"format": "date-time", "pattern": "^2"}}}
    validator = jsonschema_rs.validator_for(strict(schema), offline=True, validate_formats=True)
    assert validator.is_valid({"format": "2021-08-25T13:18:25Z"})
    for wrong in ("1999-08-25T13:18:25Z", "2021-08-25T1+:18:25Z", "2021-08-35T13:18:25Z"):
        assert not validator.is_valid({"format": wrong})


def test_what_only_looks_like_a_schema_stays_as_it_is() -> None:
    value = {"format": "date"}
    schema = {"const": value, "enum": [value], "default": value, "examples": [value], "type": "object"}
    assert strict(schema) is schema
    assert strict({"properties": {"enum": {"format": "date"}}}) == {
        "properties": {"enum": {"format": "date", "pattern": PATTERNS["date"]}}
    }
    assert strict({"items": [True, {"format": "time"}]})["items"][1]["pattern"] == PATTERNS["time"]
