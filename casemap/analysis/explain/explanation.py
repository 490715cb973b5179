"""An explanation as data: where each value of one result came from, and what became of each value of its payload.

A `place` is a chain of member names and array indexes, a `path` the same as a JSON Pointer (RFC 6901): those of sources
lead into the payload, all others into the result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from casemap.analysis.explain.trace import ABSENT, Steps
from casemap.problem import Problem, pointer
from casemap.span import Span

__all__ = [
    "Explanation", "Fallback", "How", "MissingField", "SourceValue", "TargetValue", "TransformStep", "UnusedValue",
    "UsedValue",
]  # fmt: skip

How = Literal["carried", "named", "consulted"]
"""What became of a source value: it is in the result, it names a member of it, or it decided of something there."""


@dataclass(frozen=True, slots=True)
class SourceValue:
    """A value of the payload; `ABSENT` where one was looked for and there is none."""

    place: Steps
    value: Any

    @property
    def path(self) -> str:
        """The place as a JSON Pointer."""
        return pointer(self.place)

    @property
    def present(self) -> bool:
        """Whether the payload has it."""
        return self.value is not ABSENT


@dataclass(frozen=True, slots=True)
class TransformStep:
    """Something that was done to a value, in words, and what it became. `rule` is where the mapping says it."""

    words: str
    value: Any
    rule: Span


@dataclass(frozen=True, slots=True)
class Fallback:
    """Why a later choice was taken, in words, and where the mapping says so."""

    words: str
    rule: Span


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A leaf of the result: a text, number, boolean or null, or an empty object or array.

    `rule` is the place of the key that it was written under. `sources` are the values that it was made of, `decided_by`
    those that only led to it. `params` are the params that are in it; it is a `constant` if it was made of neither,
    however it was chosen.
    `approximations` say for what it stands in.
    """

    place: Steps
    value: Any
    rule: Span
    sources: tuple[SourceValue, ...] = ()
    decided_by: tuple[SourceValue, ...] = ()
    params: tuple[str, ...] = ()
    constant: bool = False
    steps: tuple[TransformStep, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    approximations: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The place as a JSON Pointer."""
        return pointer(self.place)


@dataclass(frozen=True, slots=True)
class MissingField:
    """A member that a rule stands for and that the result lacks, with the values that its rule looked at."""

    place: Steps
    rule: Span
    looked_at: tuple[SourceValue, ...] = ()
    problem: str = ""

    @property
    def path(self) -> str:
        """The place as a JSON Pointer."""
        return pointer(self.place)


@dataclass(frozen=True, slots=True)
class UsedValue:
    """A leaf of the payload that the result depends on; `targets` are the leaves of the result that hold it, or
    that it decided of."""

    place: Steps
    value: Any
    how: How
    targets: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The place as a JSON Pointer."""
        return pointer(self.place)


@dataclass(frozen=True, slots=True)
class UnusedValue:
    """A leaf of the payload that went nowhere, and why."""

    place: Steps
    value: Any
    reason: str

    @property
    def path(self) -> str:
        """The place as a JSON Pointer."""
        return pointer(self.place)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One conversion, explained.

    `result` is what `convert` gives; where it rejects the payload, `problems` say why, and the fields are those that
    could be computed. Each leaf of the payload is in `used` or in `unused`.
    """

    source: str
    target: str
    route: tuple[str, ...]
    result: Any
    fields: tuple[TargetValue, ...]
    missing: tuple[MissingField, ...]
    used: tuple[UsedValue, ...]
    unused: tuple[UnusedValue, ...]
    problems: tuple[Problem, ...] = ()

    def at(self, path: str) -> Explanation:
        """Only what concerns the value at a place of the result, or the values below it."""

        def near(other: str) -> bool:
            return other == path or other.startswith(f"{path}/")

        return replace(
            self,
            fields=tuple(each for each in self.fields if near(each.path)),
            missing=tuple(each for each in self.missing if near(each.path)),
            used=tuple(each for each in self.used if any(near(target) for target in each.targets)),
            unused=(),
        )

    def as_json(self) -> dict[str, Any]:
        """The explanation as a JSON object, for programs. A source value that is absent has no member `value`."""
        return {
            "source": self.source,
            "target": self.target,
            "route": list(self.route),
            "result": self.result,
            "fields": [_field(each) for each in self.fields],
            "missing": [
                {
                    "path": each.path,
                    "rule": _span(each.rule),
                    "looked_at": [_source(value) for value in each.looked_at],
                    "problem": each.problem,
                }
                for each in self.missing
            ],
            "used": [
                {"path": each.path, "value": each.value, "how": each.how, "targets": list(each.targets)}
                for each in self.used
            ],
            "unused": [{"path": each.path, "value": each.value, "reason": each.reason} for each in self.unused],
        }


def _field(field: TargetValue) -> dict[str, Any]:
    return {
        "path": field.path,
        "value": field.value,
        "rule": _span(field.rule),
        "sources": [_source(value) for value in field.sources],
        "decided_by": [_source(value) for value in field.decided_by],
        "params": list(field.params),
        "constant": field.constant,
        "steps": [{"words": step.words, "value": step.value, "rule": _span(step.rule)} for step in field.steps],
        "fallbacks": [{"words": each.words, "rule": _span(each.rule)} for each in field.fallbacks],
        "approximations": list(field.approximations),
    }


def _source(value: SourceValue) -> dict[str, Any]:
    return {"path": value.path, "value": value.value} if value.present else {"path": value.path}


def _span(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.line, "column": span.column}
