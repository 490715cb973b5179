"""`casemap check`: the mappings and schemas of a project, each with what is proven and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casemap.analysis.explain.evaluate import Evaluation
from casemap.analysis.proof import Guard, Proof, State
from casemap.api import Catalog
from casemap.catalog import MappingEntry, bundled_folder
from casemap.conversion import check_params, shared_params
from casemap.errors import CasemapError, ConversionError, Failure, MappingError
from casemap.mapping.file import Mapping
from casemap.problem import Problem, nearest
from casemap.proving import example_text
from casemap.run.examples import failing_examples
from casemap.schema.mistakes import schema_mistakes
from casemap.schema.store import schema_uri
from casemap.schema.validate import is_valid

__all__ = ["Checked", "Checking", "checked_data", "is_finding", "problems_once"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A mapping or route that was checked. `proof` is None where a mapping of it cannot be loaded."""

    id: str
    source: str
    target: str
    route: tuple[str, ...]
    proof: Proof | None
    problems: tuple[Problem, ...]
    file: str | None = None

    @property
    def state(self) -> State:
        """Whether it is proven, guarded or wrong."""
        broken = any(problem.severity == "error" and problem.code != "CM601" for problem in self.problems)
        return "wrong" if self.proof is None or broken else self.proof.state


def is_finding(problem: Problem) -> bool:
    """Whether a problem makes the exit code 1: a guard that is not acknowledged does only where that is asked for."""
    return problem.code != "CM601" or problem.severity == "error"


class Checking:
    """Checks what a catalog's project holds; the bundled mappings and schemas where it holds none of its own.

    With `strict`, guards that no rule acknowledges are errors. With `every`, those that one does have counterexamples
    as well.
    """

    def __init__(self, catalog: Catalog, *, strict: bool = False, every: bool = False) -> None:
        self._catalog = catalog
        self._strict = strict
        self._every = every

    # --- what is checked ------------------------------------------------------------------------------------------

    def chosen(self, names: Iterable[str]) -> list[MappingEntry]:
        """The mappings of ids, mapping files and schema files; for a schema, those that it matters to.

        Raises `MappingError` (CM208) for a name that is none of these.
        """
        entries = {entry.id: entry for entry in self._catalog.mappings}
        files = {str(Path(entry.file).resolve()): entry for entry in self._catalog.mappings}
        types = {str(Path(file).resolve()): name for name, file in self._catalog.store.files.items()}
        found: dict[str, MappingEntry] = {}
        for name in names:
            path = str(Path(name).resolve())
            if name in entries:
                found[name] = entries[name]
            elif path in files:
                found[files[path].id] = files[path]
            elif path in types:
                found.update({entry.id: entry for entry in self._concerned(types[path])})
            else:
                near = nearest(name, list(entries))
                hint = f"; did you mean `{near}`?" if near else ""
                help = "Give an id, as `casemap formats` lists them, or a mapping's or schema's file of this project."
                raise MappingError([Problem("CM208", f"there is no mapping `{name}`{hint}", help)])
        return list(found.values())

    def _concerned(self, type_name: str) -> Iterator[MappingEntry]:
        """The mappings whose source or target is a type, or refers to it."""
        concerned = {type_name}
        pending = [type_name]
        while pending:
            uri = schema_uri(pending.pop())
            for name, schema in self._catalog.store.schemas.items():
                if name not in concerned and uri in str(schema):
                    concerned.add(name)
                    pending.append(name)
        return (entry for entry in self._catalog.mappings if {entry.source, entry.target} & concerned)

    def own_mappings(self) -> list[MappingEntry]:
        """The project's mappings; the bundled ones where it has no mapping and no schema."""
        own = [entry for entry in self._catalog.mappings if not entry.bundled]
        return own if own or self._own_schemas() else list(self._catalog.mappings)

    def _own_schemas(self) -> dict[str, str]:
        files = self._catalog.store.files
        return {name: file for name, file in files.items() if not self._is_bundled(file)}

    # --- checks ---------------------------------------------------------------------------------------------------

    def mapping(self, entry: MappingEntry) -> Checked:
        """One mapping, with its examples."""
        try:
            mapping = self._catalog.mapping(entry.id)
            found = self._checked(entry.id, [mapping])
        except CasemapError as error:
            return Checked(entry.id, entry.source, entry.target, (entry.id,), None, tuple(error.problems))
        problems = [*found.problems, *self._failing_examples(mapping)]
        return replace(found, problems=tuple(problems), file=mapping.file)

    def _failing_examples(self, mapping: Mapping) -> list[Problem]:
        """Most examples hold, which is seen without compiling; of those that do not the compiled mapping decides."""
        if not failing_examples(_Evaluating(self._catalog, mapping), mapping):
            return []
        return failing_examples(self._catalog, mapping)

    def route(self, source: str, target: str, via: str | None = None) -> Checked:
        """A route, composed. Raises `MappingError` where there is none, or a mapping on it is wrong."""
        chain = self._catalog.chain(source, target, via)
        return self._checked(" → ".join(mapping.id for mapping in chain), chain)

    def _checked(self, id: str, chain: Sequence[Mapping]) -> Checked:
        proof = self._catalog.prover.proof(chain, every=self._every)
        problems = tuple(self._told(problem, proof.guards) for problem in proof.problems)
        route = tuple(mapping.id for mapping in chain)
        return Checked(id, chain[0].source, chain[-1].target, route, proof, problems)

    def _told(self, problem: Problem, guards: Sequence[Guard]) -> Problem:
        """A problem with the counterexample of its guard, as severe as was asked for."""
        if problem.code == "CM601" and self._strict:
            problem = problem.at(severity="error")
        guard = _shown_by(problem, guards)
        return problem if guard is None else problem.at(help=f"{problem.help}\n{example_text(guard)}")

    def schemas(self) -> list[Problem]:
        """What is wrong with the project's schemas."""
        store = self._catalog.store
        own = self._own_schemas() or dict(store.files)
        reached = {name for entry in self._catalog.mappings for name in (entry.source, entry.target)}
        mistakes = {name: schema_mistakes(store, name, Path(file).read_bytes()) for name, file in own.items()}
        problems = [problem for found in mistakes.values() for problem in found]
        # as long as a reference leads nowhere, no schema can be used
        dangling = any(problem.code == "CM613" for problem in problems)
        for name, file in own.items():
            if not dangling:
                problems += self._unusable(name)
            if name not in reached and not mistakes[name]:
                help = "Write a mapping, or remove the schema."
                problems.append(Problem("CM612", f"no mapping reads or writes {name}", help, "warning", file, 1, 1))
        return problems

    def _unusable(self, type_name: str) -> list[Problem]:
        try:
            self._catalog.store.validator(type_name)
        except MappingError as error:
            return list(error.problems)
        return []

    def _is_bundled(self, file: str) -> bool:
        return Path(file).resolve().is_relative_to(bundled_folder().resolve() / "schemas")


def _shown_by(problem: Problem, guards: Sequence[Guard]) -> Guard | None:
    """The guard whose counterexample shows a problem: of the same field, at its place if there are several."""
    if problem.code not in ("CM601", "CM602", "CM608"):
        return None
    fitting = [each for each in guards if each.counterexample is not None and f"`{each.field}`" in problem.message]
    if problem.code == "CM608":
        return next((each for each in fitting if each.kind == "value"), None)
    if not fitting:
        fitting = [each for each in guards if each.counterexample is not None and each.condition in problem.message]
    here = [each for each in fitting if (each.rule.line, each.rule.column) == (problem.line, problem.column)]
    exact = [each for each in here if each.condition in problem.message]
    return next(iter(exact or here or fitting), None)


class _Evaluating:
    """In place of a catalog: its converters evaluate a mapping's tree, node by node, and say little of rejections."""

    def __init__(self, catalog: Catalog, mapping: Mapping) -> None:
        self._mapping = mapping
        self._store = catalog.store
        self._tree, self._root = catalog.prover.tree(mapping)

    def converter(self, source: str, target: str, params: Table[str, Any] | None = None) -> Callable[[Any], Any]:
        check_params(shared_params([self._mapping]), params or {})

        def convert(payload: Any) -> Any:
            if not is_valid(payload, self._store.validator(source)):
                raise ConversionError([Problem("CM401", f"the payload is no {source}")])
            try:
                result = Evaluation(params or {}).document(self._tree, self._root, payload).value
            except Failure as failure:
                raise ConversionError([Problem(failure.code, failure.message)]) from None
            if not is_valid(result, self._store.validator(target)):
                raise ConversionError([Problem("CM402", f"the result is no {target}")])
            return result

        return convert


def problems_once(checked: Sequence[Checked]) -> list[Problem]:
    """The problems of what was checked; one of a mapping that others use is told with that mapping alone."""
    own: dict[Problem, None] = {}
    foreign: list[Problem] = []
    for each in checked:
        file = each.file
        for problem in each.problems:
            if file is None or problem.file == file or len(each.route) > 1:
                own[problem] = None
            else:
                foreign.append(problem)
    told = {(problem.file, problem.line, problem.column, problem.code) for problem in own}
    for problem in foreign:
        place = problem.file, problem.line, problem.column, problem.code
        if place not in told:
            told.add(place)
            own[problem] = None
    return list(own)


def checked_data(checked: Checked) -> dict[str, Any]:
    """A checked mapping as a JSON object, for machines."""
    from casemap.report.problems import as_data

    proof = checked.proof
    return {
        "id": checked.id,
        "source": checked.source,
        "target": checked.target,
        "route": list(checked.route),
        "state": checked.state,
        "guards": [] if proof is None else [_guard_data(guard) for guard in proof.guards],
        "problems": [as_data(problem) for problem in checked.problems],
        "ledger": [] if proof is None else proof.ledger.as_json(),
        "targets": [] if proof is None else _targets_data(proof),
    }


def _guard_data(guard: Guard) -> dict[str, Any]:
    from casemap.report.problems import as_data

    shown = guard.counterexample
    return {
        "field": guard.field,
        "condition": guard.condition,
        "code": guard.code,
        "rule": {"file": guard.rule.file, "line": guard.rule.line, "column": guard.rule.column},
        "acknowledged": guard.acknowledged,
        "counterexample": None
        if shown is None
        else {
            "source": shown.source,
            "target": shown.target,
            "problems": [as_data(problem) for problem in shown.problems],
        },
    }


def _targets_data(proof: Proof) -> list[dict[str, Any]]:
    """The target fields with what fills them, and whether each is proven."""
    wrong = {problem.message.split("`")[1] for problem in proof.problems if problem.code in ("CM602", "CM608")}
    guarded = {guard.field for guard in proof.guards}
    return [
        {**each, "state": "wrong" if _covers(wrong, each) else "guarded" if _covers(guarded, each) else "proven"}
        for each in proof.ledger.targets_as_json()
    ]


def _covers(fields: set[str], target: dict[str, Any]) -> bool:
    path: str = target["path"]
    return any(not field or path == field or path.startswith(f"{field}.") for field in fields)
