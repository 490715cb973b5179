"""`casemap check` as people run it: what it finds, how it says so, and when it fails."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from syrupy.assertion import SnapshotAssertion

import casemap
from casemap.cli import casemap as command_line
from tests.check.projects import HEAD, object_of, write_project

ROOT = Path(__file__).parents[2]
FORMATS = ("concise", "full", "json", "github", "sarif")
TEXT = {"type": "string"}
ORDER = object_of("id", id=TEXT, state={"enum": ["NEW", "SENT"]}, opened={"type": "string", "format": "date-time"})
TICKET = object_of(
    "id", id=TEXT, status={"enum": ["open", "closed"]}, created={"type": "string", "format": "date-time"}
)
GOOD = """
fields:
  id: id
  status: {from: state, map: {NEW: open, SENT: closed}}
  created: opened | datetime
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str) -> Result:
    result = CliRunner().invoke(command_line, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_proven_mapping(folder: Path) -> None:
    write_project(folder, GOOD, ORDER, TICKET)
    result = check()
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 mapping: 1 proven, 0 guarded, 0 wrong\n"


def test_everything_bundled_is_proven_or_guarded_on_purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = check("--strict")
    assert (result.exit_code, result.stdout) == (0, "")
    assert re.fullmatch(r"23 mappings: \d+ proven, \d+ guarded, 0 wrong\n", result.stderr)


def test_every_bundled_route_is_proven_or_guarded_on_purpose() -> None:
    catalog = casemap.Catalog()
    for route in catalog.routes():
        proof = catalog.prover.outline(catalog.chain(route.source, route.target))
        assert proof.problems == (), route
        assert all(guard.acknowledged for guard in proof.guards), route


# --- the three faults that anybody makes --------------------------------------------------------------------------

TELECOMX = """\
casemap: 1
source: telecomx/case
target: khoros/case
value_maps:
  status: {UNHANDLED: open, CLOSED: shut}
fields:
  id: _id
  number: _id
  customerId: customer | default('nobody')
  title: subject | default('(none)')
  description: subject | default('(none)')
  url: "'about:blank'"
  lastUpdated: createdAt | datetime | default('2000-01-01T00:00:00Z')
  created: createdAt | datetime
  status: {from: state, map: status}
"""


def counterexample(problem: dict[str, Any]) -> str:
    return str(problem["help"]).splitlines()[-1]


def test_what_anybody_forgets(folder: Path) -> None:
    file = folder / "mappings" / "telecomx-to-khoros" / "case.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(TELECOMX)
    result = check("--output-format", "json")
    assert result.exit_code == 1
    problems = {(p["code"], p["line"], p["column"]): p for p in json.loads(result.stdout)["problems"]}
    unlisted = problems["CM601", 15, 30]
    assert unlisted["message"] == "`status` rejects a case whose `state` is none of UNHANDLED, CLOSED"
    assert '"state":"HANDLING"' in counterexample(unlisted)
    assert "is rejected: CM301" in counterexample(unlisted)
    shut = problems["CM608", 5, 37]
    assert shut["message"] == '`status` of khoros/case is never "shut"; it is open or closed'
    assert '"state":"CLOSED"' in counterexample(shut)
    assert '"status":"shut"' in counterexample(shut)
    created = problems["CM601", 14, 24]
    assert created["message"] == "`created` rejects a case without `createdAt`"
    assert "CM402 the member `created` is missing" in counterexample(created)
    for problem in (unlisted, shut, created):
        assert problem["help"].splitlines()[0].endswith(".")


# --- every fault at once ------------------------------------------------------------------------------------------

FAULTY_ORDER = object_of(
    "id when",
    id=TEXT,
    state={"enum": ["NEW", "SENT"]},
    opened=TEXT,
    when={"type": "string", "format": "date-time"},
    number=TEXT,
    priority=TEXT,
    count=TEXT,
    customer=object_of("", name=TEXT, mail=TEXT),
    lost=TEXT,
    tags={"type": "array", "items": TEXT},
)
FAULTY_TICKET = object_of(
    "id owner",
    id=TEXT,
    owner=TEXT,
    status={"enum": ["open", "closed"]},
    created={"type": "string", "format": "date-time"},
    title={"type": "string", "maxLength": 20},
    severity={"enum": ["low", "high"]},
    kind={"enum": ["order"]},
    rank={"type": "integer"},
    name=TEXT,
    labels={"type": "object", "additionalProperties": {"type": "integer"}},
    forgotten=TEXT,
    late=TEXT,
)
FAULTY = """
params:
  unread: {type: string}
value_maps:
  idle: {a: b}
  state: {NEW: open, SENT: shut, GONE: closed}
definitions:
  spare: id
let:
  nothing: id
fields:
  id: {first_of: [id, number]}
  status: {from: state, map: state}
  created: opened | datetime
  title: id ~ '/' ~ number
  severity: {from: priority, map: {urgent: high}, else: {const: low}}
  kind: {const: parcel}
  rank: count | int
  name: customer.nmae
  labels: {each: tags, key: this, value: this}
  late:
    choose:
      - {when: state == 'OLD', from: number}
      - {otherwise: when}
  extra: priority
unmapped:
  opened.time: It has none.
unset:
  titel: No.
examples:
  - {source: {value: {id: a1, when: "2024-05-14T08:48:05Z"}}, target: {value: {id: a2}}}
"""
EXPECTED = [
    ("CM603", "`customer.mail`"), ("CM603", "`lost`"), ("CM604", "`forgotten`"), ("CM609", "param `unread`"),
    ("CM609", "value map `idle`"), ("CM608", '"shut"'), ("CM607", '"GONE"'), ("CM609", "definition `spare`"),
    ("CM609", "let `nothing`"), ("CM602", "`owner`"), ("CM606", "`id` is always there"), ("CM601", "`created`"),
    ("CM601", "`title`"), ("CM616", "`number` can be absent"), ("CM610", "`low`"), ("CM608", '"parcel"'),
    ("CM601", "`rank`"), ("CM615", "`customer.nmae`"), ("CM601", "two items of one `tags`"), ("CM602", "`labels`"),
    ("CM606", "`state == 'OLD'` never holds"), ("CM602", "`extra`"), ("CM609", "`opened.time`"), ("CM609", "`titel`"),
    ("CM611", "this example"),
]  # fmt: skip


@pytest.fixture
def faulty(folder: Path) -> Path:
    return write_project(folder, FAULTY, FAULTY_ORDER, FAULTY_TICKET)


def test_every_fault_is_found_in_one_run(faulty: Path) -> None:
    problems = json.loads(check("--output-format", "json").stdout)["problems"]
    found = [(problem["code"], problem["message"]) for problem in problems]
    lacking = [each for each in EXPECTED if not any(code == each[0] and each[1] in said for code, said in found)]
    assert lacking == []
    assert len(found) == len(EXPECTED)
    assert all(problem["line"] and problem["column"] and problem["help"] for problem in problems)


@pytest.mark.parametrize("style", FORMATS)
def test_how_the_faults_are_shown(style: str, faulty: Path, snapshot: SnapshotAssertion) -> None:
    result = check("--output-format", style)
    assert result.exit_code == 1
    text = result.stdout.replace(str(faulty.parents[2]), "PROJECT")
    if style == "json":
        text = json.dumps(json.loads(text)["problems"], indent=1, ensure_ascii=False)
    assert text == snapshot


def test_json_has_the_documented_members(faulty: Path) -> None:
    data = json.loads(check("--output-format", "json").stdout)
    (mapping,) = data["mappings"]
    assert {"id", "source", "target", "route", "state", "guards", "problems", "ledger"} <= mapping.keys()
    assert (mapping["id"], mapping["state"]) == ("shop-to-desk/order", "wrong")
    assert {"copied", "unmapped"} <= {entry["fate"] for entry in mapping["ledger"]}
    shown = [guard["counterexample"] for guard in mapping["guards"]]
    assert all(each is not None and each["problems"] for each in shown)
    states = {each["path"]: each["state"] for each in mapping["targets"]}
    assert (states["created"], states["status"], states["id"]) == ("guarded", "wrong", "proven")


def test_counterexamples_are_valid_and_fail(faulty: Path) -> None:
    catalog = casemap.Catalog(faulty.parents[2])
    converter = catalog.converter("shop/order", "desk/ticket", {"unread": "x"})
    guards = converter.check().guards
    assert guards
    for guard in guards:
        assert guard.counterexample is not None, guard
        source = guard.counterexample.source
        jsonschema.validate(source, FAULTY_ORDER)
        with pytest.raises(casemap.ConversionError) as caught:
            converter(source)
        assert guard.counterexample.problems[0] in caught.value.problems


# --- guards, strictness, choice -----------------------------------------------------------------------------------

GUARDED = GOOD.replace("map: {NEW: open, SENT: closed}", "map: {NEW: open}")


def test_a_guard_is_a_finding_with_strict_alone(folder: Path) -> None:
    write_project(folder, GUARDED, ORDER, TICKET)
    lenient, strict = check(), check("--strict")
    assert (lenient.exit_code, strict.exit_code) == (0, 1)
    assert lenient.stdout == strict.stdout
    assert lenient.stdout.startswith("mappings/shop-to-desk/order.yaml:6:30: CM601 `status` rejects an order whose")


def test_an_acknowledged_guard_is_none(folder: Path) -> None:
    rules = GUARDED.replace("{NEW: open}}", "{NEW: open}, may_reject: Sent orders are for another desk.}")
    write_project(folder, rules, ORDER, TICKET)
    result = check("--strict", "--guards")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (
        "  `status` rejects an order whose `state` is none of NEW (Sent orders are for another desk.)" in result.stderr
    )


def test_a_mapping_that_cannot_be_loaded(folder: Path) -> None:
    file = write_project(folder, GOOD, ORDER, TICKET)
    file.write_text(HEAD + "fields:\n  id: id |\n  status: [a]\n")
    result = check("--output-format", "json")
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert data["mappings"][0]["state"] == "wrong"
    assert [(p["code"], p["line"]) for p in data["problems"]] == [("CM206", 5), ("CM212", 6)]


def test_a_route(folder: Path) -> None:
    result = check("--from", "egain/case", "--to", "khoros", "--output-format", "json")
    (route,) = json.loads(result.stdout)["mappings"]
    assert route["route"] == ["egain-to-common/case", "common-to-khoros/case"]
    assert route["state"] == "guarded"
    assert result.exit_code == 0


@pytest.mark.parametrize(
    "name", ["shop-to-desk/order", "mappings/shop-to-desk/order.yaml", "schemas/desk/ticket.schema.json"]
)
def test_one_mapping_by_its_names(name: str, folder: Path) -> None:
    write_project(folder, GUARDED, ORDER, TICKET)
    assert check(name).stderr.startswith("1 mapping: ")


@pytest.mark.parametrize(
    "arguments",
    [("shop-to-desc/order",), ("--from", "shop/order"), ("shop-to-desk/order", "--from", "a/b", "--to", "c/d")],
)
def test_wrong_usage(arguments: tuple[str, ...], folder: Path) -> None:
    write_project(folder, GOOD, ORDER, TICKET)
    result = CliRunner().invoke(command_line, ["check", *arguments])
    assert result.exit_code == 2
    assert "did you mean `shop-to-desk/order`?" in result.stderr or "--from and --to" in result.stderr


# --- schemas ------------------------------------------------------------------------------------------------------


def test_a_changed_schema_breaks_an_unchanged_mapping(folder: Path) -> None:
    write_project(folder, GOOD, ORDER, TICKET)
    file = folder / "schemas" / "shop" / "order.schema.json"
    schema = json.loads(file.read_text())
    schema["properties"]["state"]["enum"].append("LOST")
    file.write_text(json.dumps(schema))
    result = check("--strict")
    assert result.exit_code == 1
    assert "`status` rejects an order whose `state` is none of NEW, SENT" in result.stdout


def test_a_misspelt_keyword_and_a_reference_to_nothing(folder: Path) -> None:
    write_project(folder, GOOD, {**ORDER, "$defs": {"a": {"requird": []}}, "allOf": [{"$ref": "#/$defs/b"}]}, TICKET)
    result = check()
    assert result.exit_code == 1
    assert re.search(r"order.schema.json:\d+:\d+: CM613 `#/\$defs/b` leads nowhere", result.stdout)
    assert re.search(
        r"order.schema.json:\d+:\d+: CM614 `requird` is no keyword; did you mean `required`\?", result.stdout
    )


def test_a_type_that_no_mapping_knows(folder: Path) -> None:
    write_project(folder, GOOD, ORDER, TICKET)
    (folder / "schemas" / "shop" / "bill.schema.json").write_text('{"type": "object"}')
    result = check()
    assert result.exit_code == 1
    assert result.stdout == "schemas/shop/bill.schema.json:1:1: CM612 no mapping reads or writes shop/bill\n"
