"""How many records may be rejected before a run is stopped."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casemap.run.tally import Tally

__all__ = ["Limit"]

_ENOUGH = 1000
"""Records after which a share says something."""

_TEXT = re.compile(r"(?P<count>[0-9]{1,18})|(?P<share>[0-9]{1,3}(?:\.[0-9]{1,9})?)%")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` rejects, or at most `share` percent of the records; None for no limit."""

    count: int | None = None
    share: float | None = None

    @classmethod
    def of(cls, text: str) -> Limit:
        """Read `20` or `0.5%`. Raises `ValueError`."""
        found = _TEXT.fullmatch(text)
        if found is None or float(found["share"] or 0) > 100:
            raise ValueError(text)
        if found["count"] is not None:
            return cls(count=int(found["count"]))
        return cls(share=float(found["share"]))

    def reached(self, tally: Tally) -> bool:
        """Whether there is one reject more than may be counted."""
        return self.count is not None and tally.rejected > self.count

    def exceeded(self, tally: Tally, *, at_end: bool = False) -> bool:
        """Whether the share is too great: of all records at the end, before it only of a thousand and more."""
        if self.share is None or (tally.records < _ENOUGH and not at_end):
            return False
        return tally.rejected * 100 > self.share * tally.records
