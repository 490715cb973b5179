"""Values in words: what a node's value is made of, and what happens to it on the way.

A value is spoken of as a subject, such as the name of a field, and phrases for what was done to it, in their order.
Names that the mappings give along the way do not appear: what they stand for does.
"""

from __future__ import annotations

from dataclasses import replace

from casemap.analysis.crosswalk.calling import Calling
from casemap.analysis.crosswalk.conditions import given, words_of
from casemap.analysis.crosswalk.lookups import looked_up, lookup_phrase
from casemap.analysis.crosswalk.spans import code, listed, path_code, value_code
from casemap.analysis.crosswalk.voice import Spoken, said_once
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
from casemap.schema.fields import path_text

__all__ = ["Speaker"]


class Speaker(Calling):
    """Speaks of the values and conditions of one tree."""

    @said_once
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

    def only(self, node: Path, position: int) -> str:
        """That only one item of an array is taken, by the array's own name."""
        above = self.bindings.source(replace(node, steps=node.steps[:position]))
        name = path_text(above[-1:]) if above else "it"
        index = node.steps[position]
        assert isinstance(index, int)  # noqa: S101 - the caller asked
        which = {0: "the first", -1: "the last"}.get(index, f"the one with the index {index}")
        return f"of several {code(name)} only {which}"

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
