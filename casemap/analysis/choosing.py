"""Functions that arrange or choose among items and members: what they are given stays what it is, field by field.

Each takes the outcomes of its arguments and gives that of its result, or None where the arguments are of a kind that
it cannot follow; then the function counts as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from casemap.analysis.effects import Effect, Types, word
from casemap.analysis.flows import NOWHERE, Constant, Outcome, joined, once, without
from casemap.mapping.core import Call, Const, Node

__all__ = ["CHOOSING", "Choice", "only_item"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A call with the outcomes of its arguments. `types` are the first one's; `words` writes expressions."""

    call: Call
    given: Sequence[Outcome]
    types: Types
    words: Callable[[Node], str]

    @property
    def value(self) -> Outcome:
        """The first argument."""
        return self.given[0]

    @property
    def texts(self) -> list[str] | None:
        """The other arguments where they are constant texts."""
        others = self.call.arguments[1:]
        values = [argument.value for argument in others if isinstance(argument, Const)]
        return values if len(values) == len(others) and all(isinstance(value, str) for value in values) else None


def only_item(index: int) -> str:
    """The loss of all items but one."""
    which = {0: "the first item", -1: "the last item"}.get(index, f"the item with the index {index}")
    return f"only {which} is kept"


def _same(choice: Choice) -> Outcome:
    return choice.value


def _one_of(choice: Choice) -> Outcome:
    which = {"first": "first", "last": "last", "min": "smallest", "max": "greatest"}[choice.call.function.name]
    return choice.value.losing(f"only the {which} item is kept").decided_by(choice.value.deciding(deep=False))


def _unique(choice: Choice) -> Outcome:
    return choice.value.losing("of equal items only the first is kept")


def _slice(choice: Choice) -> Outcome:
    asked = once(flow for each in choice.given[1:] for flow in each.deciding())
    return choice.value.losing(f"only the items of `{choice.words(choice.call)}` are kept").decided_by(asked)


def _select(choice: Choice) -> Outcome | None:
    _, attribute, wanted = choice.call.arguments
    if not (isinstance(attribute, Const) and isinstance(attribute.value, str)):
        return None
    asked = (*_attribute(choice.value, attribute.value).deciding(), *choice.given[2].deciding())
    where = f"{attribute.value} == {choice.words(wanted)}"
    return choice.value.losing(f"only items where `{where}` are kept").decided_by(once(asked))


def _map(choice: Choice) -> Outcome | None:
    if not choice.texts:
        return None
    return _attribute(choice.value, choice.texts[0]).decided_by(choice.value.deciding(deep=False))


def _attribute(value: Outcome, name: str) -> Outcome:
    for step in name.split("."):
        value = value.losing(only_item(int(step))) if step.isdigit() else value.member(step)
    return value


def _pick(choice: Choice) -> Outcome | None:
    if choice.texts is None:
        return None
    return Outcome(members={name: choice.value.member(name) for name in choice.texts})


def _omit(choice: Choice) -> Outcome | None:
    return None if choice.texts is None else without(choice.value, frozenset(choice.texts))


def _merge(choice: Choice) -> Outcome:
    first, other = choice.given
    return joined([first.losing("a member that the other object has too is left out"), other])


def _entries(choice: Choice) -> Outcome:
    members = {"key": _names(choice.value), "value": choice.value.any_member()}
    return Outcome(members=members, asked=choice.value.asked)


def _from_entries(choice: Choice) -> Outcome:
    naming = choice.value.member("key").deciding(naming=True)
    return Outcome(others=choice.value.member("value").decided_by(naming))


def _keys(choice: Choice) -> Outcome:
    return _names(choice.value).decided_by(choice.value.asked)


def _names(value: Outcome) -> Outcome:
    """The names of an object's members, of which the values are not read."""
    loss = "only the name is kept"
    flows = [replace(flow.members(), deep=False, losses=once((*flow.losses, loss))) for flow in value.flows]
    named = [flow for member in value.below() for flow in member.asked if flow.naming]
    flows += [replace(flow, asked=False, naming=False, effects=(Effect("keys"),)) for flow in named]
    built = [Constant(word(name), each.rule or NOWHERE, name, known=True) for name, each in value.members.items()]
    there = (flow.consulted(deep=False) for member in value.below() for flow in member.deep() if not flow.naming)
    constants = (name for constant in value.constants for name in constant.names())
    return Outcome(once(flows), constants=once((*built, *constants)), asked=once(there))


def _values(choice: Choice) -> Outcome:
    return choice.value.any_member().change(lambda flow: flow.after(Effect("values")))


def _length(choice: Choice) -> Outcome | None:
    """A length reads nothing of the items; that of a text is made from the text."""
    if choice.types is None or "string" in choice.types:
        return None
    number = Constant("a number of items", choice.call.span)
    return Outcome(asked=choice.value.deciding(deep=False), constants=(number,))


def _zip(choice: Choice) -> Outcome:
    return joined([each.losing("items beyond the shorter array are left out") for each in choice.given])


CHOOSING: Mapping[str, Callable[[Choice], Outcome | None]] = {
    "required": _same, "first": _one_of, "last": _one_of, "min": _one_of, "max": _one_of, "unique": _unique,
    "slice": _slice, "select": _select, "map": _map, "pick": _pick, "omit": _omit, "merge": _merge, "keys": _keys,
    "values": _values, "entries": _entries, "from_entries": _from_entries, "length": _length, "zip": _zip,
}  # fmt: skip
"""The functions by name."""
