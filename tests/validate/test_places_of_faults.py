"""The place of a problem is that of the value: a fault at any path of any document, in JSON, NDJSON and YAML."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from casemap.problem import Problem, pointer
from casemap.run.validation import FileValidation, Options
from casemap.schema.check import Check

FAULT = "\u26a0 fault"
SCHEMA = {
    "$ref": "#/$defs/value",
    "$defs": {
        "value": {
            "not": {"const": FAULT},
            "items": {"$ref": "#/$defs/value"},
            "additionalProperties": {"$ref": "#/$defs/value"},
        }
    },
}
VALIDATOR = jsonschema_rs.validator_for(SCHEMA, offline=True)
CHECK = Check("test", VALIDATOR, SCHEMA, lambda: jsonschema_rs.Registry([("u:x", SCHEMA)]).resolver("u:x"), {})

names = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=3) | st.sampled_from(
    ["a/b", "~", "0"]
)
texts = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=4)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
Steps = tuple[str | int, ...]


def places(value: Any, steps: Steps = ()) -> list[Steps]:
    """The paths of all values in a document."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [steps, *(path for step, item in below for path in places(item, (*steps, step)))]


def with_fault(value: Any, steps: Steps) -> Any:
    if not steps:
        return FAULT
    copy = value.copy()
    copy[steps[0]] = with_fault(value[steps[0]], steps[1:])
    return copy


@st.composite
def faulty(draw: st.DrawFn) -> tuple[Any, Steps]:
    document = draw(documents)
    steps = draw(st.sampled_from(places(document)))
    return with_fault(document, steps), steps


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class Writer:
    """Writes JSON with random white space; before a colon, without line feeds, which YAML does not allow there."""

    def __init__(self, draw: Any, space: str) -> None:
        self.space = lambda: draw(st.text(alphabet=space, max_size=2))
        self.colon = lambda: draw(st.text(alphabet=" ", max_size=2)) + ":"

    def text(self, value: Any) -> str:
        match value:
            case dict():
                members = [
                    f"{self.space()}{quoted(name)}{self.colon()}{self.text(item)}" for name, item in value.items()
                ]
                return f"{self.space()}{{{','.join(members)}{self.space()}}}"
            case list():
                return f"{self.space()}[{','.join(self.text(item) for item in value)}{self.space()}]"
            case str():
                return f"{self.space()}{quoted(value)}{self.space()}"
            case _:
                return f"{self.space()}{json.dumps(value)}{self.space()}"


def block(value: Any, indent: int, width: int) -> str:
    """A document in YAML's block style, with keys and texts in quotes; starts where its parent's line goes on."""
    space = "\n" + " " * indent
    match value:
        case dict() if value:
            return "".join(
                f"{space}{quoted(name)}:{block(item, indent + width, width)}" for name, item in value.items()
            )
        case list() if value:
            return "".join(f"{space}-{block(item, indent + width, width)}" for item in value)
        case _:
            return f" {json.dumps(value, ensure_ascii=False)}"


def problems_of(text: str, name: str, check: Check = CHECK, **options: Any) -> list[Problem]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8", newline="")
        validation = FileValidation(None, lambda _: check, Options(**options))  # type: ignore[arg-type]
        return [problem for found in validation.problems(str(file)) for problem in found]


def check_place(text: str, problems: list[Problem], steps: Steps) -> None:
    assert [(problem.code, problem.path) for problem in problems] == [("CM401", pointer(steps))]
    before = text[: text.index(quoted(FAULT))]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (problems[0].line, problems[0].column) == (line, column)


@given(faulty(), st.data(), st.booleans())
def test_json(case: tuple[Any, Steps], data: st.DataObject, allow: bool) -> None:
    text = Writer(data.draw, " \t\r\n").text(case[0])
    check_place(text, problems_of(text, "a.json", allow_duplicate_keys=allow), case[1])


@given(faulty(), st.lists(documents | st.just(""), max_size=3), st.data())
def test_ndjson(case: tuple[Any, Steps], others: list[Any], data: st.DataObject) -> None:
    writer = Writer(data.draw, " \t\r")
    before = [writer.text(value) if value != "" else "  " for value in others]
    text = "\n".join([*before, writer.text(case[0]), "null"])
    problems = problems_of(text, "a.ndjson")
    check_place(text, problems, case[1])
    number = 1 + sum(bool(line.strip()) for line in before)
    assert problems[0].help.endswith(f"This is record {number} of the stream.")


@given(faulty(), st.data())
def test_flow_yaml(case: tuple[Any, Steps], data: st.DataObject) -> None:
    text = Writer(data.draw, " \n").text(case[0])
    check_place(text, problems_of(text, "a.yaml"), case[1])


@given(faulty(), documents, st.integers(1, 4))
def test_block_yaml_of_several_documents(case: tuple[Any, Steps], first: Any, width: int) -> None:
    text = f"---{block(first, 0, width)}\n---{block(case[0], 0, width)}\n...\n"
    check_place(text, problems_of(text, "a.yml"), case[1])


def test_the_last_of_two_members_is_the_one_that_counts() -> None:
    text = '{"a": {"b": 1}, "a": {"b": ' + quoted(FAULT) + "}}"
    check_place(text, problems_of(text, "a.json", allow_duplicate_keys=True), ("a", "b"))
    assert [problem.code for problem in problems_of(text, "a.json")] == ["CM105"]
