"""Objects of declared, computed and spread members, put together with what each member was made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casemap.analysis.explain.trace import ABSENT, Trace, below, is_there, passed_on
from casemap.errors import Failure
from casemap.functions.registry import shown, type_name
from casemap.mapping.core import Computed, Member, Object, Rest, Spread

__all__ = ["Building", "the_rest"]

Part = Member | Computed | Spread


@dataclass(slots=True)
class Building:
    """An object while its parts are added: first all names, then all values. Raises `Failure` for two of one name."""

    declared: set[str]
    members: dict[str, Trace] = field(default_factory=dict)
    computed: set[str] = field(default_factory=set)
    lacking: dict[str, Trace] = field(default_factory=dict)

    def take_name(self, part: Part, name: Any, trace: Trace) -> None:
        """Take the name of a computed member. Before it, a spread one of that name stands back."""
        if not isinstance(part, Computed) or name is ABSENT:
            return
        if not isinstance(name, str):
            raise Failure("CM308", f"the name of a member is a text, not {type_name(name)}: {shown(name)}")
        if not trace.present:
            return
        if name in self.declared or name in self.computed:
            raise _collision(name)
        self.computed.add(name)

    def add(self, part: Part, name: Any, trace: Trace) -> None:
        """Add the value of a part."""
        if not trace.present:
            if isinstance(part, Member):
                self.lacking[part.key] = trace
        elif isinstance(part, Spread):
            self.spread(part, trace)
        else:
            self.members[name] = trace

    def spread(self, part: Spread, trace: Trace) -> None:
        value = trace.value
        items = [below(trace, index) for index in range(len(value))] if isinstance(value, list) else [trace]
        for item in items:
            if not isinstance(item.value, dict):
                found = item.value
                message = f"only an object, or an array of objects, is spread, not {type_name(found)}: {shown(found)}"
                raise Failure("CM302", message)
        for item in items:
            for name in item.value:
                if name not in self.declared and name not in self.computed and name not in self.members:
                    self.members[name] = passed_on(part, below(item, name))
                elif not part.drop_on_collision:
                    raise _collision(name)

    def trace(self, node: Object) -> Trace:
        """The whole object."""
        value = {name: trace.value for name, trace in self.members.items()}
        return Trace(node, value, members=self.members, lacking=self.lacking)


def _collision(name: str) -> Failure:
    help = "Rename one of them, or leave the spread one out with `on_collision: drop`."
    return Failure("CM305", f"two members of the result are named {shown(name)}", help)


def the_rest(node: Rest, value: Trace) -> Trace:
    """The members of an object that are not declared; absent if there are none."""
    if not is_there(value):
        return Trace(node, ABSENT, (value,))
    if not isinstance(value.value, dict):
        raise Failure("CM302", f"`rest` takes an object, not {type_name(value.value)}: {shown(value.value)}")
    members = {name: below(value, name) for name in value.value if name not in node.declared}
    if not members:
        return Trace(node, ABSENT, place=value.place)
    return Trace(node, {name: trace.value for name, trace in members.items()}, (value,), members=members)
