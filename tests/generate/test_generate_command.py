"""`casemap generate`: what it writes, what it finds stale, what it refuses; who loads the generator."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from casemap.cli import casemap as command_line
from tests.samples import ROOT

ODD = Path(__file__).parent / "project"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command_line, ["generate", *map(str, arguments)])


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=settings, check=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with schemas of its own, as the current directory."""
    shutil.copytree(ROOT / "schemas" / "khoros", tmp_path / "schemas" / "desk")
    for file in (tmp_path / "schemas" / "desk").iterdir():
        file.write_text(file.read_text("utf-8").replace("/schemas/khoros/", "/schemas/desk/"), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(file: Path, key: str, value: Any) -> None:
    schema = json.loads(file.read_text("utf-8"))
    schema[key] = value
    file.write_text(json.dumps(schema), "utf-8")


# --- the bundled models -------------------------------------------------------------------------------------------


def test_the_bundled_models_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = run("--check", "-o", "generated/casemap_models")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("seed", ["0", "12345"])
def test_the_same_schemas_give_the_same_bytes(seed: str, tmp_path: Path) -> None:
    code = f"from casemap.cli import casemap; casemap(['generate', '-o', {str(tmp_path / 'models')!r}])"
    python(code, PYTHONHASHSEED=seed, LC_ALL="C", TZ="Asia/Tokyo")
    written = {file.name: file.read_bytes() for file in (tmp_path / "models").iterdir()}
    package = ROOT / "generated" / "casemap_models"
    assert written == {file.name: file.read_bytes() for file in package.iterdir() if file.is_file()}


def test_no_other_command_loads_the_generator() -> None:
    code = """
import sys
from click.testing import CliRunner
from casemap.cli import casemap
runner = CliRunner()
names = [name for name in casemap.list_commands(None) if name != "generate"]
outputs = [runner.invoke(casemap, [name, "--help"]).output for name in names]
case = "examples/egain-case.json"
runs = [["formats"], ["validate", case], ["convert", case, "--to", "common", "-p", "base_url=https://example.com"]]
results = [runner.invoke(casemap, arguments) for arguments in runs]
assert [result.exit_code for result in results] == [0, 0, 0], results
assert len(outputs) >= 4
print(sorted({name.partition(".")[0] for name in sys.modules} & {"datamodel_code_generator", "pydantic", "black"}))
print(sorted(name for name in sys.modules if name.startswith("casemap.generate")))
"""
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env={**os.environ}, check=False
    )
    assert shown.stdout.splitlines() == ["[]", "[]"], shown.stderr


def test_a_user_of_the_models_type_checks(tmp_path: Path) -> None:
    """mypy in strict mode takes the package and a program that uses it, and finds what is wrong in another."""
    right = """
from casemap_models import khoros, telecomx
from pydantic import MISSING

def first_author(case: khoros.Case) -> str:
    if case.interactions is MISSING or case.interactions[0].author is MISSING:
        return ""
    return case.interactions[0].author.name

made = telecomx.Case(id="1", state="CLOSED", messages=[telecomx.Message(content="x")])
made.subject = MISSING
cases: list[khoros.Case] = khoros.CaseList.model_validate_json("[]").root
"""
    wrong = """
from casemap_models import khoros, telecomx

telecomx.Case(id=1)
telecomx.Case(id="1", state="OPEN")
khoros.Case()

def author(interaction: khoros.Interaction) -> str:
    return interaction.author.name
"""
    (tmp_path / "right.py").write_text(right)
    (tmp_path / "wrong.py").write_text(wrong)
    lines = mypy(tmp_path / "right.py", tmp_path / "wrong.py", ROOT / "generated" / "casemap_models")
    errors = [line for line in lines if ": error: " in line]
    kinds = {line.rpartition(":")[0].split(":")[1]: line.rpartition("[")[2] for line in errors}
    assert kinds == {"4": "arg-type]", "5": "arg-type]", "6": "call-arg]", "9": "union-attr]"}
    assert all("wrong.py:" in line for line in errors)


def mypy(*arguments: str | Path) -> list[str]:
    shown = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": "generated"},
        check=False,
    )
    return shown.stdout.splitlines()


# --- a project ----------------------------------------------------------------------------------------------------


def test_a_project_has_models_of_its_own_schemas(project: Path) -> None:
    result = run()
    assert result.exit_code == 0
    folder = project / "generated" / "casemap_models"
    names = ["__init__.py", "_support.py", "desk.py", "py.typed"]
    assert sorted(file.name for file in folder.iterdir()) == names
    text = (folder / "desk.py").read_text("utf-8")
    assert text.startswith("# Generated by casemap generate")
    assert "#   desk/case: sha256 " in text
    assert "desk: 6 classes" in result.stderr
    assert run("--check").output == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("description", "Something else."),
        ("$comment", "Says nothing about payloads."),
        ("required", ["id"]),
        ("examples", []),
    ],
)
def test_a_change_of_a_schema_makes_models_stale(project: Path, key: str, value: Any) -> None:
    run("-o", "models", "--enums", "enum")
    change(project / "schemas" / "desk" / "case.schema.json", key, value)
    before = (project / "models" / "desk.py").read_bytes()
    result = run("-o", "models", "--enums", "enum", "--check")
    assert result.exit_code == 1
    assert result.stdout.startswith("--- desk.py\n+++ desk.py\n@@ ")
    assert "models/desk.py: CM702 " in result.stderr
    assert "Run `casemap generate -o models --enums enum`." in result.stderr
    assert (project / "models" / "desk.py").read_bytes() == before
    run("-o", "models", "--enums", "enum")
    assert run("-o", "models", "--enums", "enum", "--check").exit_code == 0


def test_line_ends_and_indentation_of_a_schema_do_not_count(project: Path) -> None:
    run("-o", "models")
    file = project / "schemas" / "desk" / "case.schema.json"
    file.write_bytes(json.dumps(json.loads(file.read_bytes()), indent=7).replace("\n", "\r\n").encode())
    assert run("-o", "models", "--check").exit_code == 0


def test_a_file_that_is_missing_or_changed_is_stale(project: Path) -> None:
    run("-o", "models")
    (project / "models" / "_support.py").unlink()
    with (project / "models" / "desk.py").open("a") as file:
        file.write("x = 1\n")
    result = run("-o", "models", "--check")
    assert result.exit_code == 1
    assert "-x = 1\n" in result.stdout
    assert "+++ _support.py\n" in result.stdout
    assert result.stderr.count("CM702") == 2


def test_a_module_of_no_schema_is_stale_and_is_taken_away(project: Path) -> None:
    shutil.copytree(project / "schemas" / "desk", project / "schemas" / "shop")
    for schema in (project / "schemas" / "shop").iterdir():
        schema.write_text(schema.read_text("utf-8").replace("/schemas/desk/", "/schemas/shop/"), "utf-8")
    run("-o", "models")
    (project / "models" / "mine.py").write_text("x = 1\n")
    shutil.rmtree(project / "schemas" / "shop")
    result = run("-o", "models", "--check")
    assert "models/shop.py: CM702 " in result.stderr
    assert "mine.py" not in result.output
    run("-o", "models")
    assert sorted(file.name for file in (project / "models").glob("[a-z]*.py")) == ["desk.py", "mine.py"]


def test_models_of_some_types_leave_the_others_alone(project: Path) -> None:
    run("-o", "models")
    run("telecomx", "-o", "models")
    assert run("telecomx", "-o", "models", "--check").exit_code == 0
    assert (project / "models" / "desk.py").is_file()


def test_a_file_of_somebody_else_is_not_overwritten(project: Path) -> None:
    (project / "models").mkdir()
    (project / "models" / "desk.py").write_text("class Case: ...\n")
    result = run("-o", "models")
    assert result.exit_code == 2
    assert "models/desk.py: CM703 " in result.stderr
    assert [file.name for file in (project / "models").iterdir()] == ["desk.py"]
    assert (project / "models" / "desk.py").read_text() == "class Case: ...\n"


def test_a_single_file_needs_nothing_beside_it(project: Path) -> None:
    assert run("desk", "egain/case", "-o", "all_models.py").exit_code == 0
    assert sorted(file.name for file in project.iterdir()) == ["all_models.py", "schemas"]
    code = """
import sys
import all_models
case = all_models.EgainCase.model_validate_json('{"id": "1", "dueDate": "2024-05-14T08:48:05.000Z"}')
assert case.model_dump() == {"id": "1", "dueDate": "2024-05-14T08:48:05.000Z"}
assert issubclass(all_models.DeskCase, all_models.ObjectModel)
assert not [name for name in sys.modules if name.partition(".")[0] == "casemap"]
print(all_models.__all__)
"""
    shown = python(code, PYTHONPATH=str(project))
    assert "'DeskCaseList'" in shown.stdout
    assert "'ObjectModel'" not in shown.stdout
    assert run("desk", "egain/case", "-o", "all_models.py", "--check").exit_code == 0


def test_one_format_in_a_file_has_no_prefix(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("desk", "-o", "one_format_models.py")
    monkeypatch.syspath_prepend(project)
    module = importlib.import_module("one_format_models")
    assert module.__all__ == ["Author", "Case", "CaseList", "Error", "FieldError", "Interaction"]


def test_options_stand_in_the_configuration(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.casemap.generate]\noutput = "configured_models"\ntypes = ["desk/case"]\nenums = "enum"\n'
        'class-prefix = "Our"\nsnake-case = true\n'
    )
    assert run().exit_code == 0
    monkeypatch.syspath_prepend(project)
    desk = importlib.import_module("configured_models.desk")
    assert desk.__all__ == ["OurAuthor", "OurCase", "OurInteraction", "OurStatus"]
    assert desk.OurStatus.OPEN == "open"
    assert desk.OurCase.model_fields["last_updated"].alias == "lastUpdated"
    assert run("--check").exit_code == 0
    assert run("--check", "--no-snake-case", "-q").exit_code == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[generate]\nclas-prefix = "Our"\n', "did you mean `class-prefix`?"),
        ('[generate]\nenums = "class"\n', "`enums` is 'class'"),
        ('[generate]\npython = "2.7"\n', "`python` is '2.7'"),
        ("[generate]\noutput = 5\n", "`output` is 5"),
        ('[generate]\ntypes = "desk"\n', "`types` is 'desk'"),
        ('[generate]\nclass-prefix = "1 "\n', "`class-prefix` is '1 '"),
        ("generate = 1\n", "is no table"),
        ("[generate\n", "cannot be read"),
    ],
)
def test_a_wrong_configuration_is_refused(project: Path, text: str, message: str) -> None:
    (project / "casemap.toml").write_text(text)
    result = run()
    assert result.exit_code == 2
    assert "casemap.toml: CM701 " in result.stderr
    assert message in result.stderr
    assert not (project / "generated").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dask"], "did you mean `desk`?"),
        (["desk/cases"], "CM501"),
        (["--class-prefix", "1a"], "no class name can begin with '1a'"),
        (["--enums", "class"], "is not one of"),
        (["-o", "schemas/desk/case.schema.json"], "the folder cannot be made"),
    ],
)
def test_wrong_usage_is_refused(project: Path, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_it_says_what_to_install(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casemap.cli.generate.find_spec", lambda name: None)
    result = run()
    assert result.exit_code == 2
    assert "pip install 'casemap[generate]'" in result.stderr


@pytest.mark.parametrize("reference", ["nowhere", "#/$defs/Nothing", "#nothing"])
def test_a_reference_to_nothing_is_a_problem(project: Path, reference: str) -> None:
    change(project / "schemas" / "desk" / "error.schema.json", "properties", {"x": {"$ref": reference}})
    result = run()
    assert result.exit_code == 2
    assert "CM219" in result.stderr
    assert not isinstance(result.exception, KeyError | ValueError)


def test_the_report_says_what_types_cannot(tmp_path: Path) -> None:
    result = run("--project", ODD, "-o", tmp_path / "models")
    assert "  AcmeCustomer: checked by a rule: anyOf, maxItems, maxLength, unevaluatedProperties" in result.stderr
    assert "  AcmeOrder.lines: checked by a rule: uniqueItems" in result.stderr
    text = (tmp_path / "models" / "_acme_zoo.py").read_text("utf-8")
    assert "Checked by a rule, as types cannot say it: `dependentRequired`, `minLength`." in text


def test_a_schema_without_a_type_is_reported(project: Path) -> None:
    loose = {"title": "Loose", "properties": {"a": {"properties": {"b": {"type": "string"}}}}}
    (project / "schemas" / "desk" / "loose.schema.json").write_text(json.dumps(loose))
    result = run("desk/loose")
    assert "Loose: objects only; the schema has no `type`" in result.stderr
    assert "Loose: `a`: objects only" in result.stderr
    text = (project / "generated" / "casemap_models" / "desk.py").read_text("utf-8")
    assert "Narrower than the schema: objects only" in text


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.14"])
def test_models_for_a_python_type_check_there(version: str, tmp_path: Path) -> None:
    run("--project", ODD, "-o", tmp_path / "odd_models", "--python", version)
    run("--project", ODD, "-o", tmp_path / "single_file.py", "--python", version, "--enums", "enum")
    text = (tmp_path / "odd_models" / "_acme_zoo.py").read_text("utf-8")
    assert ("\ntype AcmeValue = " in text) == (version != "3.11")
    assert mypy("--python-version", version, tmp_path / "odd_models", tmp_path / "single_file.py")[-1].startswith(
        "Success"
    )


@pytest.mark.parametrize("options", [[], ["--enums", "enum", "--python", "3.12"], ["--class-prefix", "our_"]])
def test_formatters_leave_generated_modules_alone(options: list[str], tmp_path: Path) -> None:
    run("--project", ODD, "-o", tmp_path / "odd_models", *options)
    run("--project", ODD, "-o", tmp_path / "single_file.py", *options)
    for places in ([ROOT / "generated" / "casemap_models"], [tmp_path / "odd_models", tmp_path / "single_file.py"]):
        command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--diff", *places]
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (shown.returncode, shown.stdout) == (0, "")


@pytest.mark.parametrize("prefix", ["our", "My_", "_"])
def test_a_class_prefix_stays_as_it_is_given(prefix: str, project: Path) -> None:
    assert run("desk", "-o", "models.py", "--class-prefix", prefix, "--enums", "enum").exit_code == 0
    assert f"\nclass {prefix}Case(" in (project / "models.py").read_text("utf-8")


def test_a_single_file_has_the_names_that_members_hide(tmp_path: Path) -> None:
    assert run("--project", ODD, "-o", tmp_path / "odd.py").exit_code == 0
    code = """
import odd
given = '{"StrictStr": "x", "SchemaRule": "a", "a_b": 1, "a-b": 2, "\\ufb01": 3, "fi": 4}'
names = odd.ZooNames.model_validate_json(given)
assert (names.a_b, names.a_b_1, names.fi, names.fi_1) == (1, 2, 4, 3)
assert names.model_dump_json(indent=None) == '{"SchemaRule":"a","StrictStr":"x","a-b":2,"a_b":1,"\ufb01":3,"fi":4}'
"""
    python(code, PYTHONPATH=str(tmp_path))


@pytest.mark.parametrize("format", ["_support", "__init__"])
def test_a_format_does_not_take_the_place_of_what_modules_share(format: str, project: Path) -> None:
    shutil.copytree(project / "schemas" / "desk", project / "schemas" / format)
    for schema in (project / "schemas" / format).iterdir():
        schema.write_text(schema.read_text("utf-8").replace("/schemas/desk/", f"/schemas/{format}/"), "utf-8")
    run("-o", "shared_models")
    code = f"from shared_models import {format}_ as models; models.Case; models.ObjectModel"
    python(code, PYTHONPATH=str(project))
    assert f'    "{format}_",' in (project / "shared_models" / "__init__.py").read_text("utf-8")
