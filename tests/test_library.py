"""The library as other programs use it."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import casemap
from tests.samples import ROOT, payload


def project(folder: Path, mapping: str) -> Path:
    for name in ("a", "b"):
        (folder / "schemas" / name).mkdir(parents=True)
        (folder / "schemas" / name / "doc.schema.json").write_text("{}")
    (folder / "mappings" / "a-to-b").mkdir(parents=True)
    (folder / "mappings" / "a-to-b" / "doc.yaml").write_text(mapping)
    return folder


def test_every_public_name_is_there() -> None:
    for name in casemap.__all__:
        assert getattr(casemap, name) is not None
    assert set(casemap.__all__) <= set(dir(casemap))
    with pytest.raises(AttributeError):
        casemap.nothing  # noqa: B018


def test_verbs_over_the_bundled_formats() -> None:
    case = payload("telecomx-case")
    assert casemap.detect(case) == "telecomx/case"
    assert casemap.validate(case, "telecomx/case") == []
    (problem,) = casemap.validate({**case, "state": "SHUT"}, "telecomx/case")
    assert (problem.code, problem.path) == ("CM401", "/state")
    assert str(problem).startswith("CM401 /state: ")
    convert = casemap.converter("telecomx/case", "khoros/case")
    assert (convert.source, convert.target) == ("telecomx/case", "khoros/case")
    assert convert.route == ("telecomx-to-common/case", "common-to-khoros/case")
    assert convert(case)["title"] == casemap.convert(case, "telecomx/case", "khoros")["title"]


def test_detection_of_every_sample() -> None:
    found = {
        name: casemap.detect(payload(name))
        for name in ("egain-case", "egain-case-list", "khoros-case", "khoros-case-list", "socialgateway-case")
    }
    assert found == {
        "egain-case": "egain/case",
        "egain-case-list": "egain/case-list",
        "khoros-case": "khoros/case",
        "khoros-case-list": "khoros/case-list",
        "socialgateway-case": "socialgateway/case",
    }


def test_detection_that_fails_lists_what_there_is() -> None:
    with pytest.raises(casemap.ConversionError) as caught:
        casemap.detect(17)
    (problem,) = caught.value.problems
    assert problem.code == "CM507"
    assert "egain/case" in problem.help


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "CM504"),
        ({"base_url": "https://e.example", "other": 1}, "CM505"),
        ({"base_url": 17}, "CM506"),
        ({"base_url": "not a url"}, "CM506"),
    ],
)
def test_params_are_checked_before_any_record(params: dict[str, Any], code: str) -> None:
    with pytest.raises(casemap.MappingError) as caught:
        casemap.converter("egain/case", "khoros/case", params)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize(
    "value",
    [None, 1, "text", [], {1: 2}, {"id": {1, 2}}, {"_id": object()}, {"_id": float("nan")}, (1, 2), b"bytes"],
    ids=["null", "number", "text", "array", "number key", "set", "object", "nan", "tuple", "bytes"],
)
def test_a_malformed_payload_raises_a_conversion_error(value: Any) -> None:
    with pytest.raises(casemap.ConversionError) as caught:
        casemap.convert(value, "telecomx/case", "khoros/case")
    assert caught.value.problems


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("egain-case", {"severity": {"value": "none"}}),
        ("egain-case-list", {"paginationInfo": {"count": "1"}}),
        ("khoros-case", {"url": None}),
        ("socialgateway-case", {"update_date": "yesterday"}),
        ("telecomx-case", {"state": "SHUT"}),
        ("telecomx-case-list", {"limit": 0}),
    ],
)
def test_a_broken_payload_is_not_taken_for_one_of_another_type(name: str, fault: dict[str, Any]) -> None:
    broken = payload(name) | fault
    with pytest.raises(casemap.ConversionError) as raised:
        casemap.detect(broken)
    (problem,) = raised.value.problems
    assert problem.code == "CM507"
    assert problem.help.splitlines()[1].startswith(f"{name.replace('-', '/', 1)}, 1 problem: ")


def test_what_a_result_lacks_is_told_of_the_payload() -> None:
    case = payload("egain-case")
    bare = {"id": "7", "subject": "Late", "status": {"value": "waiting"}}
    params = {"base_url": "https://egain.example.com"}
    whole = casemap.converter("egain/case", "khoros/case", params)
    with pytest.raises(casemap.ConversionError) as of_case:
        whole(bare)
    found = {(problem.code, problem.path) for problem in of_case.value.problems}
    assert found == {("CM402", f"/{field}") for field in ("customer/id", "lastModified/date", "status/value")}
    assert all(problem.rule is not None for problem in of_case.value.problems)
    page = casemap.converter("egain/case-list", "khoros/case-list", params)
    with pytest.raises(casemap.ConversionError) as of_only:
        page({"case": [bare]})
    paths = {problem.path for problem in of_only.value.problems}
    assert paths == {f"/case/0/{field}" for field in ("customer/id", "lastModified/date", "status/value")}
    with pytest.raises(casemap.ConversionError) as of_several:  # which of them it is, the place in the result says
        page({"case": [case, bare]})
    assert {problem.path for problem in of_several.value.problems} == {"/case"}
    assert {problem.target_path for problem in of_several.value.problems} == {"/1"}


def test_what_a_whole_result_lacks_is_told_of_the_whole_payload() -> None:
    with pytest.raises(casemap.ConversionError) as raised:
        casemap.convert({"id": "1"}, "telecomx/case-query", "egain/case-query")
    (problem,) = raised.value.problems
    assert (problem.code, problem.path, problem.target_path) == ("CM402", "", "")
    assert problem.rule is not None
    assert problem.rule.file.endswith("common-to-egain/case-query.yaml")


def test_what_a_rule_says_of_its_rejects_is_told() -> None:
    for of, said in ((0, "of a vendor's word"), (1, "Khoros files a case under its customer")):
        case = payload("egain-case") | ({"customer": {}} if of else {"status": {"value": "waiting"}})
        with pytest.raises(casemap.ConversionError) as raised:
            casemap.convert(case, "egain/case", "khoros/case", {"base_url": "https://egain.example.com"})
        (problem,) = raised.value.problems
        first, second = problem.help.splitlines()
        assert said in first
        assert second.startswith("Add the member")
    with pytest.raises(casemap.ConversionError) as raised:
        casemap.convert({"id": "1"}, "telecomx/case-query", "egain/case-query")
    assert raised.value.problems[0].help.startswith("eGain looks up by at least one key")


def test_a_payload_that_is_nested_too_deeply_is_rejected_or_converted(tmp_path: Path) -> None:
    catalog = casemap.Catalog(project(tmp_path, "casemap: 1\nsource: a/doc\ntarget: b/doc\nfields: {x: x | to_json}\n"))
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    try:
        catalog.convert({"x": deep}, "a/doc", "b/doc")
    except casemap.ConversionError as error:
        assert error.problems  # noqa: PT017 - both outcomes are right


def test_errors_are_picklable() -> None:
    with pytest.raises(casemap.ConversionError) as caught:
        casemap.convert({}, "telecomx/case", "khoros/case")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert again.problems == caught.value.problems
    assert str(again) == str(caught.value)


def _title(convert: casemap.Converter, case: Any) -> str:
    title: str = convert(case)["title"]
    return title


def test_a_converter_goes_to_worker_processes() -> None:
    convert = casemap.converter("telecomx/case", "khoros/case")
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(_title, convert, payload("telecomx-case")).result() == "Skærm går i sort"


def test_a_converter_is_used_from_many_threads() -> None:
    convert = casemap.converter("telecomx/case", "khoros/case")
    expected, found = convert(payload("telecomx-case")), []

    def work() -> None:
        found.extend(convert(payload("telecomx-case")) == expected for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 200
    assert all(found)


def _shout(value: Any) -> Any:
    if not isinstance(value, str):
        raise casemap.Failure("CM302", "shout takes a text")
    return value.upper() + "!"


def test_a_team_registers_a_function(tmp_path: Path) -> None:
    folder = project(tmp_path, "casemap: 1\nsource: a/doc\ntarget: b/doc\nfields: {x: x | shout}\n")
    with pytest.raises(casemap.MappingError) as caught:
        casemap.Catalog(folder).converter("a/doc", "b/doc")
    assert caught.value.problems[0].code == "CM204"
    catalog = casemap.Catalog(folder)
    parameters = (casemap.Parameter("value", {"type": "string"}),)
    catalog.register(casemap.Function("shout", "text", "Louder.", parameters, {"type": "string"}, _shout))
    convert = catalog.converter("a/doc", "b/doc")
    assert convert({"x": "hey"}) == {"x": "HEY!"}
    assert pickle.loads(pickle.dumps(convert))({"x": "ho"}) == {"x": "HO!"}  # noqa: S301 - our own bytes
    with pytest.raises(ValueError, match="shout"):
        catalog.register(casemap.Function("shout", "text", "", parameters, {}, _shout))


def test_the_package_imports_fast_and_light() -> None:
    code = (
        "import sys, casemap\n"
        "heavy = {'jinja2', 'yaml', 'click', 'rich', 'jsonschema_rs', 'orjson', 'pydantic', 'whenever'} & set(sys.modules)\n"
        "print(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_public_interface_is_typed(tmp_path: Path) -> None:
    file = tmp_path / "use.py"
    file.write_text(
        "import casemap\n"
        'convert: casemap.Converter = casemap.converter("egain/case", "khoros/case", params={"base_url": "https://e.example"})\n'
        "problems: list[casemap.Problem] = casemap.validate({}, 'egain/case')\n"
        "codes: list[str] = [problem.code for problem in problems]\n"
        "name: str = casemap.detect({})\n"
        "catalog: casemap.Catalog = casemap.Catalog('.')\n"
        "wrong: int = casemap.detect({})\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'use.py:7: error: Incompatible types in assignment (expression has type "str"' in done.stdout
    assert "Found 1 error" in done.stdout
