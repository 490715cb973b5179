"""`casemap show`: its forms, its files, and what it says of routes that are not there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casemap.cli.show import command

ROUTE = ("egain/case", "khoros/case")


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> Result:
        done = CliRunner().invoke(command, arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done

    return run


def test_text_is_what_is_shown(show) -> None:  # type: ignore[no-untyped-def]
    done = show(*ROUTE)
    assert done.exit_code == 0
    assert done.stdout.startswith("egain/case → khoros/case")
    assert re.search(r"^customerId +`customer\.id`: copied$", done.stdout, re.MULTILINE)
    assert max(map(len, done.stdout.split("\n"))) <= 100
    assert "\u001b" not in done.stdout
    assert done.stderr == ""
    assert show("egain/case", "khoros").stdout == done.stdout


def test_the_state_of_fields_is_that_of_the_proof(show) -> None:  # type: ignore[no-untyped-def]
    text = show(*ROUTE, "--output-format", "markdown").stdout
    assert "State: guarded." in text
    assert "| `customerId`<br>**guarded** |" in text
    assert "guarded: rejects a case without `customer.id`" in text


@pytest.mark.parametrize(("form", "start"), [("markdown", "# egain/case → khoros/case"), ("html", "<!DOCTYPE html>")])
def test_a_file_holds_what_is_printed(show, form: str, start: str) -> None:  # type: ignore[no-untyped-def]
    printed = show(*ROUTE, "--output-format", form).stdout
    assert printed.startswith(start)
    assert show(*ROUTE, "--output-format", form, "-o", "crosswalk").stdout == ""
    assert Path("crosswalk").read_text("utf-8") == printed


def test_the_code_is_still_there(show) -> None:  # type: ignore[no-untyped-def]
    done = show(*ROUTE, "--output-format", "code")
    assert "convert" in [node.name for node in ast.walk(ast.parse(done.stdout)) if isinstance(node, ast.FunctionDef)]
    assert "the param base_url is not given" in done.stderr


def test_via_tells_of_what_lies_between(show) -> None:  # type: ignore[no-untyped-def]
    assert "common" not in show(*ROUTE).stdout
    assert "By way of `egain-to-common/case`, `common-to-khoros/case`." in show(*ROUTE, "--via", "common").stdout


def test_a_file_that_cannot_be_written(show) -> None:  # type: ignore[no-untyped-def]
    done = CliRunner().invoke(command, [*ROUTE, "-o", "missing/crosswalk.md"])
    assert [problem.code for problem in done.exception.problems] == ["CM509"]  # type: ignore[union-attr]
