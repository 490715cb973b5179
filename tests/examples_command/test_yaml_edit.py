"""One value of a YAML text is replaced, and every other character stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemap.syntax.yaml_edit import WIDTH, replace_value
from casemap.syntax.yaml_text import parse_yaml, to_value

TEXT = """\
# first
list:
  - source: {value: {a: 1}}   # kept
    target: {value: {a: 2, "odd": [1,2]}}
  # between
  - source: {value: 1}
    target:
      value:
        a: 1   # inside
        b: [1,
          2]

    # after
    note: "z"
  - {source: {value: 1}, reject: CM301}
more: 1
"""
PLACES = (
    ("list", 0, "target", "value"),
    ("list", 1, "target", "value"),
    ("list", 2, "reject"),
    ("more",),
    ("list", 1, "note"),
)


def at(value: Any, steps: tuple[Any, ...]) -> Any:
    for step in steps:
        value = value[step]
    return value


def check(steps: tuple[Any, ...], value: Any) -> str:
    text = replace_value(TEXT, steps, value)
    assert text is not None
    found = to_value(parse_yaml(text, "file")[0])
    assert at(found, steps) == value
    assert type(at(found, steps)) is type(value)
    expected = to_value(parse_yaml(TEXT, "file")[0])
    at(expected, steps[:-1])[steps[-1]] = value
    assert found == expected
    assert all(comment in text for comment in ("# first", "# kept", "# between", "# after"))
    return text


ODD: tuple[Any, ...] = (
    "true", "null", "~", "1", "12e3", "0x1F", "yes", "a: b", "a #b", "#a", "- a", "a, b", "[a", "{a}", "it's", '"q"', "",
    " a", "a ", "a\nb", "\x07", "\u2028", "\U0001f600", "\ufeff", "<<", "=", "&a", "*a", "!a", "%a", "@a", "`a", "| a", "> a",
    10**30, 1.5, -0.0, 1e300, None, True, [], {}, {"": ""}, {"a: b": {"-": "- x"}}, ["x" * 200, ["y" * 200]],
    {"k" * 60: "v" * 90, "l": [{"a": "b" * 70, "c": ["d" * 70, "é" * 40]}, "e" * 30]},
)  # fmt: skip


@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize("steps", PLACES, ids=str)
def test_odd_values(steps: tuple[Any, ...], value: Any) -> None:
    check(steps, value)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(values, st.sampled_from(PLACES))
def test_what_is_written_reads_back(value: Any, steps: tuple[Any, ...]) -> None:
    check(steps, value)


def test_what_fits_stays_on_its_line_and_what_does_not_becomes_a_block() -> None:
    assert "    target: {value: {id: a1}}\n" in check(PLACES[0], {"id": "a1"})
    block = check(PLACES[1], {"id": "a1", "text": "word " * 25, "tags": ["x" * 60, "y" * 60]})
    assert "      value:\n        id: a1\n        text: " in block
    assert "        tags:\n          - xxx" in block
    assert max(len(line) for line in block.splitlines()) <= WIDTH + 30


@pytest.mark.parametrize(
    ("text", "steps"),
    [("a: &x {b: 1}\nc: *x\n", ("c", "b")), ("a: &x {b: 1}\nc: *x\n", ("c",)), ("a: &x {b: 1}\nc: *x\n", ("a",))],
)
def test_an_alias_is_left_to_people(text: str, steps: tuple[str, ...]) -> None:
    assert replace_value(text, steps, 1) is None
