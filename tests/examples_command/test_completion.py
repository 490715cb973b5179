"""What a shell is given to complete, by click's own way of asking."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from casemap.cli import casemap as command_line
from casemap.cli.completion import CODES, FORMATS, MAPPINGS, PARAMS, SOURCES, TARGETS, TYPES, Completion
from tests.language.projects import Project


def completed(*words: str) -> list[str]:
    """The completions of the last word of a command."""
    shell = ShellComplete(command_line, {}, "casemap", "_CASEMAP_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


def found(completion: Completion, typed: str, **params: object) -> list[str]:
    context = click.Context(command_line)
    context.params.update(params)
    return [item.value for item in completion(context, click.Option(["--x"]), typed)]


def test_the_commands() -> None:
    assert completed("e") == ["explain"]
    assert completed("te") == ["test"]


def test_mappings_of_test() -> None:
    assert completed("test", "egain-to") == [
        "egain-to-common/case", "egain-to-common/case-list", "egain-to-common/case-query",
    ]  # fmt: skip
    assert completed("test", "--project", "nowhere", "egain") == ["egain"]


def test_types_and_params_of_explain() -> None:
    assert completed("explain", "case.json", "--from", "telecomx/") == [
        "telecomx/case", "telecomx/case-list", "telecomx/case-query", "telecomx/error",
    ]  # fmt: skip
    assert completed("explain", "case.json", "--from", "khoros/error", "--to", "") == ["common", "common/error"]
    assert "base_url=" in completed("explain", "x", "--from", "egain/case", "--to", "common/case", "-p", "b")


def test_a_file_that_is_typed_is_completed_by_the_shell() -> None:
    shell = ShellComplete(command_line, {}, "casemap", "_CASEMAP_COMPLETE")
    assert [item.type for item in shell.get_completions(["test"], "./mappings/")] == ["file"]


def test_every_completion() -> None:
    assert found(TYPES, "khoros/") == ["khoros/case", "khoros/case-list", "khoros/error"]
    assert found(SOURCES, "socialgateway/") == ["socialgateway/case", "socialgateway/case-update"]
    assert "khoros" in found(TARGETS, "", source="egain/case")
    assert "khoros/case-list" not in found(TARGETS, "", source="egain/case")
    assert found(FORMATS, "") == ["common", "egain", "khoros", "socialgateway", "telecomx"]
    assert found(PARAMS, "") == ["base_url="]
    assert found(PARAMS, "", source="khoros/case", target="egain/case") == []
    assert "khoros-to-common/error" in found(MAPPINGS, "khoros")
    assert found(CODES, "cm30")[0] == "CM301"


@pytest.mark.parametrize("completion", [TYPES, SOURCES, TARGETS, FORMATS, PARAMS])
def test_a_project_that_cannot_be_read_completes_nothing(completion: Completion, tmp_path: Path) -> None:
    (tmp_path / "schemas" / "a").mkdir(parents=True)
    (tmp_path / "schemas" / "a" / "doc.schema.json").write_text("{")
    assert found(completion, "", project=str(tmp_path)) == []


def test_a_projects_own_names(tmp_path: Path) -> None:
    Project(tmp_path).mapping("a-to-b/doc", "params: {site: {type: string}}\nfields: {x: params.site}\n")
    assert found(TYPES, "a/", project=str(tmp_path)) == ["a/doc"]
    assert found(PARAMS, "s", project=str(tmp_path)) == ["site="]
    assert found(TARGETS, "b", source="a/doc", project=str(tmp_path)) == ["b", "b/doc"]
