"""What can be wrong in a file, a payload or a conversion, as data. Text for people is made late, by reporters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from casemap.span import Span

__all__ = ["Problem", "Severity", "nearest", "pointer"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `file`, `line` and `column` say where it stands in a file (counted from 1; None where there is no file).
    `path` is a JSON Pointer (RFC 6901) into the source payload, `target_path` one into the converted document;
    the empty text is the whole document, None means that no value is concerned.
    `rule` is the place of the mapping's rule, for problems of a conversion.
    """

    code: str
    message: str
    help: str = ""
    severity: Severity = "error"
    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str | None = None
    target_path: str | None = None
    rule: Span | None = None

    def __str__(self) -> str:
        """The concise line: `file:line:column: CODE /payload/path: message (rule file:line:column)`."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        value = self.path or (f"target {self.target_path}" if self.target_path else "")
        text = f"{self.code} {value}: {self.message}" if value else f"{self.code} {self.message}"
        if self.rule is not None:
            text = f"{text} (rule {self.rule})"
        return f"{place}: {text}" if place else text

    def at(self, **places: Any) -> Problem:
        """The same problem with other places, for example `at(file="a.json", line=3)`."""
        return replace(self, **places)


def pointer(steps: Iterable[str | int]) -> str:
    """The JSON Pointer of a chain of member names and array indexes, RFC 6901 section 3."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def nearest(word: str, known: list[str] | tuple[str, ...] | set[str] | frozenset[str]) -> str | None:
    """The known word closest to a misspelt one, or None where nothing is close."""
    import difflib  # only once something is wrong

    found = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else None
