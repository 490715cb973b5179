"""An explanation as text for people, and as JSON for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from casemap.analysis.explain.explanation import Explanation, MissingField, SourceValue, TargetValue, UnusedValue
from casemap.errors import CasemapError
from casemap.report.characters import printable
from casemap.report.problems import as_data
from casemap.span import Span
from casemap.syntax.json_text import write_json

__all__ = ["explanation_json", "explanation_text", "value_text"]

LONGEST = 100
"""Characters of a value that are shown."""

SHORT = 40
"""Characters of an object or array that are shown where it is a source."""

_LABEL = 10


def explanation_json(explanation: Explanation) -> str:
    """One JSON document: `result`, `fields`, `missing`, `used`, `unused` and `problems`."""
    problems = [as_data(problem) for problem in explanation.problems]
    return write_json({**explanation.as_json(), "problems": problems}, indent=True).decode()


def explanation_text(explanation: Explanation, folder: str = "", width: int = 80, *, one_field: bool = False) -> str:
    """A block for each value of the result, then what only decided of something, then what went nowhere.

    Files below `folder` are named from there. With `one_field` the fields that are missing stand in place of the
    sections on the payload.
    """
    page = _Page(folder, width)
    head = printable(f"{explanation.source} to {explanation.target}, by {' and '.join(explanation.route)}")
    if explanation.problems:
        head += "\nrejected: these are the fields that could be computed"
    common = () if one_field else _common(explanation.fields)
    if common:
        head += "\n" + "\n".join(page.labelled("decided by", [page.source(each) for each in common]))
    blocks = [head, *(page.field(field, common) for field in explanation.fields)]
    if one_field or explanation.problems:
        wanted = [each for each in explanation.missing if one_field or each.problem]
        blocks += [page.missing(each) for each in wanted]
    if not one_field:
        blocks += page.payload(explanation)
    return "\n\n".join(block for block in blocks if block)


def value_text(value: Any, longest: int = LONGEST) -> str:
    """A value as one line of JSON, cut where it is long, with what a terminal would obey escaped."""
    try:
        text = printable(write_json(value).decode())
    except CasemapError:
        text = printable(repr(value))
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class _Page:
    """Writes the parts of an explanation for a page of some width."""

    def __init__(self, folder: str, width: int) -> None:
        self.folder = folder
        self.width = max(40, width)

    def field(self, field: TargetValue, common: Sequence[SourceValue] = ()) -> str:
        """A value of the result, where it came from and what was done on the way; `common` has been said of all."""
        lines = [*self.wrapped(f"{printable(field.path) or 'the result'} = {value_text(field.value)}", "", "    ")]
        lines += self.labelled("from", [self.source(each) for each in field.sources])
        lines += self.labelled("param", [printable(name) for name in field.params])
        if field.constant:
            lines += self.labelled("constant", ["it holds nothing of the source"])
        steps = [f"{printable(step.words)} → {value_text(step.value)}" for step in field.steps]
        lines += self.labelled("steps", steps)
        deciding = [self.source(each) for each in field.decided_by if each not in common]
        lines += self.labelled("decided by", deciding)
        lines += self.labelled("fallback", [printable(each.words) for each in field.fallbacks])
        lines += self.labelled("stands in", [printable(why) for why in field.approximations])
        lines += self.labelled("rule", [self.place(each) for each in self.rules(field)])
        return "\n".join(lines)

    def missing(self, field: MissingField) -> str:
        """A member that the result lacks, and what its rule looked at."""
        lines = [f"{printable(field.path)} is absent"]
        lines += self.labelled("problem", [printable(field.problem)] if field.problem else [])
        lines += self.labelled("looked at", [self.source(each) for each in field.looked_at])
        lines += self.labelled("rule", [self.place(field.rule)])
        return "\n".join(lines)

    def payload(self, explanation: Explanation) -> Iterator[str]:
        """What the payload's values became that are not in the result."""
        deciding = [each for each in explanation.used if each.how != "carried"]
        if deciding:
            lines = ["Not carried, but they decided of something or named a member:"]
            for used in deciding:
                targets = f" for {', '.join(used.targets)}" if used.targets else ""
                lines += self.wrapped(f"{printable(used.path)} {value_text(used.value)}{printable(targets)}")
            yield "\n".join(lines)
        if explanation.unused:
            lines = ["Went nowhere:"]
            for reason, values in _by_reason(explanation.unused):
                lines += self.wrapped(printable(reason))
                for value in values:
                    lines += self.wrapped(f"{printable(value.path)} {value_text(value.value)}", "    ", "      ")
            yield "\n".join(lines)

    def rules(self, field: TargetValue) -> list[Span]:
        """The rule of the field, then those of the steps that stand elsewhere, each line once."""
        spans = [field.rule, *(step.rule for step in field.steps)]
        lines = {(span.file, span.line): span for span in reversed(spans)}
        return [lines[key] for key in dict.fromkeys((span.file, span.line) for span in spans)]

    def source(self, value: SourceValue) -> str:
        path = printable(value.path) or "the payload"
        longest = SHORT if isinstance(value.value, dict | list) else LONGEST
        return f"{path} {value_text(value.value, longest)}" if value.present else f"{path} (absent)"

    def place(self, span: Span) -> str:
        path = PurePath(span.file)
        near = bool(self.folder) and path.is_relative_to(self.folder)
        return printable(f"{path.relative_to(self.folder) if near else path}:{span.line}")

    def labelled(self, label: str, texts: Sequence[str]) -> list[str]:
        """Texts below each other, the label before the first."""
        lines: list[str] = []
        for position, text in enumerate(texts):
            start = f"  {label if position == 0 else '':<{_LABEL}}  "
            lines += self.wrapped(text, start, " " * len(start))
        return lines

    def wrapped(self, text: str, first: str = "  ", then: str = "    ") -> list[str]:
        return textwrap.wrap(
            text, self.width, initial_indent=first, subsequent_indent=then, break_long_words=True,
            break_on_hyphens=False, drop_whitespace=True,
        ) or [first]  # fmt: skip


def _common(fields: Sequence[TargetValue]) -> tuple[SourceValue, ...]:
    """What decided of every field, as the condition of a mapping's top rule does."""
    if len(fields) < 2:
        return ()
    return tuple(each for each in fields[0].decided_by if all(each in field.decided_by for field in fields))


def _by_reason(values: Sequence[UnusedValue]) -> list[tuple[str, list[UnusedValue]]]:
    found: dict[str, list[UnusedValue]] = {}
    for value in values:
        found.setdefault(value.reason, []).append(value)
    return list(found.items())
