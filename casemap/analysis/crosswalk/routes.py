"""The crosswalk of a chain of mappings, with what is proven of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from casemap.analysis.compose import compose
from casemap.analysis.crosswalk.between import Between
from casemap.analysis.crosswalk.describe import describe
from casemap.analysis.crosswalk.rows import Crosswalk, Group, Left, Row, State, Unset
from casemap.analysis.fates import Ledger
from casemap.analysis.ledger import Ledgers
from casemap.mapping.file import Mapping
from casemap.recursion import deep_trees
from casemap.schema.fields import OTHERS, Steps, path_text
from casemap.schema.leaves import field_tree
from casemap.schema.store import SchemaStore, SourceSchema

__all__ = ["crosswalk_of", "with_proof"]


def crosswalk_of(
    chain: Sequence[Mapping],
    store: SchemaStore,
    used: Callable[[str], Mapping],
    *,
    proof: Any = None,
    via: bool = False,
) -> Crosswalk:
    """The crosswalk of a chain of mappings, composed.

    `used` gives the mappings that these use, by their ids. With `via` it tells of the documents between as well: the
    mappings, their fields, and all of their notes. `proof` is what `Converter.check` gives.
    Raises `MappingError` (CM221) for a mapping that is nested too deeply.
    """
    ledgers = Ledgers(store, used)
    with deep_trees(chain[-1].file, 1):
        tree, root = compose(chain, SourceSchema(store, chain[0].source))
        ledger = ledgers.of(tree, root, chain)
        found = describe(tree, root, chain, store, ledger=ledger, files=_files(chain, used))
        found = replace(found, unset=_with_unfilled(found, ledger, chain, ledgers))
        if proof is not None:
            found = with_proof(found, proof)
        if len(chain) > 1:
            found = _with_route(found, chain, ledgers) if via else _read(found, _between(chain, store, ledgers))
    return found


def _files(chain: Sequence[Mapping], used: Callable[[str], Mapping]) -> dict[str, Mapping]:
    """The mappings of a chain, and those that they use, by their files."""
    files: dict[str, Mapping] = {}
    pending = list(chain)
    while pending:
        mapping = pending.pop()
        if mapping.file not in files:
            files[mapping.file] = mapping
            pending += [used(id) for id in mapping.uses]
    return files


def _with_unfilled(found: Crosswalk, ledger: Ledger, chain: Sequence[Mapping], ledgers: Ledgers) -> tuple[Unset, ...]:
    """The fields without a value: those of the ledger, and those for which no rule gives one after all."""
    told = {row.steps[: len(field.steps)] for row in found.fields for field in ledger.targets}
    unset = {field.steps: field for field in found.unset}
    wanted: list[Unset] = []
    for field in ledger.targets:
        if field.steps in unset:
            wanted.append(unset[field.steps])
        elif not field.made_of and field.steps not in told and not _is_named(field.steps, found):
            wanted.append(Unset(field.steps, _why(field.steps, chain, ledgers)))
    return tuple(wanted)


def _why(steps: Steps, chain: Sequence[Mapping], ledgers: Ledgers) -> str:
    """Why a field of a route has no value: the word of an earlier mapping for what it would be made of."""
    reasons = [{field.path: field.reason for field in ledgers.mapping(mapping).targets} for mapping in chain]
    made_of = [
        source for field in ledgers.mapping(chain[-1]).targets if field.steps == steps for source in field.made_of
    ]
    found = (known.get(path_text(source), "") for known in reasons for source in made_of)
    return next((why for why in found if why), "")


def _is_named(steps: Steps, found: Crosswalk) -> bool:
    """Whether a member without a name in the schema has rows by the names that rules give it."""
    return steps[-1:] == (OTHERS,) and any(row.steps[: len(steps) - 1] == steps[:-1] for row in found.fields)


# --- the documents between ----------------------------------------------------------------------------------------


def _with_route(found: Crosswalk, chain: Sequence[Mapping], ledgers: Ledgers) -> Crosswalk:
    last = {field.steps: field for field in ledgers.mapping(chain[-1]).targets}
    rows: list[Row | Group] = []
    for row in found.rows:
        if isinstance(row, Row):
            field = last.get(row.steps)
            row = replace(row, via=tuple(path_text(steps) for steps in field.made_of) if field else ())  # noqa: PLW2901
        rows.append(row)
    return replace(found, rows=tuple(rows), route=tuple(mapping.id for mapping in chain))


def _between(chain: Sequence[Mapping], store: SchemaStore, ledgers: Ledgers) -> Between:
    ends = [field_tree(store, chain[0].source), field_tree(store, chain[-1].target)]
    middles = [mapping.target for mapping in chain[:-1]]
    formats = {name.split("/")[0] for name in middles} - {chain[0].source.split("/")[0], chain[-1].target.split("/")[0]}
    return Between(ends, [field_tree(store, name) for name in middles], ledgers.mapping(chain[0]), sorted(formats))


def _read(found: Crosswalk, between: Between) -> Crosswalk:
    """The crosswalk as one reads it who knows source and target alone."""
    return replace(
        found,
        rows=tuple(_read_row(row, between) for row in found.rows),
        dropped=tuple(Left(left.steps, left.fate, between.reason(left.why), left.decides) for left in found.dropped),
        unset=tuple(Unset(unset.steps, between.reason(unset.why)) for unset in found.unset),
        guards=tuple(map(between.reason, found.guards)),
    )


def _read_row(row: Row | Group, between: Between) -> Row | Group:
    notes = tuple(note for note in map(between.note, row.notes) if note)
    if isinstance(row, Group):
        return replace(row, notes=notes, approximate=tuple(map(between.reason, row.approximate)))
    ways = tuple(replace(way, approximate=tuple(map(between.reason, way.approximate))) for way in row.ways)
    # the rules stand in files about the documents between
    return replace(row, notes=notes, ways=ways, guards=tuple(map(between.reason, row.guards)), span=None)


# --- the proof ----------------------------------------------------------------------------------------------------


def with_proof(found: Crosswalk, proof: Any) -> Crosswalk:
    """The crosswalk with the states of the fields, and the conditions on which a record is rejected for them."""
    wrong = {_field(problem.target_path) for problem in proof.problems if problem.severity == "error"}
    rows: list[Row | Group] = []
    for row in found.rows:
        if isinstance(row, Row):
            guards = [guard for guard in proof.guards if _concerns(guard.field, row.path)]
            told = tuple(dict.fromkeys(_guard_words(guard) for guard in guards))
            refuted = any(_concerns(field, row.path) for field in wrong if field)
            state: State = "wrong" if refuted else "guarded" if guards else "proven"
            row = replace(row, state=state, guards=told)  # noqa: PLW2901
        rows.append(row)
    general = [guard for guard in proof.guards if not any(_concerns(guard.field, row.path) for row in found.fields)]
    told = tuple(dict.fromkeys(_guard_words(guard) for guard in general))
    return replace(found, rows=tuple(rows), state=proof.state, guards=told)


def _guard_words(guard: Any) -> str:
    """On what condition a record is rejected, and that this is wanted."""
    return f"{guard.condition} ({guard.acknowledged})" if guard.acknowledged else str(guard.condition)


def _field(pointer: str | None) -> str:
    """A place of the result as a field: items of arrays go without their index."""
    return ".".join(step for step in (pointer or "").split("/")[1:] if not step.isdigit())


def _concerns(field: str, path: str) -> bool:
    """Whether what is said of one field concerns another: it is that one, or above it."""
    return bool(field) and (path == field or path.startswith((f"{field}.", f"{field}[")))
