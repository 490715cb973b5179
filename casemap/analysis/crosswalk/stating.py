"""Conditions in words: what must hold, said of the fields of the source as far as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from casemap.analysis.crosswalk.conditions import ALWAYS, NEVER, Condition, Statement, all_of, any_of, negated
from casemap.analysis.crosswalk.functions import Applied, phrase_of
from casemap.analysis.crosswalk.lookups import LookedUp, looked_up
from casemap.analysis.crosswalk.spans import listed, value_code
from casemap.analysis.crosswalk.voice import Voice, said_once
from casemap.analysis.presence import ARRAY
from casemap.functions.equality import equal
from casemap.mapping.core import (
    Approximate,
    Call,
    Coalesce,
    Const,
    Each,
    If,
    Lookup,
    Node,
    Object,
    Param,
)  # fmt: skip

__all__ = ["STATED", "Stating"]


class Stating(Voice):
    """Speaks of tests, comparisons, and whether something is there."""

    @said_once
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
        if name in STATED and len(node.arguments) == 2:
            plain, contrary = STATED[name]
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
        node = self.bare(node)
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

    @said_once
    def presence(self, node: Node) -> Condition:
        """That a value is there, said of the fields that it is made of where that is possible."""
        node = self.bare(node)
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

    def looked_up(self, node: Lookup) -> tuple[Node, LookedUp]:
        """What is looked up at first, and what value maps make of it one after the other."""
        given = self.bare(node.value)
        if isinstance(given, Lookup):
            first, found = self.looked_up(given)
            return first, found.then(node)
        return given, looked_up(node, self.facts.values(given))


STATED = {
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
