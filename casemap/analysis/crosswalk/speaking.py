"""Values in words: what a node's value is made of, and what happens to it on the way.

A value is spoken of as a subject, such as the name of a field, and phrases for what was done to it, in their order.
Names that the mappings give along the way do not appear: what they stand for does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casemap.analysis.crosswalk.bindings import Bindings
from casemap.analysis.crosswalk.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Statement,
    all_of,
    any_of,
    given,
    negated,
    words_of,
)  # fmt: skip
from casemap.analysis.crosswalk.functions import Applied, phrase_of
from casemap.analysis.crosswalk.lookups import LookedUp, looked_up, lookup_phrase
from casemap.analysis.crosswalk.rows import Claim
from casemap.analysis.crosswalk.spans import code, listed, path_code, value_code
from casemap.analysis.effects import effect_of
from casemap.analysis.presence import ARRAY, STRING, Facts
from casemap.analysis.wording import Wording
from casemap.functions.equality import equal
from casemap.mapping.core import (
    Approximate,
    Array,
    Call,
    Coalesce,
    Concat,
    Const,
    Each,
    If,
    Lookup,
    Node,
    Object,
    Param,
    Path,
    Rest,
)  # fmt: skip
from casemap.schema.fields import Steps, path_text

__all__ = ["Speaker", "Spoken"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A value in words. `phrases` say what was done to the `subject`; `claim` and `values` are those of a `Way`."""

    subject: str
    phrases: tuple[str, ...] = ()
    claim: Claim = ""
    values: tuple[Any, ...] = ()

    def then(self, phrase: str) -> Spoken:
        """The same value with one more thing done to it."""
        return Spoken(self.subject, (*self.phrases, phrase)) if phrase else self

    @property
    def stages(self) -> set[str]:
        """The nouns of what it was at first, and after each phrase: all of these are there if the value is."""
        return {replace(self, phrases=self.phrases[:count]).noun for count in range(len(self.phrases) + 1)}

    @property
    def noun(self) -> str:
        """The value as a part of another sentence."""
        return f"{self.subject} ({', '.join(self.phrases)})" if self.phrases else self.subject


class Speaker:
    """Speaks of the values and conditions of one tree."""

    def __init__(self, bindings: Bindings, facts: Facts) -> None:
        self.bindings = bindings
        self.facts = facts
        self._inside: tuple[Steps, ...] = ()

    # values

    def value(self, node: Node) -> Spoken:
        """A node's value in words."""
        node = self.bindings.resolved(node)
        match node:
            case Const():
                return Spoken(value_code(node.value), claim="constant", values=(node.value,))
            case Param():
                return Spoken(f"the param {code(node.name + ''.join(f'.{step}' for step in node.steps))}")
            case Path():
                return self.path(node)
            case Call():
                return self.call(node)
            case Lookup():
                return self.lookup(node)
            case Each():
                return self.each(node)
            case Approximate():
                return self.value(node.value)
            case Rest():
                made = self.bindings.unnamed(node.value, node.declared)
                if made is not None:
                    return self.value(made)
                above = self.bindings.source(node.value)
                inside = f" of {path_code(path_text(above))}" if above else ""
                return Spoken(f"the members{inside} that its schema does not name", claim="copied")
            case If():
                return self.chosen(node)
            case Coalesce():
                if not node.options:
                    return Spoken("nothing")
                options = [self.value(option).noun for option in self.options(node)]
                return Spoken(options[0] if len(options) == 1 else f"the first of {listed(options)} that is there")
            case Concat(parts=parts) | Array(items=parts):
                return Spoken(listed(self.value(part).noun for part in parts) or "nothing")
        assert isinstance(node, Object)  # noqa: S101 - a name has been followed
        inside = listed(dict.fromkeys(path_code(path_text(steps)) for steps in self.bindings.sources(node)))
        return Spoken(f"an object of {inside}" if inside else "an object")

    def options(self, node: Coalesce) -> Sequence[Node]:
        """The options that can be reached and are not the same as one before."""
        found: list[Node] = []
        for option in node.options:
            value = self.bindings.resolved(option)
            while isinstance(value, Approximate):
                value = self.bindings.resolved(value.value)
            if not any(value is self._bare(other) for other in found):
                found.append(option)
            if self.facts.present(option):
                break
        return found

    def _bare(self, node: Node) -> Node:
        node = self.bindings.resolved(node)
        return self._bare(node.value) if isinstance(node, Approximate) else node

    def path(self, node: Path) -> Spoken:
        phrases: list[str] = []
        for position, step in enumerate(node.steps):
            if isinstance(step, int):
                phrases.append(self.only(node, position))
            elif not isinstance(step, str):
                phrases.append(f"the member that {self.value(step).noun} names")
        source = self.bindings.source(node)
        if source is not None:
            named = not any(not isinstance(step, (str, int)) for step in node.steps)
            return Spoken(self.field(source), tuple(phrases), "copied" if named else "")
        members = self.bindings.entries_of(node)
        if members is not None and node.steps == ("key",):
            return Spoken("the name of the member")
        beside = self.bindings.beside(node)
        if beside is not None:
            made = listed(self.field(source) for source in self.bindings.sources(beside))
            steps = "".join(f".{step}" if isinstance(step, str) else "[…]" for step in node.steps)
            return Spoken(f"the member {code(steps.removeprefix('.'))} of what {made} gives")
        if node.scope in self.bindings.indexes:
            return Spoken("the position in the array")
        value = self.bindings.values.get(node.scope)
        if value is None and node.scope in self.bindings.loops:
            value = self.bindings.loops[node.scope].source
        if value is None:
            return Spoken("a value")
        steps = "".join(f".{step}" if isinstance(step, str) else "[…]" for step in node.steps)
        return self.value(value).then(f"its member {code(steps.removeprefix('.'))}" if steps else "")

    def field(self, steps: Steps) -> str:
        """A source field by its name; inside of what is said of an array's items, by that in the item."""
        above = max((each for each in self._inside if steps[: len(each)] == each), key=len, default=())
        below = steps[len(above) :]
        if above and not below:
            return "the item"
        return path_code(path_text(below) if above else path_text(steps))

    def only(self, node: Path, position: int) -> str:
        """That only one item of an array is taken, by the array's own name."""
        above = self.bindings.source(replace(node, steps=node.steps[:position]))
        name = path_text(above[-1:]) if above else "it"
        index = node.steps[position]
        assert isinstance(index, int)  # noqa: S101 - the caller asked
        which = {0: "the first", -1: "the last"}.get(index, f"the one with the index {index}")
        return f"of several {code(name)} only {which}"

    def in_items(self, source: Node) -> Speaker:
        """A speaker of the items of an array: their members go by their own names."""
        found = Speaker(self.bindings, self.facts)
        above = self.bindings.source(self.bindings.arrays(source)[0])
        found._inside = self._inside if above is None else (*self._inside, above)
        return found

    def chosen(self, node: If) -> Spoken:
        """A value that depends on a condition; one that is true or false is said as the condition is."""
        found = self.condition(node)
        if found is not None:
            return Spoken(f"whether {words_of(found)}", claim="one of", values=(True, False))
        then, test = self.value(node.then), self.test(node.test)
        otherwise = self.bindings.resolved(node.otherwise)
        if isinstance(otherwise, Coalesce) and not otherwise.options:
            where = words_of(given(test, then.stages))
            return then.then(f"where {where}") if where else then
        other = self.value(otherwise)
        if then.subject == other.subject:
            changed, unchanged = (", ".join(each.phrases) or "as it is" for each in (then, other))
            return Spoken(then.subject).then(f"{changed} where {words_of(test)}, else {unchanged}")
        return Spoken(f"{then.noun} where {words_of(test)}, else {other.noun}")

    def each(self, node: Each) -> Spoken:
        """An array is spoken of as any of its items is."""
        spoken = self.value(node.body)
        phrase = self.items(node)
        found = spoken.then(phrase)
        return replace(found, claim=spoken.claim, values=spoken.values) if node.key is None else found

    def items(self, node: Each) -> str:
        """Which items an `each` takes, as a phrase; empty where it takes all as they are."""
        where = words_of(self.taken(node))
        of = f" of {self.array(node.source)}" if node.take or where else ""
        item = self.in_items(node.source)
        if node.take is not None:
            phrases = [f"only the {node.take} item{of}{f' where {where}' if where else ''}"]
        else:
            phrases = [f"only items{of} where {where}"] if where else []
        for loop in (node, *self.bindings.arrays(node.source)[1]):
            if loop.unique is not None:
                phrases.append(f"of items with the same {item.value(loop.unique).noun} only the first")
            if loop.sort is not None:
                down = ", the greatest first" if loop.descending else ""
                phrases.insert(0, f"sorted by {item.value(loop.sort).noun}{down}")
        if node.key is not None:
            phrases.append(f"{self.naming(item, node.key)}{_REPEATED[node.repeated]}")
        return "; ".join(phrases)

    def naming(self, item: Speaker, key: Node) -> str:
        """What names a member."""
        found = self.bindings.resolved(key)
        if isinstance(found, Path) and found.steps == ("key",) and self.bindings.entries_of(found) is not None:
            return "under the same name"
        return f"named by {item.value(key).noun}"

    def taken(self, node: Each, *, full: bool = False) -> Condition:
        """The condition on the items of an `each`; with the `full` names of fields, or those in the item."""
        speaker = self if full else self.in_items(node.source)
        conditions = [] if node.where is None else [speaker.test(node.where)]
        for loop in self.bindings.arrays(node.source)[1]:
            conditions += [] if loop.where is None else [speaker.test(loop.where)]
            conditions.append(speaker.made(loop.body))
        return all_of(*conditions)

    def made(self, node: Node) -> Condition:
        """On what condition a loop makes an item, apart from what the item is made of."""
        body = self.bindings.resolved(node)
        if isinstance(body, If) and self.condition(body) is None:
            then, otherwise = self.made(body.then), self.made(body.otherwise)
            test = self.test(body.test)
            return any_of(all_of(test, then), all_of(negated(test), otherwise))
        return NEVER if isinstance(body, Coalesce) and not body.options else ALWAYS

    def array(self, node: Node) -> str:
        """An array by the name of its source field."""
        array, _ = self.bindings.arrays(node)
        source = self.bindings.source(array)
        return self.field(source) if source is not None else self.value(array).noun

    def items_of(self, node: Node) -> str:
        """The items of an array, as in "one item for each …"; of the pairs of an object they are its members."""
        array, _ = self.bindings.arrays(node)
        if isinstance(array, Call) and array.function.name == "entries":
            members = self.bindings.resolved(array.arguments[0])
            noun = self.array(members)
            return noun.replace("the members", "member", 1) if isinstance(members, Rest) else f"member of {noun}"
        return f"item of {self.array(node)}"

    @staticmethod
    def chooses(loop: Each) -> bool:
        """Whether an `each` does more than take items on a condition."""
        return not (loop.sort is None and loop.unique is None and loop.key is None and loop.take is None)

    # functions

    def call(self, node: Call) -> Spoken:
        name = node.function.name
        if name == "~":
            return self.joined(node)
        if node.function.result == {"type": "boolean"} and (
            node.function.kind == "operator" or (name in _STATED and len(node.arguments) == 2)
        ):
            return Spoken(f"whether {words_of(self.test(node))}", claim="one of", values=(True, False))
        if node.function.kind == "operator" and len(node.arguments) == 2:
            return Spoken(f"{self.value(node.arguments[0]).noun} {name} {self.value(node.arguments[1]).noun}")
        first, others = self.value(node.arguments[0]), node.arguments[1:]
        attribute = others[0].value if name == "map" and isinstance(others[0], Const) else None
        if isinstance(attribute, str):
            members = self.bindings.members(node.arguments[0], tuple(attribute.split(".")))
            if members is not None:
                return self.value(members)
        if name == "map" and (source := self.bindings.source(node)) is not None:
            return replace(first, subject=self.field(source))
        if name == "length":
            return Spoken(f"the number of {self.counted(node.arguments[0])}")
        if name == "url_join":
            # the reference is what is joined, so it is what the sentence is about
            base = self.value(node.arguments[0]).noun
            return self.value(others[0]).then(f"resolved against {base}")
        values = [argument.value if isinstance(argument, Const) else ... for argument in others]
        settled = ... not in values
        effect = effect_of(name, self.facts.types(node.arguments[0]), values if settled else [], settled)
        if not effect.name:
            return first
        words = [self.argument(argument) for argument in others]
        phrase = phrase_of(Applied(name, words, values, self.written(node)))
        if name == "datetime" and first.phrases and "as a time in " in first.phrases[-1]:
            # a time that is written again: how it was written before is of no account
            phrase = first.phrases[-1].partition("as a time in ")[0] + phrase
            first = replace(first, phrases=first.phrases[:-1])
        kept = first.claim == "copied" and name in _KEEPING
        found = first.then(phrase)
        return replace(found, claim="copied") if kept else found

    def counted(self, node: Node) -> str:
        """What a length counts."""
        found = self.bindings.resolved(node)
        if isinstance(found, Each) and found.take is None and found.key is None and found.unique is None:
            item = self.in_items(found.source)
            where = words_of(all_of(self.taken(found), item.presence(found.body)))
            items = self.items_of(found.source).replace(" of", "s of", 1)
            return f"{items}{f' where {where}' if where else ''}"
        types = self.facts.types(node)
        what = "characters" if types == STRING else "items" if types == ARRAY else "items or characters"
        return f"{what} of {self.value(node).noun}"

    def written(self, node: Call) -> str:
        """A call as a mapping writes it behind the `|`."""
        given = Wording(self.bindings.root, self.bindings.root, self.bindings.values).given(node)
        return f"{node.function.name}{given}"

    def argument(self, node: Node) -> str:
        """An argument in words. That nothing is done where a text is missing goes without saying."""
        found = self.bindings.resolved(node)
        if isinstance(found, Coalesce) and len(found.options) == 2 and self._is_empty(found.options[1]):
            return self.argument(found.options[0])
        if isinstance(found, Call) and found.function.name == "~":
            return code(self.template(found))
        return self.value(node).noun

    def _is_empty(self, node: Node) -> bool:
        node = self.bindings.resolved(node)
        return isinstance(node, Const) and node.value == ""

    def joined(self, node: Call) -> Spoken:
        """Texts that are joined: what stands around the first field in the order of the text."""
        parts = list(self.pieces(node))
        made = [position for position, part in enumerate(parts) if not isinstance(part, str)]
        if not made:
            return Spoken(code("".join(part for part in parts if isinstance(part, str))))
        if len(made) == 1:
            around = [*parts[: made[0]], "…", *parts[made[0] + 1 :]]
            return self.value(parts[made[0]]).then(f"in the text {code(self.filled(around))}")  # type: ignore[arg-type]
        details = dict.fromkeys(detail for position in made if (detail := self.detail(parts[position])))
        return Spoken(f"the text {code(self.filled(parts))}{f', {listed(details)}' if details else ''}")

    def detail(self, part: Node | str) -> str:
        """What is done to a field before it is put into a text; the condition is the whole text's."""
        spoken = None if isinstance(part, str) else self.value(part)
        if spoken is None or not spoken.subject.startswith("`"):
            return ""
        done = [phrase for phrase in spoken.phrases if not phrase.startswith("where ")]
        return f"{spoken.subject} {', '.join(done)}" if done else ""

    def template(self, node: Call) -> str:
        return self.filled(list(self.pieces(node)))

    def filled(self, parts: Sequence[Node | str]) -> str:
        return "".join(part if isinstance(part, str) else f"{{{self.plain(part)}}}" for part in parts)

    def plain(self, node: Node) -> str:
        """A value inside a code span."""
        subject = self.value(node).subject
        if subject.startswith("`") and "`" not in subject[1:-1]:
            return subject[1:-1]
        sources = self.bindings.sources(node)
        return " or ".join(map(path_text, sources)) if sources else self.value(node).noun.replace("`", "")

    def pieces(self, node: Node) -> Iterator[Node | str]:
        found = self.bindings.resolved(node)
        if isinstance(found, Call) and found.function.name == "~":
            for argument in found.arguments:
                yield from self.pieces(argument)
        elif isinstance(found, Const) and isinstance(found.value, str):
            yield found.value
        else:
            yield found

    # value maps

    def lookup(self, node: Lookup) -> Spoken:
        given, found = self.looked_up(node)
        phrase, values = lookup_phrase(found)
        spoken = self.value(given).then(phrase)
        if not phrase:
            return spoken
        return replace(spoken, claim="one of", values=values) if values is not None else spoken

    def constant(self, node: Lookup) -> Const | None:
        """What a value map makes of a constant; None where it rejects it."""
        given = self.bindings.resolved(node.value)
        assert isinstance(given, Const)  # noqa: S101 - the caller asked
        found = looked_up(node, [given.value])
        return Const(found.pairs[0][1], node.span) if found.pairs else None

    def looked_up(self, node: Lookup) -> tuple[Node, LookedUp]:
        """What is looked up at first, and what value maps make of it one after the other."""
        given = self._bare(node.value)
        if isinstance(given, Lookup):
            first, found = self.looked_up(given)
            return first, found.then(node)
        return given, looked_up(node, self.facts.values(given))

    # conditions

    def test(self, node: Node) -> Condition:
        """What must hold for a test to be true."""
        node = self.bindings.resolved(node)
        match node:
            case Const():
                return ALWAYS if node.value is True else NEVER
            case If():
                then, otherwise = self.test(node.then), self.test(node.otherwise)
                test = self.test(node.test)
                return any_of(all_of(test, then), all_of(negated(test), otherwise))
            case Approximate():
                return self.test(node.value)
            case Coalesce(options=()):
                return NEVER
            case Call():
                return self.comparison(node)
        subject = self.value(node).noun
        return Statement(f"{subject} is true", f"{subject} is not true", subject, True)

    def condition(self, node: If) -> Condition | None:
        """The condition that a value which is true or false tells; None of other values."""
        return self.test(node) if self._tells(node) else None

    def _tells(self, node: Node) -> bool:
        node = self.bindings.resolved(node)
        if isinstance(node, If):
            return self._tells(node.then) and self._tells(node.otherwise)
        if isinstance(node, Call):
            # those that see absence are never absent themselves
            return node.function.sees_absent and node.function.result == {"type": "boolean"}
        return isinstance(node, Const) and isinstance(node.value, bool)

    def comparison(self, node: Call) -> Condition:
        name, first = node.function.name, node.arguments[0]
        if name == "is defined":
            return self.presence(first)
        if name.startswith("is "):
            return _stated(self.value(first).noun, _TESTS.get(name, name))
        if name in ("==", "!="):
            found = self.equality(*node.arguments)
            return found if name == "==" else negated(found)
        if name in ("in", "not in"):
            found = self.membership(*node.arguments)
            return found if name == "in" else negated(found)
        if name == ">" and self._is_length(first) and _is_zero(node.arguments[1]):
            assert isinstance(first, Call)  # noqa: S101 - a length
            counted = self.counted(first.arguments[0])
            one = counted.replace("s of", " of", 1)
            return Statement(f"there is {'an' if one.startswith('item') else 'a'} {one}", f"there is no {one}")
        if name in _STATED and len(node.arguments) == 2:
            plain, contrary = _STATED[name]
            subject, other = self.value(first).noun, self.argument(node.arguments[1])
            return Statement(f"{subject} {plain} {other}", f"{subject} {contrary} {other}", subject, True)
        subject = self.value(first).then(phrase_of(Applied(name, [], [], self.written(node)))).noun
        return Statement(f"{subject} is true", f"{subject} is not true", subject, True)

    def _is_length(self, node: Node) -> bool:
        return (
            isinstance(node, Call) and node.function.name == "length" and self.facts.types(node.arguments[0]) == ARRAY
        )

    def equality(self, left: Node, right: Node) -> Condition:
        left, right = self.bindings.resolved(left), self.bindings.resolved(right)
        if isinstance(left, Const) and not isinstance(right, Const):
            left, right = right, left
        if isinstance(right, Const):
            found = self.equality_with(left, right.value)
            if found is not None:
                return found
        if NEVER in (self.presence(left), self.presence(right)):
            return NEVER
        return _stated(self.value(left).noun, f"is {self.value(right).noun}")

    def equality_with(self, node: Node, value: Any) -> Condition | None:
        """That a value is a constant, said of what it is made of where that is possible."""
        node = self._bare(node)
        match node:
            case Const():
                return ALWAYS if equal(node.value, value) else NEVER
            case Coalesce(options=()):
                return NEVER
            case If():
                then, otherwise = self.equality_with(node.then, value), self.equality_with(node.otherwise, value)
                if then is None or otherwise is None:
                    return None
                test = self.test(node.test)
                return any_of(all_of(test, then), all_of(negated(test), otherwise))
            case Lookup():
                given, found = self.looked_up(node)
                keys = found.keys_of(value)
                if keys is None:
                    return None
                if not keys:
                    return NEVER
                return _equal(self.value(given).noun, keys)
        return _equal(self.value(node).noun, [value])

    def membership(self, left: Node, right: Node) -> Condition:
        right = self.bindings.resolved(right)
        if isinstance(right, Const) and isinstance(right.value, list):
            found = [self.equality_with(left, value) for value in right.value]
            if all(isinstance(each, Statement) for each in found):
                return _equal(self.value(left).noun, right.value)
            if None not in found:
                return any_of(*(each for each in found if each is not None))
        if NEVER in (self.presence(left), self.presence(right)):
            return NEVER
        return _stated(self.value(left).noun, f"is in {self.value(right).noun}")

    def presence(self, node: Node) -> Condition:
        """That a value is there, said of the fields that it is made of where that is possible."""
        node = self._bare(node)
        if self.facts.present(node) or (isinstance(node, Param) and not node.steps):
            return ALWAYS
        match node:
            case Coalesce():
                return any_of(*(self.presence(option) for option in node.options))
            case If():
                test = self.test(node.test)
                then, otherwise = self.presence(node.then), self.presence(node.otherwise)
                return any_of(all_of(test, then), all_of(negated(test), otherwise))
            case Lookup(otherwise="error" | "keep"):
                return self.presence(node.value)
            case Call() if not (node.function.sees_absent or node.function.may_be_absent):
                return all_of(*(self.presence(argument) for argument in node.arguments if not _is_null(argument)))
            case Object():
                parts = [self.presence(part.value) for part in node.parts]
                return ALWAYS if node.absent == "never" else (all_of if node.absent == "any" else any_of)(*parts)
            case Each() if node.take is None and not node.strict:
                return self.presence(node.source)
        subject = self.value(node).noun
        return Statement(f"{subject} is there", f"{subject} is missing", subject, True)


_REPEATED = {
    "error": "",
    "first": ", of several with one name only the first",
    "last": ", of several with one name only the last",
    "collect": ", several with one name as an array",
}
_STATED = {
    "<": ("is less than", "is not less than"),
    "<=": ("is at most", "is not at most"),
    ">": ("is greater than", "is not greater than"),
    ">=": ("is at least", "is not at least"),
    "regex_test": ("matches", "does not match"),
    "starts_with": ("starts with", "does not start with"),
    "ends_with": ("ends with", "does not end with"),
    "contains": ("contains", "does not contain"),
}
"""Functions that are said as a statement, with its contrary."""

_TESTS = {
    "is none": "is null",
    "is string": "is a text",
    "is number": "is a number",
    "is integer": "is a whole number",
    "is boolean": "is true or false",
    "is array": "is an array",
    "is object": "is an object",
}
_KEEPING = frozenset(
    ["first", "last", "reverse", "sort", "unique", "compact", "slice", "select", "absent_if", "as_list", "min", "max"]
)
"""Functions whose value is what they are given, or items of it, as they stand."""


def _stated(subject: str, statement: str) -> Statement:
    return Statement(f"{subject} {statement}", f"{subject} is not{statement.removeprefix('is')}", subject, True)


def _equal(subject: str, values: Sequence[Any]) -> Statement:
    """That a subject is one of some values."""
    shown = [value_code(value) for value in values]
    if len(shown) == 1:
        return replace(_stated(subject, f"is {shown[0]}"), value=shown[0])
    return _stated(subject, f"is one of {listed(shown, 'or')}")


def _is_zero(node: Node) -> bool:
    return isinstance(node, Const) and node.value == 0 and node.value is not False


def _is_null(node: Node) -> bool:
    return isinstance(node, Const) and node.value is None
