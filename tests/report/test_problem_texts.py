"""Problems and summaries as text."""

from __future__ import annotations

import json
from typing import Any

from casemap.problem import Problem
from casemap.report.characters import printable
from casemap.report.problems import concise, full, json_text
from casemap.report.summary import summary_text
from casemap.run.tally import Tally
from casemap.span import Span

PROBLEM = Problem(
    "CM999", "wrong", "Do this.\nOr that.", file="a.json", line=2, column=4, path="/a", rule=Span("m.yaml", 1, 3)
)


def line_of(file: str, line: int) -> str | None:
    return {("a.json", 2): "\t\u65e5e\u0301x", ("m.yaml", 1): "a: b"}.get((file, line))


def test_what_a_terminal_would_obey_is_escaped() -> None:
    assert printable("a\x1b[31m\u202eb\n\u65e5 \U0001f600") == "a\\x1b[31m\\u202eb\\n\u65e5 \U0001f600"
    assert concise(Problem("CM999", "x\x07", path="/\x1b\n")) == "CM999 /\\x1b\\n: x\\x07"


def test_the_mark_stands_under_the_place() -> None:
    assert full(PROBLEM, line_of).splitlines() == [
        "a.json:2:4: CM999 /a: wrong (rule m.yaml:1:3)",
        "  2 |  \u65e5e\u0301x",
        "    |    " + " ^",
        "  the rule, m.yaml:1:3:",
        "  1 | a: b",
        "    |   ^",
        "  help: Do this.",
        "        Or that.",
    ]


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + "!" + "y" * 500
    shown = full(Problem("CM999", "wrong", file="a", line=1, column=501), lambda _file, _line: line).splitlines()
    assert len(shown[1]) < 120
    assert shown[1][shown[2].index("^")] == "!"


def test_every_field_is_in_the_json() -> None:
    problem = PROBLEM.at(file="bytes\udcff")
    assert json.loads(json_text([problem], line_of)) == {
        "problems": [
            {
                "code": "CM999",
                "severity": "error",
                "message": "wrong",
                "help": "Do this.\nOr that.",
                "file": "bytes\\udcff",
                "line": 2,
                "column": 4,
                "path": "/a",
                "target_path": None,
                "rule": {"file": "m.yaml", "line": 1, "column": 3},
            }
        ]
    }


def test_a_long_summary_is_cut(snapshot: Any) -> None:
    tally = Tally(converted=12_345)
    tally.uses("a/x", "b/x", ["a-to-b/x"])
    tally.lose("a/x", {(f"field{number:02}", "no place" if number % 2 else ""): 1 for number in range(13)})
    tally.lose("a/x", {("field05", "no place"): 2000})
    tally.reject([Problem("CM401", ""), Problem("CM401", ""), Problem("CM301", "")])
    tally.approximate("b/x", {("line\nbreak", "why"): 1})
    tally.stopped = True
    assert summary_text(tally) == snapshot
