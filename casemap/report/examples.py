"""What examples of mappings give: as text for people, as JSON for programs.

Differences name both places: where the expected value stands, and the rule that made the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from casemap.analysis.coverage import KINDS, Coverage, Kind, Part
from casemap.problem import Problem, pointer
from casemap.report.characters import printable
from casemap.report.explanation import value_text
from casemap.report.problems import as_data
from casemap.run.example_differences import NOTHING, Difference
from casemap.run.example_suites import Suite, share
from casemap.run.examples import ExampleRun, name_of
from casemap.span import Span
from casemap.syntax.json_text import write_json

__all__ = ["coverage_text", "examples_json", "failure_text", "failures_text", "place_text", "summary_text"]

_HEADS: dict[Kind, str] = {
    "rule": "rules", "entry": "entries", "branch": "branches", "fallback": "fallbacks", "else": "else",
}  # fmt: skip
_LONGEST = 200
"""Characters of a value that a difference shows."""


# --- differences --------------------------------------------------------------------------------------------------


def failures_text(suites: Sequence[Suite], folder: str = "") -> str:
    """Each example that does not hold, with all that differs; empty where all hold."""
    return "\n\n".join(failure_text(run, folder) for suite in suites for run in suite.failed)


def failure_text(run: ExampleRun, folder: str = "") -> str:
    """What is wrong with an example that does not hold. Files below `folder` are named from there."""
    assert run.failure is not None  # noqa: S101 - it does not hold
    lines = [f"{printable(f'{run.mapping.id}, {name_of(run)}')} at {place_text(run.example.span, folder)}"]
    if not run.differences:
        return "\n".join([*lines, f"  {printable(run.failure.message)}", *_problems(run.problems, folder)])
    for difference, rule in zip(run.differences, run.rules, strict=True):
        lines += _difference(run, difference, rule, folder)
    return "\n".join(lines)


def _problems(problems: Sequence[Problem], folder: str) -> Iterator[str]:
    for problem in problems:
        rule = f" (rule {place_text(problem.rule, folder)})" if problem.rule is not None else ""
        yield f"    {printable(str(problem.at(rule=None)))}{rule}"


def _difference(run: ExampleRun, difference: Difference, rule: Span, folder: str) -> Iterator[str]:
    yield f"  {printable(pointer(difference.actual_at)) or 'the whole result'}"
    place = run.place_of(difference)
    there = place_text(place, folder) if place is not None else ""
    expected, actual = (
        "nothing" if value is NOTHING else value_text(value, _LONGEST)
        for value in (difference.expected, difference.actual)
    )
    width = max(len(expected), len(actual)) if max(len(expected), len(actual)) <= 40 else 0
    yield f"    - {expected:<{width}}  expected at {there}"
    yield f"    + {actual:<{width}}  given by the rule at {place_text(rule, folder)}"


def place_text(span: Span, folder: str = "") -> str:
    """A place as `file:line:column`."""
    path = PurePath(span.file)
    near = bool(folder) and path.is_relative_to(folder)
    return printable(f"{path.relative_to(folder) if near else path}:{span.line}:{span.column}")


# --- coverage -----------------------------------------------------------------------------------------------------


def coverage_text(suites: Sequence[Suite], folder: str = "") -> str:
    """A table of what the examples reach, and a line for each part that none does."""
    covered = [suite.coverage for suite in suites if suite.coverage is not None]
    if not covered:
        return ""
    rows = [["mapping", *_HEADS.values(), "reached"]]
    rows += [[printable(each.mapping.id), *(_count(each, kind) for kind in KINDS), _percent(each)] for each in covered]
    if len(covered) > 1:
        totals = [_sum(covered, kind) for kind in KINDS]
        rows.append(["all", *(f"{reached}/{total}" for reached, total in totals), f"{_down(share(suites))} %"])
    blocks = [_table(rows)]
    missed = [(part, each) for each in covered for part in each.missed]
    if missed:
        lines = ["Reached by no example:"]
        lines += [f"  {_kind(part)}  {place_text(part.rule, folder)}  {printable(part.words)}" for part, _ in missed]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _kind(part: Part) -> str:
    return f"{part.kind:<8}"


def _count(coverage: Coverage, kind: Kind) -> str:
    reached, total = coverage.count(kind)
    return f"{reached}/{total}" if total else "-"


def _sum(covered: Sequence[Coverage], kind: Kind) -> tuple[int, int]:
    counts = [each.count(kind) for each in covered]
    return sum(count[0] for count in counts), sum(count[1] for count in counts)


def _percent(coverage: Coverage) -> str:
    reached, total = coverage.count()
    return f"{_down(100.0 * reached / total if total else 100.0)} %"


def _down(percent: float) -> str:
    """Rounded down: 100 is all, and nothing less."""
    return f"{int(percent * 10) / 10:.1f}".removesuffix(".0")


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            f"{row[0]:<{widths[0]}}",
            *(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def summary_text(suites: Sequence[Suite]) -> str:
    """How many examples hold."""
    runs = [run for suite in suites for run in suite.runs]
    held = sum(run.holds for run in runs)
    mappings = f"{len(suites):,} {'mapping' if len(suites) == 1 else 'mappings'}"
    if len(runs) == 1:
        return f"{held} of 1 example of {mappings} holds"
    return f"{held:,} of {len(runs):,} examples of {mappings} hold"


# --- JSON ---------------------------------------------------------------------------------------------------------


def examples_json(suites: Sequence[Suite]) -> str:
    """One JSON document: `mappings`, each with its `examples` and its `coverage`, and the `reached` percentage."""
    document = {"mappings": [_suite(suite) for suite in suites], "reached": share(suites)}
    return write_json(document, indent=True).decode()


def _suite(suite: Suite) -> dict[str, Any]:
    return {
        "id": suite.entry.id,
        "file": suite.entry.file,
        "examples": [_run(run) for run in suite.runs],
        "coverage": None if suite.coverage is None else _coverage(suite.coverage),
        "problems": [as_data(problem) for problem in suite.problems],
    }


def _run(run: ExampleRun) -> dict[str, Any]:
    return {
        "number": run.number,
        "place": _span(run.example.span),
        "holds": run.holds,
        "problem": None if run.failure is None else as_data(run.failure),
        "differences": [
            _as_json(run, difference, rule) for difference, rule in zip(run.differences, run.rules, strict=True)
        ],
        "rejected": [as_data(problem) for problem in run.problems],
    }


def _as_json(run: ExampleRun, difference: Difference, rule: Span) -> dict[str, Any]:
    place = run.place_of(difference)
    values = {"expected": difference.expected, "actual": difference.actual}
    return {
        "path": pointer(difference.actual_at),
        **{name: value for name, value in values.items() if value is not NOTHING},
        "expected_at": None if place is None else _span(place),
        "rule": _span(rule),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    counts = {kind: coverage.count(kind) for kind in KINDS}
    return {
        **{kind: {"reached": reached, "all": total} for kind, (reached, total) in counts.items()},
        "missed": [{"kind": part.kind, "words": part.words, "rule": _span(part.rule)} for part in coverage.missed],
    }


def _span(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.line, "column": span.column}
