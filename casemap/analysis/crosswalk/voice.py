"""What is said of a value, and what all who speak of values have: the names of fields, and the way into items."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

from casemap.analysis.crosswalk.bindings import Bindings
from casemap.analysis.crosswalk.rows import Claim
from casemap.analysis.crosswalk.spans import path_code
from casemap.analysis.presence import Facts
from casemap.analysis.wording import Wording
from casemap.mapping.core import Approximate, Call, Coalesce, Node
from casemap.schema.fields import Steps, path_text

__all__ = ["Spoken", "Voice", "said_once"]

LONGEST = 1_000
TOO_LONG = "a value that is too long to be told"
"""Names can be used in names, and each use doubles what there is to say."""


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
        noun = f"{self.subject} ({', '.join(self.phrases)})" if self.phrases else self.subject
        return noun if len(noun) <= LONGEST else TOO_LONG


_Voice = TypeVar("_Voice", bound="Voice")
_Said = TypeVar("_Said")


def said_once(method: Callable[[_Voice, Node], _Said]) -> Callable[[_Voice, Node], _Said]:
    """The method with its answers kept: what a name stands for is asked for wherever it is used."""

    @functools.wraps(method)
    def keeping(voice: _Voice, node: Node) -> _Said:
        key = (method.__name__, id(node))
        # the node is kept too, so that its number is not given to another
        if key not in voice.said:
            voice.said[key] = (node, method(voice, node))
        found: _Said = voice.said[key][1]
        return found

    return keeping


class Voice(ABC):
    """The base of the speaker: each class above it adds a kind of nodes."""

    def __init__(self, bindings: Bindings, facts: Facts, inside: tuple[Steps, ...] = ()) -> None:
        self.bindings = bindings
        self.facts = facts
        self.said: dict[tuple[str, int], tuple[Node, Any]] = {}
        self.inside = inside
        """The arrays of whose items is spoken."""

    @abstractmethod
    def value(self, node: Node) -> Spoken:
        """A node's value in words."""

    @abstractmethod
    def argument(self, node: Node) -> str:
        """An argument of a function in words."""

    @abstractmethod
    def counted(self, node: Node) -> str:
        """What a length counts."""

    def in_items(self, source: Node) -> Self:
        """A speaker of the items of an array: their members go by their own names."""
        above = self.bindings.source(self.bindings.arrays(source)[0])
        inside = self.inside if above is None else (*self.inside, above)
        return type(self)(self.bindings, self.facts, inside)

    def field(self, steps: Steps) -> str:
        """A source field by its name; inside of what is said of an array's items, by that in the item."""
        above = max((each for each in self.inside if steps[: len(each)] == each), key=len, default=())
        below = steps[len(above) :]
        if above and not below:
            return "the item"
        return path_code(path_text(below) if above else path_text(steps))

    def options(self, node: Coalesce) -> Sequence[Node]:
        """The options that can be reached and are not the same as one before."""
        found: list[Node] = []
        for option in node.options:
            value = self.bindings.resolved(option)
            while isinstance(value, Approximate):
                value = self.bindings.resolved(value.value)
            if not any(value is self.bare(other) for other in found):
                found.append(option)
            if self.facts.present(option):
                break
        return found

    def bare(self, node: Node) -> Node:
        node = self.bindings.resolved(node)
        return self.bare(node.value) if isinstance(node, Approximate) else node

    def written(self, node: Call) -> str:
        """A call as a mapping writes it behind the `|`."""
        given = Wording(self.bindings.root, self.bindings.root, self.bindings.values).given(node)
        return f"{node.function.name}{given}"
