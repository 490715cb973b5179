"""Soundness: what is proven of a route holds for every payload that is tried, by the word of the pure `jsonschema`.

    python -m tests.proof.soundness                                   10,000 payloads for each route
    python -m tests.proof.soundness --payloads 500 --only khoros      routes with that in their name
    python -m tests.proof.soundness --jobs 2 --write                  the table into docs/proof.md as well

Each route converts valid payloads that are made at random to reach every branch of its mappings. It is a violation if
- a result is not valid for the target, whatever the state,
- a proven route rejects a payload,
- a rejection has no code, or one that is none of a conversion's,
- a rejection is not foreseen: no guard of the proof has its rule, or its field,
- anything else is raised than `ConversionError`.
"""

# ruff: noqa: T201 - a command

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from casemap import Catalog, ConversionError, Converter
from casemap.analysis.compose import in_turn
from casemap.analysis.proof import Guard, Proof
from casemap.catalog import Route, bundled_folder
from casemap.problem import Problem
from tests.proof import tables
from tests.proof.coverage import Coverage, told
from tests.proof.generator import MappingPayloads
from tests.proof.oracle import Oracle, schema_files
from tests.proof.tables import markdown

__all__ = [
    "PARAMS",
    "UNREACHABLE",
    "Outcome",
    "catalog",
    "check_payload",
    "check_route",
    "converter_of",
    "foreseen",
    "is_rejection",
    "main",
    "routes",
]

PARAMS = {"base_url": "https://egain.example.com:9000/root/"}
MOST_SHOWN = 3
MOST_COVERED = 3000
"""Payloads that the plain evaluator converts at most, to see which parts of a mapping they reach."""

_ITEM = "a used mapping is applied to items, and an item is never absent"
_LISTED = "the source's schema lists all values, and the value map has every one of them"
UNREACHABLE: dict[str, str] = {
    "condition fails: case: {each: cases, use: case, records: true}": _ITEM,
    "condition fails: cases: {each: cases, use: case, records: true}": _ITEM,
    "condition fails: cases: {each: case, use: case, records: true}": _ITEM,
    "condition fails: use: case": _ITEM,
    "condition fails: use: bare_case": "`of: data` stands behind `when: data is defined`",
    "condition fails: - {use: whole_number, of: id}": "a common case always has an id",
    "rule data: data:": "`const: null` is there to be absent: it keeps the name free",
    "entry unlisted: - {from: direction, map: brand_owned, note: What goes out and what stays inside is the brand's.}": _LISTED,
    "entry unlisted: - {from: status, map: state}": _LISTED,
    "entry unlisted: - {from: direction, map: type}": _LISTED,
    "entry unlisted: severity: {from: severity.value, map: severity}": _LISTED,
    "entry unlisted: - otherwise: {from: author.brandOwned, map: brand_owned_direction}": _LISTED,
    "entry unlisted: map: status": _LISTED,
    "entry unlisted: map: direction": _LISTED,
    "entry unlisted: kind: {from: type, map: kind}": _LISTED,
    "entry unlisted: author.brand_owned: {from: type, map: brand_owned}": _LISTED,
}
"""Parts of mappings that no valid payload reaches, as `told` puts them, and why."""


@dataclass(slots=True)
class Outcome:
    """What became of the payloads of one route."""

    route: Route
    state: str
    guards: int
    payloads: int = 0
    converted: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)
    parts: int = 0
    unshown: list[Guard] = field(default_factory=list)
    """Guards that neither a counterexample nor any payload has shown yet."""
    unreachable: int = 0
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.route.source} → {self.route.target}"

    @property
    def reached(self) -> int:
        return self.parts - self.unreachable - len(self.missing)

    def violated(self, how: str, payload: Any, what: object) -> None:
        """Note a violation; the first few with their payload."""
        self.violations[how] += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(f"{self.name}: {how}: {what}\n  {json.dumps(payload)[:2000]}")


@cache
def catalog() -> Catalog:
    return Catalog()


@cache
def _oracle() -> Oracle:
    return Oracle(schema_files(bundled_folder()))


def routes(only: str = "") -> list[Route]:
    """The routes of the bundled catalog with a text in their name; mappings first."""
    found = [route for route in catalog().routes() if only in f"{route.source} → {route.target}"]
    return sorted(found, key=lambda route: (len(route.mappings), route.source, route.target))


def converter_of(route: Route) -> Converter:
    """The converter of a route, with params."""
    params = {name: PARAMS[name] for name in catalog().parameters(route.source, route.target)}
    return catalog().converter(route.source, route.target, params)


def check_route(route: Route, count: int, seed: int = 0, cover: bool = True) -> Outcome:
    """Convert so many payloads of a route, and hold what becomes of them to its proof.

    With `cover`, for a single mapping, see which of its parts they reach.
    """
    started = time.process_time()
    converter = converter_of(route)
    proof = converter.check()
    outcome = Outcome(route, proof.state, len(proof.guards))
    outcome.unshown = [guard for guard in proof.guards if not has_example(guard, proof)]
    store = catalog().store
    made = MappingPayloads(store, route.source, converter.tree, converter.root, route.target, seed)
    for payload in itertools.islice(made, count):
        check_payload(outcome, converter, proof, payload)
    if cover and len(route.mappings) == 1:
        _cover(outcome, converter, min(count, MOST_COVERED), seed)
    outcome.seconds = time.process_time() - started
    return outcome


def check_payload(outcome: Outcome, converter: Converter, proof: Proof, payload: Any) -> None:
    """Convert one payload, and hold what becomes of it to the proof."""
    outcome.payloads += 1
    try:
        result = converter(payload)
    except ConversionError as error:
        outcome.rejected[" ".join(sorted({problem.code for problem in error.problems}))] += 1
        _check_rejection(outcome, proof, payload, error.problems)
        return
    except Exception as error:  # noqa: BLE001 - whatever else is raised is what is looked for
        outcome.violated("raised", payload, repr(error))
        return
    outcome.converted += 1
    if not _oracle().is_valid(result, outcome.route.target):
        outcome.violated("invalid result", payload, json.dumps(result)[:2000])


def _check_rejection(outcome: Outcome, proof: Proof, payload: Any, problems: Sequence[Problem]) -> None:
    if not problems or not all(map(is_rejection, problems)):
        outcome.violated("no code of a conversion", payload, problems)
    if proof.state == "proven":
        outcome.violated("proven and rejected", payload, problems[0])
    for problem in problems:
        if not any(foreseen(problem, guard) for guard in proof.guards):
            outcome.violated("not foreseen", payload, problem)
        outcome.unshown = [guard for guard in outcome.unshown if not foreseen(problem, guard)]


def is_rejection(problem: Problem) -> bool:
    """Whether a problem has a code of a conversion: a rule that refuses, or a result that the target does not take."""
    return problem.code == "CM402" or problem.code.startswith("CM3")


def foreseen(problem: Problem, guard: Guard) -> bool:
    """Whether a guard says that a payload may be rejected in this way: by this rule, or at this field of the result.

    A rule that refuses a value may do so with several codes, of which the guard has one; then the field has to be the
    guard's as well.
    """
    steps = _steps(problem)
    if not guard.output:
        return problem.rule == guard.rule and (problem.code == guard.code or _leads(steps, guard.target))
    if problem.code != guard.code:
        return False
    if len(steps) == len(guard.target) - 1 and f"`{guard.target[-1]}`" in problem.message:
        steps.append(guard.target[-1])  # a member that is missing is told of the object
    return _leads(steps, guard.target)


def has_example(guard: Guard, proof: Proof) -> bool:
    """Whether a guard has a counterexample, and that shows this guard: not another field's that has the same rule."""
    problems = guard.counterexample.problems if guard.counterexample is not None else ()
    targets = {other.target for other in proof.guards if other.rule == guard.rule}
    return any(foreseen(each, guard) and (len(targets) == 1 or _leads(_steps(each), guard.target)) for each in problems)


def _steps(problem: Problem) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in (problem.target_path or "").split("/")[1:]]


def _leads(steps: Sequence[str], target: Sequence[str]) -> bool:
    """Whether a place of a result is a target field, or below it."""
    return len(steps) >= len(target) and all(wanted in ("*", step) for wanted, step in zip(target, steps, strict=False))


def _cover(outcome: Outcome, converter: Converter, count: int, seed: int) -> None:
    """Which parts of the one mapping the same payloads reach, in the eyes of the plain evaluator."""
    route = outcome.route
    tree, root = in_turn(catalog().mapping(route.mappings[0]))
    coverage = Coverage(tree, root, PARAMS)
    made = MappingPayloads(catalog().store, route.source, converter.tree, converter.root, route.target, seed)
    coverage.run(itertools.islice(made, count), UNREACHABLE)
    outcome.parts = len(coverage.parts)
    outcome.missing = [told(part) for part in coverage.missing if told(part) not in UNREACHABLE]
    outcome.unreachable = len(coverage.missing) - len(outcome.missing)


# --- the command -----------------------------------------------------------------------------------------------------


def _checked(arguments: tuple[Route, int, int]) -> Outcome:
    return check_route(*arguments)


def _run(chosen: Sequence[Route], count: int, seed: int, jobs: int) -> Iterator[Outcome]:
    tasks = [(route, count, seed) for route in chosen]
    if jobs == 1:
        yield from map(_checked, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(_checked, tasks)


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as a Markdown table, with their sums."""
    rows = [_row(outcome) for outcome in outcomes]
    payloads = sum(outcome.payloads for outcome in outcomes)
    converted = sum(outcome.converted for outcome in outcomes)
    violations = sum(outcome.violations.total() for outcome in outcomes)
    parts = [outcome for outcome in outcomes if outcome.parts]
    reached = sum(outcome.reached for outcome in parts)
    total = f"{reached:,} of {sum(outcome.parts - outcome.unreachable for outcome in parts):,}"
    rows.append(
        ["**all**", "", "", f"{payloads:,}", f"{converted:,}", f"{payloads - converted:,}", total, str(violations)]
    )
    head = ["route", "state", "guards", "payloads", "converted", "rejected", "parts reached", "violations"]
    return markdown(head, rows, right=range(2, 8))


def _row(outcome: Outcome) -> list[str]:
    reached = f"{outcome.reached} of {outcome.parts - outcome.unreachable}" if outcome.parts else ""
    codes = ", ".join(f"{count:,} {code}" for code, count in sorted(outcome.rejected.items()))
    rejected = f"{outcome.rejected.total():,}" + (f" ({codes})" if codes else "")
    return [
        outcome.name, outcome.state, str(outcome.guards), f"{outcome.payloads:,}", f"{outcome.converted:,}", rejected, reached,
        str(outcome.violations.total()),
    ]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit code 1 if there are violations."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.soundness", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--payloads", type=int, default=10_000, help="for each route (default: %(default)s)")
    parser.add_argument("--only", default="", metavar="ROUTE", help="routes with this in their name, as `egain/case →`")
    parser.add_argument("--seed", type=int, default=0, help="other payloads (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: %(default)s)")
    parser.add_argument(
        "--write", nargs="?", type=Path, const=tables.DOCUMENT, metavar="FILE",
        help="put the table into docs/proof.md, or a copy of it",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    outcomes: list[Outcome] = []
    for outcome in _run(routes(options.only), options.payloads, options.seed, options.jobs):
        outcomes.append(outcome)
        print(f"{outcome.name}: {outcome.violations.total()} violations, {outcome.seconds:.1f} s", file=sys.stderr)
        print(*outcome.shown, sep="\n", end="\n" if outcome.shown else "", file=sys.stderr)
    text = table(outcomes)
    print(text)
    print(f"\n{sum(outcome.seconds for outcome in outcomes):.0f} s of processor time")
    for missing, names in _missing(outcomes).items():
        print(f"not reached: {missing} ({', '.join(names)})")
    for outcome in outcomes:
        for guard in outcome.unshown:
            print(f"not shown: {outcome.name}: `{guard.field}` {guard.condition} ({guard.rule})")
    if options.write:
        tables.write_section("soundness", text, options.write)
    return 1 if any(outcome.violations for outcome in outcomes) else 0


def _missing(outcomes: Sequence[Outcome]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        for part in outcome.missing:
            found.setdefault(part, []).append(outcome.name)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
