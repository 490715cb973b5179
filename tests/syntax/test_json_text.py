"""JSON texts: read exactly or refused with a place, never anything between."""

from __future__ import annotations

import json
import math
import re
import sys
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casemap.errors import CasemapError
from casemap.syntax.json_problems import json_problems
from casemap.syntax.json_text import MAX_DEPTH, read_json, write_json

TELECOMX = """{
  "_id": "12345678901234567890ABCD", "caseNumber": 5, "ratio": -1.5e-3, "none": null,
  "subject": "#5 Skærm går i sort \\ud83d\\ude00 \\"x\\" \\\\",
  "messages": [{"sent": "2024-05-14T08:48:05.000Z", "ok": true}, []]
}
"""

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def codes(data: bytes) -> list[str]:
    """The codes of a text's problems; empty where it is read."""
    try:
        read_json(data)
    except CasemapError as error:
        return [problem.code for problem in error.problems]
    return []


def first_place(data: bytes) -> tuple[str, int | None, int | None]:
    with pytest.raises(CasemapError) as caught:
        read_json(data, "a.json")
    problem = caught.value.problems[0]
    assert problem.file == "a.json"
    return problem.code, problem.line, problem.column


def same(left: Any, right: Any) -> bool:
    """Equal, and of the same types: 1 is neither 1.0 nor true, and -0.0 is not 0.0."""
    return repr(left) == repr(right)


@given(values, st.booleans())
def test_what_is_written_is_read(value: Any, indent: bool) -> None:
    assert same(read_json(write_json(value, indent=indent)), value)


@given(values)
@example({"a\\": '"', '"': "\\", '\\"': '"\\'})
def test_escapes_and_white_space_change_nothing(value: Any) -> None:
    assert same(read_json(json.dumps(value, indent=3).encode()), value)


@given(st.text(alphabet='{}[]",:\\u0123aetrfn -.1E\n', max_size=24))
@example('{"a":"\\u005c","a":1}')
@example('{"\\\\":1,"\\u005c":1}')
@example('["\\"","\\u0022"]')
@example("-0")
def test_accepts_what_the_standard_library_accepts(text: str) -> None:
    """The oracle is the standard library's parser, made strict about members, numbers and surrogates."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def double(literal: str) -> float:
        digits = re.sub(r"[eE].*|\D", "", literal).lstrip("0")
        normal = sys.float_info.min <= abs(float(literal)) < math.inf
        assert (normal and len(digits) <= 17) or Decimal(literal) == Decimal(repr(float(literal)))
        return float(literal)

    def constant(word: str) -> None:
        raise AssertionError(word)

    try:
        expected = json.loads(text, object_pairs_hook=members, parse_float=double, parse_constant=constant)
        json.dumps(expected, ensure_ascii=False).encode()
    except (ValueError, AssertionError):
        assert codes(text.encode())
    else:
        assert same(read_json(text.encode()), expected)


@given(st.dictionaries(st.text(), values, min_size=1, max_size=4), st.data())
def test_a_member_that_stands_twice_is_always_found(value: dict[str, Any], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(sorted(value)))
    ascii_only = data.draw(st.booleans())
    members = [*value.items(), (again, data.draw(values))]
    order = data.draw(st.permutations(members))
    inner = ",".join(
        f"{json.dumps(key, ensure_ascii=ascii_only)}: {json.dumps(item, ensure_ascii=ascii_only)}"
        for key, item in order
    )
    assert codes(f'[{{"outer": {{{inner}}}}}]'.encode(errors="surrogatepass")) == ["CM105"]


INTEGERS = [2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**64 + 1, 10**29 + 7, 10**399 + 3, 10**4299 + 9]


@pytest.mark.parametrize(
    "number", [*INTEGERS, *(-number for number in INTEGERS)], ids=lambda n: f"{n.bit_length()} bits"
)
def test_integers_arrive_digit_for_digit(number: int) -> None:
    text = b'{"id": %d, "text": "1234567890123456789012"}' % number
    value = read_json(text)
    assert value["id"] == number
    assert write_json(value) == text.replace(b": ", b":").replace(b", ", b",")
    assert json.loads(write_json(value, indent=True)) == value


@pytest.mark.parametrize(
    ("literal", "kept"),
    [
        ("0.1", True),
        ("1E5", True),
        ("1.50", True),
        ("0e999999999999", True),
        ("0.10000000000000001", True),  # 17 digits: what `%.17g` writes of 0.1
        ("123456789012345678.0", False),
        ("100000000000000000000.0", True),  # the double is exactly this
        ("0.1000000000000000055511151231257827021181583404541015625", False),  # would be written back as 0.1
        ("0.1234567890123456789012", False),
        ("0.00000000000000000000000000012345", True),
        ("5e-324", True),
        ("1e-400", False),
        ("1e-9999999999", False),
        ("4.94e-324", False),
        ("1e400", False),
        ("-1e400", False),
        ("1e999999999999", False),
    ],
)
def test_fractions_are_kept_or_refused(literal: str, kept: bool) -> None:
    assert codes(b'{"a": %s}' % literal.encode()) == ([] if kept else ["CM109"])
    if kept:
        assert same(read_json(literal.encode()), float(literal))


def test_integers_without_end_are_refused() -> None:
    assert codes(b"9" * 4301) == ["CM109"]
    assert codes(b"[-" + b"9" * 1_000_000 + b"]") == ["CM109"]


def test_a_text_cut_off_anywhere_is_refused() -> None:
    data = TELECOMX.strip().encode()
    assert not codes(data)
    for end in range(len(data)):
        assert set(codes(data[:end])) <= {"CM102", "CM103", "CM108", "CM110"}, data[:end]
        assert codes(data[:end]), data[:end]


def test_a_byte_that_is_not_utf8_is_found_where_it_stands() -> None:
    data = TELECOMX.encode()
    for position in range(len(data)):
        if 0x80 <= data[position] < 0xC0:
            continue  # inside a character: the character before it is what is broken
        before = data[:position].decode()
        expected = before.count("\n") + 1, len(before) - before.rfind("\n")
        assert first_place(data[:position] + b"\xff" + data[position + 1 :]) == ("CM102", *expected)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_other_encodings_are_refused(encoding: str) -> None:
    assert first_place(TELECOMX.encode(encoding)) == ("CM102", 1, 1)


def test_a_byte_order_mark_is_skipped() -> None:
    assert read_json(TELECOMX.encode("utf-8-sig")) == read_json(TELECOMX.encode())
    assert first_place(b"\xef\xbb\xbf[1 2]") == ("CM103", 1, 4)
    assert first_place(b"\xef\xbb\xbf") == ("CM110", 1, 1)


@pytest.mark.parametrize("data", [b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe6\x97"])
def test_bytes_that_only_look_like_utf8(data: bytes) -> None:
    assert first_place(b'["\xc3\xa6", "' + data + b'"]') == ("CM102", 1, 8)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_depth_has_a_limit_and_costs_no_stack(opening: str) -> None:
    closing = "".join({"[": "]", "{": "}"}.get(character, "") for character in reversed(opening))
    times = MAX_DEPTH // len(closing)
    right = opening * times + "1" + closing * times
    assert write_json(read_json(right.encode())) == right.encode()
    assert codes((opening * (times + 1) + "1" + closing * (times + 1)).encode()) == ["CM107"]
    assert codes((opening * 100_000).encode()) == ["CM107"]


def test_every_problem_is_reported() -> None:
    text = b'{"a": NaN, "a": 1e400,\n "b": ["\\ud800"], "c": 1 "d"}'
    with pytest.raises(CasemapError) as caught:
        read_json(text)
    assert [(p.code, p.line, p.column, p.path) for p in caught.value.problems] == [
        ("CM106", 1, 7, "/a"),
        ("CM105", 1, 12, "/a"),
        ("CM109", 1, 17, "/a"),
        ("CM108", 2, 8, "/b/0"),
        ("CM103", 2, 26, None),
    ]


def test_problems_without_end_are_cut_off() -> None:
    assert codes(b"[" + b"NaN," * 200_000 + b"0]") == ["CM106"] * 100


def test_a_name_with_half_a_pair_can_be_reported() -> None:
    with pytest.raises(CasemapError) as caught:
        read_json(b'{"\\udc00": 1}')
    assert str(caught.value).encode().startswith(b"1:2: CM108 /\\udc00: ")


@pytest.mark.parametrize(
    "text", ['"\\u0000"', '{"\\u0000": "\\u202e\\u200f"}', '"e\\u0301\\ud83d\\udc69\\u200d\\ud83d\\udcbb"']
)
def test_unusual_characters_arrive_unchanged(text: str) -> None:
    value = read_json(text.encode())
    assert value == json.loads(text)
    assert read_json(write_json(value)) == value


MISTAKES = [
    "",
    " \n",
    "{",
    "[1,",
    '{"a": [1, 2}',
    '{"a": 1,}',
    "[1,\n]",
    "{'a': 1}",
    "{\n  _id: 1}",
    '{"sent": 2024-05-14T08:48:05.000Z}',
    '{"type": OUTGOING}',
    '{"a": 5\n "b": 6}',
    "[1 2]",
    '{"a" 1}',
    '{"a":}',
    "[,]",
    '{"a": 1}}',
    '{"a": 1}\n{"a": 2}',
    "[True, None]",
    "[undefined]",
    "[NaN, -Infinity]",
    "[007]",
    "[+1]",
    "[.5]",
    "[1.]",
    "[0x1F]",
    '["abc',
    '["abc\\',
    '["a\nb"]',
    '["a\tb"]',
    '["\\x"]',
    '["\\u12"]',
    '["\\ud83d"]',
    '{"a": 1 // one\n}',
    "[\u201ca\u201d]",
    "[1;2]",
    "\x0c[]",
    '{"a": {"id": 1, "id": 2}}',
    "[" * 300,
    "1" * 5000,
    "[1e400]",
    "[0.1234567890123456789012]",
]


def test_what_is_said_of_the_usual_mistakes(snapshot: Any) -> None:
    said = []
    for text in MISTAKES:
        with pytest.raises(CasemapError) as caught:
            read_json(text.encode(), "a.json")
        shown = text if len(text) < 60 else f"{text[:10]}... ({len(text)} characters)"
        said.append(f"{shown!r}")
        said.extend(f"    {problem}\n    help: {problem.help}" for problem in caught.value.problems)
    assert "\n".join(said) == snapshot


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"a": [-math.inf, None]}])
def test_what_json_cannot_hold_is_never_written(value: Any) -> None:
    with pytest.raises(CasemapError) as caught:
        write_json(value)
    assert caught.value.problems[0].code == "CM106"


def test_texts_that_are_no_text_are_never_written() -> None:
    with pytest.raises(CasemapError) as caught:
        write_json(["\ud800"])
    assert caught.value.problems[0].code == "CM108"


def test_nesting_without_end_is_never_written() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(CasemapError) as caught:
        write_json(deep)
    assert caught.value.problems[0].code == "CM107"
    while isinstance(deep, list):  # the interpreter frees it recursively otherwise
        deep = deep[0]


def test_what_a_mapping_nests_somewhat_deeper_is_written() -> None:
    deep: Any = [10**30]
    for _ in range(MAX_DEPTH + 20):
        deep = {"a": deep}
    assert json.loads(write_json(deep)) == deep


def test_places_on_other_lines_are_told_with_their_line() -> None:
    (twice,) = json_problems('{"a": 1,\n "a": 2}', 7)
    assert (twice.line, twice.message) == (8, 'the member "a" stands twice (first at line 7, column 2)')
    (open_,) = json_problems('{"a": [1,\n 2', 7)
    assert "The `[` at line 7, column 7 is not closed" in open_.help
