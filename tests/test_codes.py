"""The table of problem codes: it has what the code uses and nothing else, and every example is run."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import casemap
from casemap.cli import casemap as command_line
from casemap.codes import CODES, GROUPS, Code, Example
from casemap.functions import equality
from casemap.problem import Problem

PACKAGE = Path(casemap.__file__).parent
TABLE = PACKAGE / "codes"
PENDING: frozenset[str] = frozenset()
"""Codes that nothing reports yet. Remove one as soon as its example gives it: the tests ask for that."""

CODE = re.compile(r"\bCM\d{3}\b")

each_code = pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)


# --- the table ----------------------------------------------------------------------------------------------------


def used_codes() -> set[str]:
    """The codes that the package's modules write, the table left out."""
    return {
        node.value
        for file in PACKAGE.rglob("*.py")
        if not file.is_relative_to(TABLE)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"CM\d{3}", node.value)
    }


def test_the_table_has_the_codes_that_are_used() -> None:
    assert used_codes() - CODES.keys() == set()
    assert CODES.keys() - used_codes() <= PENDING


def test_pending_codes_are_codes() -> None:
    assert CODES.keys() >= PENDING


def test_codes_and_names_are_told_apart() -> None:
    every = [code for codes in GROUPS.values() for code in codes]
    assert [code.code for code in every] == sorted(code.code for code in every)
    assert len({code.code for code in every}) == len({code.name for code in every}) == len(every)
    assert [{code.code[:3] for code in codes} for codes in GROUPS.values()] == [
        {f"CM{digit}"} for digit in range(1, len(GROUPS) + 1)
    ]


@each_code
def test_every_text_is_there(code: Code) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
    assert re.fullmatch(r"[A-Z].*[^.]", code.title)
    for text in (code.what, code.why, code.instead):
        assert re.fullmatch(r"[A-Z][^\n]*\.", text), text
        assert "  " not in text
        assert text.count("`") % 2 == 0
    assert re.match(r"Re(port|ject)s\b", code.what)
    assert code.code in CODE.findall(code.example.line)
    assert code.example.run


# --- the examples -------------------------------------------------------------------------------------------------


def run_example(example: Example, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What an example prints in a folder of its own, line by line, with paths from there."""
    for file in example.files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.text.encode(file.encoding))
    monkeypatch.chdir(folder)
    # the limit that is in force would take the test half a minute
    monkeypatch.setattr(equality, "_MOST", 1000)
    if example.language == "python":
        lines = [str(problem) for problem in problems_of(example.run)]
    else:
        program, *arguments = shlex.split(example.run)
        assert program == "casemap"
        lines = CliRunner().invoke(command_line, arguments).output.splitlines()
    return [line.replace(f"{folder}/", "") for line in lines]


def problems_of(expression: str) -> Iterator[Problem]:
    try:
        yield from eval(expression, {"casemap": casemap})  # noqa: S307 - the table's own texts
    except casemap.CasemapError as error:
        yield from error.problems


@pytest.mark.parametrize("code", [code for code in CODES.values() if code.code not in PENDING], ids=lambda c: c.code)
def test_the_example_gives_its_line_and_no_other(code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run_example(code.example, tmp_path, monkeypatch)
    assert [line for line in lines if re.match(r"(\S+: )?CM\d{3} ", line)] == [code.example.line]


@pytest.mark.xfail(strict=True, reason="nothing reports it yet")
@pytest.mark.parametrize("code", [CODES[code] for code in sorted(PENDING)], ids=lambda code: code.code)
def test_a_pending_code_is_reported(code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As expected, it is not. Once it is, in whatever words, the suite fails until it is taken out of `PENDING`."""
    lines = run_example(code.example, tmp_path, monkeypatch)
    assert code.code in {found for line in lines for found in CODE.findall(line)}


def test_an_example_that_does_not_hold_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = CODES["CM101"].example
    lines = run_example(example, tmp_path, monkeypatch)
    assert example.line in lines
    (tmp_path / "missing.json").write_text('{"_id": "a1"}')
    assert example.line not in run_example(example, tmp_path, monkeypatch)


# --- casemap rule -------------------------------------------------------------------------------------------------


def rule(*arguments: str) -> Any:
    return CliRunner().invoke(command_line, ["rule", *arguments])


@each_code
def test_the_command_shows_all_of_a_code(code: Code) -> None:
    shown = rule(code.code)
    assert shown.exit_code == 0
    words = " ".join(shown.stdout.split())
    for text in (code.title, code.what, code.why, code.instead, code.example.run, code.example.line):
        assert " ".join(text.split()) in words
    for heading in ("What it does", "Why it is bad", "Example", "What to do instead"):
        assert f"\n\n{heading}\n" in shown.stdout
    assert rule(code.name).stdout == rule(code.code.lower()).stdout == shown.stdout


def test_a_code_for_people(snapshot: Any) -> None:
    assert rule("CM302").stdout == snapshot


def test_a_code_for_programs(snapshot: Any) -> None:
    assert rule("CM302", "--output-format", "json").stdout == snapshot


def test_all_codes() -> None:
    lines = rule().stdout.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == list(GROUPS)
    assert [line.split()[:2] for line in lines if line.startswith(" ")] == [[c.code, c.name] for c in CODES.values()]
    listed = json.loads(rule("--output-format", "json").stdout)["codes"]
    assert listed == [json.loads(rule(code, "--output-format", "json").stdout) for code in CODES]


@pytest.mark.parametrize(
    ("text", "hint"),
    [("CM2040", "CM204"), ("unknown-functoin", "unknown-function"), ("cm40", "CM"), ("???", None)],
)
def test_a_code_that_is_not_there(text: str, hint: str | None) -> None:
    shown = rule(text)
    assert (shown.exit_code, shown.stdout) == (2, "")
    first = shown.stderr.splitlines()[0]
    assert first.startswith(f"CM511 there is no problem code `{text}`")
    assert (f"; did you mean `{hint}" in first) if hint else first.endswith("`")
