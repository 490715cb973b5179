"""What else is wrong or doubtful in a mapping: paths that lead nowhere, rules, branches and entries without effect,
constants that the target never takes, names that nothing uses, fields that nothing is said of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Any

from casemap.analysis.fates import Ledger
from casemap.analysis.inference import Inference
from casemap.analysis.proof import Target
from casemap.analysis.reasons import idle_reasons
from casemap.analysis.shape_words import shape_words, value_words
from casemap.analysis.wording import Wording
from casemap.mapping.core import (
    Approximate,
    Coalesce,
    Const,
    If,
    Let,
    Lookup,
    Node,
    Object,
    Path,
    Symbol,
    children,
)  # fmt: skip
from casemap.mapping.file import Mapping
from casemap.problem import Problem, Severity, nearest
from casemap.schema.fields import Field, Steps, path_text
from casemap.schema.shapes import NEVER, Shape, below, covers, item_of, joined, narrowed, types_of
from casemap.span import Span

__all__ = ["Examined", "Finding", "findings"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a mapping, with the target field that is never right because of it."""

    problem: Problem
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """A mapping, and what is known of it: its tree as it was written, over which inference has run, and its ledger.

    `target` is what its target takes, None where that cannot be written out; `fields` are those of its source; `wrong`
    are the target fields that are never right.
    """

    mapping: Mapping
    tree: Node
    inference: Inference
    ledger: Ledger
    target: Shape | None
    fields: Field
    wrong: Collection[Target]


def findings(examined: Examined) -> list[Finding]:
    """What there is to say of one mapping beside its guards."""
    looking = _Looking(examined)
    found = [Finding(problem) for problem in looking.paths()]
    unknown = {(each.problem.line, each.problem.column) for each in found}
    found += [each for each in looking.dead_rules() if (each.problem.line, each.problem.column) not in unknown]
    found += [Finding(problem) for problem in (*looking.branches(), *looking.impossible_keys())]
    if examined.target is not None:
        found += looking.constants(examined.target)
    found += [Finding(problem) for problem in (*looking.approximations(), *looking.arguments())]
    # what is said of a field already is not said again
    never = {".".join(step for step in target if step != "*") for target in examined.wrong}
    mapping, ledger = examined.mapping, examined.ledger
    unsaid = (*_unmapped(mapping, ledger, looking.meant), *_unfilled(mapping, ledger, never))
    return found + [Finding(problem) for problem in (*_unused(mapping, ledger), *unsaid)]


def _problem(code: str, message: str, span: Span, help: str, severity: Severity = "warning") -> Problem:
    return Problem(code, message, help, severity, span.file, span.line, span.column)


def _unmapped(mapping: Mapping, ledger: Ledger, known: Collection[str]) -> Iterator[Problem]:
    """The source fields that nothing is said of; of an object of which no field is, the object."""
    lacking = {each.steps: each.span for each in ledger.unmapped if each.path not in known}
    for steps, span in _tops(lacking, [each.steps for each in ledger.sources]):
        help = "Map it, or name it under `unmapped:` with the reason."
        message = f"`{path_text(steps)}` of {mapping.source} is not mapped"
        yield _problem("CM603", message, _place(mapping, span, 0), help)


def _unfilled(mapping: Mapping, ledger: Ledger, known: Collection[str]) -> Iterator[Problem]:
    """The target fields that nothing is said of, in the same way."""
    lacking = {each.steps: each.span for each in ledger.unfilled if each.path not in known}
    for steps, span in _tops(lacking, [each.steps for each in ledger.targets]):
        help = "Fill it, or name it under `unset:` with the reason."
        message = f"`{path_text(steps)}` of {mapping.target} is not filled"
        yield _problem("CM604", message, _place(mapping, span, 1), help)


def _place(mapping: Mapping, span: Span, end: int) -> Span:
    """The place of a rule nearby; where there is none, that of the source's or target's type."""
    return mapping.ends[end] if mapping.ends is not None and span == Span(mapping.file, 1, 1) else span


def _tops(lacking: Table[Steps, Span], fields: Sequence[Steps]) -> Iterator[tuple[Steps, Span]]:
    """The places below which all fields lack something, the highest ones, each with the place of its first field."""
    told: set[Steps] = set()
    for steps, span in lacking.items():
        top = steps
        for length in range(len(steps) - 1, 0, -1):
            if not all(field in lacking for field in fields if field[:length] == steps[:length]):
                break
            top = steps[:length]
        if top not in told:
            told.add(top)
            yield top, span


def _unused(mapping: Mapping, ledger: Ledger) -> Iterator[Problem]:
    for name in mapping.unused:
        yield _problem("CM609", f"the {name.kind} `{name.name}` is not used", name.span, "Use it or remove it.")
    for reason in idle_reasons(mapping, ledger):
        path = path_text(reason.path)
        help = "Remove the reason, or write the path that was meant."
        yield _problem(
            "CM609", f"the reason for `{path}` is not used: it speaks of no field that is left", reason.span, help
        )


class _Looking:
    def __init__(self, examined: Examined) -> None:
        self.mapping = examined.mapping
        self.tree = examined.tree
        self.observed = examined.inference.observed
        self.fields = examined.fields
        self.meant: set[str] = set()
        """The fields that misspelt paths were meant for, most likely."""

    def paths(self) -> Iterator[Problem]:
        """Paths to members that an object does not have, though its schema describes it."""
        for span, steps in self.observed.steps.items():
            for step in steps:
                place = _field_at(self.fields, step.origin)
                if place is None or not place.members or step.name in place.members or place.described:
                    continue
                near = nearest(step.name, list(place.members))
                hint = f"; did you mean `{near}`?" if near else ""
                if near:
                    self.meant.add(".".join([*(name for name in step.origin if name != "*"), near]))
                message = f"{self.mapping.source} has no field `{step.text}`{hint}"
                yield _problem("CM615", message, span, "Write the path that was meant, or declare the member.", "error")
                break

    def dead_rules(self) -> Iterator[Finding]:
        for at, rule, never in self.observed.fields.values():
            if not never or isinstance(rule, Object) or _is_nothing(rule):
                continue
            span, why = self.why_dead(rule)
            field = ".".join(step for step in at if step != "*")
            message = f"`{field}` is never filled: {why}"
            help = "Mend the path or the condition, or remove the rule and say under `unset:` why."
            yield Finding(_problem("CM605", message, span, help))

    def why_dead(self, rule: Node) -> tuple[Span, str]:
        """The place and the words for why a rule never gives a value."""
        for node in _inside(rule):
            if isinstance(node, If):
                known = self.observed.branches.get(node.test.span)
                if known is not None and not known[1]:
                    return _start(node.test), f"`{known[3]}` never holds"
        path = next((node for node in _inside(rule) if isinstance(node, Path)), None)
        text = self.text(path) if path is not None else "its value"
        return rule.span, f"`{text}` is never there"

    def text(self, node: Node) -> str:
        symbol = self.mapping.root
        names: dict[Symbol, Node] = {each.symbol: each.value for each in _inside(self.tree) if isinstance(each, Let)}
        if isinstance(node, Path):
            symbol = node.scope
        return Wording(symbol, self.mapping.root, names).text(node)

    def branches(self) -> Iterator[Problem]:
        for span, before in self.observed.behind.items():
            if span not in self.observed.options:
                help = "Remove it, or change the order."
                yield _problem("CM606", f"this is never reached: `{before}` is always there", span, help)
        for node in _inside(self.tree):
            known = self.observed.branches.get(node.test.span) if isinstance(node, If) else None
            if known is None or not isinstance(node, If) or node.span == node.test.span:
                continue
            if not known[2] and not _is_nothing(node.otherwise) and not isinstance(node.otherwise, Const):
                message = f"this is never reached: `{known[3]}` always holds"
                yield _problem("CM606", message, node.otherwise.span, "Remove it, or mend the condition.")
            elif not known[1] and not _is_nothing(node.otherwise) and not isinstance(node.then, Const):
                message = f"this is never reached: `{known[3]}` never holds"
                yield _problem("CM606", message, _start(node.test), "Remove the branch, or mend the condition.")

    def impossible_keys(self) -> Iterator[Problem]:
        """Entries of value maps for what they are never asked for."""
        for asked in self.observed.maps.values():
            shape = joined(asked.shapes)
            if shape is NEVER:
                continue
            for number, (key, _) in enumerate(asked.table.entries):
                if number not in asked.used and asked.table.places:
                    text = " or ".join(f"`{text}`" for text in list(asked.texts)[:2])
                    message = f"{text} is never {value_words(key)}; it is {shape_words(shape)}"
                    help = "Write the value that was meant, or remove the entry."
                    yield _problem("CM607", message, asked.table.places[number][0], help)

    def constants(self, target: Shape) -> list[Finding]:
        """Constants, and values of value maps, that their field never takes."""
        found: dict[Span, Finding] = {}
        for at, rule, _ in self.observed.fields.values():
            wanted = _at(target, at)
            if wanted is True or wanted is NEVER:
                continue
            for value, span in self.values(rule, at):
                kept_out = {"const": value}
                if value is None or covers(wanted, kept_out) or narrowed(wanted, kept_out) is not NEVER:
                    continue
                field = ".".join(step for step in at if step != "*")
                message = (
                    f"`{field}` of {self.mapping.target} is never {value_words(value)}; it is {shape_words(wanted)}"
                )
                problem = _problem("CM608", message, span, "Write one of the values that the target takes.", "error")
                found.setdefault(span, Finding(problem, at))
        return list(found.values())

    def values(self, rule: Node, at: Target) -> Iterator[tuple[Any, Span]]:
        """The constants that a rule of a target field can give, with their places."""
        match rule:
            case Const():
                yield rule.value, rule.span
            case Let():
                yield from self.values(rule.body, at)
            case Approximate():
                yield from self.values(rule.value, at)
            case If():
                known = self.observed.branches.get(rule.test.span)
                if known is None or known[1]:
                    yield from self.values(rule.then, at)
                if known is None or known[2]:
                    yield from self.values(rule.otherwise, at)
            case Coalesce():
                for option in rule.options:
                    if option.span in self.observed.behind and option.span not in self.observed.options:
                        break
                    yield from self.values(option, at)
            case Path(steps=()):
                named = next((n for n in _inside(self.tree) if isinstance(n, Let) and n.symbol is rule.scope), None)
                if named is not None:
                    yield from self.values(named.value, at)
            case Lookup():
                found = self.observed.lookups.get((rule.span, at), ())
                for number, (_, value) in enumerate(rule.table.entries):
                    if number in found and rule.table.places:
                        yield value, rule.table.places[number][1]
                if isinstance(rule.otherwise, Const) and None in found:
                    yield rule.otherwise.value, rule.otherwise.span

    def approximations(self) -> Iterator[Problem]:
        """Constants in place of values that a map does not list, of which the rule does not say why."""
        pending: list[tuple[Node, bool]] = [(self.tree, False)]
        while pending:
            node, explained = pending.pop()
            explained = isinstance(node, Approximate) or (explained and not isinstance(node, Object))
            if isinstance(node, Lookup) and isinstance(node.otherwise, Const) and not explained:
                if self.mapping.said("note", node.span):
                    continue
                constant = node.otherwise
                shown = constant.value if isinstance(constant.value, str) else value_words(constant.value)
                message = f"`{shown}` stands in for any other `{self.text(node.value)}`, and the rule does not say why"
                yield _problem("CM610", message, constant.span, "Add `approximate: <why>`, or drop such values.")
            pending += [(child, explained) for child in children(node)]

    def arguments(self) -> Iterator[Problem]:
        for span, (text, field) in self.observed.optional.items():
            then = f"and then `{field}` is" if field else "and then the value is"
            help = "Say with `default` what is taken in its place, or leave the field out on purpose with `when`."
            yield _problem("CM616", f"`{text}` can be absent, {then}", span, help)


def _field_at(fields: Field, origin: Target) -> Field | None:
    """The field that an origin leads to; its `*` for items has no step of its own there."""
    place = fields
    for step in origin:
        if step == "*":
            continue
        further = place.members.get(step, place.others)
        if further is None:
            return None
        place = further
    return place


def _at(shape: Shape, at: Target) -> Shape:
    """What a target takes at one of its fields."""
    for step in at:
        if step == "*" and "object" not in types_of(shape):
            shape = item_of(shape)
        elif step == "*":
            return True
        else:
            shape = below(shape, step)
    return shape


def _inside(node: Node) -> Iterator[Node]:
    """A node and all below it, in their order."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(list(children(current))))


def _start(node: Node) -> Span:
    """Where an expression starts: an operator's own place is that of an operand."""
    spans = [each.span for each in _inside(node) if each.span.file == node.span.file]
    return min(spans, key=lambda span: (span.line, span.column))


def _is_nothing(node: Node) -> bool:
    """Whether a rule is absent on purpose."""
    match node:
        case Coalesce():
            return not node.options
        case Const():
            return node.value is None
        case Let():
            return _is_nothing(node.value)
    return False
