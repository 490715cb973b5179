"""`casemap explain`: text and JSON, one field, one record, and what can go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import casemap
from casemap.cli import casemap as command_line
from casemap.report.explanation import explanation_text, value_text
from casemap.report.explanation_page import field_values
from casemap.schema.fields import OTHERS, Steps
from tests.explain.test_explain import CASES, CATALOG, SCHEMA, at, leaves
from tests.language.projects import Project
from tests.samples import PARAMS, ROOT, params_of, payload

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **more: CliRunner().invoke(command_line, ["explain", *map(str, arguments)], **more)


def options_of(source: str, target: str) -> list[str]:
    return [word for name in params_of(CATALOG, source, target) for word in ("-p", f"{name}={PARAMS[name]}")]


@pytest.mark.parametrize(("source", "target", "name"), CASES[::4], ids=lambda value: value)
def test_json_has_the_values_of_the_conversion(run: Run, source: str, target: str, name: str) -> None:
    file = ROOT / "examples" / f"{name}.json"
    arguments = ("--from", source, "--to", target, *options_of(source, target))
    done = run(file, *arguments, "--output-format", "json")
    converted = CliRunner().invoke(command_line, ["convert", str(file), *arguments, "-q"])
    assert done.exit_code == converted.exit_code
    explained = json.loads(done.stdout)
    assert sorted(each["path"] for each in explained["used"] + explained["unused"]) == sorted(leaves(payload(name)))
    if converted.exit_code == 0:
        result = json.loads(converted.stdout)
        assert explained["result"] == result
        assert {each["path"]: each["value"] for each in explained["fields"]} == leaves(result)
        assert all(at(result, each["path"]) == each["value"] for each in explained["fields"])
    else:
        assert explained["problems"]


def test_the_text_of_a_sample(snapshot: Any) -> None:
    convert = CATALOG.converter("egain/case", "khoros/case", PARAMS)
    assert explanation_text(convert.explain(payload("egain-case")), str(ROOT)) == snapshot


def test_the_type_is_detected_and_a_format_is_a_target(run: Run) -> None:
    done = run(ROOT / "examples" / "telecomx-case.json", "--to", "khoros")
    assert done.exit_code == 0
    assert done.stdout.startswith(
        "telecomx/case to khoros/case, by telecomx-to-common/case and common-to-khoros/case\n"
    )
    assert "  Khoros knows a case by one id.\n    /conversationId" in done.stdout


def test_one_field(run: Run) -> None:
    done = run(ROOT / "examples" / "telecomx-case.json", "--to", "khoros", "--field", "/status")
    assert done.exit_code == 0
    assert [block.splitlines()[0] for block in done.stdout.split("\n\n")[1:]] == ['/status = "open"']
    assert 'the value map `status` → "open"' in done.stdout


def test_a_field_that_is_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"_id": "a1"}')
    done = run("case.json", "--from", "telecomx/case", "--to", "common", "--field", "/customer/name")
    assert done.exit_code == 0
    assert "/customer/name is absent\n  looked at   /customerName (absent)\n" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("case.json", "--field", "/idd"), "CM518"),
        (("case.json", "--record", "2"), "CM518"),
        (("nothing.json",), "CM101"),
        (("case.json", "--to", "koros"), "CM501"),
        (("case.json", "-p", "x=1"), "CM505"),
        (("case.json", "-o", "./case.json"), "CM510"),
    ],
)
def test_what_can_go_wrong(run: Run, tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    (tmp_path / "case.json").write_text('{"_id": "a1"}')
    done = run("--from", "telecomx/case", "--to", "common", *arguments)
    assert done.exit_code == 2
    assert code in done.stderr
    assert done.stdout == ""


def test_a_payload_that_is_not_valid_has_its_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{\n  "_id": 1}')
    done = run("case.json", "--from", "telecomx/case", "--to", "common")
    assert done.exit_code == 1
    assert done.stderr.startswith("case.json:2:10: CM401 /_id: ")


def test_a_rejected_payload(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"_id": "a1"}')
    done = run("case.json", "--from", "telecomx/case", "--to", "khoros")
    assert done.exit_code == 1
    assert "rejected: these are the fields that could be computed" in done.stdout
    assert '/id = "a1"' in done.stdout
    assert "CM402" in done.stderr
    as_json = json.loads(
        run("case.json", "--from", "telecomx/case", "--to", "khoros", "--output-format", "json").stdout
    )
    assert as_json["result"] is None
    assert {problem["code"] for problem in as_json["problems"]} == {"CM402"}


def test_a_record_of_a_stream_and_of_an_array(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cases.ndjson").write_text('{"_id": "a1"}\n\n{"_id": "a2"}\n{"_id": \n')
    case = payload("telecomx-case")
    (tmp_path / "cases.json").write_text(json.dumps([{**case, "_id": "a1"}, {**case, "_id": "a2"}]))
    for file in ("cases.ndjson", "cases.json"):
        done = run(file, "--from", "telecomx/case", "--to", "common", "--record", "2")
        assert (done.exit_code, '/id = "a2"' in done.stdout) == (0, True)
    detected = run("cases.json", "--to", "common", "--record", "2")
    assert (detected.exit_code, '/id = "a2"' in detected.stdout) == (0, True)
    assert run("cases.json", "--to", "common", "--record", "3").stderr.startswith(
        "cases.json: CM518 there is no record 3: it has 2\n"
    )
    assert '/id = "a1"' in run("cases.ndjson", "--from", "telecomx/case", "--to", "common").stdout
    broken = run("cases.ndjson", "--from", "telecomx/case", "--to", "common", "--record", "3")
    assert broken.exit_code == 2
    assert broken.stderr.startswith("cases.ndjson:4:")


def test_texts_of_payloads_are_not_obeyed_by_a_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text(json.dumps({"_id": "a1", "subject": "\x1b[31mred\u202e", "\x1b[2J": 1}))
    done = run("case.json", "--from", "telecomx/case", "--to", "common")
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "[31mred" in done.stdout


def test_long_values_are_cut_and_lines_are_wrapped(tmp_path: Path) -> None:
    project = Project(tmp_path).schema("a/doc", SCHEMA).mapping("a-to-b/doc", "fields: {a: name ~ id ~ name}\n")
    explanation = project.converter().explain({"name": "lorem ipsum " * 100, "id": "1", "secret": "word " * 300})
    lines = explanation_text(explanation).splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.endswith("…") for line in lines)
    assert value_text("x" * 200) == '"' + "x" * 98 + "…"


def test_the_library_explains_without_the_command() -> None:
    explanation = casemap.converter("telecomx/case", "khoros/case").explain(payload("telecomx-case"))
    assert explanation.at("/status").fields[0].steps[0].value == "open"


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_has_the_values_of_the_payload(run: Run, tmp_path: Path) -> None:
    done = run(ROOT / "examples" / "telecomx-case.json", "--to", "khoros", "--output-format", "html", "-o", "case.html")
    assert (done.exit_code, done.stdout) == (0, "")
    text = (tmp_path / "case.html").read_text("utf-8")
    assert "<h1>telecomx/case to khoros/case: one payload</h1>" in text
    assert "Skærm går i sort" in text
    assert "&#34;OUTGOING&#34;, &#34;INCOMING&#34;" in text


def test_the_page_escapes_what_the_payload_says(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text(json.dumps({"_id": "a1", "subject": "<script>alert(1)</script>"}))
    text = run("case.json", "--from", "telecomx/case", "--to", "common", "--output-format", "html").stdout
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_values_stand_at_their_fields() -> None:
    fields: list[Steps] = [("id",), ("links", "rel"), ("custom", OTHERS), ("custom", "plan"), ("deep",), ("a/b", "0")]
    values: list[tuple[Any, Any]] = [
        (("id",), "1"), (("links", 0, "rel"), "a"), (("links", 1, "rel"), "b"), (("custom", "plan"), "gold"),
        (("custom", "x"), 1), (("custom", "0"), True), (("deep", "er", 0), None), (("a/b", "0"), 0), (("nowhere",), 1),
        (("links", 2), {}),
    ]  # fmt: skip
    assert field_values(values, fields) == {
        "id": '"1"', "links.rel": '"a", "b"', "custom.plan": '"gold"', "custom.*": "1, true", "deep": "null",
        "this['a/b']['0']": "0",
    }  # fmt: skip
    many = [(("links", number, "rel"), number) for number in range(9)]
    assert field_values(many, fields) == {"links.rel": "0, 1, 2 and 6 more"}
    assert field_values([((0, "id"), 1), ((1, "x"), 2)], [("id",), (OTHERS,)]) == {"id": "1", "*": "2"}


def test_a_type_that_cannot_be_detected(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text("17")
    done = run("case.json", "--to", "common")
    assert done.exit_code == 1
    assert done.stderr.startswith("case.json:1:1: CM507 ")


def test_a_place_in_an_array_is_that_in_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text('[\n{"_id": "a1"},\n{"_id": 2}]')
    done = run("cases.json", "--from", "telecomx/case", "--to", "common", "--record", "2")
    assert done.stderr.startswith("cases.json:3:9: CM401 /1/_id: ")
