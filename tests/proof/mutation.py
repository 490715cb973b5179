"""Mutation: mappings and schemas with one slip each; what payloads show to be wrong, the check has to report.

    python -m tests.proof.mutation                          all mutants of all mappings
    python -m tests.proof.mutation --only egain --sample 10 mappings with that in their id, so many mutants of a kind
    python -m tests.proof.mutation --jobs 2 --write         the table into docs/proof.md as well

A mutant is *shown wrong* by a payload that it rejects, or makes an invalid result of, while the unchanged mapping
converts it, or has a source schema that does not admit it. It is *reported* if it cannot be loaded, if its state is
wrong, or if a guard foresees this very rejection by its rule or its field. It has a *counterexample* if the
check gives one with it: a payload that was run. Of what payloads do not show, much is reported all the same: a field that
is never filled is no invalid result.
"""

# ruff: noqa: T201 - a command

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from casemap import Catalog, ConversionError, Converter, MappingError
from casemap.analysis.outlines import Hints, Outline
from casemap.analysis.proof import Proof
from casemap.catalog import MappingEntry
from casemap.problem import Problem
from casemap.schema.store import schema_uri
from tests.proof import tables
from tests.proof.generator import MappingPayloads
from tests.proof.mutants import Mutant, mapping_mutants, schema_mutants
from tests.proof.soundness import PARAMS, foreseen, has_example
from tests.proof.tables import markdown

__all__ = ["KINDS", "Original", "Verdict", "judged", "main", "mutants_of", "originals"]

KINDS = (
    "drop a field", "misspell a path", "wrong constant", "remove an entry", "swap two fields", "drop a datetime",
    "widen the source", "narrow the source", "retype the source", "widen the target", "narrow the target", "retype the target",
)  # fmt: skip
HARMLESS = ("narrow the source", "widen the target")
"""Mutants that are as right as the mapping: fewer payloads come, more results are taken."""
_WORSE = {"proven": 0, "guarded": 1, "wrong": 2}
MOST_OF_SCHEMAS = 25
"""Mutants of each kind that are taken of a schema, spread evenly over it, for one mapping."""
PAYLOADS = 300
NEW_PAYLOADS = 150


@dataclass(frozen=True, slots=True)
class Original:
    """A mapping as it is, with payloads and what it makes of them; None stands for a rejection."""

    entry: MappingEntry
    text: str
    payloads: tuple[Any, ...]
    results: tuple[Any, ...]
    proof: Proof
    unshown: tuple[str, ...]
    """Guards that neither a counterexample nor one of the payloads shows."""


@dataclass(slots=True)
class Verdict:
    """What is known of a mutant: whether a payload shows it wrong, and what the check says."""

    mapping: str
    mutant: Mutant
    shown: bool = False
    refused: bool = False
    reported: bool = False
    example: bool = False
    changed: bool = False
    state: str = ""
    told: bool = False
    """Whether there is any finding that the unchanged mapping does not have."""
    false: bool = False
    """Whether it is harmless, and the check says worse of it than of the unchanged mapping."""
    payload: Any = None
    why: str = ""

    @property
    def missed(self) -> bool:
        return self.shown and not self.reported


@cache
def catalog() -> Catalog:
    return Catalog()


def originals(only: str = "") -> list[MappingEntry]:
    """The bundled mappings with a text in their id."""
    return [entry for entry in catalog().mappings if only in entry.id]


def _params(found: Catalog, entry: MappingEntry) -> dict[str, Any]:
    return {name: PARAMS[name] for name in found.parameters(entry.source, entry.target)}


@cache
def original(entry: MappingEntry) -> Original:
    """A mapping with its payloads run."""
    converter = catalog().converter(entry.source, entry.target, _params(catalog(), entry))
    made = MappingPayloads(catalog().store, entry.source, converter.tree, converter.root, entry.target)
    payloads = tuple(itertools.islice(made, PAYLOADS))
    proof = converter.check()
    unseen = [guard for guard in proof.guards if guard.counterexample is None]
    results: list[Any] = []
    for payload in payloads:
        result, problems = _run(converter, payload)
        results.append(result)
        unseen = [guard for guard in unseen if not any(foreseen(problem, guard) for problem in problems)]
    unshown = tuple(f"{guard.rule}: {guard.condition}" for guard in unseen)
    return Original(entry, Path(entry.file).read_text("utf-8"), payloads, tuple(results), proof, unshown)


def _run(converter: Converter, payload: Any) -> tuple[Any, tuple[Problem, ...]]:
    try:
        return converter(payload), ()
    except ConversionError as error:
        return None, error.problems


# --- mutants of a mapping ----------------------------------------------------------------------------------------------


def mutants_of(entry: MappingEntry, sample: int | None = None) -> list[Mutant]:
    """The mutants of a mapping and of its two schemas; of each kind at most `sample`, spread evenly."""
    text = Path(entry.file).read_text("utf-8")
    found = list(mapping_mutants(text, lambda one, other: _type(entry, one) != _type(entry, other)))
    schemas = catalog().store.schemas
    for type_name, role in ((entry.source, "source"), (entry.target, "target")):
        found += schema_mutants(schemas[type_name], type_name, role)
    chosen: list[Mutant] = []
    for kind in KINDS:
        of_kind = [mutant for mutant in found if mutant.kind == kind]
        most = MOST_OF_SCHEMAS if "the " in kind else len(of_kind)
        chosen += _spread(of_kind, min(most, sample) if sample is not None else most)
    return chosen


def _spread(mutants: list[Mutant], most: int) -> list[Mutant]:
    step = max(1.0, len(mutants) / most) if most else 1.0
    return [mutants[int(number * step)] for number in range(min(most, len(mutants)))]


@cache
def _outline(type_name: str) -> Outline:
    store = catalog().store
    return Outline(store, [store.schemas[type_name]], schema_uri(type_name), Hints())


def _type(entry: MappingEntry, steps: Sequence[str]) -> str:
    """The types and formats of a target field, as a text to compare."""
    place = _outline(entry.target).root
    for step in steps:
        options = [option for option in place.options if option.form != "scalar"]
        if not options:
            return ""
        below = options[0].item if step == "*" else options[0].members.get(step)
        if below is None:
            return ""
        place = below
    return str(
        sorted(
            (option.form, *sorted(option.kinds), *sorted(str(s.get("format")) for s in option.schemas))
            for option in place.options
        )
    )


# --- what becomes of a mutant ------------------------------------------------------------------------------------------


def judged(entry: MappingEntry, mutant: Mutant) -> Verdict:
    """Run a mutant on payloads, and ask the check of it."""
    verdict = Verdict(entry.id, mutant)
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), entry, mutant)
        try:
            mutated = Catalog(folder)
            converter = mutated.converter(entry.source, entry.target, _params(mutated, entry))
        except (MappingError, KeyError) as error:  # a param of another name has no value here
            verdict.refused = verdict.reported = verdict.told = True
            verdict.why = str(error)
            verdict.false = mutant.kind in HARMLESS
            return verdict
        proof = converter.check()
        verdict.state = proof.state
        worse = _WORSE[proof.state] > _WORSE[original(entry).proof.state]
        verdict.false = mutant.kind in HARMLESS and worse
        verdict.told = bool(_findings(proof) - _findings(original(entry).proof))
        problems = _shown(verdict, original(entry), mutated, converter)
        guards = [guard for guard in proof.guards if any(foreseen(problem, guard) for problem in problems)]
        verdict.reported = bool(guards) or proof.state == "wrong"
        shown_by = guards or proof.guards
        verdict.example = any(has_example(guard, proof) for guard in shown_by)
    return verdict


def _write(folder: Path, entry: MappingEntry, mutant: Mutant) -> None:
    if mutant.type_name:
        file = folder / "schemas" / f"{mutant.type_name}.schema.json"
        text = json.dumps(mutant.schema)
    else:
        file = folder / "mappings" / f"{entry.id}.yaml"
        text = mutant.text
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")


def _findings(proof: Proof) -> set[str]:
    """What a proof says, without places: a slip moves the lines below it."""
    found = {f"{guard.code} {guard.field} {guard.condition}" for guard in proof.guards}
    return found | {re.sub(r"\d+", "", f"{problem.code} {problem.message}") for problem in proof.problems}


def _shown(verdict: Verdict, known: Original, mutated: Catalog, converter: Converter) -> tuple[Problem, ...]:
    """The problems of the first payload that shows the mutant wrong; of none where there is none."""
    target = mutated.store.validator(known.entry.target)
    for payload, expected in _payloads(verdict.mutant, known, mutated, converter):
        result, problems = _run(converter, payload)
        if any(problem.code == "CM401" for problem in problems):
            continue  # no payload of the narrower source
        if expected is not None:
            verdict.changed = verdict.changed or bool(problems) or result != expected[0]
            if problems or not target.is_valid(result):
                verdict.shown, verdict.payload = True, payload
                verdict.why = str(problems[0]) if problems else "the result is not valid, and was given out"
                return problems
    return ()


def _payloads(
    mutant: Mutant, known: Original, mutated: Catalog, converter: Converter
) -> Iterator[tuple[Any, tuple[Any] | None]]:
    """Payloads with what the unchanged mapping makes of them; None where it rejects them as well."""
    yield from zip(known.payloads, ((r,) if r is not None else None for r in known.results), strict=True)
    if mutant.type_name != known.entry.source:
        return
    before = catalog().converter(known.entry.source, known.entry.target, _params(catalog(), known.entry))
    valid = catalog().store.validator(known.entry.source)
    made = MappingPayloads(
        mutated.store, known.entry.source, converter.tree, converter.root, known.entry.target, seed=1
    )
    for payload in itertools.islice(made, NEW_PAYLOADS):
        if not valid.is_valid(payload):
            yield payload, (...,)
            continue
        result, problems = _run(before, payload)
        yield payload, None if problems else (result,)


# --- the command -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Score:
    """The sums over mutants."""

    mutants: int = 0
    refused: int = 0
    shown: int = 0
    reported: int = 0
    examples: int = 0
    silent: int = 0
    told: int = 0
    missed: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count one."""
        self.mutants += 1
        self.refused += verdict.refused
        if verdict.shown:
            self.shown += 1
            self.reported += verdict.reported
            self.examples += verdict.reported and verdict.example
            if verdict.missed:
                self.missed.append(verdict)
        elif verdict.changed:
            self.silent += 1
            self.told += verdict.told

    def row(self, name: str) -> list[str]:
        """As a row of the table."""
        counts = (self.mutants, self.refused, self.shown, self.reported, self.examples, self.silent, self.told)
        return [name, *(f"{count:,}" for count in counts)]


def table(verdicts: Sequence[Verdict]) -> str:
    """The scores by kind of mutant as a Markdown table, with their sums."""
    rows: list[list[str]] = []
    for kind in (*KINDS, ""):
        score = Score()
        for verdict in verdicts:
            if verdict.mutant.kind == kind or not kind:
                score.add(verdict)
        rows.append(score.row(kind or "**all**"))
    head = [
        "mutants", "number", "refused when loaded", "shown wrong", "reported", "with counterexample", "result changed, valid", "told",
    ]  # fmt: skip
    return markdown(head, rows, right=range(1, 8))


def _task(arguments: tuple[MappingEntry, Mutant]) -> Verdict:
    return judged(*arguments)


def _judge(tasks: Sequence[tuple[MappingEntry, Mutant]], jobs: int) -> Iterator[Verdict]:
    if jobs == 1:
        yield from map(_task, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(_task, tasks, chunksize=20)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit code 1 if a mutant is missed, or too few have a counterexample."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.mutation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", metavar="MAPPING", help="mappings with this in their id")
    parser.add_argument("--kind", default="", help="mutants with this in their kind")
    parser.add_argument("--sample", type=int, help="mutants of a kind for each mapping (default: all)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: %(default)s)")
    parser.add_argument(
        "--write", nargs="?", type=Path, const=tables.DOCUMENT, metavar="FILE",
        help="put the table into docs/proof.md, or a copy of it",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    started = time.monotonic()
    entries = originals(options.only)
    tasks = [(e, m) for e in entries for m in mutants_of(e, options.sample) if options.kind in m.kind]
    verdicts: list[Verdict] = []
    for verdict in _judge(tasks, options.jobs):
        verdicts.append(verdict)
        if verdict.missed or verdict.false or (verdict.shown and not verdict.example):
            print(_told(verdict), file=sys.stderr)
    text = table(verdicts)
    print(text)
    score = Score()
    for verdict in verdicts:
        score.add(verdict)
    false = sum(verdict.false for verdict in verdicts)
    share = score.examples / score.shown if score.shown else 1.0
    print(
        f"\n{len(score.missed)} missed; {share:.1%} of those shown wrong have a counterexample; {false} harmless ones called worse"
    )
    print(_false(entries))
    print(f"{time.monotonic() - started:.0f} s")
    if options.write:
        tables.write_section("mutation", text, options.write)
    return 1 if score.missed or share < 0.95 else 0


def _told(verdict: Verdict) -> str:
    how = "missed" if verdict.missed else "harmless and called worse" if verdict.false else "without a counterexample"
    payload = json.dumps(verdict.payload)
    return f"{how}: {verdict.mapping}:{verdict.mutant.line}: {verdict.mutant.kind}: {verdict.mutant.what}: {verdict.why}\n  {payload[:1000]}"


def _false(entries: Sequence[MappingEntry]) -> str:
    """What is said of the unchanged mappings: problems, and guards that neither samples nor payloads show."""
    problems = [str(problem) for entry in entries for problem in original(entry).proof.problems]
    unshown = [guard for entry in entries for guard in original(entry).unshown]
    told = "".join(f"\n  {each}" for each in (*problems, *unshown))
    return f"unchanged: {len(problems)} problems, {len(unshown)} guards that no payload shows{told}"


if __name__ == "__main__":
    raise SystemExit(main())
