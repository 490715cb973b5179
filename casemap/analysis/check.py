"""The check: what inference says of a tree against what its target takes, as guards and problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casemap.analysis.causes import Cause, any_of, words
from casemap.analysis.comparing import Doubt, doubts_and_left
from casemap.analysis.compose import compose
from casemap.analysis.findings import Examined, Finding, findings
from casemap.analysis.inference import Inference, Refusal
from casemap.analysis.ledger import Ledgers
from casemap.analysis.proof import Guard, Proof, State, Target
from casemap.analysis.reads import Reads
from casemap.analysis.shape_words import shape_words
from casemap.mapping.core import Node, Object, Symbol, children
from casemap.mapping.file import Mapping
from casemap.problem import Problem
from casemap.schema.shapes import Shape, written_out
from casemap.schema.store import SchemaStore, SourceSchema, schema_uri
from casemap.span import Span

__all__ = ["Checks", "noun"]


class Checks:
    """Checks the mappings and routes of a catalog. What they share is worked out once.

    `used` gives the mappings that others use, by their ids.
    """

    def __init__(self, store: SchemaStore, used: Callable[[str], Mapping]) -> None:
        self._store = store
        self._used = used
        self._shapes: dict[str, Shape] = {}
        self._targets: dict[str, Shape | None] = {}
        self._schemas: dict[str, SourceSchema] = {}
        self._ledgers = Ledgers(store, used)

    def of(self, chain: Sequence[Mapping]) -> Proof:
        """What is known of a mapping, or of a route that is the chain of several."""
        tree, root = self._tree(chain)
        ledger = self._ledgers.mapping(chain[0]) if len(chain) == 1 else self._ledgers.of(tree, root, chain)
        examined = self._examined(chain, tree, root)
        found: list[Finding] = []
        if len(chain) == 1:
            fields = self._ledgers.fields(chain[0].source)
            never = [guard.target for guard in examined.guards if guard.wrong]
            found = findings(Examined(chain[0], tree, examined.inference, ledger, examined.target, fields, never))
        problems = _problems(examined.guards, found)
        wrong = any(problem.severity == "error" for problem in problems)
        state: State = "wrong" if wrong else "guarded" if examined.guards else "proven"
        return Proof(state, tuple(problems), examined.guards, ledger, examined.left)

    def state(self, chain: Sequence[Mapping]) -> State:
        """Whether a route is proven, guarded or wrong, whatever else there is to say of its mappings."""
        guards = self._examined(chain, *self._tree(chain)).guards
        return "wrong" if any(guard.wrong for guard in guards) else "guarded" if guards else "proven"

    def _tree(self, chain: Sequence[Mapping]) -> tuple[Node, Symbol]:
        """The tree of one mapping as it was written, so that what is never reached is still seen; that of a route."""
        if len(chain) == 1:
            return self.tree(chain[0])
        return compose(chain, self._schema(chain[0].source))

    def _examined(self, chain: Sequence[Mapping], tree: Node, root: Symbol) -> _Examined:
        inference = Inference(root, self.source_shape(chain[0].source), _param_shapes(chain))
        result = inference.run(tree)
        target = self.target_shape(chain[-1].target)
        if target is None:
            doubts, left = _whole(result.shape), self._whole_schema(chain[-1].target)
        else:
            doubts, left = doubts_and_left(target, result.shape)
        reading = _Reading(tree, root, chain, self._all(chain), inference)
        return _Examined(inference, target, tuple(reading.guards(doubts, result.missing)), left)

    def _schema(self, type_name: str) -> SourceSchema:
        if type_name not in self._schemas:
            self._schemas[type_name] = SourceSchema(self._store, type_name)
        return self._schemas[type_name]

    def tree(self, mapping: Mapping) -> tuple[Node, Symbol]:
        """The tree of a mapping as it was written, and the symbol of its document."""
        return self._ledgers.mapping_with_tree(mapping)[1:]

    def source_shape(self, type_name: str) -> Shape:
        """The shape of a type's documents."""
        if type_name not in self._shapes:
            resolver = self._store.registry.resolver(schema_uri(type_name))
            self._shapes[type_name] = written_out(self._store.schemas[type_name], resolver)
        return self._shapes[type_name]

    def target_shape(self, type_name: str) -> Shape | None:
        """Exactly what a type takes; None where that cannot be written without references."""
        if type_name not in self._targets:
            resolver = self._store.registry.resolver(schema_uri(type_name))
            self._targets[type_name] = written_out(self._store.schemas[type_name], resolver, widen=False)
        return self._targets[type_name]

    def _whole_schema(self, type_name: str) -> Shape:
        return {"$ref": schema_uri(type_name)}

    def _all(self, chain: Sequence[Mapping]) -> dict[str, Mapping]:
        """The mappings of a chain and those that they use, by their files."""
        found: dict[str, Mapping] = {}
        pending = list(chain)
        while pending:
            mapping = pending.pop()
            if mapping.file not in found:
                found[mapping.file] = mapping
                pending += [self._used(id) for id in mapping.uses]
        return found


@dataclass(frozen=True, slots=True)
class _Examined:
    """What inference and comparison give of a tree."""

    inference: Inference
    target: Shape | None
    guards: tuple[Guard, ...]
    left: Shape


def _problems(guards: Sequence[Guard], found: list[Finding]) -> list[Problem]:
    """All problems, in the order of their places: what was found, what is never right, what nobody has spoken of."""
    told = {each.target for each in found if each.target is not None}
    found += [Finding(_problem_of(each), each.target) for each in guards if each.wrong and each.target not in told]
    told = {each.target for each in found if each.target is not None}
    problems = [each.problem for each in found]
    misspelt = {(each.file, each.line) for each in problems if each.code == "CM615"}
    problems += [
        unacknowledged(guard)
        for guard in guards
        if not guard.acknowledged
        and not (guard.output and guard.target in told)
        and (guard.rule.file, guard.rule.line) not in misspelt
    ]
    return sorted(problems, key=lambda problem: (problem.file or "", problem.line or 0, problem.column or 0))


def _param_shapes(chain: Sequence[Mapping]) -> dict[str, Shape]:
    return {
        name: True if "$ref" in str(schema) else dict(schema)
        for mapping in chain
        for name, schema in mapping.params.items()
    }


def _whole(found: Shape) -> list[Doubt]:
    """Of a target whose schema cannot be written out nothing is proven."""
    return [Doubt((), "value", True, found, never=False, place=(), asked=True)]


def noun(type_name: str) -> str:
    """What a document of a type is called in a sentence: `a case`, `a case list`, `an error`."""
    name = type_name.rsplit("/", maxsplit=1)[-1].replace("-", " ")
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


class _Reading:
    """Finds the rules and the words for what inference and comparison found."""

    def __init__(
        self, tree: Node, root: Symbol, chain: Sequence[Mapping], files: dict[str, Mapping], inference: Inference
    ) -> None:
        self.tree = tree
        self.reads = Reads(tree, root)
        self.chain = chain
        self.files = files
        self.inference = inference
        self.noun = noun(chain[0].source)

    def guards(self, doubts: Sequence[Doubt], missing: Cause | None) -> Iterator[Guard]:
        """All guards, in the order of the rules."""
        found = [self.refused(refusal) for refusal in self.inference.refusals]
        found += [self.acknowledged(self.doubted(doubt)) for doubt in doubts]
        if missing is not None:
            condition = f"rejects {self.noun} {words(missing)}"
            whole = Guard((), condition, "CM311", Span(self.chain[-1].file, 1, 1), kind="missing")
            found.append(self.acknowledged(whole))
        unique: dict[Any, Guard] = {}
        for guard in found:
            key = guard.code, guard.rule, guard.condition, guard.target if guard.output else ()
            unique.setdefault(key, guard)
        return iter(sorted(unique.values(), key=lambda guard: (guard.rule.file, guard.rule.line, guard.rule.column)))

    def acknowledged(self, guard: Guard, rule: Span | None = None) -> Guard:
        """What the rule around the guard says of it; who knows that nothing passes may want it so."""
        rule = rule or guard.rule
        mapping = self.files.get(rule.file)
        said = mapping.said("may_reject", rule) if mapping is not None else ""
        return replace(guard, acknowledged=said, wrong=guard.wrong and not said)

    def refused(self, refusal: Refusal) -> Guard:
        condition = f"rejects {self.noun} {refusal.words}"
        guard = Guard(refusal.target, condition, refusal.code, refusal.span, wrong=refusal.always)
        return self.acknowledged(guard, refusal.rule)

    def doubted(self, doubt: Doubt) -> Guard:
        rule = self.rule_of(doubt.target)
        condition = f"rejects {self.noun} {self.why(doubt)}"
        return Guard(doubt.target, condition, "CM402", rule, kind=doubt.kind, wrong=doubt.never)

    def why(self, doubt: Doubt) -> str:
        field = ".".join(step for step in doubt.target if step != "*")
        if doubt.kind == "missing":
            known = [found.missing for _, found in self.inference.members.get(doubt.target, ())]
            cause = any_of(known)
            return words(cause) if cause is not None else f"for which there is no `{field}`"
        if doubt.expected is False and doubt.target[-1:] == ("*",):
            return f"whose {f'`{field}`' if field else 'result'} has more in it than the target takes"
        if not field and doubt.expected is True:
            return "whose result is not what the target takes"
        if not field:
            return f"whose result is anything but {shape_words(doubt.expected)}"
        if doubt.expected is False:
            return f"for which there is `{field}`, which the target does not have"
        return f"whose `{field}` comes out as anything but {shape_words(doubt.expected)}"

    def rule_of(self, target: Target) -> Span:
        members = self.inference.members
        found = members.get(target) or members.get((*target[:-1], "*"))
        if found:
            return found[0][0]
        span, _ = self.reads.writer(target)
        return span or self.body_span()

    def body_span(self) -> Span:
        """The place of the last mapping's own rule."""
        pending: list[Node] = [self.tree]
        while pending:
            node = pending.pop(0)
            if isinstance(node, Object) and node.span.file == self.chain[-1].file:
                return node.span
            pending += children(node)
        return Span(self.chain[-1].file, 1, 1)


def _problem_of(guard: Guard) -> Problem:
    """What is wrong where nothing passes a guard."""
    span = guard.rule
    if guard.condition.endswith(f"there is no `{guard.field}`"):
        message = f"the target requires `{guard.field}`, and no rule fills it"
        help = "Add a rule for it, or mend the one that is there."
    else:
        message = f"{_subject(guard)} {guard.condition}, and so every one that comes to it"
        help = "Mend the rule so that it gives what the target takes."
    return Problem("CM602", message, help, file=span.file, line=span.line, column=span.column)


def unacknowledged(guard: Guard) -> Problem:
    """What is to be said of a guard that nobody has spoken of."""
    span = guard.rule
    help = "Handle it, with `default`, `else`, `when` or `first_of`, or say on the rule `may_reject: <why>`."
    message = f"{_subject(guard)} {guard.condition}"
    return Problem("CM601", message, help, "warning", span.file, span.line, span.column)


def _subject(guard: Guard) -> str:
    return f"`{guard.field}`" if guard.field else "the mapping"
