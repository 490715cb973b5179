"""Loops in words: which items an `each` takes, in which order, and by which names."""

from __future__ import annotations

from dataclasses import replace

from casemap.analysis.crosswalk.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    all_of,
    any_of,
    negated,
    words_of,
)  # fmt: skip
from casemap.analysis.crosswalk.stating import Stating
from casemap.analysis.crosswalk.voice import Spoken, Voice
from casemap.mapping.core import Call, Coalesce, Each, If, Node, Path, Rest

__all__ = ["Looping"]


class Looping(Stating):
    """Speaks of arrays and of what is made item by item."""

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

    def naming(self, item: Voice, key: Node) -> str:
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


_REPEATED = {
    "error": "",
    "first": ", of several with one name only the first",
    "last": ", of several with one name only the last",
    "collect": ", several with one name as an array",
}
