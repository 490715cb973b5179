"""The benchmark of validation measures what it says. Nothing here is a matter of time."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import validate as benchmark
from benchmarks.validate import (
    DOCUMENT,
    Rates,
    Start,
    measure_memory,
    measure_rates,
    measure_start,
    tables,
    with_tables,
)
from casemap.problem import Problem
from casemap.run.validation import FileValidation


def test_every_part_can_be_measured() -> None:
    start = measure_start(1)
    assert 0 < start.bare < start.command
    rates = measure_rates("egain/case", 30, seed=3)
    assert (rates.type, rates.size > 100, rates.floor > 0, rates.jsonschema > 0) == ("egain/case", True, True, True)
    assert all(megabytes > 5 for megabytes in measure_memory("egain/case", (1, 2), seed=3))


def test_records_that_are_not_valid_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileValidation, "problems", lambda *_: iter([[Problem("CM401", "wrong")]]))
    with pytest.raises(SystemExit, match="casemap finds CM401 wrong"):
        measure_rates("egain/case", 1, seed=3)
    monkeypatch.undo()
    monkeypatch.setattr(benchmark, "cases", lambda *_: iter([{"subject": 5}]))
    monkeypatch.setattr(benchmark, "_validate", lambda *_: None)
    with pytest.raises(SystemExit, match="jsonschema finds "):
        measure_rates("egain/case", 1, seed=3)


def test_the_tables_replace_the_old_ones() -> None:
    made = tables(Start(50, 75), [Rates("a/b", 1234.5, 8, 10, 5, 500)], (10, 20), (30, 31))
    assert "| `casemap validate` with two small files | 75 ms | 1.50 |" in made
    assert "| a/b | 1,234 | 8.0 µs · 1.00 F | 10.0 µs · 1.25 F | 5.0 µs · 0.62 F | 500.0 µs · 62 F |" in made
    assert "30 MB for 10, 31 MB for 20." in made
    page = Path(DOCUMENT).read_text("utf-8")
    assert with_tables(with_tables(page, "old"), made) == with_tables(page, made)
    assert with_tables(page, made).replace(made, "old") == with_tables(page, "old")
    assert with_tables(page, made).endswith(page.rpartition("-->")[2])


def test_the_page_has_the_figures_of_every_type() -> None:
    page = Path(DOCUMENT).read_text("utf-8")
    assert all(f"| {type} |" in page for type in benchmark.TYPES)
