"""Proofs with counterexamples: what the check found of a mapping or route, and payloads that show it.

A counterexample is never made up: it is a valid payload that was run, and what became of it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from casemap.analysis.check import Checks
from casemap.analysis.hints import hints_of
from casemap.analysis.proof import Counterexample, Guard, Proof, State
from casemap.analysis.sample_params import sample_params
from casemap.analysis.samples import Samples, survey
from casemap.conversion import Converter, shared_params
from casemap.errors import ConversionError
from casemap.mapping.core import Node, Symbol
from casemap.mapping.file import Mapping
from casemap.problem import Problem
from casemap.recursion import deep_trees
from casemap.syntax.json_text import write_json

if TYPE_CHECKING:
    from casemap.api import Catalog

__all__ = ["Prover"]

MOST_SAMPLES = 400
_LONGEST = 240


class Prover:
    """Proves the mappings and routes of a catalog. What they share is worked out once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._checks = Checks(catalog.store, catalog.mapping)
        self._proofs: dict[tuple[str, ...], Proof] = {}

    def proof(self, chain: Sequence[Mapping], every: bool = False) -> Proof:
        """What is known of a mapping, or of a route that is a chain of several.

        Guards that a rule acknowledges are shown by a counterexample only where `every` one is asked for.
        """
        key = tuple(mapping.id for mapping in chain)
        proof = self.outline(chain)
        wanted = [guard for guard in proof.guards if every or not guard.acknowledged]
        wanted = [guard for guard in wanted if guard.counterexample is None]
        if not wanted:
            return proof
        shown = self._shown(chain, wanted)
        guards = tuple(replace(guard, counterexample=shown.get(guard)) for guard in proof.guards)
        self._proofs[key] = replace(proof, guards=guards)
        return self._proofs[key]

    def tree(self, mapping: Mapping) -> tuple[Node, Symbol]:
        """The tree of a mapping as it was written, and the symbol of its document."""
        return self._checks.tree(mapping)

    def outline(self, chain: Sequence[Mapping]) -> Proof:
        """The same without a search for counterexamples."""
        key = tuple(mapping.id for mapping in chain)
        if key not in self._proofs:
            with deep_trees(chain[-1].file, 1):
                self._proofs[key] = self._checks.of(chain)
        return self._proofs[key]

    def state(self, chain: Sequence[Mapping]) -> State:
        """Whether a route is proven, guarded or wrong: sooner known than the whole proof."""
        known = self._proofs.get(tuple(mapping.id for mapping in chain))
        if known is not None:
            return known.state
        with deep_trees(chain[-1].file, 1):
            return self._checks.state(chain)

    def _shown(self, chain: Sequence[Mapping], guards: Sequence[Guard]) -> dict[Guard, Counterexample]:
        """A counterexample for each guard for which one is found."""
        params = sample_params(shared_params(list(chain)))
        if params is None:
            return {}
        converter = Converter(self._catalog, chain[0].source, chain[-1].target, params, chain=chain)
        names = sorted(self._catalog.store.declared(chain[-1].target, ()))
        samples = Samples(self._catalog.store, chain[0].source, hints_of(converter.tree, converter.root, names))

        found: dict[Guard, Any] = {}
        for matches in (_shows_its_field, _shows):
            wanted = [guard for guard in guards if guard not in found]
            if wanted:
                finding = functools.partial(_findings, converter, wanted, matches)
                found |= survey(samples, finding, wanted, MOST_SAMPLES)
        shown: dict[Guard, Counterexample] = {}
        for guard, payload in found.items():
            result, problems = _run(converter, payload)
            first = [each for each in problems if _shows_its_field(each, guard)]
            first += [each for each in problems if _shows(each, guard) and each not in first]
            others = [problem for problem in problems if problem not in first]
            shown[guard] = Counterexample(payload, result, (*first, *others))
        return shown


def _findings(
    converter: Converter, guards: Sequence[Guard], matches: Callable[[Problem, Guard], bool], payload: Any
) -> set[Guard]:
    """The guards that reject a payload."""
    _, problems = _run(converter, payload)
    return {guard for guard in guards for problem in problems if matches(problem, guard)}


def _run(converter: Converter, payload: Any) -> tuple[Any, tuple[Problem, ...]]:
    """What a valid payload becomes, and why it is rejected; without a result where a rule refuses it."""
    try:
        return converter(payload), ()
    except ConversionError as error:
        problems = error.problems
    try:
        return converter.unchecked(payload), problems
    except ConversionError:
        return None, problems


def _shows(problem: Problem, guard: Guard) -> bool:
    """Whether a rejection is that of a guard."""
    if not guard.output and problem.code not in ("CM401", "CM402") and problem.rule == guard.rule:
        return True
    if problem.code != guard.code:
        return False
    steps = _steps(problem)
    if guard.kind != "missing":
        return _leads(steps, guard.target)
    if not guard.target:
        return True
    above, name = guard.target[:-1], guard.target[-1]
    return len(steps) == len(above) and _leads(steps, above) and f"`{name}`" in problem.message


def _shows_its_field(problem: Problem, guard: Guard) -> bool:
    """Whether it is so at the guard's own field: a rule of a definition stands for many fields."""
    if guard.output:
        return _shows(problem, guard)
    refused = problem.rule == guard.rule and problem.code not in ("CM401", "CM402")
    return refused and _leads(_steps(problem), guard.target)


def _steps(problem: Problem) -> list[str]:
    steps = (problem.target_path or "").split("/")[1:]
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def _leads(steps: Sequence[str], target: Sequence[str]) -> bool:
    """Whether a path of a result is that of a target field, or lies below it."""
    if len(steps) < len(target):
        return False
    return all(wanted in ("*", step) for step, wanted in zip(steps, target, strict=False))


def example_text(guard: Guard) -> str:
    """The counterexample of a guard as a sentence, or an empty text."""
    shown = guard.counterexample
    if shown is None:
        return ""
    source = _cut(shown.source)
    if not shown.problems:
        return f"For example {source}."
    why = f"{shown.problems[0].code} {shown.problems[0].message}"
    if shown.target is None:
        return f"For example {source} is rejected: {why}."
    return f"For example {source} becomes {_cut(shown.target)} and is rejected: {why}."


def _cut(value: Any) -> str:
    text = write_json(value).decode()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
