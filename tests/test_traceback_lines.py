"""Tracebacks show the lines of generated code, which stay in memory as long as the code does."""

from __future__ import annotations

import ast
import gc
import linecache
import traceback
from pathlib import Path
from typing import Any

import pytest

from casemap import Catalog
from casemap.compiler.execution import FunctionCode, compiled
from tests.cache.running import own_project

VALUES = {"site": "https://shop.example", "rank": 3}


def generated() -> set[str]:
    gc.collect()
    return {name for name in linecache.cache if name.startswith("<casemap ")}


def converter(project: Path) -> Any:
    return Catalog(project).converter("shop/ticket", "desk/ticket", VALUES)


@pytest.mark.parametrize("cached", [False, True])
def test_lines_go_with_the_last_function_that_has_them(
    cached: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEMAP_CACHE_DIR", str(tmp_path / "cache") if cached else "")
    project = own_project(tmp_path)
    before = generated()
    one = converter(project)
    one({"no": 7, "subject": "x"})
    names = generated() - before
    assert names
    other = converter(project)
    other({"no": 7, "subject": "x"})
    assert generated() - before == names
    del one
    assert generated() - before == names
    assert all(linecache.getlines(name) for name in names)
    del other
    assert generated() == before


def test_a_traceback_keeps_its_lines() -> None:
    text = "def convert(document):\n    return 1 // document\n"
    function = FunctionCode(
        text, "<casemap of this test>", compiled(ast.parse(text), "<casemap of this test>"), {}
    ).made({})
    with pytest.raises(ZeroDivisionError) as raised:
        function(0)
    del function
    assert "<casemap of this test>" in generated()
    assert traceback.extract_tb(raised.value.__traceback__)[-1].line == "return 1 // document"
    del raised
    assert "<casemap of this test>" not in generated()
