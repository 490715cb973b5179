"""The type of a payload whose type nobody said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casemap import Catalog
from casemap.errors import ConversionError

SCHEMAS = {
    "a/thing": '{"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "name": {}}}',
    "a/thing-list": '{"type": "array", "items": {"$ref": "https://casemap.example/schemas/a/thing"}}',
    "b/other": '{"type": "object", "required": ["key"], "properties": {"key": {"type": "integer"}, "name": {}}}',
}


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    for name, text in SCHEMAS.items():
        file = tmp_path / "schemas" / f"{name}.schema.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    monkeypatch.setattr("casemap.catalog.bundled_folder", lambda: tmp_path)
    return Catalog(tmp_path)


@pytest.mark.parametrize(
    ("value", "type"),
    [
        ({"id": "x"}, "a/thing"),
        ([{"id": "x"}], "a/thing-list"),
        ({"key": 1}, "b/other"),
        ({"id": "x", "key": 1, "name": 2}, None),
    ],
)
def test_what_fits(catalog: Catalog, value: Any, type: str | None) -> None:
    if type is not None:
        assert catalog.detect(value) == type
        return
    with pytest.raises(ConversionError) as caught:
        catalog.detect(value)
    assert caught.value.problems[0].message == "the payload can be a/thing or b/other"


def test_what_does_not_fit_is_told_nearest_first(catalog: Catalog) -> None:
    with pytest.raises(ConversionError) as caught:
        catalog.detect({"key": "5", "name": "x"})
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == ("CM507", "the payload is valid for no document type")
    assert problem.help.splitlines() == [
        "Name its type with `--from` to see all that is wrong. Nearest first:",
        'b/other, 1 problem: /key: expected an integer, found "5"',
        "a/thing, 1 problem: the payload: the member `id` is missing",
        "There are also a/thing-list.",
    ]


def test_nothing_in_common(catalog: Catalog) -> None:
    with pytest.raises(ConversionError) as caught:
        catalog.detect(5)
    assert "a/thing, 1 problem: the payload: expected an object, found 5" in caught.value.problems[0].help
