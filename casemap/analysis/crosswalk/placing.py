"""Where the nodes of a tree stand in the target: for each place the values that it can have, in their order.

Takes a tree with its bindings, gives a `Standing` for each value that is no object or array of the mapping's own
making, and a `Container` for each that is. Names are followed, functions and value maps of alternatives are taken of
each by itself, and what can never be a value is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from casemap.analysis.crosswalk.conditions import NEVER, Condition, all_of, negated
from casemap.analysis.crosswalk.speaking import Speaker
from casemap.mapping.core import (
    Approximate,
    Array,
    Call,
    Coalesce,
    Computed,
    Concat,
    Const,
    Each,
    If,
    Let,
    Lookup,
    Member,
    Node,
    Object,
    Path,
    Rest,
    Spread,
)  # fmt: skip
from casemap.schema.fields import OTHERS, Steps
from casemap.span import Span

__all__ = ["Container", "Placed", "Standing", "Test", "placed", "siblings"]

MOST_WAYS = 60
"""Values of one place that are told apart; names that are used in names can make any number."""


@dataclass(frozen=True, slots=True)
class Test:
    """What has to be so for a place to be reached: that a node is true, or not; or that it `is there`, or not."""

    node: Node
    holds: bool
    is_there: bool = False

    def condition(self, speaker: Speaker) -> Condition:
        """The condition in a speaker's words."""
        found = speaker.presence(self.node) if self.is_there else speaker.test(self.node)
        return found if self.holds else negated(found)


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """An object, or the items of an array, that the mapping makes. `outer` must hold before the `loops` begin, and
    `inner` for each item. `whole` if it is left out unless all of it is there. `name` computes the name that it has.
    """

    steps: Steps
    loops: tuple[Each, ...]
    outer: tuple[Test, ...]
    inner: tuple[Test, ...]
    approximate: tuple[str, ...]
    spans: tuple[Span, ...]
    parent: Container | None
    whole: bool = False
    listed: bool = False
    name: Node | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A value at a place of the target. `loops` are those between it and its container, the outermost first.

    `chosen_from` are nodes with alternatives of which this is one: their value is this one's where it is taken.
    """

    steps: Steps
    node: Node
    loops: tuple[Each, ...]
    tests: tuple[Test, ...]
    otherwise: bool
    approximate: tuple[str, ...]
    spans: tuple[Span, ...]
    parent: Container | None
    name: Node | None = None
    spread: bool = False
    chosen_from: tuple[Node, ...] = ()


@dataclass(slots=True)
class Placed:
    """All that stands in a target."""

    standings: list[Standing] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)


def placed(tree: Node, speaker: Speaker) -> Placed:
    """What stands where in the result of a tree."""
    placer = _Placer(speaker)
    placer.visit(tree, _Here(()))
    return placer.found


def siblings(container: Container, containers: Sequence[Container]) -> list[Container]:
    """The containers at the same place, it included."""
    return [each for each in containers if each.steps == container.steps and each.parent is container.parent]


@dataclass(frozen=True, slots=True)
class _Here:
    """A place of the target on the way down, and what has been passed since the container around it."""

    steps: Steps
    parent: Container | None = None
    spans: tuple[Span, ...] = ()
    name: Node | None = None
    spread: bool = False
    loops: tuple[Each, ...] = ()
    outer: tuple[Test, ...] = ()
    inner: tuple[Test, ...] = ()
    otherwise: bool = False
    approximate: tuple[str, ...] = ()
    listed: bool = False
    chosen_from: tuple[Node, ...] = ()
    before: int = 0
    """How many values stood anywhere when this place was reached."""


class _Placer:
    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self.bindings = speaker.bindings
        self.found = Placed()

    def visit(self, node: Node, here: _Here) -> None:
        match node:
            case Let():
                self.visit(node.body, here)
                return
            case Path() if (found := self.bindings.resolved(node)) is not node:
                self.visit(found, replace(here, spans=(*here.spans, node.span)))
                return
        here = replace(here, spans=(*here.spans, node.span))
        match node:
            case Approximate():
                self.visit(node.value, replace(here, approximate=(*here.approximate, node.why)))
            case If() | Coalesce() | Lookup() | Call() if len(self.found.standings) - here.before > MOST_WAYS:
                self.stand(node, here)
            case If() if self.speaker.condition(node) is None:
                self.choice(node, here)
            case Coalesce():
                self.options(node, here)
            case Array() | Concat():
                self.parts(node, here)
            case Each() if node.take is None:
                self.each(node, here)
            case Object():
                self.object(node, here)
            case Rest() if (made := self.bindings.unnamed(node.value, node.declared)) is not None:
                self.object(made, here)
            case Lookup() | Call():
                self.applied(node, here)
            case Const(value=None, keep_null=False):
                pass
            case Const(value=dict() as members) if here.spread:
                for name, value in members.items():
                    member = replace(here, steps=(*here.steps, name), spread=False)
                    self.stand(Const(value, node.span, keep_null=True), member)
            case _:
                self.stand(node, here)

    def stand(self, node: Node, here: _Here) -> None:
        steps = (*here.steps, OTHERS) if here.spread else here.steps
        tests = (*here.outer, *here.inner)
        found = Standing(
            steps, node, here.loops, tests, here.otherwise, here.approximate, here.spans, here.parent, here.name,
            here.spread, here.chosen_from,
        )  # fmt: skip
        self.found.standings.append(found)

    def choice(self, node: If, here: _Here) -> None:
        for holds, branch in ((True, node.then), (False, node.otherwise)):
            self.visit_if(Test(node.test, holds), branch, here)

    def visit_if(self, test: Test, node: Node, here: _Here) -> None:
        inner = (*here.inner, test)
        if all_of(*(each.condition(self.speaker) for each in (*here.outer, *inner))) != NEVER:
            self.visit(node, replace(here, inner=inner))

    def options(self, node: Coalesce, here: _Here) -> None:
        """Each option stands there where those before it give nothing."""
        before = here.otherwise
        for option in self.speaker.options(node):
            count = len(self.found.standings) + len(self.found.containers)
            self.visit(option, replace(here, otherwise=before))
            before = before or len(self.found.standings) + len(self.found.containers) > count

    def parts(self, node: Array | Concat, here: _Here) -> None:
        items = isinstance(node, Array)
        for part in node.items if isinstance(node, Array) else node.parts:
            self.visit(part, replace(here, listed=here.listed or items))

    def each(self, node: Each, here: _Here) -> None:
        steps = here.steps if node.key is None else (*here.steps, OTHERS)
        spread = here.spread and node.key is None
        outer = (*here.outer, *here.inner)
        self.visit(
            node.body,
            replace(here, steps=steps, loops=(*here.loops, node), spread=spread, outer=outer, inner=()),
        )

    # functions and value maps

    def applied(self, node: Lookup | Call, here: _Here) -> None:
        """A function or value map of one of several values: it is taken of each by itself."""
        if isinstance(node, Call) and node.function.name == "required":
            self.visit(node.arguments[0], here)
            return
        given = self.given(node)
        match given:
            case Approximate():
                self.visit(_of(node, given.value), replace(here, approximate=(*here.approximate, given.why)))
            case If() if self.speaker.condition(given) is None:
                self.visit_if(Test(given.test, True), _of(node, given.then), here)
                self.visit_if(Test(given.test, False), _of(node, given.otherwise), here)
            case Coalesce():
                tests: list[Test] = []
                for option in self.speaker.options(given):
                    inner, chosen_from = (*here.inner, *tests), (*here.chosen_from, given)
                    self.visit(_of(node, option), replace(here, inner=inner, chosen_from=chosen_from))
                    tests.append(Test(option, False, is_there=True))
            case Const() if isinstance(node, Lookup):
                found = self.speaker.constant(node)
                self.stand(node, here) if found is None else self.visit(found, here)
            case _:
                self.stand(node, here)

    def given(self, node: Lookup | Call) -> Node | None:
        """What is looked up, or the first argument of a function whose others are constants."""
        if isinstance(node, Lookup):
            return self.bindings.resolved(node.value)
        others = node.arguments[1:]
        plain = node.function.kind != "operator" and not node.function.sees_absent
        if plain and all(isinstance(other, Const) for other in others):
            return self.bindings.resolved(node.arguments[0])
        return None

    # objects

    def object(self, node: Object, here: _Here) -> None:
        container = self.container(node, here)
        for part in node.parts:
            before = len(self.found.standings)
            match part:
                case Member():
                    self.visit(part.value, _Here((*here.steps, part.key), container, (part.span,), before=before))
                case Computed() if self.speaker.presence(part.key) == NEVER:
                    pass
                case Computed():
                    self.visit(
                        part.value, _Here((*here.steps, OTHERS), container, (part.span,), name=part.key, before=before)
                    )
                case Spread():
                    self.visit(part.value, _Here(here.steps, container, (part.span,), spread=True, before=before))

    def container(self, node: Object, here: _Here) -> Container | None:
        """The container that an object is, where there is something to say of it."""
        whole = node.absent == "any" and len(node.parts) > 1
        tests = (*here.outer, *here.inner)
        if not (here.loops or here.approximate or whole or here.listed or here.name or tests):
            return here.parent
        found = Container(
            here.steps, here.loops, here.outer, here.inner, here.approximate, here.spans, here.parent, whole,
            here.listed, here.name,
        )  # fmt: skip
        self.found.containers.append(found)
        return found


def _of(node: Lookup | Call, value: Node) -> Node:
    if isinstance(node, Lookup):
        return replace(node, value=value)
    return replace(node, arguments=(value, *node.arguments[1:]))
