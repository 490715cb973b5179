"""The crosswalk of a mapping or route: the values that stand in the target, in words, beside what the ledger says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from casemap.analysis.crosswalk.about import About
from casemap.analysis.crosswalk.bindings import Bindings
from casemap.analysis.crosswalk.conditions import Condition, Unsaid, all_of, given, words_of
from casemap.analysis.crosswalk.placing import Container, Placed, Standing, placed, siblings
from casemap.analysis.crosswalk.rows import Crosswalk, Group, Left, Link, ParamRow, Row, Unset, Way
from casemap.analysis.crosswalk.speaking import Speaker
from casemap.analysis.crosswalk.voice import Spoken
from casemap.analysis.fates import Ledger, TargetField
from casemap.analysis.presence import Facts
from casemap.mapping.core import Approximate, Call, Coalesce, Each, If, Lookup, Node, Rest, Symbol
from casemap.mapping.file import Mapping as MappingFile
from casemap.schema.fields import OTHERS, Field, Others, Steps
from casemap.schema.leaves import field_tree
from casemap.schema.store import SchemaStore, SourceSchema
from casemap.span import Span

__all__ = ["Remarks", "describe"]

LONGEST_CONDITION = 2_000
_CHOSEN = re.compile("the first of .*? that is there")
"""A noun that is too long to be said twice."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What rules say of themselves, by the mapping files that they stand in."""

    files: Mapping[str, MappingFile]

    def notes(self, spans: Sequence[Span]) -> tuple[str, ...]:
        """The notes of the rules at these places, each once, in the order of the places."""
        found = (self.files[span.file].said("note", span) for span in spans if span.file in self.files)
        return tuple(dict.fromkeys(note for note in found if note))


def describe(
    tree: Node,
    root: Symbol,
    chain: Sequence[MappingFile],
    store: SchemaStore,
    *,
    ledger: Ledger,
    files: Mapping[str, MappingFile],
) -> Crosswalk:
    """The crosswalk of a tree over `root` that was made of a chain of mappings, with its ledger.

    `files` are these mappings and those that they use, by their files.
    """
    bindings = Bindings(tree, root)
    speaker = Speaker(bindings, Facts(tree, root, SourceSchema(store, chain[0].source)))
    remarks = Remarks(files)
    target = chain[-1].target
    rows = _Rows(speaker, _Stands(placed(tree, speaker), field_tree(store, target)), remarks, About(store, target))
    carried = [field for field in ledger.targets if field.filling not in ("unset", "unfilled")]
    return Crosswalk(
        chain[0].source,
        chain[-1].target,
        chain[0].summary if len(chain) == 1 else "",
        tuple(rows.of(carried, ledger)),
        tuple(_left(ledger)),
        tuple(Unset(field.steps, field.reason) for field in ledger.targets if field.filling in ("unset", "unfilled")),
        tuple(_params(chain)),
        tuple(Link(field.steps, use.steps, use.fate) for field in ledger.sources for use in field.uses),
        tuple((field.steps, field.fate) for field in ledger.sources),
    )


def _left(ledger: Ledger) -> Iterator[Left]:
    for field in ledger.sources:
        if field.fate in ("dropped", "unmapped") or (field.fate == "consulted" and field.lost):
            yield Left(field.steps, field.fate, field.reason, tuple(dict.fromkeys(use.target for use in field.uses)))


def _params(chain: Sequence[MappingFile]) -> Iterator[ParamRow]:
    declared = {name: schema for mapping in chain for name, schema in mapping.params.items()}
    for name, schema in declared.items():
        yield ParamRow(name, str(schema.get("description", "")).strip())


# --- places --------------------------------------------------------------------------------------------------------


class _Stands:
    """What stands where in a target, found by the fields of its schema."""

    def __init__(self, found: Placed, target: Field) -> None:
        self.target = target
        self.containers = found.containers
        self.by_field: dict[Steps, list[Standing]] = {}
        for standing in found.standings:
            self.by_field.setdefault(self.field(standing.steps), []).append(standing)

    def field(self, steps: Steps) -> Steps:
        """The steps as the schema knows them: a name that it does not describe is one of the others."""
        found: list[str | Others] = []
        place: Field | None = self.target
        for step in steps:
            known = place is None or (isinstance(step, str) and step in place.members) or place.opaque
            found.append(step if known else OTHERS)
            place = None if place is None else place.others if found[-1] is OTHERS else place.members.get(step)  # type: ignore[arg-type]
        return tuple(found)

    def at(self, steps: Steps) -> dict[Steps, list[Standing]]:
        """The values of a field, by the places that the mapping names: it, what is below, or what it is in."""
        places: dict[Steps, list[Standing]] = {}
        for field, standings in self.by_field.items():
            if field[: len(steps)] == steps:
                for standing in standings:
                    places.setdefault(standing.steps, []).append(standing)
        for place, standings in places.items():
            # what fills a place above as a whole can be what stands here, too
            above = [each for each in places if len(each) < len(place) and place[: len(each)] == each]
            standings += [standing for each in above for standing in places[each] if standing.steps == each]
        whole = [found for count in range(len(steps)) for found in self.by_field.get(steps[:count], [])]
        if not places and not whole:
            others = [(*steps[:count], OTHERS) for count in range(len(steps))]
            whole = [found for place in others for found in self.by_field.get(place, [])]
        if whole:
            places[steps] = [*places.get(steps, []), *whole]
        return places


def _beside(one: Steps, other: Steps) -> bool:
    """Whether one of two fields is the other, or above it."""
    return one[: len(other)] == other[: len(one)]


# --- rows ---------------------------------------------------------------------------------------------------------


class _Rows:
    """Makes the rows of fields, and of the arrays and objects above them."""

    def __init__(self, speaker: Speaker, found: _Stands, remarks: Remarks, about: About) -> None:
        self.speaker = speaker
        self.found = found
        self.remarks = remarks
        self.about = about
        self.told: dict[Steps, tuple[str, ...]] = {}

    def of(self, fields: Sequence[TargetField], ledger: Ledger) -> Iterator[Row | Group]:
        collapsed = {use.steps for field in ledger.sources for use in field.uses if use.fate == "collapsed"}
        for field in fields:
            yield from self.groups(field.steps)
            found = self.found.at(field.steps)
            if not found and not field.made_of:
                continue  # nothing stands there after all
            for steps, standings in (found or {field.steps: []}).items():
                yield self.row(field, steps, standings, any(_beside(each, steps) for each in collapsed))

    def groups(self, steps: Steps) -> Iterator[Group]:
        """The arrays and objects above a field that have not been told yet."""
        for count in range(len(steps) + 1):
            above = steps[:count]
            here = [each for each in self.found.containers if each.steps == above]
            if here and above not in self.told:
                notes = self.notes_below(above, [span for each in here for span in each.spans])
                self.told[above] = notes
                words = tuple(dict.fromkeys(self.container_words(each) for each in here))
                approximate = tuple(dict.fromkeys(why for each in here for why in each.approximate))
                yield Group(above, words, notes, approximate)

    def row(self, field: TargetField, steps: Steps, standings: Sequence[Standing], collapsed: bool) -> Row:
        ways = list(_together([self.way(standing, field, steps) for standing in standings]))
        ways = ways or [Way(field.made_of, "made of these")]
        if len(ways) == 1 and ways[0].claim == "constant" and not ways[0].when:
            ways = [replace(ways[0], words=f"always {ways[0].words}")]
        title, about = self.about.texts(steps)
        spans = [span for standing in standings for span in (*standing.spans, *self.inner_spans(standing.node))]
        notes = self.notes_below(steps, spans)
        return Row(
            steps, title, about, field.filling, tuple(ways), field.made_of, field.decided_by,
            notes=notes, collapsed=collapsed, span=field.span,
        )  # fmt: skip

    def notes_below(self, steps: Steps, spans: Sequence[Span]) -> tuple[str, ...]:
        """The notes of rules, without those that stand above already."""
        above = {note for count in range(len(steps)) for note in self.told.get(steps[:count], ())}
        return tuple(note for note in self.remarks.notes(spans) if note not in above)

    def inner_spans(self, node: Node) -> Iterator[Span]:
        """The places of the rules that a value comes through, for what they say; not of what is merely asked."""
        node = self.speaker.bindings.resolved(node)
        yield node.span
        match node:
            case Approximate() | Lookup():
                yield from self.inner_spans(node.value)
            case Call() if node.arguments:
                yield from self.inner_spans(node.arguments[0])
            case Coalesce():
                for option in node.options:
                    yield from self.inner_spans(option)
            case If():
                yield from self.inner_spans(node.then)
                yield from self.inner_spans(node.otherwise)

    # ways

    def way(self, standing: Standing, field: TargetField, steps: Steps) -> Way:
        spoken = self.speaker.value(standing.node)
        below = steps[len(standing.steps) :]
        made_of = self.speaker.bindings.sources(standing.node)
        named = spoken.subject in {self.speaker.field(source) for source in made_of}
        subject = [] if named and spoken.phrases else ["copied"] if named else [spoken.subject]
        phrases = [*spoken.phrases, *self.loop_phrases(standing)]
        # what a `rest` gives is no field of the source, its members are
        apart = isinstance(self.speaker.bindings.resolved(standing.node), Rest) and not (below or standing.spread)
        keeps = not apart and (spoken.claim == "copied" or not (below or standing.spread))
        return Way(
            self.sources(standing, spoken, made_of, below, field),
            "; ".join([*subject, *phrases]),
            self.condition_words(standing, spoken),
            self.part(standing.parent),
            standing.otherwise,
            standing.approximate,
            spoken.claim if keeps else "",
            spoken.values if keeps else (),
        )

    def condition_words(self, standing: Standing, spoken: Spoken) -> str:
        """The condition of a value. The value itself has been spoken of at length, and is not again."""
        words = words_of(self.when(standing, spoken))
        whole = [self.speaker.value(node).noun for node in standing.chosen_from]
        for noun in [*whole, *sorted(spoken.stages - {spoken.subject}, key=len, reverse=True)]:
            words = words.replace(noun, "the value")
        for noun in set(_CHOSEN.findall(words)):
            before, found, after = words.partition(noun)
            words = before + found + after.replace(noun, "that value")
        return words if len(words) <= LONGEST_CONDITION else words_of(Unsaid())

    def when(self, standing: Standing, spoken: Spoken) -> Condition:
        """On what condition a value stands there; that its source is there goes without saying."""
        tests = [test.condition(self.speaker) for test in standing.tests]
        loops = [self.speaker.taken(loop, full=True) for loop in standing.loops if not self.chooses(loop)]
        return given(all_of(*tests, *loops), spoken.stages)

    def sources(
        self, standing: Standing, spoken: Spoken, made_of: Sequence[Steps], below: Steps, field: TargetField
    ) -> tuple[Steps, ...]:
        """The source fields that a value holds, without those that only decide of it."""
        rest = isinstance(self.speaker.bindings.resolved(standing.node), Rest)
        if below:
            # of a value that is copied whole the members are what they are in the source
            return tuple((*(source[:-1] if rest else source), *below) for source in made_of)
        if standing.spread and spoken.claim == "copied" and not rest:
            return tuple((*source, OTHERS) for source in made_of)
        return tuple(source for source in made_of if source in field.made_of or source not in field.decided_by)

    def loop_phrases(self, standing: Standing) -> Iterator[str]:
        for loop in standing.loops:
            if self.chooses(loop):
                yield self.speaker.items(loop)
        if standing.name is not None:
            yield f"named by {self.speaker.value(standing.name).noun}"

    def part(self, container: Container | None) -> str:
        """In which items a value stands, where the items around it are made in several ways."""
        labels: list[str] = []
        while container is not None:
            if len(siblings(container, self.found.containers)) > 1:
                labels.insert(0, self.label(container))
            container = container.parent
        return ", ".join(labels)

    def label(self, container: Container) -> str:
        """A container where it is one of several at its place."""
        outer, inner = self.conditions(container)
        words = [f"from each {self.speaker.items_of(loop.source)}" for loop in container.loops]
        words += [f"where {condition}" for each in (inner, outer) if (condition := words_of(each))]
        return " ".join(words) or "in another item"

    def chooses(self, loop: Each) -> bool:
        """Whether an `each`, or one that makes its items, does more than take items on a condition."""
        return any(map(self.speaker.chooses, (loop, *self.speaker.bindings.arrays(loop.source)[1])))

    # containers

    def conditions(self, container: Container) -> tuple[Condition, Condition]:
        """What must hold before the items of a container are made, and for each of them."""
        outer = all_of(*(test.condition(self.speaker) for test in container.outer))
        speaker = self.speaker
        around: Container | None = container
        while around is not None:
            for loop in around.loops:
                speaker = speaker.in_items(loop.source)
            around = around.parent
        taken = (self.speaker.taken(loop) for loop in container.loops if not self.chooses(loop))
        return outer, all_of(*taken, *(test.condition(speaker) for test in container.inner))

    def container_words(self, container: Container) -> str:
        """What makes an object, or the items of an array."""
        outer, inner = self.conditions(container)
        words: list[str] = []
        for loop in container.loops:
            what = "item" if loop.key is None else "member"
            words.append(f"one {what} for each {self.speaker.items_of(loop.source)}")
        if container.listed and not container.loops:
            words.append("one item")
        where = words_of(inner)
        if where and words:
            words[-1] += f" where {where}"
        words += [f"only where {condition}" for condition in (words_of(outer), "" if words else where) if condition]
        words += [self.speaker.items(loop) for loop in container.loops if self.chooses(loop)]
        if container.name is not None:
            words.append(f"named by {self.speaker.value(container.name).noun}")
        if container.whole:
            words.append("left out unless all its fields are there")
        part = self.part(container.parent)
        return f"{f'{part}: ' if part else ''}{'; '.join(words) or 'made on its own'}"


def _together(ways: Sequence[Way]) -> Iterator[Way]:
    """The ways but those that say what one before them has said: if that gives nothing, they do not either."""
    seen: set[tuple[object, ...]] = set()
    for way in ways:
        key = (way.sources, way.words, way.when, way.part)
        if key not in seen:
            seen.add(key)
            yield way
