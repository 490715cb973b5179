"""Examples of mappings, run: what holds, what does not, and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casemap import Catalog
from casemap.problem import Problem
from casemap.run.example_differences import NOTHING, Difference, differences
from casemap.run.example_suites import chosen_mappings, run_suites, share
from casemap.run.examples import ExampleRun, failing_examples, run_examples
from tests.language.projects import Project

CATALOG = Catalog()


@pytest.mark.parametrize("entry", CATALOG.mappings, ids=lambda entry: entry.id)
def test_the_bundled_mappings_are_reached_whole_by_examples_that_hold(entry: Any) -> None:
    (suite,) = run_suites(CATALOG, [entry])
    assert suite.runs
    assert [str(run.failure) for run in suite.failed] == []
    assert suite.coverage is not None
    assert [f"{part.rule.line} {part.kind} {part.words}" for part in suite.coverage.missed] == []
    assert share([suite]) == 100


def runs(folder: Path, text: str) -> list[ExampleRun]:
    catalog = Project(folder).mapping("a-to-b/doc", text).catalog()
    return list(run_examples(catalog, catalog.mapping("a-to-b/doc")))


def problems(folder: Path, text: str) -> list[Problem]:
    catalog = Project(folder).mapping("a-to-b/doc", text).catalog()
    return failing_examples(catalog, catalog.mapping("a-to-b/doc"))


def test_an_example_that_holds(tmp_path: Path) -> None:
    text = (
        "fields: {a: x, b: y | int}\nexamples:\n  - {source: {value: {x: 1, y: 2}}, target: {value: {b: 2.0, a: 1}}}\n"
    )
    (run,) = runs(tmp_path, text)
    assert (run.holds, run.gives_target, run.result) == (True, True, {"a": 1, "b": 2})


def test_an_example_that_gives_something_else(tmp_path: Path) -> None:
    text = "fields:\n  id: x\nexamples:\n  - {source: {value: {x: a1}}, target: {value: {id: a2}}}\n"
    (problem,) = problems(tmp_path, text)
    assert (problem.code, problem.line, problem.column) == ("CM611", 7, 5)
    assert problem.message == 'this example gives {"id":"a1"}, not {"id":"a2"}'
    assert problem.file
    assert problem.file.endswith("doc.yaml")


def test_of_large_documents_the_first_difference_is_said(tmp_path: Path) -> None:
    value = {"a": "x" * 70, "b": [1, 2], "c": 1}
    text = f"from: this\nexamples:\n  - source: {{value: {json.dumps(value)}}}\n    target: {{value: {json.dumps({**value, 'b': [1, 3], 'd': 4})}}}\n"
    (problem,) = problems(tmp_path, text)
    assert problem.message == "this example gives 2 at /b/1, not 3, and 1 more differences"


@pytest.mark.parametrize(
    ("example", "message"),
    [
        ("{source: {value: {x: '1'}}, reject: CM303}", "this example gives {\"a\":1}, and is not rejected with CM303"),
        ("{source: {value: {x: z}}, reject: CM301}", "this example is rejected with CM303 /x: int: \"z\" is no number, not with CM301"),
        ("{source: {value: {x: z}}, target: {value: {}}}", "this example is rejected with CM303 /x: int: \"z\" is no number"),
        ("{source: {file: gone.json}, target: {value: {}}}", "this example cannot be run: FOLDER/gone.json: CM101 cannot be read: No such file or directory"),
        ("{source: {value: {}}, params: {p: 1}, target: {value: {}}}", "this example cannot be run: CM505 the route has no param `p`"),
    ],
)  # fmt: skip
def test_what_can_be_wrong_with_an_example(tmp_path: Path, example: str, message: str) -> None:
    (problem,) = problems(tmp_path, f"fields: {{a: x | int}}\nexamples:\n  - {example}\n")
    found = problem.message.replace(str(tmp_path / "mappings" / "a-to-b"), "FOLDER")
    assert found == message
    assert problem.help


def test_a_source_that_is_not_valid(tmp_path: Path) -> None:
    Project(tmp_path).schema("a/doc", {"required": ["x"]})
    (problem,) = problems(tmp_path, "fields: {a: x}\nexamples:\n  - {source: {value: {}}, target: {value: {}}}\n")
    assert problem.message.startswith("this example is rejected with CM401 ")
    assert problems(tmp_path, "fields: {a: x}\nexamples:\n  - {source: {value: {}}, reject: CM401}\n") == []


def test_files_are_found_from_the_mapping(tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"x": 1}')
    (tmp_path / "out.yaml").write_text("a: 2\n")
    text = "fields:\n  a: x\nexamples:\n  - {source: {file: ../../in.json}, target: {file: ../../out.yaml}}\n"
    (run,) = runs(tmp_path, text)
    (difference,) = run.differences
    place = run.place_of(difference)
    assert place is not None
    assert (place.file, place.line, place.column) == (str(tmp_path / "out.yaml"), 1, 4)
    assert [(rule.line, rule.column) for rule in run.rules] == [(5, 3)]


def test_a_file_of_several_documents_is_no_example(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_text("1\n2\n")
    text = "from: this\nexamples:\n  - {source: {file: ../../in.ndjson}, target: {value: 1}}\n"
    (problem,) = problems(tmp_path, text)
    assert "holds one document" in problem.message


# --- differences --------------------------------------------------------------------------------------------------

FOUND: tuple[tuple[Any, Any, list[Difference]], ...] = (
    (1, 1.0, []),
    (1, True, [Difference((), (), 1, True)]),
    ("1", 1, [Difference((), (), "1", 1)]),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    ({"a": 1}, {}, [Difference(("a",), ("a",), 1, NOTHING)]),
    ({}, {"a": None}, [Difference(("a",), ("a",), NOTHING, None)]),
    ([1, 2], [1, 3], [Difference((1,), (1,), 2, 3)]),
    ([1, 2, 3], [2, 3], [Difference((0,), (0,), 1, NOTHING)]),
    ([1, 3], [1, 2, 3], [Difference((1,), (1,), NOTHING, 2)]),
    ([{"a": 1}, {"b": 1}], [{"b": 2}], [Difference((0, "a"), (0, "a"), 1, NOTHING), Difference((0, "b"), (0, "b"), NOTHING, 2), Difference((1,), (1,), {"b": 1}, NOTHING)]),
    ([], {}, [Difference((), (), [], {})]),
)  # fmt: skip


@pytest.mark.parametrize(("expected", "actual", "found"), FOUND)
def test_differences(expected: Any, actual: Any, found: list[Difference]) -> None:
    assert differences(expected, actual) == found


# --- choosing -----------------------------------------------------------------------------------------------------


def test_mappings_are_chosen_by_id_folder_and_file() -> None:
    def ids(*names: str) -> list[str]:
        return [entry.id for entry in chosen_mappings(CATALOG, names)]

    assert ids("egain-to-common/case") == ["egain-to-common/case"]
    assert ids("egain-to-common") == ["egain-to-common/case", "egain-to-common/case-list", "egain-to-common/case-query"]
    file = next(entry.file for entry in CATALOG.mappings if entry.id == "khoros-to-common/case")
    assert ids(file, "khoros-to-common/case") == ["khoros-to-common/case"]
    assert len(ids()) == 23


def test_of_a_project_its_own_mappings_are_run(tmp_path: Path) -> None:
    catalog = Project(tmp_path).mapping("a-to-b/doc", "fields: {a: x}\n").catalog()
    assert [entry.id for entry in chosen_mappings(catalog, ())] == ["a-to-b/doc"]
