"""Texts of a route's mappings, read where the documents between are out of sight.

What mappings say under `note`, `unmapped`, `unset` and `approximate` can name the fields of a document in between,
which readers of the whole route do not see. Such a name is replaced by the field of the source that it is made of; a
note that makes no sense without the document between is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from casemap.analysis.crosswalk.spans import listed, path_code
from casemap.analysis.fates import Ledger
from casemap.schema.fields import Field, Steps, path_text

__all__ = ["Between"]

MOST_SOURCES = 3
_NAME = re.compile(r"`?\b[A-Za-z_]\w*(?:\.\w+)*`?")


class Between:
    """What a reader of a route sees of texts that were written for a mapping into or out of a document between.

    `ends` are the fields of source and target, `middles` those of the documents between, `first` is the ledger of the
    mapping out of the source, and `formats` are the names of the formats between.
    """

    def __init__(self, ends: Sequence[Field], middles: Sequence[Field], first: Ledger, formats: Sequence[str]) -> None:
        known = {name for end in ends for name in _names(end)}
        self.hidden = {name for middle in middles for name in _names(middle)} - known
        self.made_of = _made_of(first)
        words = "|".join(re.escape(name) for name in formats)
        self.formats = re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if formats else None

    def note(self, text: str) -> str:
        """A note as it can be read; empty where it speaks of what lies between."""
        if self.formats is not None and self.formats.search(text):
            return ""
        return "" if any(self.hides(found.group()) for found in _NAME.finditer(text)) else text

    def reason(self, text: str) -> str:
        """A reason as it can be read: names of fields between are replaced where the source has one for them."""
        return _NAME.sub(lambda found: self.replaced(found.group()), text)

    def hides(self, word: str) -> bool:
        """Whether a word of a text is the name of a field between: no word of any language looks like one."""
        name = word.strip("`")
        marked = word != name or "_" in name or "." in name
        return marked and any(part in self.hidden for part in name.split("."))

    def replaced(self, word: str) -> str:
        name = word.strip("`")
        return self.made_of[name] if self.hides(word) and name in self.made_of else word


def _names(tree: Field) -> set[str]:
    found: set[str] = set()
    pending = [tree]
    while pending:
        place = pending.pop()
        found.update(place.members)
        pending += [*place.members.values(), *([place.others] if place.others is not None else [])]
    return found


def _made_of(ledger: Ledger) -> Mapping[str, str]:
    """What the fields of a target are made of, by their paths: the field above all sources, or a few of these."""
    found: dict[str, list[Steps]] = {}
    for field in ledger.targets:
        for count in range(1, len(field.steps) + 1):
            found.setdefault(path_text(field.steps[:count]), []).extend(field.made_of)
    made_of = {path: [_common(sources)] if _common(sources) else sources for path, sources in found.items() if sources}
    return {
        path: listed((path_code(path_text(steps)) for steps in sources), "or")
        for path, sources in made_of.items()
        if len(sources) <= MOST_SOURCES
    }


def _common(paths: Sequence[Steps]) -> Steps:
    shared = paths[0]
    for path in paths[1:]:
        count = next((n for n, (one, other) in enumerate(zip(shared, path, strict=False)) if one != other), None)
        shared = shared[: min(len(shared), len(path)) if count is None else count]
    return shared
