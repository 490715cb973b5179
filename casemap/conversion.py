"""Converters: a route compiled, between a validator for what goes in and one for what comes out."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casemap.compiler.execution import by_field
from casemap.compiler.globals import traits
from casemap.compiler.stored import ObservingCode, StoredTree
from casemap.errors import ConversionError, MappingError
from casemap.problem import Problem, nearest, pointer
from casemap.recursion import deep_trees
from casemap.routes import Observing, StoredRoute
from casemap.schema.store import SourceSchema, validator_of
from casemap.schema.validate import Violation, is_valid, validate_value, violations
from casemap.span import Span

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jsonschema_rs import Validator

    from casemap.analysis.explain.explanation import Explanation
    from casemap.analysis.fates import Ledger
    from casemap.analysis.losses import Losses
    from casemap.analysis.presence import Source
    from casemap.analysis.proof import Proof
    from casemap.analysis.reads import Reads
    from casemap.api import Catalog
    from casemap.compiler.function import CompiledTree
    from casemap.compiler.line_trees import LineTrees
    from casemap.mapping.core import Node, Symbol
    from casemap.mapping.file import Mapping
    from casemap.schema.shapes import Shape
    from casemap.schema.store import SchemaStore

__all__ = ["SETTLED_AFTER", "Converter", "Observed", "shared_params"]

SETTLED_AFTER = 500
"""So many results of a converter are validated whole before it works out what need not be."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A conversion with what it lost.

    `lost` maps source fields (`customer.link.rel`, items without an index) that have a value and are not in the
    result to the mapping's reason, or to an empty text. `approximations` maps target fields to why their value
    stands in for another. `fallbacks` maps target fields to the further option of `first_of`, `default` or `coalesce`
    that their value comes from, as the mapping writes it, where no rule calls that approximate.
    """

    result: Any
    lost: Table[str, str]
    approximations: Table[str, str]
    fallbacks: Table[str, str]


class Converter:
    """A function from payloads of one document type to another; made by `Catalog.converter`.

    Calling it takes a JSON value and gives one that is valid for the target type. What is copied whole is shared with
    the payload. It is safe to pickle and to use from many threads. `route` are the ids of its mappings, and `chain` the
    mappings, where they have been found already.
    """

    def __init__(
        self,
        catalog: Catalog,
        source: str,
        target: str,
        params: Table[str, Any] | None = None,
        via: str | None = None,
        *,
        trust_source: bool = False,
        route: Sequence[str] | None = None,
        chain: Sequence[Mapping] | None = None,
    ) -> None:
        self._catalog = catalog
        self.params = dict(params or {})
        self._trusts = trust_source
        if chain is not None:
            self._chain = list(chain)
            route = [mapping.id for mapping in chain]
        self.route: tuple[str, ...] = tuple(route or catalog.route(source, target, via).mappings)
        # mappings that are given may be others than the catalog has by their names
        self._stored = catalog.cache.route(self.route, trusted=trust_source) if chain is None else None
        self._keeps = self._is_known = chain is None
        self.source = self._stored.source if self._stored else self._chain[0].source
        self.target = self._stored.target if self._stored else self._chain[-1].target
        check_params(self._stored.params if self._stored else shared_params(self._chain), self.params)
        self._source_validator = catalog.store.validator(self.source)
        self._target_validator = catalog.store.validator(self.target)
        self._output_validator: Validator | None = self._target_validator
        self._until_settled = SETTLED_AFTER
        self._compiled = self._from_cache() or self._made()

    def _from_cache(self) -> StoredTree | None:
        """The route's functions, where the cache has them: then the mappings are not loaded."""
        stored = self._stored
        try:
            if stored is not None and stored.traits == traits(self.params):
                return StoredTree(stored.fast, self._observing_code, self.params, lambda: self._tree)
        except Exception:  # noqa: BLE001, S110 - whatever is wrong with an entry, the route is compiled again
            pass
        self._stored = None
        return None

    def _made(self) -> CompiledTree:
        """The route's functions, compiled and put into the cache."""
        made = self._tree
        with self._deep_trees():
            _ = made.convert
        self._keep()
        return made

    def _keep(self) -> None:
        """Write the route to the cache, where it can be taken from there."""
        code = self._tree.fast_code
        if self._keeps and code is not None:
            params = shared_params(self._chain)
            stored = StoredRoute(self.source, self.target, params, self.records_path, traits(self.params), code)
            self._catalog.cache.keep(self.route, stored, trusted=self._trusts)

    @functools.cached_property
    def _chain(self) -> list[Mapping]:
        return [self._catalog.mapping(id) for id in self.route]

    def _deep_trees(self) -> AbstractContextManager[None]:
        """Let a pass over the tree go as deep as any can. Raises `MappingError` (CM221) where that is not enough."""
        return deep_trees(self._chain[-1].file, 1)

    @functools.cached_property
    def _composed(self) -> tuple[Node, Symbol, Source]:
        from casemap.analysis.compose import compose
        from casemap.analysis.presence import NOTHING_KNOWN

        # what relies on the schema is for documents that were found valid
        known = NOTHING_KNOWN if self._trusts else SourceSchema(self._catalog.store, self.source)
        with self._deep_trees():
            return (*compose(self._chain, known), known)

    @functools.cached_property
    def _tree(self) -> CompiledTree:
        from casemap.analysis.presence import Facts
        from casemap.compiler.function import CompiledTree

        tree, root, known = self._composed
        with self._deep_trees():
            return CompiledTree(tree, root, self.params, " → ".join(self.route), Facts(tree, root, known))

    @property
    def tree(self) -> Node:
        """The core tree of the whole route."""
        return self._composed[0]

    @property
    def root(self) -> Symbol:
        """What stands for the document in the tree."""
        return self._composed[1]

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self._catalog, self.route, self.params, self._trusts)

    def __repr__(self) -> str:
        return f"<casemap.Converter {self.source} to {self.target}>"

    @property
    def source_code(self) -> str:
        """The Python code of the compiled function."""
        return self._compiled.source_code

    @functools.cached_property
    def _reads(self) -> Reads:
        from casemap.analysis.reads import Reads

        with self._deep_trees():
            return Reads(self.tree, self.root)

    @functools.cached_property
    def ledger(self) -> Ledger:
        """The fate of every source field, and what fills every target field."""
        from casemap.analysis.ledger import ledger  # only for who asks, or observes

        with self._deep_trees():
            return ledger(self.tree, self.root, self._chain, self._catalog.store, self._catalog.mapping)

    def check(self) -> Proof:
        """What is proven of the route before any data: its state, its guards with counterexamples, its ledger."""
        with self._deep_trees():
            return self._catalog.prover.proof(self._chain, every=True)

    @property
    def store(self) -> SchemaStore:
        """The schemas of the converter's catalog."""
        return self._catalog.store

    @functools.cached_property
    def losses(self) -> Losses:
        """Finds what of a payload is not in its result."""
        from casemap.analysis.losses import Losses

        observing = self._observing
        return Losses(self.ledger) if observing is None else Losses.of_data(observing.losses)

    @functools.cached_property
    def _observing(self) -> Observing | None:
        """What counts losses, where the cache has it."""
        if self._stored is None:
            return None
        return self._catalog.cache.observing(self.route, self._stored.traits, trusted=self._trusts)

    def _observing_code(self) -> ObservingCode | None:
        return None if self._observing is None else self._observing.code

    def _keep_observing(self) -> None:
        """Put what counts losses into the cache, unless it is there."""
        self._keeps = False
        code = self._tree.observing_code if self._observing is None else None
        if code is not None:
            found = Observing(code, self.losses.as_data())
            self._catalog.cache.keep_observing(self.route, traits(self.params), found, trusted=self._trusts)

    def line_trees(self, *, observing: bool) -> LineTrees:
        """The route as functions of documents that are decoded line by line, with objects of their own.

        Raises `RecursionError` or `SyntaxError` for a route that is nested too deeply for them.
        """
        cache = self._catalog.cache
        if self._is_known:
            found = cache.line_trees(self.route, self.params, observing=observing, trusted=self._trusts)
            if found is not None:
                return found
        from casemap.compiler.typed import TypedSource, line_trees

        source, title, losses = TypedSource(self.store, self.source), " → ".join(self.route), None
        if observing:
            losses = self.losses
        made = line_trees(self.tree, self.root, self.params, source, title=title, losses=losses)
        if self._is_known:
            cache.keep_line_trees(self.route, self.params, made, trusted=self._trusts)
        return made

    @property
    def records_path(self) -> tuple[str, ...] | None:
        """The member names that lead to the array of a list document's records; None where there are no records."""
        return self._stored.records_path if self._stored else self._reads.records_path

    def __call__(self, payload: Any) -> Any:
        """The converted payload. Raises `ConversionError` with every problem of it."""
        self._check_source(payload)
        result = self._compiled.convert(payload)
        self._check_target(payload, result)
        return result

    def unchecked(self, payload: Any) -> Any:
        """The result for a payload that is valid, whether or not it is what the target takes itself."""
        return self._compiled.convert(payload)

    def observe(self, payload: Any) -> Observed:
        """The converted payload with what was lost on the way. Raises `ConversionError`."""
        self._check_source(payload)
        result, noted = self._compiled.observe(payload)
        self._check_target(payload, result)
        if self._keeps:
            self._keep_observing()
        return Observed(result, self.losses.of(payload), *by_field(noted))

    @property
    def left(self) -> Shape:
        """The JSON Schema of what is not proven of results and has to be asked of each; True where that is nothing."""
        cache = self._catalog.cache
        if self._is_known and (found := cache.left(self.route)) is not None:
            return found[0]
        with self._deep_trees():
            left = self._catalog.prover.outline(self._chain).left
        if self._is_known:
            cache.keep_left(self.route, left)
        return left

    def settle(self) -> None:
        """Ask of results from now on what is not proven of them, and nothing where all of it is.

        Comes by itself after the first results, all of which is asked of: a proof takes as long as many conversions.
        """
        self._until_settled = 0
        left = self.left
        if left is True:
            self._output_validator = None
        elif not (isinstance(left, dict) and "$ref" in left):
            self._output_validator = validator_of(left)

    def explain(self, payload: Any) -> Explanation:
        """Where each value of the result comes from, and what became of each value of the payload.

        A payload that is rejected is explained as far as it goes, and the explanation has its problems. Raises
        `ConversionError` for one that is not of the source type.
        """
        from casemap.analysis.explain.explain import Explainable, explain  # only for who asks

        self._check_source(payload)
        problems: tuple[Problem, ...] = ()
        try:
            self(payload)
        except ConversionError as error:
            problems = error.problems
        route = Explainable(self.source, self.target, self.route, self.tree, self.root, self.params, self.ledger)
        return explain(route, payload, problems)

    def _check_source(self, payload: Any) -> None:
        if not self._trusts and not is_valid(payload, self._source_validator):
            found = violations(payload, self._source_validator)
            raise ConversionError(_in_order(self._unreadable(violation) for violation in found))

    def _check_target(self, payload: Any, result: Any) -> None:
        if self._until_settled:
            self._until_settled -= 1
            if not self._until_settled:
                self.settle()
        if self._output_validator is not None and not is_valid(result, self._output_validator):
            found = violations(result, self._target_validator)
            raise ConversionError(_in_order(self._unwritable(violation, payload) for violation in found))

    def _unreadable(self, violation: Violation) -> Problem:
        """A problem of the payload, with the rule that would have read the value."""
        rule = self._reads.reader([*violation.steps, *([violation.missing] if violation.missing else [])])
        return violation.problem(self.source, "CM401").at(rule=rule)

    def _unwritable(self, violation: Violation, payload: Any) -> Problem:
        """A problem of the result, with the rule that made the value, and the payload's value that it came from."""
        steps = [*violation.steps, *([violation.missing] if violation.missing else [])]
        rule, source = self._reads.writer(steps)
        problem = violation.problem(self.target, "CM402")
        path = None if source is None else pointer(_way(payload, source))
        rule = rule or self._chain[-1].body.span
        said = self._said(rule)
        help = f"{said}\n{problem.help}" if said else problem.help
        return problem.at(path=path, target_path=problem.path, rule=rule, help=help)

    def _said(self, rule: Span) -> str:
        """What a rule says under `may_reject`."""
        pending, seen = list(self._chain), set[str]()
        while pending:
            mapping = pending.pop()
            if mapping.file == rule.file:
                return mapping.said("may_reject", rule)
            pending += [self._catalog.mapping(id) for id in mapping.uses if id not in seen]
            seen.update(mapping.uses)
        return ""


def _rebuilt(catalog: Catalog, route: Sequence[str], params: Table[str, Any], trust_source: bool) -> Converter:
    return Converter(catalog, "", "", params, trust_source=trust_source, route=route)


def _way(payload: Any, steps: Sequence[str]) -> Iterator[str | int]:
    """The way to a source field in a payload, as far as it is one: into an array only where it has one item."""
    value = payload
    for step in steps:
        if step != "*":
            value = value.get(step) if isinstance(value, dict) else None
            yield step
        elif isinstance(value, list) and len(value) == 1:
            value = value[0]
            yield 0
        else:
            return


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.path or "", problem.target_path or "", problem.message))


def shared_params(chain: list[Mapping]) -> dict[str, Table[str, Any]]:
    """The params of a route: those of its mappings, shared by name."""
    shared: dict[str, Table[str, Any]] = {}
    for mapping in chain:
        for name, schema in mapping.params.items():
            if shared.setdefault(name, schema) != schema:
                message = f"the param `{name}` of {mapping.id} differs from that of another mapping on the route"
                raise MappingError([Problem("CM506", message, "Give both the same schema.", file=mapping.file)])
    return shared


def check_params(declared: Table[str, Table[str, Any]], given: Table[str, Any]) -> None:
    """Raise `MappingError` for params that are missing, undeclared or invalid."""
    import jsonschema_rs

    problems: list[Problem] = []
    for name, schema in declared.items():
        if name not in given:
            why = str(schema.get("description", "")).strip()
            message = f"the param `{name}` is missing" + (f": {why}" if why else "")
            problems.append(Problem("CM504", message, f"Give it with `-p {name}=VALUE`, or `params={{{name!r}: …}}`."))
            continue
        validator = jsonschema_rs.Draft202012Validator(dict(schema), offline=True, validate_formats=True)
        problems += [
            problem.at(message=f"the param `{name}` is not valid: {problem.message}", path=None)
            for problem in validate_value(given[name], validator, name, code="CM506")
        ]
    for name in given:
        if name not in declared:
            near = nearest(str(name), list(declared))
            known = f"The route has {', '.join(declared)}." if declared else "The route has no params."
            hint = f"; did you mean `{near}`?" if near else ""
            problems.append(Problem("CM505", f"the route has no param `{name}`{hint}", known))
    if problems:
        raise MappingError(problems)
