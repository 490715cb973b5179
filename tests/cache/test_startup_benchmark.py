"""The benchmark of starts runs what it says, and its table is on its page. How long anything takes is not tested."""

from __future__ import annotations

import pytest

from benchmarks.startup import BARE, COMMANDS, DOCUMENT, Command, Timing, measure, table, with_table


def test_a_run_takes_time_and_a_command_that_fails_is_told() -> None:
    (timing,) = measure((BARE,), runs=1)
    assert timing.processor > 0
    assert timing.elapsed > 0
    with pytest.raises(RuntimeError, match="no such thing"):
        measure((Command("no such thing", ("-c", "raise SystemExit(2)")),), runs=1)


def test_the_table_has_a_row_for_each_command_beside_the_first() -> None:
    made = table(COMMANDS, [Timing(50, 60), *(Timing(100, 90) for _ in COMMANDS[1:])])
    rows = [line for line in made.splitlines() if line.startswith("| `")]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [command.name for command in COMMANDS]
    assert rows[0].endswith("| 50 ms | 1.00 | 60 ms | 1.00 |")
    assert rows[-1].endswith("| 100 ms | 2.00 | 90 ms | 1.50 |")


def test_the_page_has_the_table_and_takes_another() -> None:
    page = DOCUMENT.read_text("utf-8")
    assert [command.name for command in COMMANDS if f"| {command.name} |" not in page] == []
    changed = with_table(page, "another")
    assert "\n\nanother\n\n" in changed
    assert COMMANDS[-1].name not in changed
    with pytest.raises(ValueError, match="no lines"):
        with_table("nothing", "another")
