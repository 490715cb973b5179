"""Functions in words: what is done to their first argument, and texts that are joined."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from casemap.analysis.crosswalk.conditions import all_of, words_of
from casemap.analysis.crosswalk.functions import Applied, phrase_of
from casemap.analysis.crosswalk.looping import Looping
from casemap.analysis.crosswalk.spans import code, listed
from casemap.analysis.crosswalk.stating import STATED
from casemap.analysis.crosswalk.voice import Spoken
from casemap.analysis.effects import effect_of
from casemap.analysis.presence import ARRAY, STRING
from casemap.mapping.core import Call, Coalesce, Const, Each, Node
from casemap.schema.fields import path_text

__all__ = ["Calling"]

MOST_PIECES = 40
"""Pieces of a joined text that are told."""


class Calling(Looping):
    """Speaks of calls."""

    def call(self, node: Call) -> Spoken:
        name = node.function.name
        if name == "~":
            return self.joined(node)
        if node.function.result == {"type": "boolean"} and (
            node.function.kind == "operator" or (name in STATED and len(node.arguments) == 2)
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
        parts = list(itertools.islice(self.pieces(node), MOST_PIECES))
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
        return self.filled(list(itertools.islice(self.pieces(node), MOST_PIECES)))

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


_KEEPING = frozenset(
    ["first", "last", "reverse", "sort", "unique", "compact", "slice", "select", "absent_if", "as_list", "min", "max"]
)
"""Functions whose value is what they are given, or items of it, as they stand."""
