"""HTML as a reader sees it, and text as HTML. The work of `strip_tags` is linear in the length of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from casemap.functions.registry import wrong_type

__all__ = ["escape_html", "strip_tags"]

_IN_WORDS = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i "  # noqa: SIM905 - as words, a long list can be read
    "ins kbd label mark q s samp small span strike strong sub sup time tt u var wbr".split()
)
_IN_LINES = frozenset(
    "address article aside blockquote body br caption dd details "  # noqa: SIM905 - as words, a long list can be read
    "dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav "
    "ol optgroup option p pre section summary table tbody tfoot thead title tr ul".split()
)
_UNSEEN = ("script", "style")
_WHITE = " \t\n\f\r"  # HTML's white space; the no-break space is none


def escape_html(text: Any) -> str:
    """`&`, `<`, `>` and both quotes as entities."""
    if not isinstance(text, str):
        raise wrong_type("escape_html", "a text", text)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        text = text.replace(character, entity)
    return str(text)


def strip_tags(text: Any) -> str:
    """The text of a piece of HTML; what it does to tags, lines and entities is said in the table of functions."""
    if not isinstance(text, str):
        raise wrong_type("strip_tags", "a text", text)
    lines: list[list[str]] = [[]]
    for piece, tag in _Pieces(text):
        lines[-1].append(_decoded(piece))
        if tag in _IN_LINES:
            lines.append([])
        elif tag and tag not in _IN_WORDS:
            lines[-1].append(" ")
    collapsed = (_white_runs().sub(" ", "".join(line)).strip(_WHITE) for line in lines)
    return "\n".join(line for line in collapsed if line)


class _Pieces:
    """Iterates over (text, tag): a stretch of text and the name of the tag after it, or "" where none counts.

    Each search that found nothing is remembered, so that no stretch is searched twice.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.quotes_close = True
        self.closing: dict[str, bool] = {}

    def __iter__(self) -> Iterator[tuple[str, str]]:
        text, start, at = self.text, 0, 0
        while (at := text.find("<", at)) >= 0:
            name, end = self._markup(at)
            if end < 0:
                at += 1  # no markup after all: the `<` is text
            else:
                yield text[start:at], name
                start = at = end
        yield text[start:], ""

    def _markup(self, at: int) -> tuple[str, int]:
        """The tag that begins here and where it ends; -1 for the end of what is no markup."""
        if self.text.startswith("<!--", at):
            return "", self._after("-->", at + 4)
        if self.text.startswith(("<!", "<?"), at):
            return "", self._after(">", at)
        opening = _tag_opening().match(self.text, at)
        if opening is None:
            return "", -1
        name = opening[2].lower()
        end = self._end_of_tag(opening.end())
        if name in _UNSEEN and not opening[1] and end >= 0:
            end = max(end, self._before_closing(name, end))
        return name, end

    def _after(self, mark: str, at: int) -> int:
        """The place after the next `mark`, or -1."""
        if not self.closing.get(mark, True):
            return -1
        found = self.text.find(mark, at)
        self.closing[mark] = found >= 0
        return found + len(mark) if found >= 0 else -1

    def _end_of_tag(self, at: int) -> int:
        """The place after the `>` that ends a tag: one in a quoted value does not, if the quote is closed."""
        inside = at
        while self.quotes_close:
            found = _value_or_end().search(self.text, inside)
            if found is None:
                self.quotes_close = False
            elif found[1] is None:
                return found.end()
            else:
                inside = self.text.find(found[1], found.end()) + 1
                self.quotes_close = inside > 0
        return self._after(">", at)

    def _before_closing(self, name: str, at: int) -> int:
        """Where the closing tag of a script or style begins; -1 if there is none: then the content is text."""
        if not self.closing.get(name, True):
            return -1
        found = _closing_tag(name).search(self.text, at)
        self.closing[name] = found is not None
        return found.start() if found else -1


def _decoded(piece: str) -> str:
    """The text with its entities decoded; a numeric one that names no character gives U+FFFD."""
    if "&" not in piece:
        return piece
    import html

    try:
        return html.unescape(piece)
    except ValueError:  # a number of more digits than Python reads
        return html.unescape(re.sub(r"&#[0-9]{1000,};?", "\ufffd", piece))


@cache
def _tag_opening() -> re.Pattern[str]:
    return re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*(?:[:_-][A-Za-z0-9]+)*)(?=[\s/>])")


@cache
def _value_or_end() -> re.Pattern[str]:
    return re.compile(r"=\s*([\"'])|>")


@cache
def _closing_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)


@cache
def _white_runs() -> re.Pattern[str]:
    return re.compile(f"[{_WHITE}]+")
