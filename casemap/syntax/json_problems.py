"""What is wrong with a JSON text: every problem that can be told, with line, column and what to write instead.

Takes a decoded text, gives problems; gives none exactly for the texts that `read_json` accepts. Works on a stack of its
own, so nesting costs no recursion. Slow: `casemap.syntax.json_text` comes here only with a text that it could not
prove to be right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from casemap.problem import Problem, pointer
from casemap.syntax import MAX_DEPTH
from casemap.syntax.json_mistakes import Expected, Situation, explain
from casemap.syntax.json_numbers import number_fault, shortened
from casemap.syntax.json_tokens import Token, other_place, place, skip_space, string_value, tokens

__all__ = ["json_problems"]

MAX_PROBLEMS = 100
"""A text with more is not a JSON document with mistakes; counting its lines each time would take too long."""

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def json_problems(text: str, first_line: int = 1, *, allow_duplicate_keys: bool = False) -> list[Problem]:
    """The first hundred problems of a JSON text in the order of the text; a syntax error is the last one.

    `first_line` is the number of the text's first line, for a text that is part of a file.
    """
    return _Reader(text, first_line, allow_duplicate_keys).read()


@dataclass(slots=True)
class _Open:
    """An object or array whose end has not been read; `seen` holds where each name stands."""

    is_object: bool
    start: int
    name: str = ""
    index: int = 0
    seen: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    """Reads one text token by token; `expected` says what may come next."""

    text: str
    first_line: int
    allow_duplicate_keys: bool = False
    stack: list[_Open] = field(default_factory=list)
    expected: Expected = "value"
    previous: Token | None = None
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> list[Problem]:
        for token in tokens(self.text):
            if not self.accepts(token):
                return self.stop(token.start)
            if len(self.stack) > MAX_DEPTH:
                self.report("CM107", token.start, f"nested deeper than {MAX_DEPTH} levels", "Flatten the document.")
                return self.problems
            if len(self.problems) >= MAX_PROBLEMS:
                return self.problems
            self.previous = token
        position = skip_space(self.text, self.previous.end if self.previous else 0)
        if self.expected != "end" or position < len(self.text):
            return self.stop(position)
        return self.problems

    def accepts(self, token: Token) -> bool:
        """Take the token in, if it may stand here."""
        expected = self.expected
        if token.text in {"}", "]"}:
            return self.closes(token)
        if expected.startswith("value"):
            return self.value(token)
        if expected.startswith("name"):
            return token.kind == "string" and self.name(token)
        if token.text == ":" == expected:
            self.expected = "value"
            return True
        return token.text == "," and expected.startswith(",") and self.next_item()

    def closes(self, token: Token) -> bool:
        if not self.expected.endswith(token.text):
            return False
        self.stack.pop()
        return self.value_ends()

    def value(self, token: Token) -> bool:
        match token.kind:
            case "punctuation":
                return self.opens(token)
            case "string":
                self.check_text(token)
            case "number":
                fault = number_fault(token.text)
                if fault is not None:
                    advice = "Write it as a text, or with at most 17 significant digits."
                    self.report("CM109", token.start, fault, advice)
            case "not_finite":
                advice = "JSON has no such number (RFC 8259, section 6): leave the member out, or write null."
                self.report("CM106", token.start, f"{token.text} is not a JSON number", advice)
        return self.value_ends()

    def opens(self, token: Token) -> bool:
        if token.text not in {"{", "["}:
            return False
        self.stack.append(_Open(token.text == "{", token.start))
        self.expected = "name or }" if token.text == "{" else "value or ]"
        return True

    def value_ends(self) -> bool:
        if not self.stack:
            self.expected = "end"
        else:
            self.expected = ", or }" if self.stack[-1].is_object else ", or ]"
        return True

    def next_item(self) -> bool:
        top = self.stack[-1]
        top.index += 1
        self.expected = "name" if top.is_object else "value"
        return True

    def name(self, token: Token) -> bool:
        top = self.stack[-1]
        top.name = string_value(token.text)
        self.expected = ":"
        self.check_text(token)
        first = top.seen.setdefault(top.name, token.start)
        if first != token.start and not self.allow_duplicate_keys:
            before = other_place(self.text, first, token.start, self.first_line)
            self.report(
                "CM105",
                token.start,
                f"the member {shortened(token.text)} stands twice (first at {before})",
                "Remove one of the two: readers differ in which value they take.",
            )
        return True

    def check_text(self, token: Token) -> None:
        if "\\u" in token.text and _LONE_SURROGATE.search(string_value(token.text)):
            advice = (
                "Characters above U+FFFF take two escapes, \\ud83d\\ude00; the text may have been cut between them."
            )
            self.report("CM108", token.start, "the text has half of a surrogate pair, which is no character", advice)

    def stop(self, position: int) -> list[Problem]:
        """Explain the token at this place, which may not stand there; nothing behind it is read."""
        opened = self.stack[-1].start if self.stack else None
        mistake = explain(Situation(self.text, position, self.expected, self.previous, opened, self.first_line))
        self.report(mistake.code, mistake.position, mistake.message, mistake.help)
        return self.problems

    def report(self, code: str, position: int, message: str, advice: str) -> None:
        line, column = place(self.text, position, self.first_line)
        steps = [top.name if top.is_object else top.index for top in self.stack]
        # a name can have half of a surrogate pair, which no report could print
        path = None if code in _NO_PATH else pointer(steps).encode(errors="backslashreplace").decode()
        self.problems.append(Problem(code, message, advice, line=line, column=column, path=path))


_NO_PATH = frozenset({"CM103", "CM107", "CM110"})
