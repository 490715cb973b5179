"""Models and schemas give the same verdicts, and what a model reads it writes; `agreement` measures more of that."""

from __future__ import annotations

import importlib
import json
import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from casemap import Catalog
from casemap.generate.options import PYTHON_VERSIONS, Options
from tests.generate.agreement import UNTYPED, Subjects, differences, measure, own_types
from tests.generate.schemas import random_schema
from tests.samples import ROOT

PROJECT = Path(__file__).parent / "project"
PAYLOADS = ROOT / "tests" / "payloads"


@cache
def bundled() -> Subjects:
    return Subjects()


@cache
def project(enums: Any) -> Subjects:
    """Models for the Python that runs."""
    version = f"3.{sys.version_info.minor}"
    return Subjects(
        PROJECT, Options(enums=enums, python=version if version in PYTHON_VERSIONS else PYTHON_VERSIONS[-1])
    )


@pytest.mark.parametrize("name", own_types(Catalog().store, None))
def test_bundled_models_agree_with_their_schemas(name: str) -> None:
    found = measure(bundled(), name, 250, seed=1)
    assert found.differences == []
    assert found.payloads == 500
    assert found.mutated_invalid > 50  # the mutations do harm


@pytest.mark.parametrize("enums", ["literal", "enum"])
@pytest.mark.parametrize("name", own_types(Catalog(PROJECT).store, PROJECT))
def test_models_of_odd_schemas_agree(name: str, enums: str) -> None:
    found = measure(project(enums), name, 150, seed=2)
    assert found.differences == []
    assert found.mutated_invalid > 20


@pytest.mark.parametrize("seed", [4, 16, 50])
def test_models_of_random_schemas_agree(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "schemas" / "odd"
    folder.mkdir(parents=True)
    for index in range(20):
        schema = random_schema(chance, [f"t{chance.randrange(20)}"])
        (folder / f"t{index}.schema.json").write_text(json.dumps(schema), "utf-8")
    subjects = Subjects(tmp_path, Options(enums=chance.choice(("literal", "enum"))))
    found = [measure(subjects, name, 40) for name in subjects.types]
    assert [difference for each in found for difference in each.differences] == []
    assert sum(each.payloads for each in found) > 800


def payloads(kind: str) -> list[Any]:
    paths = sorted(PAYLOADS.glob(f"*/*/{kind}/*.json"))
    return [pytest.param(path, id=path.relative_to(PAYLOADS).as_posix()) for path in paths]


def judged(path: Path, *, valid: bool) -> list[str]:
    name = path.relative_to(PAYLOADS).parent.parent.as_posix()
    return differences(json.loads(path.read_text("utf-8")), bundled().model(name), valid=valid)


@pytest.mark.parametrize("path", payloads("valid"))
def test_a_valid_payload_is_taken_and_written_as_read(path: Path) -> None:
    assert judged(path, valid=True) == []


@pytest.mark.parametrize("path", payloads("invalid"))
def test_an_invalid_payload_is_refused(path: Path) -> None:
    assert judged(path, valid=False) == []


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.json")), ids=lambda path: path.name)
def test_a_sample_is_written_as_read(path: Path) -> None:
    payload = json.loads(path.read_text("utf-8"))
    fitting = [name for name in bundled().types if bundled().store.validator(name).is_valid(payload)]
    assert fitting
    assert [differences(payload, bundled().model(name), valid=True) for name in fitting] == [[]] * len(fitting)


def test_the_bundled_package_is_what_is_measured() -> None:
    """The tests above read freshly generated models, of which the package in the repository has the same text."""
    package = ROOT / "generated" / "casemap_models"
    for name in ("khoros", "telecomx", "egain", "socialgateway", "common"):
        shipped = importlib.import_module(f"casemap_models.{name}")
        fresh = importlib.import_module(bundled().model(f"{name}/case").__module__)
        assert Path(str(fresh.__file__)).read_text("utf-8") == (package / f"{name}.py").read_text("utf-8")
        assert shipped.__all__ == fresh.__all__


# --- the measure itself -------------------------------------------------------------------------------------------


class Lax(BaseModel):
    """A model as people write it."""

    id: int
    name: str | None = None
    size: float = 1.0


@pytest.mark.parametrize(
    ("payload", "valid"),
    [
        ({"id": "203"}, False),  # taken for an integer
        ({"id": True}, False),
        ({"id": 1, "name": None}, False),  # absent and null are one
        ({"id": 1, "size": 2}, True),  # `name` is written though it was absent
        ({"id": 1, "more": 2}, True),  # dropped
    ],
)
def test_the_measure_sees_what_lax_models_do(payload: Any, valid: bool) -> None:
    assert len(differences(payload, Lax, valid=valid)) == 1


def test_the_measure_passes_over_what_is_right() -> None:
    assert differences({"id": 1, "name": "a", "size": 1.5}, Lax, valid=True) == []
    assert differences({"id": "x"}, Lax, valid=False) == []


def test_schemas_without_a_type_are_counted_as_exceptions(tmp_path: Path) -> None:
    folder = tmp_path / "schemas" / "loose"
    folder.mkdir(parents=True)
    (folder / "thing.schema.json").write_text('{"properties": {"a": {"type": "string"}}}', "utf-8")
    found = measure(Subjects(tmp_path), "loose/thing", 100)
    assert found.differences == []
    assert found.exceptions[UNTYPED] > 0
    assert "exceptions: no `type`" in str(found)
